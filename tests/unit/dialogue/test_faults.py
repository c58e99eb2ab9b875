"""Faults of devices and engines, at their source: reported once, at their time, and never in the middle of a set."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.adapters.journal.file import FileJournal
from coach.adapters.live.inbox import STALL_SECONDS, LiveInbox
from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.commands import Manner, Say
from coach.events import (
    Event,
    Heard,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    SpeakerFound,
    SpeakerLost,
    TimePassed,
    VoiceFailed,
)
from coach.ports import Clip, VoiceError
from coach.records import RepDone, SessionBegan, SetBegan, SetEnded
from lab.rigs.talk import PACK, Talk, plan_of

ALONE = PACK.prompts["fault.helper_lost"].say[0]
FULL = PACK.prompts["fault.journal"].say[0]
LOST = PACK.prompts["fault.clock"].say[0]


class Mute:
    """A synthesiser that cannot speak."""

    rate = 16000

    def render(self, text: str, manner: Manner) -> Clip:
        raise VoiceError(f"no voice for {text!r} as {manner.value}")

    def set_pace(self, percent: int) -> None:
        raise AssertionError(percent)


def test_a_line_that_fails_is_told_at_once_not_at_its_own_time() -> None:
    """A failed count that was dated seconds ahead moved the conversation ahead of the clock: deadlines were handled
    early.
    """
    posted: list[Event] = []
    mixer = Mixer(Mute.rate)
    mixer.mix(Mute.rate * 3)
    MixedVoice(Mute(), mixer, posted.append).say(Say(7, 9.0, "hold", Manner.COUNT))
    assert posted == [VoiceFailed(3.0, 7, "no voice for 'hold' as count")]


def test_a_disk_that_will_not_have_it_is_told_once() -> None:
    posted: list[Event] = []
    journal = FileJournal(Path(os.devnull) / "journal.sqlite3", datetime(2026, 1, 1, tzinfo=UTC), posted.append)
    for at in (1.0, 2.0):
        journal.write(RepDone(at, 1, int(at)))
    (told,) = posted
    assert isinstance(told, JournalFailed)
    assert told.at == 1.0
    assert "cannot be used" in told.reason


@pytest.mark.parametrize(("late", "at"), [(0.0, 10.0), (STALL_SECONDS / 2, 10.0), (20.0, 30.0)])
def test_a_deadline_that_was_slept_through_is_told_the_time_it_is(late: float, at: float) -> None:
    inbox = LiveInbox(lambda: 10.0 + late)
    assert inbox.next(10.0) == TimePassed(at)


def test_words_that_waited_through_a_stall_come_after_it() -> None:
    inbox = LiveInbox(lambda: 30.0)
    inbox.put(Heard(14.0, 13.5, "stop", 1.0, 1, True))
    assert inbox.next(10.0) == TimePassed(30.0)
    assert inbox.next(None) == Heard(30.0, 13.5, "stop", 1.0, 1, True)


def test_a_journal_that_fails_in_a_set_is_told_after_it_once() -> None:
    talk = Talk(plan_of(reps=1, sets=2, rest=30)).in_set()
    talk.receive(JournalFailed(talk.now, "full"))
    assert FULL not in [line.say.text for line in talk.lines]
    talk.wait_for("resting")
    talk.wait(60)
    assert [line.say.text for line in talk.lines].count(FULL) == 1


def test_a_server_that_goes_in_a_set_is_told_after_it_once_a_session() -> None:
    talk = Talk(plan_of(reps=1, sets=2, rest=60)).in_set()
    for _ in range(3):
        talk.receive(HelperLost(talk.now, "pi:10300: connection refused"))
    assert talk.state.startswith("set.")
    assert ALONE not in [line.say.text for line in talk.lines]
    talk.wait_for("resting")
    talk.wait(10)
    talk.receive(HelperFound(talk.now))
    talk.receive(HelperLost(talk.now, "pi:10300: it hung up"))
    talk.wait(20)
    assert [line.say.text for line in talk.lines].count(ALONE) == 1


def test_a_server_that_was_away_for_a_moment_of_a_set_is_no_matter() -> None:
    talk = Talk(plan_of(reps=1, sets=2, rest=60)).in_set()
    talk.receive(HelperLost(talk.now, "pi:10300: it hung up"))
    talk.wait(1)
    talk.receive(HelperFound(talk.now))
    talk.wait_for("resting")
    talk.wait(20)
    assert ALONE not in [line.say.text for line in talk.lines]


@pytest.mark.parametrize("state", ["correcting", "stopped", "paused"])
def test_a_journal_that_fails_under_the_load_is_told_before_the_goodbye(state: str) -> None:
    talk = Talk(plan_of(reps=2, sets=1)).in_set()
    talk.hears({"correcting": "my back lifted", "stopped": "stop", "paused": "pause"}[state])
    talk.receive(JournalFailed(talk.now, "full"))
    talk.wait(30)
    assert FULL not in [line.say.text for line in talk.lines]
    talk.hears("end workout")
    talk.wait(3)
    talk.hears("yes")
    assert [line.say.text for line in talk.lines][-2:] == [FULL, PACK.prompts["goodbye"].say[0]]


def test_a_set_that_was_slept_through_is_not_counted() -> None:
    talk = Talk(plan_of(reps=6)).in_set("set.lowering", 2)
    late = talk.now + 20.0
    talk.receive(TimePassed(late))
    talk.wait(30)
    prompts = ("pause.now", "fault.clock", "pause.resume_hint", "hold.longer")
    assert talk.heard_since(late) == [PACK.prompts[name].say[0] for name in prompts]
    assert (talk.state, talk.reps()) == ("paused", 1)


def test_a_short_stall_leaves_out_what_is_past_and_goes_on() -> None:
    talk = Talk().in_set("set.lowering", 2)
    due = talk.conversation.next_deadline()
    assert due is not None
    talk.receive(TimePassed(due + 1.0))
    assert talk.parent == "set"
    assert LOST not in [line.say.text for line in talk.lines]


def test_the_safety_word_is_obeyed_in_the_moment_after_a_stall() -> None:
    talk = Talk().in_set("set.lowering", 2)
    late = talk.now + 20.0
    said = [
        command for command in talk.receive(Heard(late, late - 0.5, "stop", 1.0, 9, True)) if isinstance(command, Say)
    ]
    assert said[-1].source == "stop.now"
    assert talk.state == "stopped"
    assert [line.say.source for line in talk.lines if line.ends > late + 0.1] == ["stop.now"]


def test_a_stall_over_the_last_repetition_ends_the_set() -> None:
    """The last number had been laid ahead and was heard, so the set is complete."""
    talk = Talk(plan_of(reps=1, sets=2)).in_set("set.pressing")
    talk.receive(TimePassed(talk.now + 4.0))
    assert talk.state == "resting"
    assert [type(record) for record in talk.records] == [SessionBegan, SetBegan, RepDone, SetEnded]
    assert LOST not in [line.say.text for line in talk.lines]


@pytest.mark.parametrize("first", ["microphone", "speaker"])
def test_after_a_lost_sound_server_the_way_on_is_said_once(first: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.receive(SpeakerLost(talk.now, "gone"))
    talk.receive(MicrophoneLost(talk.now, "gone"))
    back: list[Event] = [MicrophoneFound(talk.now + 5.0), SpeakerFound(talk.now + 5.1)]
    if first == "speaker":
        back = [SpeakerFound(talk.now + 5.0), MicrophoneFound(talk.now + 5.1)]
    since = len(talk.lines)
    for event in back:
        talk.receive(event)
    talk.wait(12)
    said = [line.say.source for line in talk.lines[since:]]
    assert said.count("correction.ask") == 1
    assert said[-1] == "correction.ask"
    assert "fault.speaker_back" in said
    # As long as no microphone is found, the coach says so again: the first time nobody could hear it.
    assert ("fault.microphone_lost" in said) == (first == "speaker")
