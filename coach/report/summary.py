"""The figures in a few plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coach.report.bins import date_text, start_time
from coach.report.figures import Figures
from coach.training.overview import heaviest, load_text, rest_planned, rest_taken, shortened

_WHERE = {"lowering": "while lowering", "bottom": "at the bottom", "push": "while pushing", "top": "at the top"}


def summary(figures: Figures) -> list[str]:
    """What a reader who reads nothing else must know; pain comes first."""
    return [*_pain(figures), *_work(figures), *_faults(figures), *_rest(figures), *_tempo(figures)]


def _pain(figures: Figures) -> Iterator[str]:
    if not figures.pain_reports:
        yield "No pain and no dizziness was reported."
        return
    kinds = Counter(report.what for report in figures.pain_reports)
    kinds_text = ", ".join(f"{shortened(what)} {_times(count)}" for what, count in kinds.most_common(3))
    times, latest = _times(len(figures.pain_reports)), date_text(figures.pain_reports[0].when)
    yield f"Pain or dizziness was reported {times} ({kinds_text}), last on {latest}."


def _work(figures: Figures) -> Iterator[str]:
    first, last = figures.oldest_first[0], figures.oldest_first[-1]
    when = f"on {date_text(start_time(first))}"
    if first is not last:
        when = f"from {date_text(start_time(first))} to {date_text(start_time(last))}"
    sets = figures.sets
    reps = sum(one.reps for one in sets)
    workouts = _count_of(len(figures.oldest_first), "workout")
    yield f"{workouts} {when}: {_count_of(len(sets), 'set')}, {_count_of(reps, 'repetition')}."
    loads = [load for one in figures.oldest_first if (load := heaviest(one.sets, figures.unit)) is not None]
    if len(loads) > 1:
        first_load, last_load, most = (load_text(load, figures.unit) for load in (loads[0], loads[-1], max(loads)))
        yield f"Heaviest load of a workout: {first_load} in the first, {last_load} in the last, {most} at most."
    elif loads:
        yield f"Heaviest load: {load_text(loads[0], figures.unit)}."


def _faults(figures: Figures) -> Iterator[str]:
    if not figures.fault_count:
        yield "No fault of form was reported."
    else:
        what, phases = next(iter(figures.faults.items()))
        phase = phases.most_common(1)[0][0]
        mostly = "" if len(phases) == 1 else "mostly "
        where = f", {mostly}{_WHERE[phase]}" if phase in _WHERE else ""
        often = f"{_times(sum(phases.values()))}{where}"
        yield f"Faults of form were reported {_times(figures.fault_count)}; most often: {shortened(what)} ({often})."
    ended = [f"stopped by voice {_times(figures.stops)}"] * bool(figures.stops)
    ended += [f"failed under the load {_times(figures.stuck)}"] * bool(figures.stuck)
    if ended:
        yield f"Sets were {' and '.join(ended)}."


def _rest(figures: Figures) -> Iterator[str]:
    taken, planned = rest_taken(figures.sets), rest_planned(figures.sets)
    if taken is not None and planned is not None:
        yield f"Rest between sets: {taken:.0f} s taken, {planned:.0f} s planned (medians)."


def _tempo(figures: Figures) -> Iterator[str]:
    if figures.tempos:
        tempo, sets = next(iter(figures.tempos.items()))
        every = sum(map(len, figures.tempos.values()))
        yield f"Tempo coached most: {tempo} (seconds of lowering, pause, push, pause), in {len(sets)} of {every} sets."


def _count_of(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"
