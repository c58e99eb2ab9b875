"""The comments of a script, to be kept when it is recorded anew: YAML's own nodes do not know them.

Law: every comment stays, in its order, before or beside the lifter's line or the fault it stood with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from coach.content.nodes import LOADER
from coach.rehearsal.script import Script, StepKind

KEPT = (StepKind.LIFTER, StepKind.FAULT)
"""What a recording keeps of a script."""


@dataclass(slots=True)
class Comments:
    """Each with its `#`."""

    head: list[str] = field(default_factory=list)
    """Before the first step."""
    before: dict[int, list[str]] = field(default_factory=dict)
    """Above a step that is kept, by its number among them; what stood above the coach's lines goes to the next one. The
    number after the last is the file's end."""
    beside: dict[int, str] = field(default_factory=dict)
    """In the line of such a step."""


def comments_of(text: str, script: Script) -> Comments:
    """The comments of a script's file that has been read."""
    found = Comments()
    kept = [step.line for step in script.steps if step.kind in KEPT]
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
    return any(one.startswith("script:") for one in text.splitlines()[: line - 1])


def _comments(text: str) -> list[tuple[int, str, bool]]:
    """Line, text, and whether nothing else stands in the line."""
    lines = text.splitlines()
    ends: dict[int, int] = {}
    inside: set[int] = set()
    for token in yaml.scan(text, Loader=LOADER):
        if token.start_mark.index == token.end_mark.index:
            continue
        last = token.end_mark
        ends[last.line] = max(ends.get(last.line, 0), last.column)
        # A block scalar ends where the next line begins; a quoted one may have lines in it.
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
    """Where a comment begins in what no token has."""
    for at in range(start, len(line)):
        if line[at] == "#" and (at == 0 or line[at - 1] in " \t"):
            return at
    return None


def with_comments(lines: Sequence[str], keeps: Sequence[bool], comments: Comments) -> list[str]:
    """The steps of a transcript, a line each, with the comments; `keeps`: which are the script's own."""
    told: list[str] = []
    number = 0
    for line, kept in zip(lines, keeps, strict=True):
        if not kept:
            told.append(line)
            continue
        told += [f"  {comment}" for comment in comments.before.get(number, ())]
        beside = comments.beside.get(number)
        told.append(line if beside is None else f"{line}  {beside}")
        number += 1
    # Of steps that were not reached, too.
    for later in sorted(key for key in comments.before.keys() | comments.beside.keys() if key >= number):
        rest = [*comments.before.get(later, ()), *filter(None, [comments.beside.get(later)])]
        told += [f"  {comment}" for comment in rest]
    return told
