"""What the page shows of a session, as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from coach.commands import ListenFor
from coach.dialogue.states import State
from coach.page.state import _ALERTS, page_state
from coach.page.view import View, updated
from coach.ports import Observed
from coach.snapshot import Alert, CurrentRest
from lab.rigs.talk import Talk, plan_of


def view_of(talk: Talk, *before: Observed) -> View:
    """As the page would know it."""
    view = View()
    for happening in (*before, ListenFor(talk.live, talk.after_wake_word), talk.conversation.snapshot()):
        view = updated(view, happening)
    return view


# --- what is shown


def test_what_is_told_is_plain_json_and_the_same_for_the_same_view() -> None:
    talk = Talk(plan_of(reps=2, rest=90)).in_set("set.lowering", 2)
    shown = page_state(view_of(talk))
    assert json.loads(json.dumps(shown)) == shown == page_state(view_of(talk))
    phase = talk.conversation.snapshot().phase
    assert phase is not None
    assert shown["phase"] == {"name": "lowering", "began": round(phase.began, 3), "beats": 4}
    assert (shown["title"], shown["set"], shown["rep"], shown["reps"]) == ("Lower", "Set 1 of 2", 1, 2)
    assert shown["plan"] == "2 reps, tempo 4-1-2-0, rest 1:30"
    assert shown["understood"] == "start set"


def test_a_rest_ends_at_a_moment_and_of_one_that_is_held_something_is_left() -> None:
    talk = Talk(plan_of(reps=1, rest=90)).in_set()
    talk.wait_for("resting")
    began = talk.now
    talk.wait(30)
    talk.hears("eighty kilos")
    assert talk.conversation.snapshot().rest == CurrentRest(90, 60.0, began + 90)
    assert page_state(view_of(talk))["rest"] == {"seconds": 90, "ends": round(began + 90, 2)}
    talk.wait(5)
    talk.hears("pause")
    talk.wait(20)
    talk.hears("how much rest is left")
    assert talk.conversation.snapshot().rest == CurrentRest(90, 55.0, None)
    assert page_state(view_of(talk))["rest"] == {"seconds": 90, "left": 55.0}
    talk.hears("skip rest")
    assert page_state(view_of(talk))["rest"] is None


def test_the_break_between_two_sides_is_a_rest_too() -> None:
    talk = Talk(plan_of(reps=1, sets=1))
    talk.hears("one side at a time")
    talk.wait_until_quiet()
    talk.in_set()
    talk.wait_for("break")
    rest = talk.conversation.snapshot().rest
    assert rest is not None
    assert 0 < rest.left <= rest.seconds
    assert "left side" in page_state(view_of(talk))["set"] or "right side" in page_state(view_of(talk))["set"]


@pytest.mark.parametrize("state", [*State, "setup.feet", "set.lowering", "set.moving", "set.unracking"])
def test_every_state_has_a_title_for_people(state: str) -> None:
    talk = Talk()
    shown = replace(talk.conversation.snapshot(), state=str(state))
    title = page_state(updated(View(), shown))["title"]
    assert title
    assert "_" not in title
    assert "." not in title


@pytest.mark.parametrize("alert", list(Alert))
def test_an_alert_says_what_happened(alert: Alert) -> None:
    shown = replace(Talk().conversation.snapshot(), alert=alert)
    assert page_state(updated(View(), shown))["alert"] == _ALERTS[alert]
    assert page_state(updated(View(), replace(shown, alert=None)))["alert"] == ""
