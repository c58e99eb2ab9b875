"""Several lifters one after the other: who is meant, what is asked first, how the session ends."""

from __future__ import annotations

import pytest

from coach.commands import Command, End, Outcome
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.events import Event, SessionStarted
from coach.wiring.engines import exercise
from lab.rigs.talk import PACK, Talk, plan_of

NAMED = exercise(lifters=("anna", "ben"))[1]


class Corner(Talk):
    """A talk in the gym corner, where Anna and Ben are known."""

    def __init__(self) -> None:
        self.end: End | None = None
        super().__init__(plan_of(reps=1, sets=2), corner=True, grammar=NAMED, greeted=False)
        self.after = self._look
        self.receive(SessionStarted(0.0))
        self.wait_until(6.0)

    def _look(self, event: Event, commands: tuple[Command, ...]) -> None:
        self.end = next((one for one in commands if isinstance(one, End)), self.end)


@pytest.mark.parametrize(
    ("words", "name", "answer"),
    [
        ("new lifter", "", "Welcome."),
        ("next lifter please", "", "Welcome."),
        ("i'm a guest", "", "Welcome."),
        ("this is ben", "ben", "Over to Ben."),
        ("okay i am anna", "anna", "Over to Anna."),
    ],
)
def test_who_begins_is_told_and_handed_on(words: str, name: str, answer: str) -> None:
    talk = Corner()
    assert talk.hears(words) == [answer]
    assert talk.end is not None
    assert (talk.end.outcome, talk.end.next_lifter) == (Outcome.NEXT_LIFTER, name)


def test_sets_that_are_still_to_come_are_asked_about() -> None:
    talk = Corner()
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    talk.hears("new lifter")
    assert talk.end is None
    talk.hears("no")
    assert talk.end is None
    talk.hears("this is ben")
    talk.hears("yes")
    assert talk.end is not None and talk.end.next_lifter == "ben"


def test_under_the_load_nobody_else_begins() -> None:
    talk = Corner()
    talk.in_set()
    talk.hears("new lifter")
    assert talk.end is None


@pytest.mark.parametrize("state", list(State))
def test_elsewhere_the_words_mean_nothing(state: State) -> None:
    assert "NewLifter" not in policy.live_intents(PACK, state, question_waits=True)


def test_the_end_of_a_workout_is_no_next_lifter() -> None:
    talk = Corner()
    talk.hears("end workout")
    assert talk.end is not None and talk.end.outcome is Outcome.DONE
