"""Random faults for files: in their bytes, their text and their structure, all from one source of chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import yaml

_EDGES = (
    b"\0",
    b"\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\1\0\0\0",
    b"\0\0\0\x80",
    b"\0\0\xf0\x7f",
)
"""Numbers at the limits of common formats."""
_TRAPS = (
    *("yes", "no", "~", "1:30", "010", "0x_", "1e999", ".nan", "-.inf", "2026-13-99", "9" * 400, "-1", "0.1", "1_000"),
    *("<<: ", "*a", "&a ", "!x ", "!!binary ", "!!set ", "? ", ": ", "- ", "[", "]", "{", "}", '"', "'", "|\n", ">-\n"),
    *(
        "\t",
        "\r",
        "\n",
        "\n\n",
        "#",
        " #",
        "---\n",
        "...\n",
        "%TAG ! x\n",
        "\ufeff",
        "\u2028",
        "\x85",
        "\x00",
        "\u2019",
    ),
    *(
        "\\ud800",
        '"\\UFFFFFFFF"',
        "\xe9",
        "\U0001f600",
        "(",
        "|",
        ")",
        "<a>",
        "{a}",
        "{1..900000:x}",
        ";",
        "#me\n",
        "#bot\n",
    ),
    *("PAUSE 99999999999999999999", "INCLUDE x", "$x", "1,5", "-5", "1.000", "90s", "\u0665"),
)
_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        10**9,
        10**400,
        0.5,
        float("nan"),
        float("inf"),
        "",
        " ",
        "a",
        "yes",
        "a b c",
        "{a}",
        "(a",
    ),
    *([], {}, [[]], {"a": []}, ["a", 1, None], {"range": {"from": 0, "to": 10**6}}, {"values": [{}]}, "x" * 10_000),
)


def changed(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """The content with some bytes changed, removed, doubled, or taken from another file."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, long = chance.randrange(len(data) + 1), chance.choice((1, 2, 4, 16, 256))
        # Headers are at the beginning.
        if chance.random() < 0.5:
            at = min(at, chance.randrange(64))
        match chance.randrange(7):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                edge = chance.choice(_EDGES)
                data[at : at + len(edge)] = edge
            case 2:
                del data[at : at + long]
            case 3:
                data[at:at] = data[at : at + long] * chance.choice((1, 2, 50))
            case 4:
                del data[at:]
            case 5:
                other = chance.choice(others)
                begin = chance.randrange(len(other) + 1)
                data[at : at + long] = other[begin : begin + long]
            case _:
                data[at:at] = chance.randbytes(long)
    return bytes(data)


def mistyped(text: str, chance: Random) -> str:
    """The text with pieces inserted anywhere that YAML and BotiumScript read in an unexpected way."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(text) + 1)
        cut = at + chance.choice((0, 0, 1, 5, 40))
        text = text[:at] + chance.choice(_TRAPS) + text[cut:]
    return text


def restructured(value: Any, chance: Random) -> str:
    """YAML of the same values, some of them of another kind, removed, doubled, or moved."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        value = _replaced(value, chance, lambda old: _other_value(old, chance))
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=chance.choice((None, True))
    )


class _Dumper(yaml.SafeDumper):
    """Writes anchors where a value stands twice."""


def _replaced(value: Any, chance: Random, change: Callable[[Any], Any]) -> Any:
    """The value with one of its inner values changed."""
    inner = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    if not inner or chance.random() < 0.15:
        return change(value)
    key = chance.choice(list(inner))
    copy = value.copy()
    copy[key] = _replaced(value[key], chance, change)
    return copy


def _other_value(value: Any, chance: Random) -> Any:
    match chance.randrange(6):
        case 0:
            return [value, value]
        case 1:
            return {chance.choice(("a", "range", "values", "lifter", "1")): value}
        case 2 if isinstance(value, dict) and value:
            return {key: one for key, one in value.items() if key != chance.choice(list(value))}
        case 3 if isinstance(value, list) and value:
            return value[::-1] + value[:1]
        case 4 if isinstance(value, str):
            return mistyped(value, chance)
    return chance.choice(_VALUES)
