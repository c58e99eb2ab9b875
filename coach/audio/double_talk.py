"""Whether somebody speaks while the coach's own voice comes back to the microphone.

The echo is predicted band by band from what was played. The predicted power at the microphone is the room's noise plus
a weighted sum of the powers played in the last half second, and of a fading sum of all older ones. The weights are the
paths through device, air and walls; they are learnt by least squares while the coach speaks. Sound that exceeds the
prediction is somebody else. While only the coach speaks, `OwnVoice` makes the microphone softer by `alone_gain`.

Law: pure; frames of 20 ms are counted from the first. In its first three seconds of speech the coach is assumed to be
alone.

Measured with four voices over sentences and counts, RT60 0.4 s, the echo 150 ms late, in a loud and in a faint
microphone. Three cases: echo 10 dB softer than the lifter; echo as loud as the lifter; music 10 dB softer than the
lifter. The coach alone exceeds the prediction by at most 2.6, 3.7 and 4.5 dB; every "stop", "slower", "hold on" and "it
hurts" exceeds it by at least 13.2, 6.6 and 8.7 dB. Nothing drifts in an hour.

Measured in sound whose echo was removed by `audio/echo_path.py` (14 voices, echo as loud as the lifter): the coach
alone exceeds the prediction by at most 3.0 dB, every command by at least 16 dB. A command is noticed 0.04 s after it
began (median; 0.14 s in the uncleaned sound). But for some seconds after the path has changed, or with a loudspeaker
that distorts, the coach alone exceeds the prediction by up to 17 dB.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

FRAME_S = 0.02
TALK_DB = 5.5
"""In decibels. Sound that exceeds the prediction by more than this is somebody else. The value lies between the largest
excess of the coach alone and the excess of the softest word."""
_WORD_HOLD = round(0.1 / FRAME_S)
"""Longest pause within a word, in frames."""
_PHRASE_HOLD = round(0.3 / FRAME_S)
"""Longest pause within a phrase, in frames."""
_SMOOTH = 3
"""Frames over which the excess is averaged."""
_EDGES_HZ = (150, 350, 600, 900, 1300, 1800, 2500, 3500, 5000, 7000)
"""Edges of the bands. Two voices at once are seldom loudest in the same band."""
_LAGS = 25
"""Number of frames with a path of their own: the delay, and the first reflections from the walls."""
_TAIL = 0.9
"""Factor per frame by which the power of frames older than the lags fades: 60 dB in 2.6 s. Without this tail the
reflections of a reverberant room are mistaken for somebody's voice."""
_MEMORY = 0.998
"""Weight of the past per frame: ten seconds of the coach's speech."""
_MAX_LEARNT_RATIO = 2.0
"""Limit of what is learnt, in multiples of the prediction: louder sound may be somebody's voice."""
_SOLVED_EVERY = 5
"""Frames between two updates of the paths."""
_TINY = 1e-9
"""Avoids 0 / 0 where a path was never used."""
_LEARNING_FRAMES = 150
"""Frames with the coach's voice after which its echo is known."""
_SILENT_POWER = 1e4
"""Power per band, summed over the lags, below which the loudspeaker counts as silent: that of 50 ms of sound 30 dB
below speech."""
_NOISE_STEP = 1.01
"""Factor by which the noise estimate moves towards each frame. It reaches the frames' median, by 2 dB a second."""
_SETTLING_FRAMES = 10
"""Frames until the room's noise is known."""
_MICROPHONE_HISS = 100.0
"""Power per band of the quietest microphone."""
_MASKED = 0.07
"""Share of the echo's usual power that is added to the prediction: softer sound cannot be distinguished from echo. With
a smaller share the faint frames outweigh all others in what is learnt."""
_ALONE_RATIO = 4.0
"""Power to which the microphone's sound is lowered while only the coach speaks, in multiples of the room's
noise. With an echo as loud as the lifter, 22 of 28 "stop" are understood with 1, 27 with 4 and 28 with 16, because
"stop" begins softly. With 4 the coach's own words are still too soft to be understood."""
_MAX_RATIO = 100.0
"""Largest ratio of heard to predicted power that one band adds to the mean."""
_KEPT_S = 12.0
"""How long results are kept: utterances are decided up to 8 s after they began."""

Powers = npt.NDArray[np.float64]


