"""Keeps the comments of a script that is recorded again: YAML's nodes hold no comments.

Law: every comment stays, in its order, above or beside its lifter's line or its fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from coach.content.nodes import LOADER
from coach.rehearsal.scripts.script import Script, StepKind

KEPT_KINDS = (StepKind.LIFTER, StepKind.FAULT)
"""Kinds of steps that a recording takes over from the old script."""


@dataclass(slots=True)
class Comments:
    """Comments of a script; each text begins with its `#`."""

    head: list[str] = field(default_factory=list)
    """Comments before the first step."""
    before: dict[int, list[str]] = field(default_factory=dict)
    """Comments above each kept step, by its number among the kept steps. A comment above a line of the coach goes to
    the next kept step. The number after the last kept step stands for the end of the file."""
    beside: dict[int, str] = field(default_factory=dict)
    """Comment in the line of each kept step, by its number among the kept steps."""


def comments_of(text: str, script: Script) -> Comments:
    """Returns the comments in `text`, the file of `script`."""
    found = Comments()
    kept = [step.line for step in script.steps if step.kind in KEPT_KINDS]
    first = min((step.line for step in script.steps), default=0)
    for line, comment, alone in _comments(text):
        if line < first and not (alone and _is_after_key(text, line)):
            found.head.append(comment)
            continue
        following = next((number for number, begins in enumerate(kept) if begins >= line), len(kept))
        if not alone and line in kept:
            found.beside[following] = comment
        else:
            found.before.setdefault(following, []).append(comment)
    return found


def _is_after_key(text: str, line: int) -> bool:
    """Whether a line stands below `script:`."""
    return any(above.startswith("script:") for above in text.splitlines()[: line - 1])


def _comments(text: str) -> list[tuple[int, str, bool]]:
    """Returns each comment: its line, its text, and whether nothing else stands in the line."""
    lines = text.splitlines()
    ends: dict[int, int] = {}
    inside: set[int] = set()
    for token in yaml.scan(text, Loader=LOADER):
        if token.start_mark.index == token.end_mark.index:
            continue
        last = token.end_mark
        ends[last.line] = max(ends.get(last.line, 0), last.column)
        # A block scalar ends where the next line begins; a quoted scalar may have several lines.
        inside.update(range(token.start_mark.line + 1, last.line + (last.column > 0)))
    found = []
    for number, line in enumerate(lines):
        end = ends.get(number, 0)
        if number in inside and not end:
            continue
        mark = _hash(line, end)
        if mark is not None:
            found.append((number + 1, line[mark:].rstrip(), not line[:mark].strip(" -")))
    return found


def _hash(line: str, start: int) -> int | None:
    """Returns the column where a comment begins; `start`: end of the line's last token."""
    for at in range(start, len(line)):
        if line[at] == "#" and (at == 0 or line[at - 1] in " \t"):
            return at
    return None


def with_comments(lines: Sequence[str], in_script: Sequence[bool], comments: Comments) -> list[str]:
    """Returns a transcript's steps, one in a line, with the comments; `in_script`: whether the script has each step."""
    result: list[str] = []
    number = 0
    for line, kept in zip(lines, in_script, strict=True):
        if not kept:
            result.append(line)
            continue
        result += [f"  {comment}" for comment in comments.before.get(number, ())]
        beside = comments.beside.get(number)
        result.append(line if beside is None else f"{line}  {beside}")
        number += 1
    # Comments of steps that were not reached stay too.
    for later in sorted(key for key in comments.before.keys() | comments.beside.keys() if key >= number):
        rest = [*comments.before.get(later, ()), *filter(None, [comments.beside.get(later)])]
        result += [f"  {comment}" for comment in rest]
    return result
