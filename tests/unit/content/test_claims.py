"""Every line that teaches comes from the article, and everything in the article is spoken somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from coach.commands import Manner
from coach.content.loader import read_pack
from coach.content.model import Line
from coach.dialogue.intents import INTENTS
from coach.language.grammar import Grammar
from lab.rigs import echo
from lab.rigs.talk import PACK

GRAMMAR = Grammar(PACK.commands)
"""A grammar without the habits of speech: a command is found whatever words stand around it."""

SECTIONS = {"B": 6, "F": 5, "R": 4, "T": 4, "K": 3, "M": 2, "S": 4, "H": 3, "E": 3}
"""Number of claims in each section of the article."""
CLAIMS = {f"{section}{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)}

REPORTS = {
    "BackLifted": "R3 S1 S2 S3 S4",
    "HipsLifted": "R3 S2",
    "KneesIn": "K1 K2 K3",
    "KneesOut": "K1 K2 K3",
    "Toes": "E1",
    "LockedKnees": "E2",
    "TooHeavy": "E3",
    "TooFast": "T1 T2 T3",
    "NoHamstrings": "M1 M2 F1 F2 F5",
    "HeldBreath": "H1 H2 H3",
    "NotDeep": "R1 R2 R3 R4",
    "FeetPlacement": "F1 F3 F5",
}
"""The claims that may answer each report. The thirteenth report, pain and dizziness, is not about technique."""

NOT_UNDER_LOAD = {"help.idle", "help.setup", "help.ready", "help.resting", "help.finished"}
"""Lines in which the coach may name the lifter's safety words: outside a set, hearing itself does no harm."""

READ_BACK = {
    "set.intro",
    "set.intro_own",
    "set.finished",
    "set.warm_up",
    "next.load",
    "effort.choose",
    "effort.propose",
    "break.drop",
    "log.reps_warm_up",
    "log.set_warm_up",
    "undo.set_warm_up",
    "status.set_warm_up",
    "warm_up.set",
    "set.word",
    "last.same",
    "load.is",
    "load.set",
    "plates.near",
    "plates.or",
    "reps.set",
    "sets.set",
    "summary",
    "summary.load",
    "status.reps_left",
    "status.left_cue",
    "status.sets_left",
    "status.set",
    "status.sets_today",
    "last.told",
    "last.told_bare",
    "log.left",
    "log.none_left",
    "log.reps",
    "log.set",
    "undo.both",
    "undo.left",
    "undo.load",
    "undo.reps",
    "undo.set",
    "undo.sets",
}
"""Lines that read back numbers which a lifter could say to change them."""

_FILE = read_pack(INTENTS).guidance.value
CHOICES = {name for name, prompt in _FILE["prompts"].items() if prompt.get("names_commands")} | {
    step["id"] for step in _FILE["setup"] if step.get("names_commands")
}
"""Lines in which the coach names commands: in other lines it could hear itself and act without reason."""


def spoken() -> Iterator[tuple[Line, str]]:
    for line in PACK.lines():
        for text in line.texts:
            yield line, text


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", echo.filled(text).lower())


def commands_in(text: str) -> set[str]:
    """The lifter's commands that stand in a text, whatever the state.

    Without numbers: without a beat the coach says no number ahead of the count, and no other number is accepted; a bare
    load is live only while the coach waits for the answer to its proposal.
    """
    return echo.commands_in(text, GRAMMAR, GRAMMAR.intents - {"RepNumber", "LoadNumber"})


def meaning(phrase: str) -> str:
    meant = GRAMMAR.understand(phrase, GRAMMAR.intents)
    assert meant is not None
    return meant.name


def test_there_are_34_claims() -> None:
    assert len(CLAIMS) == 34


def test_every_claim_is_spoken_and_no_other_is_cited() -> None:
    assert {claim for line in PACK.lines() for claim in line.claims} == CLAIMS
    assert set(read_pack(INTENTS).guidance.value["pack"]["claims"]) == CLAIMS


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_every_claim_can_be_asked_for_outside_a_set(claim: str) -> None:
    """A cue cannot be asked for; setup, corrections and answers can be asked for."""
    called_up = [line for step in PACK.setup for line in (step.line, step.why)]
    called_up += [line for told in PACK.corrections.values() for line in (told.fix, told.why)]
    called_up += PACK.answers.values()
    assert any(claim in line.claims for line in called_up)


