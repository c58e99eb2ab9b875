"""The prior's values on disk, so that the next session need not look them up again: 3 ms for each prefix.

Law: a file that cannot be read counts as no file. A file that cannot be written is not written. The file may be
deleted.
"""

from __future__ import annotations

import contextlib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.adapters.files.atomic_write import write_atomically

Prefix = tuple[int, ...]
"""The tokens of a text so far."""
_ARRAY_NAMES = ("prefixes", "ends", "counts", "tokens", "logs")
"""The arrays of the file. The first three have a row for each prefix; `tokens` and `logs` have the values of all
prefixes, one prefix after the other."""
_NO_TOKEN = -1
"""Fills the rows of short prefixes."""


@dataclass(frozen=True, slots=True)
class Continuations:
    """The tokens that were looked up behind one prefix."""

    tokens: npt.NDArray[np.int64]
    """The tokens, ascending."""
    logs: npt.NDArray[np.float32]
    """Log-likelihood of each token."""
    end_log: float
    """Log-likelihood that a phrase is over behind the prefix."""


def read(path: Path) -> dict[Prefix, Continuations]:
    """The values of the file; empty if the file does not exist or is not whole."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            prefixes, ends, counts, tokens, logs = (arrays[name] for name in _ARRAY_NAMES)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    stops = np.cumsum(counts).tolist()
    starts = [0, *stops][: len(stops)]
    if not (len(prefixes) == len(ends) == len(counts)) or not ([0, *stops][-1] == len(tokens) == len(logs)):
        return {}
    return {
        tuple(number for number in prefix if number != _NO_TOKEN): Continuations(
            tokens[start:stop], logs[start:stop], end
        )
        for prefix, end, start, stop in zip(prefixes.tolist(), ends.tolist(), starts, stops, strict=True)
    }


def write(path: Path, continuations: dict[Prefix, Continuations]) -> None:
    """Write the file, whole or not at all."""
    longest = max(map(len, continuations), default=0)
    filled = [[*prefix, *[_NO_TOKEN] * (longest - len(prefix))] for prefix in continuations]
    values = continuations.values()
    arrays = (
        np.array(filled, np.int32).reshape(len(continuations), longest),
        np.array([value.end_log for value in values]),
        np.array([len(value.tokens) for value in values], np.int64),
        np.concatenate([value.tokens for value in values] or [np.zeros(0, np.int64)]),
        np.concatenate([value.logs for value in values] or [np.zeros(0, np.float32)]),
    )
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        named: dict[str, Any] = dict(zip(_ARRAY_NAMES, arrays, strict=True))
        write_atomically(path, lambda file: np.savez(file, **named))
