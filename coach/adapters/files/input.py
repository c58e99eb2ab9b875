"""Reads a file of sets that a user named. No other module does."""

from __future__ import annotations

from pathlib import Path

from coach.ports import DataError


def read_text(path: Path, max_bytes: int) -> str:
    """The whole file, UTF-8, of at most `most` bytes; DataError in one line. A pipe is read too."""
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise DataError(f"{str(path)!r} cannot be read ({error.strerror}): check the name") from error
    if len(content) > max_bytes:
        raise DataError(f"{str(path)!r} is larger than {max_bytes >> 20} MB: import it in parts")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{str(path)!r} is not UTF-8 at byte {error.start}: export it again as UTF-8") from error
