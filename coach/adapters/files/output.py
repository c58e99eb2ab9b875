"""Writes the files that a user named: transcripts, scripts, WAVs, pictures. No other module does.

Law: a file is written whole, or it stays as it was; its name and mode stay. If the path is a link, the link's target is
replaced. A device, a pipe and a file with several names are written in place.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from coach.ports import OutputError


def write_file(path: Path, content: bytes | memoryview, *, private: bool = False) -> None:
    """Write the content; OutputError in one line when that is impossible. Missing folders are made.

    `private`: only the owner may read a new file.
    """
    try:
        existing: os.stat_result | None = None
        with contextlib.suppress(FileNotFoundError):
            existing = path.stat()
        if existing is not None and stat.S_ISDIR(existing.st_mode):
            raise OutputError(f"cannot write {str(path)!r} (it is a folder): name a file in it")
        if existing is not None and _must_stay(path, existing):
            _write_in_place(path, content)
            return
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        if existing is not None and not os.access(target, os.W_OK):
            raise OutputError(f"cannot write {str(path)!r} (it is write-protected): chmod u+w, or give another name")
        if existing is not None and not os.access(target.parent, os.W_OK | os.X_OK):
            _write_in_place(target, content)
            return
        _replace(target, content, existing, private)
    except (OSError, RuntimeError) as error:
        # RuntimeError: links in a circle, before Python 3.13.
        reason = getattr(error, "strerror", None) or "links in a circle"
        raise OutputError(f"cannot write {str(path)!r} ({reason}): give a place you can write to") from error


def _must_stay(path: Path, existing: os.stat_result) -> bool:
    """Whether the file must not be replaced: a device, a pipe, a file with several names, or an open file of a process,
    such as /dev/stdout, which the process would keep.
    """
    is_open = str(path.absolute()).startswith(("/dev/std", "/dev/fd/", "/proc/"))
    return is_open or existing.st_nlink > 1 or not stat.S_ISREG(existing.st_mode)


def _write_in_place(path: Path, content: bytes | memoryview) -> None:
    with path.open("wb") as file:
        file.write(content)


def _replace(target: Path, content: bytes | memoryview, existing: os.stat_result | None, private: bool) -> None:
    """Write a new file with the owner and mode of the existing one, then rename it to `target`."""
    part = target.parent / f".coach-{secrets.token_hex(6)}.part"
    try:
        with part.open("xb") as file:
            if private and existing is None:
                os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            if existing is not None:
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), existing.st_uid, existing.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(existing.st_mode))
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
