"""Where the counts of a set are in a recording, and how far from where they should be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.audio.onset import audible_onset
from coach.commands import Manner
from coach.language.numbers import in_words
from coach.ports import Clip, Pcm

Signal = npt.NDArray[np.float64]
Render = Callable[[str, Manner], Clip]

REP_S = 7
"""Of one repetition at 4-1-2-0."""
BEGIN_S = 12.0
"""From the end of "Set one, ten reps" to the first "lower": to unrack, and the countdown with a breath in it."""
ALIKE = 0.9
"""Normalised correlation from which a clip is that clip; two different counts reach 0.6."""
_AROUND_S = 0.4
"""A count is looked for so far before and after its beat."""
_EDGE_S = 0.04
"""Silence beside a count that is looked at with it; cues keep 0.05 s away."""
_PITCH_S = 0.02
"""Two periods of the voice."""
_OPENING_S = 0.5
_CONSONANTS_HZ = 3000.0


@dataclass(frozen=True, slots=True)
class Beats:
    """The counts of one set; errors in samples, late is positive."""

    due: tuple[float, ...]
    """Seconds after the first count."""
    placed: tuple[int, ...]
    """Error of the place of the clip, found by correlation."""
    heard: tuple[int, ...]
    """Error of the audible onset, found in the recording by the coach's detector."""
    heard_simply: tuple[int, ...]
    """The same by another one."""
    lost: int
    """Counts that are not in the recording."""


def count_words(reps: int) -> list[str]:
    """What is counted at 4-1-2-0, from the last number of the countdown on, a second apart."""
    words = ["one"]
    for rep in range(1, reps + 1):
        words += ["lower", "two", "three", "four", "hold", "push", f"rep {in_words(rep)}"]
    return words


def find_beats(recording: Pcm, rate: int, words: Sequence[str], first: int, render: Render) -> Beats:
    """Compare with whole seconds after `first`, the sample of the first beat."""
    due, placed, heard, simply, lost = [], [], [], [], 0
    for index, word in enumerate(words):
        clip = render(word, Manner.COUNT)
        beat = first + index * rate
        begin = max(0, beat - clip.onset - round(_AROUND_S * rate))
        found = find(clip.pcm, recording[begin : beat - clip.onset + len(clip.pcm) + round(_AROUND_S * rate)])
        if found is None:
            lost += 1
            continue
        start, edge = begin + found, round(_EDGE_S * rate)
        window = recording[max(0, start - edge) : start + len(clip.pcm) + edge]
        opens = max(0, start - edge)
        due.append(float(index))
        placed.append(start + clip.onset - beat)
        heard.append(opens + audible_onset(window, rate) - beat)
        simply.append(opens + simple_onset(window, rate) - beat)
    return Beats(tuple(due), tuple(placed), tuple(heard), tuple(simply), lost)


def find(clip: Pcm, recording: Pcm) -> int | None:
    """Sample at which the clip begins in the recording, where it is most alike; None when it is not there."""
    if len(recording) <= len(clip):
        return None
    alike = _likeness(clip, recording)
    best = int(np.argmax(alike))
    return best if alike[best] > ALIKE else None


def find_first(clip: Pcm, recording: Pcm) -> int | None:
    """Sample at which the clip begins for the first time."""
    if len(recording) <= len(clip):
        return None
    alike = _likeness(clip, recording)
    above = np.flatnonzero(alike > ALIKE)
    return int(above[0] + np.argmax(alike[above[0] : above[0] + len(clip) // 2])) if len(above) else None


def _likeness(clip: Pcm, recording: Pcm) -> Signal:
    size = 1 << (len(recording) + len(clip)).bit_length()
    sound, pattern = recording.astype(np.float64), clip.astype(np.float64)
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(pattern, size)), size)
    total = np.concatenate([[0.0], np.cumsum(sound**2)])
    energy = total[len(clip) :] - total[: -len(clip)]
    # Hardly any sound is like nothing.
    least = 1e-4 * float(np.sum(pattern**2))
    alike: Signal = product[: len(energy)] / np.sqrt(np.maximum(energy, least) * np.sum(pattern**2))
    return alike


def simple_onset(pcm: Pcm, rate: int) -> int:
    """A second opinion on the audible onset: where the loudness below the consonants reaches half its most."""
    period = round(rate / _CONSONANTS_HZ)
    low = _mean(_mean(pcm.astype(np.float64), period), period)
    loudness = _mean(np.abs(low), round(_PITCH_S * rate))
    first = int(np.argmax(np.abs(pcm.astype(np.int32)) > 0.05 * np.abs(pcm.astype(np.int32)).max()))
    opening = loudness[: first + round(_OPENING_S * rate)]
    return int(np.argmax(opening >= 0.5 * opening.max()))


def _mean(signal: Signal, width: int) -> Signal:
    """Running mean, centred."""
    return np.convolve(signal, np.full(width, 1 / width), mode="same")


def drift_ppm(due: Sequence[float], errors_s: Sequence[float]) -> float:
    """Slope of the error over time, in millionths."""
    return float(np.polyfit(due, errors_s, 1)[0] * 1e6) if len(due) > 1 else 0.0