class DoubleTalk:
    """Detects somebody else's voice at one microphone beside one loudspeaker."""

    def __init__(self, rate: int, played_rate: int) -> None:
        """`rate`: samples a second of the microphone; `played_rate`: of the loudspeaker."""
        self._spectra = _Spectra(rate), _Spectra(played_rate)
        bands, paths = len(_EDGES_HZ) - 1, _LAGS + 1
        self._played: Powers = np.zeros((bands, paths))
        """Power per band of the frames played, the newest first. The last column has the fading sum of older frames."""
        self._paths: Powers = np.zeros((bands, paths))
        self._products: Powers = np.zeros((bands, paths, paths))
        self._sums: Powers = np.zeros((bands, paths))
        self._noise: Powers = np.zeros(bands)
        self._usual_echo = 0.0
        """Mean power per band of the echo, over the frames with echo."""
        self._frames = self._learnt = 0
        self._frames_since_others = _PHRASE_HOLD + 1
        """Frames since somebody else was heard."""
        self.alone_gain = 1.0
        """Gain for the last frame if only the coach spoke: it lowers the expected echo nearly to the room's noise."""
        self._last_excesses: deque[float] = deque([0.0] * _SMOOTH, _SMOOTH)
        self._others_heard: deque[bool] = deque(maxlen=round(_KEPT_S / FRAME_S))
        """Whether somebody else was heard, by frame, the newest frame last."""

        self._echo_audible: deque[bool] = deque(maxlen=self._others_heard.maxlen)
        """Whether the coach's echo was audible, by frame, the newest frame last."""

    @property
    def others_mid_phrase(self) -> bool:
        """Whether somebody else was heard in the last 0.3 s: a pause so short is within a phrase."""
        return self._frames_since_others <= _PHRASE_HOLD

    @property
    def others_mid_word(self) -> bool:
        """Whether somebody else was heard in the last 0.1 s: a pause so short is within a word."""
        return self._frames_since_others <= _WORD_HOLD

    @property
    def is_echo_audible(self) -> bool:
        """Whether the coach's echo is audible in the last frame."""
        return bool(self._echo_audible) and self._echo_audible[-1]

    def heard_others(self, began: float, at: float) -> bool:
        """Whether somebody other than the coach was heard from `began` to `at`, in seconds since the first frame.

        Also true if the coach was silent in the whole span, since any voice in it is then somebody else's, and if the
        span is older than the kept results (12 s).
        """
        first = self._frames - len(self._others_heard)
        span = range(max(0, round(began / FRAME_S) - first), min(len(self._others_heard), round(at / FRAME_S) - first))
        return any(self._others_heard[frame] for frame in span) or not any(self._echo_audible[frame] for frame in span)

    def hear(self, microphone: Pcm, played: Pcm) -> None:
        """Take the next frame: 20 ms of each sound, at its rate. `played`: what was audible from the loudspeaker."""
        heard = self._spectra[0].powers(microphone)
        self._played[:, _LAGS] = self._played[:, _LAGS] * _TAIL + self._played[:, _LAGS - 1]
        self._played[:, 1:_LAGS] = self._played[:, : _LAGS - 1]
        self._played[:, 0] = self._spectra[1].powers(played) if played.any() else 0.0
        self._frames += 1
        active = bool(np.any(np.sum(self._played, axis=1) > _SILENT_POWER))
        echo = np.sum(self._paths * self._played, axis=1)
        if active:
            self._usual_echo += (float(np.mean(echo)) - self._usual_echo) * (1 - _MEMORY)
        expected = echo + self._noise + _MICROPHONE_HISS + _MASKED * self._usual_echo * active
        if active:
            self._learn(heard, expected)
        else:
            self._follow(heard)
        known = self._learnt > _LEARNING_FRAMES if active else self._frames > _SETTLING_FRAMES
        self.alone_gain = self._gain_alone(heard, echo if known else heard) if active else 1.0
        self._last_excesses.append(float(np.mean(np.minimum(heard / expected, _MAX_RATIO))) if known else 0.0)
        self._echo_audible.append(active)
        self._others_heard.append(sum(self._last_excesses) / _SMOOTH > 10 ** (TALK_DB / 10))
        self._frames_since_others = 0 if self._others_heard[-1] else self._frames_since_others + 1

    def _learn(self, heard: Powers, expected: Powers) -> None:
        """Learn the paths by least squares of the error relative to the expected power. No path is negative.

        The sums are kept and not their inverse, which became unstable within minutes. They are solved by coordinate
        descent: one path after the other, each from its last value.
        """
        self._learnt += 1
        known = self._learnt > _LEARNING_FRAMES
        # At first weigh by the larger of the two: sound that is not expected yet would outweigh all later frames.
        weighed = self._played / (expected if known else np.maximum(expected, heard))[:, None] ** 2
        self._products = _MEMORY * self._products + weighed[:, :, None] * self._played[:, None, :]
        came = (np.minimum(heard, _MAX_LEARNT_RATIO * expected) if known else heard) - self._noise
        self._sums = _MEMORY * self._sums + weighed * came[:, None]
        if self._learnt % _SOLVED_EVERY:
            return
        for path in range(_LAGS + 1):
            products = self._products[:, path]
            error = self._sums[:, path] - np.sum(products * self._paths, axis=1)
            self._paths[:, path] = np.maximum(self._paths[:, path] + error / (products[:, path] + _TINY), 0.0)

    def _gain_alone(self, heard: Powers, echo: Powers) -> float:
        """The value of `alone_gain`. It is computed from the expected echo and not from the heard sound, because the
        soft beginning of a word is no louder than the echo.
        """
        noise = float(np.sum(self._noise))
        power = noise + min(float(np.sum(echo)), float(np.sum(heard)))
        return min(1.0, float(np.sqrt(_ALONE_RATIO * (noise + _TINY) / (power + _TINY))))

    def _follow(self, heard: Powers) -> None:
        if self._frames <= _SETTLING_FRAMES:
            self._noise += (heard - self._noise) / self._frames
        step = np.where(heard < self._noise, 1 / _NOISE_STEP, _NOISE_STEP)
        # Without this limit the estimate would take minutes to rise again after digital silence of a muted microphone.
        self._noise = np.maximum(self._noise * step, _MICROPHONE_HISS / 10)


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
