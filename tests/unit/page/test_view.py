"""What the page knows of a session: faults last until they are mended."""

from __future__ import annotations

from dataclasses import replace

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
from coach.page.state import page_state
from coach.page.view import View, updated
from lab.rigs.talk import Talk


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
