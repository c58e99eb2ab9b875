"""A spec as JSON Schema, for editors that check and complete a file while it is typed.

Law: the JSON Schema refuses nothing that the spec accepts. What JSON Schema cannot express (number of words, syllables,
slots, rules between two keys) is left to `coach check`.
"""

from __future__ import annotations

import math
import re
from typing import Any, assert_never

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


def json_schema(spec: Spec, title: str) -> dict[str, Any]:
    """The whole schema of a file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_of(spec)}


def _bounds(spec: Number) -> dict[str, float]:
    bounds = {"minimum": spec.least, "maximum": spec.most}
    return {name: bound for name, bound in bounds.items() if math.isfinite(bound)}


def _of(spec: Spec) -> dict[str, Any]:
    match spec:
        case Text():
            return _text(spec)
        case Integer():
            return {"type": "integer", "minimum": spec.least, "maximum": spec.most}
        case Seconds():
            return {"type": "number", "minimum": 0, "description": "seconds"}
        case Span():
            whole = {"type": "integer", "minimum": spec.least, "maximum": spec.most}
            text = {"type": "string", "pattern": f"^(?:{SPAN})$"}
            return {"anyOf": [whole, text], "description": "seconds, like 90, 90 s, 2 min or 1:30"}
        case Number():
            return {"type": "number", **_bounds(spec)}
        case WordOrNumber():
            return {"type": ["string", "integer"]}
        case Flag():
            return {"type": "boolean"}
        case Either():
            return {"anyOf": [_of(spec.single), _of(spec.other)]}
        case AnyValue():
            return {}
        case ListOf():
            many = {"type": "array", "items": _of(spec.item), "minItems": spec.min_length, "maxItems": spec.max_length}
            return {"anyOf": [_of(spec.item), many]} if spec.or_one else many
        case Fields():
            known = {**spec.required, **spec.optional}
            return {
                "type": "object",
                "properties": {name: _of(inner) for name, inner in known.items()},
                "required": list(spec.required),
                "additionalProperties": _of(spec.other_keys) if spec.other_keys is not None else False,
            }
    assert_never(spec)


def _text(spec: Text) -> dict[str, Any]:
    # Regular expression engines spell named groups differently: write them without a name.
    pattern = re.sub(r"\(\?P<\w+>", "(?:", spec.pattern)
    if spec.any_apostrophe:
        pattern = pattern.replace("'", f"'{APOSTROPHES}")
    rules = [spec.remedy] if spec.pattern != Text().pattern else []
    if spec.slots:
        rules.append(f"may hold {', '.join(f'{{{slot}}}' for slot in spec.slots)}")
    if spec.words:
        rules.append(f"{spec.words} words at most")
    if spec.syllables:
        rules.append(f"{spec.syllables} syllables at most")
    described = {"description": "; ".join(rules)} if rules else {}
    kinds = ["string", *spec.yaml_types] if spec.yaml_types else "string"
    return {"type": kinds, "pattern": f"^(?:{pattern})$", **described}
