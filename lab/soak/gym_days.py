"""Days of a gym corner in virtual time: lifters who come and go, devices that fail, restarts; real journals.

Law: what the conversation wrote is in the journals, record by record, whatever failed; nothing is counted while the
coach cannot hear or cannot be heard; memory stays as it is.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from coach.adapters.journal.file import FileHistory, journal_files
from coach.commands import DropLines, End, ListenFor, Manner, Say, StopSpeaking, Write
from coach.events import (
    Event,
    Heard,
    HearingRestarted,
    MicrophoneFound,
    MicrophoneLost,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
    TimePassed,
)
from coach.language.speaking_time import speaking_time
from coach.ports import Observed
from coach.records import Record, RepDone, SetEnded, record_values
from coach.settings import Corner, Profile, Settings, Wake
from coach.snapshot import Snapshot
from coach.wiring.engines import Exercise, exercise
from coach.wiring.plans import ChosenPlan
from coach.wiring.sessions import Sessions, SharedParts
from lab.soak.lifter import Lifter
from lab.soak.memory import slope

NAMES = ("anna", "ben", "carla", "dimitri")
HOUR_S = 3600.0
OPEN_H = 16.0
"""Hours that the gym is open a day."""
SETTINGS = Settings(profile=Profile.SPEAKER, wake=Wake(needed=True), corner=Corner(True, NAMES))
_FAULT_EVERY_S = 600.0
_FAULT_S = (0.5, 60.0)
"""How long a device is away."""
_RESTART_EVERY_S = 4 * HOUR_S
_CHANGE_EVERY = 60
"""Another lifter comes after so many utterances, on the average."""
_BLOCK_S = 0.1
"""What is laid so soon sounds before anything could be done about it."""


class _Restart(Exception):  # noqa: N818  an ordinary event of these days
    pass


class _Closed(Exception):  # noqa: N818  the ordinary end
    pass


@dataclass(slots=True)
class DaysResult:
    """What came of it."""

    hours: float = 0.0
    said: int = 0
    sessions: int = 0
    counts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    sets: int = 0
    """In which at least one repetition was done."""
    reps: int = 0
    lost: list[str] = field(default_factory=list)
    """Records that the conversation wrote and no journal holds."""
    counted_blind: list[str] = field(default_factory=list)
    """Counts that began while the coach could not hear or be heard."""
    traced: list[tuple[float, float]] = field(default_factory=list)
    """(hours, megabytes held by Python objects)"""

    @property
    def growth(self) -> float:
        """Megabytes an hour over the second half."""
        half = self.traced[len(self.traced) // 2 :]
        return slope([at for at, _ in half], [size for _, size in half])


class _Corner:
    """Inbox, ears and voice of the corner between two restarts."""

    def __init__(
        self, days: DaysResult, chance: Random, lifter: Lifter, given: Exercise, hours: float, began: float
    ) -> None:
        self._days = days
        self._chance = chance
        self._lifter = lifter
        self._grammar = given[1]
        self._end = hours * HOUR_S
        self._began = began
        """Seconds of all days before this one's clock began."""
        self._posted: deque[Event] = deque()
        self._now = 0.0
        self._utterance = 0
        self._listens = ListenFor(frozenset())
        self._state = "idle"
        self._speaks_at = 8.0
        self._faults: list[tuple[float, type[Event]]] = []
        """What comes back, and when."""
        self._away: set[str] = set()
        self._fault_at = chance.expovariate(1 / _FAULT_EVERY_S)
        self._cut_at = chance.expovariate(1 / _RESTART_EVERY_S)
        self._counts: dict[int, float] = {}
        """Counts that are laid and not over: line -> its beat."""
        self.written: list[Record] = []

    @property
    def seconds(self) -> float:
        """Of all days, until now."""
        return self._began + self._now

    def put(self, event: Event) -> None:
        self._posted.append(event)

    def next(self, until: float | None) -> Event:
        if self._posted:
            event = self._posted.popleft()
            self._now = max(self._now, event.at)
            return event
        back = min(self._faults, default=(float("inf"), SessionStarted))[0]
        at = min(self._speaks_at, self._fault_at, self._cut_at, back, self._end - self._began)
        if until is not None and until <= at:
            self._now = max(self._now, until)
            return TimePassed(self._now)
        self._now = max(self._now, at)
        if at == self._end - self._began:
            raise _Closed
        if at == self._cut_at:
            self._days.faults["restart"] += 1
            raise _Restart
        if at == back:
            return self._come_back()
        return self._fail() if at == self._fault_at else self._speak()

    def _come_back(self) -> Event:
        first = min(self._faults, key=lambda one: one[0])
        self._faults.remove(first)
        found = first[1]
        self._away.discard("microphone" if found is MicrophoneFound else "speaker")
        return MicrophoneFound(self._now) if found is MicrophoneFound else SpeakerFound(self._now)

    def _fail(self) -> Event:
        self._fault_at = self._now + self._chance.expovariate(1 / _FAULT_EVERY_S)
        what = self._chance.choice(["microphone", "speaker", "recogniser"])
        if what == "recogniser" or what in self._away:
            self._days.faults["recogniser"] += 1
            return HearingRestarted(self._now, "it died", speech_lost=self._chance.random() < 0.5)
        self._days.faults[what] += 1
        self._away.add(what)
        until = self._now + self._chance.uniform(*_FAULT_S)
        if what == "microphone":
            self._faults.append((until, MicrophoneFound))
            return MicrophoneLost(self._now, "unplugged")
        self._faults.append((until, SpeakerFound))
        return SpeakerLost(self._now, "unplugged")

    def _speak(self) -> Event:
        self._speaks_at = self._now + self._lifter.pause(self._state.startswith("set."))
        if "microphone" in self._away:
            # Nobody hears it.
            return TimePassed(self._now)
        self._utterance += 1
        self._days.said += 1
        live = self._listens.intents | self._listens.after_wake_word
        words = self._lifter.words(live)
        if self._chance.random() < 1 / _CHANGE_EVERY:
            words = self._chance.choice(["next lifter", "end workout", *(f"this is {name}" for name in NAMES)])
        if self._grammar.understand(words, self._listens.intents) is None:
            words = f"coach {words}"
        return Heard(self._now, self._now - 0.5, words, 1.0, self._utterance, final=True)

    def watch(self, happening: Observed) -> None:
        """The observer."""
        match happening:
            case Write(record):
                self.written.append(record)
            case Snapshot(at=at, state=state):
                self._state = state
                if self._away:
                    self._look(at)
            case SessionStarted():
                self._days.sessions += 1
            case StopSpeaking() | End():
                self._counts.clear()
            case DropLines(lines):
                for line in lines:
                    self._counts.pop(line, None)
            case Say(manner=Manner.COUNT):
                self._counts[happening.line_number] = happening.at
                self._days.counts += 1
            case _:
                pass

    def _look(self, now: float) -> None:
        """What still counts, though a device is away."""
        blind = [at for at in self._counts.values() if at > now + _BLOCK_S]
        self._days.counted_blind += [f"{self._began + at:.1f} s, without {sorted(self._away)}" for at in blind]
        self._counts.clear()

    def listen_for(self, wanted: ListenFor) -> None:
        self._listens = wanted

    def say(self, line: Say) -> None:
        pass

    def stop(self, at: float) -> None:
        pass

    def drop(self, lines: frozenset[int]) -> None:
        pass

    def set_volume(self, decibels: float) -> None:
        pass

    def set_pace(self, percent: int) -> None:
        pass


