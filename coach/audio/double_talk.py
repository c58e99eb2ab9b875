"""Whether somebody speaks while the coach's own voice comes back to the microphone.

The echo is predicted band by band from what was played: the power at the microphone is that of the room's noise and a
sum of the powers played in the last half second, each as strong as its path through device, air and walls lets it be.
The paths are learnt by least squares while the coach speaks. What exceeds the prediction is somebody else.

Law: pure, frames of 20 ms counted from the first. In its first three seconds of speech the coach is taken to be alone.

Measured with four voices over sentences and counts, RT60 0.4 s and 150 ms, in a loud and in a faint microphone: the
coach alone exceeds the prediction by 2.6 dB at most where its echo is 10 dB below the lifter and by 3.7 where it is as
loud, with music 10 dB below the lifter by 4.5; every "stop", "slower", "hold on" and "it hurts" by 13.2, 6.6 and 8.7 or
more. Nothing drifts in an hour.

Of sound whose echo was taken out (`audio/echo_path.py`; 14 voices, echo as loud as the lifter): the coach alone exceeds
it by 3.0 dB at most, every command by 16 or more, noticed 0.04 s after it began (median; 0.14 s in the sound as it was
heard). But for some seconds after the path has changed, or out of a loudspeaker that distorts, the coach alone exceeds
it by up to 17 dB.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

FRAME_S = 0.02
TALK_DB = 5.5
"""Above what is expected: somebody. Between what the coach alone reaches and what the softest word does."""
_WORD_HOLD = round(0.1 / FRAME_S)
_HOLD = round(0.3 / FRAME_S)
"""Frames that somebody is taken to go on: the pauses within a phrase."""
_SMOOTH = 3
"""Frames the excess is averaged over."""
_EDGES_HZ = (150, 350, 600, 900, 1300, 1800, 2500, 3500, 5000, 7000)
"""Of the bands: two voices at once are seldom loudest in the same one."""
_LAGS = 25
"""Frames: the delay, and the first of what the walls give back."""
_TAIL = 0.9
"""What is older fades so much a frame: a room of RT60 1.3 s. Without it such a room's walls are taken for somebody."""
_MEMORY = 0.998
"""Weight of the past, a frame: ten seconds of the coach's speech."""
_OUTLIER = 2.0
"""Times the prediction: what is louder is learnt as that loud only, for it may be somebody's voice."""
_SOLVED_EVERY = 5
"""Frames."""
_TINY = 1e-9
"""Divides nothing by nothing where a path was never used."""
_LEARNT = 150
"""Frames with the coach's voice after which its echo is known."""
_FAINT = 1e4
"""Power a band summed over the lags under which the loudspeaker is silent: 30 dB below speech, 50 ms."""
_NOISE_STEP = 1.01
"""The noise follows a frame that is louder or softer by so much, which leads to its median: 2 dB a second."""
_SETTLED = 10
"""Frames until the room's noise is known."""
_HISS = 100.0
"""Power a band of the quietest microphone."""
_MASKED = 0.07
"""Of the echo's usual power: what is softer is not told from it. With less the faint frames outweigh all else."""
_HUSHED = 4.0
"""Times the room's noise: what the coach alone is brought down to. With 1, and the echo as loud as the lifter, 22 of 28
"stop" are understood, with 4 or 16 27 and 28: their beginnings are soft. The words of the coach are still too soft."""
_MOST = 100.0
"""Times the prediction: one band's say in the mean."""
_KEPT_S = 12.0
"""Utterances are decided up to 8 s after they began."""

Powers = npt.NDArray[np.float64]


