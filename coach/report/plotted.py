"""The figures as plots, each with a sentence that says what it shows."""

from __future__ import annotations

from collections.abc import Iterator

from coach.adapters.drawing.plots import Kind, Plot, Series
from coach.report.figures import LAST_REP, Figures
from coach.training.overview import heaviest, load_text, rest_planned, rest_taken


def load(found: Figures) -> Plot | None:
    """The heaviest load of each bin; None: no load was ever said."""
    values = tuple(heaviest(one.sets, found.unit) for one in found.bins.bins)
    known = [value for value in values if value is not None]
    if not known:
        return None
    first, last, least, most = (load_text(value, found.unit) for value in (known[0], known[-1], min(known), max(known)))
    told = f"From {first} to {last}; {least} at least, {most} at most."
    title = f"Heaviest load by {found.bins.each}, in {found.unit}"
    return Plot("load", Kind.LINES, title, told, _labels(found), (Series("load", _rounded(values)),), from_zero=False)


def repetitions(found: Figures) -> Plot:
    """Repetitions of each bin; where a bin holds several workouts, the average of a workout."""
    values = tuple(sum(one.reps for one in each.sets) / len(each.workouts) for each in found.bins.bins)
    sets = [len(one.sets) for one in found.oldest_first]
    told = f"Between {min(values):.0f} and {max(values):.0f} repetitions; {min(sets)} to {max(sets)} sets a workout."
    each = "by workout" if found.bins.each == "workout" else f"a workout, by {found.bins.each}"
    return Plot(
        "reps", Kind.BARS, f"Repetitions {each}", told, _labels(found), (Series("repetitions", _rounded(values)),)
    )


def rest(found: Figures) -> Plot | None:
    """Rest taken beside rest planned; None: no rest was measured."""
    taken = tuple(rest_taken(one.sets) for one in found.bins.bins)
    planned = tuple(rest_planned(one.sets) for one in found.bins.bins)
    known = [value for value in taken if value is not None]
    if not known:
        return None
    told = f"Rests of {min(known):.0f} to {max(known):.0f} s were taken."
    series = (Series("taken", _rounded(taken)), Series("planned", _rounded(planned), dashed=True))
    title = f"Rest between sets by {found.bins.each}, in seconds (medians)"
    return Plot("rest", Kind.LINES, title, told, _labels(found), series)


def faults(found: Figures) -> Plot | None:
    """Faults by the repetition in which they were reported, and by its phase; None: no fault was reported."""
    if not found.by_rep:
        return None
    last = max(rep for counts in found.by_rep.values() for rep in counts)
    reps = range(1, last + 1)
    series = tuple(
        Series(phase, tuple(float(counts[rep]) or None for rep in reps)) for phase, counts in found.by_rep.items()
    )
    sums = {rep: sum(counts[rep] for counts in found.by_rep.values()) for rep in reps}
    most = max(sums, key=lambda rep: sums[rep])
    labels = tuple(f"{rep}+" if rep == LAST_REP else str(rep) for rep in reps)
    told = f"Most of them, {sums[most]}, in repetition {labels[most - 1]}."
    return Plot("faults", Kind.STACKS, "Reported faults by repetition and phase", told, labels, series)


def plots(found: Figures) -> Iterator[Plot]:
    """All plots that have something to show."""
    for plot in (load(found), repetitions(found), faults(found), rest(found)):
        if plot is not None:
            yield plot


def _labels(found: Figures) -> tuple[str, ...]:
    return tuple(one.label for one in found.bins.bins)


def _rounded(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return tuple(None if value is None else round(value, 2) for value in values)