def test_a_line_either_teaches_and_cites_or_is_operational() -> None:
    assert [line.id for line in PACK.lines() if bool(line.claims) == line.operational] == []


def test_every_report_has_a_correction_that_rests_on_its_claims() -> None:
    assert PACK.corrections.keys() == REPORTS.keys()
    for report, correction in PACK.corrections.items():
        for line in (correction.now, correction.fix, correction.again, correction.why):
            assert set(line.claims) <= set(REPORTS[report].split()), report
        # The remedy for a fault that comes again and again: less load.
        assert set(correction.remedy.claims) <= {*REPORTS[report].split(), "E3"}, report


def test_catches_go_in_before_feet_or_plates_are_moved() -> None:
    for report, correction in PACK.corrections.items():
        assert correction.racked == ("Catches in" in correction.now.say[0]), report


def test_lines_are_short() -> None:
    limits = [(12, text) for step in PACK.setup for text in step.line.say]
    limits += [(3, cue.line.say[0]) for cue in PACK.cues]
    limits += [(7, correction.now.say[0]) for correction in PACK.corrections.values()]
    limits += [(30, answer.say[0]) for answer in PACK.answers.values()]
    limits += [(18, text) for line, text in spoken() if ".why" in line.id or ".fix" in line.id]
    limits += [(12, text) for line, text in spoken() if line.id.startswith("help.")]
    limits += [(14, text) for name in PACK.prompts for text in PACK.prompts[name].say if "{fault}" not in text]
    assert [text for limit, text in limits if len(words(text)) > limit] == []


def test_answers_and_corrections_are_two_sentences_at_most() -> None:
    told = [*PACK.answers.values()]
    told += [line for correction in PACK.corrections.values() for line in (correction.now, correction.why)]
    assert [line.id for line in told if len(re.findall(r"[.?]", line.say[0])) > 2] == []


def test_nothing_tells_to_lock_the_knees() -> None:
    allowed = re.compile(r"knees lock, the joints are strained|locking the knees at the top, and a load")
    suspects = [text for _, text in spoken() if re.search(r"lock|straight", text, re.IGNORECASE)]
    assert [text for text in suspects if not allowed.search(text) and "quads that straighten" not in text] == []


def test_danger_counts_and_the_countdown_never_vary() -> None:
    fixed = [name for name in PACK.prompts if name.split(".")[0] in ("stop", "pain", "pause", "countdown")]
    fixed += [name for name, line in PACK.prompts.items() if line.manner is Manner.COUNT]
    assert [name for name in fixed if len(PACK.prompts[name].say) != 1] == []
    assert PACK.prompts["stop.now"].say == PACK.prompts["pain.now"].say
    assert PACK.prompts["stop.up"].say == PACK.prompts["pain.up"].say == PACK.prompts["catches.now"].say


def test_the_coach_never_says_a_safety_phrase_where_it_could_stop_itself() -> None:
    for line, text in spoken():
        safety = {phrase for phrase in commands_in(text) if PACK.groups[meaning(phrase)] == "safety"}
        assert not safety or line.id in NOT_UNDER_LOAD, (line.id, text, safety)


def test_other_commands_are_named_only_where_the_lifter_is_to_choose() -> None:
    named = {line.id for line, text in spoken() if commands_in(text)}
    assert {name for name in named if not name.startswith("help.")} == CHOICES | READ_BACK


def test_one_word_for_one_thing() -> None:
    """The lifter learns the coach's words and says them back."""
    others = re.compile(
        r"\b(sled|plate|seat|backrest|weight|press (?:up|out|the platform)|repetitions?|foot ?plate|core|abs"
        r"|descend|eccentric|concentric|inhale|exhale|quadriceps|drive)\b",
        re.IGNORECASE,
    )
    assert [text for _, text in spoken() if others.search(text)] == []
