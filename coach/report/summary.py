"""The figures in a few plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coach.report.bins import day, moment
from coach.report.figures import Figures
from coach.training.overview import heaviest, load_text, rest_planned, rest_taken, shortened

_WHERE = {
    "lowering": "while lowering",
    "bottom": "at the bottom",
    "push": "while pushing",
    "top": "at the top",
}


def summary(found: Figures) -> list[str]:
    """What a reader who reads nothing else must know; pain comes first."""
    return [*_pain(found), *_work(found), *_faults(found), *_rest(found), *_tempo(found)]


def _pain(found: Figures) -> Iterator[str]:
    if not found.moments:
        yield "No pain and no dizziness was reported."
        return
    kinds = Counter(one.what for one in found.moments)
    told = ", ".join(f"{shortened(what)} {_times(count)}" for what, count in kinds.most_common(3))
    yield f"Pain or dizziness was reported {_times(len(found.moments))} ({told}), last on {day(found.moments[0].when)}."


def _work(found: Figures) -> Iterator[str]:
    first, last = found.oldest_first[0], found.oldest_first[-1]
    when = f"on {day(moment(first))}"
    if first is not last:
        when = f"from {day(moment(first))} to {day(moment(last))}"
    sets = found.sets
    reps = sum(one.reps for one in sets)
    yield f"{_many(len(found.oldest_first), 'workout')} {when}: {_many(len(sets), 'set')}, {_many(reps, 'repetition')}."
    loads = [load for one in found.oldest_first if (load := heaviest(one.sets, found.unit)) is not None]
    if len(loads) > 1:
        first_load, last_load, most = (load_text(load, found.unit) for load in (loads[0], loads[-1], max(loads)))
        yield f"Heaviest load of a workout: {first_load} in the first, {last_load} in the last, {most} at most."
    elif loads:
        yield f"Heaviest load: {load_text(loads[0], found.unit)}."


def _faults(found: Figures) -> Iterator[str]:
    if not found.fault_count:
        yield "No fault of form was reported."
    else:
        what, phases = next(iter(found.faults.items()))
        phase = phases.most_common(1)[0][0]
        mostly = "" if len(phases) == 1 else "mostly "
        where = f", {mostly}{_WHERE[phase]}" if phase in _WHERE else ""
        often = f"{_times(sum(phases.values()))}{where}"
        yield f"Faults of form were reported {_times(found.fault_count)}; most often: {shortened(what)} ({often})."
    ended = [f"stopped by voice {_times(found.stops)}"] * bool(found.stops)
    ended += [f"failed under the load {_times(found.stuck)}"] * bool(found.stuck)
    if ended:
        yield f"Sets were {' and '.join(ended)}."


def _rest(found: Figures) -> Iterator[str]:
    taken, planned = rest_taken(found.sets), rest_planned(found.sets)
    if taken is not None and planned is not None:
        yield f"Rest between sets: {taken:.0f} s taken, {planned:.0f} s planned (medians)."


def _tempo(found: Figures) -> Iterator[str]:
    if found.tempos:
        tempo, sets = next(iter(found.tempos.items()))
        every = sum(map(len, found.tempos.values()))
        yield f"Tempo coached most: {tempo} (seconds of lowering, pause, push, pause), in {len(sets)} of {every} sets."


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"
