"""The lines that the coach will probably say, for rendering ahead: the soonest first, then each line with each number.

Law: the lines of a set are rendered before the set can begin. A line that is not listed here is rendered when it is
said, 1 s late. A line is joined from parts (`language/speech_parts.py`), so it is enough that each part is listed once
in each position: followed by a comma, and at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

from coach.commands import Manner
from coach.content.model import Line, Pack
from coach.language import speech
from coach.language.numbers import LARGEST, in_words
from coach.language.speech_parts import parts
from coach.settings import WAKE_WORD
from coach.training.plan import REPS, REST_S, SETS, UNITS, Plan, Side
from coach.training.structure import all_sets
from coach.training.tempo import LOWERING_S

Spoken = tuple[str, Manner]
"""A text, and how it is spoken."""

_SLOT = re.compile(r"{(\w+)}")
_COUNTED = range(2, 10)
"""Beats of a phase that are numbers."""
_BARE_NUMBERS = frozenset({"status.set", "status.left_cue"})
"""Ids of lines in which numbers have no noun."""
_REST_STEP_S = 5
"""Step of a duration in seconds."""
_LOAD_STEP = 2.5
"""Step of a load that is not a whole number, in either unit."""
_KILO_STEP = 1.25
"""Step of a load in kilograms: one more of the smallest plates."""
_PLATES = (1.25, 2.5, 5, 10, 15, 20, 25, 35, 45, 50)
_MAX_PLATES = 4
"""Most plates of one kind on each side."""
_COMMON_VALUES = {
    "beats": [in_words(seconds).capitalize() for seconds in LOWERING_S],
    # How often a fault was reported in a set, usually.
    "times": [speech.times(count) for count in range(1, 6)],
    "side": [side.value for side in Side],
    "left": [in_words(count) for count in range(9)],
    "word": [WAKE_WORD],
    # Any lifter's name; the counts, which `first_lines` has.
    "name": [],
    "number": [],
}


def first_lines(pack: Pack, plan: Plan) -> Iterator[Spoken]:
    """The greeting, and the lines that the sets of this plan need."""
    prompts, sets = pack.prompts, all_sets(plan)
    yield prompts["greeting"].say[0], Manner.SENTENCE
    intro = prompts["set.intro"].say[0]
    yield intro.format(set=in_words(1), reps=speech.repetitions(sets[0].stages[0].reps)), Manner.SENTENCE
    for line in pack.lines():
        if line.manner is not Manner.SENTENCE:
            yield from _unslotted(line)
    yield from _numbers(_COUNTED, prompts["count.number"])
    yield from _numbers(range(1, max(one.reps for one in sets) + 1), prompts["count.rep"])
    for setup in pack.setup:
        yield from _unslotted(setup.line)
    for correction in pack.corrections.values():
        yield from _unslotted(correction.now)
        yield from _unslotted(correction.fix)
    for prompt in prompts.values():
        if prompt.manner is Manner.SENTENCE:
            yield from _unslotted(prompt)
    # A plan may have loads and durations that are not among the numbers of `later_lines`.
    stages = [stage for one in sets for stage in one.stages]
    for load in dict.fromkeys(stage.load for stage in stages if stage.load is not None):
        for name in ("set.warm_up", "next.load", "break.drop"):
            yield prompts[name].say[0].format(load=speech.load(load.amount, load.unit)), Manner.SENTENCE
    for name, spans in (
        ("rest.start", [one.rest for one in sets]),
        ("break.pause", [stage.break_s for stage in stages]),
    ):
        for seconds in dict.fromkeys(filter(None, spans)):
            yield from ((text.format(seconds=speech.duration(seconds)), Manner.SENTENCE) for text in prompts[name].say)


def later_lines(pack: Pack) -> Iterator[Spoken]:
    """Every line without a number; then each line with a number, with all its numbers, part by part.

    Repetitions are counted to twice the most of a set, because in a drop set the count goes on after the drop.
    """
    for line in pack.lines():
        yield from _unslotted(line)
    yield from _numbers(range(1, 2 * REPS[-1] + 1), pack.prompts["count.rep"])
    for line in sorted(pack.lines(), key=lambda line: any("{load}" in text for text in line.texts)):
        if line.id not in ("count.number", "count.rep"):
            yield from _filled(line, pack)


def _unslotted(line: Line) -> Iterator[Spoken]:
    yield from ((text, line.manner) for text in line.texts if not _SLOT.search(text))


def _numbers(numbers: Iterable[int], line: Line) -> Iterator[Spoken]:
    (slot,) = _SLOT.findall(line.say[0])
    yield from ((line.say[0].format(**{slot: in_words(number)}), line.manner) for number in numbers)


def _filled(line: Line, pack: Pack) -> Iterator[Spoken]:
    """The first part, or for a sentence all parts, of each text with slots, with all values of the slots."""
    for text in filter(_SLOT.search, line.texts):
        for part in parts(text) if line.manner is Manner.SENTENCE else parts(text)[:1]:
            slots = list(dict.fromkeys(_SLOT.findall(part.text)))
            for values in product(*(_values(slot, line, pack) for slot in slots)):
                filled = part.text.format(**dict(zip(slots, values, strict=True)))
                yield (filled[0].upper() + filled[1:] if text.startswith(part.text) else filled), line.manner


def _odd(step: float) -> list[float]:
    """Odd multiples of a step up to 100. The even ones of 2.5 and 1.25 are whole numbers or multiples of 2.5."""
    return [times * step for times in range(1, round(100 / step), 2)]


def _values(slot: str, line: Line, pack: Pack) -> list[str]:
    """All usual values of a slot."""
    plain = line.id in _BARE_NUMBERS
    match slot:
        case "set":
            return [in_words(number) for number in SETS]
        case "rep":
            return [speech.repetitions(number) if line.id == "status.rep" else in_words(number) for number in REPS]
        case "sets":
            return [in_words(number) if plain else speech.sets(number) for number in SETS]
        case "reps":
            return [in_words(number) if plain else speech.repetitions(number) for number in REPS]
        case "seconds":
            return [speech.duration(seconds) for seconds in range(0, REST_S[-1] + 1, _REST_STEP_S)]
        case "tempo":
            return [speech.digits(*[number] * 4) for number in range(_COUNTED[-1] + 1)]
        case "load":
            amounts = [*range(1, LARGEST + 1), *_odd(_LOAD_STEP)]
            loads = [speech.load(amount, unit) for unit in UNITS for amount in amounts]
            return [*loads, *(speech.load(amount, "kg") for amount in _odd(_KILO_STEP))]
        case "loads":
            # A ramp of loads. The first two parts end with a comma, the last one has the unit.
            steps = [step * _LOAD_STEP for step in range(1, round(100 / _LOAD_STEP) + 1)]
            return [
                f"{in_words(amount)}, {in_words(amount)}, {speech.load(amount, unit)}"
                for unit in UNITS
                for amount in steps
            ]
        case "plates":
            # Each count of each plate once before a comma and once at the end.
            kinds = [(plate,) * count for plate in _PLATES for count in range(1, _MAX_PLATES + 1)]
            others = kinds[_MAX_PLATES:] + kinds[:_MAX_PLATES]
            return [speech.plates((*first, *last)) for first, last in zip(kinds, others, strict=True)]
        case "fault":
            return [correction.name for correction in pack.corrections.values() if correction.name]
        case "each":
            equal = (speech.series((reps,) * count) for count in SETS for reps in REPS)
            return [*equal, *(speech.digits(reps, reps) for reps in REPS), *map(speech.sets, SETS)]
        case "hint":
            return [correction.hint for correction in pack.corrections.values() if correction.hint]
    return _COMMON_VALUES[slot]
