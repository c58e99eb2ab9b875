"""Turns a session of the journal into a conversation script that can be performed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from coach.content.files import BUNDLED, find_pack
from coach.ports import History, HistoryError, ScriptError, StoredSession
from coach.records import RECORD_CLASSES, PreferenceChanged, Record, record_values
from coach.rehearsal.performance import reenact
from coach.rehearsal.replay.script_head import records_of, script_of
from coach.rehearsal.scripts.transcript import script_text
from coach.wiring.engines import exercise
from coach.wiring.journal import history
from coach.wiring.logged_workouts import logged_workouts

_MAX_OLDER = 20
"""Number of earlier sessions among which the session that this one continues is looked for."""


def replayed(name: str, pack: str | None, lifter: str | None = None) -> tuple[str, Sequence[str]]:
    """The script of a session, and a line for each record that the script does not produce again.

    `name`: the session's number in `coach history`, or its beginning. `pack`: a folder or name in place of the
    session's. HistoryError when no such session exists.
    """
    journal = history(lifter)
    session = _session(journal, name)
    folder, named = _pack(session, pack)
    older = []
    if session.earlier_session:
        older = list(islice(_older_than(journal, session), _MAX_OLDER))
    content, grammar, default_plan = exercise(folder)
    script = script_of(session, older, _preferences(journal, session), default_plan, named)
    played, missed = reenact(script, content, grammar, records_of(session, default_plan))
    return script_text(played.entries, script.head), [_missed_line(record) for record in missed]


def _session(journal: History, name: str) -> StoredSession:
    began = name
    if name.isdecimal():
        every = logged_workouts(journal)
        found = next(islice(every, int(name[:9]) - 1, None), None) if int(name[:9]) else None
        if found is None:
            raise HistoryError(f"no workout {name}: `coach history` lists them")
        began = found.last_session
    session = journal.session(began) or next((one for one in journal.sessions() if one.began.startswith(began)), None)
    if session is None or not began:
        raise HistoryError(f'no session {name!r}: give a number of `coach history`, or its "session" with --json')
    return session


def _pack(session: StoredSession, given: str | None) -> tuple[Path, str]:
    """The folder of the exercise, and its name for a script; empty: the coach's own exercise."""
    name = given or (session.plan.exercise if session.plan is not None else "")
    if not name:
        return BUNDLED, ""
    try:
        folder = find_pack(name)
    except ScriptError as error:
        raise HistoryError(f"the exercise {name!r} is not here: name its folder with --pack") from error
    return folder, "" if folder == BUNDLED else name


def _older_than(journal: History, session: StoredSession) -> Iterator[StoredSession]:
    return (one for one in journal.sessions() if one.unix_time < session.unix_time)


def _preferences(journal: History, session: StoredSession) -> dict[str, str]:
    """The preferences at the beginning of the session."""
    others = tuple(kind for kind in RECORD_CLASSES if kind != PreferenceChanged.kind)
    found: dict[str, str] = {}
    for one in journal.sessions(without_kinds=others):
        if one.unix_time < session.unix_time:
            for record in reversed(one.records):
                if isinstance(record, PreferenceChanged):
                    found.setdefault(record.name, record.value)
    return found


def _missed_line(record: Record) -> str:
    values = (f"{name}={value}" for name, value in record_values(record).items())
    return f"did not come again: {record.kind} {' '.join(values)}"
