"""Reads the workouts of the journal, with everything that counts in them."""

from __future__ import annotations

from collections.abc import Iterator

from coach.ports import History
from coach.records import RepDone
from coach.training.log import LoggedWorkout, with_open_set, workouts


def logged_workouts(journal: History) -> Iterator[LoggedWorkout]:
    """Workouts, the newest first. Repetitions are read only where a set may have been cut off; ten years take 0.3 s."""
    for workout in workouts(journal.sessions(without_kinds=(RepDone.kind,))):
        # Old journals have no plan, and no record of a set that began.
        cut_off = workout.open_set is not None or (workout.plan is None and not workout.ended)
        yield with_open_set(_with_repetitions(journal, workout)) if cut_off else workout


def _with_repetitions(journal: History, workout: LoggedWorkout) -> LoggedWorkout:
    """The workout with its repetitions, from all sessions in which it was continued."""
    sessions = []
    began = workout.last_session
    while began and (session := journal.session(began)) is not None and session not in sessions:
        sessions.append(session)
        began = session.earlier_session
    return next(workouts(sessions), workout)
