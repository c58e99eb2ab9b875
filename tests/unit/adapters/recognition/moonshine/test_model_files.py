"""Moonshine's folder: found in order, every fault named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.adapters.recognition.moonshine.model_files import (
    FILES,
    NAME,
    ModelFile,
    find,
    finding,
    is_model,
    list_models,
    verify,
)


def write_model(folder: Path) -> Path:
    """Write files with the right beginning and size and without content: they are sparse, so they take no disk."""
    model = folder / NAME
    model.mkdir(parents=True)
    for file in FILES:
        with (model / file.name).open("wb") as stream:
            stream.write(file.head)
            stream.truncate(file.size)
    return model


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME")


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    assert find(None) is None
    assert list_models(tmp_path) == []
    assert not is_model(tmp_path)


def test_the_checkout_comes_before_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = write_model(tmp_path / "home/.local/share/coach/voice_models")
    assert find(tmp_path / "project") == own
    project = write_model(tmp_path / "project/voice_models")
    assert find(tmp_path / "project") == project
    assert find(None) == own
    assert [one.path for one in list_models(tmp_path / "project")] == [project, own]
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert find(None) is None


def test_a_whole_one_comes_before_a_damaged_one(tmp_path: Path) -> None:
    damaged = write_model(tmp_path / "project/voice_models")
    (damaged / "tokenizer.bin").write_bytes(b"cut")
    assert find(tmp_path / "project") == damaged
    own = write_model(tmp_path / "home/.local/share/coach/voice_models")
    assert find(tmp_path / "project") == own
    listed = list_models(tmp_path / "project")
    assert [one.state for one in listed] == ["tokenizer.bin: 3 bytes instead of 249974", "good"]
    assert listed[1].size == sum(file.size for file in FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_every_file_in_turn_is_told(tmp_path: Path, file: ModelFile) -> None:
    model = write_model(tmp_path)
    path = model / file.name
    assert finding(model) is None
    told, remedy = f"no usable Moonshine model in {str(model)!r}: {file.name}: ", "; run: coach models fetch"
    path.write_bytes(b"version https://git-lfs")
    assert finding(model) == f"{told}23 bytes instead of {file.size}{remedy}"
    path.write_bytes(bytes(file.size))
    assert finding(model) == f"{told}another kind of file{remedy}"
    path.unlink()
    assert finding(model) == f"{told}missing{remedy}"
    path.mkdir()
    assert finding(model) == f"{told}missing{remedy}"


def test_a_foreign_file_of_the_right_size_is_seen_by_its_sum(tmp_path: Path) -> None:
    told = verify(write_model(tmp_path))
    assert told is not None
    assert "encoder_model.ort: not the published file (its SHA-256 is " in told
    assert told.endswith("(and 2 more); run: coach models fetch")
