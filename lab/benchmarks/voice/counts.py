"""Which words on the beat are taken for other words: the neutral ear must choose one of them.

A text's likelihood is the sum over the ways in which the ear writes the text ("Rep three", "Rep 3"). The likelihood in
a room without speech is subtracted; otherwise the ear would prefer words that were frequent in its training.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.recognition.moonshine.model import RATE
from coach.audio.shaping import step_for
from coach.commands import Manner
from coach.language.numbers import in_words
from lab.benchmarks.voice import rooms
from lab.benchmarks.voice.ear import Floats
from lab.benchmarks.voice.lines import Said
from lab.benchmarks.voice.rooms import Place
from lab.benchmarks.voice.trials import at_the_ear, neutral_ear

LEAD_S = 0.2
_DIGITS = {in_words(number): str(number) for number in range(21)}
_ALIKE = {"one": ("won",), "two": ("to", "too"), "four": ("for",), "eight": ("ate",)}
"""Other spellings of words that sound the same."""


@dataclass(frozen=True, slots=True)
class CountTask:
    """One word and the words it may be taken for, to be heard with `pieces` pieces of noise."""

    voice: str
    word: str
    manner: Manner
    choices: tuple[str, ...]
    place: Place
    pieces: int
    data: Path | None
    step: int | None = None
    """Step of shaping; None: the step that the coach takes in that place."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What one word was taken for."""

    word: str
    place: Place
    taken_for: tuple[tuple[str, int], ...]
    """Words for which it was taken, and how often."""
    seconds: float
    """Length of the word."""


def choose(task: CountTask) -> Choices:
    """Returns the ear's choices for all pieces of noise."""
    said = Said(task.word, task.manner)
    plain = at_the_ear(task.voice, said, 0)
    spoken = at_the_ear(task.voice, said, step_for(task.place.snr) if task.step is None else task.step)
    taken: Counter[str] = Counter()
    for piece in range(task.pieces):
        sound = rooms.heard(spoken, plain, task.place, LEAD_S, f"{task.word}/{piece}", task.data)
        scores = _scores(sound.astype(np.float32), task.choices) - _expected(task.choices)
        taken[task.choices[int(scores.argmax())]] += 1
    return Choices(task.word, task.place, tuple(taken.most_common()), len(plain) / RATE)


def confused(found: Iterable[Choices]) -> Iterator[tuple[str, str, float]]:
    """Returns each word, the word it was taken for, and the percentage of its pieces; the worst pair first."""
    pairs = [
        (one.word, other, 100 * times / sum(number for _, number in one.taken_for))
        for one in found
        for other, times in one.taken_for
        if other != one.word
    ]
    return iter(sorted(pairs, key=lambda pair: -pair[2]))


def _scores(sound: Floats, choices: Sequence[str]) -> Floats:
    written = [_ways(choice) for choice in choices]
    flat = neutral_ear().likelihoods(sound, [way for ways in written for way in ways])
    ends = np.cumsum([len(ways) for ways in written])
    return np.array([np.logaddexp.reduce(part) for part in np.split(flat, ends[:-1])], np.float32)


@functools.cache
def _expected(choices: tuple[str, ...]) -> Floats:
    """Returns the scores in a quiet room."""
    hiss = rooms.HISS * np.random.default_rng(7).standard_normal(round(0.8 * RATE))
    return _scores(hiss.astype(np.float32), choices)


def _ways(text: str) -> tuple[str, ...]:
    """Returns how the ear may write a text of one or more words. What follows the text is left open."""
    *before, last = text.split()
    spellings = (last, _DIGITS.get(last, last), *_ALIKE.get(last, ()))
    return tuple(dict.fromkeys(" ".join((*before, spelling)).capitalize() for spelling in spellings))
