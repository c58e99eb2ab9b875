"""What was heard in which room, as a table beside the bars and as curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

RECORDED = ("negatives", "positives")
"""Speakers that are real people."""
_CPU_BAR, _MEMORY_BARS = 5.0, {"pocketsphinx": 150.0, "vosk": 300.0}
"""The charter's, for the whole coach."""
_RIGHT_BARS = {None: 97.0, 10: 95.0}
"""The charter's, by signal to noise ratio."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is heard beside the speech."""

    kind: str
    snr: int | None
    """Decibels the noise is below the word; None: a quiet room."""

    @property
    def name(self) -> str:
        """For the table."""
        return self.kind if self.snr is None else f"{self.kind} {self.snr} dB"


ROOMS = (Room("clean", None), *(Room(kind, snr) for kind in ("white", "pink") for snr in (20, 10, 5)))


@dataclass(frozen=True, slots=True)
class Heard:
    """Counts of one session: one engine, one state, one voice, one room."""

    engine: str
    state: str
    speaker: str
    room: Room
    said: int
    """Commands."""
    accepted: int
    wrong: int
    talk: int
    """Utterances that are none."""
    taken: int
    grave: int
    """Actions on safety words that were not said."""
    seconds: float
    busy: float
    """Seconds of one core."""
    memory: float
    """Peak of the process so far, MB."""


def table(heard: Sequence[Heard]) -> str:
    """Everything about one engine."""
    engine = heard[0].engine
    voices = [one for one in heard if one.speaker not in RECORDED]
    parts = [f"{engine}: commands understood, % right"]
    for state in dict.fromkeys(one.state for one in voices):
        parts += ["", *_of_state([one for one in voices if one.state == state])]
    parts += ["", *_of_people([one for one in heard if one.speaker in RECORDED]), *_costs(engine, heard)]
    return "\n".join(parts)


def _of_state(heard: Sequence[Heard]) -> list[str]:
    speakers = list(dict.fromkeys(one.speaker for one in heard))
    said = sum(one.said for one in heard if one.room == heard[0].room)
    talk = sum(one.talk for one in heard if one.room == heard[0].room)
    head = (heard[0].state, *speakers, "all", "bar", "", f"other of {said}", "", *speakers, f"talk of {talk}", "safety")
    rows = [head]
    for room in dict.fromkeys(one.room for one in heard):
        here = [one for one in heard if one.room == room]
        right = [_share([one]) for one in here]
        bar = _RIGHT_BARS.get(room.snr)
        verdict = "" if bar is None else "kept" if _share(here) >= bar else "MISSED"
        rows.append(
            (
                room.name,
                *(f"{share:.0f}" for share in right),
                f"{_share(here):.1f}",
                "-" if bar is None else f"{bar:g}",
                verdict,
                str(sum(one.wrong for one in here)),
                "talk",
                *(str(one.taken) for one in here),
                str(sum(one.taken for one in here)),
                str(sum(one.grave for one in here)),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return ["  ".join(_cells(row, widths)).rstrip() for row in rows]


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    name = row[0].ljust(widths[0])
    return [name, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]


def _of_people(heard: Sequence[Heard]) -> list[str]:
    lines = []
    for one in heard:
        parts = []
        if one.said:
            parts.append(f"{one.accepted} of {one.said} commands right, {one.wrong} taken for another")
        if one.talk:
            verdict = "kept" if one.taken * 3600 <= one.seconds and not one.grave else "MISSED"
            hourly = f"{one.taken * 3600 / one.seconds:.0f} an hour of such talk"
            parts.append(f"{one.taken} of {one.talk} others acted on ({hourly}), {one.grave} of them as safety words")
            if not one.said:
                parts.append(f"bar 1 an hour, 0 safety words: {verdict}")
        lines.append(f"real people, {one.speaker}, {one.state}, {one.seconds:.0f} s: {'; '.join(parts)}")
    return lines


def _costs(engine: str, heard: Sequence[Heard]) -> list[str]:
    rooms: dict[str, list[Heard]] = {}
    for one in heard:
        rooms.setdefault(one.room.name, []).append(one)
    shares = {
        name: sum(one.busy for one in each) / sum(one.seconds for one in each) * 100 for name, each in rooms.items()
    }
    spread = ", ".join(f"{name} {share:.1f}" for name, share in shares.items())
    # Of first sessions: what a second engine in the same process adds is not the first one's.
    memory = max(one.memory for one in heard if one.room == ROOMS[0])
    return [
        f"CPU of one core, % of real time, clips with 1 s between them: {spread} (bar of the whole coach {_CPU_BAR:g})",
        f"memory of a process that only hears, peak: {memory:.0f} MB (bar of the whole coach {_MEMORY_BARS[engine]:g})",
    ]


def _share(heard: Sequence[Heard]) -> float:
    return sum(one.accepted for one in heard) / max(1, sum(one.said for one in heard)) * 100


_WIDE, _HIGH, _LEFT, _TOP = 480, 260, 60, 30
_COLOURS = ("#1f6fb4", "#d1495b", "#2e8b57", "#8a5fbf")
_STEPS = (None, 20, 10, 5)


def draw(path: Path, heard: Sequence[Heard]) -> Path:
    """Acceptance over the signal to noise ratio, a curve for each engine and noise; all voices and states."""
    voices = [one for one in heard if one.speaker not in RECORDED]
    curves = [(engine, kind) for engine in dict.fromkeys(one.engine for one in voices) for kind in ("white", "pink")]
    parts = [f'<text x="{_LEFT}" y="18" font-size="15">Commands heard rightly, %</text>']
    for level in range(0, 101, 20):
        y = _y(level)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _WIDE}" y2="{y:.1f}" stroke="#eeeeee"/>')
        parts.append(f'<text x="28" y="{y + 4:.1f}">{level}</text>')
    for step, snr in enumerate(_STEPS):
        name = "clean" if snr is None else f"{snr} dB"
        parts.append(f'<text x="{_x(step) - 14:.1f}" y="{_TOP + _HIGH + 18}">{name}</text>')
        if (bar := _RIGHT_BARS.get(snr)) is not None:
            ends = f'x1="{_x(step) - 20:.1f}" x2="{_x(step) + 20:.1f}" y1="{_y(bar):.1f}" y2="{_y(bar):.1f}"'
            parts.append(f'<line {ends} stroke="#000000" stroke-dasharray="4 4"/>')
    for number, ((engine, kind), colour) in enumerate(zip(curves, _COLOURS, strict=False)):
        points = []
        for step, snr in enumerate(_STEPS):
            room = Room("clean", None) if snr is None else Room(kind, snr)
            share = _share([one for one in voices if one.engine == engine and one.room == room])
            points.append(f"{_x(step):.1f},{_y(share):.1f}")
        y = _TOP + 20 + 20 * number
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<rect x="{_LEFT + _WIDE + 12}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + _WIDE + 28}" y="{y}">{escape(f"{engine}, {kind} noise")}</text>')
    size = f'width="{_LEFT + _WIDE + 220}" height="{_TOP + _HIGH + 40}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>\n"]))
    return path


def _x(step: int) -> float:
    return _LEFT + (step + 0.5) / len(_STEPS) * _WIDE


def _y(percent: float) -> float:
    return _TOP + _HIGH - percent / 100 * _HIGH
