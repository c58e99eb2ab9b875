"""Compares the length in a WAV file's header with the file's length, which libsndfile does not check.

Law: a few bytes more or less than the header says are a recorder's mistake, and are accepted.
"""

from __future__ import annotations

import os
import re
from typing import BinaryIO

_UNKNOWN_LENGTH = 0x7FFF_0000
"""From this value on, a length means "until the end", as from recorders that write to a pipe."""
_TOLERANCE_S = 0.05
"""Seconds of sound that may be missing or too much: less than a soft "t". Some recorders count their header's 44 bytes
as sound.
"""


def length_finding(file: BinaryIO) -> str | None:
    """How the file differs from its header, and the remedy; None: it does not differ, or is not a WAV."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    at, tolerance = 12, 0.0
    while len(chunk := file.read(8)) == 8:
        length = int.from_bytes(chunk[4:], "little")
        at += 8
        if chunk[:4] == b"fmt ":
            # Four bytes of this chunk are the sound's bytes a second.
            tolerance = _TOLERANCE_S * int.from_bytes(file.read(16)[8:12], "little")
        if chunk[:4] == b"data":
            return None if length >= _UNKNOWN_LENGTH else _data_finding(file, at, length, size, tolerance)
        at += length + length % 2
        if at > size:
            return None
        file.seek(at)
    return None


def _data_finding(file: BinaryIO, at: int, length: int, size: int, tolerance: float) -> str | None:
    """The result of `length_finding` for sound that begins at byte `at`.

    `length`: bytes of sound that the header promises. `size`: the file's bytes. `tolerance`: bytes that may be missing
    or too much.
    """
    missing = at + length - size
    if missing > tolerance:
        return f"is cut short (its header promises {missing} bytes more): copy it again"
    file.seek(at + length + length % 2)
    behind = file.read(4)
    # More bytes than promised: another chunk, zeros, or sound whose length the recorder could not write any more.
    if -missing > tolerance and re.fullmatch(rb"[ -~]{4}", behind) is None and behind.strip(b"\0"):
        return f"has {-missing} bytes of sound more than its header tells: mend it (sox --ignore-length)"
    return None
