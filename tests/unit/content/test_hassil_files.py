"""Commands files of other people: every fault with file, line, key and remedy, by both of PyYAML's parsers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.content.hassil_files import read_grammar
from coach.content.nodes import LOADER
from coach.hearing import HeardUtterance, as_json, as_line
from coach.language.grammar import Intent
from coach.ports import ScriptError

LOADERS = list(dict.fromkeys((LOADER, yaml.SafeLoader)))
both = pytest.mark.parametrize("loader", LOADERS, ids=lambda loader: loader.__name__)
HEAD = 'language: en\nintents:\n  S: {data: [{sentences: ["start {c}"]}]}\n'


def faults(folder: Path, text: str, loader: Any) -> list[str]:
    """The faults of a commands file, without the file's name."""
    file = folder / "c.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError) as error:
        read_grammar(file, loader)
    lines = str(error.value).splitlines()
    assert all(line.startswith(f"{file}:") for line in lines)
    return [line.removeprefix(f"{file}:") for line in lines]


@both
@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ("[one, set]", "lists.c: a list stands where a mapping must: write a mapping, such as {values: [red, green]}"),
        ("one", "lists.c: 'one' stands where a mapping must: write a mapping, such as {values: [red, green]}"),
        ("{}", "lists.c: has neither `values` nor `range`: give it one of them"),
        ("{values: one}", "lists.c.values: 'one' stands where a list must: write a list"),
        ("{values: []}", "lists.c.values: 0 entries: write 1 to 100000"),
        ("{values: [yes]}", "lists.c.values[0]: 'yes' is read as true or false by YAML: put it in quotes"),
        ("{values: [{out: x}]}", "lists.c.values[0]: 'in' is missing: add it"),
        ("{values: [[a]]}", "lists.c.values[0]: a list stands where a single value must: write a single value"),
        ("{values: [{in: a, out: .nan}]}", "lists.c.values[0].out: '.nan' is no number that can be told: write one,"),
        ("{values: [{in: a, out: [1, -.INF]}]}", "lists.c.values[0].out[1]: '-.INF' is no number that can be told"),
        ("{values: [{in: a, out: !x 1}]}", "lists.c.values[0].out: '1' is tagged !x: take the tag out"),
        ("{values: [{in: a, context: hall}]}", "lists.c.values[0].context: 'hall' stands where a mapping must"),
        ("{values: ['a [b']}", "lists.c: cannot read the template 'a [b': check its brackets"),
        ("{values: ['{d}']}", "lists.c: the list {d} in '{d}' is not defined: add it to the file"),
        ("{values: ['{c}']}", "lists.c: list 'c' holds itself: take {c} out of its values"),
        ("{wildcard: true}", "intents.S.data[0].sentences[0]: list 'c' is a wildcard, and any words cannot be heard"),
        ("{range: [1, 5]}", "lists.c.range: a list stands where a mapping must: write a mapping, such as {from: 1,"),
        ("{range: {from: 1}}", "lists.c.range: 'to' is missing: add it"),
        ("{range: {from: a, to: 5}}", "lists.c.range.from: 'a' is not a whole number: give -999999 to 999999, with"),
        ("{range: {from: 1, to: 1.5}}", "lists.c.range.to: '1.5' is not a whole number: give -999999 to 999999,"),
        ("{range: {from: 010, to: 20}}", "lists.c.range.from: '010' is read as 8 by YAML: write plain digits"),
        ("{range: {from: 0, to: 1000000}}", "lists.c.range.to: 1000000 is out of bounds: give -999999 to 999999"),
        ("{range: {from: 0, to: 999999}}", "lists.c: the range from 0 to 999999 has 1000000 numbers: give at most 50"),
        (f"{{range: {{from: 1, to: {'9' * 5000}}}}}", "lists.c.range.to: 99999999999999999999 is out of bounds"),
        ("{range: {from: 5, to: 1}}", "lists.c: the range from 5 to 1 by 1 is empty: give the smaller number first"),
        ("{range: {from: 1, to: 5, step: 0}}", "lists.c.range.step: 0 is out of bounds: give 1 to 999999"),
        ("{range: {from: 1, to: 5, fractions: thirds}}", "lists.c.range.fractions: 'thirds' is not one of halves, te"),
        ("{range: {from: 1, to: 5, multiplier: two}}", "lists.c.range.multiplier: 'two' is not a number: write it li"),
    ],
)
def test_a_list_that_is_none(definition: str, told: str, loader: Any, tmp_path: Path) -> None:
    (line,) = faults(tmp_path, f"{HEAD}lists:\n  c: {definition}\n", loader)[:1]
    assert line.startswith("3: " if told.startswith("intents") else "5: ")
    assert line.partition(": ")[2].startswith(told)


