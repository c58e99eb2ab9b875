"""What the coach says: the wording, the place on the floor, and what the lifter could not hear. Knows no workout."""

from __future__ import annotations

from dataclasses import dataclass, field

from coach.commands import DropLines, Manner, Say, StopSpeaking
from coach.content.model import Line, Pack
from coach.dialogue.floor import Floor, Spoken
from coach.dialogue.outbox import Outbox
from coach.ports import Measure
from coach.training.pacing import GUARD_S
from coach.training.plan import Kind

DANGER = frozenset({"stop.now", "stop.up", "pain.now", "pain.up", "pain.rest", "stuck.now", "stuck.down", "finish.now"})
"""Lines that nothing may cut."""


@dataclass(slots=True)
class Saying:
    """Says lines for the scenes; nothing else says anything."""

    pack: Pack
    measure: Measure
    outbox: Outbox
    floor: Floor = field(init=False)
    turn: list[Say] = field(default_factory=list)
    """Lines said since the lifter last had the floor. `repeat` says them again."""
    last: Say = field(default_factory=lambda: Say(0, 0.0, ""))
    """The line that was said last."""
    why: Line | None = None
    """The reason for the line that was said last; `why` says it."""
    _owed: dict[int, Say] = field(default_factory=dict)
    """Lines that must be heard, by number, until it is known that they were heard."""
    _unheard: list[Say] = field(default_factory=list)
    """Lines that must be heard and were cut. They are said again before anything else."""
    _variants: dict[str, int] = field(default_factory=dict)
    """Id of a line -> how often the line was said."""

    def __post_init__(self) -> None:
        self.floor = Floor(self.measure)

    def words(self, line: Line, **slots: str) -> str:
        """The line's next wording: its variants take turns in a fixed order, and nothing is random."""
        turn = self._variants.get(line.id, 0)
        self._variants[line.id] = turn + 1
        text = line.say[turn % len(line.say)].format(**slots)
        return text[0].upper() + text[1:] if line.manner is Manner.SENTENCE else text

    def has_said(self, prompt: str) -> bool:
        """Whether the prompt was said in this session, heard or not."""
        return prompt in self._variants

    def say(self, now: float, prompt: str, **slots: str) -> float:
        """Say a prompt when the floor is free; returns when the prompt will have been said."""
        return self.say_line(now, self.pack.prompts[prompt], **slots)

    def say_of(self, now: float, prompt: str, kind: Kind, **slots: str) -> float:
        """Say a prompt about a set; for a warm-up, the prompt of that name with "_warm_up"."""
        return self.say(now, f"{prompt}_warm_up" if kind is Kind.WARM_UP else prompt, **slots)

    def say_line(self, now: float, line: Line, **slots: str) -> float:
        """Say any line of the pack when the floor is free; returns when the line will have been said."""
        return self.say_words(now, self.words(line, **slots), line.id)

    def owe(self, now: float, prompt: str, **slots: str) -> float:
        """Say a prompt that must be heard; returns when the prompt will have been said."""
        return self.owe_line(now, self.pack.prompts[prompt], **slots)

    def owe_line(self, now: float, line: Line, **slots: str) -> float:
        """Say a line that must be heard: if the line is cut, it is said again before anything else."""
        ends = self.say_line(now, line, **slots)
        coming = {spoken.say.line_number for spoken in self.floor.to_be_heard(now)}
        self._owed = {number: say for number, say in self._owed.items() if number in coming}
        self._owed[self.last.line_number] = self.last
        return ends

    def pay(self, now: float) -> None:
        """Say again the lines that had to be heard and were cut."""
        unheard, self._unheard = self._unheard, []
        for say in unheard:
            self.say_words(now, say.text, say.source)
            self._owed[self.last.line_number] = self.last

    def forgive(self, *sources: str) -> None:
        """Lines of these sources are no longer true: if they are owed, they need not be heard any more.

        Without sources nothing is owed any more, because a danger line follows that says all of it.
        """
        kept = {number: say for number, say in self._owed.items() if sources and say.source not in sources}
        self._owed = kept
        self._unheard = [say for say in self._unheard if sources and say.source not in sources]

    def say_words(self, now: float, text: str, source: str) -> float:
        """Say these words when the floor is free; returns when they will have been said."""
        if self._unheard:
            self.pay(now)
        say = self.floor.after_speech(max(now, self.outbox.now), text, Manner.SENTENCE, source)
        self.outbox.put(say)
        self.last = say
        if not any(said.text == text for said in self.turn):
            self.turn.append(say)
        return self.floor.next_free(now)

    def count(self, onset: float, text: str, manner: Manner, source: str, beat: str = "") -> None:
        """Say a word on a beat, or a cue between two beats. A word whose time is past, after a stall, is left out."""
        if onset >= self.outbox.now:
            self.outbox.put(self.floor.at_onset(onset, text, manner, source, beat))

    def follow(self, now: float, text: str, manner: Manner, source: str) -> None:
        """Say a count or a cue that belongs to no beat as soon as the floor is free."""
        self.outbox.put(self.floor.after_speech(max(now, self.outbox.now), text, manner, source, 2 * GUARD_S))

    def add(self, now: float, prompt: str, **slots: str) -> float:
        """Say a prompt that `repeat` does not say again."""
        turn = list(self.turn)
        ends = self.say(now, prompt, **slots)
        self.turn = turn
        return ends

    def put_in(self, now: float, text: str, source: str) -> bool:
        """Say a short answer between the counts that are already placed; returns False when it fits into no gap."""
        length = self.measure(text, Manner.CUE)
        begins = self.floor.gap_after(now, length.total, GUARD_S)
        if begins is None:
            return False
        self.count(begins + length.onset, text, Manner.CUE, source)
        return True

    def drop_cues(self, now: float) -> None:
        """Take back the cues of the set that have not begun."""
        lines = self.floor.drop(now, Manner.CUE)
        if lines:
            self.outbox.put(DropLines(lines))

    def silence(self, now: float) -> tuple[Spoken, ...]:
        """Fall silent, except for a danger line; returns the lines that were not heard completely."""
        silenced = self.floor.silence(now, DANGER)
        self._unheard += [spoken.say for spoken in silenced.lost if self._owed.pop(spoken.say.line_number, None)]
        if silenced.lost and silenced.goes_on:
            self.outbox.put(DropLines(frozenset(spoken.say.line_number for spoken in silenced.lost)))
        elif silenced.lost:
            self.outbox.put(StopSpeaking(now))
        return silenced.lost
