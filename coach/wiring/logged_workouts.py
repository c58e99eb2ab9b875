"""Reads the workouts of the journal, with everything that counts in them."""

from __future__ import annotations

from collections.abc import Iterator

from coach.ports import History
from coach.records import RepDone
from coach.training.log import LoggedWorkout, with_open_set, workouts


def logged_workouts(journal: History) -> Iterator[LoggedWorkout]:
    """Workouts, the newest first. Repetitions are read only where a set may have been cut off; ten years take 0.3 s."""
    for found in workouts(journal.sessions(without_kinds=(RepDone.kind,))):
        old = found.plan is None and not found.ended
        yield with_open_set(_with_repetitions(journal, found)) if old or found.open_set is not None else found


def _with_repetitions(journal: History, found: LoggedWorkout) -> LoggedWorkout:
    """The workout with its repetitions, from all sessions in which it was continued."""
    sessions = []
    began = found.last_session
    while began and (session := journal.session(began)) is not None and session not in sessions:
        sessions.append(session)
        began = session.earlier_session
    return next(workouts(sessions), found)
