"""One row of the picture: some seconds of a performance, with its lanes below each other on one time axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

import numpy as np

from coach.commands import Manner
from coach.ports import Pcm
from coach.rehearsal.picture.labels import Label, Shelf, split_by_time, width, wrap
from coach.rehearsal.picture.timeline import DrawnLine, Timeline

PIXELS_PER_S = 80
"""Pixels per second."""
LEFT, RIGHT = 62, 44
"""Pixels left of the time axis, for the names of the lanes, and right of it, for words that begin at its end."""
WIDTH = LEFT + 12 * PIXELS_PER_S + RIGHT
LIFTER, COACH, RED, DARK, GREY = "#1f5fa8", "#b35900", "#c1121f", "#222222", "#666666"
"""Colours with a contrast to white of at least 4.8 to 1; colour-blind people can tell the blue from the orange."""
_STATES = {
    "idle": "#ececec",
    "setup": "#d6e6f7",
    "ready": "#dcefd6",
    "set.countdown": "#fff4cf",
    "set.lowering": "#ffe08a",
    "set.bottom": "#f9cf7d",
    "set.pressing": "#fbc04d",
    "set.top": "#ffe9b3",
    "set.moving": "#fbd77f",
    "correcting": "#f6cbdc",
    "paused": "#dcd3f0",
    "stopped": "#f5aaa2",
    "resting": "#cdebe3",
    "finished": "#d4d4d4",
}
_AXIS_HEIGHT, _STATES_HEIGHT, _SOUND_HEIGHT, _SILENT_HEIGHT, _BEAT_HEIGHT, _ROW_GAP = 15, 16, 38, 10, 12, 16
"""Heights in pixels; a lane in which nobody speaks has the height `_SILENT_HEIGHT`."""
_LOUD_SHARE = 0.1
"""Level from which a row's microphone sound is loud, as a share of the peak in the whole performance."""
_MIN_LABEL_ROOM = 130
"""Least room for a label, in pixels."""