def spend(days: int, seed: int, folder: Path, hours: float = OPEN_H) -> DaysResult:
    """So many days; `folder`: an empty one for the journals."""
    result, chance = DaysResult(), Random(seed)
    given = exercise(lifters=NAMES)
    lifter = Lifter(seed, given[1])
    total, spent = days * hours, 0.0
    log = folder / "written.txt"
    tracemalloc.start()
    with _data_folder(folder), log.open("w", encoding="utf-8") as written:
        try:
            while spent < total * HOUR_S:
                corner = _Corner(result, chance, lifter, given, total, spent)
                parts = SharedParts(corner, corner.put, corner, corner, speaking_time, given[1].vocabulary)
                sessions = Sessions(ChosenPlan(), SETTINGS, given, parts, _ignore, {})
                sessions.prepare()
                with suppress(_Restart, _Closed):
                    sessions.run(0.5, [corner.watch], sound_recorded=False)
                spent = corner.seconds
                written.writelines(f"{_digest(record)}\n" for record in corner.written)
                gc.collect()
                result.traced.append((spent / HOUR_S, tracemalloc.get_traced_memory()[0] / 1e6))
        finally:
            tracemalloc.stop()
    result.hours = spent / HOUR_S
    _compare(log, folder, result)
    return result


def _compare(log: Path, folder: Path, result: DaysResult) -> None:
    """What the conversations wrote, and what the journals hold."""
    with _data_folder(folder):
        kept = [
            record
            for path in journal_files()
            if path.exists()
            for session in FileHistory(path).sessions()
            for record in session.records
        ]
    result.sets = sum(isinstance(record, SetEnded) for record in kept)
    result.reps = sum(isinstance(record, RepDone) for record in kept)
    result.lost = sorted(
        (Counter(log.read_text(encoding="utf-8").splitlines()) - Counter(map(_digest, kept))).elements()
    )


def _digest(record: Record) -> str:
    """Without its time, which each session counts from its own beginning."""
    values = record_values(record)
    return f"{record.kind} {values | {'load': float(values['load'])} if 'load' in values else values}"


def _ignore(_: str) -> None:
    pass


@contextmanager
def _data_folder(folder: Path) -> Iterator[None]:
    """The journals are there."""
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_DATA_HOME"]
        else:
            os.environ["XDG_DATA_HOME"] = before
