"""Draws a performance: who was heard when, in which state, on which beat, and how soon after which word.

Law: every x is a moment of the session. Lines that were planned and not said are dashed. Red is only for interruptions
of the coach, words without effect, faults, and the place where the performance differs from its script.
"""

from __future__ import annotations

from html import escape

from coach.ports import PictureError
from coach.rehearsal.performance import Performance
from coach.rehearsal.picture.labels import Label, width, wrap
from coach.rehearsal.picture.row import COACH, DARK, GREY, LEFT, LIFTER, RED, WIDTH, Row
from coach.rehearsal.picture.timeline import timeline_of

ROW_S = 12.0
"""Seconds in a row: two repetitions at the usual tempo; at 80 pixels per second a count has room for its word."""

_LEGEND = (
    (12, f'fill="{LIFTER}"', "lifter"),
    (12, f'fill="{COACH}"', "coach"),
    (12, f'fill="none" stroke="{GREY}" stroke-dasharray="3 2"', "planned, taken back"),
    (12, f'fill="{RED}" opacity="0.3"', "last word to silence"),
    (2, f'fill="{DARK}"', "beat, and below it how far the audible onset is from it"),
)


def draw(
    played: Performance, title: str, *, rate: int = 0, begin: float = 0.0, end: float | None = None, row: float = ROW_S
) -> str:
    """Returns the SVG of session seconds `begin` to `end` (None: the performance's end), `row` seconds in a row.

    PictureError: the performance ends before `begin`.
    `rate`: samples per second of the performance's sound, if it has sound.
    """
    if begin >= played.seconds:
        raise PictureError(f"nothing happens from second {begin:g} on: it ends at {played.seconds:.1f}, begin earlier")
    end = played.seconds if end is None else min(end, played.seconds)
    timeline = timeline_of(played, rate)
    body: list[str] = []
    top = 0.0
    while begin < end:
        drawn = Row(timeline, begin, min(begin + row, end), row)
        body.append(f'<g transform="translate(0 {top:.1f})">{drawn.draw()}</g>')
        top += drawn.height
        begin += row
    head, under = _head(played, title, sound=played.stereo is not None)
    size = f'width="{WIDTH}" height="{under + top:.0f}" viewBox="0 0 {WIDTH} {under + top:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif">',
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
    """Returns title, failure and legend as SVG, and the y where they end."""
    labels = [Label(LEFT, wrap(title, 15, WIDTH - 2 * LEFT, True), 15, DARK, bold=True)]
    if played.failure is not None:
        minutes, seconds = divmod(played.seconds, 60)
        where = f"It left its script at {int(minutes)}:{seconds:06.3f} (red line)."
        labels.append(Label(LEFT, (where,), 12, RED, bold=True))
    parts: list[str] = []
    top = 8.0
    for label in labels:
        parts.append(label.draw(top))
        top += label.height + 2
    x = float(LEFT)
    for wide, look, text in _LEGEND if sound else _LEGEND[:-1]:
        parts.append(f'<rect x="{x:.1f}" y="{top + 2:.1f}" width="{wide}" height="10" {look}/>')
        parts.append(Label(x + wide + 5, (text,), 11, DARK).draw(top))
        x += wide + 5 + width(text, 11) + 14
    return parts, top + 24
