"""The microphone's sound in a file: whole however the session ends, private to its owner, and found again to be
deleted.
"""

from __future__ import annotations

import resource
import stat
import wave
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.files import recordings as module
from coach.adapters.files.recordings import Recording, new_recording, recordings
from coach.adapters.files.sound import read_speech
from coach.ports import OutputError, Pcm

RATE = 16_000
BLOCK = 320
BEGAN = datetime(2026, 1, 1, 18, 30)
SOUND: Pcm = np.arange(RATE * 2 + BLOCK, dtype=np.int16)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return tmp_path / "data" / "coach" / "recordings"


def begin(folder: Path, listed: Path, warned: list[str] | None = None) -> Recording:
    return new_recording(folder, listed, BEGAN, RATE, ([] if warned is None else warned).append)


def take(recording: Recording, pcm: Pcm) -> None:
    for first in range(0, len(pcm), BLOCK):
        recording.take(pcm[first : first + BLOCK])


def test_what_was_taken_is_in_the_file(tmp_path: Path, listed: Path) -> None:
    recording = begin(tmp_path / "a b", listed)
    take(recording, SOUND)
    assert np.array_equal(read_speech(recording.path, RATE), SOUND[: 2 * RATE]), "whole in the middle of the session"
    recording.close()
    recording.close()
    take(recording, SOUND)
    assert np.array_equal(read_speech(recording.path, RATE), SOUND)
    with wave.open(str(recording.path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)


def test_each_session_has_its_own_and_all_are_found_again(tmp_path: Path, listed: Path) -> None:
    paths = []
    for folder in ("one", "one", "other"):
        recording = begin(tmp_path / folder, listed)
        recording.close()
        paths.append(recording.path)
    assert [str(path.relative_to(tmp_path)) for path in paths] == [
        "one/coach-2026-01-01-183000.wav",
        "one/coach-2026-01-01-183000-2.wav",
        "other/coach-2026-01-01-183000.wav",
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in [*paths, listed]} == {0o600}
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o700
    assert recordings(listed) == paths
    paths[1].unlink()
    assert recordings(listed) == [paths[0], paths[2]]


def test_only_recordings_are_found(tmp_path: Path, listed: Path) -> None:
    """Files that are found are deleted, so other files must not be found, whatever stands in the list."""
    for name in ("coach-1.wav", "thesis.txt"):
        (tmp_path / name).touch()
    (tmp_path / "coach-2.wav").symlink_to(tmp_path / "coach-1.wav")
    (tmp_path / "coach-3.wav").mkdir()
    listed.parent.mkdir(parents=True)
    names = ["coach-1.wav", "coach-2.wav", "coach-3.wav", "coach-4.wav", "thesis.txt", "coach-\0.wav"]
    listed.write_text("\n".join([str(tmp_path / name) for name in names] + ["", "coach-1.wav", str(tmp_path)]))
    assert recordings(listed) == [tmp_path / "coach-1.wav"]
    assert recordings(tmp_path / "nowhere") == []


def test_a_disk_that_fills_up_ends_it_once_and_leaves_it_whole(tmp_path: Path, listed: Path) -> None:
    warned: list[str] = []
    recording = begin(tmp_path, listed, warned)
    take(recording, SOUND[:RATE])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * RATE + 1000, before[1]))
    try:
        take(recording, SOUND)
        take(recording, SOUND)
        recording.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    (told,) = warned
    assert told == f"the recording {str(recording.path)!r} cannot go on (File too large): free the disk"
    # The samples written last may be cut anywhere; the header's length covers what is whole.
    with wave.open(str(recording.path)) as file:
        kept = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert np.array_equal(kept[:RATE], SOUND[:RATE])


def test_it_is_bounded(tmp_path: Path, listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_S", 1)
    warned: list[str] = []
    recording = begin(tmp_path, listed, warned)
    take(recording, SOUND)
    recording.close()
    assert len(read_speech(recording.path, RATE)) == RATE
    assert len(warned) == 1


def test_a_place_that_cannot_be_written_is_told_before_the_session(tmp_path: Path, listed: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"cannot keep sound in '.*file' \(File exists\): give a place"):
        begin(tmp_path / "file", listed)
    with pytest.raises(OutputError, match="name a folder without a line break"):
        begin(tmp_path / "a\nb", listed)
    listed.mkdir(parents=True)
    with pytest.raises(OutputError, match=r"cannot keep sound in '.*recordings' \(Is a directory\)"):
        begin(tmp_path, listed)
    assert list(tmp_path.glob("*.wav")) == [], "what is not in the list is not kept"
