"""What the coach does when it cannot hear, cannot be heard, cannot write, has no help, or was not called in time.

Law: the coach stops counting, says what is wrong as soon as it can, and says how to go on.
"""

from __future__ import annotations

from typing import assert_never

from coach.dialogue.context import Context
from coach.dialogue.states import RACKED, RUNNING, State
from coach.dialogue.training_set import TrainingSet
from coach.events import (
    HearingRestarted,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    MicrophoneSilent,
    SpeakerFound,
    SpeakerLost,
)

Fault = (
    MicrophoneLost
    | MicrophoneFound
    | MicrophoneSilent
    | SpeakerLost
    | SpeakerFound
    | HearingRestarted
    | JournalFailed
    | HelperLost
    | HelperFound
)

STALL_S = 2.0
"""A deadline in a set that is handled so many seconds late means two missed counts: pause, do not catch up."""


class Faults:
    """Handles faults of devices, hearing, journal and clock."""

    def __init__(self, context: Context, training_set: TrainingSet) -> None:
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._deadlines = context.deadlines
        self._set = training_set
        self._unwritten = False
        """The journal failed, and the lifter does not know it yet."""
        self._unhelped = self._told_unhelped = False
        """A server is gone, and the lifter does not know it yet; it was said in this session."""
        self._silent = False
        """Nothing is heard of the microphone, and the lifter does not know it yet."""
        self._deaf = False
        """The coach has no microphone."""
        self.mute = False
        """The coach has no loudspeaker: the lifter would not hear what the coach does."""

    def take(self, fault: Fault) -> None:
        """Handle what happened to a device, to hearing or to the journal."""
        match fault:
            case MicrophoneLost(at):
                self._microphone_lost(at)
            case MicrophoneFound(at):
                self._microphone_found(at)
            case MicrophoneSilent():
                # `say_later` says so.
                self._silent = True
            case SpeakerLost(at):
                self._speaker_lost(at)
            case SpeakerFound(at):
                self._speaker_found(at)
            case HearingRestarted(at, speech_lost=lost):
                self._hearing_restarted(at, lost)
            case JournalFailed():
                # `say_later` says so.
                self._unwritten = True
            case HelperLost():
                self._unhelped = True
            case HelperFound():
                # What was not said yet need not be: nobody missed it.
                self._unhelped = False
            case _:
                assert_never(fault)

    def check_clock(self, now: float) -> None:
        """If time passed without the coach in a set, the count is lost. The coach pauses instead of catching up."""
        due = self._deadlines.next()
        if due is None or now - due < STALL_S or self._workout.state not in RUNNING:
            return
        self._set.catch_up(now)
        if self._workout.state not in RUNNING:
            # That was the last repetition.
            return
        self._set.pause(now, self._pack.prompts["fault.clock"])

    def _microphone_lost(self, now: float) -> None:
        """The coach cannot hear: stop, and say so."""
        self._deaf = True
        self.interrupt(now)
        self._saying.say(now, "fault.microphone_lost")

    def _microphone_found(self, now: float) -> None:
        """The coach hears again. Say so, unless there is no loudspeaker."""
        self._deaf = False
        if not self.mute:
            self._say_back(now, "fault.microphone_back")

    def _speaker_lost(self, now: float) -> None:
        """The coach cannot be heard: stop."""
        self.mute = True
        self.interrupt(now)

    def _speaker_found(self, now: float) -> None:
        """The coach can be heard again: say so. If there is no microphone, say that again, because nobody heard it."""
        self.mute = False
        self._say_back(now, "fault.speaker_back")
        if self._deaf and not self._workout.in_set:
            self._saying.say(now, "fault.microphone_lost")

    def _hearing_restarted(self, now: float, lost: bool) -> None:
        """If something was said and lost, ask for it again. In a set, pause: it may have been "stop"."""
        if not lost:
            return
        if self._workout.state in RUNNING:
            self._set.pause(now, self._pack.prompts["fault.hearing_back"])
        elif not self._set.going_on.will_speak:
            # If words wait, they say how to go on. Until then the coach is silent, while the platform is brought up.
            self._saying.say(now, "fault.hearing_back")

    def say_later(self, now: float) -> None:
        """Say what is no reason to stop: once, as soon as the catches are in."""
        if self._workout.state not in RACKED:
            return
        if self._unwritten:
            self._unwritten = False
            self._saying.say(now, "fault.journal")
        if self._unhelped:
            self._unhelped = False
            if not self._told_unhelped:
                self._told_unhelped = True
                self._saying.say(now, "fault.helper_lost")
        if self._silent:
            self._silent = False
            self._saying.say(now, "fault.microphone_silent")

    def interrupt(self, now: float) -> None:
        """The coach cannot hear, or cannot be heard: stop counting, and send the platform onto its catches."""
        if self._workout.state in (*RUNNING, State.CORRECTING, State.PAUSED):
            self._set.stand_by(now)
        else:
            self._saying.silence(now)
        self._set.going_on.hold()

    def _say_back(self, now: float, prompt: str) -> None:
        if self._workout.in_set:
            return
        self._saying.say(now, prompt)
        if not self._deaf:
            self._set.going_on.make_good(now, ())
