"""Makes a spoken line slower or faster at the same pitch.

Law: a pure function; the same samples and the same speed give the same samples.
"""

from __future__ import annotations

import numpy as np

from coach.audio.pcm import to_pcm
from coach.ports import Pcm

_WINDOW_S = 0.03
"""Length of a piece in seconds: two or three periods of a low voice."""
_MAX_SHIFT_S = 0.01
"""Seconds by which a piece may be moved, earlier or later, to fit the end of the last piece."""


def paced(pcm: Pcm, rate: int, percent: int) -> Pcm:
    """The line at `percent` of its speed. `pcm` has shape (n,); 100 returns it unchanged.

    Waveform similarity overlap-add (Verhelst and Roelands, 1993): pieces half a window apart are taken from the places
    that the speed gives, moved to where they fit the last piece best, and cross-faded.
    """
    if percent == 100 or not pcm.size:
        return pcm
    hop, reach = round(_WINDOW_S * rate / 2), round(_MAX_SHIFT_S * rate)
    window = 2 * hop
    total = round(pcm.size * 100 / percent)
    sound = np.pad(pcm.astype(np.float32), (reach + hop, reach + 2 * window + hop))
    shape = np.sin(np.pi * (np.arange(window) + 0.5) / window).astype(np.float32) ** 2
    mixed = np.zeros(hop + total + window, np.float32)
    continuation = sound[reach : reach + window]
    # The first piece begins half a window before the line, so that two windows cover every sample.
    for at in range(-hop, total, hop):
        first = max(0, round(at * percent / 100) + hop)
        near = sound[first : first + 2 * reach + window]
        begin = first + int(np.argmax(_likeness(near, continuation)))
        mixed[at + hop : at + hop + window] += sound[begin : begin + window] * shape
        continuation = sound[begin + hop : begin + hop + window]
    return to_pcm(mixed[hop : hop + total])


def _likeness(
    near: np.typing.NDArray[np.float32], wanted: np.typing.NDArray[np.float32]
) -> np.typing.NDArray[np.float32]:
    """Cosine similarity of `wanted` to every stretch of `near` that is as long."""
    powers = np.concatenate(([0.0], np.cumsum(near.astype(np.float64) ** 2)))
    power = powers[len(wanted) :] - powers[: -len(wanted)]
    return np.asarray(np.correlate(near, wanted, "valid") / np.sqrt(power + 1.0), np.float32)
