"""Writes the files that a user named: transcripts, scripts, WAVs, pictures. No other module does.

Law: a file is written whole or stays as it was, under its own name, with its mode. Through a link, the link's target is
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
    """Write all of the content; OutputError in one line when that is impossible. Missing folders are made.

    `private`: only the owner may read a new file.
    """
    try:
        try:
            there = path.stat()
        except FileNotFoundError:
            there = None
        if there is not None and stat.S_ISDIR(there.st_mode):
            raise OutputError(f"cannot write {str(path)!r} (it is a folder): name a file in it")
        if there is not None and (not stat.S_ISREG(there.st_mode) or there.st_nlink > 1 or _is_of_a_process(path)):
            _write_there(path, content)
            return
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        if there is not None and not os.access(target, os.W_OK):
            raise OutputError(f"cannot write {str(path)!r} (it is write-protected): chmod u+w, or give another name")
        if there is not None and not os.access(target.parent, os.W_OK | os.X_OK):
            _write_there(target, content)
            return
        _replace(target, content, there, private)
    except (OSError, RuntimeError) as error:
        # RuntimeError: links in a circle, before Python 3.13.
        reason = getattr(error, "strerror", None) or "links in a circle"
        raise OutputError(f"cannot write {str(path)!r} ({reason}): give a place you can write to") from error


def _is_of_a_process(path: Path) -> bool:
    """Whether the path leads to an open file of a process, such as /dev/stdout: a program that redirected it holds the
    file itself, not its name.
    """
    return str(path.absolute()).startswith(("/dev/std", "/dev/fd/", "/proc/"))


def _write_there(path: Path, content: bytes | memoryview) -> None:
    with path.open("wb") as file:
        file.write(content)


def _replace(target: Path, content: bytes | memoryview, there: os.stat_result | None, private: bool) -> None:
    """Write under another name first, so that nothing half-written is left."""
    part = target.parent / f".coach-{secrets.token_hex(6)}.part"
    try:
        with part.open("xb") as file:
            if private and there is None:
                os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            if there is not None:
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), there.st_uid, there.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(there.st_mode))
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
