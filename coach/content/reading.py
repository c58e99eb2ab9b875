"""Reads a YAML file against a spec: plain values, the line of every key, and all findings at once.

Law: a finding is one line, `file:line: key: what is wrong: remedy`. YAML is read as nodes and never as objects, because
a node knows its line, and whether YAML reads `no`, `1:30` or `010` as something other than the written text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from reprlib import Repr
from typing import Any

import yaml

from coach.content.files import UnreadableError
from coach.content.nodes import LOADER, compose, pairs
from coach.content.spec import (
    APOSTROPHES,
    SPAN,
    AnyValue,
    Either,
    Fields,
    Flag,
    Integer,
    ListOf,
    Number,
    Seconds,
    Span,
    Spec,
    Text,
    WordOrNumber,
)
from coach.language.speaking_time import syllables

KeyPath = tuple[str | int, ...]
"""A place in a file: ("setup", 0, "say")."""

_MISSING = object()
_TAGS = "tag:yaml.org,2002:"
_KINDS: dict[type, str] = {
    yaml.MappingNode: "a mapping",
    yaml.SequenceNode: "a list",
    Fields: "a mapping",
    ListOf: "a list",
}
_YAML = yaml.constructor.SafeConstructor()
_CONSTRUCTORS: dict[str, Callable[[yaml.ScalarNode], Any]] = {
    "int": _YAML.construct_yaml_int,
    "float": _YAML.construct_yaml_float,
    "bool": _YAML.construct_yaml_bool,
    "null": _YAML.construct_yaml_null,
}
_MAX_INTEGER = 999_999_999
"""Largest whole number, where a spec does not bound it."""
_PLAIN_APOSTROPHES = dict.fromkeys(map(ord, APOSTROPHES), "'")
_REPR = Repr()
_REPR.maxstring = _REPR.maxlong = _REPR.maxother = 100
_shown = _REPR.repr
"""Like `repr`, but without the middle of long values."""
_READ_AS = {"bool": "true or false", "int": "a number", "float": "a number", "null": "nothing", "timestamp": "a date"}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A finding: one error or warning in a file."""

    file: str
    line: int
    key: str
    wrong: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        mark = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {self.key}: {mark}{self.wrong}: {self.remedy}"