@both
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("skip_words: [5, please]", "4: skip_words[0]: '5' is read as a number by YAML: put it in quotes"),
        ("skip_words: please", "4: skip_words: 'please' stands where a list must: write a list"),
        ("pronunciations: start", "4: pronunciations: 'start' stands where a mapping must: write a mapping"),
        ("language: de", "4: language: 'language' stands here twice: keep one (first in line 1)"),
        ("lists:\n  c: {values: [a]}\n  c: {values: [b]}", "6: lists.c: 'c' stands here twice: keep one (first in lin"),
        ("expansion_rules: {r: 1}", "4: expansion_rules.r: '1' is read as a number by YAML: put it in quotes"),
        ("lists: [", "5: the file: is not YAML: "),
        ("lists: {c: {values: [a], context: {x: 1, x: 2}}}", "4: lists.c.context.x: 'x' stands here twice: keep one"),
    ],
)
def test_another_part_that_is_wrong(more: str, told: str, loader: Any, tmp_path: Path) -> None:
    assert faults(tmp_path, f"{HEAD}{more}\n", loader)[0].startswith(told)


@both
@pytest.mark.parametrize(
    ("intents", "told"),
    [
        (
            "  S: {data: [{sentences: [a]}]}\n  S: {data: [{sentences: [b]}]}",
            "3: intents.S: 'S' stands here twice: kee",
        ),
        ("  S: [a]", "2: intents.S: a list stands where a mapping must: write a mapping"),
        ("  S: {}", "2: intents.S: 'data' is missing: add it"),
        ("  S: {data: {sentences: [a]}}", "2: intents.S.data: a mapping stands where a list must: write a list"),
        ("  S: {data: [[a]]}", "2: intents.S.data[0]: a list stands where a mapping must: write a mapping, such as"),
        ("  S: {data: [{sentences: a}]}", "2: intents.S.data[0].sentences: 'a' stands where a list must: write a li"),
        ("  S: {data: [{sentences: [on]}]}", "2: intents.S.data[0].sentences[0]: 'on' is read as true or false by YA"),
        ("  S: {data: [{sentences: [a], slots: b}]}", "2: intents.S.data[0].slots: 'b' stands where a mapping must:"),
        ("  S:\n    data:\n    - sentences:\n      - a\n      - 'a (b'", "6: intents.S.data[0].sentences[1]: cannot"),
        ("  S: {data: [{sentences: ['a <b>']}]}", "2: intents.S.data[0].sentences[0]: the rule <b> in 'a <b>' is not"),
        (
            "  S: {data: [{sentences: ['" + "(" * 500 + "a" + ")" * 500 + "']}]}",
            "2: intents.S.data[0].sentences[0]: is",
        ),
        ("  S: {data: [{sentences: ['(a;b;c;d;e;f;g;h;i)']}]}", "2: intents.S.data[0].sentences[0]: 9 parts in any or"),
        ("  S: {data: [{sentences: ['{1..900000:x}']}]}", "2: intents.S.data[0].sentences[0]: the range from 1 to 900"),
    ],
)
def test_an_intent_that_is_wrong(intents: str, told: str, loader: Any, tmp_path: Path) -> None:
    assert faults(tmp_path, f"intents:\n{intents}\n", loader)[0].startswith(told)


@both
def test_every_fault_is_told_at_once(loader: Any, tmp_path: Path) -> None:
    text = "language: en\nintents:\n  S: {data: []}\nlists:\n  c: [a]\nskip_words: x\n"
    assert [line.split(":")[0] for line in faults(tmp_path, text, loader)] == ["3", "5", "6"]


