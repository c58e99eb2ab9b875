"""Steady noise taken out of speech: fans, treadmills, air conditioning.

Law: the answer depends on the noise learnt so far and on the frames since `begin`, on nothing else.

Commands a PocketSphinx grammar of 100 phrases gets right, before any rejection, without and with it: white noise at
20 dB 82 and 93 %, at 10 dB 32 and 65 %; pink noise at 20 dB 94 and 95 %, at 10 dB 38 and 77 %; clean 100 and 99 %.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

_OVERLAP = 3
"""Hops a window: 30 ms at 10 ms a hop. Windows of 20 ms lose 5 points at 10 dB, of 40 ms gain none."""
_FLOOR = 0.1
"""Least gain (-20 dB): what is left masks the warble that stronger subtraction leaves behind."""
_QUIET = 50.0
"""Noise is not held below this level (-56 dB): a quiet room's sound stays as it is."""
_CALM = 0.96
"""Weight of the past in the speech-to-noise estimate at 10 ms a hop; 0.99 costs 10 points at 10 dB."""
_SHARE = 0.8
"""Share of the noise that is taken out: less costs little, all of it thins faint consonants."""
_MEMORY = 50
"""Hops over which the noise is averaged."""

_DOUBT = 30
"""Hops not learnt until as many came after them: speech is noticed up to 0.2 s late, and a learnt onset is taken out
of the next one. Without it the detector that waits for a voice costs 4 of 42 real words, clean."""

Samples = npt.NDArray[np.float64]


class Denoiser:
    """A Wiener filter over overlapping windows; what comes out is two hops late once noise is known."""

    def __init__(self, hop: int) -> None:
        """`hop` in samples; every frame must hold a whole number of them."""
        self._hop = hop
        size = _OVERLAP * hop
        self._window: Samples = np.sqrt(np.hanning(size + 1)[:-1])
        self._scale = hop / float(np.sum(self._window**2))
        """Makes overlapping windows, each applied twice, sum to one."""
        self._quiet = _QUIET**2 * float(np.sum(self._window**2))
        """Power a bin of noise at the level that is let be."""
        self._noise: Samples = np.zeros(size // 2 + 1)
        self._learnt = 0
        self._past: Samples = np.zeros(size)
        """What was last learnt from."""
        self.begin()

    def begin(self) -> None:
        """Start a stretch of sound that does not continue the last one."""
        self._doubtful: deque[Samples] = deque()
        size = _OVERLAP * self._hop
        self._input: Samples = np.zeros(size)
        self._sum: Samples = np.zeros(size)
        self._speech: Samples = np.ones(size // 2 + 1)
        """Power of the cleaned speech in units of the noise, one hop ago."""

    def learn(self, frame: Pcm) -> None:
        """Take a frame without speech for noise, unless `begin` follows soon."""
        self._doubtful.extend(frame.reshape(-1, self._hop).astype(np.float64))
        while len(self._doubtful) > _DOUBT:
            hop = self._doubtful.popleft()
            self._past = np.concatenate((self._past[self._hop :], hop))
            power = np.abs(np.fft.rfft(self._window * self._past)) ** 2
            self._learnt = min(self._learnt + 1, _MEMORY)
            self._noise += (power - self._noise) / self._learnt

    def clean(self, frame: Pcm) -> Pcm:
        """The frame with the noise held down; as long as the frame."""
        if self._learnt == 0:
            return frame
        hops = [self._clean_hop(hop) for hop in frame.reshape(-1, self._hop).astype(np.float64)]
        return np.concatenate(hops).clip(-32768, 32767).astype(np.int16)

    def _clean_hop(self, hop: Samples) -> Samples:
        self._input = np.concatenate((self._input[self._hop :], hop))
        spectrum = np.fft.rfft(self._window * self._input)
        noise = _SHARE * self._noise + 1.0
        loudness = np.abs(spectrum) ** 2 / noise
        speech = _CALM * self._speech + (1 - _CALM) * np.maximum(loudness - 1.0, 0.0)
        gain = speech / (1.0 + speech)
        self._speech = gain * gain * loudness
        floor = np.sqrt(self._quiet / noise).clip(_FLOOR, 1.0)
        cleaned = self._window * np.fft.irfft(spectrum * np.maximum(gain, floor))
        self._sum += self._scale * cleaned
        out = self._sum[: self._hop]
        self._sum = np.concatenate((self._sum[self._hop :], np.zeros(self._hop)))
        return out
