"""What C libraries print: only one line in the coach's words reaches the screen, all of it a file."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from coach.adapters.sound.chatter import Chatter

UNDERRUN = b"ALSA lib pcm.c:8570:(snd_pcm_recover) underrun occurred\n"
JACK = b"Cannot connect to server socket err = No such file or directory\n"


class Told:
    """Collects the lines that are reported; a test can wait for them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._any = threading.Event()

    def __call__(self, text: str) -> None:
        self.lines.append(text)
        self._any.set()

    def wait(self) -> None:
        assert self._any.wait(10)


def test_dozens_of_lines_are_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told, log = Told(), tmp_path / "deep" / "sound.log"
    with Chatter(log, told) as chatter:
        os.write(2, JACK)
        while chatter.lines < 1:
            pass
        chatter.start()
        for _ in range(50):
            os.write(2, UNDERRUN)
        told.wait()
        sys.stderr.write("coach: ours\n")
    os.write(2, b"after\n")
    assert told.lines == [
        f"sound was interrupted for a moment; what else it says is in {log}, or on the screen with --verbose"
    ]
    assert (chatter.lines, chatter.interruptions) == (51, 50)
    assert log.read_bytes() == JACK + 50 * UNDERRUN
    assert capfd.readouterr().err.replace("coach: ours\n", "") == "after\n"


def test_another_complaint_is_told_in_its_words(tmp_path: Path) -> None:
    told = Told()
    with Chatter(tmp_path / "sound.log", told) as chatter:
        chatter.start()
        os.write(2, b"Expression 'ret' failed in 'src/pa_linux_alsa.c', line: 3355\n" + bytes([0xFF]) * 900 + b"\n")
        told.wait()
    assert len(told.lines) == 1
    assert told.lines[0].startswith("the sound system says \"Expression 'ret' failed in 'src/pa_linux_alsa.c', line: ")


def test_before_the_start_nothing_is_told_and_without_chatter_there_is_no_file(tmp_path: Path) -> None:
    told = Told()
    with Chatter(tmp_path / "sound.log", told):
        pass
    assert list(tmp_path.iterdir()) == []
    with Chatter(tmp_path / "sound.log", told) as chatter:
        os.write(2, JACK)
    assert (told.lines, chatter.lines) == ([], 1)


def test_a_file_that_cannot_be_written_and_a_closed_stream_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = Told()
    with Chatter(tmp_path / "file" / "sound.log", told) as chatter:
        chatter.start()
        os.write(2, UNDERRUN)
        told.wait()
    kept = os.dup(2)
    os.close(2)
    try:
        with Chatter(tmp_path / "sound.log", told):
            pass
    finally:
        os.dup2(kept, 2)
        os.close(kept)
