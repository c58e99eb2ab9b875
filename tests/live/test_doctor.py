"""`coach doctor` with a sound server: one that works, one that hangs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coach.doctor import sound as sound_checks
from coach.doctor import speech
from coach.doctor.examination import Examination
from coach.settings import Devices, Profile, Settings
from lab.rigs.sound_server import SoundServer
from tests.live.test_portaudio import noise, write_wav

pytestmark = pytest.mark.live


def doctor(server: SoundServer, **more: str) -> list[str]:
    told = subprocess.run(
        [sys.executable, "-m", "coach", "doctor"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **server.environment, **more},
    )
    assert "Traceback" not in told.stderr
    return told.stdout.splitlines()


def test_a_server_that_is_well_is_tried(sound: SoundServer, tmp_path: Path) -> None:
    told = doctor(sound, XDG_DATA_HOME=str(tmp_path))
    assert any(line.startswith("ok   the sound server answers (") for line in told)
    assert "ok   a microphone and a loudspeaker" in told
    # A null sink is digital silence; whether its samples come in time depends on this machine.
    assert any("the microphone gives nothing at all" in line for line in told)
    assert not any("samples a second where" in line for line in told)
    assert f"ok   what is trained can be kept in {tmp_path / 'coach'}" in told


def test_a_server_that_hangs_is_told_and_not_waited_for(sound: SoundServer, tmp_path: Path) -> None:
    (tmp_path / "coach").touch()
    with sound.hanging():
        told = doctor(sound, XDG_DATA_HOME=str(tmp_path), PYTHONIOENCODING="latin-1")
    assert any(line.startswith("FIX  the sound server does not answer within 3 s: restart it") for line in told)
    assert not any("sound devices" in line for line in told)
    assert any(line.startswith("FIX  the terminal's encoding is iso8859-1") for line in told)
    assert any(line.startswith(f"FIX  the journal's folder {str(tmp_path / 'coach')!r} cannot be") for line in told)


def test_its_own_voice_comes_back_from_the_devices_that_are_chosen(sound: SoundServer, tmp_path: Path) -> None:
    """A loudspeaker that the microphone hears, and a noise in the room."""
    module = sound.hear_the_loudspeaker()
    microphone = sound.plug_in("jabra", "Jabra Speak Mono", microphone=True)
    room = sound.play(write_wav(tmp_path / "room.wav", noise(60 * 16000, seed=3) // 60, 16000), sink="feed")
    examined = Examination(Settings(Profile.SPEAKER, devices=Devices(input="jabra")))
    try:
        rows = (sound_checks.server, sound_checks.devices, speech.voice, sound_checks.microphone)
        for row in rows:
            found = list(row(examined))
        [back] = sound_checks.own_voice(examined)
    finally:
        examined.close()
        room.terminate()
        room.wait()
        sound.unplug(microphone)
        sound.unplug(module)
    [level] = [one.figures for one in found if one.figures]
    assert level["noise_dbfs"] == pytest.approx(-49, abs=3)
    assert back.text.startswith("the coach's own voice comes back after ")
    assert 0 < back.figures["late_ms"] < 1000
