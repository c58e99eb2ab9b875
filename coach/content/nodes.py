"""A YAML file as a tree of nodes, the same with either of PyYAML's two parsers.

Law: the size of a file is bounded in bytes, in depth, and in nodes with all aliases written out. An `UnreadableError`
names the line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from coach.content.files import UnreadableError, read_text

# The C parser, if the wheel has it: it reads a bundled exercise in a tenth of the time.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 60
"""Largest number of levels; the coach's files have 8. PyYAML's own parser fails at 300 levels, libyaml at 1000."""
_MAX_NODES = 1_000_000
"""Largest number of nodes, with every alias written out."""
_SURROGATES = re.compile("[\ud800-\udfff]")
"""Surrogates (halves of letters). PyYAML's own parser makes them from escapes; they cannot be written to a file."""


def compose(path: Path, loader: Any = LOADER) -> yaml.Node:
    """The only document of a file; raises UnreadableError."""
    return parse(read_text(path), loader)


def parse(text: str, loader: Any = LOADER) -> yaml.Node:
    """The only document of a text; raises UnreadableError."""
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        wrong = f"is not YAML: {error.problem or error.context}"
        raise UnreadableError(mark.line + 1 if mark else 1, wrong, "look at this line and the one before it") from error
    except yaml.YAMLError as error:
        raise UnreadableError(1, f"is not YAML: {' '.join(str(error).split())}", "take the character out") from error
    except RecursionError as error:
        raise UnreadableError(1, "is nested too deep", "make it flatter") from error
    except (ValueError, OverflowError) as error:
        # PyYAML's own parser raises these for an escape such as "\UFFFFFFFF".
        raise UnreadableError(1, f"is not YAML: {error}", "write the letter itself") from error
    if node is None:
        raise UnreadableError(1, "is empty", "write it")
    if _Measure().of(node, 0)[0] > _MAX_NODES:
        raise UnreadableError(1, f"has more than {_MAX_NODES} entries, with its aliases written out", "make it smaller")
    return node


class _Measure:
    """Measures size and height of nodes; a node with several aliases is measured once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._open: set[int] = set()

    def of(self, node: yaml.Node, depth: int) -> tuple[int, int]:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            if _SURROGATES.search(node.value):
                raise UnreadableError(line, "has half a letter", "write the letter itself, without a backslash")
            return 1, 1
        if id(node) in self._open:
            raise UnreadableError(line, "holds itself by an alias", "write it out")
        if id(node) not in self._known:
            self._open.add(id(node))
            size = height = 0
            inner = [part for pair in node.value for part in pair] if _is_mapping(node) else node.value
            for part in inner if depth < _MAX_DEPTH else ():
                its_size, its_height = self.of(part, depth + 1)
                size, height = size + its_size, max(height, its_height)
            self._open.remove(id(node))
            self._known[id(node)] = (size + 1, height + 1)
        size, height = self._known[id(node)]
        if depth + height > _MAX_DEPTH:
            raise UnreadableError(line, "is nested too deep", "make it flatter")
        return size, height


def _is_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a mapping: first its own, then those merged by `<<`; raises UnreadableError."""
    own: list[tuple[yaml.Node, yaml.Node]] = []
    merged: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in node.value:
        if key.tag != "tag:yaml.org,2002:merge":
            own.append((key, value))
            continue
        for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(one, yaml.MappingNode):
                raise UnreadableError(key.start_mark.line + 1, "'<<' stands before no mapping", "name one by an alias")
            merged += pairs(one)
    known = {key.value for key, _ in own if isinstance(key, yaml.ScalarNode)}
    for key, value in merged:
        if isinstance(key, yaml.ScalarNode) and key.value not in known:
            known.add(key.value)
            own.append((key, value))
    return own
