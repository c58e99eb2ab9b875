"""Values as the coach says them: numbers with their nouns, in singular or plural."""

from __future__ import annotations

from collections.abc import Sequence

from coach.language.numbers import in_words

MAX_LISTED = 6
"""Largest number of different sets that are said one by one; nobody listens to a longer list."""
_UNITS = {"kg": ("kilo", "kilos"), "lb": ("pound", "pounds")}


def repetitions(count: int) -> str:
    """ "ten reps", "one rep" """
    return _counted(count, "rep", "reps")


def sets(count: int) -> str:
    """ "three sets", "one set" """
    return _counted(count, "set", "sets")


def times(count: int) -> str:
    """ "once", "twice", "three times" """
    return {1: "once", 2: "twice"}.get(count, f"{in_words(count)} times")


def series(counts: Sequence[int]) -> str:
    """ "three times ten", "ten, ten, eight", "ten reps", "twelve sets"; `counts`: repetitions of each set, not empty"""
    if len(counts) == 1:
        return repetitions(counts[0])
    if len(set(counts)) == 1:
        return f"{in_words(len(counts))} times {in_words(counts[0])}"
    return digits(*counts) if len(counts) <= MAX_LISTED else sets(len(counts))


def load(amount: float, unit: str) -> str:
    """ "ninety two and a half kilos"; `unit` is kg or lb"""
    return _counted(amount, *_UNITS[unit])


def plates(each: Sequence[float]) -> str:
    """ "three times twenty, ten, two and a half"; equal plates are said together"""
    alike = [(plate, each.count(plate)) for plate in dict.fromkeys(each)]
    return ", ".join(f"{times(many)} {in_words(plate)}" if many > 1 else in_words(plate) for plate, many in alike)


def duration(seconds: int) -> str:
    """ "ninety seconds", "two minutes", "three minutes twenty seconds" """
    minutes, rest = divmod(seconds, 60)
    if minutes < 2:
        return _counted(seconds, "second", "seconds") if seconds != 60 else "one minute"
    tail = f" {_counted(rest, 'second', 'seconds')}" if rest else ""
    return _counted(minutes, "minute", "minutes") + tail


def about(seconds: float) -> str:
    """A duration in words, rounded to five seconds; five seconds at least."""
    return duration(max(5, 5 * round(seconds / 5)))


def digits(*numbers: int) -> str:
    """ "four, one, two, zero" """
    return ", ".join(in_words(number) for number in numbers)


def _counted(count: float, one: str, many: str) -> str:
    # "Forty one and three quarter kilos".
    words = in_words(count).replace("quarters", "quarter")
    return f"{words} {one if 0 < count <= 1 else many}"
