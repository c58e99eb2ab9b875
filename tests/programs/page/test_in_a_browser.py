"""The page in a browser: what it shows, and what it sends."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from coach import cli
from coach.events import MicrophoneLost
from coach.ports import SessionAccess
from coach.settings import Page
from coach.snapshot import CountedPhase, CurrentRest, SpokenLine
from lab.rigs.browser import Browser
from lab.rigs.corner import Clock, Served, corner, served
from lab.rigs.talk import plan_of
from tests.programs.page.shown import ALL, everywhere, show, snapshot, wait_until


def text(name: str) -> str:
    return f"document.getElementById('{name}').textContent"


def shows(name: str, what: str) -> str:
    """A condition."""
    return f"{text(name)} === {json.dumps(what)}"


def button(name: str) -> str:
    return f"main button[data-name={name}]" if name != "Stop" else "#stop button"


def test_a_workout_is_run_from_the_page(window: Browser) -> None:
    """With the same confirmations as by voice: the question is put, and waits."""
    with corner(plan_of(reps=1, sets=2, rest=60, tempo="2-0-1-0")) as coach:
        window.open(coach.served.address, width=360, height=740)
        window.wait_for(shows("title", "Waiting for you"))
        paths = ("/", "/page.css", "/page.js", "/icon.svg", "/events")
        assert set(window.asked_for) - {"about:blank"} <= {coach.served.origin + path for path in paths}
        time.sleep(0.5)  # buttons that have just changed do nothing
        window.tap(button("StartSet"))
        window.wait_for(shows("title", "Unrack"))
        window.wait_for(shows("understood", "start set"))
        window.tap("#stop button")
        window.wait_for(shows("title", "Stopped"))
        assert window.ask(f"document.querySelector('{button('Resume')}').hidden") is False
        time.sleep(0.5)
        window.tap(button("EndWorkout"))
        window.wait_for("document.querySelector('#answers button').getAttribute('aria-disabled') === 'false'")
        time.sleep(0.5)
        window.tap(button("No"))
        window.wait_for(shows("understood", "no"))
        assert window.ask(text("title")) == "Stopped"


def test_stop_is_first_by_keyboard_and_needs_no_mouse(window: Browser, local: Served) -> None:
    window.open(local.address)
    window.wait_for(shows("title", "Waiting for you"))
    window.press("Tab", 9)
    assert window.ask("document.activeElement.dataset.name") == "Stop"
    window.press("Enter", 13)
    wait_until(lambda: local.requests)
    window.tap("#stop button")
    wait_until(lambda: len(local.requests) == 2)
    window.wait_for(shows("sent", "Sent: Stop"))
    assert local.requests == [("stop", "page")] * 2, "a finger that comes down and goes up is one press"


def test_a_button_that_has_just_changed_does_nothing(window: Browser, local: Served) -> None:
    window.open(local.address)
    window.wait_for(shows("title", "Waiting for you"))
    time.sleep(0.5)
    show(local, "paused")
    window.wait_for(shows("title", "Paused"))
    window.ask(f"document.querySelector('{button('Resume')}').click()")
    time.sleep(0.5)
    window.ask(f"document.querySelector('{button('Pause')}').click()")
    window.ask(f"document.querySelector('{button('Louder')}').click()")
    wait_until(lambda: local.requests)
    assert local.requests == [("louder", "page")], "neither what had just changed nor what is not live"


def test_the_ring_keeps_the_coachs_beat(window: Browser) -> None:
    """Of a clock that runs two percent fast."""
    began = time.monotonic()

    def now() -> float:
        return 5000 + 1.02 * (time.monotonic() - began)

    with served(reach=SessionAccess(print, now)) as page:
        at = now() - 2.3
        page.show(snapshot(at, "set.lowering", phase=CountedPhase("lowering", at, 4)))
        window.open(page.address, width=360, height=740)
        window.wait_for(shows("beat", "4"))
        assert now() >= at + 3
        assert window.ask(text("below")) == "of 4"
        window.open(page.address, calm=True)
        window.wait_for(shows("beat", "4"))
        assert window.ask("document.getAnimations().length") == 0


def test_the_rest_runs_down_and_a_held_one_stands(window: Browser, local: Served) -> None:
    show(local, "resting", rest=CurrentRest(90, 61.2, local.clock() + 61.2))
    window.open(local.address)
    window.wait_for(shows("beat", "1:01"))
    show(local, "resting", rest=CurrentRest(90, 30.0, None))
    window.wait_for(shows("beat", "0:30"))
    assert window.ask(text("below")) == "held"


def test_faults_and_alerts_reach_a_screen_reader(window: Browser, local: Served) -> None:
    window.open(local.address)
    window.wait_for(shows("title", "Waiting for you"))
    local.show(MicrophoneLost(1.0, "<b>unplugged</b>"))
    show(local, "paused", ALL - {"RepUp"})
    window.wait_for(shows("news", "The microphone is lost. Paused"))
    spoken = window.spoken()
    assert any(role == "status" for role, _, _ in spoken)
    assert not any(role == "alert" for role, _, _ in spoken)
    assert {("button", "STOP", ""), ("button", "Continue", "")} <= set(spoken)
    show(local, "hurt", alert="dizzy")
    window.wait_for("!document.getElementById('alert').hidden")
    spoken = window.spoken()
    assert any(role == "alert" for role, _, _ in spoken)
    assert [name for role, name, _ in spoken if role == "button"] == ["STOP", "I'm all right"]
    show(local, "ready")
    window.wait_for("document.getElementById('alert').hidden && !document.querySelector('main').inert")


def test_it_says_that_it_is_lost_and_comes_back_by_itself(window: Browser) -> None:
    """A coach that hangs tells no more; one that has ended has closed the connection."""
    hangs = threading.Event()
    goes_on = threading.Event()
    clock = Clock()

    def now() -> float:
        if hangs.is_set():
            goes_on.wait(30)
        return clock()

    with served(reach=SessionAccess(print, now)) as page:
        show(page)
        window.open(page.address)
        window.wait_for(shows("title", "Waiting for you"))
        hangs.set()
        window.wait_for(shows("link", "Connection lost. Trying again."))
        hangs.clear()
        goes_on.set()
        window.wait_for("document.getElementById('link').hidden")
        port = page.port
    window.wait_for(shows("link", "Connection lost. Trying again."))
    with served(Page(True, port=port)) as page:
        show(page, "resting")
        window.wait_for(f"document.getElementById('link').hidden && {shows('title', 'Rest')}")
        assert window.ask(text("title")) == "Rest"


def test_a_page_that_nobody_sees_listens_no_more(window: Browser, local: Served) -> None:
    window.open(local.address)
    window.wait_for(shows("title", "Waiting for you"))
    for state, title in (("hidden", "Waiting for you"), ("visible", "Rest")):
        window.ask(
            f"Object.defineProperty(document, 'visibilityState', {{value: '{state}', configurable: true}});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        show(local, "resting")
        if state == "hidden":
            time.sleep(0.3)
            assert window.ask("document.body.className") == "lost", "what it shows may be old"
        window.wait_for(f"{shows('title', title)}")
    assert window.ask("document.body.className") == ""


def test_the_token_disappears_and_the_bookmark_works(
    window: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with everywhere() as page:
        closed = page.address.partition("#")[0]
        window.open(closed)
        window.wait_for(shows("link", "Open this page with the address or the QR code that the coach prints."))
        assert window.ask(text("title")) == "Connecting"
        window.open(page.address)
        window.wait_for(shows("title", "Waiting for you"))
        assert window.ask("location.href") == closed
        assert window.ask("document.cookie") == ""
        assert not any("token" in address for address in window.asked_for[1:])
        window.open(closed)
        window.wait_for(shows("title", "Waiting for you"))
        assert cli.main(["serve", "--qr", "--new-token", "--address", "0.0.0.0"]) == 0
        window.wait_for("document.getElementById('link').textContent.startsWith('Open this page')")


_LEAST = """Math.min(...[...document.querySelectorAll('button')].filter(one => one.offsetParent || one.offsetHeight)
  .map(one => Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height)))"""
_CONTRAST = """(() => {
  const light = color => {
    const parts = color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part => part / 255);
    const [red, green, blue] = parts.map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const paper = element => {
    const color = getComputedStyle(element).backgroundColor;
    return /^rgba.* 0\\)$/.test(color) ? paper(element.parentElement) : light(color);
  };
  const least = Math.min(...[...document.querySelectorAll('h2, p, dt, dd, li, small, button, span')]
    .filter(one => one.offsetHeight && one.textContent).map(one => {
      const [ink, ground] = [light(getComputedStyle(one).color), paper(one)];
      return (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
    }));
  return [paper(document.documentElement), least];
})()"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read_and_pressed_in_every_size(dark: bool, width: int, window: Browser, local: Served) -> None:
    local.show(MicrophoneLost(1.0, "a_very_long_reason_" * 9))
    long = (SpokenLine("Everything" * 29, local.clock(), local.clock() + 9),)
    show(local, "resting", rest=CurrentRest(90, 61.2, local.clock() + 61.2), saying=long)
    window.open(local.address, dark=dark, width=width, height=740)
    window.wait_for(shows("title", "Rest"))
    assert window.ask("document.documentElement.scrollWidth") <= width
    assert window.ask(_LEAST) >= 64
    paper, least = window.ask(_CONTRAST)
    assert (paper < 0.1) is dark
    # WCAG 2.2, text.
    assert least >= 4.5
    show(local, "stuck", alert="stuck")
    window.wait_for("!document.getElementById('alert').hidden")
    assert window.ask(_CONTRAST)[1] >= 4.5
    assert window.ask("document.documentElement.scrollWidth") <= width
