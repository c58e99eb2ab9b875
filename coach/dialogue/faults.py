"""What the coach does if it cannot hear, cannot be heard, cannot write, has lost a server, or was not called in time.

Law: the coach stops counting, says what is wrong as soon as it can, and says how to go on.
"""

from __future__ import annotations

from typing import assert_never

from coach.dialogue.context import Context, Scene
from coach.dialogue.states import RACKED_STATES, RUNNING_STATES, State
from coach.dialogue.training_set import TrainingSet
from coach.events import (
    HearingFailed,
    HearingRestarted,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    MicrophoneSilent,
    SpeakerFound,
    SpeakerLost,
    Trouble,
    VoiceFailed,
)

STALL_S = 2.0
"""A deadline in a set that is handled so many seconds late means two missed counts: pause, do not catch up."""


class Faults(Scene):
    """Handles faults of devices, hearing, journal and clock."""

    def __init__(self, context: Context, training_set: TrainingSet) -> None:
        super().__init__(context)
        self._training_set = training_set
        self._journal_failed = False
        """The journal failed, and the lifter does not know it yet."""
        self._server_lost = False
        """A server is gone, and the lifter does not know it yet."""
        self._server_loss_said = False
        """The coach has said in this session that a server is gone."""
        self._microphone_silent = False
        """The microphone gives no sound, and the lifter does not know it yet."""
        self._deaf = False
        """The coach has no microphone."""
        self.mute = False
        """The coach has no loudspeaker: the lifter would not hear what the coach does."""

    def handle(self, event: Trouble | MicrophoneFound | SpeakerFound | HelperFound) -> None:
        """Handle what happened to a device, to hearing or to the journal."""
        match event:
            case MicrophoneLost(at):
                self._deaf = True
                self.stop_counting(at)
                self._saying.say(at, "fault.microphone_lost")
            case MicrophoneFound(at):
                self._deaf = False
                self._say_restored(at, "fault.microphone_back")
            case MicrophoneSilent():
                # `say_pending` says so.
                self._microphone_silent = True
            case SpeakerLost(at):
                self.mute = True
                self.stop_counting(at)
            case SpeakerFound(at):
                self.mute = False
                self._say_restored(at, "fault.speaker_back")
                if self._deaf and not self._workout.in_set:
                    # Nobody heard that there is no microphone.
                    self._saying.say(at, "fault.microphone_lost")
            case HearingRestarted(at, speech_lost=True):
                self._ask_again(at)
            case HearingRestarted() | HearingFailed() | VoiceFailed():
                # A failed recogniser ends the session (`ending`); a line that failed is only not heard.
                pass
            case JournalFailed():
                # `say_pending` says so.
                self._journal_failed = True
            case HelperLost():
                self._server_lost = True
            case HelperFound():
                # If the loss was not said yet, it need not be said: nobody missed the server.
                self._server_lost = False
            case _:
                assert_never(event)

    def check_clock(self, now: float) -> None:
        """If time passed without the coach in a set, the count is lost. The coach pauses instead of catching up."""
        due = self._deadlines.earliest()
        if due is None or now - due < STALL_S or self._workout.state not in RUNNING_STATES:
            return
        self._training_set.counting.catch_up(now)
        if self._workout.state not in RUNNING_STATES:
            # That was the last repetition.
            return
        self._training_set.pause(now, self._pack.prompts["fault.clock"])

    def _ask_again(self, now: float) -> None:
        """Something was said and lost: ask for it again. In a set, pause: it may have been "stop"."""
        if self._workout.state in RUNNING_STATES:
            self._training_set.pause(now, self._pack.prompts["fault.hearing_back"])
        elif not self._training_set.continuation.will_speak:
            # If lines wait, they say how to go on. Until then the coach is silent, while the platform is brought up.
            self._saying.say(now, "fault.hearing_back")

    def say_pending(self, now: float) -> None:
        """Say what is no reason to stop: once, as soon as the catches are in."""
        if self._workout.state not in RACKED_STATES:
            return
        if self._journal_failed:
            self._journal_failed = False
            self._saying.say(now, "fault.journal")
        if self._server_lost:
            self._server_lost = False
            if not self._server_loss_said:
                self._server_loss_said = True
                self._saying.say(now, "fault.helper_lost")
        if self._microphone_silent:
            self._microphone_silent = False
            self._saying.say(now, "fault.microphone_silent")

    def stop_counting(self, now: float) -> None:
        """The coach cannot hear, or cannot be heard: stop counting, and send the platform onto its catches."""
        if self._workout.state in (*RUNNING_STATES, State.CORRECTING, State.PAUSED):
            self._training_set.rack_and_wait(now)
        else:
            self._saying.silence(now)
        self._training_set.continuation.stay_silent()

    def _say_restored(self, now: float, prompt: str) -> None:
        if self.mute or self._workout.in_set:
            return
        self._saying.say(now, prompt)
        if not self._deaf:
            self._training_set.continuation.say_unheard(now, ())
