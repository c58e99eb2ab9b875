"""What is kept about the lifter: `coach doctor` says where it lies, `coach forget` deletes it after asking."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from coach import cli
from coach.adapters.files.recordings import new_recording
from coach.adapters.journal.file import FileHistory, FileJournal, journal_file, old_journal_file
from coach.adapters.sound.chatter import chatter_file
from coach.adapters.synthesis.clip_store import clip_folder
from coach.doctor import files
from coach.doctor.finding import Status
from coach.ports import OutputError
from coach.records import RepDone, SetEnded
from coach.wiring import stored_files

COMMAND = [sys.executable, "-m", "coach", "forget"]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders for data and cache of a lifter who has not trained yet."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


@pytest.fixture
def all_kept(folders: Path) -> Mapping[str, Path]:
    """A file of every kind that is kept, and a file of another program."""
    with closing(FileJournal(journal_file(), datetime(2026, 1, 1, tzinfo=UTC), print)) as journal:
        journal.write(RepDone(1.0, 1, 1))
        journal.write(SetEnded(2.0, 1, 1))
    with closing(FileJournal(journal_file(lifter="ben"), datetime(2026, 1, 1, tzinfo=UTC), print)) as journal:
        journal.write(SetEnded(2.0, 1, 1))
    old_journal_file(journal_file()).write_text("{}\n")
    begun = new_recording(folders / "sound", stored_files.recordings_file(), datetime(2026, 1, 1), 16_000, print)
    begun.take(np.zeros(160, np.int16))
    begun.close()
    files = {
        "clip": clip_folder() / "0.clip",
        "log": chatter_file(),
        "model": folders / "XDG_DATA_HOME" / "coach" / "voice_models" / "model",
        "song": folders / "sound" / "song.wav",
    }
    for file in files.values():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    files["ben"] = journal_file(lifter="ben")
    return {**files, "journal": journal_file(), "old": old_journal_file(journal_file()), "recording": begun.path}


def there(files: Mapping[str, Path]) -> set[str]:
    return {name for name, path in files.items() if path.exists()}


def test_nothing_is_deleted_unasked(all_kept: Mapping[str, Path]) -> None:
    told = subprocess.run(COMMAND, input="yes\n", capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert told.stderr == "coach forget: nobody can be asked here: add --yes\n"
    assert "what you trained (1 workout, " in told.stdout
    for name in ("journal", "old", "recording", "log"):
        assert str(all_kept[name]) in told.stdout
    assert str(all_kept["clip"].parent) in told.stdout
    assert there(all_kept) == set(all_kept)


@pytest.mark.parametrize(("answer", "deletes"), [("yes\n", True), ("no\n", False), ("\n", False), ("\x04", False)])
def test_who_is_asked_decides(answer: str, deletes: bool, all_kept: Mapping[str, Path]) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(COMMAND, stdin=theirs, stdout=subprocess.PIPE, text=True) as process:
        os.close(theirs)
        os.write(ours, answer.encode())
        told, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert ("All of it is deleted." if deletes else "Nothing was deleted.") in told
    assert there(all_kept) == ({"model", "song"} if deletes else set(all_kept))
    assert stored_files.recordings_file().exists() is not deletes


def test_yes_is_an_answer_and_then_nothing_is_kept(
    all_kept: Mapping[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["forget", "--yes"]) == 0
    assert there(all_kept) == {"model", "song"}
    capsys.readouterr()
    assert cli.main(["forget"]) == 0
    assert capsys.readouterr().out == "Nothing is kept.\n"


def test_while_a_coach_runs_nothing_is_deleted(
    all_kept: Mapping[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(FileJournal(journal_file(), datetime(2026, 1, 2, tzinfo=UTC), print)) as journal:
        journal.write(RepDone(1.0, 1, 1))
        assert cli.main(["forget", "--yes"]) == 1
        assert (
            capsys.readouterr().err
            == f"coach: the journal {str(journal_file())!r} is in use: end the coach that runs\n"
        )
    assert there(all_kept) == set(all_kept)
    assert len(list(FileHistory(journal_file()).sessions())) == 2


def test_a_journal_that_cannot_be_read_can_be_deleted(
    all_kept: Mapping[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    all_kept["journal"].write_bytes(b"no database" * 999)
    assert cli.main(["forget", "--yes"]) == 0
    assert "what you trained (it cannot be read, " in capsys.readouterr().out
    assert there(all_kept) == {"model", "song"}


def test_a_folder_for_sound_that_cannot_be_one_is_told_before_the_session(folders: Path) -> None:
    (folders / "file").touch()
    with pytest.raises(OutputError, match="cannot keep sound in"):
        stored_files.record(folders / "file", 16_000, print)


def test_the_doctor_says_where_everything_lies(all_kept: Mapping[str, Path]) -> None:
    findings = {finding.text: finding.status is Status.OK for finding in files.examine()}
    assert findings == {
        f"what is trained can be kept in {journal_file().parent}": True,
        f"what was trained is in {journal_file()}, and it is whole (1 workout)": True,
        f"recordings of the microphone: 1, in {all_kept['recording'].parent}; coach forget deletes them": True,
        f"models and voices that are fetched are kept in {stored_files.fetched_folder()}": True,
    }


def test_the_doctor_tells_of_a_journal_that_is_damaged(all_kept: Mapping[str, Path]) -> None:
    content = all_kept["journal"].read_bytes()
    all_kept["journal"].write_bytes(content[:-4096] + b"\xaa" * 4096)
    (told,) = [finding.text for finding in files.examine() if finding.status is Status.FIX]
    assert told.startswith(f"the journal {str(journal_file())!r} is damaged (")
    assert all_kept["journal"].read_bytes() == content[:-4096] + b"\xaa" * 4096
