"""Tables of what was heard: each figure beside that of an earlier run, if one is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lab.benchmarks.hearing import bars
from lab.benchmarks.hearing.clips import Kind, Voices
from lab.benchmarks.hearing.tallies import (
    Compared,
    cpu,
    is_command,
    is_right,
    median_delay,
    missed,
    p95_delay,
    right,
    wrong,
)
from lab.benchmarks.hearing.trials import ORDERS, HeardTrial

_NEGATIVE = (Kind.PEOPLE, Kind.FRAGMENT, Kind.NEIGHBOUR, Kind.DENIAL, Kind.TALK)
_SYNTHETIC = (Voices.FLITE.value, Voices.LIFTERS.value)
_SHOWN = 8
"""Number of wrongly heard words that are shown."""

Row = tuple[str, ...]


def tables(heard: Sequence[HeardTrial], before: Sequence[HeardTrial] = ()) -> Iterator[str]:
    """Yields everything that was measured, a text for each table."""
    both = Compared(heard, before)
    yield _titled("bars", bars.rows(both))
    for (state,), here in both.matching(lambda one: one.state != ORDERS).by("state"):
        yield _titled(f"commands, state {state}", _by_condition(here.matching(is_command)))
        yield _titled(f"commands right by voice, %, state {state}", _by_voice(here.matching(is_command)))
        around = here.matching(lambda one: one.kind == Kind.AROUND.value)
        yield _titled(f"words before and behind safety words, state {state}", _around(around))
        yield _titled(f"what is no command, state {state}", _taken(here))
    orders = both.matching(lambda one: one.kind == Kind.ORDER.value)
    yield _titled(
        "real people's coffee orders, every slot right; the noise is a kitchen's, as recorded", _orders(orders)
    )
    alone = both.matching(lambda one: one.kind == "noise")
    yield _titled("noise alone, as loud as a lifter's words; babble is six people talking", _alone(alone))
    spoken = both.matching(lambda one: is_command(one) and one.voices in _SYNTHETIC)
    yield _titled("ms from the last sound of a command to its action; not right is endlessly late", _latency(spoken))
    yield _titled("seconds of processor time for a second of sound", _cost(both))


def _by_condition(both: Compared) -> Iterator[Row]:
    yield ("", "voices", "right %", "worst voice", "wrong %", "missed %", "safety right %", "said")
    for (condition, voices), its in both.by("condition", "voices"):
        voice, least = min(((key[0], right(of.now)) for key, of in its.by("voice")), key=lambda each: each[1])
        yield (
            condition,
            voices,
            its.show(right),
            "" if voices == Voices.PEOPLE.value else f"{voice} {least:.0f}",
            its.show(wrong),
            its.show(missed),
            its.matching(lambda one: one.safety).show(right),
            str(len(its.now)),
        )


def _by_voice(both: Compared) -> Iterator[Row]:
    spoken = both.matching(lambda one: one.voices in _SYNTHETIC)
    conditions = [condition for (condition,), _ in spoken.by("condition")]
    yield ("voice", *conditions, "not right when clean")
    for (voices, voice), its in spoken.by("voices", "voice"):
        shares = [its.where(condition=name).show(right, "{:.0f}") for name in conditions]
        lost = [one for one in its.now if one.condition == "clean" and not is_right(one)]
        yield (f"{voices} {voice}", *shares, f"{len(lost)}: {_counted(one.text for one in lost)}" if lost else "0")


def _around(both: Compared) -> Iterator[Row]:
    yield ("", "voices", "right %", "wrong %", "said", "not right")
    for (condition, voices), its in both.by("condition", "voices"):
        lost = _counted(one.text for one in its.now if not is_right(one))
        yield (condition, voices, its.show(right), its.show(wrong), str(len(its.now)), lost)


def _taken(both: Compared) -> Iterator[Row]:
    yield ("", "", "acted on", "%", "safety", "the words, and what was made of them")
    negatives = {kind.value for kind in _NEGATIVE}
    groups = [*both.matching(lambda one: one.kind in negatives).by("kind", "condition")]
    others = both.matching(lambda one: one.kind == Kind.COMMAND.value and not one.meant)
    groups += [(("commands not live", key[0]), its) for key, its in others.by("condition")]
    for (kind, condition), its in groups:
        taken = [one for one in its.now if one.acted]
        yield (
            kind,
            condition,
            f"{len(taken)} of {len(its.now)}",
            its.show(wrong),
            str(sum(one.grave for one in taken)),
            _counted(f"{one.text} = {one.acted[0]}" for one in taken),
        )


def _orders(both: Compared) -> Iterator[Row]:
    yield ("", "right %", "wrong %", "said")
    for (condition,), its in both.by("condition"):
        yield (condition, its.show(right), its.show(wrong), str(len(its.now)))
    if both.now:
        yield ("mean", both.show(right), both.show(wrong), str(len(both.now)))


def _alone(both: Compared) -> Iterator[Row]:
    yield ("", "state", "minutes", "actions", "of them safety", "what")
    for (condition, state), its in both.by("condition", "state"):
        yield (
            condition,
            state,
            f"{sum(one.sound_s for one in its.now) / 60:.0f}",
            its.show(lambda each: float(sum(len(one.acted) for one in each)), "{:.0f}"),
            its.show(lambda each: float(sum(one.grave for one in each)), "{:.0f}"),
            _counted(name for one in its.now for name in one.acted),
        )


def _latency(both: Compared) -> Iterator[Row]:
    yield ("", "state", "p50", "p95", '"stop" p50', '"stop" p95')
    for (condition, state), its in both.by("condition", "state"):
        stops = its.matching(lambda one: one.text == "stop")
        shown = (which.show(late, "{:.0f}") for which in (its, stops) for late in (median_delay, p95_delay))
        yield (condition, state, *shown)


def _cost(both: Compared) -> Iterator[Row]:
    states = [state for (state,), _ in both.by("state")]
    yield ("", *states)
    for (condition,), its in both.by("condition"):
        yield (condition, *(its.where(state=state).show(cpu, "{:.3f}") for state in states))


def _counted(words: Iterable[str]) -> str:
    """Returns the most frequent words."""
    counts = Counter(words)
    shown = [f"{word} x{count}" if count > 1 else word for word, count in counts.most_common(_SHOWN)]
    return ", ".join(shown) + (", ..." if len(counts) > _SHOWN else "")


def _titled(title: str, rows: Iterator[Row]) -> str:
    """Returns a table with its title; the last column is not padded."""
    lines = list(rows)
    widths = [max(len(row[column]) for row in lines) for column in range(len(lines[0]))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in lines]
    return "\n".join([title, *(texts if len(texts) > 1 else ["nothing was heard"]), ""])
