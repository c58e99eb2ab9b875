"""Draws one line, plain beside shaped, in silence and on the bike: `scripts/bench voice --picture OUT.png`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coach.adapters.recognition.moonshine.model import RATE
from coach.audio.pcm import Signal
from coach.audio.shaping import STEPS
from coach.commands import Manner
from lab.benchmarks.voice import rooms
from lab.benchmarks.voice.lines import Said
from lab.benchmarks.voice.rooms import Place
from lab.benchmarks.voice.trials import at_the_ear

LINE = Said("Press your hips and lower back into the pad.", Manner.SENTENCE)
_PLACE = Place("bike", 5)
_WINDOW, _HOP = 400, 80
_SPAN_DB = (-65.0, -15.0)
"""Levels from white to blue."""


def draw(voice: str, data: Path | None, out: Path) -> None:
    """Draws waveforms, and spectrograms from 0 to 8 kHz with one scale."""
    plain, shaped = (at_the_ear(voice, LINE, step) for step in (0, STEPS - 1))
    page = Figure(figsize=(10, 7), layout="constrained")
    page.suptitle(f"“{LINE.text}” ({voice})")
    for column, (name, sound) in zip(
        page.subplots(3, 2, sharex=True).T, (("plain", plain), ("shaped, the strongest step", shaped)), strict=True
    ):
        column[0].plot(np.arange(len(sound)) / RATE, sound, linewidth=0.3)
        column[0].set(title=f"{name}: as loud in LUFS", ylim=(-1, 1))
        _spectrogram(column[1], sound)
        _spectrogram(column[2], rooms.heard(sound, plain, _PLACE, 0.0, LINE.text, data))
        column[2].set_title(f"{name}, in a room: {_PLACE}")
    page.savefig(out)


def _spectrogram(panel: Axes, sound: Signal) -> None:
    low, high = _SPAN_DB
    overlap = _WINDOW - _HOP
    panel.specgram(
        sound, NFFT=_WINDOW, Fs=RATE, noverlap=overlap, scale_by_freq=False, vmin=low, vmax=high, cmap="Blues"
    )
