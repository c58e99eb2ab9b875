"""Writes a file of a cache atomically: nobody ever reads half of it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Have `write` fill a file under another name, then rename it to `path`, whose folder must exist.

    If either fails, the other file is deleted and `path` stays as it was.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
        Path(name).replace(path)
    finally:
        # After the renaming this file does not exist.
        with contextlib.suppress(OSError):
            Path(name).unlink(missing_ok=True)