@dataclass(slots=True)
class Document:
    """A file as plain values, with the line of every key and all findings."""

    file: str
    value: Any = None
    """The sound parts of the file's content; None: nothing could be read."""
    lines: dict[KeyPath, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    inherited: dict[KeyPath, str] = field(default_factory=dict)
    """By section and name, the file of every entry that comes from another file."""

    def inherit(self, base: Document) -> None:
        """Add the entries of another file's sections that this file does not have, and the other file's findings."""
        own = set(self.lines)
        for section, entries in base.value.items() if isinstance(base.value, dict) else ():
            if isinstance(entries, dict) and isinstance(mine := self.value.get(section, {}), dict):
                self.value[section] = {**entries, **mine}
        for key, line in base.lines.items():
            if len(key) > 1 and key[:2] not in own:
                self.lines[key] = line
                self.inherited[key[:2]] = base.file
        self.findings += base.findings

    def report(self, at: KeyPath, wrong: str, remedy: str, line: int | None = None, *, warning: bool = False) -> None:
        """Note a finding at a key."""
        file, found = self._find(at)
        self.findings.append(Finding(file, line or found, spelled(at), wrong, remedy, warning))

    def place(self, at: KeyPath) -> str:
        """The place of a key for people: "line 12", or "common/commands.yaml:12" for an inherited entry."""
        file, line = self._find(at)
        return f"line {line}" if file == self.file else f"{'/'.join(Path(file).parts[-2:])}:{line}"

    def _find(self, at: KeyPath) -> tuple[str, int]:
        """File and line of a key, or of the nearest key around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.inherited.get(at[:2], self.file), self.lines.get(at, 1)


def spelled(key: KeyPath) -> str:
    """A key as people write it: setup[0].say"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.lstrip(".") or "the file"


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """The remedy for an unknown name: a known one that is close to it, or `otherwise`."""
    close = close_to(name, known)
    return f"did you mean {close!r}?" if close is not None else otherwise


def close_to(name: str, known: Iterable[str]) -> str | None:
    """The known name that is closest to this name; None if none is close."""
    return next(iter(get_close_matches(name, list(known), 1)), None)


def read(path: Path, spec: Spec, loader: Any = LOADER) -> Document:
    """Read a YAML file against a spec. `loader`: PyYAML's loader class, which chooses the parser."""
    return read_nodes(path, lambda: compose(path, loader), spec)


def read_nodes(path: Path, composed: Callable[[], yaml.Node], spec: Spec) -> Document:
    """Read a file in any notation against a spec; `composed` returns the file's nodes."""
    document = Document(str(path))
    try:
        value = _Reader(document).take(composed(), spec, ())
    except UnreadableError as error:
        document.report((), error.wrong, error.remedy, error.line)
        return document
    document.value = None if value is _MISSING else value
    return document


def read_text_value(text: str, spec: Spec) -> tuple[Any, list[Finding]]:
    """A value as people write it in a shell, and the findings. Text needs no quotes; a list is separated by commas."""
    document = Document("")
    mark = yaml.Mark("", 0, 0, 0, None, 0)
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()] if isinstance(spec, ListOf) else [text]
    inner = spec.item if isinstance(spec, ListOf) else spec
    scalars: list[yaml.Node] = [yaml.ScalarNode(f"{_TAGS}{_tag(piece, inner)}", piece, mark, mark) for piece in pieces]
    node = yaml.SequenceNode(f"{_TAGS}seq", scalars, mark, mark) if isinstance(spec, ListOf) else scalars[0]
    value = _Reader(document).take(node, spec, ())
    return None if value is _MISSING else value, document.findings


def _tag(text: str, spec: Spec) -> str:
    """The YAML type that a text would have in a file, if it were written correctly for the spec."""
    if isinstance(spec, Flag) and text in ("true", "false"):
        return "bool"
    return "int" if isinstance(spec, Integer) and re.fullmatch(r"-?\d+", text) else "str"


