"""Tries the sound of this machine: do the devices run, at which rate, without gaps, and does a word come back?

Law: the caller has made sure that a sound server answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coach.adapters.sound.server import RESTART, SoundServer
from coach.audio.clock_map import ClockMap
from coach.audio.echo import find_echo
from coach.audio.mixer import Mixer
from coach.audio.resampling import Resampler
from coach.ports import Clip, Pcm
from coach.settings import Devices

if TYPE_CHECKING:
    from coach.adapters.sound.devices import Microphone, Speaker

TRY_S = 2.0
"""Seconds for which both devices run."""
SILENT = "the microphone gives nothing at all, not even noise: is it muted, or the wrong one?"
_START_WITHIN_S = 3.0
"""An idle device behind a sound server takes up to 2 s to run."""
_LISTEN_AFTER_S = 1.5
"""Seconds for which the word is waited for: longer than any loudspeaker takes."""
_MAX_RATE_ERROR = 0.05
"""Largest error of a measured rate, as a share: blocks of up to 60 ms are 3 % of two seconds."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What two seconds of silence and listening have shown."""

    underflows: int
    """How often the loudspeaker got its samples too late."""
    overflows: int
    """How often samples of the microphone were lost."""
    speaker_rate: float
    """Samples a second that the loudspeaker took; 0: it did not run."""
    microphone_rate: float
    """Samples a second that the microphone gave; 0: it did not run."""
    silent: bool
    """The microphone gave nothing but zeros."""
    recorded: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))
    """The microphone's samples."""

    def problems(self, speaker_rate: int, microphone_rate: int) -> list[str]:
        """What is wrong, in lines for people, with the remedies. Arguments: the rates that were asked for."""
        problems = []
        for name, measured, wanted in (
            ("loudspeaker", self.speaker_rate, speaker_rate),
            ("microphone", self.microphone_rate, microphone_rate),
        ):
            if not measured:
                problems.append(f"the {name} does not run: choose another, or {RESTART}")
            elif abs(measured / wanted - 1) > _MAX_RATE_ERROR:
                problems.append(
                    f"the {name} runs at {measured:.0f} samples a second where {wanted} were asked for: "
                    "set one rate in the sound server, or choose another device"
                )
        if self.underflows or self.overflows:
            problems.append(
                f"sound stumbled in {TRY_S:g} s ({self.underflows} times out, {self.overflows} times in): "
                "close other programs, or use a device with a larger buffer"
            )
        if self.silent and self.microphone_rate:
            problems.append(SILENT)
        return problems


@dataclass(frozen=True, slots=True)
class Echo:
    """The coach's word as the microphone has heard it."""

    delay_ms: float
    """Milliseconds from the word's leaving to its arrival, as far as the devices report them."""
    dbfs: float
    """Level of the word in the microphone, in decibels of full scale."""


def try_sound(
    speaker_rate: int, microphone_rate: int, devices: Devices, server: SoundServer | None = None
) -> TrialResult:
    """Play two seconds of silence and record; SoundError when a device cannot be opened."""
    with _running(speaker_rate, microphone_rate, devices, server) as (mixer, speaker, microphone, runs):
        starved, lost, before, began = speaker.underflows, microphone.overflows, mixer.position, time.monotonic()
        heard: list[Pcm] = []
        while time.monotonic() - began < TRY_S:
            block = microphone.take(0.05)
            if block is not None:
                heard.append(block.pcm)
        lasted = time.monotonic() - began
        pcm = np.concatenate([np.zeros(0, np.int16), *heard])
        return TrialResult(
            underflows=speaker.underflows - starved,
            overflows=microphone.overflows - lost,
            speaker_rate=(mixer.position - before) / lasted if runs else 0.0,
            microphone_rate=len(pcm) / lasted,
            silent=not pcm.any(),
            recorded=pcm,
        )


def say_and_listen(
    clip: Clip, microphone_rate: int, devices: Devices, server: SoundServer | None = None
) -> Echo | None:
    """Say the clip aloud and look for it in the microphone; None: it does not come back. SoundError when a device
    cannot be opened.
    """
    with _running(clip.rate, microphone_rate, devices, server) as (mixer, speaker, microphone, _):
        begins = mixer.place(1, clip, mixer.position + clip.rate // 2)
        ends = begins / clip.rate + clip.length.total + _LISTEN_AFTER_S
        clock, heard, first = ClockMap(microphone_rate), [np.zeros(0, np.int16)], 0
        while speaker.now() < ends:
            block = microphone.take(0.05)
            if block is not None:
                first = block.first if len(heard) == 1 else first
                heard.append(block.pcm)
                at = speaker.now() - (time.monotonic() - block.arrived)
                clock.observe(block.first + len(block.pcm), at)
        played = Resampler(clip.rate, microphone_rate).resample(clip.pcm)
        found = find_echo(np.concatenate(heard), played, microphone_rate)
        if found is None:
            return None
        return Echo(1000 * (clock.seconds(first + found.first_sample) - begins / clip.rate), found.dbfs)


@contextmanager
def _running(
    speaker_rate: int, microphone_rate: int, devices: Devices, server: SoundServer | None
) -> Iterator[tuple[Mixer, Speaker, Microphone, bool]]:
    """Run both devices. Yields also whether the loudspeaker takes samples; the microphone's buffer is empty."""
    from coach.adapters.sound.devices import Microphone, Speaker  # noqa: PLC0415  it looks for devices at once

    mixer = Mixer(speaker_rate)
    speaker = Speaker(mixer, devices.output, None, server)
    microphone = Microphone(microphone_rate, devices.input, server)
    try:
        speaker.start()
        microphone.start()
        runs = _wait_for(mixer)
        while microphone.take(0.001) is not None:
            pass
        yield mixer, speaker, microphone, runs
    finally:
        microphone.close()
        speaker.close()


def _wait_for(mixer: Mixer) -> bool:
    """Wait until the loudspeaker takes samples, more than fill its buffer; False: it does not."""
    end = time.monotonic() + _START_WITHIN_S
    while mixer.position < mixer.rate // 2:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
