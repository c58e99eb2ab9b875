"""Reads the commands that other programs understand, in the format of hassil, Home Assistant's sentence templates.

A grammar is one file or a folder of files. `coach hear --commands` tries how well its commands are heard.

Law: English that hassil accepts is accepted, up to limits of size. What hassil fails on is reported with file, line and
key. Unknown keys are ignored, except that a key that looks misspelt is reported as a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from coach.content.files import commands_files
from coach.content.nodes import LOADER
from coach.content.reading import Document, KeyPath, close_to, read
from coach.content.spec import AnyValue, Either, Fields, Flag, Integer, ListOf, Number, Text, WordOrNumber, one_of
from coach.language.grammar import Grammar
from coach.language.habits import BASIC_HABITS
from coach.language.templates import Reader
from coach.ports import ScriptError

_ANY = AnyValue()
_TEMPLATE = Text(slots=None)
"""Braces in it name lists, which are checked when the whole grammar is known."""
_MAX_ENTRIES = 100_000
"""Largest number of entries of a list: more than people write."""
_NUMBER = Integer(-999_999, 999_999)
_VALUES = ListOf(
    Either(WordOrNumber(), Fields({"in": WordOrNumber()}, {"context": Fields(other_keys=_ANY)}, other_keys=_ANY)),
    _MAX_ENTRIES,
)
_RANGE = Fields(
    {"from": _NUMBER, "to": _NUMBER},
    {
        "step": Integer(1, 999_999),
        "type": one_of("number", "percentage", "temperature"),
        "fractions": one_of("halves", "tenths"),
        "multiplier": Number(),
        "digits": Flag(),
        "words": Flag(),
        "spoken_as": one_of("seconds", "minutes"),
    },
    other_keys=_ANY,
    example="{from: 1, to: 10}",
)
_LIST = Fields(
    optional={"values": _VALUES, "range": _RANGE, "wildcard": Flag()}, other_keys=_ANY, example="{values: [red, green]}"
)
_SCOPE = {"expansion_rules": Fields(other_keys=_TEMPLATE), "lists": Fields(other_keys=_LIST)}
_CONTEXT = Fields(other_keys=_ANY)
_BLOCK = Fields(
    {"sentences": ListOf(_TEMPLATE, _MAX_ENTRIES)},
    {
        "slots": Fields(other_keys=_ANY),
        "requires_context": _CONTEXT,
        "excludes_context": _CONTEXT,
        "required_keywords": ListOf(_TEMPLATE, _MAX_ENTRIES),
        "metadata": Fields(other_keys=_ANY),
        **_SCOPE,
    },
    other_keys=_ANY,
    example='{sentences: ["turn it on"]}',
)
_FILE = Fields(
    optional={
        "language": Text(),
        "intents": Fields(other_keys=Fields({"data": ListOf(_BLOCK, _MAX_ENTRIES)}, other_keys=_ANY)),
        "skip_words": ListOf(_TEMPLATE, _MAX_ENTRIES, min_length=0),
        # The coach does not use them, neither here nor in a pack; but a value that is not a mapping is an error.
        "pronunciations": Fields(other_keys=_ANY),
        **_SCOPE,
    },
    other_keys=_ANY,
)


@dataclass(frozen=True, slots=True)
class HassilGrammar:
    """A grammar, and messages for its author."""

    grammar: Grammar
    messages: tuple[str, ...] = ()


def read_grammar(path: Path, loader: Any = LOADER) -> HassilGrammar:
    """The grammar of a commands file, or of all files in a folder and its subfolders. ScriptError lists all errors of
    the first check that finds any.

    `loader`: see `reading.read`.
    """
    documents = [read(file, _FILE, loader) for file in commands_files(path)]
    _raise_errors(documents)
    commands: dict[str, Any] = {}
    for document in documents:
        _merge(commands, document)
    _raise_errors(documents)
    if not commands.get("intents"):
        raise ScriptError(f"{path}: `intents` is missing: give intents with `data` and `sentences`, as hassil has them")
    for check in (_check_language, _check_lists, _check_sentences):
        check(documents, commands)
        _raise_errors(documents)
    try:
        grammar = Grammar(commands, BASIC_HABITS)
    except (ValueError, RecursionError) as error:
        raise ScriptError(f"{path}: {error}") from error
    for document in documents:
        _warn_of_misspelt_keys(document)
    warnings = tuple(str(finding) for document in documents for finding in document.findings)
    return HassilGrammar(grammar, (*warnings, *(f"{path}: {text}" for text in grammar.left_out)))


def _raise_errors(documents: Sequence[Document]) -> None:
    errors = [found for document in documents for found in sorted(document.findings) if not found.warning]
    if errors:
        raise ScriptError("\n".join(map(str, errors)))


def _merge(commands: dict[str, Any], document: Document) -> None:
    """Merge a file like hassil does: mappings are merged, lists are joined; of other values the last file's wins."""

    def merge(base: dict[str, Any], more: Mapping[str, Any], at: KeyPath) -> None:
        for name, value in more.items():
            old = base.get(name)
            match old, value:
                case dict(), dict():
                    merge(old, value, (*at, name))
                case list(), list():
                    base[name] = [*old, *value]
                case ((dict() | list()), _):
                    document.report((*at, name), "is of another kind in another file", "write it alike in both")
                case _:
                    base[name] = deepcopy(value)

    merge(commands, document.value, ())


