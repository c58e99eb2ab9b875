"""The sound: server, permissions, devices, the microphone's level, and the coach's own voice heard back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from coach.adapters.sound import trial as sound_try
from coach.adapters.sound.server import ANSWER_S, RESTART, SoundServer
from coach.audio.microphone_level import MicrophoneLevel
from coach.doctor.examined import Examined
from coach.doctor.finding import Finding, fix, hint, ok
from coach.ports import SoundError

_OUT_RATE, _IN_RATE = 22_050, 16_000
"""Samples a second, as in a live session."""
_LATE_MS = 500.0
"""The coach's own voice is looked for so long after it was played (`audio/double_talk.py`)."""
_LOUD_DB = 12.0
"""Over the noise: then the recogniser hears it in headphones, too."""


def server(examined: Examined) -> Iterator[Finding]:
    """PulseAudio or PipeWire: one that hangs lets nothing of sound be examined."""
    examined.server = SoundServer(examined.settings.devices)
    examined.server.start()
    if not examined.server.answers():
        yield fix(f"the sound server does not answer within {ANSWER_S:g} s: {RESTART}")
        return
    report = examined.server.report
    if report is not None and report.server is not None:
        yield ok(f"the sound server answers ({report.server})")


def permissions(examined: Examined) -> Iterator[Finding]:
    """Without a server the sound cards themselves are opened."""
    cards = sorted(Path("/dev/snd").glob("pcm*")) if sys.platform == "linux" else []
    served = examined.server is not None and examined.server.report is not None and examined.server.report.server
    if not cards or served:
        return
    if all(os.access(card, os.R_OK | os.W_OK) for card in cards):
        yield ok("the sound cards may be used")
    else:
        yield fix("the sound cards may not be used: sudo usermod -aG audio $USER, and log in again")


def devices(examined: Examined) -> Iterator[Finding]:
    """Those there are, and whether both kinds are among them."""
    if examined.server is not None and examined.server.hangs:
        return
    from coach.adapters.sound import portaudio  # noqa: PLC0415  it looks for devices at once, and waits for a server that hangs

    missing = portaudio.available()
    if missing is not None:
        yield fix(missing)
        return
    yield ok("a microphone and a loudspeaker")
    report = None if examined.server is None else examined.server.report
    served = [] if report is None else report.described()
    yield ok("\n".join(["sound devices:", *served, portaudio.list_devices()]))
    examined.sounds = True


def microphone(examined: Examined) -> Iterator[Finding]:
    """Both run for two seconds: at which rate, do they stumble, how loud is the room."""
    if not examined.sounds:
        return
    examined.sounds = False
    try:
        tried = sound_try.try_sound(_OUT_RATE, _IN_RATE, examined.settings.devices, examined.server)
    except SoundError as fault:
        yield fix(str(fault).splitlines()[0])
        return
    examined.silent = tried.silent
    faults = [one for one in tried.faults(_OUT_RATE, _IN_RATE) if one != sound_try.SILENT]
    yield from (fix(one) for one in faults)
    examined.sounds = bool(tried.speaker_rate and tried.microphone_rate)
    if not faults:
        yield ok(f"sound ran for {sound_try.TRY_S:g} s without stumbling, at the rates asked for")
    if not examined.sounds or tried.silent:
        return
    level = MicrophoneLevel.of(tried.heard, _IN_RATE)
    examined.noise_dbfs = level.noise_dbfs
    figures = {"noise_dbfs": level.noise_dbfs, "peak_dbfs": level.peak_dbfs}
    advice = level.advice()
    yield from (hint(one, **figures) for one in advice)
    if not advice:
        told = f"the microphone's noise is at {level.noise_dbfs:.0f} dBFS, the loudest moment at {level.peak_dbfs:.0f}"
        yield ok(told, **figures)


def own_voice(examined: Examined) -> Iterator[Finding]:
    """A word is said, and looked for in the microphone."""
    if not examined.sounds:
        return
    if examined.said is None or not examined.aloud:
        yield from [fix(sound_try.SILENT)] if examined.silent else []
        return
    examined.tell("a short word is said now (--no-sound leaves it out)")
    try:
        back = sound_try.say(examined.said, _IN_RATE, examined.settings.devices, examined.server)
    except SoundError as fault:
        yield fix(str(fault).splitlines()[0])
        return
    is_open = examined.settings.profile.open_speaker
    if back is None and examined.silent:
        yield fix(sound_try.SILENT)
    elif back is None and is_open:
        yield fix(
            "the coach's own voice is not heard in the microphone: turn loudspeaker and microphone up, or is one muted?"
        )
    elif back is None:
        yield ok("the coach's own voice is not heard in the microphone, as it should be with headphones")
    else:
        yield _came_back(back, is_open, examined.noise_dbfs)


def _came_back(back: sound_try.Back, is_open: bool, noise_dbfs: float) -> Finding:
    over = back.dbfs - noise_dbfs
    above = f", {over:.0f} dB above the noise" if noise_dbfs > -120 else ""
    told = f"the coach's own voice comes back after {back.late_ms:.0f} ms, at {back.dbfs:.0f} dBFS{above}"
    figures = {"late_ms": back.late_ms, "own_voice_dbfs": back.dbfs}
    if back.late_ms > _LATE_MS and is_open:
        return hint(f"{told}, which is late: a loudspeaker with a cable is sooner than Bluetooth", **figures)
    if not is_open and over > _LOUD_DB:
        return hint(f"{told}: with a loudspeaker, choose the profile speaker (coach run --profile speaker)", **figures)
    return ok(told, **figures)
