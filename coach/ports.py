"""The narrow contracts between the conversation and the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coach.commands import Command, ListenFor, Manner, Say
from coach.events import Event
from coach.records import Began, Record, Resumed
from coach.snapshot import Snapshot

Pcm = npt.NDArray[np.int16]
"""Mono samples, shape (n,), signed 16 bit."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a line takes in the ear."""

    onset: float
    """Seconds from the clip's first sample to its audible onset."""
    total: float
    """Seconds from the clip's first sample to its last audible one."""

    @property
    def after_onset(self) -> float:
        """Seconds from the audible onset to the end."""
        return self.total - self.onset


Measure = Callable[[str, Manner], Length]
"""How long a text will take when spoken in that manner."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One rendered line."""

    pcm: Pcm
    rate: int
    """Samples a second."""
    onset: int
    """Samples from the first one to the audible onset."""

    @property
    def length(self) -> Length:
        """The same in seconds."""
        return Length(self.onset / self.rate, len(self.pcm) / self.rate)


class Synthesizer(Protocol):
    """Text to samples."""

    rate: int
    """Samples a second of every clip."""

    def render(self, text: str, manner: Manner) -> Clip:
        """The whole line, trimmed; raises `VoiceError` with the remedy when the engine cannot."""

    def set_pace(self, percent: int) -> None:
        """Render sentences at this share of the usual speed from now on."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """Phrases as a word graph: every path from `start` to `end` is a phrase, every phrase such a path."""

    start: int
    end: int
    arcs: tuple[tuple[int, int, str], ...]
    """(from state, to state, word)"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What can be heard now, in the two notations that recognisers take."""

    phrases: tuple[str, ...]
    """For recognisers that take a list: every phrase, lower case words parted by one space (number slots sampled so
    that every word occurs), and the words that may stand around phrases, each alone."""
    automaton: Automaton
    """For recognisers that take a word graph: every utterance, with fillers and two phrases in one breath."""
    alone: Automaton | None = None
    """The phrases without what may stand around them, to tell where one is over. None: `automaton` has nothing else."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What a recogniser makes of the sound so far; times in seconds of audio since its first sample."""

    utterance: int
    text: str
    """Lower case; empty in a final: speech, but none of the phrases."""
    began: float
    at: float
    confidence: float
    final: bool
    guess: str = ""
    """In a final without text: the phrase that came closest, if one did."""
    reason: str = ""
    """Why it was not believed, for people."""
    free: str = ""
    """In a final without text: the likeliest words of any, as the recogniser writes them, if it does."""
    ended: float = 0.0
    """End of the last word, or of the last sound where there is none; told with finals."""


class Recognizer(Protocol):
    """Sound to phrases. One owner, one thread; needs no clock: time is the audio it was given."""

    name: str
    rate: int
    """Samples a second it must be given."""

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; no audio is lost, an utterance under way is decided with the new ones."""

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Words of the vocabulary that it cannot hear."""

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Take the next samples; returns what became stable (partials) or decided (finals) with them."""

    def reset(self) -> None:
        """Forget all sound, and what was learnt from it: as new, but for the vocabulary. Audio time begins anew."""

    def close(self) -> None:
        """Free the engine."""


class Inbox(Protocol):
    """Where events come from."""

    def next(self, until: float | None) -> Event:
        """The next event; `TimePassed` at `until` when none came before, or after a stall when it is brought up."""


class Ears(Protocol):
    """The listening side."""

    def listen_for(self, wanted: ListenFor) -> None:
        """Make these intents, and no others, live."""


class Voice(Protocol):
    """The speaking side. Everything said is placed on the output sample clock."""

    def say(self, line: Say) -> None:
        """Lay the line on the timeline; too late for its time means as soon as possible."""

    def stop(self, at: float) -> None:
        """Silence: fade what sounds, drop what waits."""

    def drop(self, lines: frozenset[int]) -> None:
        """Take lines back that have not begun."""

    def set_volume(self, decibels: float) -> None:
        """0 is full."""

    def set_pace(self, percent: int) -> None:
        """Sentences said from now on; 100 is the usual speed."""


class Journal(Protocol):
    """What was trained, for later."""

    def write(self, record: Record) -> None:
        """Keep one record; raises nothing: a full disk is reported once and the set goes on."""


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session as the journal has it."""

    began: str
    """Local time of its second 0, ISO 8601 with the offset: `datetime.fromisoformat` reads it. No two have the same."""
    second: float
    """The same in seconds since 1970 (UTC)."""
    records: tuple[Record, ...]
    """In the order in which they were written."""

    @property
    def plan(self) -> Began | None:
        """What it began with; None: an old journal does not tell."""
        return next((record for record in self.records if isinstance(record, Began)), None)

    @property
    def earlier(self) -> str:
        """Beginning of the session that it goes on with; empty: there is none."""
        return next((record.earlier for record in self.records if isinstance(record, Resumed)), "")


class History(Protocol):
    """What was trained, read back. HistoryError when it is there and may not be read."""

    def sessions(self, latest: int | None = None, but: Collection[str] = ()) -> Iterator[KeptSession]:
        """The newest first, the one of this moment included; `latest`: only so many; `but`: kinds that are left out.

        What cannot be read (a record that is damaged, a kind that is not known here, a beginning that is no
        time) is left out. Nothing when nothing was ever written.
        """

    def session(self, began: str) -> KeptSession | None:
        """The one that began then; None: there is none, or its beginning is no time."""

    def workouts(self) -> int:
        """How many sessions there are in which a set was done."""

    def preferences(self) -> Mapping[str, str]:
        """The latest value of every preference, by its name."""


class Archive(History, Protocol):
    """All that was trained, to be added to and to be deleted as a whole."""

    def add(self, sessions: Iterable[KeptSession]) -> int:
        """Keep these sessions too, all or none of them; one that is there already (the same beginning) is left as it
        is. Returns how many were new. HistoryError when they cannot be kept."""

    def forget(self) -> None:
        """Delete all of it, whatever it holds. HistoryError while a session is written to it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What another program may do in a live session. Any thread may call it."""

    request: Callable[[str, str], None]
    """Ask for a command: its words as the lifter would say them, and who asks ("page")."""
    now: Callable[[], float]
    """Session seconds."""


Happening = Event | Command | Snapshot
Observer = Callable[[Happening], None]
"""Watches a session: is shown every event before it is received, every command before it is carried out, and a snapshot
of the conversation after each event. It runs on the session's thread: what takes time it hands to one of its own."""

Link = Callable[[Reach], AbstractContextManager[Observer]]
"""Joins another program to a live session, such as a page or a message bus. It is entered before the session begins,
and left when the coach ends. WorldError when it is entered: the coach does not begin."""


class WorldError(Exception):
    """The world's fault, in one line that names the remedy. `cli` prints it and exits 1; no traceback."""


class VoiceError(WorldError):
    """The voice cannot speak."""


class HearingError(WorldError):
    """No recogniser, or no usable model."""


class SoundError(WorldError):
    """No sound library, device or usable sound file."""


class HistoryError(WorldError):
    """What was trained cannot be read."""


class DataError(WorldError):
    """A file of what was trained elsewhere is not as it must be; holds every fault, one a line."""


class OutputError(WorldError):
    """A file that the user named cannot be written."""


class PictureError(WorldError):
    """A picture cannot be drawn."""


class ScriptError(WorldError):
    """A file written by a person is not as it must be; holds every fault, one a line."""
