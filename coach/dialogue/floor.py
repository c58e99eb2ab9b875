"""The floor: what the coach says and will say, at which times, and what was cut.

Law: a line is placed by its audible onset; no line is placed over another. The floor plans in session seconds; the
voice carries out exactly this plan on the sample clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coach.commands import FADE_S, Manner, Say
from coach.ports import Measure

LEAD_S = 0.06
"""Seconds from the decision to speak to the first sample: time to render a line that is not in the cache (12 ms) and to
lay it ahead of the output callback (a block is 20 ms)."""
SENTENCE_GAP_S = 0.3
"""Seconds between two sentences of one turn: enough to hear them as two."""
ECHO_TAIL_S = 0.25
"""Seconds after a line in which its echo may begin an utterance: the delay of a room and two sound cards. If this were
longer, a prompt answer to "Continue or finish?" would be taken for the question's echo."""
ECHO_LEAD_S = 0.15
"""By how many seconds a recogniser may date the beginning of an utterance too early."""
MEMORY_S = 10.0
"""Seconds for which lines are remembered: utterances are decided up to 8 s after they began."""


@dataclass(frozen=True, slots=True)
class TimedLine:
    """A line and when it sounds."""

    say: Say
    begins: float
    """Session seconds of the line's first sample."""
    ends: float
    """Session seconds of the line's last sample."""
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Silenced:
    """What became of the lines when the coach fell silent."""

    lost: tuple[TimedLine, ...]
    """Lines that were not heard completely, in order."""
    has_kept_line: bool
    """One line is kept and said to its end."""


@dataclass(slots=True)
class Floor:
    """The lines of the coach with their times."""

    measure: Measure
    _lines: list[TimedLine] = field(default_factory=list)
    _last_number: int = 0

    def next_free(self, now: float) -> float:
        """When everything placed so far has been said."""
        return max([now, *(line.ends for line in self._lines)])

    def last_end(self, manner: Manner, except_sources: frozenset[str]) -> float:
        """When the last line of that manner ends or ended, without those sources; long ago if there is no such line."""
        return max(
            (line.ends for line in self._lines if line.say.manner is manner and line.say.source not in except_sources),
            default=-MEMORY_S,
        )

    def is_taken(self, now: float) -> bool:
        """Whether a line sounds or waits."""
        return self.next_free(now) > now

    def to_be_heard(self, now: float) -> tuple[TimedLine, ...]:
        """The lines that sound or wait, in the order of their onsets."""
        return tuple(sorted((line for line in self._lines if line.ends > now), key=lambda line: line.say.at))

    def has_line(self, source: str, now: float) -> bool:
        """Whether a line of that source sounds or waits and is not cut."""
        return any(line.say.source == source and line.ends > now and not line.is_cut for line in self._lines)

    def place_when_free(self, now: float, text: str, manner: Manner, source: str, gap: float = SENTENCE_GAP_S) -> Say:
        """Place a line as soon as the floor is free."""
        last = max(self._lines, key=lambda line: line.ends, default=None)
        begins = now + LEAD_S
        if last is not None and last.ends > now:
            begins = max(begins, last.ends + (0 if last.is_cut else gap))
        return self.place_at_onset(begins + self.measure(text, manner).onset, text, manner, source)

    def place_at_onset(self, onset: float, text: str, manner: Manner, source: str, beat_label: str = "") -> Say:
        """Place a line with its audible onset at a session time."""
        self._last_number += 1
        length = self.measure(text, manner)
        say = Say(self._last_number, round(onset, 6), text, manner, source, beat_label)
        self._lines.append(TimedLine(say, onset - length.onset, onset + length.after_onset))
        return say

    def silence(self, now: float, keep: frozenset[str]) -> Silenced:
        """Cut the line that sounds and drop those that wait; keep the first line from the sources in `keep` to its end.

        The kept line need not have begun: otherwise a word or a fault in the 60 ms before it would drop it unheard.
        """
        over = [line for line in self._lines if line.ends <= now or line.is_cut]
        kept = [line for line in self._lines if line not in over and line.say.source in keep][:1]
        silenced = tuple(line for line in self._lines if line not in over and line not in kept)
        begun = (line for line in silenced if line.begins < now)
        # Nothing is lost of a line that ends within the fade.
        lost = tuple(line for line in silenced if line.ends > now + FADE_S)
        self._lines = over + kept + [replace(line, ends=min(line.ends, now + FADE_S), is_cut=True) for line in begun]
        return Silenced(lost, bool(kept))

    def drop(self, now: float, manner: Manner) -> frozenset[int]:
        """Take back the lines of that manner that have not begun; returns their numbers."""
        gone = [line for line in self._lines if line.begins > now and line.say.manner is manner]
        self._lines = [line for line in self._lines if line not in gone]
        return frozenset(line.say.line_number for line in gone)

    def find_gap(self, now: float, seconds: float, guard: float) -> float | None:
        """When a line of that length can begin between lines that are already placed; None when it fits nowhere."""
        begins = now + LEAD_S
        for line in sorted(self._lines, key=lambda line: line.begins):
            if line.begins - guard - begins >= seconds:
                return begins
            begins = max(begins, line.ends + guard)
        return None

    def forget_before(self, now: float) -> None:
        """Forget the lines whose echo can no longer be heard."""
        self._lines = [line for line in self._lines if line.ends + MEMORY_S > now]

    def is_echo(self, text: str, began: float) -> bool:
        """Whether the words are part of a line that sounded when the utterance began."""
        words = f" {' '.join(_words(text))} "
        return any(
            words in f" {' '.join(_words(line.say.text))} "
            for line in self._lines
            if line.begins - ECHO_LEAD_S <= began < line.ends + ECHO_TAIL_S
        )


def _words(text: str) -> list[str]:
    return "".join(mark if mark.isalnum() or mark == "'" else " " for mark in text.lower()).split()