def _check_language(documents: Sequence[Document], _: Mapping[str, Any]) -> None:
    for document in documents:
        language = document.value.get("language", "en")
        if not language.lower().startswith("en"):
            document.report(("language",), f"{language!r} cannot be heard", "the recognisers are English")


def _check_lists(documents: Sequence[Document], commands: Mapping[str, Any]) -> None:
    """Every list has values or a range. A wildcard is allowed: it does no harm if no template uses it."""
    reader = Reader(commands.get("expansion_rules", {}), commands.get("lists", {}))
    for document in documents:
        for name, definition in document.value.get("lists", {}).items():
            if not definition.keys() & {"values", "range", "wildcard"}:
                document.report(("lists", name), "has neither `values` nor `range`", "give it one of them")
            elif not definition.get("wildcard"):
                _report_if_raises(document, ("lists", name), partial(reader.values, name))


def _check_sentences(documents: Sequence[Document], commands: Mapping[str, Any]) -> None:
    outer = Reader(commands.get("expansion_rules", {}), commands.get("lists", {}))
    for document in documents:
        for block, at in _blocks(document.value):
            reader = Reader(block.get("expansion_rules", {}), block.get("lists", {}), outer)
            for index, text in enumerate(block["sentences"]):
                _report_if_raises(document, (*at, "sentences", index), partial(reader.read, text))


def _blocks(commands: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], KeyPath]]:
    for name, intent in commands.get("intents", {}).items():
        for index, block in enumerate(intent["data"]):
            yield block, ("intents", name, "data", index)


def _report_if_raises(document: Document, at: KeyPath, look: Callable[[], object]) -> None:
    """Call `look`, which reads a template or a list; if it raises, report that as a finding at the key `at`.

    The text of every such error is "what is wrong: the remedy".
    """
    try:
        look()
    except ValueError as error:
        wrong, _, remedy = str(error).rpartition(": ")
        document.report(at, wrong, remedy)
    except RecursionError:
        document.report(at, "is nested too deep", "make it flatter")


def _warn_of_misspelt_keys(document: Document) -> None:
    """Warn of unknown keys that look like a known one."""
    levels: list[tuple[KeyPath, Mapping[str, Any], Fields]] = [((), document.value, _FILE)]
    levels += [(at, block, _BLOCK) for block, at in _blocks(document.value)]
    for name, definition in document.value.get("lists", {}).items():
        levels.append((("lists", name), definition, _LIST))
        levels.append((("lists", name, "range"), definition.get("range", {}), _RANGE))
    for at, value, spec in levels:
        known = {**spec.required, **spec.optional}
        for key in value.keys() - known.keys():
            if (meant := close_to(key, known)) is not None:
                document.report((*at, key), f"{key!r} is read by nobody", f"did you mean {meant!r}?", warning=True)
