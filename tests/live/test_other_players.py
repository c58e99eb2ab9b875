"""Other players beside the coach: turned down while it speaks, and up again whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.sound.server import SoundServer as Server
from coach.audio.ducking import lowered, same_volumes
from coach.settings import Devices
from lab.rigs.sound_server import SPEAKER_RATE, SoundServer
from tests.live.test_portaudio import noise, write_wav

pytestmark = pytest.mark.live

FULL = 65536
LEVEL = 6000 / np.sqrt(3)
"""Of the song."""
DOWN = lowered((FULL,), -12)

CORNER = """
import sys, time
from coach.adapters.sound.server import SoundServer
from coach.settings import Devices
server = SoundServer(Devices())
server.start()
assert server.answers(30)
server.duck(-12.0)
print(server._process.pid, flush=True)
time.sleep(60)
"""
"""A coach that speaks for ever."""


@pytest.fixture
def music(sound: SoundServer, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A song, of one minute."""
    wav = write_wav(tmp_path / "song.wav", noise(60 * SPEAKER_RATE, seed=5) // 2, SPEAKER_RATE)
    player = sound.play(wav)
    sound.wait_until(lambda: sound.volumes(player) == [FULL], "the song plays")
    yield player
    player.terminate()
    player.wait()


def expect(sound: SoundServer, player: subprocess.Popen[bytes], volume: int) -> None:
    sound.wait_until(lambda: same_volumes(tuple(sound.volumes(player)), (volume,)), f"a volume of {volume}")


def test_players_are_turned_down_and_up_and_what_a_user_does_stays(
    sound: SoundServer, music: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    server = Server(Devices())
    server.start()
    assert server.answers(30)
    later, touched = None, None
    try:
        with sound.record_speaker() as recording:

            def decibels() -> float:
                """Below the song's own level, in the last 0.2 s."""
                level = np.std(recording.samples()[-SPEAKER_RATE // 5 :].astype(np.float64))
                return float(20 * np.log10(level / LEVEL + 1e-9))

            sound.wait_until(lambda: abs(decibels()) < 1, "the song is recorded")
            server.duck(-12.0)
            expect(sound, music, DOWN[0])
            sound.wait_until(lambda: abs(decibels() + 12) < 1, "12 dB less")
        later, touched = (sound.play(tmp_path / "song.wav") for _ in range(2))
        expect(sound, later, DOWN[0])
        expect(sound, touched, DOWN[0])
        sound.set_volume(touched, 50000)
        server.duck(0.0)
        expect(sound, music, FULL)
        expect(sound, later, FULL)
        server.duck(-12.0)
        expect(sound, touched, lowered((50000,), -12)[0])
        server.close()
        expect(sound, touched, 50000)
        expect(sound, music, FULL)
    finally:
        server.close()
        for player in (later, touched):
            if player is not None:
                player.terminate()
                player.wait()


@pytest.mark.parametrize("guard_too", [False, True])
def test_a_coach_that_is_killed_leaves_no_music_down(
    sound: SoundServer, music: subprocess.Popen[bytes], tmp_path: Path, guard_too: bool
) -> None:
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    coach = subprocess.Popen([sys.executable, "-c", CORNER], stdout=subprocess.PIPE, text=True, env=environ)
    assert coach.stdout is not None
    guard = int(coach.stdout.readline())
    expect(sound, music, DOWN[0])
    if guard_too:
        os.kill(guard, signal.SIGKILL)
    coach.kill()
    coach.wait()
    coach.stdout.close()
    if guard_too:
        expect(sound, music, DOWN[0])
        server = Server(Devices(), environ)
        server.start()
        expect(sound, music, FULL)
        server.close()
    expect(sound, music, FULL)
    assert list(tmp_path.glob("coach-ducked-*")) == []
