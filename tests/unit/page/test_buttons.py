"""Which buttons are shown, and that a button's words mean it."""

from __future__ import annotations

from coach.commands import ListenFor
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.page.buttons import BUTTONS, PLACES, STOP, shown_buttons
from coach.page.state import page_state
from coach.page.view import View, updated
from coach.ports import Observed
from lab.rigs.talk import GRAMMAR, PACK, Talk, plan_of


def view_of(talk: Talk, *before: Observed) -> View:
    """As the page would know it."""
    view = View()
    for happening in (*before, ListenFor(talk.live, talk.after_wake_word), talk.conversation.snapshot()):
        view = updated(view, happening)
    return view


def test_the_words_of_a_button_mean_it() -> None:
    for one in BUTTONS.values():
        meant = GRAMMAR.understand(one.words, GRAMMAR.intents)
        assert meant is not None
        assert meant.name == one.intent


def test_buttons_that_share_a_place_are_never_shown_together() -> None:
    for state in State:
        for moving in (False, True):
            for asked in (False, True):
                live = policy.live_intents(PACK, state, asked, without_beat=moving)
                found = shown_buttons(live, state)
                for place in PLACES:
                    assert sum(button.intent in found for button in place.buttons) <= 1
                assert set(found) - {STOP} <= live, "a button is live where its words are"


def test_the_buttons_follow_the_conversation() -> None:
    talk = Talk(plan_of(reps=1, sets=2))

    def buttons() -> set[str]:
        return set(page_state(view_of(talk))["buttons"])

    assert {"StartSet", "SetUp", "EndWorkout", "Louder"} <= buttons()
    assert not {"Yes", "No", "Pause", "FinishSet", "SkipRest", "Resume", "RepUp"} & buttons()
    talk.in_set()
    assert {"Pause", "FinishSet", "Stuck", "Pain"} <= buttons()
    assert not {"StartSet", "Yes", "EndWorkout", "RepUp"} & buttons()
    talk.hears("pause")
    assert {"Resume", "FinishSet", "CatchesIn"} <= buttons()
    talk.hears("continue")
    talk.wait_for("resting")
    talk.wait_until_quiet()
    assert {"SkipRest", "MoreRest", "StartSet"} <= buttons()
    assert not {"Yes", "No"} & buttons()
    talk.hears("end workout")
    assert {"Yes", "No"} <= buttons(), "a question waits"
    talk.hears("no")
    assert not {"Yes", "No"} & buttons()


def test_who_says_each_repetition_has_a_button_for_it() -> None:
    talk = Talk()
    talk.hears("i set the pace")
    talk.wait_until_quiet()
    talk.hears("start set")
    talk.wait_for("set.moving")
    assert "RepUp" in page_state(view_of(talk))["buttons"]
