"""The sound of this machine tried for two seconds: does it run, does it stumble, at which rate.

Law: nothing is heard of it. A sound server that does not answer is asked in a process that can be given up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coach.audio.mixer import Mixer
from coach.settings import Devices

if TYPE_CHECKING:
    from coach.adapters.portaudio import Microphone

TRY_S = 2.0
_START_S = 3.0
"""An idle device behind a sound server takes up to 2 s to run."""
_ANSWER_S = 3.0
_RATES_APART = 0.05
"""Of a rate: blocks of up to 60 ms make 3 % of two seconds."""
RESTART = "restart it: systemctl --user restart pipewire pipewire-pulse wireplumber, or pulseaudio -k"


@dataclass(frozen=True, slots=True)
class Server:
    """The sound server, as far as anybody can tell."""

    hangs: bool
    """It takes calls and does not answer: whoever opens a device waits for ever."""
    told: str
    """For people; with the remedy where it hangs."""


def server(environ: Mapping[str, str] = os.environ) -> Server | None:
    """None: there is no PulseAudio or PipeWire, or nothing here that could ask it."""
    if sys.platform != "linux" or shutil.which("pactl") is None:
        return None
    try:
        asked = subprocess.run(
            ["pactl", "info"], capture_output=True, text=True, timeout=_ANSWER_S, check=False, env=dict(environ)
        )
    except subprocess.TimeoutExpired:
        return Server(True, f"the sound server does not answer within {_ANSWER_S:g} s: {RESTART}")
    if asked.returncode:
        return None
    named = (line.removeprefix("Server Name: ") for line in asked.stdout.splitlines() if "Server Name: " in line)
    return Server(False, f"the sound server answers ({next(named, 'without a name')})")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of two seconds."""

    starved: int
    """Times the loudspeaker asked and got its samples too late."""
    lost: int
    """Times samples of the microphone were lost."""
    speaker_rate: float
    """Samples a second as they were taken; 0 when it did not run."""
    microphone_rate: float
    silent: bool
    """The microphone gave nothing but zeros."""

    def faults(self, speaker_rate: int, microphone_rate: int) -> list[str]:
        """What is wrong, each with the remedy. The rates are those that were asked for."""
        told = []
        for name, found, asked in (
            ("loudspeaker", self.speaker_rate, speaker_rate),
            ("microphone", self.microphone_rate, microphone_rate),
        ):
            if not found:
                told.append(f"the {name} does not run: choose another, or {RESTART}")
            elif abs(found / asked - 1) > _RATES_APART:
                told.append(
                    f"the {name} runs at {found:.0f} samples a second where {asked} were asked for: "
                    "set one rate in the sound server, or choose another device"
                )
        if self.starved or self.lost:
            told.append(
                f"sound stumbled in {TRY_S:g} s ({self.starved} times out, {self.lost} times in): "
                "close other programs, or use a device with a larger buffer"
            )
        if self.silent and self.microphone_rate:
            told.append("the microphone gives nothing at all, not even noise: is it muted, or the wrong one?")
        return told


def try_sound(speaker_rate: int, microphone_rate: int, devices: Devices) -> Tried:
    """Two seconds of silence out, and whatever comes in; SoundError when a device cannot be opened."""
    from coach.adapters.portaudio import Microphone, Speaker  # noqa: PLC0415  it looks for devices at once

    mixer = Mixer(speaker_rate)
    speaker, microphone = Speaker(mixer, devices.output), Microphone(microphone_rate, devices.input)
    try:
        speaker.start()
        microphone.start()
        running = _wait_for(mixer)
        _drain(microphone)
        starved, lost, before, began = speaker.underflows, microphone.overflows, mixer.position, time.monotonic()
        taken, loudest = 0, 0
        while time.monotonic() - began < TRY_S:
            block = microphone.take(0.05)
            if block is not None:
                taken += len(block.pcm)
                loudest = max(loudest, int(np.max(np.abs(block.pcm.astype(np.int32)), initial=0)))
        lasted = time.monotonic() - began
        return Tried(
            starved=speaker.underflows - starved,
            lost=microphone.overflows - lost,
            speaker_rate=(mixer.position - before) / lasted if running else 0.0,
            microphone_rate=taken / lasted,
            silent=not loudest,
        )
    finally:
        microphone.close()
        speaker.close()


def _wait_for(mixer: Mixer) -> bool:
    """Whether the loudspeaker began to take samples, beyond those that fill its buffer."""
    end = time.monotonic() + _START_S
    while mixer.position < mixer.rate // 2:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _drain(microphone: Microphone) -> None:
    while microphone.take(0.001) is not None:
        pass
