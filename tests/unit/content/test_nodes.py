"""Any YAML file is read in bounded time, or refused, by both of PyYAML's parsers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.content.files import UnreadableError
from coach.content.nodes import LOADER, compose, pairs, parse
from coach.content.reading import read
from coach.rehearsal.scripts.script import SCRIPT, read_script
from lab.rigs.talk import USUAL

both = pytest.mark.parametrize(
    "loader", list(dict.fromkeys((LOADER, yaml.SafeLoader))), ids=lambda loader: loader.__name__
)
LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))


@both
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("# a comment\n", "is empty"),
        ("[" * 3000, "is "),
        ("[" * 100 + "]" * 100, "is nested too deep"),
        ("- " * 80 + "x", "is nested too deep"),
        (LAUGHS, "has more than 1000000 entries, with its aliases written out"),
        ("a: &a [*a]", "holds itself by an alias"),
        ("&a a: {b: &b {c: *b}}", "holds itself by an alias"),
        ("a: *b", "is not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2", "is not YAML: "),
        ("a: [1, 2", "is not YAML: "),
        ("a:\n\t- b", "is not YAML: "),
        ("a: \x00", "is not YAML: "),
        ('a: "\\ud83d"', "is not YAML: " if LOADER is not yaml.SafeLoader else "has half a letter"),
        ('a: "\\UFFFFFFFF"', "is not YAML: "),
        ("%YAML 3.0\n--- a", "is not YAML: "),
    ],
)
def test_what_is_refused(text: str, told: str, loader: Any) -> None:
    with pytest.raises(UnreadableError) as error:
        parse(text, loader)
    if "ud83d" not in text:
        assert error.value.wrong.startswith(told)
    assert error.value.line >= 1
    assert error.value.remedy


@both
@pytest.mark.parametrize("text", ["!", "? [a, b]\n: c", "<<: {a: 1}"])
def test_what_is_odd_is_read(text: str, loader: Any) -> None:
    assert parse(text, loader)


@both
def test_what_is_no_text_is_told(loader: Any, tmp_path: Path) -> None:
    for content, told in {
        b"a: b\nc: \xff": (2, "is not UTF-8 at byte 8"),
        "a: b".encode("utf-16"): (1, "is not UTF-8 at byte 0"),
        b"a" * (17 << 20): (1, "is larger than 16 MB"),
    }.items():
        (tmp_path / "a.yaml").write_bytes(content)
        with pytest.raises(UnreadableError) as error:
            compose(tmp_path / "a.yaml", loader)
        assert (error.value.line, error.value.wrong) == told
    for path in (tmp_path, tmp_path / "nowhere", Path("/dev/zero")):
        with pytest.raises(UnreadableError):
            compose(path, loader)


@both
def test_a_merge_gives_way_to_what_stands_there(loader: Any) -> None:
    root = parse("base: &b {x: 1, y: 2}\nfirst: &f {y: 3}\nall: {<<: [*f, *b], x: 4}\nbad: {<<: 5}", loader)
    assert isinstance(root, yaml.MappingNode)
    values = {key.value: value for key, value in root.value}
    assert {key.value: value.value for key, value in pairs(values["all"])} == {"x": "4", "y": "3"}
    with pytest.raises(UnreadableError, match="'<<' stands before no mapping"):
        pairs(values["bad"])


@both
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- lifter: no", "3: script[0].lifter: 'no' is read as true or false by YAML: put it in quotes"),
        ("- {silent: 1:30}", "3: script[0].silent: '1:30' is not a number of seconds: write it like 4 or 12.350"),
        ("- {silent: 99999999999999}", "3: script[0].silent: '99999999999999' is not a number of seconds"),
        ("- {lifter: a, lifter: b}", "3: script[0].lifter: 'lifter' stands here twice: keep one (first in line 3)"),
        ("- [lifter, a]", "3: script[0]: a list stands where a mapping must: write a mapping"),
        (f"- lifter: {'A' * 9000}", "3: script[0].lifter: 'AAAA"),
    ],
)
def test_a_script_is_told_alike_by_both(line: str, told: str, loader: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"story: x\nscript:\n{line}\n")
    (fault,) = [str(fault).removeprefix(f"{file}:") for fault in read(file, SCRIPT, loader).findings]
    assert fault.startswith(told)
    assert len(fault) < 300


def test_apostrophes_of_keyboards_are_apostrophes(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"a\xff.yaml")
    file.write_text(
        "story: It\u2019s mine.\nscript:\n  - coach: That\u2019s it.\n  - lifter: i can\u2019t breathe\n"
        "  - {lifter: it\u02bcs heavy, while: Don\u2018t stop}\n"
    )
    script = read_script(file, USUAL)
    assert script.story == "It\u2019s mine."
    assert [(step.text, step.spoken_over) for step in script.steps] == [
        ("That's it.", ""),
        ("i can't breathe", ""),
        ("it's heavy", "Don't stop"),
    ]
