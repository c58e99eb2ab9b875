"""Checks the coach's files, except rendered lines: where they are, and whether they can be written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

from coach.adapters.files.recordings import recordings
from coach.adapters.journal.file import FileHistory, journal_file
from coach.doctor.finding import Finding, fix, ok
from coach.ports import HistoryError
from coach.wiring import stored_files

_OWN_IT = "own it (chown), free the disk, or set XDG_DATA_HOME"


def examine() -> Iterator[Finding]:
    """Check the folder, the journal, the recordings and the fetched models."""
    yield _folder()
    yield _history()
    yield _recordings()
    yield _fetched()


def _folder() -> Finding:
    """The journal's folder can be written. A set whose record cannot be written is lost."""
    folder = journal_file().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return fix(f"the journal's folder {str(folder)!r} cannot be written ({error.strerror}): {_OWN_IT}")
    return ok(f"what is trained can be kept in {folder}")


def _history() -> Finding:
    """Every page of the journal can be read."""
    file = journal_file()
    try:
        count = FileHistory(file).check()
    except HistoryError as error:
        return fix(str(error))
    if not file.exists():
        return ok(f"nothing was trained yet; it will be in {file}")
    if not os.access(file, os.W_OK):
        return fix(f"the journal {str(file)!r} cannot be written: own it (chown), or chmod u+w")
    workouts = f"{count} workout{'s' * (count != 1)}"
    return ok(f"what was trained is in {file}, and it is whole ({workouts})")


def _recordings() -> Finding:
    try:
        found = recordings(stored_files.recordings_file())
    except OSError as error:
        return fix(f"{str(stored_files.recordings_file())!r} cannot be read ({error.strerror}): own it (chown)")
    if not found:
        return ok("no sound of the microphone is kept")
    folders = ", ".join(sorted({str(path.parent) for path in found}))
    return ok(f"recordings of the microphone: {len(found)}, in {folders}; coach forget deletes them")


def _fetched() -> Finding:
    """Models and voices can be written when somebody fetches them."""
    folder = stored_files.fetched_folder()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        return fix(f"no model or voice can be fetched into {str(folder)!r}: own {str(existing)!r} (chown)")
    return ok(f"models and voices that are fetched are kept in {folder}")
