"""The narrow contracts between the conversation and the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coach.commands import Command, ListenFor, Manner, Say
from coach.events import Event, Heard
from coach.records import Record, SessionBegan, SessionResumed
from coach.snapshot import Snapshot

Pcm = npt.NDArray[np.int16]
"""Mono samples, shape (n,), signed 16 bit."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a line takes, as heard."""

    onset: float
    """Seconds from the clip's first sample to its audible onset."""
    total: float
    """Seconds from the clip's first sample to its last audible sample."""

    @property
    def after_onset(self) -> float:
        """Seconds from the audible onset to the end."""
        return self.total - self.onset


Measure = Callable[[str, Manner], Length]
"""How long a text takes when it is spoken in that manner."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One rendered line."""

    pcm: Pcm
    rate: int
    """Samples a second of `pcm`."""
    onset: int
    """Samples from the first one to the audible onset."""

    @property
    def length(self) -> Length:
        """The length in seconds."""
        return Length(self.onset / self.rate, len(self.pcm) / self.rate)


class Synthesizer(Protocol):
    """Renders text as samples."""

    rate: int
    """Samples a second of every clip."""

    def render(self, text: str, manner: Manner) -> Clip:
        """Render the whole line, trimmed. Raises `VoiceError`, which names the remedy, when the engine cannot."""

    def set_pace(self, percent: int) -> None:
        """Render sentences at this share of the usual speed from now on."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """Phrases as a word graph: every path from `start` to `end` is a phrase, and every phrase is such a path."""

    start: int
    end: int
    arcs: tuple[tuple[int, int, str], ...]
    """One (from state, to state, word) for each arc."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What can be heard now, in the two notations that recognisers accept."""

    phrases: tuple[str, ...]
    """For recognisers that take a list: every phrase in lower case, its words separated by one space, and each word
    that may stand around phrases, alone. Number slots are sampled so that every word occurs."""
    automaton: Automaton
    """For recognisers that take a word graph: every utterance, including fillers and two phrases in one breath."""
    phrases_only: Automaton | None = None
    """The phrases without the words that may stand around them, to see where a phrase is complete. None: `automaton`
    has nothing but phrases."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a recogniser makes of the sound so far. Times are seconds of audio since the recogniser's first sample."""

    utterance: int
    text: str
    """Lower case; empty in a final when speech was heard but none of the phrases."""
    began: float
    at: float
    confidence: float
    final: bool
    nearest: str = ""
    """In a final without text: the phrase that came closest, if one did."""
    reason: str = ""
    """Why the words were not believed, for people."""
    free_text: str = ""
    """In a final without text: the likeliest words of any kind, if the recogniser writes them."""
    ended: float = 0.0
    """End of the last word, or of the last sound where there is no word; set in finals only."""

    def heard(self, at: float, began: float, others_heard: bool = True) -> Heard:
        """The event of this hypothesis. `at` and `began` are in session seconds; `others_heard` as in `Heard`."""
        text, confidence, reason = self.text, self.confidence, self.reason
        number, final, nearest, free = self.utterance, self.final, self.nearest, self.free_text
        return Heard(at, began, text, confidence, number, final, others_heard, nearest, reason, free)


