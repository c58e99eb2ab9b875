"""A file of a cache is written whole or not at all, and nothing is left beside it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pytest

from coach.adapters.files.atomic_write import write_atomically


def test_it_is_written_whole(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", lambda file: file.write(b"one"))
    write_atomically(tmp_path / "a", lambda file: file.write(b"two"))
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a", b"two")]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_half_a_file_is_deleted_and_the_old_one_stays(tmp_path: Path, error: BaseException) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise error

    with pytest.raises(type(error)):
        write_atomically(tmp_path / "a", fail)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a", b"old")]
