"""`coach run --show` as its user sees it: what was said, a line about a lost sound server, no output of libraries."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from coach.adapters.files.sound import read_speech
from coach.wiring.recognizers import EMBEDDED
from lab.rigs.sound_server import SoundServer

pytestmark = pytest.mark.live


class Screen:
    """A running `coach run --show`, read as it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.out: list[str] = []
        self.err: list[str] = []
        self._threads = [
            Thread(target=self._read, args=(stream, lines), daemon=True)
            for stream, lines in ((process.stdout, self.out), (process.stderr, self.err))
        ]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _read(stream: object, lines: list[str]) -> None:
        assert hasattr(stream, "readline")
        for line in iter(stream.readline, ""):
            lines.append(" ".join(line.split()))

    def said(self, text: str) -> int:
        return sum(f"coach {text}" in line for line in self.out)

    def wait_for(self, text: str, times: int = 1) -> None:
        SoundServer.wait_until(
            lambda: self.said(text) >= times or self._process.poll() is not None,
            f"{text!r} in {self.out} and {self.err}",
        )
        assert self._process.poll() is None, self.err

    def end(self) -> int:
        """Send Ctrl-C; return the exit code."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(30)
        for thread in self._threads:
            thread.join()
        return code


@contextmanager
def running(server: SoundServer, folder: Path, *more: str) -> Iterator[Screen]:
    # A background job may ignore Ctrl-C, and its child processes inherit this. So reset it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    plan = ("--reps", "8", "--sets", "1", "--tempo", "4-1-2-0")
    with subprocess.Popen(
        [sys.executable, "-m", "coach", "run", "--show", "--engine", EMBEDDED, *plan, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **server.environment, "XDG_DATA_HOME": str(folder)},
    ) as process:
        try:
            yield Screen(process)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.mark.usefixtures("spoken_before")
def test_what_was_said_is_shown_and_a_lost_server_costs_no_chatter(sound: SoundServer, tmp_path: Path) -> None:
    with running(sound, tmp_path) as screen:
        screen.wait_for("Hamstring leg press.")
        sound.speak("start set", "rms")
        screen.wait_for("rep one")
        sound.speak("stop", "rms")
        screen.wait_for("Bring it up slowly. Catches in.")
        stop = next(index for index, line in enumerate(screen.out) if re.search(r"lifter stop", line))
        at = float(screen.out[stop].split()[0])
        lines = [line.split(" ", 2) for line in screen.out if re.match(r"[\d.]+ coach ", line)]
        whole = [text for begins, _, text in lines if float(begins) > at and "[cut after" not in text]
        assert whole == ["Bring it up slowly. Catches in."], screen.out
        sound.speak("continue", "rms")
        screen.wait_for("lower", screen.said("lower") + 1)
        sound.unplug_all()
        SoundServer.wait_until(lambda: any("SpeakerLost" in line for line in screen.err), "the loss is told")
        SoundServer.wait_until(lambda: any("MicrophoneLost" in line for line in screen.err), "of the microphone, too")
        sound.plug_in_all()
        screen.wait_for("Continue or finish?")
        # A second question would be printed within this time.
        time.sleep(4)
        code = screen.end()
    assert code == 130
    assert screen.said("Continue or finish?") == 1
    told = [line for line in screen.err if not re.match(r"coach: (SpeakerLost|MicrophoneLost|ended)", line)]
    assert len(told) <= 1, screen.err
    assert all(line.startswith("coach: ") and "sound.log" in line for line in told)


@pytest.mark.usefixtures("spoken_before")
def test_a_recording_is_announced_and_whole_after_an_interrupt(sound: SoundServer, tmp_path: Path) -> None:
    with running(sound, tmp_path / "data", "--keep-audio", str(tmp_path / "sound")) as screen:
        screen.wait_for("This session is recorded.")
        screen.wait_for("Hamstring leg press.")
        sound.speak("start set", "rms")
        screen.wait_for("Set one,")
        assert screen.end() == 130
    (recording,) = (tmp_path / "sound").iterdir()
    assert any(f"the sound of the microphone is kept in {str(recording)!r}" in line for line in screen.err)
    assert stat.S_IMODE(recording.stat().st_mode) == 0o600
    spoken = read_speech(recording, 16_000)
    assert len(spoken) > 3 * 16_000
    assert np.abs(spoken.astype(np.int32)).max() > 1000, "the lifter is in it"
