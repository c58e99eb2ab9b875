"""A workout that broke off, or was ended by mistake, is offered, and goes on where it was."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from coach.dialogue.preferences import unfinished_plan
from coach.ports import StoredSession
from coach.records import (
    PreferenceChanged,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetBegan,
    SetEnded,
    WorkoutEnded,
)
from coach.training.log import workouts
from coach.training.past import LastWorkout, Past
from coach.training.plan import FurtherStage, Load, Plan, SetDone, SetKind, SetOverrides, Side
from coach.wiring import journal
from coach.wiring.earlier_sessions import read_earlier
from lab.rigs.talk import PACK, Talk
from lab.rigs.talk import plan_of as small_plan

PLAN = small_plan(reps=4, sets=3, rest=60)


def kept(*sessions: list[Record]) -> list[StoredSession]:
    """The sessions, the newest first; each begins an hour after the one before."""
    return [StoredSession(f"session {n}", n * 3600.0, tuple(one)) for n, one in enumerate(sessions)][::-1]


def past_of(*sessions: list[Record], later: float = 60.0, plan: Plan = PLAN) -> Past:
    """The past as a live session gets it, `later` seconds after the last record."""
    newest = kept(*sessions)[0]
    now = newest.unix_time + max(record.at for record in newest.records) + later
    left = partial(unfinished_plan, load=plan.load)
    return Past.of(len(sessions), workouts(kept(*sessions)), PACK.id, now, left)


def in_the_second_set() -> Talk:
    talk = Talk(PLAN)
    talk.hears("ninety kilos")
    talk.wait_until_quiet()
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    return talk.in_set("set.lowering", 3)


def resumed(past: Past, plan: Plan = PLAN) -> Talk:
    talk = Talk(plan, past=past)
    talk.hears("yes")
    return talk


def test_after_a_crash_in_a_set_it_goes_on_with_the_repetition_that_was_not_done() -> None:
    past = past_of(in_the_second_set().records)
    assert past.unfinished is not None
    assert (past.unfinished.sets, past.unfinished.reps) == ((SetDone(4, Load(90.0, "kg")),), 2)
    talk = Talk(PLAN, past=past)
    assert talk.heard_since(0) == ["Set two, two reps done. Continue?"]
    assert talk.hears("yes") == ["From rep three. Unrack, soft knees."]
    talk.wait_for("resting")
    assert talk.written(SessionResumed)[0].earlier == "session 0"
    assert talk.written(SetBegan) == []
    assert [(one.set, one.rep) for one in talk.written(RepDone)] == [(2, 3), (2, 4)]
    assert talk.written(SetEnded)[0].reps == 4
    assert (talk.written(SetEnded)[0].load, talk.written(SetEnded)[0].unit) == (90.0, "kg")
    assert talk.written(PreferenceChanged) == [], "nothing was changed by voice"


def test_the_two_sessions_are_one_workout() -> None:
    first = in_the_second_set()
    second = resumed(past_of(first.records))
    second.wait_for("resting")
    (logged,) = workouts(kept(first.records, second.records))
    assert [one.reps for one in logged.sets] == [4, 4]
    assert logged.last_session == "session 1"


def test_it_can_break_off_again_and_again() -> None:
    sessions = [in_the_second_set().records]
    for earlier in ("session 0", "session 1"):
        talk = resumed(past_of(*sessions))
        talk.wait_for("set.lowering")
        sessions.append(talk.records)
        assert talk.written(SessionResumed)[0].earlier == earlier
    left = past_of(*sessions).unfinished
    assert left is not None
    assert (len(left.sets), left.reps, left.last_session) == (1, 2, "session 2")


@pytest.mark.parametrize(
    ("plan", "line", "next_rep"),
    [
        (replace(PLAN, sets=1, last_kind=SetKind.REST_PAUSE), "Take fifteen seconds.", 5),
        (replace(PLAN, sets=1, last_kind=SetKind.DROP, load=Load(80, "kg")), "Go down to, sixty five kilos.", 5),
        (replace(PLAN, first_side=Side.LEFT), "Now change to the right side.", 1),
    ],
)
def test_what_broke_off_in_a_break_goes_on_behind_it(plan: Plan, line: str, next_rep: int) -> None:
    first = Talk(plan).in_set()
    first.wait_for("break")
    talk = Talk(PLAN, past=past_of(first.records, plan=plan))
    assert talk.hears("yes") == [line]
    talk.wait_for("set.pressing")
    talk.wait(3)
    assert [one.rep for one in talk.written(RepDone)] == [next_rep]


@pytest.mark.parametrize("rep", [2, 6])
def test_what_was_said_of_one_set_holds_when_it_is_taken_up(rep: int) -> None:
    first = Talk(PLAN)
    first.hears("do a drop set")
    first.wait_until_quiet()
    first.in_set("set.lowering", rep)
    talk = resumed(past_of(first.records))
    talk.wait_for("resting", most=600)
    assert talk.written(SetEnded)[-1].sort == "drop"
    assert talk.written(RepDone)[-1].rep == 8


@pytest.mark.parametrize(
    ("words", "ways_out", "proposed"),
    [
        ("it went well", (), ["So you had three left.", "Then, eighty five kilos. Agreed?"]),
        ("my back lifted", ("continue",), ["So you had three left."]),
        ("i'm stuck", ("yes",), ["So you had three left."]),
    ],
)
def test_what_forbids_more_load_is_remembered(words: str, ways_out: tuple[str, ...], proposed: list[str]) -> None:
    plan = replace(PLAN, load=Load(80, "kg"))
    first = Talk(plan).in_set("set.lowering", 3)
    first.hears(words)
    first.wait(12)
    for way_out in ways_out:
        first.hears(way_out)
    first.wait_for("resting")
    talk = resumed(past_of(first.records, plan=plan), plan)
    talk.wait_until_quiet()
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    assert talk.hears("three left") == proposed


def test_nothing_that_was_said_before_is_taken_back_from_it() -> None:
    talk = Talk(PLAN, past=past_of(in_the_second_set().records))
    talk.hears("sixty kilos")
    talk.wait_until_quiet()
    talk.hears("continue")
    talk.wait_for("resting")
    for _ in range(4):
        talk.wait_until_quiet()
        said = talk.hears("scratch that")
    assert said == ["I have nothing logged yet."]
    assert talk.conversation.snapshot().plan.load == 90.0


def test_a_workout_ended_by_mistake_opens_the_set_again() -> None:
    first = in_the_second_set()
    first.hears("end workout")
    first.wait_until_quiet()
    first.hears("yes")
    assert first.written(WorkoutEnded)
    past = past_of(first.records)
    second = resumed(past)
    assert second.state == "set.unracking"
    second.wait_for("set.lowering")
    assert second.conversation.snapshot().set == 2
    second.to("set.bottom", 1)
    second.wait(8)
    # The workout breaks off again.
    again = past_of(first.records, second.records)
    assert again.unfinished is not None
    assert (len(again.unfinished.sets), again.unfinished.reps) == (1, 3)


def test_between_two_sets_the_next_one_is_announced() -> None:
    first = Talk(PLAN).in_set()
    first.wait_for("resting")
    talk = Talk(PLAN, past=past_of(first.records))
    assert talk.heard_since(0) == ["You have done one set. Continue?"]
    assert talk.hears("yes") == ["Say start set for set two."]
    assert talk.state == "ready"


def test_anything_else_begins_anew() -> None:
    for words in ("no", "start set", "set up", "ten reps"):
        talk = Talk(PLAN, past=past_of(in_the_second_set().records))
        talk.hears(words)
        assert talk.written(SessionResumed) == [], words
        assert talk.conversation.snapshot().sets_done == 0, words


def test_the_plan_is_that_of_the_session_that_was_left() -> None:
    first = Talk(PLAN)
    for words in ("three one two tempo", "tempo three one two", "six reps", "five sets"):
        first.hears(words)
        first.wait_until_quiet()
    first.in_set("set.lowering", 3)
    other = small_plan(reps=8, sets=2)
    past = past_of(first.records, plan=other)
    talk = resumed(past, plan=other)
    plan = talk.conversation.snapshot().plan
    assert (plan.reps, plan.sets, plan.rest, plan.tempo) == (6, 5, 60, "3-1-2-0")


def test_a_plan_of_a_file_goes_on_as_the_file_had_it() -> None:
    plan = replace(
        PLAN,
        load=Load(80, "kg"),
        last_kind=SetKind.DROP,
        overrides=(
            SetOverrides(load=Load(80, "kg")),
            SetOverrides(reps=2),
            SetOverrides(further_stages=(FurtherStage(3, Load(50, "kg"), 20),)),
        ),
        ramp=(SetOverrides(reps=2, load=Load(40, "kg"), rest=30),),
        switch_s=6,
        name="monday-3f2a91",
    )
    first = Talk(plan)
    first.hears("rest ninety seconds")
    first.wait_until_quiet()
    first.in_set("set.lowering", 3)
    # The next session has no file, or another one.
    talk = resumed(past_of(first.records), plan=small_plan(reps=9))
    assert talk.conversation._workout.plan == plan.with_rest(90)
    talk.wait_until_quiet()
    talk.hears("five sets")
    talk.wait_for("resting")
    assert "leg_press.monday-3f2a91.sets" in {one.name for one in talk.written(PreferenceChanged)}
    again = past_of(first.records, talk.records)
    assert again.unfinished is not None
    assert (again.unfinished.plan.name, again.unfinished.plan.sets, again.unfinished.plan.rest) == (plan.name, 5, 90)


def test_a_plan_that_was_fulfilled_is_not_offered() -> None:
    talk = Talk(small_plan(reps=1, sets=1)).in_set()
    talk.wait_for("finished")
    past = past_of(talk.records, plan=small_plan(reps=1, sets=1))
    assert past.unfinished is None
    assert past.last_workout is not None


def test_the_set_of_a_machine_that_died_counts_as_trained() -> None:
    past = past_of(in_the_second_set().records, later=86_400.0)
    assert past.unfinished is None
    assert past.last_workout is not None
    assert (past.last_workout.reps_by_set, past.last_workout.load) == ((4, 2), Load(90.0, "kg"))


def test_the_same_again_is_what_the_sets_began_with() -> None:
    plan = replace(PLAN, sets=2, load=Load(80, "kg"), last_kind=SetKind.DROP)
    talk = Talk(plan)
    for state in ("resting", "finished"):
        talk.in_set()
        talk.wait_for(state)
    last = past_of(talk.records, plan=plan).last_workout
    assert last == LastWorkout(2, 4, Load(80, "kg"), (4, 8))
    assert Talk(plan, past=Past(1, last)).heard_since(5) == ["Last time eighty kilos, two times four. Same?"]


def test_a_warm_up_does_not_tell_the_load_of_a_set_that_was_never_ended() -> None:
    plan = replace(PLAN, load=Load(80, "kg"), ramp=(SetOverrides(reps=2, load=Load(40, "kg")),), warm_up=True)
    talk = Talk(plan).in_set()
    talk.wait_for("resting")
    talk.in_set("set.lowering", 3)
    assert past_of(talk.records, plan=plan, later=86_400.0).last_workout == LastWorkout(1, 2, None, (2,))


def test_another_exercise_is_not_gone_on_with() -> None:
    records = in_the_second_set().records
    past = Past.of(1, workouts(kept(records)), "calf_raise", 60.0, partial(unfinished_plan, load=None))
    assert (past.unfinished, past.last_workout) == (None, None)


@pytest.mark.parametrize("tempo", ["fast", "", "1-0-1-0"])
def test_what_had_no_plan_of_ours_is_not_gone_on_with(tempo: str) -> None:
    began, *others = in_the_second_set().records
    assert isinstance(began, SessionBegan)
    past = past_of([replace(began, tempo=tempo), *others])
    assert past.unfinished is None
    assert past.last_workout is not None
    assert past_of(others).unfinished is None, "an old journal"


def test_what_was_imported_is_said_as_far_as_it_can_be() -> None:
    began = SessionBegan(0.0, "leg_press", 12, 40, 0, "")
    sets = [SetEnded(1.0 + n, n, 28 + n, 61.235, "kg") for n in range(1, 13)]
    past = past_of([began, *sets, WorkoutEnded(20.0, 12, 400)])
    assert past.unfinished is None
    assert past.last_workout is not None
    assert (past.last_workout.load, past.has_offer) == (Load(61.25, "kg"), False)
    talk = Talk(past=past)
    assert talk.hears("what did i do last time") == ["Last time sixty one and a quarter kilos, twelve sets."]
    assert past_of([SetEnded(1.0, 1, 8, 2400.0, "lb")]).last_workout == LastWorkout(1, 8, None, (8,))


def test_what_the_journal_kept_is_handed_to_the_next_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    first = in_the_second_set()
    first.hears("stop")
    first.wait_until_quiet()
    first.hears("quieter")
    messages: list[str] = []
    with closing(journal.begin(lambda event: messages.append(str(event)))) as keeps:
        for record in first.records:
            keeps.write(record)
    usual = small_plan(reps=8, sets=5)
    plan, past, wanted = read_earlier(journal.history(), PACK.id, usual, {}, messages.append)
    assert plan == replace(usual, load=Load(90.0, "kg"))
    assert wanted == {"leg_press.load": "90 kg", "volume": "-6"}
    talk = Talk(plan, past=past, wanted=wanted)
    assert talk.heard_since(0) == ["Set two, two reps done. Continue?"]
    talk.hears("yes")
    assert talk.conversation.snapshot().plan.reps == PLAN.reps
    assert messages == []


@pytest.mark.parametrize(
    ("words", "seconds", "offered", "first"),
    [
        ("make this a drop set", 43, "Set one, three reps done.", ["Go down to, sixty five kilos."]),
        ("make this a drop set", 72, "Set one, four reps done.", ["Sixty five kilos.", "From rep five."]),
        ("make this a cluster set", 45, "Set one, three reps done.", ["Take fifteen seconds.", "From rep four."]),
        ("one leg at a time", 45, "Set one, three reps done.", ["Now change to the right side.", "From rep one."]),
        ("one leg at a time", 75, "Set one, three reps done.", ["The right side.", "From rep three."]),
        ("warm up first", 30, "Warm-up one, two reps done.", ["From rep three."]),
    ],
)
def test_what_was_said_of_a_set_alone_holds_when_it_is_taken_up(
    words: str, seconds: float, offered: str, first: list[str]
) -> None:
    plan = replace(small_plan(reps=3, sets=2), load=Load(80.0, "kg"))
    talk = Talk(plan)
    talk.hears(words)
    talk.wait_until_quiet()
    talk.hears("start set")
    talk.wait(seconds)
    again = Talk(plan, past=past_of(talk.records, plan=plan))
    assert again.heard_since(0)[0] == f"{offered} Continue?"
    again.wait_until_quiet()
    at = again.now
    again.hears("yes")
    again.wait(20)
    assert [text for text, told in zip(again.heard_since(at), first, strict=False) if not text.startswith(told)] == []
