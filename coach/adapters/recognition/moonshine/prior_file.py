"""The prior's values on disk, so that the next session need not look them up again: 3 ms for each beginning.

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
_NAMES = ("prefixes", "ends", "counts", "tokens", "logs")
"""The arrays of the file: one row for each beginning, then the tokens and logs of all beginnings, one after the
other."""
_NO_TOKEN = -1
"""Fills the rows of short prefixes."""


@dataclass(frozen=True, slots=True)
class Continuations:
    """The tokens that were looked up behind one beginning of a text."""

    tokens: npt.NDArray[np.int64]
    """The tokens, ascending."""
    logs: npt.NDArray[np.float32]
    """Log-likelihood of each token."""
    end_log: float
    """Log-likelihood that a phrase is over behind this beginning."""


def read(path: Path) -> dict[Prefix, Continuations]:
    """The values of the file; empty if the file does not exist or is not whole."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            prefixes, ends, counts, tokens, logs = (arrays[name] for name in _NAMES)
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


def write(path: Path, known: dict[Prefix, Continuations]) -> None:
    """Write the file, whole or not at all."""
    longest = max(map(len, known), default=0)
    filled = [[*prefix, *[_NO_TOKEN] * (longest - len(prefix))] for prefix in known]
    continuations = known.values()
    columns = (
        np.array(filled, np.int32).reshape(len(known), longest),
        np.array([behind.end_log for behind in continuations]),
        np.array([len(behind.tokens) for behind in continuations], np.int64),
        np.concatenate([behind.tokens for behind in continuations] or [np.zeros(0, np.int64)]),
        np.concatenate([behind.logs for behind in continuations] or [np.zeros(0, np.float32)]),
    )
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        named: dict[str, Any] = dict(zip(_NAMES, columns, strict=True))
        write_atomically(path, lambda file: np.savez(file, **named))
