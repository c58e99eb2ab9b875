"""The prior's values, kept on disk: the next session need not look them up again, which takes 3 ms for each beginning.

Law: a file that cannot be read counts as no file, and a file that cannot be written is left out. The file may
be deleted.
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
_NONE = -1
"""Fills up short prefixes."""


@dataclass(frozen=True, slots=True)
class Known:
    """What may follow one beginning of a text."""

    tokens: npt.NDArray[np.int64]
    """The tokens, ascending."""
    logs: npt.NDArray[np.float32]
    """Log-likelihood of each token."""
    end: float
    """Log-likelihood that a phrase is over behind this beginning."""


def read(path: Path) -> dict[Prefix, Known]:
    """All that was kept; empty if there is no such file, or it is not whole."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            prefixes, ends, counts, tokens, logs = (kept[name] for name in _NAMES)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    stops = np.cumsum(counts).tolist()
    starts = [0, *stops][: len(stops)]
    if not (len(prefixes) == len(ends) == len(counts)) or not ([0, *stops][-1] == len(tokens) == len(logs)):
        return {}
    return {
        tuple(number for number in prefix if number != _NONE): Known(tokens[start:stop], logs[start:stop], end)
        for prefix, end, start, stop in zip(prefixes.tolist(), ends.tolist(), starts, stops, strict=True)
    }


def write(path: Path, known: dict[Prefix, Known]) -> None:
    """Write the file, whole or not at all."""
    longest = max(map(len, known), default=0)
    filled = [[*prefix, *[_NONE] * (longest - len(prefix))] for prefix in known]
    every = known.values()
    columns = (
        np.array(filled, np.int32).reshape(len(known), longest),
        np.array([one.end for one in every]),
        np.array([len(one.tokens) for one in every], np.int64),
        np.concatenate([one.tokens for one in every] or [np.zeros(0, np.int64)]),
        np.concatenate([one.logs for one in every] or [np.zeros(0, np.float32)]),
    )
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        named: dict[str, Any] = dict(zip(_NAMES, columns, strict=True))
        write_atomically(path, lambda file: np.savez(file, **named))
