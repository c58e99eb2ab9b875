"""The pages, docstrings and comments name only what exists: every file and every name in backticks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from lab.rigs.folders import CHECKOUT

ELSEWHERE = {
    *("notification_topic", "bluetoothctl", "firmware", "journald", "sha256sum"),
    *("PULSE_SINK", "PULSE_SOURCE", "SetGrammar"),
}
"""Names of other programs."""
PAGES = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")])
FOLDERS = [CHECKOUT / name for name in ("coach", "container", "docs", "lab", "scripts", "tests")]
TEXTS = {".css", ".html", ".js", ".py", ".service", ".sh", ".toml", ".yaml", ""}
"""Suffixes of files whose words are names; scripts have none."""


@cache
def texts() -> dict[Path, str]:
    """The texts of the code and of what belongs to it, without the pages."""
    files = [CHECKOUT / "pyproject.toml", *(file for folder in FOLDERS for file in folder.rglob("*"))]
    return {file: file.read_text(encoding="utf-8") for file in files if file.suffix in TEXTS and file.is_file()}


@cache
def paths() -> tuple[str, ...]:
    """All files, as paths that begin with a slash."""
    files = (file for folder in FOLDERS for file in folder.rglob("*"))
    return tuple(f"/{file.relative_to(CHECKOUT)}" for file in files)


@cache
def known() -> frozenset[str]:
    """The words of all texts outside backticks, and of the names of all files."""
    words = {file.name.partition(".")[0] for file in CHECKOUT.iterdir()}
    words |= {word for path in paths() for word in re.findall(r"\w+", path)}
    for text in texts().values():
        words |= set(re.findall(r"\w+", re.sub(r"`[^`\n]+`", " ", text)))
    return frozenset(words | ELSEWHERE)


def unknown(text: str) -> Iterator[str]:
    """The names in backticks, paths among them, of which a word exists nowhere."""
    for name in re.findall(r"`([\w./]*[A-Za-z_][\w./]*)(?:\(\))?`", text):
        words = {word for word in re.findall(r"\w+", name) if not word.isdigit()}
        if not words <= known() or (name.endswith(".py") and not any(path.endswith(f"/{name}") for path in paths())):
            yield name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_what_exists(page: Path) -> None:
    assert list(unknown(page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_links_to_what_exists(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_docstrings_and_comments_name_what_exists() -> None:
    code = {file: text for file, text in texts().items() if file.suffix == ".py"}
    assert code != {}
    assert {f"{file.relative_to(CHECKOUT)}: {name}" for file, text in code.items() for name in unknown(text)} == set()