@dataclass(slots=True)
class Row:
    """Lays out the events between two moments, then draws them."""

    timeline: Timeline
    begin: float
    end: float
    length: float
    """Seconds of a full row."""
    lifter_labels: Shelf = field(default_factory=Shelf)
    """Labels of the lifter's lines."""
    hearing_labels: Shelf = field(default_factory=Shelf)
    """Labels of interruptions, and of what the coach understood."""
    coach_labels: Shelf = field(default_factory=Shelf)
    """Labels of the coach's lines."""
    note_labels: Shelf = field(default_factory=Shelf)
    """Labels of notes."""

    def __post_init__(self) -> None:
        self.lifter_labels.put(self._spoken_labels())
        self.hearing_labels.put(self._stop_labels())
        self.hearing_labels.put(self._word_labels())
        for said in (True, False):
            for manner in (Manner.COUNT, Manner.SENTENCE, Manner.CUE):
                self.coach_labels.put(self._line_labels(manner, said))
        self.coach_labels.put(self._cut_labels())
        self.note_labels.put(self._labels_of_notes())

    def x(self, at: float) -> float:
        """Returns the x of a moment; a moment outside the row is drawn at the row's edge."""
        return LEFT + (min(max(at, self.begin), self.end) - self.begin) * PIXELS_PER_S

    @property
    def right(self) -> float:
        """Largest x of a label."""
        return LEFT + self.length * PIXELS_PER_S + RIGHT - 6

    def _overlaps(self, begins: float, ends: float) -> bool:
        return begins < self.end and (ends > self.begin or begins >= self.begin)

    def _contains(self, at: float) -> bool:
        last = self.end >= self.timeline.seconds and at >= self.end
        return self.begin <= at < self.end or last

    # Labels

    def _label(
        self,
        at: float,
        text: str,
        size: float,
        colour: str,
        room: float,
        *,
        bold: bool = False,
        style: str = "",
        why: str = "",
    ) -> Label:
        """Returns a label that begins at its moment; near the row's end it is broken into lines and moved left."""
        lines = wrap(text, size, min(room, max(self.right - self.x(at), _MIN_LABEL_ROOM)), bold)
        wide = max(width(line, size, bold) for line in lines)
        return Label(max(LEFT, min(self.x(at), self.right - wide)), lines, size, colour, bold, style, why)

    def _spoken_labels(self) -> Iterator[Label]:
        for line in self.timeline.lifter_lines:
            if self._contains(line.began):
                room = max(self.x(line.ended) - self.x(line.began), 260)
                why = _span(line.began, line.ended)
                yield self._label(line.began, f"“{line.text}”", 13, LIFTER, room, bold=True, why=why)

    def _word_labels(self) -> Iterator[Label]:
        for word in self.timeline.understandings:
            if self._contains(word.at):
                yield self._label(word.at, word.text, 10, DARK if word.acted else RED, 330)

    def _stop_labels(self) -> Iterator[Label]:
        for stop in self.timeline.interruptions:
            if self._contains(stop.silent_at):
                yield self._label(stop.silent_at + 0.04, stop.text, 12, RED, 480, bold=True)

    def _line_labels(self, manner: Manner, said: bool) -> Iterator[Label]:
        sentence = manner is Manner.SENTENCE
        for line in self.timeline.lines:
            if line.manner is not manner:
                continue
            if sentence:
                here = self._words_of(line, said)
            else:
                here = line.text if line.was_said is said and self._contains(line.onset) else ""
            if not here:
                continue
            style = "" if said else 'text-decoration="line-through"'
            style += ' font-style="italic"' * (manner is Manner.CUE)
            onset = line.onset if line.was_said is said else line.ends
            ends = line.ends if said else line.planned_end
            yield self._label(
                max(onset, self.begin),
                here,
                11 if manner is Manner.CUE else 12,
                COACH if said else GREY,
                max(self.x(ends) - self.x(onset), 90) if sentence else 200,
                bold=manner is Manner.COUNT and said,
                style=style,
                why=self._tooltip(line),
            )

    def _words_of(self, line: DrawnLine, said: bool) -> str:
        """Returns the words of a sentence that fall into this row; `said` false: only words that were not said."""
        begins, ends = (line.begins, line.ends) if line.was_said is said else (line.ends, line.planned_end)
        if (said and not line.was_said) or not self._overlaps(begins, ends) or ends - begins <= 0:
            return ""
        whole = line.planned_end - line.begins
        inner = (min(max(at, begins), ends) for at in (self.begin, self.end))
        edges = [line.begins, begins, *inner, ends, line.planned_end]
        _, before, here, after, _ = split_by_time(
            line.text, [(late - early) / whole for early, late in pairwise(edges)]
        )
        return " ".join(["…"] * bool(before) + [here] + ["…"] * bool(after)) if here else ""

    @staticmethod
    def _tooltip(line: DrawnLine) -> str:
        kind = "" if line.was_said else ", planned and taken back"
        cut = "" if line.cut_after is None else f", cut after {line.cut_after:.3f} s"
        return f"{line.text} ({_span(line.onset, line.ends)}{kind}{cut})"

    def _cut_labels(self) -> Iterator[Label]:
        for line in self.timeline.lines:
            if line.cut_after is not None and self._contains(line.ends):
                yield self._label(line.ends, f"cut after {line.cut_after:.2f} s", 11, RED, 200)

    def _labels_of_notes(self) -> Iterator[Label]:
        for note in sorted(self.timeline.notes, key=lambda note: not note.is_failure):
            if self._contains(note.at):
                size, room = (12, 620) if note.is_failure else (10, 400)
                colour = RED if note.is_fault else GREY
                yield self._label(note.at + 0.08, note.text, size, colour, room, bold=note.is_failure)

    # Lanes, from the top

    @property
    def _lifter_lane(self) -> tuple[float, float]:
        speaks = any(self._overlaps(line.began, line.ended) for line in self.timeline.lifter_lines) or self._is_loud()
        return (
            _AXIS_HEIGHT + _STATES_HEIGHT + 4 + self.lifter_labels.height,
            _SOUND_HEIGHT if speaks else _SILENT_HEIGHT,
        )

    def _is_loud(self) -> bool:
        """Whether the microphone heard something loud in this row: in a room it hears more than the lifter."""
        pcm, rate = self.timeline.lifter, self.timeline.rate
        if pcm is None:
            return False
        here = pcm[round(self.begin * rate) : round(self.end * rate)]
        return _peak(here) > _LOUD_SHARE * _peak(pcm)

    @property
    def _coach_lane(self) -> tuple[float, float]:
        top, high = self._lifter_lane
        speaks = any(self._overlaps(line.begins, line.ends) for line in self.timeline.lines)
        return top + high + 2 + self.hearing_labels.height + 2, _SOUND_HEIGHT if speaks else _SILENT_HEIGHT

    @property
    def _beats_top(self) -> float:
        top, high = self._coach_lane
        return top + high + 3

    @property
    def _coach_labels_top(self) -> float:
        beats = any(line.onset_error is not None and self._contains(line.onset) for line in self.timeline.lines)
        return self._beats_top + beats * _BEAT_HEIGHT

    @property
    def _note_labels_top(self) -> float:
        return self._coach_labels_top + self.coach_labels.height + (8 if self.note_labels.placed else 0)

    @property
    def height(self) -> float:
        """Height of the row with the space below it, in pixels."""
        return self._note_labels_top + self.note_labels.height + _ROW_GAP

    def draw(self) -> str:
        """Returns the row as SVG; its top is at y 0."""
        return "\n".join(
            [
                *self._draw_axis(),
                *self._draw_states(),
                *self._draw_stops(),
                *self._draw_lifter(),
                *self._draw_coach(),
                *self._draw_notes(),
                *self.lifter_labels.draw(self._lifter_lane[0] - self.lifter_labels.height - 1),
                *self.hearing_labels.draw(sum(self._lifter_lane) + 2),
                *self.coach_labels.draw(self._coach_labels_top),
                *self.note_labels.draw(self._note_labels_top),
            ]
        )

    def _draw_axis(self) -> Iterator[str]:
        bottom = self._coach_labels_top
        for second in range(int(np.ceil(self.begin - 1e-9)), int(self.end) + 1):
            x = self.x(second)
            yield line_svg(x, _AXIS_HEIGHT, x, bottom, "#e3e3e3")
            if second < self.end or self.end < self.begin + self.length:
                yield Label(x + 2, (f"{second // 60}:{second % 60:02d}",), 10, GREY).draw(1)

    def _draw_states(self) -> Iterator[str]:
        for begins, ends, state in self.timeline.states:
            if not (begins < self.end and ends > self.begin):
                continue
            left, right = self.x(begins), self.x(ends)
            colour = _STATES.get(state) or _STATES.get(state.split(".")[0], "#ececec")
            yield (
                f'<rect x="{left:.1f}" y="{_AXIS_HEIGHT}" width="{right - left:.1f}" height="{_STATES_HEIGHT}" '
                f'fill="{colour}" stroke="#ffffff"><title>{escape(state)} ({_span(begins, ends)})</title></rect>'
            )
            for name in (state, state.split(".")[-1]):
                if width(name, 10) + 6 <= right - left:
                    yield Label(left + 4, (name,), 10, DARK).draw(_AXIS_HEIGHT + 2)
                    break

    def _draw_stops(self) -> Iterator[str]:
        top, bottom = self._lifter_lane[0], sum(self._coach_lane)
        for stop in self.timeline.interruptions:
            first, last = sorted((stop.begins, stop.silent_at))
            if self._overlaps(first, last):
                wide = max(self.x(last) - self.x(first), 1)
                yield (
                    f'<rect class="stop" x="{self.x(first):.1f}" y="{top:.1f}" width="{wide:.1f}" '
                    f'height="{bottom - top:.1f}" fill="{RED}" opacity="0.22"/>'
                )
            if self._contains(stop.silent_at):
                yield line_svg(self.x(stop.silent_at), top, self.x(stop.silent_at), bottom, RED, 'stroke-width="2"')

    def _draw_lifter(self) -> Iterator[str]:
        top, high = self._lifter_lane
        yield Label(6, ("lifter",), 11, LIFTER, bold=True).draw(top + high / 2 - 7)
        spans = [(line.began, line.ended) for line in self.timeline.lifter_lines]
        yield from self._draw_sound(self.timeline.lifter, spans, top, high, LIFTER)
        for word in self.timeline.understandings:
            if self._contains(word.at):
                x, y = self.x(word.at), top + high
                colour = LIFTER if word.acted else RED
                yield f'<path d="M{x:.1f} {y - 5:.1f}l4 6h-8z" fill="{colour}"/>'

    def _draw_coach(self) -> Iterator[str]:
        top, high = self._coach_lane
        yield Label(6, ("coach",), 11, COACH, bold=True).draw(top + high / 2 - 7)
        spans = [(line.begins, line.ends) for line in self.timeline.lines if line.was_said]
        yield from self._draw_sound(self.timeline.coach, spans, top, high, COACH)
        for line in self.timeline.lines:
            left, right = self.x(line.begins), self.x(line.ends)
            if not line.was_said and self._overlaps(line.begins, line.ends):
                yield (
                    f'<rect x="{left:.1f}" y="{top + 4:.1f}" width="{right - left:.1f}" height="{high - 8:.1f}" '
                    f'fill="none" stroke="{GREY}" stroke-dasharray="3 2"/>'
                )
            if line.manner is Manner.COUNT and line.was_said and self._contains(line.onset):
                x = self.x(line.onset)
                yield line_svg(x, top - 2, x, top + high + 3, DARK, 'class="beat"')
                yield from self._draw_onset_error(line)
            if line.cut_after is not None and self._contains(line.ends):
                yield line_svg(right, top - 2, right, top + high + 2, RED, 'class="cut" stroke-width="2"')

    def _draw_onset_error(self, line: DrawnLine) -> Iterator[str]:
        if line.onset_error is None:
            return
        x = self.x(line.onset + line.onset_error)
        yield f'<path d="M{x:.1f} {self._beats_top - 3:.1f}l3 5h-6z" fill="{COACH}"/>'
        text = f"{line.onset_error * 1000:+.0f} ms" if abs(line.onset_error) >= 0.0005 else "0 ms"
        yield Label(x + 5, (text,), 9, GREY).draw(self._beats_top - 2)

    def _draw_sound(
        self, pcm: Pcm | None, spans: Iterable[tuple[float, float]], top: float, high: float, colour: str
    ) -> Iterator[str]:
        """Draws the waveform, and below it a bar as long as each line; without sound, a block for each line."""
        middle = top + high / 2
        yield line_svg(LEFT, middle, self.x(self.end), middle, "#cccccc")
        for begins, ends in spans:
            if self._overlaps(begins, ends):
                left, right = self.x(begins), self.x(ends)
                y, thick, pale = (top + high - 1, 2.0, 1.0) if pcm is not None else (top + 6, high - 12, 0.55)
                yield (
                    f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(right - left, 1):.1f}" height="{thick:.1f}" '
                    f'fill="{colour}" opacity="{pale}"/>'
                )
        if pcm is not None:
            path = self._envelope(pcm, high - 6)
            if path:
                yield (
                    f'<path transform="translate({LEFT + 0.5} {middle - 1:.1f})" d="{path}" stroke="{colour}" '
                    'fill="none"/>'
                )

    def _envelope(self, pcm: Pcm, high: float) -> str:
        """Returns a stroke for each pixel, as tall as its loudest sample; the performance's peak fills the lane."""
        loudest = max(1, _peak(pcm))
        columns = round((self.end - self.begin) * PIXELS_PER_S)
        edges = np.round((self.begin + np.arange(columns + 1) / PIXELS_PER_S) * self.timeline.rate).astype(int)
        level = np.abs(pcm[edges[0] : edges[-1]].astype(np.int32))
        strokes = []
        for column in range(columns):
            piece = level[edges[column] - edges[0] : edges[column + 1] - edges[0]]
            tall = round(int(piece.max(initial=0)) / loudest * high / 2)
            if tall:
                strokes.append(f"M{column}-{tall}v{2 * tall}")
        return "".join(strokes)

    def _draw_notes(self) -> Iterator[str]:
        for note in self.timeline.notes:
            if not self._contains(note.at):
                continue
            x, y = self.x(note.at), self._note_labels_top
            colour = RED if note.is_fault else GREY
            if note.is_failure:
                yield line_svg(x, _AXIS_HEIGHT, x, sum(self._coach_lane), RED, 'class="failure" stroke-width="3"')
                yield line_svg(x, sum(self._coach_lane), x, y, RED)
            else:
                yield line_svg(x, sum(self._coach_lane), x, y, colour, 'stroke-dasharray="1 3"')
                yield f'<path d="M{x:.1f} {y - 6:.1f}l4 4l-4 4l-4-4z" fill="{colour}"/>'


def _peak(pcm: Pcm) -> int:
    return max(int(pcm.max(initial=0)), -int(pcm.min(initial=0)))


def _span(begins: float, ends: float) -> str:
    return f"{begins:.3f} to {ends:.3f}"


def line_svg(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    """Returns a straight line as SVG."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'
