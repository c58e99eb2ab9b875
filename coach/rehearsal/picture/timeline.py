"""The timeline of a performance, from which its picture is drawn. Every moment is in session seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.audio.onset import audible_onset
from coach.commands import FADE_S, Manner
from coach.ports import Pcm
from coach.rehearsal.performance import Performance
from coach.rehearsal.performing.observations import HeardUtterance, LifterLine
from coach.rehearsal.scripts.transcript import COACH, COUNT, FAULT, JOURNAL, Entry

_QUIET_SHARE = 0.01
"""Level below which there is silence, if it lasts `_PAUSE_S`; a share of the coach's peak (-40 dB)."""
_PAUSE_S = 0.015
"""Shortest silence, in seconds."""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line of the coach; times are session seconds."""

    begins: float
    onset: float
    ends: float
    """When the line was last heard, its planned end if it was never said; at most the end of the performance."""
    planned_end: float
    """Planned end of a line that was cut; the same as `ends` for all other lines."""
    text: str
    manner: Manner
    was_said: bool
    """Whether the line was said, not only planned."""
    cut_after: float | None = None
    """Seconds of the line that were heard; None if it was not cut."""
    onset_error: float | None = None
    """Audible onset of a count minus its beat, in seconds; None for other lines, and without sound."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the coach understood of an utterance, and when."""

    at: float
    text: str
    acted: bool
    """Whether the coach acted on the utterance."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """An interruption of the coach, from its cause to silence."""

    begins: float
    """End of the last word of the lifter's line; when the coach stopped, if no line of the lifter was the cause."""
    silent_at: float
    """When the coach was silent."""
    text: str
    """Says "silent" if a line sounded, "stops" if lines were only still to come."""


@dataclass(frozen=True, slots=True)
class Note:
    """An entry of the journal, a fault, or the failure of the performance."""

    at: float
    text: str
    is_fault: bool = False
    """Whether the note is a fault or the failure."""
    is_failure: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that the picture shows."""

    lines: list[DrawnLine]
    lifter_lines: list[LifterLine]
    understandings: list[Understanding]
    interruptions: list[Interruption]
    notes: list[Note]
    states: list[tuple[float, float, str]]
    """Start, end and name of each state."""
    seconds: float
    """Length of the performance."""
    lifter: Pcm | None = None
    coach: Pcm | None = None
    rate: int = 0


def timeline_of(played: Performance, rate: int) -> Timeline:
    """Returns the timeline of a performance; `rate`: samples per second of its sound, if it has sound."""
    seen = played.observations
    lifter, coach = (None, None) if played.stereo is None else (played.stereo[:, 0], played.stereo[:, 1])
    lines = _lines(played, coach, rate)
    causes = ((at, None if index is None else seen.heard_utterances[index]) for at, index in seen.stops)
    stops = (_interruption(at, heard, played, coach, rate) for at, heard in causes)
    interruptions = [interruption for interruption in stops if interruption is not None]
    notes = [_note(entry) for entry in played.entries if entry.who in (JOURNAL, FAULT)]
    if played.failure is not None:
        failure = played.failure
        instead = f"; said instead: {failure.said_instead}" if failure.said_instead else ""
        text = f"line {failure.line}: expected {failure.expected}; {failure.happened}{instead}"
        notes.append(Note(played.seconds, text, is_fault=True, is_failure=True))
    understandings = [_understanding(heard, played, sound=coach is not None) for heard in seen.heard_utterances]
    ends = [at for at, _ in seen.states[1:]] + [played.seconds]
    states = [(at, until, state) for (at, state), until in zip(seen.states, ends, strict=False)]
    return Timeline(
        lines, seen.lifter_lines, understandings, interruptions, notes, states, played.seconds, lifter, coach, rate
    )


def _lines(played: Performance, coach: Pcm | None, rate: int) -> list[DrawnLine]:
    """Returns the coach's lines: said, cut, or only planned."""
    entries: dict[tuple[float, str], list[Entry]] = {}
    for entry in played.entries:
        if entry.who in (COACH, COUNT):
            entries.setdefault((entry.at, entry.text), []).append(entry)
    lines = []
    for placed in sorted(played.placed_lines, key=lambda placed: placed.onset):
        found = entries.get((placed.onset, placed.text))
        said = found.pop(0) if found else None
        if said is None and placed.begins > played.seconds:
            continue
        cut = said.cut if said is not None else None
        ends = min(placed.ends if cut is None else placed.begins + cut, played.seconds)
        error = None
        whole = said is not None and cut is None and placed.ends <= played.seconds
        if coach is not None and whole and placed.manner == Manner.COUNT.value:
            begins = max(0, round(placed.begins * rate))
            error = (begins + audible_onset(coach[begins : round(ends * rate)], rate)) / rate - placed.onset
        lines.append(
            DrawnLine(
                placed.begins,
                placed.onset,
                ends,
                ends if cut is None else placed.ends,
                placed.text,
                Manner(placed.manner),
                said is not None,
                cut,
                error,
            )
        )
    return lines


