"""Finds the counts of a set in a recording, and how far each is from its beat."""

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
"""Seconds of one repetition at 4-1-2-0."""
BEGIN_S = 12.0
"""Seconds from the end of "Set one, ten reps" to the first "lower": unracking, and the countdown with its breath."""
ALIKE = 0.9
"""Normalised correlation from which two clips are the same; two different counts reach 0.6."""
_AROUND_S = 0.4
"""Seconds before and after its beat in which a count is looked for."""
_EDGE_S = 0.04
"""Seconds beside a count that the onset detectors also get; they are silent, because cues keep 0.05 s away."""
_PITCH_S = 0.02
"""Seconds of two periods of the voice."""
_OPENING_S = 0.5
_CONSONANTS_HZ = 3000.0


@dataclass(frozen=True, slots=True)
class Beats:
    """The counts of one set; errors are in samples, and a late count has a positive error."""

    due: tuple[float, ...]
    """Beat of each count that was found, in seconds after the first count."""
    placed: tuple[int, ...]
    """Error of each clip's position, found by correlation."""
    heard: tuple[int, ...]
    """Error of each audible onset, found in the recording by the coach's detector."""
    heard_simply: tuple[int, ...]
    """Error of each audible onset, found by another detector."""
    lost: int
    """Number of counts that are not in the recording."""


def count_words(reps: int) -> list[str]:
    """Returns the counts at 4-1-2-0, a second apart, from the last number of the countdown on."""
    words = ["one"]
    for rep in range(1, reps + 1):
        words += ["lower", "two", "three", "four", "hold", "push", f"rep {in_words(rep)}"]
    return words


def find_beats(recording: Pcm, rate: int, words: Sequence[str], first: int, render: Render) -> Beats:
    """Compares the counts with whole seconds after `first`, the sample of the first beat."""
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
    """Returns the sample at which the clip begins in the recording, at the best match; None if it is not there."""
    if len(recording) <= len(clip):
        return None
    alike = _likeness(clip, recording)
    best = int(np.argmax(alike))
    return best if alike[best] > ALIKE else None


def find_first(clip: Pcm, recording: Pcm) -> int | None:
    """Returns the sample at which the clip begins for the first time; None if it is not there."""
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
    # Where there is hardly any sound, nothing is alike.
    least = 1e-4 * float(np.sum(pattern**2))
    alike: Signal = product[: len(energy)] / np.sqrt(np.maximum(energy, least) * np.sum(pattern**2))
    return alike


def simple_onset(pcm: Pcm, rate: int) -> int:
    """Finds the audible onset in another way: where the loudness below the consonants reaches half its maximum."""
    period = round(rate / _CONSONANTS_HZ)
    low = _mean(_mean(pcm.astype(np.float64), period), period)
    loudness = _mean(np.abs(low), round(_PITCH_S * rate))
    first = int(np.argmax(np.abs(pcm.astype(np.int32)) > 0.05 * np.abs(pcm.astype(np.int32)).max()))
    opening = loudness[: first + round(_OPENING_S * rate)]
    return int(np.argmax(opening >= 0.5 * opening.max()))


def _mean(signal: Signal, width: int) -> Signal:
    """Returns the centred running mean."""
    return np.convolve(signal, np.full(width, 1 / width), mode="same")


def drift_ppm(due: Sequence[float], errors_s: Sequence[float]) -> float:
    """Returns the slope of the error over time, in millionths."""
    return float(np.polyfit(due, errors_s, 1)[0] * 1e6) if len(due) > 1 else 0.0
