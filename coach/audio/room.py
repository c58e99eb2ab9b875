"""What a microphone in a gym hears: the lifter, the coach's loudspeaker, walls and noise, mixed sample by sample.

Levels, defined once: every line of the lifter is made as loud as the next, `LIFTER_LEVEL` over the part that can be
heard (`as_spoken`), before the room's walls; the walls keep the energy. The noise is `snr` dB below that. The coach at
full volume, whose clips have a root mean square of `COACH_LEVEL`, arrives `echo` dB above it (-10: ten below): turned
down or ducked it arrives as much softer. A quiet room's hiss, 66 dB below full scale, is under everything.

Law: deterministic. The same samples, room and seed give the same sound.
"""

from __future__ import annotations

import numpy as np

from coach.audio.noises import Signal, Sound, Tap, white
from coach.audio.resampling import Resampler
from coach.audio.reverberation import Convolver, response
from coach.ports import Pcm
from coach.settings import USUAL_SNR, Room

LIFTER_LEVEL = 0.06 * 32768
"""Root mean square, as in the benchmark of the hearing."""
COACH_LEVEL = 2980.0
"""The same of the bundled voice's clips: sentences 2700 to 3200, counts 2600 to 3100 (90 lines measured)."""
_HISS = 16.0
"""The same of a quiet room."""
_AUDIBLE = 10 ** (-40 / 20)
"""Of the line's peak: quieter, at either end, is silence."""


def spoken_span(pcm: Pcm) -> tuple[int, int]:
    """The first sample of a line that can be heard, and the one after the last; nothing where all is silence."""
    loudness = np.abs(pcm.astype(np.int32))
    loud = np.flatnonzero(loudness > _AUDIBLE * loudness.max(initial=0))
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def as_spoken(pcm: Pcm) -> Pcm:
    """A line of the lifter at `LIFTER_LEVEL`; silence stays silence."""
    began, ended = spoken_span(pcm)
    if began == ended:
        return pcm
    level = np.sqrt(np.mean(pcm[began:ended].astype(np.float64) ** 2))
    return _samples(pcm * (LIFTER_LEVEL / level))


class SimulatedRoom:
    """One rehearsal's microphone."""

    def __init__(self, room: Room, noise: Sound | None, rate: int, coach_rate: int, block: int) -> None:
        """`noise` at a root mean square of one and at `rate`, the microphone's; `block` in its samples."""
        walls, hiss = (np.random.default_rng([room.seed, part]) for part in range(2))
        self._walls = Convolver(response(room.reverb, rate, walls), block)
        self._hiss = Tap(white(hiss, rate))
        self._noise = Tap(noise) if noise is not None else None
        self._noise_level = LIFTER_LEVEL * 10 ** (-(USUAL_SNR if room.snr is None else room.snr) / 20)
        self._echo_gain = 0.0 if room.echo is None else LIFTER_LEVEL / COACH_LEVEL * 10 ** (room.echo / 20)
        self._resampler = Resampler(coach_rate, rate)
        self._on_its_way: Signal = np.zeros(round(room.delay / 1000 * rate))
        """The coach's sound between the mixer and the microphone."""

    def capture(self, lifter: Pcm, coach: Pcm) -> Pcm:
        """What the microphone gives for one block: the lifter's samples at its rate, the coach's at the coach's."""
        sound = lifter.astype(np.float64)
        if self._echo_gain:
            arriving = np.concatenate([self._on_its_way, self._resampler.resample(coach)])
            sound += self._echo_gain * arriving[: len(sound)]
            self._on_its_way = arriving[len(sound) :]
        sound = self._walls.convolve(sound) + _HISS * self._hiss.take(len(sound))
        if self._noise is not None:
            sound += self._noise_level * self._noise.take(len(sound))
        return _samples(sound)


def _samples(sound: Signal) -> Pcm:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
