"""An archive in memory, and sessions that nobody trained."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from coach.ports import StoredSession
from coach.records import (
    FaultReported,
    GotStuck,
    ImportedExtra,
    PainReported,
    PreferenceChanged,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)

TEXTS = (
    "leg_press",
    "Bench Press (Barbell)",
    "=1+1",
    "+49",
    "-x",
    "@me",
    "'=1",
    "''-",
    'a "b", c;d',
    "zwei\nZeilen",
    "ü",
)
"""Texts that a spreadsheet, a separator or a line break may change."""


class MemoryArchive:
    """The `Archive` port in its simplest form."""

    def __init__(self, sessions: Iterable[StoredSession] = ()) -> None:
        self.kept = {session.began: session for session in sessions}

    def sessions(self, limit: int | None = None, without_kinds: Container[str] = ()) -> Iterator[StoredSession]:
        """Sessions, the newest first."""
        newest_first = sorted(self.kept.values(), key=lambda session: session.unix_time, reverse=True)
        for session in newest_first[:limit]:
            records = tuple(record for record in session.records if record.kind not in without_kinds)
            yield StoredSession(session.began, session.unix_time, records)

    def session(self, began: str) -> StoredSession | None:
        """The session that began then."""
        return self.kept.get(began)

    def count_workouts(self) -> int:
        """Number of sessions with a set."""
        return sum(any(isinstance(record, SetEnded) for record in session.records) for session in self.kept.values())

    def preferences(self) -> Mapping[str, str]:
        """The latest value of every preference."""
        every = [record for session in reversed(list(self.sessions())) for record in session.records]
        return {record.name: record.value for record in every if isinstance(record, PreferenceChanged)}

    def add(self, sessions: Iterable[StoredSession]) -> int:
        """Add the sessions that are new; return their number."""
        new = [session for session in sessions if session.began not in self.kept]
        self.kept.update({session.began: session for session in new})
        return len(new)


def session(began: datetime, *records: Record) -> StoredSession:
    """A session that began at a time with an offset."""
    return StoredSession(began.isoformat(), began.timestamp(), records)


def any_record(chance: Random) -> Record:
    """A record of any kind, some with values at the edges."""
    at = chance.choice((0.0, 12.5, round(chance.uniform(0, 5000), 3)))
    number, count, text = chance.randrange(1, 9), chance.randrange(0, 30), chance.choice(TEXTS)
    load: tuple[float | None, str | None] = chance.choice(
        ((None, None), (92.5, "kg"), (61.23496995, "kg"), (135.0, "lb"))
    )
    one_of_each: list[Record] = [
        SessionBegan(at, text, 3, 10, 120, "4-1-2-0"),
        SessionResumed(at, "2026-01-01T10:00:00+00:00"),
        SetBegan(at, number, chance.choice((None, 90))),
        RepDone(at, number, count),
        SetEnded(at, number, count, *load, chance.choice((None, "3-1-1-0"))),
        SetAmended(at, number, count, *load, chance.choice((None, 2))),
        FaultReported(at, "BackLifted", number, count, chance.choice((None, "lowering"))),
        StopSaid(at, number, count),
        GotStuck(at, number, count),
        PainReported(at, "Dizzy", number, count),
        PreferenceChanged(at, "volume", chance.choice(("-6", "0", text))),
        ImportedExtra(at, number, "exercise_notes", text),
        WorkoutEnded(at, number, count),
    ]
    return chance.choice(one_of_each)


def any_sessions(chance: Random) -> list[StoredSession]:
    """Some sessions with any records, the newest first."""
    zones = (UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-3)))
    begun = datetime(2026, 1, 1, 9, 30, tzinfo=chance.choice(zones))
    made = []
    for _ in range(chance.randrange(6)):
        begun += timedelta(seconds=chance.randrange(1, 10**6))
        made.append(session(begun, *(any_record(chance) for _ in range(chance.randrange(1, 9)))))
    return sorted(made, key=lambda one: one.unix_time, reverse=True)


def random_training(chance: Random, zone: timezone = UTC) -> list[StoredSession]:
    """Sessions of sets that other programs can represent fully, at least a minute apart, the newest first."""
    begun = datetime(2026, 1, 1, 9, 30, tzinfo=zone)
    made = []
    for _ in range(chance.randrange(5)):
        begun += timedelta(minutes=chance.randrange(1, 10**4))
        records: list[Record] = [SessionBegan(0.0, chance.choice(TEXTS), 3, 10, 120, "4-1-2-0")]
        at = 0.0
        for number in range(1, chance.randrange(2, 6)):
            at += 60.0 * chance.randrange(1, 5)
            for _ in range(chance.choice((1, 1, 2))):
                loaded = chance.random() < 0.8
                load = chance.randrange(1, 300) / 2 if loaded else None
                records.append(SetEnded(at, number, chance.randrange(1, 20), load, "kg" if loaded else None))
            if chance.random() < 0.3:
                records.append(GotStuck(at, number, 4))
            if chance.random() < 0.5:
                done = [record for record in records if isinstance(record, SetEnded) and record.set == number]
                reps = sum(record.reps for record in done)
                records.append(SetAmended(at, number, reps, done[-1].load, done[-1].unit, chance.randrange(0, 10)))
        made.append(session(begun, *records, WorkoutEnded(at, number, 1)))
    return made[::-1]


def months_of_training(count: int, chance: Random, ended: datetime) -> list[StoredSession]:
    """This many workouts as a lifter would train, two or three a week, the last just before `ended`."""
    made: list[StoredSession] = []
    moment = ended
    for place in range(count):
        moment -= timedelta(days=chance.choice((2, 2, 3)), minutes=chance.randrange(-90, 90))
        load = 60.0 + 2.5 * ((count - place) * 30 // count)
        made.append(session(moment, *_a_workout(load, chance)))
    return made


def _a_workout(load: float, chance: Random) -> Iterator[Record]:
    sets, reps, rest, tempo = 3, 10, 120, chance.choice(("4-1-2-0", "4-1-2-0", "3-1-1-0"))
    yield SessionBegan(0.5, "leg_press", sets, reps, rest, tempo)
    at, total = 20.0, 0
    for number in range(1, sets + 1):
        yield SetBegan(at, number, rest if number > 1 else None)
        done = chance.choice((10, 10, 10, 9, 8))
        at += 9.0
        for rep in range(1, done + 1):
            at += 7.0
            yield RepDone(at, number, rep)
            if chance.random() < 0.02 * rep / 5:
                what = chance.choice(("BackLifted", "BackLifted", "KneesCavedIn", "HeldBreath"))
                yield FaultReported(
                    at + 3.0, what, number, rep, chance.choice(("lowering", "lowering", "bottom", "pressing"))
                )
                at += 20.0
        if chance.random() < 0.01:
            yield PainReported(at + 1.0, chance.choice(("Hurts", "Dizzy")), number, done)
        yield SetEnded(at, number, done, load, "kg", tempo)
        total += done
        at += chance.randrange(95, 190)
    yield WorkoutEnded(at, sets, total)