class _Reader:
    """Walks through nodes and spec in parallel."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def take(self, node: yaml.Node, spec: Spec, at: KeyPath) -> Any:
        """The node's value; `_MISSING` if it does not match the spec, with the finding noted."""
        self._document.lines.setdefault(at, node.start_mark.line + 1)
        match spec, node:
            case AnyValue(), _:
                return self._untyped(node, at)
            case Either(), _:
                kind = yaml.MappingNode if isinstance(spec.other, Fields) else yaml.SequenceNode
                return self.take(node, spec.other if isinstance(node, kind) else spec.single, at)
            case Fields(), yaml.MappingNode():
                return self._record(node, spec, at)
            case ListOf(), yaml.SequenceNode():
                return self._many(node, spec, at)
            case ListOf(or_one=True), yaml.ScalarNode():
                return [self.take(node, spec.item, at)]
            case ((Text() | Integer() | Seconds() | Span() | Number() | Flag() | WordOrNumber()), yaml.ScalarNode()):
                return self._scalar(node, spec, at)
        found = _KINDS.get(type(node)) or _shown(node.value)
        expected = _KINDS.get(type(spec), "a single value")
        like = f", such as {spec.example}" if isinstance(spec, Fields) and spec.example else ""
        return self._report(at, f"{found} stands where {expected} must", f"write {expected}{like}")

    def _record(self, node: yaml.MappingNode, spec: Fields, at: KeyPath) -> Any:
        known = {**spec.required, **spec.optional}
        found: dict[str, Any] = {}
        seen: set[str] = set()
        for key_node, value_node in pairs(node):
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(at, "a key is not a word", "write a word", line)
                continue
            name = key_node.value
            here = (*at, name)
            if misread := _misread(key_node):
                self._report(here, misread, "put it in quotes", line)
            if name in seen:
                first = self._document.lines[here]
                self._report(here, f"{_shown(name)} stands here twice", f"keep one (first in line {first})", line)
                continue
            seen.add(name)
            self._document.lines[here] = line
            inner = known.get(name, spec.other_keys)
            if inner is None:
                self._report(here, f"unknown key {_shown(name)}", did_you_mean(name, known, "take it out"))
                continue
            value = self.take(value_node, inner, here)
            if value is not _MISSING:
                found[name] = value
        for name in spec.required.keys() - seen:
            self._report(at, f"{name!r} is missing", "add it")
        return found

    def _many(self, node: yaml.SequenceNode, spec: ListOf, at: KeyPath) -> Any:
        if not spec.min_length <= len(node.value) <= spec.max_length:
            bounds = "at least one" if spec.max_length == 99 else f"1 to {spec.max_length}"
            self._report(at, f"{len(node.value)} entries", f"write {bounds}")
        values = [self.take(item, spec.item, (*at, index)) for index, item in enumerate(node.value)]
        # An invalid item becomes a blank, so that the other items keep their index and their line.
        blank: Any = {} if isinstance(spec.item, Fields) else ""
        return [blank if value is _MISSING else value for value in values]

    def _untyped(self, node: yaml.Node, at: KeyPath) -> Any:
        """Any node as plain values."""
        self._document.lines.setdefault(at, node.start_mark.line + 1)
        match node:
            case yaml.SequenceNode():
                return [self._untyped(item, (*at, index)) for index, item in enumerate(node.value)]
            case yaml.MappingNode():
                return self._untyped_mapping(node, at)
        kind = node.tag.removeprefix(_TAGS)
        if kind in ("str", "timestamp", "value"):
            return node.value
        if not isinstance(node, yaml.ScalarNode) or kind not in _CONSTRUCTORS:
            return self._report(at, f"{_shown(node.value)} is tagged {node.tag}", "take the tag out")
        try:
            value = _CONSTRUCTORS[kind](node)
        except (ValueError, OverflowError):
            value = math.nan
        if isinstance(value, float) and not math.isfinite(value):
            return self._report(at, f"{_shown(node.value)} is no number that can be told", "write one, or use quotes")
        return value

    def _untyped_mapping(self, node: yaml.MappingNode, at: KeyPath) -> Any:
        found: dict[str, Any] = {}
        for key_node, value_node in pairs(node):
            if not isinstance(key_node, yaml.ScalarNode):
                return self._report(at, "a key is not a word", "write a word", key_node.start_mark.line + 1)
            here = (*at, key_node.value)
            if key_node.value in found:
                first = self._document.lines[here]
                line = key_node.start_mark.line + 1
                self._report(
                    here, f"{_shown(key_node.value)} stands here twice", f"keep one (first in line {first})", line
                )
                continue
            self._document.lines[here] = key_node.start_mark.line + 1
            found[key_node.value] = self._untyped(value_node, here)
        return found

    def _scalar(
        self, node: yaml.ScalarNode, spec: Text | Integer | Seconds | Span | Number | Flag | WordOrNumber, at: KeyPath
    ) -> Any:
        raw, tag = node.value, node.tag.removeprefix(_TAGS)
        match spec:
            case Flag():
                if tag == "bool" and raw in ("true", "false"):
                    return raw == "true"
                return self._report(at, f"{_shown(raw)} is neither true nor false", "write one of them, without quotes")
            case Seconds():
                # Do not read it as YAML's number: 1:30 would be ninety.
                if re.fullmatch(r"\d{1,9}(\.\d+)?", raw):
                    return float(raw)
                return self._report(at, f"{_shown(raw)} is not a number of seconds", "write it like 4 or 12.350")
            case Span():
                return self._span(raw, spec, at)
            case Number():
                return self._number(raw, spec, at)
            case Integer() | WordOrNumber() if tag == "int":
                return self._whole(node, spec, at)
            case Integer():
                remedy = f"give {spec.least} to {spec.most}, without quotes"
                return self._report(at, f"{_shown(raw)} is not a whole number", remedy)
        if isinstance(spec, Text) and spec.any_apostrophe:
            raw = raw.translate(_PLAIN_APOSTROPHES)
        as_it_stands = isinstance(spec, Text) and spec.yaml_types is not None
        if not as_it_stands and (misread := _misread(node)):
            self._report(at, misread, "write some text" if tag == "null" and not raw else "put it in quotes")
        elif isinstance(spec, Text) and (wrong := _wrong_text(raw, spec)):
            self._report(at, *wrong)
        return raw

    def _number(self, raw: str, spec: Number, at: KeyPath) -> Any:
        if re.fullmatch(r"-?\d{1,9}(\.\d+)?", raw) is None:
            return self._report(at, f"{_shown(raw)} is not a number", "write it like -10 or 0.4")
        if not spec.least <= float(raw) <= spec.most:
            return self._report(at, f"{_shown(raw)} is out of bounds", f"give {spec.least:g} to {spec.most:g}")
        return float(raw)

    def _span(self, raw: str, spec: Span, at: KeyPath) -> Any:
        marks = re.fullmatch(SPAN, raw)
        remedy = f"give {spec.least} to {spec.most} seconds, like 90, 90 s, 2 min or 1:30"
        if marks is None:
            return self._report(at, f"{_shown(raw)} is not a number of seconds", remedy)
        alone, minutes, clock, seconds = marks.groups()
        found = int(alone or 0) + 60 * int(minutes or clock or 0) + int(seconds or 0)
        return (
            found if spec.least <= found <= spec.most else self._report(at, f"{_shown(raw)} is out of bounds", remedy)
        )

    def _whole(self, node: yaml.ScalarNode, spec: Integer | WordOrNumber, at: KeyPath) -> Any:
        raw = node.value
        if re.fullmatch(r"-?(0|[1-9]\d*)", raw) is None:
            try:
                read = _shown(_CONSTRUCTORS["int"](node))
            except ValueError:
                read = "no number"
            remedy = "write plain digits, without zeros or colons in front"
            return self._report(at, f"{_shown(raw)} is read as {read} by YAML", remedy)
        least, most = (spec.least, spec.most) if isinstance(spec, Integer) else (-_MAX_INTEGER, _MAX_INTEGER)
        if len(raw) > len(str(_MAX_INTEGER)) or not least <= int(raw) <= most:
            return self._report(at, f"{raw[:20]} is out of bounds", f"give {least} to {most}")
        return int(raw)

    def _report(self, at: KeyPath, wrong: str, remedy: str, line: int | None = None) -> Any:
        self._document.report(at, wrong, remedy, line)
        return _MISSING


