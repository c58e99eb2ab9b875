"""What the page shows of a session, which buttons it offers, and who may come in."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from coach.adapters.page.access import Access, RateLimits, own_names
from coach.adapters.page.token import TokenFile
from coach.commands import ListenFor
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.events import (
    Heard,
    HearingFailed,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    Requested,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
)
from coach.page.buttons import BUTTONS, PLACES, STOP, pressable
from coach.page.markup import with_buttons
from coach.page.state import _ALERTS, page_state
from coach.page.view import View, updated
from coach.ports import Observed, WorldError
from coach.snapshot import CurrentRest
from lab.rigs.talk import GRAMMAR, PACK, Talk, plan_of


def view_of(talk: Talk, *before: Observed) -> View:
    """As the page would know it."""
    view = View()
    for happening in (*before, ListenFor(talk.live, talk.after_wake), talk.conversation.snapshot()):
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
    talk.quiet()
    talk.in_set()
    talk.wait_for("break")
    rest = talk.conversation.snapshot().rest
    assert rest is not None
    assert 0 < rest.left <= rest.seconds
    assert "left side" in page_state(view_of(talk))["set"] or "right side" in page_state(view_of(talk))["set"]


def test_devices_that_are_lost_are_faults_until_they_are_found() -> None:
    view = View()
    for lost in (MicrophoneLost(1, "gone"), SpeakerLost(2, "gone"), MicrophoneLost(3, "still gone")):
        view = updated(view, lost)
    assert view.faults == (("speaker", "gone"), ("microphone", "still gone"))
    view = updated(updated(view, MicrophoneFound(4)), SpeakerFound(5))
    assert not view.faults
    view = updated(updated(view, HearingFailed(6, "a")), JournalFailed(7, "b"))
    assert [what for what, _ in view.faults] == ["hearing", "journal"]
    assert len(page_state(replace(view, snapshot=Talk().conversation.snapshot()))["faults"]) == 2
    helped = updated(updated(view, HelperLost(8, "c")), HelperFound(9))
    assert helped == view
    assert updated(view, SessionStarted(8)) == View(), "another lifter's session begins"


def test_what_the_page_does_not_show_makes_no_other_view() -> None:
    view = View()
    assert updated(view, Heard(0, 0, "stop", 1.0, 1, True)) is view
    assert updated(view, Requested(0, "stop", "page")) is view


@pytest.mark.parametrize("state", [*State, "setup.feet", "set.lowering", "set.moving", "set.unracking"])
def test_every_state_has_a_title_for_people(state: str) -> None:
    talk = Talk()
    shown = replace(talk.conversation.snapshot(), state=str(state))
    title = page_state(updated(View(), shown))["title"]
    assert title
    assert "_" not in title
    assert "." not in title


@pytest.mark.parametrize("alert", ["stuck", "pain", "dizzy"])
def test_an_alert_says_what_happened(alert: str) -> None:
    shown = replace(Talk().conversation.snapshot(), alert=alert)
    assert page_state(updated(View(), shown))["alert"] == _ALERTS[alert]
    assert page_state(updated(View(), replace(shown, alert=None)))["alert"] == ""


# --- the buttons


def test_the_words_of_a_button_mean_it() -> None:
    for one in BUTTONS.values():
        meant = GRAMMAR.understand(one.words, GRAMMAR.intents)
        assert meant is not None
        assert meant.name == one.intent


def test_stop_can_always_be_pressed_and_comes_first() -> None:
    assert pressable((), "idle") == [STOP]
    html = with_buttons("<!-- stop --><!-- answers --><!-- main --><!-- trouble --><!-- more --><!-- alert -->")
    assert html.index('data-name="Stop"') < html.index("data-name=", html.index('data-name="Stop"') + 1)
    assert "<!--" not in html


def test_buttons_that_share_a_place_are_never_pressable_together() -> None:
    for state in State:
        for moving in (False, True):
            for asked in (False, True):
                live = policy.live_intents(PACK, state, asked, without_beat=moving)
                found = pressable(live, state)
                for place in PLACES:
                    assert sum(button.intent in found for button in place.buttons) <= 1
                assert set(found) - {STOP} <= live, "a button is live where its words are"


def test_what_can_be_pressed_follows_the_conversation() -> None:
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
    talk.quiet()
    assert {"SkipRest", "MoreRest", "StartSet"} <= buttons()
    assert not {"Yes", "No"} & buttons()
    talk.hears("end workout")
    assert {"Yes", "No"} <= buttons(), "a question waits"
    talk.hears("no")
    assert not {"Yes", "No"} & buttons()


def test_who_says_each_repetition_has_a_button_for_it() -> None:
    talk = Talk()
    talk.hears("i set the pace")
    talk.quiet()
    talk.hears("start set")
    talk.wait_for("set.moving")
    assert "RepUp" in page_state(view_of(talk))["buttons"]


# --- the door


def door(tmp_path: Path, *names: str) -> Access:
    return Access(8377, TokenFile(tmp_path / "page-token"), names, frozenset({"corner", "corner.local"}))


@pytest.mark.parametrize(
    ("host", "reached", "known"),
    [
        ("192.168.1.5:8377", "192.168.1.5", True),
        ("192.168.1.5:8377", "::ffff:192.168.1.5", True),
        ("[fd00::5]:8377", "fd00::5", True),
        ("Corner.local:8377", "192.168.1.5", True),
        ("corner.local.:8377", "192.168.1.5", True),
        ("corner:8377", "192.168.1.5", True),
        ("localhost:8377", "127.0.0.1", True),
        ("coach.example", "172.17.0.2", True),
        ("coach.example:443", "172.17.0.2", True),
        ("192.168.1.6:8377", "192.168.1.5", False),
        ("192.168.1.5:8378", "192.168.1.5", False),
        ("192.168.1.5", "192.168.1.5", False),
        ("evil.example:8377", "192.168.1.5", False),
        ("localhost:8377", "192.168.1.5", False),
        ("corner.local.evil.example:8377", "192.168.1.5", False),
        ("", "192.168.1.5", False),
        ("[:8377", "192.168.1.5", False),
        ("[]:8377", "192.168.1.5", False),
        (":8377", "", False),
        (":8377", "no address", False),
    ],
)
def test_the_page_is_served_under_names_of_this_computer(host: str, reached: str, known: bool, tmp_path: Path) -> None:
    assert door(tmp_path, "coach.example").accepts_host(host, reached) is known


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8377", True),
        ("localhost:8377", True),
        ("[::1]:8377", True),
        ("LOCALHOST:8377", True),
        ("127.0.0.1", False),
        ("127.0.0.2:8377", False),
        ("localhost.evil.example:8377", False),
        ("corner.local:8377", False),
    ],
)
def test_a_page_for_this_computer_alone_has_its_names_alone(host: str, known: bool) -> None:
    assert Access(8377, None).accepts_host(host, "127.0.0.1") is known


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://127.0.0.1:8377", True),
        ("https://127.0.0.1:8377", False),
        ("http://127.0.0.1:8378", False),
        ("http://localhost:8377", False),
        ("http://evil.example", False),
        ("null", False),
        ("", False),
        ("http://127.0.0.1:8377/", False),
        ("http://127.0.0.1:8377@evil.example", False),
    ],
)
def test_only_this_page_may_send(origin: str, own: bool) -> None:
    assert Access(8377, None).accepts_origin(origin, "127.0.0.1:8377") is own


def test_a_proxy_in_front_may_speak_tls(tmp_path: Path) -> None:
    assert door(tmp_path, "coach.example").accepts_origin("https://coach.example", "coach.example")


def test_this_computer_has_a_name() -> None:
    assert own_names()


def test_each_client_has_its_own_rate() -> None:
    now = 0.0
    rates = RateLimits(2.0, 3, lambda: now)
    assert [rates.allow("a") for _ in range(5)] == [True] * 3 + [False] * 2
    assert rates.allow("b")
    now = 0.6
    assert [rates.allow("a") for _ in range(2)] == [True, False]
    now = 1000.0
    assert [rates.allow("a") for _ in range(4)] == [True] * 3 + [False]
    for number in range(2000):
        rates.allow(str(number))
    assert len(rates._left) <= 512


# --- the token


def test_a_token_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page-token"
    token = TokenFile(path).read_or_make()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TokenFile(path).read_or_make() == token, "a bookmark goes on working"
    assert len(token) >= 43


def test_a_new_token_shuts_the_old_one_out_at_once(tmp_path: Path) -> None:
    kept = TokenFile(tmp_path / "page-token")
    old = kept.read_or_make()
    assert kept.matches(old)
    assert not kept.has_changed()
    new = TokenFile(tmp_path / "page-token").renew()
    assert not kept.matches(old)
    assert kept.matches(new)
    assert kept.has_changed()
    assert not kept.has_changed()


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\u00e9", "\ud800", "x" * 10_000])
def test_what_is_not_the_token_opens_nothing(token: str, tmp_path: Path) -> None:
    kept = TokenFile(tmp_path / "page-token")
    assert not kept.matches(token), "there is none yet"
    kept.read_or_make()
    assert not kept.matches(token)


def test_a_token_that_others_could_read_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "page-token"
    kept = TokenFile(path)
    token = kept.read_or_make()
    path.chmod(0o644)
    assert not kept.matches(token)
    assert kept.read_or_make() != token
    path.write_text("short\n")
    assert not TokenFile(path).matches("short")


def test_a_token_that_cannot_be_kept_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorldError, match=r"page.address=127.0.0.1"):
        TokenFile(tmp_path / "file" / "page-token").read_or_make()
