"""The figures of one exercise's workouts: totals, faults, pain, rest, tempo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from coach.records import FaultReported, GotStuck, PainReported, StopSaid
from coach.report.bins import Bins, binned, start_time
from coach.training.log import LoggedSet, LoggedWorkout, Report, without_warm_ups
from coach.training.overview import intent_words, unit_of
from coach.training.plan import Load

PHASE_NAMES: Mapping[str, str] = {"lowering": "lowering", "bottom": "bottom", "pressing": "push", "top": "top"}
"""Name of a phase in records -> its name for people."""
UNKNOWN_PHASE = "not said"
LAST_REP_COLUMN = 15
"""Plots show this repetition and all later ones in one column."""


@dataclass(frozen=True, slots=True)
class PainReport:
    """A report of pain or dizziness: when it was made, and where in the workout."""

    when: datetime
    what: str
    set: int
    """Number of the set; 0: in no set."""
    rep: int
    """Repetitions of the set done before the report."""
    minute: int
    """Minute of the workout, from 1."""
    load: Load | None
    """Load of the set, if the set was ended."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one exercise, with at least one workout."""

    exercise: str
    unit: str
    """Unit of all loads here: the unit of the latest load."""
    oldest_first: tuple[LoggedWorkout, ...]
    bins: Bins
    pain_reports: tuple[PainReport, ...]
    """Reports of pain and dizziness, the newest first."""
    faults: Mapping[str, Counter[str]]
    """Kind of fault, the most frequent first -> number of reports in each phase."""
    faults_by_rep: Mapping[str, Counter[int]]
    """Phase -> number of faults in each repetition, from 1; `LAST_REP_COLUMN` includes all later ones."""
    tempos: Mapping[str, tuple[LoggedSet, ...]]
    """Tempo, the most frequent first -> its sets, the oldest first."""
    stops: int
    """How often the lifter said stop while a set was open."""
    stuck: int
    """How often the platform stopped moving."""

    @property
    def sets(self) -> list[LoggedSet]:
        """The sets of all workouts."""
        return [logged_set for workout in self.oldest_first for logged_set in workout.sets]

    @property
    def fault_count(self) -> int:
        """How many faults were reported, of all kinds."""
        return sum(sum(phases.values()) for phases in self.faults.values())


def figures(newest_first: Sequence[LoggedWorkout]) -> Figures:
    """Returns the figures of workouts that are all of one exercise; warm-ups are left out."""
    oldest_first = tuple(sorted(map(without_warm_ups, newest_first), key=lambda one: one.began))
    reported = [report for workout in oldest_first for report in workout.reports]
    fault_reports = [report for report in reported if report.kind == FaultReported.kind]
    faults_by_rep: dict[str, Counter[int]] = {}
    faults: dict[str, Counter[str]] = {}
    for report in fault_reports:
        phase = PHASE_NAMES.get(report.phase or "", UNKNOWN_PHASE)
        # The fault happened in the repetition after the last one that was done.
        faults_by_rep.setdefault(phase, Counter())[min(report.rep + 1, LAST_REP_COLUMN)] += 1
        faults.setdefault(intent_words(report.intent), Counter())[phase] += 1
    tempos: dict[str, list[LoggedSet]] = {}
    for done in (one for workout in oldest_first for one in workout.sets):
        if done.tempo:
            tempos.setdefault(done.tempo, []).append(done)
    order = [*PHASE_NAMES.values(), UNKNOWN_PHASE]
    return Figures(
        oldest_first[-1].exercise,
        unit_of(reversed(oldest_first)),
        oldest_first,
        binned(oldest_first),
        tuple(_pain_reports(oldest_first))[::-1],
        dict(sorted(faults.items(), key=lambda item: (-sum(item[1].values()), item[0]))),
        {phase: faults_by_rep[phase] for phase in order if phase in faults_by_rep},
        {tempo: tuple(sets) for tempo, sets in sorted(tempos.items(), key=lambda item: (-len(item[1]), item[0]))},
        sum(report.kind == StopSaid.kind for report in reported),
        sum(report.kind == GotStuck.kind for report in reported),
    )


def _pain_reports(oldest_first: Iterable[LoggedWorkout]) -> Iterable[PainReport]:
    for workout in oldest_first:
        loads = {done.number: done.load for done in workout.sets}
        for report in workout.reports:
            if report.kind == PainReported.kind:
                yield _pain_report(workout, report, loads.get(report.set))


def _pain_report(workout: LoggedWorkout, report: Report, load: Load | None) -> PainReport:
    late = report.at - workout.began
    when = start_time(workout) + timedelta(seconds=late)
    return PainReport(when, intent_words(report.intent), report.set, report.rep, int(late // 60) + 1, load)
