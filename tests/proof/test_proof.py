"""Random conversations keep the laws; `scripts/proof` plays ten thousand of them, and the whole table."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.dialogue.conversation import Conversation
from coach.dialogue.states import State, all_moves
from coach.rehearsal.performance import perform_text
from coach.rehearsal.scripts.script import read_script
from coach.wiring.inspection import setup_steps
from lab.proof.defects import (
    DEFECTS,
    CountsOn,
    CuesOnFullLungs,
    NeverAsksAgain,
    NeverHoldsTheRest,
    SaysToLock,
    SpeaksOn,
    TakesAStartForAYes,
    maker,
)
from lab.proof.keeping import write_script
from lab.proof.laws import Law, LawBroken
from lab.proof.player import USUAL as PLAYERS_USUAL
from lab.proof.rehearsing import watch_script
from lab.proof.search import examine, search
from lab.proof.table import check_leaving, one_word_each, walk_table
from lab.proof.walks import Kind, Moment, Pool, Turn, Walk
from lab.rigs.folders import CHECKOUT, CONVERSATIONS
from lab.rigs.talk import GRAMMAR, PACK, USUAL

SCRIPTS = sorted(file for file in CONVERSATIONS.rglob("*.yaml") if not {"audio", "faults"} & set(file.parts))

SIDES = Walk((), kinds=(("side", "left"),))
WITHOUT_BEAT = Walk((), reps=1, by_lifter=True)
KEPT = CHECKOUT / "out" / "proof"
START = Turn(Kind.WORDS, Pool.COUNT, when=Moment.QUIET, seconds=0.5)
PAUSE = Turn(Kind.WORDS, Pool.USUAL, PLAYERS_USUAL.index("Pause"), Moment.WAIT, 8.2)
HOLD = Turn(Kind.WORDS, Pool.USUAL, PLAYERS_USUAL.index("Pause"), Moment.WAIT, 31.0)
PAIN = Turn(Kind.WORDS, Pool.USUAL, PLAYERS_USUAL.index("Pain"), Moment.WAIT, 12.0)
LATER = Turn(Kind.NOISE, when=Moment.WAIT, seconds=95.0)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_hundreds_of_random_conversations(number: int) -> None:
    finding = search(number, 300)
    assert finding is None, f"{finding.broken}; kept as {write_script(finding, KEPT)}"


@pytest.mark.parametrize("kind", DEFECTS, ids=lambda kind: kind.__name__)
def test_a_defect_is_found(kind: type[Conversation]) -> None:
    finding = search(1, 500, maker(kind), shrink=False)
    assert finding is not None
    assert finding.broken.law in DEFECTS[kind]


@pytest.mark.parametrize("kind", [SpeaksOn, CountsOn, SaysToLock], ids=lambda kind: kind.__name__)
def test_it_is_made_small_and_kept(kind: type[Conversation], tmp_path: Path) -> None:
    """Some defects only: the others take half a minute."""
    finding = search(1, 100, maker(kind))
    assert finding is not None
    assert finding.broken.law in DEFECTS[kind]
    assert len(finding.walk.turns) <= 8
    kept = write_script(finding, tmp_path)
    assert finding.broken.law.value in kept.read_text().lower()
    read_script(kept, USUAL)


@pytest.mark.parametrize(
    ("kind", "walk", "law"),
    [
        (NeverAsksAgain, Walk((START, PAUSE, LATER)), Law.SAFETY),
        (CuesOnFullLungs, Walk((START, LATER)), Law.BREATH),
        (NeverHoldsTheRest, Walk((START, HOLD, LATER), reps=1), Law.REST),
        (TakesAStartForAYes, Walk((START, PAIN, START, START, LATER)), Law.PAIN),
    ],
)
def test_a_defect_of_the_spotter_is_found(kind: type[Conversation], walk: Walk, law: Law) -> None:
    """Random conversations find these defects rarely."""
    assert examine(walk) is None
    finding = examine(walk, maker(kind))
    assert finding is not None
    assert finding.broken.law is law


def test_the_file_of_a_finding_fails_while_the_defect_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = examine(Walk((START, PAUSE)), maker(CountsOn))
    assert finding is not None
    file = write_script(finding, tmp_path)
    script = read_script(file, USUAL)
    healthy = perform_text(script, PACK, GRAMMAR)
    assert healthy.failure is None, str(healthy.failure)
    monkeypatch.setattr("coach.rehearsal.performance.Conversation", CountsOn)
    ill = perform_text(script, PACK, GRAMMAR)
    assert ill.failure is not None
    assert ill.failure.line == script.steps[-1].line
    assert "the coach said" in ill.failure.happened


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_the_written_conversations_keep_the_laws_too(file: Path) -> None:
    assert watch_script(read_script(file, USUAL)).state


def test_a_watched_script_breaks_the_law_it_was_kept_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = examine(Walk((START, PAUSE)), maker(CountsOn))
    assert finding is not None
    script = read_script(write_script(finding, tmp_path), USUAL)
    monkeypatch.setattr("lab.proof.rehearsing.Conversation", CountsOn)
    with pytest.raises(LawBroken) as broken:
        watch_script(script)
    assert broken.value.law is finding.broken.law
    assert finding.broken.law in DEFECTS[CountsOn]


def test_from_every_situation_a_few_steps_away_every_kind_of_word() -> None:
    found = walk_table(one_word_each(), most=16)
    assert found.walked > 150


def test_every_state_is_reached_and_left_by_voice() -> None:
    found = walk_table(("SetUp", "Next", "Pain"), settle_s=0.0)
    more = walk_table(("StartSet", "Pause", "Toes", "Resume", "Stop"), most=24, settle_s=0.0)
    to_the_end = walk_table(("StartSet",), most=40, settle_s=0.0)
    danger = walk_table(("StartSet", "Stuck", "Pain", "Yes"), most=12, settle_s=0.0)
    sides = walk_table(("StartSet", "Switch"), most=8, settle_s=0.0, walk=SIDES)
    moving = walk_table(("StartSet", "RepUp"), most=8, settle_s=0.0, walk=WITHOUT_BEAT)
    every = {target for _, _, target in all_moves(setup_steps())} | {State.IDLE}
    reached = found.states | more.states | to_the_end.states | danger.states | sides.states | moving.states
    assert reached == every
    check_leaving(reached, [found, more, to_the_end, danger, sides, moving])