class Recognizer(Protocol):
    """Turns sound into phrases. One owner uses it, on one thread. It needs no clock: time is the audio it was given."""

    name: str
    rate: int
    """Samples a second of the sound it must be given."""

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only. No audio is lost: an utterance under way is decided with the new phrases."""

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Words of the vocabulary that the recogniser cannot hear."""

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Take the next samples; returns what these samples made stable (partials) or decided (finals)."""

    def reset(self) -> None:
        """Forget all sound and everything learnt from it; only the vocabulary stays. Audio time starts again from 0."""

    def close(self) -> None:
        """Free the engine."""


class Inbox(Protocol):
    """The source of events."""

    def next(self, until: float | None) -> Event:
        """The next event. If none comes before `until`: `TimePassed`, at `until` or, after a stall, at the later time
        at which the inbox notices."""


class Ears(Protocol):
    """The listening side."""

    def listen_for(self, wanted: ListenFor) -> None:
        """Make these intents live, and no others."""


class Voice(Protocol):
    """The speaking side. Every line is placed on the output sample clock."""

    def say(self, line: Say) -> None:
        """Lay the line on the timeline. If its time is past, it is said as soon as possible."""

    def stop(self, at: float) -> None:
        """Fall silent: fade the line that sounds, drop the lines that wait."""

    def drop(self, lines: frozenset[int]) -> None:
        """Take back those of these lines that have not begun."""

    def set_volume(self, decibels: float) -> None:
        """Play at this level, in decibels below full; 0 is full."""

    def set_pace(self, percent: int) -> None:
        """Speak sentences at this share of the usual speed from now on; 100 is the usual speed."""


class Journal(Protocol):
    """Keeps what was trained."""

    def write(self, record: Record) -> None:
        """Keep one record. Raises nothing: a full disk is reported once and the set goes on."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it is kept in the journal."""

    began: str
    """Local time of the session's second 0, unique: ISO 8601 with the offset, for `datetime.fromisoformat`."""
    unix_time: float
    """The time in `began`, in seconds since 1970 (UTC)."""
    records: tuple[Record, ...]
    """The session's records, in the order in which they were written."""

    @property
    def plan(self) -> SessionBegan | None:
        """The plan that the session began with; None: an old journal does not say."""
        return next((record for record in self.records if isinstance(record, SessionBegan)), None)

    @property
    def earlier_session(self) -> str:
        """Beginning of the earlier session that this one continues; empty: there is none."""
        return next((record.earlier for record in self.records if isinstance(record, SessionResumed)), "")


class History(Protocol):
    """Reads back what was trained. Raises HistoryError when the journal exists and may not be read."""

    def sessions(self, limit: int | None = None, without_kinds: Collection[str] = ()) -> Iterator[StoredSession]:
        """The sessions, the newest first, including the current one.

        `limit`: at most this many. `without_kinds`: kinds of records that are left out. What cannot be read is left
        out: a damaged record, an unknown kind, a session whose beginning is not a time. Yields nothing when nothing was
        ever written.
        """

    def session(self, began: str) -> StoredSession | None:
        """The session that began at this time; None: there is none, or `began` is not a time."""

    def count_workouts(self) -> int:
        """The number of sessions in which a set was done."""

    def preferences(self) -> Mapping[str, str]:
        """The latest value of every preference, by its name."""


class Archive(History, Protocol):
    """The whole journal: sessions can be added to it, and it can be deleted as a whole."""

    def add(self, sessions: Iterable[StoredSession]) -> int:
        """Keep these sessions too, all of them or none; returns how many were new.

        A session that the journal has already (the same beginning) stays as it is. Raises HistoryError when the
        sessions cannot be kept.
        """

    def forget(self) -> None:
        """Delete the whole journal, whatever it holds. Raises HistoryError while a session is written to it."""


@dataclass(frozen=True, slots=True)
class SessionAccess:
    """What another program may do in a live session. Any thread may call it."""

    request: Callable[[str, str], None]
    """Ask for a command: the words as the lifter would say them, and the name of the program that asks ("page")."""
    now: Callable[[], float]
    """The present moment, in session seconds."""


Observed = Event | Command | Snapshot
Observer = Callable[[Observed], None]
"""Watches a session. It is shown every event before it is received, every command before it is carried out, and a
snapshot of the conversation after each event. It runs on the session's thread: what takes time must go to another."""

Link = Callable[[SessionAccess], AbstractContextManager[Observer]]
"""Joins another program to a live session, such as a page or a message bus. It is entered before the session begins and
left when the coach ends. If it raises WorldError when it is entered, the coach does not begin."""


class WorldError(Exception):
    """Something outside the coach is wrong. The message is one line that names the remedy; `cli` prints it and exits 1,
    without a traceback."""


class VoiceError(WorldError):
    """The voice cannot speak."""


class HearingError(WorldError):
    """There is no recogniser, or no usable model."""


class SoundError(WorldError):
    """There is no sound library, no device or no usable sound file."""


class HistoryError(WorldError):
    """What was trained cannot be read."""


class DataError(WorldError):
    """A file of what was trained elsewhere is not valid; the message holds every fault, one a line."""


class OutputError(WorldError):
    """A file that the user named cannot be written."""


class PictureError(WorldError):
    """A picture cannot be drawn."""


class ScriptError(WorldError):
    """A file written by a person is not valid; the message holds every fault, one a line."""
