"""What happened: small frozen values in the field's words.

Law: every event carries `at`, in seconds since the session began, counted on the coach's output sample clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The session's clock runs and the coach may speak."""

    at: float
    sound_recorded: bool = False
    """The microphone's sound is written to a file."""
    without_greeting: bool = False
    """The coach waits until somebody speaks to it, instead of greeting."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing happened until a deadline of the conversation."""

    at: float


@dataclass(frozen=True, slots=True)
class Heard:
    """The recogniser took an utterance, or the beginning of one, for one of the live phrases."""

    at: float
    """When the recogniser decided, in session seconds."""
    began: float
    """When the utterance began, in session seconds."""
    text: str
    """The words, lower case; empty in a final when speech was heard but no live phrase."""
    confidence: float
    """0 to 1; how likely it is that these words were said."""
    utterance: int
    """Number of the utterance: its partials and its final share it."""
    final: bool
    """False: a partial, which is stable so far and may still grow."""
    others_heard: bool = True
    """Somebody besides the coach was heard in the utterance, or nobody can tell."""
    nearest: str = ""
    """In a final without text: the live phrase that came closest, if one did."""
    reason: str = ""
    """Why the words were not believed, for people."""
    free_text: str = ""
    """In a final without text: what else was said, in any words, as far as the recogniser writes them."""


@dataclass(frozen=True, slots=True)
class Requested:
    """Another program asks for a command, such as a button on the page. It needs no wake word and counts as sure."""

    at: float
    text: str
    """The command, in the words a lifter would say."""
    source: str
    """Which program asks, for people: "page", "broker"."""


@dataclass(frozen=True, slots=True)
class SpeechFinished:
    """The last audible sample of a line was played, or the line was cut or dropped."""

    at: float
    line_number: int
    """Number of the `Say`."""
    played: float
    """Seconds of the line that were played; 0 when the line was dropped before it began."""
    length: float
    """Seconds of the whole line."""


@dataclass(frozen=True, slots=True)
class VoiceFailed:
    """A line could not be rendered."""

    at: float
    line_number: int
    reason: str


@dataclass(frozen=True, slots=True)
class MicrophoneLost:
    """No more sound comes from the microphone; `reason` is for people."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class MicrophoneFound:
    """Sound comes from a microphone again."""

    at: float


@dataclass(frozen=True, slots=True)
class MicrophoneSilent:
    """Sound comes from the microphone, but nothing is heard in it; reported once. `reason` is for people."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class SpeakerLost:
    """The output device takes no more samples; `reason` is for people."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class SpeakerFound:
    """The output device takes samples again."""

    at: float


@dataclass(frozen=True, slots=True)
class HearingRestarted:
    """The recogniser died or stalled and was replaced; `reason` is for people."""

    at: float
    reason: str
    speech_lost: bool
    """Something may have been said that was not understood because of the restart."""


@dataclass(frozen=True, slots=True)
class HearingFailed:
    """The recogniser itself failed; `reason` is for people."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class JournalFailed:
    """A record could not be written, and later failures are not reported; `reason` is for people."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class HelperLost:
    """A server that hears or speaks for the coach is gone; the coach does so by itself. `reason` is for people."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class HelperFound:
    """The server that was lost is back."""

    at: float


Event = (
    SessionStarted
    | TimePassed
    | Heard
    | Requested
    | SpeechFinished
    | VoiceFailed
    | MicrophoneLost
    | MicrophoneFound
    | MicrophoneSilent
    | SpeakerLost
    | SpeakerFound
    | HearingRestarted
    | HearingFailed
    | JournalFailed
    | HelperLost
    | HelperFound
)


class Part(StrEnum):
    """A part of the coach that can be out of order for a while. The value is its name for other programs."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    HEARING = "hearing"
    JOURNAL = "journal"
    SERVER = "server"


Breakdown = MicrophoneLost | SpeakerLost | HearingFailed | JournalFailed | HelperLost
"""A part is out of order from now on."""
PART_BROKEN_BY: Mapping[type, Part] = {
    MicrophoneLost: Part.MICROPHONE,
    SpeakerLost: Part.SPEAKER,
    HearingFailed: Part.HEARING,
    JournalFailed: Part.JOURNAL,
    HelperLost: Part.SERVER,
}
PART_MENDED_BY: Mapping[type, Part] = {
    MicrophoneFound: Part.MICROPHONE,
    SpeakerFound: Part.SPEAKER,
    HelperFound: Part.SERVER,
}
"""The part is in order again. Hearing that failed stays so; each session has a journal of its own."""
Trouble = Breakdown | MicrophoneSilent | HearingRestarted | VoiceFailed
"""Everything that goes wrong, with a reason for people."""