def _interruption(
    at: float, heard_utterance: HeardUtterance | None, played: Performance, coach: Pcm | None, rate: int
) -> Interruption | None:
    """Returns the interruption at `at`; None if no line sounded or was still to come."""
    dropped = [line for line in played.placed_lines if line.dropped_at == at]
    if not dropped:
        return None
    silent = at
    sounding = any(line.begins < at < line.ends for line in dropped)
    if sounding:
        silent = at + FADE_S if coach is None else _silence(coach, rate, at)
    lifter_line = (
        None if heard_utterance is None else _lifter_line_of(heard_utterance, played.observations.lifter_lines)
    )
    if lifter_line is None:
        return Interruption(at, silent, "the coach is silent" if sounding else "the coach stops")
    late = round((silent - lifter_line.ended) * 1000)
    after = f"{late} ms after" if late >= 0 else f"{-late} ms before the end of"
    text = f"silent {after} the last word" if sounding else f"stops {after} the last word (between two lines)"
    return Interruption(lifter_line.ended, silent, text)


def _silence(coach: Pcm, rate: int, at: float) -> float:
    """Returns the first moment, not before `at`, from which the coach is quiet."""
    begin = round(at * rate)
    loud = np.flatnonzero(np.abs(coach[begin:].astype(np.int32)) > _QUIET_SHARE * np.abs(coach.astype(np.int32)).max())
    pause = round(_PAUSE_S * rate)
    if not len(loud) or loud[0] > pause:
        return at
    gaps = np.flatnonzero(np.diff(loud) > pause)
    last = loud[gaps[0]] if len(gaps) else loud[-1]
    return (begin + int(last) + 1) / rate


def _lifter_line_of(heard_utterance: HeardUtterance, lifter_lines: Sequence[LifterLine]) -> LifterLine | None:
    """Returns the lifter's line that was heard: the last one that had begun."""
    begun = (line for line in lifter_lines if line.began <= heard_utterance.heard.at)
    return max(begun, key=lambda line: line.began, default=None)


def _understanding(heard_utterance: HeardUtterance, played: Performance, *, sound: bool) -> Understanding:
    """Returns the text about an utterance: what was understood, and how soon the coach answered."""
    heard, lifter_line = heard_utterance.heard, _lifter_line_of(heard_utterance, played.observations.lifter_lines)
    if not heard.text:
        nearest = f", nearest “{heard.nearest}”" if heard.nearest else ""
        reason = f": {heard.reason}" if heard.reason else ""
        return Understanding(heard.at, f"not understood{nearest}{reason}", acted=False)
    sure = f" ({heard.confidence:.2f})" if sound else ""
    if not heard_utterance.acted:
        done = {"not_understood": "not understood", "not_now": "not now"}.get(heard_utterance.reprompt, "nothing done")
        return Understanding(heard.at, f"heard “{heard.text}”{sure}, {done}", acted=False)
    same = lifter_line is not None and lifter_line.text == heard.text
    text = f"understood{'' if same else f' “{heard.text}”'}{sure}"
    laid_then = [line for line in played.placed_lines if line.laid_at == heard.at]
    answers = [line.onset for line in laid_then if line.manner == Manner.SENTENCE.value]
    if sound and answers and lifter_line is not None:
        text += f", answer after {round((min(answers) - lifter_line.ended) * 1000)} ms"
    return Understanding(heard.at, text, acted=True)


def _note(entry: Entry) -> Note:
    if entry.who == FAULT:
        lasting = "" if entry.seconds is None else f", {entry.seconds:g} s"
        return Note(entry.at, f"fault: {entry.text}{lasting}", is_fault=True)
    return Note(entry.at, f"journal: {entry.text}")
