"""Commands spoken by the lifters' voices, what a recogniser hears in them, and the embedded recogniser's model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach.language.phrases import Phrase, automaton, covering
from coach.ports import HearingError, Hypothesis, Pcm, Recognizer, Vocabulary
from coach.settings import Hearing
from coach.wiring.recognizers import EMBEDDED, choose
from coach.wiring.rehearsing import VOICES

RATE = 16_000
SILENT_EDGE_S = 0.05
"""Seconds of silence at both ends of a clip."""
COMMANDS = tuple((VOICES / "commands.txt").read_text("utf-8").splitlines())
OTHERS = tuple((VOICES / "others.txt").read_text("utf-8").splitlines())
SPEAKERS = ("slt", "rms", "awb", "kal")

DIGITS: list[Phrase] = [(word,) for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")]
TEENS: list[Phrase] = [
    (word,) for word in ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
]
TENS: list[Phrase] = [
    (word,) for word in ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
]
LISTS: dict[str, list[Phrase]] = {
    "digit": DIGITS,
    "count": [*DIGITS, *TEENS, ("twenty",)],
    "load": [*TEENS, *TENS, *((*tens, *digit) for tens in TENS for digit in DIGITS), ("one", "hundred")],
}
SLOTS = ("{count} reps", "{count} sets", "tempo {digit} {digit} {digit}", "rest {load} seconds", "{load} kilos")
COUNTED = ("reps", "sets", "tempo", "seconds", "kilos")


def spelled(phrases: Iterable[Phrase], lists: Mapping[str, Sequence[Phrase]]) -> set[Phrase]:
    """Every phrase with every value of its lists."""
    return {
        tuple(word for part in parts for word in part)
        for phrase in phrases
        for parts in product(*(lists[token.strip("{}")] if token[0] == "{" else [(token,)] for token in phrase))
    }


def vocabulary(phrases: Iterable[str]) -> Vocabulary:
    tokens: list[Phrase] = [tuple(phrase.split()) for phrase in phrases]
    return Vocabulary(tuple(covering(tokens, LISTS)), automaton(spelled(tokens, LISTS)))


COMMANDS_WITHOUT_NUMBERS = [phrase for phrase in COMMANDS if not set(phrase.split()) & set(COUNTED)]
EVERYTHING = vocabulary([*COMMANDS_WITHOUT_NUMBERS, *SLOTS])


def clip(speaker: str, phrase: str) -> Pcm:
    name = "-".join(phrase.replace("'", "").split())
    pcm, rate = soundfile.read(VOICES / f"{speaker}-{name}.flac", dtype="int16")
    assert rate == RATE
    return np.asarray(pcm, dtype=np.int16)


@dataclass(frozen=True)
class SpokenClip:
    text: str
    began: float
    ended: float


def talk(
    parts: Iterable[tuple[str, Pcm]], *, snr: float | None = None, gap: float = 0.7
) -> tuple[Pcm, list[SpokenClip]]:
    """Clips one after the other in a room: -66 dB of noise, or white noise `snr` dB below the speech."""
    sound = [np.zeros(RATE, np.int16)]
    said = []
    for text, pcm in parts:
        start = sum(map(len, sound)) / RATE
        said.append(SpokenClip(text, start + SILENT_EDGE_S, start + len(pcm) / RATE - SILENT_EDGE_S))
        sound += [pcm, np.zeros(round(gap * RATE), np.int16)]
    whole = np.concatenate(sound)
    level = 16.0 if snr is None else 0.08 * 32768 * 10 ** (-snr / 20)
    noise = np.random.default_rng(7).standard_normal(len(whole)) * level
    return (whole + noise).clip(-32768, 32767).astype(np.int16), said


def hear(recognizer: Recognizer, sound: Pcm, block: int = 320) -> list[Hypothesis]:
    return [
        hypothesis
        for start in range(0, len(sound), block)
        for hypothesis in recognizer.hear(sound[start : start + block])
    ]


def finals(hypotheses: Sequence[Hypothesis]) -> list[str]:
    return [hypothesis.text for hypothesis in hypotheses if hypothesis.final]


def answers(said: SpokenClip, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    return [hypothesis for hypothesis in hypotheses if said.began < hypothesis.at < said.ended + 0.7]


def model() -> Path:
    """The embedded recogniser's model; without it the test fails, and says how to get it."""
    try:
        return choose(Hearing(EMBEDDED), pytest.fail)[1]
    except HearingError as fault:
        pytest.fail(str(fault), pytrace=False)
