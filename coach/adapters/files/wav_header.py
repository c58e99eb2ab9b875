"""Compares the length in a WAV file's header with the file: libsndfile would read on without an error.

Law: sound that can be heard is accepted. A few bytes more or less than promised are a recorder's slip, not a loss.
"""

from __future__ import annotations

import os
import re
from typing import BinaryIO

_UNKNOWN_LENGTH = 0x7FFF_0000
"""From this many bytes on, a length means "until the end": recorders that write to a pipe."""
_SLIP_S = 0.05
"""Seconds of sound that may be missing: less than a soft "t". Some recorders count their header's 44 bytes as sound."""


def wrong_length(file: BinaryIO) -> str | None:
    """How the file differs from its header, and the remedy; None if it does not differ, or is not a WAV."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    at, slip = 12, 0.0
    while len(chunk := file.read(8)) == 8:
        length = int.from_bytes(chunk[4:], "little")
        at += 8
        if chunk[:4] == b"fmt ":
            slip = _SLIP_S * int.from_bytes(file.read(16)[8:12], "little")
        if chunk[:4] == b"data":
            return None if length >= _UNKNOWN_LENGTH else _wrong_data(file, at, length, size, slip)
        at += length + length % 2
        if at > size:
            return None
        file.seek(at)
    return None


def _wrong_data(file: BinaryIO, at: int, length: int, size: int, slip: float) -> str | None:
    """As `wrong_length`. `at`: where the sound begins; `length`: bytes of sound that the header promises; `size`: the
    file's.
    """
    missing = at + length - size
    if missing > slip:
        return f"is cut short (its header promises {missing} bytes more): copy it again"
    file.seek(at + length + length % 2)
    behind = file.read(4)
    # Another chunk follows, or the recorder was ended before it could write the length.
    if -missing > slip and re.fullmatch(rb"[ -~]{4}", behind) is None and behind.strip(b"\0"):
        return f"has {-missing} bytes of sound more than its header tells: mend it (sox --ignore-length)"
    return None
