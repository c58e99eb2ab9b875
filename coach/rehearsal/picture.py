"""A performance as a picture: who was heard when, in which state, on which beat, and how soon after which word.

Law: every x is a moment of the session. What was planned and not said is dashed; red is only where the coach was
stopped, a fault, or the place where the performance left its script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from coach.audio.onset import audible_onset
from coach.commands import FADE_S, Manner
from coach.ports import Pcm
from coach.rehearsal.labels import Label, wrap
from coach.rehearsal.performance import Performance
from coach.rehearsal.picture_row import (
    COACH,
    DARK,
    GREY,
    LEFT,
    LIFTER,
    RED,
    WIDTH,
    Line,
    Note,
    Part,
    Row,
    Stop,
    Word,
    width,
)
from coach.rehearsal.seen import Hearing, Utterance
from coach.rehearsal.transcript import COUNT, FAULT, JOURNAL, Entry, Placed
from coach.rehearsal.transcript import COACH as COACH_SAID

ROW_S = 12.0
"""Seconds a row: two repetitions at the usual tempo, and at 80 pixels a second a count has room for its word."""
_QUIET = 0.01
"""Of the coach's peak (-40 dB): below it there is silence, where that lasts `_PAUSE_S`."""
_PAUSE_S = 0.015


def draw(
    played: Performance, title: str, *, rate: int = 0, begin: float = 0.0, end: float | None = None, row: float = ROW_S
) -> str:
    """As SVG, from session second `begin` to `end` (None: to its end), `row` seconds a row.

    `rate`: samples a second of the performance's sound, if it has any.
    """
    end = played.seconds if end is None else min(end, played.seconds)
    part = _part(played, rate, begin)
    body: list[str] = []
    top = 0.0
    while begin < end or not body:
        drawn = Row(part, begin, min(begin + row, max(end, begin)), row)
        body.append(f'<g transform="translate(0 {top:.1f})">{drawn.draw()}</g>')
        top += drawn.height
        begin += row
    head, under = _head(played, title, sound=played.stereo is not None)
    size = f'width="{WIDTH}" height="{under + top:.0f}" viewBox="0 0 {WIDTH} {under + top:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="DejaVu Sans, Arial, sans-serif">',
            f"<title>{escape(title)}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *head,
            f'<g transform="translate(0 {under:.1f})">',
            *body,
            "</g>",
            "</svg>\n",
        ]
    )


def _head(played: Performance, title: str, *, sound: bool) -> tuple[list[str], float]:
    """Title, what went wrong, legend; and where they end."""
    labels = [Label(LEFT, wrap(title, 15, WIDTH - 2 * LEFT, True), 15, DARK, bold=True)]
    if played.failure is not None:
        minutes, seconds = divmod(played.seconds, 60)
        where = f"It left its script at {int(minutes)}:{seconds:06.3f}, where the red line is."
        labels.append(Label(LEFT, (where,), 12, RED, bold=True))
    parts: list[str] = []
    top = 8.0
    for label in labels:
        parts.append(label.draw(top))
        top += label.height + 2
    x = float(LEFT)
    legend = [
        (f'<rect x="{{x:.1f}}" y="{{y:.1f}}" width="12" height="10" fill="{LIFTER}"/>', "lifter"),
        (f'<rect x="{{x:.1f}}" y="{{y:.1f}}" width="12" height="10" fill="{COACH}"/>', "coach"),
        (
            f'<rect x="{{x:.1f}}" y="{{y:.1f}}" width="12" height="10" fill="none" stroke="{GREY}" '
            'stroke-dasharray="3 2"/>',
            "planned, taken back",
        ),
        (f'<rect x="{{x:.1f}}" y="{{y:.1f}}" width="12" height="10" fill="{RED}" opacity="0.3"/>', _INTERRUPTED),
    ]
    if sound:
        legend.append(
            (f'<rect x="{{x:.1f}}" y="{{y:.1f}}" width="2" height="10" fill="{DARK}"/>', "beat; onset against it")
        )
    for mark, text in legend:
        parts.append(mark.format(x=x, y=top + 2))
        parts.append(Label(x + 17, (text,), 11, DARK).draw(top))
        x += 17 + width(text, 11) + 14
    return parts, top + 24


_INTERRUPTED = "last word to silence"


def _part(played: Performance, rate: int, begin: float) -> Part:
    """What the rows are drawn from."""
    seen = played.seen
    lifter, coach = (None, None) if played.stereo is None else (played.stereo[:, 0], played.stereo[:, 1])
    lines = _lines(played, coach, rate)
    stops = [
        stop
        for at, index in seen.stops
        if (stop := _stop(at, None if index is None else seen.hearings[index], played, coach, rate)) is not None
    ]
    notes = [_note(entry) for entry in played.entries if entry.who in (JOURNAL, FAULT)]
    if played.failure is not None:
        failure = played.failure
        heard = f"; heard: {failure.heard}" if failure.heard else ""
        text = f"line {failure.line}: expected {failure.expected}; {failure.happened}{heard}"
        # A picture that begins after the failure still tells of it, at its edge.
        notes.append(Note(max(begin, played.seconds), text, RED, failure=True))
    words = [_word(hearing, seen.spoken, played.placed, sound=coach is not None) for hearing in seen.hearings]
    ends = [at for at, _ in seen.states[1:]] + [played.seconds]
    states = [(at, until, state) for (at, state), until in zip(seen.states, ends, strict=False)]
    return Part(lines, list(seen.spoken), words, stops, notes, states, played.seconds, lifter, coach, rate)


