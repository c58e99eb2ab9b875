"""What can be seen of a conversation from outside: snapshots, and the observers of the session's loop."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from coach.commands import Manner, Say
from coach.events import Event
from coach.ports import Observed, Observer
from coach.rehearsal.performance import perform_text
from coach.rehearsal.scripts.script import Script, read_script
from coach.snapshot import CountedPhase, PlannedSet, Snapshot, SpokenLine, Understood
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.talk import GRAMMAR, PACK, USUAL, Talk, plan_of

WORKOUT = read_script(CONVERSATIONS / "whole_workout.yaml", USUAL)


def perform(script: Script, *observers: Observer) -> None:
    """Perform a script in text, with these observers beside the stage."""
    assert perform_text(script, PACK, GRAMMAR, observers=observers).failure is None


# --- what a snapshot tells


def test_before_anything_was_said() -> None:
    shown = Talk(plan_of(reps=4, sets=2, rest=60, tempo="4-1-2-0"), greeted=False).conversation.snapshot()
    assert shown == Snapshot(
        at=0.0,
        state="idle",
        set=1,
        rep=0,
        sets_done=0,
        phase=None,
        plan=PlannedSet(4, 2, 60, "4-1-2-0", None, None),
        saying=(),
        understood=None,
        ended=False,
    )
    assert shown.beat == 0


def test_what_is_being_said_and_until_when() -> None:
    talk = Talk()
    said = talk.hears("why high feet")
    (line,) = talk.conversation.snapshot().saying
    assert line == SpokenLine(said[0], talk.lines[-1].say.at, line.ends)
    assert line.ends == pytest.approx(talk.lines[-1].ends)
    talk.wait_until_quiet()
    talk.hears("we went to the lake")
    assert [line.text for line in talk.conversation.snapshot().saying] == [PACK.prompts["help.idle"].say[0]]


def test_what_was_understood_last_and_by_which_words() -> None:
    talk = Talk()
    talk.hears("ninety kilos")
    heard = Understood(talk.now, "ninety kilos", "SetLoad", {"load": 90, "unit": "kg"})
    assert talk.conversation.snapshot().understood == heard
    assert talk.conversation.snapshot().plan.load == 90
    talk.wait(1)
    talk.hears("we went to the lake")
    assert talk.conversation.snapshot().understood == heard, "what was not understood is no news"


def test_the_beats_of_a_repetition_are_those_that_are_counted() -> None:
    talk = Talk(plan_of(reps=1, sets=1, tempo="4-1-2-0")).in_set()
    shown = []
    while talk.outer_state == "set":
        snapshot = talk.conversation.snapshot()
        assert snapshot.phase is not None
        phase = snapshot.phase
        shown += [(phase.name, phase.beat(phase.began + second)) for second in range(phase.beats)]
        assert snapshot.state == f"set.{phase.name}"
        assert (snapshot.at, snapshot.beat) == (phase.began, 1)
        talk.wait_until(phase.began + phase.beats)
    assert shown == [*(("lowering", beat) for beat in (1, 2, 3, 4)), ("bottom", 1), ("pressing", 1), ("pressing", 2)]
    assert talk.conversation.snapshot().phase is None


def test_the_countdown_and_a_set_that_was_interrupted_have_no_phase() -> None:
    talk = Talk()
    talk.hears("start set")
    assert talk.conversation.snapshot().phase is None
    talk.to("set.lowering", 3)
    # `rep`: while the third repetition is counted, two are done.
    assert (talk.conversation.snapshot().set, talk.conversation.snapshot().rep) == (1, 2)
    talk.hears("stop")
    assert talk.conversation.snapshot().phase is None
    talk.wait(10)
    talk.hears("resume")
    assert talk.conversation.snapshot().phase is None
    assert talk.conversation.snapshot().rep == 2


def test_a_beat_is_found_by_the_clock() -> None:
    phase = CountedPhase("lowering", 17.3, 4)
    assert [phase.beat(17.3 + second) for second in (-1, 0, 0.9, 1, 2, 3, 3.9, 9)] == [1, 1, 1, 2, 3, 4, 4, 4]


def test_a_set_that_is_over_is_counted_and_the_end_is_seen() -> None:
    talk = Talk(plan_of(reps=1, sets=1)).in_set()
    talk.wait_for("finished")
    shown = talk.conversation.snapshot()
    assert (shown.sets_done, shown.set, shown.rep, shown.ended) == (1, 2, 0, False)
    talk.wait_until_quiet()
    talk.hears("end workout")
    assert talk.conversation.snapshot().ended


# --- observers


def test_several_observers_see_the_same_in_the_order_in_which_it_happens() -> None:
    one: list[Observed] = []
    other: list[Observed] = []
    perform(WORKOUT, one.append, other.append)
    assert one == other
    assert one, "a session was seen"
    snapshot_before = True
    for happened in one:
        assert snapshot_before == isinstance(happened, Event), "a snapshot follows every event and its commands"
        snapshot_before = isinstance(happened, Snapshot)


def test_a_page_needs_no_other_door() -> None:
    """A page that shows the state, as another program would, only from what an observer gets, as JSON."""
    pages: list[str] = []

    def page(happened: Observed) -> None:
        if isinstance(happened, Snapshot):
            pages.append(json.dumps(asdict(happened)))

    perform(WORKOUT, page)
    shown = [json.loads(text) for text in pages]
    assert {"idle", "set.countdown", "set.lowering", "resting", "finished"} <= {one["state"] for one in shown}
    assert max(one["sets_done"] for one in shown) == WORKOUT.plan.sets
    assert shown[-1]["plan"]["reps"] >= 1
    assert [one["at"] for one in shown] == sorted(one["at"] for one in shown)


def test_a_snapshot_has_every_line_before_it_is_heard() -> None:
    """An observer that shows only snapshots misses no sentence."""
    said: set[str] = set()
    shown: set[str] = set()

    def note(happened: Observed) -> None:
        match happened:
            case Say(text=text, manner=Manner.SENTENCE):
                said.add(text)
            case Snapshot(saying=lines):
                shown.update(line.text for line in lines)

    perform(WORKOUT, note)
    assert said
    assert said <= shown
