"""A TOML file as the nodes that `reading.py` reads against a spec, so that its findings have line numbers, too.

Law: the values come from Python's own parser; only the line numbers are found here, by the key at the start of a line.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from coach.content.files import UnreadableError, read_text

_TABLE = re.compile(r"\s*\[+\s*([\w.\"'-]+)\s*\]+\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")
_TAGS = {bool: "bool", int: "int", float: "float"}
"""YAML's names of TOML's types; every other type becomes text."""


def compose(path: Path) -> yaml.MappingNode:
    """The whole file as one mapping; raises UnreadableError."""
    text = read_text(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The message ends with "(at line 3, column 9)" or "(at end of document)".
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        wrong = re.sub(r" \(at .*\)$", "", str(error))
        raise UnreadableError(line, f"is not TOML: {wrong}", "look at this line and the one before it") from error
    except RecursionError as error:
        raise UnreadableError(1, "is nested too deep", "make it flatter") from error
    return _mapping(table, (), _lines(text))


Place = tuple[str, ...]


def _lines(text: str) -> dict[Place, int]:
    """The line in which every table and key begins, from 0."""
    found: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.split("\n")):
        if heading := _TABLE.fullmatch(line):
            table = _parts(heading.group(1))
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key.group(1))), number)
    return found


def _parts(dotted: str) -> Place:
    return tuple(part.strip("\"' ") for part in dotted.split("."))


def _mapping(table: dict[str, Any], at: Place, lines: dict[Place, int]) -> yaml.MappingNode:
    inner = []
    for name, value in table.items():
        here = (*at, name)
        mark = _mark(here, lines)
        inner.append((yaml.ScalarNode("tag:yaml.org,2002:str", name, mark, mark), _node(value, here, lines)))
    mark = _mark(at, lines)
    return yaml.MappingNode("tag:yaml.org,2002:map", inner, mark, mark)


def _node(value: Any, at: Place, lines: dict[Place, int]) -> yaml.Node:
    mark = _mark(at, lines)
    if isinstance(value, dict):
        return _mapping(value, at, lines)
    if isinstance(value, list):
        items = [_node(one, at, lines) for one in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, mark, mark)
    tag = _TAGS.get(type(value), "str")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return yaml.ScalarNode(f"tag:yaml.org,2002:{tag}", text, mark, mark)


def _mark(at: Place, lines: dict[Place, int]) -> yaml.Mark:
    """The mark of a key, or of the nearest key around it that has a known line."""
    while at and at not in lines:
        at = at[:-1]
    return yaml.Mark("", 0, lines.get(at, 0), 0, None, 0)