def _misread(node: yaml.ScalarNode) -> str | None:
    """The message that YAML reads an unquoted word as another type; None if it reads it as text."""
    kind = node.tag.removeprefix(_TAGS)
    if kind == "str":
        return None
    return f"{_shown(node.value)} is read as {_READ_AS.get(kind, node.tag)} by YAML"


def _wrong_text(raw: str, spec: Text) -> tuple[str, str] | None:
    """What is wrong with a text, and the remedy; None if it matches the spec."""
    if re.fullmatch(spec.pattern, raw) is None:
        return f"{_shown(raw)} is not {spec.is_not}", spec.remedy
    if spec.slots is not None and (unknown := set(re.findall(r"\{(\w*)\}", raw)) - set(spec.slots)):
        offered = ", ".join(spec.slots)
        return (f"slot {min(unknown)!r} is not offered here", f"use {offered}" if offered else "write it without slots")
    if spec.words is not None and len(raw.split()) > spec.words:
        return f"{_shown(raw)} has {len(raw.split())} words", f"say it in {spec.words}"
    if spec.syllables is not None and syllables(raw) > spec.syllables:
        return (
            f"{_shown(raw)} has about {syllables(raw)} syllables",
            f"say it in {spec.syllables}: the gap is half a second",
        )
    return None
