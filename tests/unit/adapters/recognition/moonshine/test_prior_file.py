"""The prior's file: it is read as it was written, and a damaged file stops nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.adapters.recognition.moonshine.prior_file import Continuations, Prefix, read, write
from coach.adapters.recognition.moonshine.recognizer import LOOK_S, look_seconds

KNOWN: dict[Prefix, Continuations] = {
    (): Continuations(np.array([3, 9, 40]), np.array([-1.5, -2.25, -9.0], np.float32), -12.5),
    (9,): Continuations(np.array([], np.int64), np.array([], np.float32), -0.1),
    (9, 40, 7, 7): Continuations(np.array([1]), np.array([-0.25], np.float32), -3.0),
}


def plain(known: dict[Prefix, Continuations]) -> dict[Prefix, tuple[list[int], list[float], float]]:
    return {prefix: (one.tokens.tolist(), one.logs.tolist(), one.end_log) for prefix, one in known.items()}


@pytest.mark.parametrize("known", [KNOWN, {}])
def test_what_is_written_is_read(known: dict[Prefix, Continuations], tmp_path: Path) -> None:
    file = tmp_path / "new" / "prior.npz"

    write(file, known)

    assert plain(read(file)) == plain(known)
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_is_not_whole_is_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "prior.npz"
    write(file, KNOWN)
    whole = file.read_bytes()
    for kept in (0, 10, len(whole) // 2, len(whole) - 5):
        file.write_bytes(whole[:kept])
        assert read(file) == {}
    file.write_bytes(b"something else")

    assert read(file) == {}
    assert read(tmp_path / "none.npz") == {}


def test_columns_that_do_not_belong_together_are_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "prior.npz"
    write(file, KNOWN)
    with np.load(file) as kept:
        columns = dict(kept)
    columns["tokens"] = columns["tokens"][:-1]
    np.savez(file, **columns)

    assert read(file) == {}


def test_a_file_that_cannot_be_written_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    write(tmp_path / "file" / "prior.npz", KNOWN)

    assert list(tmp_path.rglob("*")) == [tmp_path / "file"]


@pytest.mark.parametrize(("reading", "look"), [(0.01, LOOK_S), (0.05, LOOK_S), (0.12, 0.4), (0.3, 1.0)])
def test_a_slow_machine_looks_rarer(reading: float, look: float) -> None:
    assert look_seconds(reading) == pytest.approx(look)
