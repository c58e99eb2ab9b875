"""The sound of this machine tried: does it run, does it stumble, at which rate, and does a word come back.

Law: a sound server that does not answer was found out before.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coach.adapters.sound.server import RESTART, SoundServer
from coach.audio.clock_map import ClockMap
from coach.audio.heard_back import heard_back
from coach.audio.mixer import Mixer
from coach.audio.resampling import Resampler
from coach.ports import Clip, Pcm
from coach.settings import Devices

if TYPE_CHECKING:
    from coach.adapters.sound.devices import Microphone

TRY_S = 2.0
SILENT = "the microphone gives nothing at all, not even noise: is it muted, or the wrong one?"
_START_WITHIN_S = 3.0
"""An idle device behind a sound server takes up to 2 s to run."""
_LISTEN_AFTER_S = 1.5
"""After the word: later than any loudspeaker."""
_MAX_RATE_ERROR = 0.05
"""Of a rate: blocks of up to 60 ms make 3 % of two seconds."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What came of two seconds."""

    underflows: int
    """Times the loudspeaker asked and got its samples too late."""
    overflows: int
    """Times samples of the microphone were lost."""
    speaker_rate: float
    """Samples a second as they were taken; 0 when it did not run."""
    microphone_rate: float
    silent: bool
    """The microphone gave nothing but zeros."""
    recorded: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))
    """What it gave."""

    def problems(self, speaker_rate: int, microphone_rate: int) -> list[str]:
        """What is wrong, each with the remedy. The rates are those that were asked for."""
        told = []
        for name, found, asked in (
            ("loudspeaker", self.speaker_rate, speaker_rate),
            ("microphone", self.microphone_rate, microphone_rate),
        ):
            if not found:
                told.append(f"the {name} does not run: choose another, or {RESTART}")
            elif abs(found / asked - 1) > _MAX_RATE_ERROR:
                told.append(
                    f"the {name} runs at {found:.0f} samples a second where {asked} were asked for: "
                    "set one rate in the sound server, or choose another device"
                )
        if self.underflows or self.overflows:
            told.append(
                f"sound stumbled in {TRY_S:g} s ({self.underflows} times out, {self.overflows} times in): "
                "close other programs, or use a device with a larger buffer"
            )
        if self.silent and self.microphone_rate:
            told.append(SILENT)
        return told


@dataclass(frozen=True, slots=True)
class Echo:
    """A word that came back."""

    delay_ms: float
    """From its leaving to its being heard, as far as the devices tell."""
    dbfs: float


def try_sound(
    speaker_rate: int, microphone_rate: int, devices: Devices, server: SoundServer | None = None
) -> TrialResult:
    """Two seconds of silence out, and whatever comes in; SoundError when a device cannot be opened."""
    from coach.adapters.sound.devices import Microphone, Speaker  # noqa: PLC0415  it looks for devices at once

    mixer = Mixer(speaker_rate)
    speaker = Speaker(mixer, devices.output, None, server)
    microphone = Microphone(microphone_rate, devices.input, server)
    try:
        speaker.start()
        microphone.start()
        running = _wait_for(mixer)
        _drain(microphone)
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
            speaker_rate=(mixer.position - before) / lasted if running else 0.0,
            microphone_rate=len(pcm) / lasted,
            silent=not pcm.any(),
            recorded=pcm,
        )
    finally:
        microphone.close()
        speaker.close()


def say_and_listen(
    clip: Clip, microphone_rate: int, devices: Devices, server: SoundServer | None = None
) -> Echo | None:
    """Say it aloud; None: it does not come back. SoundError when a device cannot be opened."""
    from coach.adapters.sound.devices import Microphone, Speaker  # noqa: PLC0415  it looks for devices at once

    mixer = Mixer(clip.rate)
    speaker = Speaker(mixer, devices.output, None, server)
    microphone = Microphone(microphone_rate, devices.input, server)
    try:
        speaker.start()
        microphone.start()
        _wait_for(mixer)
        _drain(microphone)
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
        back = heard_back(np.concatenate(heard), played, microphone_rate)
        if back is None:
            return None
        return Echo(1000 * (clock.seconds(first + back.first) - begins / clip.rate), back.dbfs)
    finally:
        microphone.close()
        speaker.close()


def _wait_for(mixer: Mixer) -> bool:
    """Whether the loudspeaker began to take samples, beyond those that fill its buffer."""
    end = time.monotonic() + _START_WITHIN_S
    while mixer.position < mixer.rate // 2:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _drain(microphone: Microphone) -> None:
    while microphone.take(0.001) is not None:
        pass
