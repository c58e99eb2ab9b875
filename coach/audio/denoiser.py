"""Steady noise taken out of speech: fans, treadmills, air conditioning.

Law: the answer depends on the noise learnt so far and on the frames since `begin`, on nothing else.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

Spectrum = npt.NDArray[np.float64]

_FLOOR = 0.1
"""Least gain (-20 dB): what is left masks the warble that stronger subtraction leaves behind."""
_QUIET = 50.0
"""Noise is not held below this level (-56 dB): a quiet room's sound stays as it is."""
_CALM = 0.98
"""Weight of the past in the speech-to-noise estimate, at 10 ms a hop; 0.92 costs 15 points at 10 dB."""
_MEMORY = 50
"""Hops of 10 ms over which the noise is averaged."""


class Denoiser:
    """A Wiener filter over half-overlapping windows of two hops; what comes out is one hop late."""

    def __init__(self, hop: int) -> None:
        """`hop` in samples; every frame must hold a whole number of them."""
        self._hop = hop
        self._window: Spectrum = np.sqrt(np.hanning(2 * hop + 1)[:-1])
        self._noise: Spectrum = np.zeros(hop + 1)
        self._quiet = _QUIET**2 * float(np.sum(self._window**2))
        """Power a bin of noise at the level that is let be."""
        self._learnt = 0
        self._before: Spectrum = np.zeros(hop)
        self.begin()

    def begin(self) -> None:
        """Start a stretch of sound that does not continue the last one."""
        self._input: Spectrum = np.zeros(self._hop)
        self._overlap: Spectrum = np.zeros(self._hop)
        self._speech: Spectrum = np.ones(self._hop + 1)
        """Power of the cleaned speech in units of the noise, one hop ago."""

    def learn(self, frame: Pcm) -> None:
        """Take a frame without speech for noise."""
        for hop in frame.reshape(-1, self._hop).astype(np.float64):
            spectrum = np.fft.rfft(self._window * np.concatenate((self._before, hop)))
            self._before = hop
            self._learnt = min(self._learnt + 1, _MEMORY)
            self._noise += (np.abs(spectrum) ** 2 - self._noise) / self._learnt

    def clean(self, frame: Pcm) -> Pcm:
        """The frame with the noise held down; as long as the frame."""
        if self._learnt == 0:
            return frame
        hops = [self._clean_hop(hop) for hop in frame.reshape(-1, self._hop).astype(np.float64)]
        return np.concatenate(hops).clip(-32768, 32767).astype(np.int16)

    def _clean_hop(self, hop: Spectrum) -> Spectrum:
        spectrum = np.fft.rfft(self._window * np.concatenate((self._input, hop)))
        self._input = hop
        loudness = np.abs(spectrum) ** 2 / (self._noise + 1.0)
        speech = _CALM * self._speech + (1 - _CALM) * np.maximum(loudness - 1.0, 0.0)
        gain = speech / (1.0 + speech)
        floor = np.sqrt(self._quiet / (self._noise + 1.0)).clip(_FLOOR, 1.0)
        self._speech = gain * gain * loudness
        cleaned = self._window * np.fft.irfft(spectrum * np.maximum(gain, floor))
        out = self._overlap + cleaned[: self._hop]
        self._overlap = cleaned[self._hop :]
        return out
