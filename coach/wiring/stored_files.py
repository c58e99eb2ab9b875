"""The files that the coach stores on this machine: which, where, and how they are deleted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coach.adapters.files.model_folders import folder_to_fetch_into, size_of
from coach.adapters.files.recordings import Recording, new_recording, recordings
from coach.adapters.journal.database import check_unused
from coach.adapters.journal.file import FileHistory, all_files, journal_file, journal_files
from coach.adapters.sound.chatter import chatter_file
from coach.adapters.synthesis.clip_store import clip_folder
from coach.ports import HistoryError, OutputError
from coach.wiring.models import PROJECT


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Files of one kind that the coach stores."""

    what: str
    """What the files are, for people."""
    paths: tuple[Path, ...]
    """The files and folders of this kind that exist."""
    about: str = ""
    """How much the files hold, as far as that is known."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size_of(path) if path.is_dir() else path.stat().st_size for path in self.paths)

    def __str__(self) -> str:
        about = f"{self.about}, " if self.about else ""
        return f"{self.what} ({about}{self.size / 1e6:.1f} MB): {', '.join(map(str, self.paths))}"


def recordings_file() -> Path:
    """The file that names every recording; beside the journal."""
    return journal_file().with_name("recordings")


def record(folder: Path, rate: int, warn: Callable[[str], None]) -> Recording:
    """Begin to record the session that begins now; OutputError when that is impossible."""
    began = new_recording(folder, recordings_file(), datetime.now(), rate, warn)
    warn(f"the sound of the microphone is kept in {str(began.path)!r}")
    return began


def personal_files() -> list[StoredFiles]:
    """The existing files that hold something about the lifter. HistoryError: the list of recordings cannot be read."""
    own, *others = journal_files()
    try:
        sounds = recordings(recordings_file())
    except OSError as error:
        raise HistoryError(f"{str(recordings_file())!r} cannot be read ({error.strerror}): own it (chown)") from error
    found = (
        _trained("you", own),
        *(_trained(journal.parent.name, journal) for journal in others),
        StoredFiles("recordings of the microphone", tuple(sounds), str(len(sounds))),
        StoredFiles("lines the coach has spoken", _existing(clip_folder())),
        StoredFiles("what the sound system said", _existing(chatter_file())),
    )
    return [files for files in found if files.paths]


def _trained(who: str, journal: Path) -> StoredFiles:
    return StoredFiles(f"what {who} trained", _existing(*all_files(journal)), _workouts(journal))


def _workouts(path: Path) -> str:
    """The journal's number of workouts, for people."""
    try:
        count = FileHistory(path).count_workouts()
    except HistoryError:
        return "it cannot be read"
    return f"{count} {'workout' if count == 1 else 'workouts'}"


def forget(stored: list[StoredFiles]) -> None:
    """Delete what `personal_files` returned. HistoryError, and nothing is deleted: a coach is running."""
    journals = journal_files()
    for path in journals:
        check_unused(path)
    for path in journals:
        FileHistory(path).forget()
    for files in stored:
        for path in files.paths:
            try:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
            except OSError as error:
                where = str(error.filename or path)
                raise OutputError(f"{where!r} cannot be deleted ({error.strerror}): own it (chown)") from error
    recordings_file().unlink(missing_ok=True)


def fetched_folder() -> Path:
    """The folder of fetched models and voices. They hold nothing about the lifter."""
    return folder_to_fetch_into(PROJECT)


def _existing(*paths: Path) -> tuple[Path, ...]:
    return tuple(path for path in paths if path.exists())