def _lines(played: Performance, coach: Pcm | None, rate: int) -> list[Line]:
    """The coach's lines: said, cut, or only planned."""
    entries: dict[tuple[float, str], list[Entry]] = {}
    for entry in played.entries:
        if entry.who in (COACH_SAID, COUNT):
            entries.setdefault((entry.at, entry.text), []).append(entry)
    lines = []
    for placed in sorted(played.placed, key=lambda placed: placed.onset):
        found = entries.get((placed.onset, placed.text))
        said = found.pop(0) if found else None
        if said is None and placed.begins > played.seconds:
            continue
        cut = said.cut if said is not None else None
        ends = min(placed.ends if cut is None else placed.begins + cut, played.seconds)
        error = None
        if coach is not None and said is not None and cut is None and placed.manner == Manner.COUNT.value:
            begins = max(0, round(placed.begins * rate))
            error = (begins + audible_onset(coach[begins : round(ends * rate)], rate)) / rate - placed.onset
        lines.append(
            Line(
                placed.begins,
                placed.onset,
                ends,
                placed.ends,
                placed.text,
                Manner(placed.manner),
                said is not None,
                cut,
                error,
            )
        )
    return lines


def _stop(at: float, hearing: Hearing | None, played: Performance, coach: Pcm | None, rate: int) -> Stop | None:
    """From the lifter's last word to silence; None where nothing was being said or to come."""
    taken = [line for line in played.placed if line.dropped == at]
    if not taken:
        return None
    silent = at
    sounding = any(line.begins < at < line.ends for line in taken)
    if sounding:
        silent = at + FADE_S if coach is None else _silence(coach, rate, at)
    if hearing is None:
        return Stop(at, silent, "the coach is silent" if sounding else "the coach stops")
    utterance = _said(hearing, played.seen.spoken)
    if utterance is None:
        return Stop(at, silent, "the coach is silent")
    late = round((silent - utterance.ended) * 1000)
    after = f"{late} ms after" if late >= 0 else f"{-late} ms before the end of"
    text = f"silent {after} the last word" if sounding else f"stops {after} the last word (between two lines)"
    return Stop(utterance.ended, silent, text)


def _silence(coach: Pcm, rate: int, at: float) -> float:
    """The first moment from `at` on after which the coach is quiet."""
    begin = round(at * rate)
    loud = np.flatnonzero(np.abs(coach[begin:].astype(np.int32)) > _QUIET * int(np.abs(coach.astype(np.int32)).max()))
    pause = round(_PAUSE_S * rate)
    if not len(loud) or loud[0] > pause:
        return at
    gaps = np.flatnonzero(np.diff(loud) > pause)
    last = loud[gaps[0]] if len(gaps) else loud[-1]
    return (begin + int(last) + 1) / rate


def _said(hearing: Hearing, spoken: Sequence[Utterance]) -> Utterance | None:
    """Which line of the lifter was heard."""
    return max((line for line in spoken if line.began <= hearing.heard.at), key=lambda line: line.began, default=None)


def _word(hearing: Hearing, spoken: Sequence[Utterance], placed: Sequence[Placed], *, sound: bool) -> Word:
    """What became of an utterance, in words."""
    heard, utterance = hearing.heard, _said(hearing, spoken)
    if not heard.text:
        nearest = f", nearest “{heard.guess}”" if heard.guess else ""
        reason = f": {heard.reason}" if heard.reason else ""
        return Word(heard.at, f"not understood{nearest}{reason}", good=False)
    sure = f" ({heard.confidence:.2f})" if sound else ""
    if not hearing.acted:
        done = {"not_understood": "not understood", "not_now": "not now"}.get(hearing.reprompt, "nothing done")
        return Word(heard.at, f"heard “{heard.text}”{sure}, {done}", good=False)
    same = utterance is not None and utterance.text == heard.text
    text = f"understood{'' if same else f' “{heard.text}”'}{sure}"
    answers = [line.onset for line in placed if line.laid == heard.at and line.manner == Manner.SENTENCE.value]
    if sound and answers and utterance is not None:
        text += f", answer after {round((min(answers) - utterance.ended) * 1000)} ms"
    return Word(heard.at, text, good=True)


def _note(entry: Entry) -> Note:
    if entry.who == FAULT:
        lasting = "" if entry.seconds is None else f", {entry.seconds:g} s"
        return Note(entry.at, f"fault: {entry.text}{lasting}", RED)
    return Note(entry.at, f"journal: {entry.text}", GREY)
