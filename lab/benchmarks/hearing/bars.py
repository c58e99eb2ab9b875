"""The bars that the ear must reach, each beside the measured figure.

Law: the voices that judge are voices on which nothing was fitted. Without their recordings flite's voices replace
them, and the result says less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.dialogue.states import State
from lab.benchmarks.hearing.clips import Kind, Voices
from lab.benchmarks.hearing.tallies import Compared, Figure, is_command, median_delay, p95_delay, right, wrong
from lab.benchmarks.hearing.trials import ALL, HeardTrial, Outcome

_ACTED_ON = (Kind.FRAGMENT.value, Kind.NEIGHBOUR.value, Kind.DENIAL.value)
_AT_10_DB = {"pink": (97, 98), "bike": (97, 98), "music": (93, 95), "babble": (90, 93)}
"""Least percentage of right commands, and of right safety words, for each noise."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure and its limit."""

    name: str
    figure: Figure
    limit: float
    at_least: bool = True

    def row(self, measured: Compared) -> tuple[str, ...]:
        """Returns name, figure, limit and verdict; there is no verdict if nothing was measured."""
        if not measured.now:
            return (self.name, "", f"{self.limit:g}", "not measured")
        value = self.figure(measured.now)
        kept = value >= self.limit if self.at_least else value <= self.limit
        sign = ">=" if self.at_least else "<="
        return (self.name, measured.show(self.figure), f"{sign} {self.limit:g}", "kept" if kept else "MISSED")


def rows(both: Compared) -> Iterator[tuple[str, ...]]:
    """Yields the table: commands in the states `set` and `all`; words that must not act; delays."""
    yield ("", "measured", "bar", "")
    commands = both.matching(lambda one: is_command(one) and one.state in (State.SET, ALL))
    judging = commands.where(voices=Voices.LIFTERS.value)
    yield from _commands(judging if judging.now else commands.where(voices=Voices.FLITE.value))
    yield from _words_around(both.where(kind=Kind.AROUND.value))
    yield from _silence(both)
    yield from _delays(judging if judging.now else commands)


def _commands(voices: Compared) -> Iterator[tuple[str, ...]]:
    clean = voices.where(condition="clean")
    yield _right("clean", 99).row(clean)
    yield Bar("clean: most commands that one voice loses in a state", _worst_loss, 2, at_least=False).row(clean)
    yield _wrong("clean", 0.3).row(clean)
    for noise, (least, least_safety) in _AT_10_DB.items():
        yield from _in_noise(voices, f"{noise} 10 dB", least, 1.5, least_safety)
    yield from _in_noise(voices, "bike 5 dB", 90, 3)
    yield from _in_noise(voices, "babble 5 dB", 78, 3)
    yield from _in_noise(voices, "bike 0 dB", 80, 3)
    yield from _in_noise(voices, "headset", 95, None, 97)
    yield from _in_noise(voices, "across room", 88, None, 93)


def _in_noise(
    voices: Compared, condition: str, least: float, most_wrong: float | None, least_safety: float | None = None
) -> Iterator[tuple[str, ...]]:
    here = voices.where(condition=condition)
    yield _right(condition, least).row(here)
    if most_wrong is not None:
        yield _wrong(condition, most_wrong).row(here)
    if least_safety is not None:
        yield _right(f"{condition}, safety words", least_safety).row(here.matching(lambda one: one.safety))


def _words_around(around: Compared) -> Iterator[tuple[str, ...]]:
    yield _right("words around safety words, clean", 97).row(around.where(condition="clean"))
    yield _right("the same at 10 dB", 90).row(around.matching(lambda one: one.condition.endswith("10 dB")))


def _silence(both: Compared) -> Iterator[tuple[str, ...]]:
    people = both.matching(lambda one: one.kind == Kind.PEOPLE.value and one.state in (State.IDLE, State.SET))
    yield _acted("real people saying other words, idle and set", 100 * 3 / 360).row(people)
    yield Bar("the same: safety words acted on", _grave, 0, at_least=False).row(people)
    clean = both.where(condition="clean")
    yield _acted("fragments, neighbours and denials", 2).row(clean.matching(lambda one: one.kind in _ACTED_ON))
    yield _right("coffee orders, mean over clean, 12 and 6 dB", 95).row(both.where(kind=Kind.ORDER.value))
    alone = both.matching(lambda one: one.kind == "noise" and not one.condition.startswith("babble"))
    yield Bar("actions of noise without speech", _actions, 0, at_least=False).row(alone)


def _delays(commands: Compared) -> Iterator[tuple[str, ...]]:
    """Yields the delays up to an action; the answer or the fade begins a few milliseconds after it."""
    there = commands.matching(lambda one: one.condition.endswith("20 dB"))
    stops = there.where(text="stop")
    yield Bar('20 dB: "stop" to action, p50 ms', median_delay, 250, at_least=False).row(stops)
    yield Bar('20 dB: "stop" to action, p95 ms', p95_delay, 400, at_least=False).row(stops)
    yield Bar("20 dB: command to action, p50 ms", median_delay, 400, at_least=False).row(there)
    yield Bar("20 dB: command to action, p95 ms", p95_delay, 700, at_least=False).row(there)


def _right(name: str, least: float) -> Bar:
    return Bar(f"{name}: % right", right, least)


def _wrong(name: str, most: float) -> Bar:
    return Bar(f"{name}: % wrong", wrong, most, at_least=False)


def _acted(name: str, most: float) -> Bar:
    return Bar(f"{name}: % acted on", wrong, round(most, 2), at_least=False)


def _worst_loss(heard: Sequence[HeardTrial]) -> float:
    lost: dict[tuple[str, str], int] = {}
    for one in heard:
        key = one.state, one.voice
        lost[key] = lost.get(key, 0) + (one.outcome != Outcome.RIGHT.value)
    return max(lost.values())


def _grave(heard: Sequence[HeardTrial]) -> float:
    return sum(one.grave for one in heard)


def _actions(heard: Sequence[HeardTrial]) -> float:
    return sum(len(one.acted) for one in heard)
