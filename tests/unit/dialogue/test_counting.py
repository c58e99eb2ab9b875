"""A set is counted on the second, and its words are placed ahead."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coach.commands import Command, Manner, Say
from coach.events import Event
from coach.records import RepDone
from lab.rigs.talk import Talk, plan_of, prompt


def is_count(say: Say) -> bool:
    return say.manner is Manner.COUNT


def test_a_set_is_counted_on_the_second_to_its_end() -> None:
    talk = Talk(plan_of(reps=2, sets=2)).in_set()
    talk.wait_for("resting")
    counts = [line.say for line in talk.lines if is_count(line.say)]
    rep = ["lower", "two", "three", "four", "hold", "push"]
    assert [say.text for say in counts] == ["three", "two", "one", *rep, "rep one", *rep, "rep two"]
    assert [round(b.at - a.at, 6) for a, b in pairwise(counts)] == [1.0, 3.0] + [1.0] * (len(counts) - 3), "the breath"
    assert [(entry.set, entry.rep) for entry in talk.written(RepDone)] == [(1, 1), (1, 2)]
    for entry, say in zip(talk.written(RepDone), [say for say in counts if say.text.startswith("rep")], strict=True):
        assert entry.at == pytest.approx(say.at, abs=0.001), "a repetition is done on the beat that says its number"


@pytest.mark.parametrize(
    ("tempo", "states_"),
    [
        ("4-1-2-0", ["lowering", "bottom", "pressing"]),
        ("2-0-1-0", ["lowering", "pressing"]),
        ("3-1-2-2", ["lowering", "bottom", "pressing", "top"]),
        ("3-0-x-1", ["lowering", "pressing", "top"]),
    ],
)
def test_the_states_follow_the_phases(tempo: str, states_: list[str]) -> None:
    talk = Talk(plan_of(reps=2, tempo=tempo)).in_set("set.countdown")
    walked: list[str] = []

    def note(event: Event, commands: tuple[Command, ...]) -> None:
        if not walked or walked[-1] != talk.state:
            walked.append(talk.state)

    talk.after = note
    talk.wait_for("resting")
    assert walked == [*(f"set.{state}" for state in states_ * 2), "resting"]


def test_words_of_a_phase_are_placed_a_phase_ahead() -> None:
    talk = Talk().in_set("set.lowering")
    assert "hold" in [line.say.text for line in talk.lines if line.begins > talk.now]


def test_counts_are_placed_before_they_are_due() -> None:
    talk = Talk(plan_of(tempo="2-0-1-0")).in_set("set.countdown")
    ahead: list[float] = []
    talk.after = lambda event, commands: ahead.extend(
        command.at - event.at for command in commands if isinstance(command, Say) and is_count(command)
    )
    talk.wait_for("resting")
    assert min(ahead) >= 1.0, "time to render a word that is not in the cache"


def test_the_push_on_the_number_is_told_before() -> None:
    talk = Talk(plan_of(tempo="2-0-1-0")).in_set()
    assert prompt("set.push_on_number") in talk.heard_since(0)
    assert prompt("set.push_on_number") not in Talk().in_set().heard_since(0)
