"""A file that a user named is written whole or stays as it was, and keeps its kind: a link, a device, a mode."""

from __future__ import annotations

import os
import resource
import stat
import threading
from pathlib import Path

import pytest

from coach.adapters.files.output import write_file
from coach.ports import OutputError


def refused(path: Path) -> str:
    with pytest.raises(OutputError) as error:
        write_file(path, b"new")
    text = str(error.value)
    assert text.startswith(f"cannot write {str(path)!r} (")
    assert "\n" not in text
    return text


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_private_file_is_its_owners_alone_unless_it_was_there(tmp_path: Path) -> None:
    write_file(tmp_path / "new", b"x", private=True)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    (tmp_path / "shared").write_bytes(b"old")
    (tmp_path / "shared").chmod(0o644)
    write_file(tmp_path / "shared", b"x", private=True)
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o644


def test_a_new_file_has_the_usual_mode_and_its_folders_are_made(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a" / "b" / "new", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "a/b/new").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a/b/new").stat().st_mode) == 0o640
    assert names(tmp_path / "a/b") == ["new"]


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_an_old_file_keeps_its_mode(mode: int, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")
    old.chmod(mode)
    write_file(old, b"new")
    assert old.read_bytes() == b"new"
    assert stat.S_IMODE(old.stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    real, link, dangling = tmp_path / "far" / "real", tmp_path / "link", tmp_path / "dangling"
    real.write_bytes(b"old")
    link.symlink_to("far/real")
    dangling.symlink_to("far/new/one")
    write_file(link, b"new")
    write_file(dangling, b"new")
    assert link.is_symlink()
    assert dangling.is_symlink()
    assert real.read_bytes() == (tmp_path / "far/new/one").read_bytes() == b"new"


def test_all_names_of_a_file_hold_the_new(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"old and longer")
    os.link(tmp_path / "one", tmp_path / "two")
    write_file(tmp_path / "two", b"new")
    assert (tmp_path / "one").read_bytes() == b"new"
    assert (tmp_path / "one").samefile(tmp_path / "two")


def test_a_device_is_written_to_and_stays_one(tmp_path: Path) -> None:
    write_file(Path("/dev/null"), b"new")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert "No space left on device" in refused(Path("/dev/full"))
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
    link = tmp_path / "full"
    link.symlink_to("/dev/full")
    assert "No space left on device" in refused(link)
    assert link.is_symlink()


def test_a_pipe_is_written_to_also_through_a_link(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_file(tmp_path / "link", b"new")
    reader.join()
    assert read == [b"new"]
    assert (tmp_path / "link").is_symlink()


def test_what_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "loop").symlink_to("loop")
    assert "it is a folder" in refused(tmp_path)
    assert "Not a directory" in refused(tmp_path / "file" / "new")
    assert "File name too long" in refused(tmp_path / ("a" * 300))
    refused(tmp_path / "loop")
    assert names(tmp_path) == ["file", "loop"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_a_name_as_long_as_may_be_and_of_any_bytes(tmp_path: Path) -> None:
    for name in (b"a" * 255, b"\xff.yaml"):
        path = tmp_path / os.fsdecode(name)
        write_file(path, b"new")
        assert path.read_bytes() == b"new"


def test_a_disk_that_takes_only_a_part_leaves_the_old(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, before[1]))
    try:
        text = refused(old)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "File too large" in text
    assert old.read_bytes() == b"old"
    assert names(tmp_path) == ["old"]
