"""Recordings of the microphone in the folder that the user named: a WAV for each session, and a list of all WAVs.

Law: sound is kept only if the user asked for it. Every WAV is in the list, so that it can be found and deleted. Each
WAV is a valid file again after each second, however the session ends, and at most as long as `coach hear` accepts.
"""

from __future__ import annotations

import os
import wave
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from coach.adapters.files.sound import LONGEST_S
from coach.ports import OutputError, Pcm

_PATTERN = "coach-*.wav"


class Recording:
    """One session's recording. Only one thread may use it."""

    def __init__(self, path: Path, rate: int, warn: Callable[[str], None]) -> None:
        """OSError when the file cannot be made. `warn` gets one line if the recording ends early."""
        self.path = path
        self._warn = warn
        self._rate = rate
        self._samples = 0
        self._unwritten: list[Pcm] = []
        self._file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb")
        self._wav: wave.Wave_write | None = wave.open(self._file, "wb")  # noqa: SIM115  see `close`
        self._wav.setparams((1, 2, rate, 0, "NONE", ""))

    def take(self, pcm: Pcm) -> None:
        """Record the next samples."""
        if self._wav is None:
            return
        self._unwritten.append(pcm)
        self._samples += len(pcm)
        if sum(map(len, self._unwritten)) >= self._rate:
            self._write()
        if self._samples >= LONGEST_S * self._rate:
            self._end(f"the recording {str(self.path)!r} is {LONGEST_S // 3600} hours long: nothing more is kept")

    def close(self) -> None:
        """Write the samples that are not written yet, and close the file."""
        self._write()
        self._end()

    def _write(self) -> None:
        if self._wav is None:
            return
        samples = b"".join(pcm.astype("<i2").tobytes() for pcm in self._unwritten)
        self._unwritten = []
        try:
            # This also writes the new length into the header.
            self._wav.writeframes(samples)
            self._file.flush()
        except OSError as error:
            self._end(f"the recording {str(self.path)!r} cannot go on ({error.strerror or error}): free the disk")

    def _end(self, reason: str = "") -> None:
        wav, self._wav = self._wav, None
        if wav is None:
            return
        # If this fails, on a full disk, the header stays as it was last written.
        with suppress(OSError):
            wav.close()
        with suppress(OSError):
            self._file.close()
        if reason:
            self._warn(reason)


def new_recording(folder: Path, list_file: Path, began: datetime, rate: int, warn: Callable[[str], None]) -> Recording:
    """Begin a new WAV in the folder, which is made if it is missing. OutputError has a message of one line."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in count(1):
            name = f"coach-{began:%Y-%m-%d-%H%M%S}{f'-{number}' * (number > 1)}.wav"
            path = folder.resolve() / name
            if "\n" in str(path):
                raise OutputError(f"cannot keep sound in {str(folder)!r}: name a folder without a line break")
            if not path.exists():
                break
        # The list is written first, because a WAV that is not in the list would never be found.
        list_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(list_file, os.O_CREAT | os.O_EXCL, 0o600))
        with list_file.open("ab") as file:
            file.write(os.fsencode(path) + b"\n")
        return Recording(path, rate, warn)
    except OSError as error:
        name = error.filename if error.filename is not None else str(folder)
        raise OutputError(f"cannot keep sound in {name!r} ({error.strerror}): give a place you can write to") from error


def recordings(list_file: Path) -> list[Path]:
    """The WAVs of the list that still exist; OSError when the list cannot be read."""
    try:
        lines = list_file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found = [Path(os.fsdecode(line)) for line in dict.fromkeys(lines) if line and b"\0" not in line]
    return [path for path in found if path.match(_PATTERN) and path.is_file() and not path.is_symlink()]
