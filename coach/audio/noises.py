"""The noises of a gym without an outside file: hiss, rumble, other people's talk, music.

Law: every stream is endless and comes in pieces of any length. Its root mean square is one. All randomness comes from
the seeded generator that the caller passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

import numpy as np

from coach.audio.pcm import Signal
from coach.ports import Pcm

Sound = Iterator[Signal]
Chance = np.random.Generator
"""The seeded source of all randomness."""

_PIECE_S = 1.0
"""Length of a piece of noise or talk."""
_WEIGHED_S = 10.0
"""Length of the beginning of talk and music from which their level is measured."""
_VOICES = 6
"""Number of people who talk at once: single words can hardly be understood, but it is not yet a steady noise."""
_LOWEST_HZ = 20.0
"""Below this frequency the spectrum of pink noise does not rise further."""
_CHORDS = ((0, 4, 7), (7, 11, 14), (9, 12, 16), (5, 9, 12))
"""Chords in semitones above the key: the common progression one, five, six, four."""
_BEATS = 4
"""Beats of a bar."""


def white(chance: Chance, rate: int) -> Sound:
    """Noise with equal power in every hertz."""
    while True:
        yield chance.standard_normal(round(_PIECE_S * rate))


def pink(chance: Chance, rate: int) -> Sound:
    """Noise with equal power in every octave. The pieces overlap by half, so that no seam is heard."""
    half = round(_PIECE_S * rate)
    shape = 1 / np.sqrt(np.maximum(np.fft.rfftfreq(2 * half, 1 / rate), _LOWEST_HZ))
    shape[0] = 0.0
    # Normalise the power of the shaped spectrum. The window's squares sum to one where two pieces overlap.
    shape /= np.sqrt(np.sum(shape[1:-1] ** 2 * 2 / (2 * half)))
    window = np.sin(np.pi * (np.arange(2 * half) + 0.5) / (2 * half))
    before = np.zeros(0)
    while True:
        piece = np.fft.irfft(np.fft.rfft(chance.standard_normal(2 * half)) * shape) * window
        if len(before):
            yield before + piece[:half]
        before = piece[half:]


def babble(chance: Chance, rate: int, sentences: Sequence[Pcm]) -> Sound:
    """Six people who talk at once, each in sentences chosen at random. Each starts within a sentence."""
    return _at_one(_talk(chance, rate, sentences), rate)


def music(chance: Chance, rate: int) -> Sound:
    """A band: drums, bass and chords, bar after bar, at a random tempo and in a random key."""
    return _at_one(_bars(chance, rate), rate)


def looped(recording: Pcm) -> Sound:
    """A recording in an endless loop; silence stays silence."""
    signal = recording.astype(np.float64)
    level = float(np.sqrt(np.mean(signal**2)))
    signal /= level or 1.0
    while True:
        yield signal


class Tap:
    """Takes any number of samples at a time from a sound."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._rest: Signal = np.zeros(0)

    def take(self, n: int) -> Signal:
        """The next `n` samples."""
        while len(self._rest) < n:
            self._rest = np.concatenate([self._rest, next(self._sound)])
        taken, self._rest = self._rest[:n], self._rest[n:]
        return taken


def _at_one(sound: Sound, rate: int) -> Sound:
    """The sound with a root mean square of one."""
    weighed: list[Signal] = []
    while sum(map(len, weighed)) < _WEIGHED_S * rate:
        weighed += islice(sound, 1)
    gain = 1 / np.sqrt(np.mean(np.concatenate(weighed) ** 2))
    return (piece * gain for piece in chain(weighed, sound))


def _talk(chance: Chance, rate: int, sentences: Sequence[Pcm]) -> Sound:
    people = [Tap(_talker(child, sentences)) for child in chance.spawn(_VOICES)]
    while True:
        yield np.sum([person.take(round(_PIECE_S * rate)) for person in people], axis=0)


def _talker(chance: Chance, sentences: Sequence[Pcm]) -> Sound:
    first = True
    while True:
        said = sentences[int(chance.integers(len(sentences)))].astype(np.float64)
        said /= np.sqrt(np.mean(said**2))
        yield said[int(chance.integers(len(said))) :] if first else said
        first = False


def _bars(chance: Chance, rate: int) -> Sound:
    beat = round(60 / chance.uniform(95, 135) * rate)
    key = 110 * 2 ** (int(chance.integers(12)) / 12)
    while True:
        for chord in _CHORDS:
            yield _bar(chance, rate, beat, [key * 2 ** (step / 12) for step in chord])


def _bar(chance: Chance, rate: int, beat: int, notes: Sequence[float]) -> Signal:
    bar = np.zeros(_BEATS * beat)
    seconds = np.arange(beat) / rate
    half = seconds[: beat // 2]
    # The bass drum falls from 150 to 50 Hz. The snare is a burst of noise, the cymbal one without low frequencies.
    kick = 2.0 * np.sin(2 * np.pi * (50 * seconds + 5 * (1 - np.exp(-20 * seconds)))) * np.exp(-9 * seconds)
    for number in range(_BEATS):
        at = number * beat
        bar[at : at + beat] += kick if number % 2 == 0 else chance.standard_normal(beat) * np.exp(-25 * seconds)
        for eighth in (at, at + beat // 2):
            hiss = np.diff(chance.standard_normal(len(half) + 1)) * np.exp(-60 * half)
            bar[eighth : eighth + len(half)] += 0.3 * hiss + 0.8 * _tone(notes[0] / 2, half, 6) * np.exp(-3 * half)
    whole = np.arange(len(bar)) / rate
    swell = np.minimum(1.0, np.minimum(whole, whole[::-1]) / 0.02)
    for note in notes:
        bar += 0.35 * swell * _tone(2 * note, whole, 8)
    return bar


def _tone(hertz: float, seconds: Signal, harmonics: int) -> Signal:
    tone: Signal = np.sum([np.sin(2 * np.pi * hertz * n * seconds) / n for n in range(1, harmonics + 1)], axis=0)
    return tone
