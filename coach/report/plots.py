"""The figures as plots, each with a sentence that says what it shows."""

from __future__ import annotations

from coach.adapters.drawing.plots import Kind, Plot, Series
from coach.report.figures import LAST_REP_COLUMN, Figures
from coach.training.overview import heaviest, load_text, rest_planned, rest_taken


def load(figures: Figures) -> Plot | None:
    """Returns the heaviest load of each bin; None: no load was ever said."""
    values = tuple(heaviest(bin_.sets, figures.unit) for bin_ in figures.bins.bins)
    known = [value for value in values if value is not None]
    if not known:
        return None
    first, last, least, most = (
        load_text(value, figures.unit) for value in (known[0], known[-1], min(known), max(known))
    )
    text = f"From {first} to {last}; {least} at least, {most} at most."
    title = f"Heaviest load by {figures.bins.period}, in {figures.unit}"
    return Plot("load", Kind.LINES, title, text, _labels(figures), (Series("load", _rounded(values)),), from_zero=False)


def repetitions(figures: Figures) -> Plot:
    """Repetitions of each bin; where a bin holds several workouts, the average of a workout."""
    values = tuple(sum(logged.reps for logged in each.sets) / len(each.workouts) for each in figures.bins.bins)
    sets = [len(logged.sets) for logged in figures.oldest_first]
    text = f"Between {min(values):.0f} and {max(values):.0f} repetitions; {min(sets)} to {max(sets)} sets a workout."
    each = "by workout" if figures.bins.period == "workout" else f"a workout, by {figures.bins.period}"
    series = (Series("repetitions", _rounded(values)),)
    return Plot("reps", Kind.BARS, f"Repetitions {each}", text, _labels(figures), series)


def rest(figures: Figures) -> Plot | None:
    """Rest taken beside rest planned; None: no rest was measured."""
    taken = tuple(rest_taken(bin_.sets) for bin_ in figures.bins.bins)
    planned = tuple(rest_planned(bin_.sets) for bin_ in figures.bins.bins)
    known = [value for value in taken if value is not None]
    if not known:
        return None
    text = f"Rests of {min(known):.0f} to {max(known):.0f} s were taken."
    series = (Series("taken", _rounded(taken)), Series("planned", _rounded(planned), dashed=True))
    title = f"Rest between sets by {figures.bins.period}, in seconds (medians)"
    return Plot("rest", Kind.LINES, title, text, _labels(figures), series)


def faults(figures: Figures) -> Plot | None:
    """Faults by the repetition in which they were reported, and by its phase; None: no fault was reported."""
    if not figures.faults_by_rep:
        return None
    last = max(rep for counts in figures.faults_by_rep.values() for rep in counts)
    reps = range(1, last + 1)
    series = tuple(
        Series(phase, tuple(float(counts[rep]) or None for rep in reps))
        for phase, counts in figures.faults_by_rep.items()
    )
    sums = {rep: sum(counts[rep] for counts in figures.faults_by_rep.values()) for rep in reps}
    most = max(sums, key=lambda rep: sums[rep])
    labels = tuple(f"{rep}+" if rep == LAST_REP_COLUMN else str(rep) for rep in reps)
    text = f"Most of them, {sums[most]}, in repetition {labels[most - 1]}."
    return Plot("faults", Kind.STACKS, "Reported faults by repetition and phase", text, labels, series)


def _labels(figures: Figures) -> tuple[str, ...]:
    return tuple(bin_.label for bin_ in figures.bins.bins)


def _rounded(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return tuple(None if value is None else round(value, 2) for value in values)
