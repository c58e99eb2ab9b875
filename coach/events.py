"""What happened: small frozen values in the field's words.

Law: every event carries `at`, in seconds since the session began, counted on the coach's output sample clock.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The session's clock runs and the coach may speak."""

    at: float
    sound_kept: bool = False
    """What the microphone hears is written to a file."""
    quiet: bool = False
    """The coach waits until somebody speaks to it, instead of greeting."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing happened until a deadline of the conversation."""

    at: float


@dataclass(frozen=True, slots=True)
class Heard:
    """The recogniser took an utterance, or its beginning, for one of the live phrases."""

    at: float
    """When it was decided."""
    began: float
    """When the utterance began."""
    text: str
    """The words, lower case; empty in a final when speech was heard but no live phrase."""
    confidence: float
    """0 to 1; how likely it is that these words were said."""
    utterance: int
    """Number of the utterance: its partials and its final share it."""
    final: bool
    """False: stable so far, may still grow."""
    others: bool = True
    """Somebody besides the coach was heard in it, or nobody can tell."""
    guess: str = ""
    """Without text: the live phrase that came closest, if one did."""
    reason: str = ""
    """Why it was not believed, for people."""
    free: str = ""
    """In a final without text: what else was said, in any words, as far as the recogniser writes them."""


@dataclass(frozen=True, slots=True)
class Requested:
    """Another program asks for a command, such as a button on the page. It needs no wake word and is sure."""

    at: float
    text: str
    """As the lifter would say it."""
    source: str
    """Who asks, for people: "page", "broker"."""


@dataclass(frozen=True, slots=True)
class SpeechFinished:
    """A line's last audible sample left, or the line was cut or dropped."""

    at: float
    line: int
    """Number of the `Say`."""
    heard: float
    """Seconds of it that were played; 0 when it was dropped before it began."""
    length: float
    """Seconds of the whole line."""


@dataclass(frozen=True, slots=True)
class VoiceFailed:
    """A line could not be rendered."""

    at: float
    line: int
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
    lost: bool
    """Something may have been said that was not understood because of it."""


@dataclass(frozen=True, slots=True)
class HearingFailed:
    """The recogniser itself failed; `reason` is for people."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class JournalFailed:
    """An entry could not be written, and none after it will be told of; `reason` is for people."""

    at: float
    reason: str


Event = (
    SessionStarted
    | TimePassed
    | Heard
    | Requested
    | SpeechFinished
    | VoiceFailed
    | MicrophoneLost
    | MicrophoneFound
    | SpeakerLost
    | SpeakerFound
    | HearingRestarted
    | HearingFailed
    | JournalFailed
)