class DoubleTalk:
    """One microphone beside one loudspeaker."""

    def __init__(self, rate: int, played_rate: int) -> None:
        """Of the microphone and of the loudspeaker."""
        self._spectra = _Spectra(rate), _Spectra(played_rate)
        bands, paths = len(_EDGES_HZ) - 1, _LAGS + 1
        self._played: Powers = np.zeros((bands, paths))
        """The newest first, what is older than the lags in the last."""
        self._paths: Powers = np.zeros((bands, paths))
        self._products: Powers = np.zeros((bands, paths, paths))
        self._sums: Powers = np.zeros((bands, paths))
        self._noise: Powers = np.zeros(bands)
        self._usual = 0.0
        """Mean power a band of the echo while there is one."""
        self._frames = self._learnt = 0
        self._since = _HOLD + 1
        """Frames since somebody else was heard."""
        self.alone = 1.0
        """Gain that brings what the coach alone usually is in the last frame down to the room's noise, nearly."""
        self._last: deque[float] = deque([0.0] * _SMOOTH, _SMOOTH)
        self._heard: deque[bool] = deque(maxlen=round(_KEPT_S / FRAME_S))
        """Whether somebody else was heard, the newest frame last."""

        self._active: deque[bool] = deque(maxlen=self._heard.maxlen)
        """Whether the coach's echo was to be heard."""

    @property
    def talking(self) -> bool:
        """Somebody else is heard now, or was 0.3 s ago."""
        return self._since <= _HOLD

    @property
    def speaking(self) -> bool:
        """The same, but for the pauses within a word only."""
        return self._since <= _WORD_HOLD

    def others(self, began: float, at: float) -> bool:
        """Whether somebody but the coach was heard in that span; seconds of sound since the first frame.

        Where the coach was silent in all of it, whoever is heard is somebody.
        """
        first = self._frames - len(self._heard)
        span = range(max(0, round(began / FRAME_S) - first), min(len(self._heard), round(at / FRAME_S) - first))
        return any(self._heard[frame] for frame in span) or not any(self._active[frame] for frame in span)

    def hear(self, microphone: Pcm, played: Pcm) -> None:
        """20 ms of each, at their rates; `played` is what was to be heard at that moment."""
        heard = self._spectra[0].powers(microphone)
        self._played[:, _LAGS] = self._played[:, _LAGS] * _TAIL + self._played[:, _LAGS - 1]
        self._played[:, 1:_LAGS] = self._played[:, : _LAGS - 1]
        self._played[:, 0] = self._spectra[1].powers(played) if played.any() else 0.0
        self._frames += 1
        active = bool(np.any(np.sum(self._played, axis=1) > _FAINT))
        echo = np.sum(self._paths * self._played, axis=1)
        if active:
            self._usual += (float(np.mean(echo)) - self._usual) * (1 - _MEMORY)
        expected = echo + self._noise + _HISS + _MASKED * self._usual * active
        if active:
            self._learn(heard, expected)
        else:
            self._follow(heard)
        known = self._learnt > _LEARNT if active else self._frames > _SETTLED
        self.alone = self._hushing(heard, echo if known else heard) if active else 1.0
        self._last.append(float(np.mean(np.minimum(heard / expected, _MOST))) if known else 0.0)
        self._active.append(active)
        self._heard.append(sum(self._last) / _SMOOTH > 10 ** (TALK_DB / 10))
        self._since = 0 if self._heard[-1] else self._since + 1

    def _learn(self, heard: Powers, expected: Powers) -> None:
        """Least squares of the error in parts of what was expected; no path takes sound away.

        The sums are kept, not their inverse, which lost its footing within minutes; they are solved by descent along
        one path after the other, from where it stood.
        """
        self._learnt += 1
        known = self._learnt > _LEARNT
        # At first by the larger of the two: what is not expected yet would outweigh all that is learnt later.
        weighed = self._played / (expected if known else np.maximum(expected, heard))[:, None] ** 2
        self._products = _MEMORY * self._products + weighed[:, :, None] * self._played[:, None, :]
        came = (np.minimum(heard, _OUTLIER * expected) if known else heard) - self._noise
        self._sums = _MEMORY * self._sums + weighed * came[:, None]
        if self._learnt % _SOLVED_EVERY:
            return
        for path in range(_LAGS + 1):
            products = self._products[:, path]
            error = self._sums[:, path] - np.sum(products * self._paths, axis=1)
            self._paths[:, path] = np.maximum(self._paths[:, path] + error / (products[:, path] + _TINY), 0.0)

    def _hushing(self, heard: Powers, echo: Powers) -> float:
        """By what is expected, not by what is heard: the soft beginning of a word is no louder than that."""
        noise = float(np.sum(self._noise))
        alone = noise + min(float(np.sum(echo)), float(np.sum(heard)))
        return min(1.0, float(np.sqrt(_HUSHED * (noise + _TINY) / (alone + _TINY))))

    def _follow(self, heard: Powers) -> None:
        if self._frames <= _SETTLED:
            self._noise += (heard - self._noise) / self._frames
        step = np.where(heard < self._noise, 1 / _NOISE_STEP, _NOISE_STEP)
        # From a muted microphone's nothing it would not come back for minutes.
        self._noise = np.maximum(self._noise * step, _HISS / 10)


class _Spectra:
    """Mean power of a frame in every band."""

    def __init__(self, rate: int) -> None:
        self._size = round(rate * FRAME_S)
        self._window = np.hanning(self._size)
        bins = np.searchsorted(np.fft.rfftfreq(self._size, 1 / rate), _EDGES_HZ)
        self._first, self._widths = bins[:-1], np.diff(bins)
        self._last = bins[-1]

    def powers(self, frame: Pcm) -> Powers:
        power = np.abs(np.fft.rfft(frame * self._window)) ** 2 / self._size
        bands: Powers = np.add.reduceat(power[: self._last], self._first) / self._widths
        return bands