@both
def test_a_folder_is_one_grammar(loader: Any, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.yaml").write_text(HEAD)
    (tmp_path / "b.yaml").write_text('language: en\nintents:\n  S: {data: [{sentences: ["go {c}"]}]}\n')
    (tmp_path / "deep" / "_common.YML").write_text("lists:\n  c: {values: [set]}\nskip_words: [please]\n")
    (tmp_path / "notes.txt").write_text("not read")
    grammar = read_grammar(tmp_path, loader).grammar
    for text in ("start set", "go set", "please go set"):
        assert grammar.understand(text, grammar.intents) == Intent("S", {"c": "set"})
    (tmp_path / "deep" / "z.yaml").write_text("lists:\n  c: {values: [1.5]}\n")
    with pytest.raises(ScriptError, match=r"deep/z\.yaml:2: lists\.c\.values\[0\]: '1\.5' is read as a number by YAML"):
        read_grammar(tmp_path, loader)
    (tmp_path / "deep" / "z.yaml").write_text("lists: {c: {values: {}}}\n")
    with pytest.raises(ScriptError, match="a mapping stands where a list must"):
        read_grammar(tmp_path, loader)


def test_a_folder_without_commands_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ScriptError, match=r"no commands files \(\*\.yaml, \*\.yml\) in .*: name a file, or another"):
        read_grammar(tmp_path)
    (tmp_path / "lists.yaml").write_text("lists: {c: {values: [a]}}")
    with pytest.raises(ScriptError, match="`intents` is missing"):
        read_grammar(tmp_path)


@both
def test_keys_that_look_misspelt_are_told_and_others_passed_over(loader: Any, tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(
        "language: en\nskipwords: [please]\nresponses: {S: done}\nintents:\n  S:\n    data:\n"
        "    - sentences: [stop]\n      requires_contxt: {a: b}\n      response: done\n"
    )
    foreign = read_grammar(file, loader)
    assert foreign.messages == (
        f"{file}:2: skipwords: warning: 'skipwords' is read by nobody: did you mean 'skip_words'?",
        f"{file}:8: intents.S.data[0].requires_contxt: warning: 'requires_contxt' is read by nobody: "
        "did you mean 'requires_context'?",
    )
    assert foreign.grammar.understand("stop", foreign.grammar.intents) == Intent("S")


@both
def test_anchors_and_merges_are_read_as_yaml_has_them(loader: Any, tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(
        "base: &base {slots: {kind: a, size: 1}}\nintents:\n"
        "  S: {data: [{<<: *base, sentences: &said [stop]}]}\n"
        "  T: {data: [{<<: [*base, {slots: {kind: b}}], sentences: [go], slots: {kind: c}}]}\n"
    )
    grammar = read_grammar(file, loader).grammar
    assert grammar.understand("stop", grammar.intents) == Intent("S", {"kind": "a", "size": 1})
    assert grammar.understand("go", grammar.intents) == Intent("T", {"kind": "c"})


def test_what_a_list_gives_is_valid_json(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(f"{HEAD}lists:\n  c: {{values: [{{in: set, out: {{when: 2026-01-01, many: [1, null, true]}}}}]}}\n")
    grammar = read_grammar(file).grammar
    found = grammar.understand("start set", grammar.intents)
    assert found is not None
    line = as_json(Path("a\udcff.wav"), HeardUtterance("start set", "S", found.slots, 1.0, 0.0, 1.0, 1.0, 0.1))
    assert line.isascii()
    assert json.loads(line)["slots"] == {"c": {"when": "2026-01-01", "many": [1, None, True]}}
    assert json.loads(line)["file"] == "a\udcff.wav"


def test_a_name_of_any_bytes_is_one_line_for_people() -> None:
    heard = HeardUtterance("start set", "S", {}, 1.0, 0.0, 1.0, 1.0, 0.1)
    line = as_line(Path("a\n\x1b[2J\udcff größe.wav"), heard)
    assert line == "a\\n\\x1b[2J\\udcff größe.wav  0.00-1.00 s  S: start set  (1.00)"
