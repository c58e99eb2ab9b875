"""Questions in a running set: answered between two counts, or after the set."""

from __future__ import annotations

import pytest

from coach.content.schema import Group
from coach.dialogue.states import State
from lab.rigs.talk import PACK, Talk, plan_of, prompt, spoken, talk_in

QUESTIONS = [name for name, group in PACK.groups.items() if group == Group.QUESTION]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_in_a_set_is_answered_after_it(question: str) -> None:
    talk = Talk(plan_of(reps=3)).in_set("set.lowering", 2)
    assert talk.hears(spoken(question)[0]) in ([prompt("set.after")], [prompt("set.after", 1)])
    assert talk.state == "set.lowering", "nobody is kept waiting at full depth"
    talk.wait_for("resting")
    assert talk.reps() == 0
    assert talk.lines[-1].say.text.startswith(PACK.answers[question].say[0].split("{")[0])
    assert talk.lines[-2].say.source == "rest.start"


@pytest.mark.parametrize("state", [state for state in State if state != "set"])
def test_a_question_outside_a_set_leaves_all_as_it_was(state: State) -> None:
    talk = talk_in(state)
    before = talk.state
    assert talk.hears("why high feet")[0] == PACK.answers["WhyHighFeet"].say[0]
    assert talk.state == before


def test_the_tempo_is_answered_in_words() -> None:
    assert "four, one, two, zero" in Talk().hears("what tempo")[0]


def test_how_many_left_is_told_between_the_counts() -> None:
    talk = Talk(plan_of(reps=5)).in_set("set.lowering", 3)
    assert talk.hears("how many left") == ["three to go"]
    assert talk.state == "set.lowering"
    cue = talk.lines[-1]
    for line in talk.lines[:-1]:
        assert line.ends <= cue.begins or cue.ends <= line.begins


def test_which_set_is_told_between_the_counts() -> None:
    talk = Talk(plan_of(reps=5)).in_set("set.lowering", 3)
    assert talk.hears("what set is this") == ["Set one"]
    assert talk.state == "set.lowering"


def test_how_many_left_never_breaks_the_set() -> None:
    broken = []
    for left in range(1, 30):
        talk = Talk(plan_of(reps=left + 1)).in_set("set.lowering", 2)
        talk.wait(0.6)
        talk.hears("how many left")
        if talk.outer_state != "set":
            broken.append(left)
    assert broken == []
