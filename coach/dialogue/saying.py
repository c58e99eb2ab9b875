"""What the coach says: wording, time, and what is said again because it was cut. This module knows no workout."""

from __future__ import annotations

from dataclasses import dataclass, field

from coach.commands import DropLines, Manner, Say, StopSpeaking
from coach.content.model import Line, Pack
from coach.dialogue.floor import Floor, TimedLine
from coach.dialogue.outbox import Outbox
from coach.ports import Measure
from coach.training.pacing import GUARD_S
from coach.training.plan import SetKind

DANGER_LINES = frozenset(
    {"stop.now", "stop.up", "pain.now", "pain.up", "pain.rest", "stuck.now", "stuck.down", "finish.now"}
)
"""Lines that nothing may cut."""


@dataclass(slots=True)
class Saying:
    """Says lines for the scenes; nothing else says anything."""

    pack: Pack
    measure: Measure
    outbox: Outbox
    floor: Floor = field(init=False)
    turn_lines: list[Say] = field(default_factory=list)
    """Lines said since the lifter last had the floor. The word "repeat" asks for them again."""
    last_line: Say = field(default_factory=lambda: Say(0, 0.0, ""))
    """The line that was said last."""
    reason: Line | None = None
    """The reason for the line that was said last; the word "why" asks for it."""
    _until_heard: dict[int, Say] = field(default_factory=dict)
    """Lines that must be heard, by number, until it is known that they were heard."""
    _unheard: list[Say] = field(default_factory=list)
    """Lines that must be heard and were cut. They are said again before anything else."""
    _times_said: dict[str, int] = field(default_factory=dict)
    """Id of a line -> how often the line was said."""

    def __post_init__(self) -> None:
        self.floor = Floor(self.measure)

    def wording(self, line: Line, **slots: str) -> str:
        """The line's next wording: its variants take turns in a fixed order, and nothing is random."""
        times = self._times_said.get(line.id, 0)
        self._times_said[line.id] = times + 1
        text = line.say[times % len(line.say)].format(**slots)
        return text[0].upper() + text[1:] if line.manner is Manner.SENTENCE else text

    def has_said(self, prompt: str) -> bool:
        """Whether the prompt was said in this session, heard or not."""
        return prompt in self._times_said

    def say(self, now: float, prompt: str, **slots: str) -> float:
        """Say a prompt when the floor is free; returns when the prompt will have been said."""
        return self.say_line(now, self.pack.prompts[prompt], **slots)

    def say_for_kind(self, now: float, prompt: str, kind: SetKind, **slots: str) -> float:
        """Say a prompt about a set; for a warm-up, the prompt of that name with "_warm_up"."""
        return self.say(now, f"{prompt}_warm_up" if kind is SetKind.WARM_UP else prompt, **slots)

    def say_line(self, now: float, line: Line, **slots: str) -> float:
        """Say any line of the pack when the floor is free; returns when the line will have been said."""
        return self.say_words(now, self.wording(line, **slots), line.id)

    def say_until_heard(self, now: float, prompt: str, **slots: str) -> float:
        """Say a prompt that must be heard; returns when the prompt will have been said."""
        return self.say_line_until_heard(now, self.pack.prompts[prompt], **slots)

    def say_line_until_heard(self, now: float, line: Line, **slots: str) -> float:
        """Say a line that must be heard: if the line is cut, it is said again before anything else."""
        ends = self.say_line(now, line, **slots)
        coming = {placed.say.line_number for placed in self.floor.to_be_heard(now)}
        self._until_heard = {number: say for number, say in self._until_heard.items() if number in coming}
        self._until_heard[self.last_line.line_number] = self.last_line
        return ends

    def say_unheard(self, now: float) -> None:
        """Say again the lines that had to be heard and were cut."""
        unheard, self._unheard = self._unheard, []
        for say in unheard:
            self.say_words(now, say.text, say.source)
            self._until_heard[self.last_line.line_number] = self.last_line

    def drop_unheard(self, *sources: str) -> None:
        """Do not say lines of these sources again, because they are no longer true.

        Without sources: no line at all, because a danger line follows that says everything.
        """
        still_true = {number: say for number, say in self._until_heard.items() if sources and say.source not in sources}
        self._until_heard = still_true
        self._unheard = [say for say in self._unheard if sources and say.source not in sources]

    def say_words(self, now: float, text: str, source: str) -> float:
        """Say these words when the floor is free; returns when they will have been said."""
        if self._unheard:
            self.say_unheard(now)
        say = self.floor.place_when_free(max(now, self.outbox.now), text, Manner.SENTENCE, source)
        self.outbox.put(say)
        self.last_line = say
        if not any(said.text == text for said in self.turn_lines):
            self.turn_lines.append(say)
        return self.floor.next_free(now)

    def say_at(self, onset: float, text: str, manner: Manner, source: str, beat_label: str = "") -> None:
        """Say a word on a beat, or a cue between two beats. A word whose time is past, after a stall, is left out."""
        if onset >= self.outbox.now:
            self.outbox.put(self.floor.place_at_onset(onset, text, manner, source, beat_label))

    def say_when_free(self, now: float, text: str, manner: Manner, source: str) -> None:
        """Say a count or a cue that belongs to no beat as soon as the floor is free, with a short gap before it."""
        self.outbox.put(self.floor.place_when_free(max(now, self.outbox.now), text, manner, source, 2 * GUARD_S))

    def say_unrepeated(self, now: float, prompt: str, **slots: str) -> float:
        """Say a prompt that is not said again when the lifter asks the coach to repeat."""
        turn_lines = list(self.turn_lines)
        ends = self.say(now, prompt, **slots)
        self.turn_lines = turn_lines
        return ends

    def say_in_gap(self, now: float, text: str, source: str) -> bool:
        """Say a short answer between the counts that are already placed; returns False when it fits into no gap."""
        length = self.measure(text, Manner.CUE)
        begins = self.floor.find_gap(now, length.total, GUARD_S)
        if begins is None:
            return False
        self.say_at(begins + length.onset, text, Manner.CUE, source)
        return True

    def drop_cues(self, now: float) -> None:
        """Take back the cues of the set that have not begun."""
        lines = self.floor.drop(now, Manner.CUE)
        if lines:
            self.outbox.put(DropLines(lines))

    def silence(self, now: float) -> tuple[TimedLine, ...]:
        """Fall silent, except for a danger line; returns the lines that were not heard completely."""
        silenced = self.floor.silence(now, DANGER_LINES)
        self._unheard += [placed.say for placed in silenced.lost if self._until_heard.pop(placed.say.line_number, None)]
        if silenced.lost and silenced.has_kept_line:
            self.outbox.put(DropLines(frozenset(placed.say.line_number for placed in silenced.lost)))
        elif silenced.lost:
            self.outbox.put(StopSpeaking(now))
        return silenced.lost
