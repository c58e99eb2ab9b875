"""Makes ten years of training of a lifter who does not exist: the same for the same seed.

1,500 sessions have a million records. These are ten times more repetitions than a lifter does; the journal must cope
with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from coach.ports import StoredSession
from coach.records import (
    FaultReported,
    GotStuck,
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

SESSIONS = 1500
_FIRST = datetime(2016, 1, 4, 18, tzinfo=UTC)
_HERE = timezone(timedelta(hours=1))
_DAYS = 3653
_SETS, _REPS = range(19, 24), range(28, 37)
_FAULTS = ("BackLifted", "HipsLifted", "KneesIn", "KneesOut", "LockedKnees", "TooFast", "NotDeep", "HeldBreath")
_PHASES = ("lowering", "bottom", "pressing", "top")
_TEMPOS = ("4-1-2-0", "3-1-2-0", "3-0-1-0")
_REP_S = 7.0


def ten_years(seed: int = 1, sessions: int = SESSIONS) -> Iterator[StoredSession]:
    """Yields the sessions, the oldest first."""
    chance = Random(seed)
    before = ""
    for number in range(sessions):
        begins = _FIRST + timedelta(days=number * _DAYS // SESSIONS, seconds=chance.randrange(7200))
        # In local time, as the journal has it.
        began = begins.astimezone(_HERE).isoformat(timespec="seconds")
        records = list(_session(chance, 60.0 + 120.0 * number / SESSIONS, before))
        # Some sessions break off, and the next session continues them.
        breaks = chance.random() < 0.02
        kept = records[: chance.randrange(1, len(records))] if breaks else records
        yield StoredSession(began, begins.timestamp(), tuple(kept))
        before = began if breaks else ""


def _session(chance: Random, load: float, before: str) -> Iterator[Record]:
    """Yields the records of a session; `before`: the session that it continues."""
    sets, reps, rest = chance.choice(_SETS), chance.choice(_REPS), chance.choice((60, 90, 120))
    tempo, unit, load = chance.choice(_TEMPOS), "lb" if chance.random() < 0.1 else "kg", round(load * 2) / 2
    yield SessionBegan(0.5, "leg_press", sets, reps, rest, tempo)
    if before:
        yield SessionResumed(0.5, before)
    if chance.random() < 0.2:
        yield PreferenceChanged(10.0, chance.choice(("volume", "verbosity", "pace")), str(chance.randrange(-6, 7)))
    at, done = 30.0, 0
    for number in range(1, sets + 1):
        yield SetBegan(at, number, None if number == 1 else rest)
        count = max(1, reps - chance.choice((0, 0, 0, 0, 1, 2, 8)))
        for rep in range(1, count + 1):
            at += _REP_S
            yield RepDone(at, number, rep)
            if chance.random() < 0.01:
                yield from _mishap(chance, at + 2.0, number, rep)
                at += 30.0
        at += 1.5
        yield SetEnded(at, number, count, load, unit, tempo)
        if chance.random() < 0.2:
            yield SetAmended(at + 5.0, number, count, load, unit, chance.randrange(4))
        at += rest + chance.random() * 20.0
        done += count
    yield WorkoutEnded(at, sets, done)


def _mishap(chance: Random, at: float, number: int, rep: int) -> Iterator[Record]:
    match chance.randrange(10):
        case 0:
            yield StopSaid(at, number, rep)
        case 1:
            yield GotStuck(at, number, rep)
        case 2:
            yield PainReported(at, chance.choice(("Pain", "Dizzy")), number, rep)
        case _:
            yield FaultReported(at, chance.choice(_FAULTS), number, rep, chance.choice(_PHASES))
