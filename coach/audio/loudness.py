"""Makes spoken lines alike: no silence around them, one loudness, no clipping.

Law: pure functions; the input is never changed.
"""

from __future__ import annotations

import numpy as np

from coach.audio.pcm import FULL, Signal, audible_span, to_pcm
from coach.ports import Pcm

_MARGIN_S = 0.003
"""Seconds left on either side of the audible part; they are faded, so that nothing clicks."""

_BLOCK_S = 0.1
"""Length of a block in seconds. BS.1770 takes 0.4 s, but a count can be shorter than that."""
_GATE_LU = 10.0
"""A block more than this many loudness units below the mean is a pause (BS.1770-4)."""

_KNEE = 10 ** (-3 / 20)
_CEILING = 10 ** (-1 / 20)
"""Knee and ceiling as shares of full scale. Samples under the knee are not changed; no sample exceeds the ceiling."""


def trim(pcm: Pcm, rate: int) -> Pcm:
    """The clip without the silence at both ends, faded over 3 ms; empty if the clip is only silence."""
    first, last = audible_span(pcm)
    if first == last:
        return pcm[:0]
    margin = round(_MARGIN_S * rate)
    samples = pcm[max(0, first - margin) : last + margin].astype(np.float64)
    fade = min(margin, samples.size // 2)
    ramp = np.arange(fade) / max(1, fade)
    samples[:fade] *= ramp
    samples[samples.size - fade :] *= ramp[::-1]
    return to_pcm(samples)


def loudness(pcm: Pcm, rate: int) -> float:
    """Gated loudness in LUFS; -inf for silence.

    After ITU-R BS.1770-4: the mean square of the weighted signal over the blocks that are not pauses. Blocks are
    shorter than the standard's, so that one word can be measured.
    """
    samples = pcm.astype(np.float64) / FULL
    if not samples.any():
        return float("-inf")
    power = _weighted(samples, rate) ** 2
    block = min(round(_BLOCK_S * rate), power.size)
    sums = np.concatenate(([0.0], np.cumsum(power)))
    starts = np.arange(0, power.size - block + 1, max(1, block // 4))
    means = (sums[starts + block] - sums[starts]) / block
    loud = means[means > means.mean() * 10 ** (-_GATE_LU / 10)]
    return float(-0.691 + 10 * np.log10(loud.mean()))


def levelled(pcm: Pcm, rate: int, target: float) -> Pcm:
    """The line at `target` LUFS; its peaks are compressed softly towards -1 dBFS instead of clipped."""
    now = loudness(pcm, rate)
    if now == float("-inf"):
        return pcm
    samples = pcm.astype(np.float64) / FULL * 10 ** ((target - now) / 20)
    size = np.abs(samples)
    room = _CEILING - _KNEE
    bent = _KNEE + room * np.tanh((size - _KNEE) / room)
    return to_pcm(np.where(size > _KNEE, np.sign(samples) * bent, samples) * FULL)


def _weighted(samples: Signal, rate: int) -> Signal:
    """The samples with the K weighting of BS.1770 (treble raised by 4 dB, rumble removed), applied with zero phase."""
    length = 1 << (2 * samples.size - 1).bit_length()
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(length, 1 / rate) / 48000)
    # The standard gives two filters for 48 kHz. They are evaluated on the unit circle.
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - z) ** 2 / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    spectrum = np.fft.rfft(samples, length) * np.abs(shelf * high_pass)
    return np.fft.irfft(spectrum, length)[: samples.size]
