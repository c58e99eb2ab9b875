"""The tables of `scripts/bench voice`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lab.benchmarks.voice.counts import Choices, confused
from lab.benchmarks.voice.rooms import PLACES, Place
from lab.benchmarks.voice.trials import NEUTRAL, Outcome, rate

BARS = {"clean": 8.0, "bike 10 dB": 10.0, "bike 5 dB": 12.0, "bike 0 dB": 24.0}
"""Bars of word errors in percent: the default voice, shaped as the coach shapes it, lines of three words and more."""
MOST_CONFUSED = 2.0
"""Bar: percentage of a word's pieces at 5 dB that may be taken for one other word."""
_SHOWN = 12


def errors(outcomes: Sequence[Outcome], default: str) -> Iterator[str]:
    """Yields word errors by voice, shaping and place."""
    places = [place for place in PLACES if any(one.hearing.place == place for one in outcomes)]
    yield _row("word errors, %", [str(place) for place in places])
    for name, some in _groups(outcomes):
        yield _row(name, [_percent(some, place) for place in places])
    judged = [one for one in outcomes if one.voice == default and _is_judged(one)]
    bars = [(place, BARS[str(place)]) for place in places if str(place) in BARS]
    found = {place: rate([one for one in judged if one.hearing.place == place]) for place, _ in bars}
    yield _row("bar", [f"{BARS[str(place)]:.0f}" if str(place) in BARS else "-" for place in places])
    verdicts = [f"{place} {'kept' if found[place] <= most else 'MISSED'}" for place, most in bars]
    yield f"Bars ({default}, as the coach shapes it, three words and more): {', '.join(verdicts)}"


def _is_judged(one: Outcome) -> bool:
    return one.hearing.ear == NEUTRAL and one.hearing.as_chosen and not one.said.is_short


def _groups(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """Yields the rows with their outcomes, in order."""
    for ear in dict.fromkeys(one.hearing.ear for one in outcomes):
        for voice in dict.fromkeys(one.voice for one in outcomes):
            heard = [one for one in outcomes if one.voice == voice and one.hearing.ear == ear]
            named = f"{voice}, {ear}"
            long = [one for one in heard if not one.said.is_short]
            yield f"{named}: plain", [one for one in long if not one.hearing.step]
            yield f"{named}: as the coach shapes it", [one for one in long if one.hearing.as_chosen]
            yield "    lines that judge alone", [one for one in long if one.hearing.as_chosen and not one.said.tunes]
            yield "    one word or two", [one for one in heard if one.hearing.as_chosen and one.said.is_short]


def steps(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yields word errors by step of shaping, over the lines that were tried with every step."""
    places = [place for place in PLACES if any(one.hearing.place == place for one in outcomes)]
    yield _row("step of shaping, word errors, %", [str(place) for place in places])
    for step in sorted({one.hearing.step for one in outcomes}):
        yield _row(
            f"    {step}", [_percent([one for one in outcomes if one.hearing.step == step], at) for at in places]
        )


def counts(title: str, found: Sequence[Choices]) -> Iterator[str]:
    """Yields which words are taken for which other words."""
    for place in dict.fromkeys(one.place for one in found):
        pairs = list(confused(one for one in found if one.place == place))
        worst = pairs[0][2] if pairs else 0.0
        verdict = "kept" if worst <= MOST_CONFUSED else "MISSED"
        right = [dict(one.taken_for).get(one.word, 0) / _pieces(one) for one in found if one.place == place]
        yield (
            f"{title}, {place}: {100 * sum(right) / len(right):.1f} % right; worst pair {worst:.0f} % "
            f"(bar {MOST_CONFUSED:.0f} at 5 dB: {verdict})"
        )
        over = [pair for pair in pairs if pair[2] > MOST_CONFUSED][:_SHOWN]
        yield from (f"    {word!r} taken for {other!r}: {share:.0f} %" for word, other, share in over)
    longest = max(found, key=lambda one: one.seconds)
    yield f"    longest: {longest.word!r}, {longest.seconds:.2f} s"


def misheard(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yields the lines that every ear heard wrongly in silence."""
    clean: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if one.hearing.place == Place() and not one.hearing.step and not one.said.is_short:
            clean.setdefault(one.said.text, []).append(one)
    for text, several in clean.items():
        if all(one.errors for one in several):
            yield f"{text}  ->  {'  |  '.join(one.text for one in several)}"


def _pieces(one: Choices) -> int:
    return sum(times for _, times in one.taken_for)


def _percent(outcomes: Sequence[Outcome], place: Place) -> str:
    here = [one for one in outcomes if one.hearing.place == place]
    return f"{rate(here):.1f}" if here else "-"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<52}" + "".join(f"{cell:>13}" for cell in cells)
