"""Faults of devices and engines, at their source: reported once, at their time, and never in the middle of a set."""

from __future__ import annotations

import pytest

from coach.commands import Command, End, Say
from coach.dialogue.saying import DANGER_LINES
from coach.dialogue.states import State
from coach.events import (
    Event,
    Heard,
    HearingFailed,
    HearingRestarted,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    SpeakerFound,
    SpeakerLost,
    SpeechFinished,
    TimePassed,
    VoiceFailed,
)
from coach.records import RepDone, SessionBegan, SetBegan, SetEnded
from lab.rigs.talk import PACK, Talk, plan_of, prompt, talk_in

ALONE = PACK.prompts["fault.helper_lost"].say[0]
FULL = PACK.prompts["fault.journal"].say[0]
LOST = PACK.prompts["fault.clock"].say[0]


def commands_of(kind: type[Command], commands: tuple[Command, ...]) -> list[Command]:
    return [command for command in commands if isinstance(command, kind)]


def restart(talk: Talk, *, lost: bool) -> list[str]:
    """What the coach says in the 20 s after the recogniser was replaced."""
    at = talk.now
    talk.receive(HearingRestarted(at, "it was ended by SIGABRT", lost))
    talk.wait(20)
    return talk.heard_since(at)


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
    assert talk.outer_state == "set"
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


@pytest.mark.parametrize("lost", [MicrophoneLost, SpeakerLost, HearingFailed])
@pytest.mark.parametrize("state", ["idle", "set", "resting", "paused"])
@pytest.mark.parametrize("answering", [False, True])
def test_without_ears_or_voice_nothing_is_counted(
    lost: type[MicrophoneLost | SpeakerLost | HearingFailed], state: State, answering: bool
) -> None:
    talk = talk_in(state)
    if answering:
        talk.hears("how deep")
        talk.wait(1.0)
    said = commands_of(Say, talk.receive(lost(talk.now, "unplugged")))
    safe = state in ("set", "paused")
    assert len(said) == (lost is not SpeakerLost) + safe, "silence is the worst failure, but where nobody would hear"
    assert not safe or talk.lines[-len(said)].say.source in DANGER_LINES
    at = talk.now
    assert talk.outer_state == ("finished" if lost is HearingFailed else "paused" if state == "set" else state)
    talk.wait(60)
    assert talk.counts_since(at) == []


def test_hearing_that_failed_ends_the_session_aloud() -> None:
    talk = Talk().in_set("set.lowering", 2)
    commands = talk.receive(HearingFailed(talk.now, "no model"))
    assert talk.lines[-1].say.text == prompt("fault.hearing")
    assert len(commands_of(End, commands)) == 1
    assert talk.ended_at == pytest.approx(talk.lines[-1].ends)
    assert talk.conversation.next_deadline() is None


def test_a_microphone_that_is_back_is_told_and_the_set_waits_for_the_lifter() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.receive(MicrophoneLost(talk.now, "unplugged"))
    talk.wait(5)
    at = talk.now
    talk.receive(MicrophoneFound(talk.now))
    talk.wait(60)
    assert talk.heard_since(at)[:2] == [prompt("fault.microphone_back"), prompt("correction.ask")]
    assert talk.state == "paused"
    assert talk.hears("resume")[0] == prompt("resume.unrack", rep="two")


def test_a_recogniser_replaced_while_nobody_spoke_changes_nothing() -> None:
    undisturbed = Talk().in_set("set.lowering", 2)
    at = undisturbed.now
    undisturbed.wait(20)
    assert restart(Talk().in_set("set.lowering", 2), lost=False) == undisturbed.heard_since(at)
    assert restart(Talk(), lost=False) == []


def test_a_word_lost_in_the_set_may_have_been_stop() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.wait(0.6)
    assert restart(talk, lost=True)[:3] == [
        prompt("pause.now"),
        prompt("fault.hearing_back"),
        prompt("pause.resume_hint"),
    ]
    assert talk.state == "paused"
    assert talk.hears("resume")[0] == prompt("resume.unrack", rep="two"), "the catches were offered meanwhile"


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "correcting", "paused", "stopped", "resting", "finished"])
def test_a_word_lost_outside_the_set_is_asked_for_again(state: State) -> None:
    talk = talk_in(state)
    assert restart(talk, lost=True)[0] == prompt("fault.hearing_back")
    assert talk.outer_state == state


def test_a_word_lost_after_stop_leaves_the_silence_for_the_platform() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.5)
    assert restart(talk, lost=True) == [prompt("stop.after")]


def test_a_speaker_that_is_back_is_told() -> None:
    talk = Talk()
    talk.receive(SpeakerLost(talk.now, "unplugged"))
    talk.wait(5)
    at = talk.now
    talk.receive(SpeakerFound(talk.now))
    assert talk.heard_since(at) == [prompt("fault.speaker_back")]


def test_lines_that_end_or_fail_need_no_answer() -> None:
    talk = Talk()
    for event in (SpeechFinished(talk.now, 1, 1.0, 1.0), VoiceFailed(talk.now, 1, "no voice"), TimePassed(talk.now)):
        assert talk.receive(event) == ()


def test_the_hearing_that_fails_loses_no_repetition() -> None:
    """The fault: the session ended without writing down the open set: no `set`, no `workout`."""
    talk = Talk().in_set("set.lowering", 3)
    talk.receive(HearingFailed(talk.now, "no model"))
    assert [entry.reps for entry in talk.written(SetEnded)] == [2]


def test_a_speaker_found_in_a_running_set_is_not_told_over_the_counts() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.receive(SpeakerFound(talk.now))
    talk.wait(20)
    for before, after in zip(talk.lines, talk.lines[1:], strict=False):
        assert before.ends <= after.begins + 1e-6, (before, after)


def test_after_a_stall_nothing_is_laid_into_the_past() -> None:
    """The fault: a deadline that was handled seconds late (the computer slept) laid counts that all sounded at once."""
    talk = Talk().in_set("set.lowering", 2)
    late = talk.now + 20.0
    said = [command for command in talk.receive(TimePassed(late)) if isinstance(command, Say)]
    assert not [line for line in said if line.at < late]
