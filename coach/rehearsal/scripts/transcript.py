"""Writes a performance in the notation of scripts: a recorded conversation can be edited and performed again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coach.rehearsal.scripts.comments import Comments, with_comments

BEAT_S = 1.0
"""Seconds from one count to the next."""
COACH, COUNT, LIFTER, JOURNAL, FAULT = "coach", "count", "lifter", "journal", "fault"
"""Values of `Entry.who`: a sentence or cue of the coach, a count, a line of the lifter, a record, a fault."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a conversation."""

    at: float
    """Session second of the audible onset of a coach's line, or when a lifter's line was understood."""
    who: str
    text: str
    cut: float | None = None
    """Seconds that were heard of a line in which the coach was interrupted."""
    seconds: float | None = None
    """Length of a fault that lasts."""


def script_text(entries: Sequence[Entry], head: Mapping[str, Any], comments: Comments | None = None) -> str:
    """Returns a script that performs these entries again. Counts on consecutive beats share a line.

    `comments`: comments of the script that was performed.
    """
    comments = comments or Comments()
    lines = [*comments.head, *(f"{key}: {_yaml_flow(value)}" for key, value in head.items()), "script:"]
    groups = _groups(entries)
    steps = []
    for group in groups:
        first = group[0]
        if first.who == COUNT:
            body = f"counts: {_yaml_flow(', '.join(entry.text for entry in group))}"
        else:
            body = f"{first.who}: {_yaml_flow(first.text)}"
        cut = group[-1].cut
        tail = "" if cut is None else f", cut: {cut:.3f}"
        tail += "" if first.seconds is None else f", seconds: {first.seconds:g}"
        steps.append(f"  - {{at: {first.at:.3f}, {body}{tail}}}")
    lines += with_comments(steps, [group[0].who in (LIFTER, FAULT) for group in groups], comments)
    return "\n".join(lines) + "\n"


def _groups(entries: Iterable[Entry]) -> list[list[Entry]]:
    groups: list[list[Entry]] = []
    for entry in entries:
        last = groups[-1][-1] if groups else None
        on_the_beat = (
            last is not None
            and last.who == entry.who == COUNT
            and last.cut is None
            and abs(entry.at - last.at - BEAT_S) < 0.0005
        )
        if on_the_beat:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _yaml_flow(value: Any) -> str:
    """Returns a YAML flow value: JSON is valid YAML, and quotes what YAML would read as something else."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of the coach as it was laid; times are session seconds."""

    begins: float
    """When the first sample sounds."""
    onset: float
    """When the line is first audible; for a count, its beat."""
    ends: float
    """When the last sample has sounded."""
    manner: str
    text: str
    laid_at: float
    """When the line was laid."""
    dropped_at: float | None = None
    """When the line was taken back or cut."""


def timeline_table(placed: Sequence[PlacedLine]) -> str:
    """Returns a table of the coach's lines: when each sounds, how far ahead it was laid, the silence before it."""
    lines = ["  begins    onset     ends   silence   ahead  line"]
    end = 0.0
    for line in sorted(placed, key=lambda line: line.onset):
        heard_until = line.ends if line.dropped_at is None else min(line.ends, line.dropped_at)
        never = heard_until <= line.begins
        silence = "-" if never else f"{line.begins - end:.3f}"
        dropped = "" if line.dropped_at is None else f"  [{'taken back' if never else 'cut'} at {line.dropped_at:.3f}]"
        lines.append(
            f"{line.begins:8.3f} {line.onset:8.3f} {line.ends:8.3f}  {silence:>8} {line.begins - line.laid_at:7.3f}"
            f"  {line.manner:<8} {line.text}{dropped}"
        )
        if not never:
            end = max(end, heard_until)
    return "\n".join(lines) + "\n"


def transcript_text(entries: Sequence[Entry]) -> str:
    """Returns a transcript for people: minutes, who, words; counts on consecutive beats share a line."""
    lines = []
    for group in _groups(entries):
        minutes, seconds = divmod(group[0].at, 60)
        words = "  ".join(entry.text for entry in group)
        cut = "" if group[-1].cut is None else f"  [cut after {group[-1].cut:.2f} s]"
        lasting = "" if group[0].seconds is None else f"  [{group[0].seconds:g} s]"
        lines.append(f"{int(minutes):2d}:{seconds:06.3f}  {group[0].who:<7} {words}{cut}{lasting}")
    return "\n".join(lines) + "\n"
