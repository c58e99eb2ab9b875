"""Checks the sound: server, permissions, devices, the microphone's level, and whether the coach's voice comes back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from coach.adapters.sound import trial
from coach.adapters.sound.server import ANSWER_S, RESTART, SoundServer
from coach.audio.microphone_level import MicrophoneLevel
from coach.doctor.examination import Examination
from coach.doctor.finding import Finding, fix, hint, ok

_OUT_RATE, _IN_RATE = 22_050, 16_000
"""Samples a second of loudspeaker and microphone, as in a live session."""
_MAX_DELAY_MS = 500.0
"""Longest delay at which a session still finds the coach's own voice in the microphone (`audio/double_talk.py`)."""
_LOUD_ECHO_DB = 12.0
"""Decibels above the noise from which the recogniser hears the coach's own voice, even from headphones."""


def server(examined: Examination) -> Iterator[Finding]:
    """Whether PulseAudio or PipeWire answers. If the server hangs, nothing about sound can be examined."""
    examined.server = SoundServer(examined.settings.devices)
    examined.server.start()
    if not examined.server.answers():
        yield fix(f"the sound server does not answer within {ANSWER_S:g} s: {RESTART}")
        return
    if name := examined.server.report.server:
        yield ok(f"the sound server answers ({name})")


def permissions(examined: Examination) -> Iterator[Finding]:
    """Whether the sound cards may be used. They are opened directly if no sound server runs."""
    cards = sorted(Path("/dev/snd").glob("pcm*")) if sys.platform == "linux" else []
    served = examined.server is not None and examined.server.report.server
    if not cards or served:
        return
    if all(os.access(card, os.R_OK | os.W_OK) for card in cards):
        yield ok("the sound cards may be used")
    else:
        yield fix("the sound cards may not be used: sudo usermod -aG audio $USER, and log in again")


def devices(examined: Examination) -> Iterator[Finding]:
    """Which devices exist, and whether a microphone and a loudspeaker are among them."""
    if examined.server is not None and examined.server.hangs:
        return
    # It looks for devices at once, and waits for a server that hangs.
    from coach.adapters.sound import streams  # noqa: PLC0415

    missing = streams.devices_missing()
    if missing is not None:
        yield fix(missing)
        return
    yield ok("a microphone and a loudspeaker")
    served = [] if examined.server is None else examined.server.report.descriptions()
    yield ok("\n".join(["sound devices:", *served, streams.list_devices()]))
    examined.sound_runs = True


def microphone(examined: Examination) -> Iterator[Finding]:
    """Run both devices for two seconds: their rates, gaps, and the level of the room's noise."""
    if not examined.sound_runs:
        return
    examined.sound_runs = False
    tried = trial.try_sound(_OUT_RATE, _IN_RATE, examined.settings.devices, examined.server)
    examined.microphone_silent = tried.silent
    problems = [line for line in tried.problems(_OUT_RATE, _IN_RATE) if line != trial.SILENT]
    yield from (fix(line) for line in problems)
    examined.sound_runs = bool(tried.speaker_rate and tried.microphone_rate)
    if not problems:
        yield ok(f"sound ran for {trial.TRY_S:g} s without stumbling, at the rates asked for")
    if not examined.sound_runs or tried.silent:
        return
    level = MicrophoneLevel.of(tried.recorded, _IN_RATE)
    examined.noise_dbfs = level.noise_dbfs
    figures = {"noise_dbfs": level.noise_dbfs, "peak_dbfs": level.peak_dbfs}
    advice = level.advice()
    yield from (hint(line, **figures) for line in advice)
    if not advice:
        text = f"the microphone's noise is at {level.noise_dbfs:.0f} dBFS, the loudest moment at {level.peak_dbfs:.0f}"
        yield ok(text, **figures)


def own_voice(examined: Examination) -> Iterator[Finding]:
    """Say a word, and look for it in the microphone."""
    if not examined.sound_runs:
        return
    if examined.spoken is None or not examined.aloud:
        yield from [fix(trial.SILENT)] if examined.microphone_silent else []
        return
    examined.report("a short word is said now (--no-sound leaves it out)")
    echo = trial.say_and_listen(examined.spoken, _IN_RATE, examined.settings.devices, examined.server)
    is_open = examined.settings.profile.open_speaker
    if echo is None and examined.microphone_silent:
        yield fix(trial.SILENT)
    elif echo is None and is_open:
        yield fix("the coach's voice is not heard in the microphone: turn both devices up, or is one muted?")
    elif echo is None:
        yield ok("the coach's own voice is not heard in the microphone, as it should be with headphones")
    else:
        yield _echo_finding(echo, is_open, examined.noise_dbfs)


def _echo_finding(echo: trial.Echo, is_open: bool, noise_dbfs: float) -> Finding:
    over = echo.dbfs - noise_dbfs
    above = f", {over:.0f} dB above the noise" if noise_dbfs > -120 else ""
    text = f"the coach's own voice comes back after {echo.delay_ms:.0f} ms, at {echo.dbfs:.0f} dBFS{above}"
    figures = {"late_ms": echo.delay_ms, "own_voice_dbfs": echo.dbfs}
    if echo.delay_ms > _MAX_DELAY_MS and is_open:
        return hint(f"{text}, which is late: a loudspeaker with a cable is sooner than Bluetooth", **figures)
    if not is_open and over > _LOUD_ECHO_DB:
        return hint(f"{text}: with a loudspeaker, choose the profile speaker (coach run --profile speaker)", **figures)
    return ok(text, **figures)
