"""What a microphone in a gym hears: the lifter, the coach's loudspeaker, walls and noise, mixed sample by sample.

Levels: `as_spoken` gives every line of the lifter the level `LIFTER_LEVEL` over its audible part, before the room's
walls; the walls keep the energy. The noise is `snr` dB below the lifter. The coach's clips have a root mean square of
`COACH_LEVEL`; at full volume the coach arrives `echo` dB above the lifter (-10: ten below), and softer by as much as
the coach is turned down or ducked. A quiet room's hiss, 66 dB below full scale, is added to everything.

Law: deterministic. The same samples, room and seed give the same sound.
"""

from __future__ import annotations

import numpy as np

from coach.audio.noises import Sound, Tap, white
from coach.audio.pcm import FULL, Signal, audible_span, to_pcm
from coach.audio.resampling import Resampler
from coach.audio.reverberation import Convolver, response
from coach.ports import Pcm
from coach.settings import DEFAULT_SNR, Room

LIFTER_LEVEL = 0.06 * FULL
"""Root mean square of the lifter's lines, as in the benchmark of the hearing."""
COACH_LEVEL = 2980.0
"""Root mean square of the bundled voice's clips: sentences 2700 to 3200, counts 2600 to 3100 (90 lines measured)."""
_HISS = 16.0
"""Root mean square of a quiet room's hiss."""


def as_spoken(pcm: Pcm) -> Pcm:
    """A line of the lifter at `LIFTER_LEVEL`; silence stays silence."""
    began, ended = audible_span(pcm)
    if began == ended:
        return pcm
    level = np.sqrt(np.mean(pcm[began:ended].astype(np.float64) ** 2))
    return to_pcm(pcm * (LIFTER_LEVEL / level))


class SimulatedRoom:
    """The microphone of one rehearsal."""

    def __init__(self, room: Room, noise: Sound | None, rate: int, coach_rate: int, block: int) -> None:
        """`rate`: samples a second of the microphone. `noise`: at that rate, with a root mean square of one. `block`:
        length of a block in samples at that rate.
        """
        walls, hiss = (np.random.default_rng([room.seed, part]) for part in range(2))
        self._walls = Convolver(response(room.reverb, rate, walls), block)
        self._hiss = Tap(white(hiss, rate))
        self._noise = Tap(noise) if noise is not None else None
        self._noise_level = LIFTER_LEVEL * 10 ** (-(DEFAULT_SNR if room.snr is None else room.snr) / 20)
        self._echo_gain = 0.0 if room.echo is None else LIFTER_LEVEL / COACH_LEVEL * 10 ** (room.echo / 20)
        self._resampler = Resampler(coach_rate, rate)
        self._on_its_way: Signal = np.zeros(round(room.delay / 1000 * rate))
        """The coach's sound between the mixer and the microphone."""

    def capture(self, lifter: Pcm, coach: Pcm) -> Pcm:
        """What the microphone hears in one block. `lifter`: at the microphone's rate; `coach`: at the coach's rate."""
        sound = lifter.astype(np.float64)
        if self._echo_gain:
            arriving = np.concatenate([self._on_its_way, self._resampler.resample(coach)])
            sound += self._echo_gain * arriving[: len(sound)]
            self._on_its_way = arriving[len(sound) :]
        sound = self._walls.convolve(sound) + _HISS * self._hiss.take(len(sound))
        if self._noise is not None:
            sound += self._noise_level * self._noise.take(len(sound))
        return to_pcm(sound)
