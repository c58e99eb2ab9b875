"""The level, clipping and hum of a microphone, measured in some quiet seconds.

Law: the result depends only on the samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.audio.pcm import FULL
from coach.ports import Pcm

_FRAME_S = 0.02
_PAUSE_PERCENTILE = 20
"""Percentile of the frames that is the noise: in louder frames somebody may be talking."""
_NOISY_DB, _FAINT_DB = -35.0, -85.0
"""Noise levels from which a microphone is noisy, and below which it is too soft, in decibels of full scale. At a usual
gain a voice across a room has -45 to -25; a microphone's own noise below -85 is rounded to zeros."""
_CLIPPED_SHARE = 0.001
"""Share of clipped samples from which clipping is reported."""
_HUM_SHARE, _HUM_DB = 0.5, -60.0
"""Share of the noise from which mains hum is reported, and level from which noise is examined for hum."""
_HUM_WIDTH_HZ = 3.0
"""Distance from a multiple of the mains frequency that still counts as hum."""


@dataclass(frozen=True, slots=True)
class MicrophoneLevel:
    """The levels of one stretch of sound."""

    noise_dbfs: float
    """Root mean square in pauses, in decibels of full scale; -120: nothing but zeros."""
    peak_dbfs: float
    """Largest sample, in decibels of full scale."""
    clipped_share: float
    """Share of the samples at full scale."""
    hum_hz: int
    """50 or 60 if mains hum is most of the noise, else 0."""

    @classmethod
    def of(cls, pcm: Pcm, rate: int) -> MicrophoneLevel:
        """The levels of some sound of at least one second."""
        size = round(_FRAME_S * rate)
        frames = pcm[: len(pcm) // size * size].reshape(-1, size) / FULL
        power = np.percentile(np.mean(frames**2, axis=1), _PAUSE_PERCENTILE) if len(frames) else 0.0
        peak = float(np.max(np.abs(pcm.astype(np.int32)), initial=0)) / FULL
        noise = _decibels(float(power))
        return cls(
            noise_dbfs=noise,
            peak_dbfs=_decibels(peak**2),
            clipped_share=float(np.mean((pcm >= 32767) | (pcm <= -32767))) if len(pcm) else 0.0,
            hum_hz=_hum(pcm, rate) if noise > _HUM_DB else 0,
        )

    def advice(self) -> list[str]:
        """Messages for people: what could be better, each with the remedy."""
        messages = []
        if self.clipped_share > _CLIPPED_SHARE:
            messages.append(
                "the microphone clips: turn its level down in the sound settings, or move it away from the sound"
            )
        if self.hum_hz:
            messages.append(
                f"the microphone hums at {self.hum_hz} Hz: use another USB port or power supply, or keep its cable "
                "away from mains"
            )
        elif self.noise_dbfs > _NOISY_DB:
            messages.append(
                f"the microphone's noise is loud ({self.noise_dbfs:.0f} dBFS): turn its level down, or move it away "
                "from fans and music"
            )
        if -120 < self.noise_dbfs < _FAINT_DB:
            messages.append(
                f"the microphone is very soft ({self.noise_dbfs:.0f} dBFS): turn its level up in the sound settings"
            )
        return messages


def _decibels(power: float) -> float:
    return 10 * float(np.log10(max(power, 1e-12)))


def _hum(pcm: Pcm, rate: int) -> int:
    """50 or 60 if mains hum is most of the sound above 20 Hz, else 0."""
    power = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm)))) ** 2
    hertz = np.fft.rfftfreq(len(pcm), 1 / rate)
    heard = hertz > 20
    for mains in (50, 60):
        near = np.abs(hertz - mains * np.round(hertz / mains)) < _HUM_WIDTH_HZ
        if np.sum(power[heard & near & (hertz < 10 * mains)]) > _HUM_SHARE * np.sum(power[heard]):
            return mains
    return 0
