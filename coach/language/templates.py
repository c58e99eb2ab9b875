"""Sentence templates as trees of words, choices and lists: what hassil parses, with words as they are spoken.

Law: a tree has one meaning for all its readers: `matching` finds what a text means, `word_graph` what can be heard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations, product
from typing import Any, TypeVar

from hassil import expression as parsed
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from coach.language.durations import in_minutes, in_seconds
from coach.language.numbers import ordinal, spoken_forms

Value = str | int | float
Context = Mapping[str, Any]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word or a part of one: "light" and "s" of "light[s]"."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """The space between words; two gaps in a row are one."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Parts that are said one after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Parts of which one is said. If one part is an empty series, the choice may be left out."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOrder:
    """Parts that are all said, in any order."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry of a list stands for."""

    value: Value | None
    """None: the entry stands for the words that were said."""
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """The entries of a list."""

    name: str
    texts: Mapping[str, Entry]
    """The entries without templates, by their words, which are separated by one space."""
    templates: tuple[tuple[Node, Entry], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A place for an entry of a list. The entry's value is kept under the slot's name, if it has one."""

    name: str | None
    values: Values


Node = Word | Gap | Series | Choice | AnyOrder | Slot

GAP = Gap()
EMPTY = Series(())
_TOKEN = re.compile(
    r"(?P<letters>(?:[a-z]\.){2,})|(?P<ordinal>\d+)(?:st|nd|rd|th)\b|(?P<number>\d+(?:\.\d)?)"
    r"|(?P<word>[^\W\d_]['\w]*|'[^\W\d_]['\w]*)|(?P<sign>[%&°@+½$€£])|(?P<gap>[\s\-\u2013\u2014_/:]+)"
)
_SIGNS = {"%": "percent", "&": "and", "°": "degrees", "@": "at", "+": "plus", "½": "a half"}
_SIGNS |= {"$": "dollars", "€": "euros", "£": "pounds"}


class Reader:
    """Reads templates with the lists and rules of one commands file or of one block."""

    def __init__(self, rules: Mapping[str, str], lists: Mapping[str, Any], outer: Reader | None = None) -> None:
        """`outer`: the reader that is asked for lists and rules that are not defined here."""
        self._texts, self._definitions, self._outer = rules, lists, outer
        self._rules: dict[str, Node | None] = {}
        self._lists: dict[str, Values | None] = {}

    def read(self, template: str) -> Node:
        """The tree of a template; raises ValueError that says what is wrong with the template."""
        try:
            expression = parse_sentence(template).expression
        except (ParseError, AssertionError) as error:
            raise ValueError(f"cannot read the template {template!r}: check its brackets") from error
        try:
            return self._node(expression)
        except KeyError as error:
            raise ValueError(f"{error.args[0]} in {template!r} is not defined: add it to the file") from error

    def values(self, name: str) -> Values:
        """The list of this name; KeyError if no list has it."""
        if name not in self._definitions:
            if self._outer is None:
                raise KeyError(f"the list {{{name}}}")
            return self._outer.values(name)
        itself = f"list {name!r} holds itself: take {{{name}}} out of its values"
        return _made_once(self._lists, name, lambda: self._values(name, self._definitions[name]), itself)

    def _rule(self, name: str) -> Node:
        if name not in self._texts:
            if self._outer is None:
                raise KeyError(f"the rule <{name}>")
            return self._outer._rule(name)
        itself = f"rule {name!r} holds itself: take <{name}> out of it"
        return _made_once(self._rules, name, lambda: self.read(str(self._texts[name])), itself)

    def _node(self, expression: parsed.Expression, timed: bool = False) -> Node:
        """`timed`: a list or a digit stands before the expression, so that "am" may be said as in "six a.m."."""
        match expression:
            case parsed.TextChunk():
                return spoken_words(expression.original_text, timed)
            case parsed.RuleReference():
                return self._rule(expression.rule_name)
            case parsed.ListReference():
                bounds = expression.get_inline_range()
                name = expression.list_name
                values = self.values(name) if bounds is None else _inline(name, *bounds)
                return Slot(None if expression.is_capture else expression.slot_name, values)
            case parsed.Alternative():
                return Choice(tuple(self._node(item, timed) for item in expression.items))
            case parsed.Permutation():
                if len(expression.items) > _MAX_IN_ANY_ORDER:
                    wrong = f"{len(expression.items)} parts in any order are too many"
                    raise ValueError(f"{wrong}: give at most {_MAX_IN_ANY_ORDER}")
                return AnyOrder(tuple(map(self._node, expression.items)))
            case parsed.Group():
                parts = []
                for item in expression.items:
                    parts.append(self._node(item, timed))
                    timed = (
                        isinstance(item, parsed.ListReference) or _ends_in_digit(item) or (timed and parts[-1] is GAP)
                    )
                return parts[0] if len(parts) == 1 else Series(tuple(parts))
        raise TypeError(f"hassil has a new kind of expression: {expression!r}")

    def _values(self, name: str, definition: Mapping[str, Any]) -> Values:
        if definition.get("wildcard"):
            raise ValueError(f"list {name!r} is a wildcard, and any words cannot be heard: give it `values`")
        by_text: dict[str, Entry] = {}
        templates: list[tuple[Node, Entry]] = []
        if "range" in definition:
            by_text = _range(definition["range"])
        for given in definition.get("values") or ():
            text, value, context = _entry(name, given)
            # If the text is a template without a value, the entry stands for the words that were said.
            node = self.read(text)
            spelled = tuple(dict.fromkeys(texts(node))) if count_texts(node) <= _MAX_WORDINGS else ()
            entry = Entry(value, context)
            if spelled and not any("{" in one for one in spelled):
                for one in spelled:
                    by_text.setdefault(one, entry)
            else:
                templates.append((node, entry))
        by_text.pop("", None)
        if not by_text and not templates:
            raise ValueError(f"list {name!r} is empty: give it a `range` or `values`")
        return Values(name, by_text, tuple(templates))


def _made_once(made: dict[str, Made | None], name: str, make: Callable[[], Made], itself: str) -> Made:
    """The entry of this name, made when it is first needed. ValueError with the text `itself` if it needs itself."""
    if name not in made:
        made[name] = None
        try:
            made[name] = make()
        finally:
            if made[name] is None:
                # The entry cannot be made: forget it, so that the next call raises the same error.
                del made[name]
    found = made[name]
    if found is None:
        raise ValueError(itself)
    return found


def _ends_in_digit(expression: parsed.Expression) -> bool:
    return isinstance(expression, parsed.TextChunk) and expression.text.rstrip()[-1:].isdigit()


_FRACTIONS = {"halves": (0.5,), "quarters": (0.25, 0.5, 0.75), "tenths": tuple(tenth / 10 for tenth in range(1, 10))}
_FORMS = {"seconds": in_seconds, "minutes": in_minutes}
_MAX_IN_ANY_ORDER = 8
"""Largest number of parts in any order: a word graph has a state for each of their 2^8 sets."""
_MAX_NUMBERS = 50_000
"""Largest count of numbers in a range; they are built in 3 s."""
_MAX_WORDINGS = 64
"""Largest number of wordings of one entry that are spelled out; an entry with more stays a template."""


def _entry(name: str, given: Any) -> tuple[str, Value | None, Context]:
    """Template, value and context of a list's entry."""
    text, value = given, given
    context: Context = {}
    if isinstance(given, Mapping):
        text, value, context = given.get("in"), given.get("out"), given.get("context") or {}
    elif isinstance(given, str) and re.search(r"[\[(<{]", given):
        value = None
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ValueError(f"list {name!r} has the value {text!r}, which is no text: put it in quotes")
    return str(text), value, context


def _range(bounds: Mapping[str, Any]) -> dict[str, Entry]:
    """The numbers of a range, by every form in which they are said."""
    first, last, step = int(bounds["from"]), int(bounds["to"]), int(bounds.get("step") or 1)
    if step < 1 or first > last:
        raise ValueError(f"the range from {first} to {last} by {step} is empty: give the smaller number first")
    parts = _FRACTIONS.get(str(bounds.get("fractions")), ())
    many = ((last - first) // step + 1) * (1 + len(parts))
    if many > _MAX_NUMBERS:
        raise ValueError(f"the range from {first} to {last} has {many} numbers: give at most {_MAX_NUMBERS}")
    times = bounds.get("multiplier")
    forms = _FORMS.get(str(bounds.get("spoken_as")), spoken_forms)
    by_text: dict[str, Entry] = {}
    for number in range(first, last + 1, step):
        # Like hassil, add the fractions to the last number, too.
        for value in (number, *(number + part for part in parts)):
            entry = Entry(value if times is None else value * times)
            for form in forms(value):
                by_text.setdefault(form, entry)
    return by_text


def _inline(name: str, first: int, last: int, step: int) -> Values:
    return Values(name, _range({"from": first, "to": last, "step": step}))


def spoken_words(text: str, timed: bool = False) -> Node:
    """A piece of plain text as it is spoken: lower case, no punctuation, digits as number words."""
    parts: list[Node] = []
    end = 0
    for token in _TOKEN.finditer(text.lower().replace("\u2019", "'")):
        glued = parts and token.start() == end and parts[-1] is not GAP
        match token.lastgroup:
            case "gap":
                parts.append(GAP)
            case "word":
                word = token[0] if token.start() == 0 else token[0].lstrip("'")
                parts += [GAP] * bool(glued)
                parts.append(_AM if timed and word == "am" else Word(word.rstrip("'") or word))
            case "letters":
                known = token[0] in ("a.m.", "p.m.")
                parts += [GAP, _spaced([token[0] if known else token[0].replace(".", " ")])]
            case "ordinal":
                parts += [GAP, _spaced([ordinal(int(token["ordinal"]))])]
            case "number":
                parts += [GAP, _spaced(spoken_forms(float(token[0]) if "." in token[0] else int(token[0])))]
            case _:
                parts += [GAP, _spaced([_SIGNS[token[0]]]), GAP]
        timed = token.lastgroup == "number" or (timed and token.lastgroup == "gap")
        end = token.end()
    return parts[0] if len(parts) == 1 else Series(tuple(parts))


_AM = Choice((Word("am"), Word("a.m.")))
"""The word "am" behind a number: "six am" is not said like "i am"."""


def _spaced(forms: Sequence[str]) -> Node:
    """The tree of several spoken forms, with gaps between their words."""
    choices = []
    for form in forms:
        parts: list[Node] = []
        for word in form.split():
            parts += [Word(word), GAP]
        choices.append(Series(tuple(parts[:-1])))
    return choices[0] if len(choices) == 1 else Choice(tuple(choices))


def count_texts(node: Node) -> int:
    """How many texts a tree has; each list counts as one."""
    match node:
        case Series(parts) | AnyOrder(parts):
            total = 1
            for number, part in enumerate(parts, 1):
                total *= count_texts(part) * (number if isinstance(node, AnyOrder) else 1)
            return total
        case Choice(parts):
            return sum(map(count_texts, parts))
    return 1


@lru_cache(maxsize=1024)
def _openings_of_list(values: Values) -> frozenset[str]:
    """The openings of a list's entries. A list of numbers has thousands of entries, and many templates use it."""
    by_text = {text.partition(" ")[0] for text in values.texts}
    return frozenset(by_text).union(*(openings(tree) for tree, _ in values.templates))


def openings(node: Node) -> frozenset[str]:
    """The words or parts of words that a tree's texts begin with; "" if the tree may be empty or begin with a gap."""
    match node:
        case Word(text):
            return frozenset({text})
        case Gap():
            return frozenset({""})
        case Slot():
            return _openings_of_list(node.values)
        case Choice(parts):
            return frozenset[str]().union(*map(openings, parts))
        case AnyOrder(parts):
            found = frozenset[str]().union(*map(openings, parts))
            return found if all("" in openings(part) for part in parts) else found - {""}
    found = frozenset({""})
    for part in node.parts:
        found = (found - {""}) | openings(part)
        if "" not in found:
            break
    return found


def lists_of(node: Node) -> dict[str, Values]:
    """The lists that a tree uses, by name."""
    match node:
        case Slot():
            return {node.values.name: node.values}
        case Series(parts) | Choice(parts) | AnyOrder(parts):
            return {name: values for part in parts for name, values in lists_of(part).items()}
    return {}


def texts(node: Node) -> Iterator[str]:
    """Every text of a tree, in words separated by one space, with the names of lists in braces."""
    for text in _raw(node):
        yield " ".join(text.split())


def _raw(node: Node) -> Iterator[str]:
    match node:
        case Word(text):
            yield text
        case Gap():
            yield " "
        case Slot():
            yield f"{{{node.values.name}}}"
        case Choice(parts):
            for part in parts:
                yield from _raw(part)
        case Series(parts):
            for chosen in product(*map(_raw, parts)):
                yield "".join(chosen)
        case AnyOrder(parts):
            for order in permutations(parts):
                yield from _raw(Series(order))
