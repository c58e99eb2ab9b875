"""Follows where the platform is and how the lifter breathes, as far as the coach's words say it.

Law: only lines that sounded count: the lifter is assumed to do what the coach asks, if there was time.
"""

from __future__ import annotations

from coach.content.model import Pack
from coach.training.tempo import Order, Tempo
from lab.proof.exercises import WORDS
from lab.proof.laws import SLACK_S, Law, LawBroken, silent_past
from lab.rigs.said_lines import SaidLine

UNRACK_S = 2.9
"""Least seconds from the end of "unrack" to the first count: four, or three after the lifter has said "ready"."""
COUNTDOWN_S = 4.0
"""Least seconds from the end of "unrack" to the countdown."""
HELD_S = 10.0
_UNSTUCK = "hands on your knees"
_BREATH, _IN = "set.brace", "cue.breathe_in"


def says(line: SaidLine, *words: str) -> bool:
    """Whether one of these words is in the line."""
    text = line.say.text.lower()
    return any(word in text for word in words)


class Platform:
    """Follows the platform; takes every line that sounded, in order, and every halt."""

    def __init__(self, pack: Pack) -> None:
        self._words = WORDS[pack.id]
        self._home = (*self._words.home, *self._words.rack, self._words.unrack, _UNSTUCK)
        """Words after which the platform is where a repetition begins, or on its way there."""
        pull = pack.order is Order.CONCENTRIC_FIRST
        self._first = "count.push" if pull else "count.lower"
        self._out = ("count.push", "cue.breathe_out", *(() if pull else ("count.rep",)))
        """Ids of lines with which the lifter breathes out."""
        self._racked_at = 0.0
        """When the catches were last asked for."""
        self._unracked_at = float("-inf")
        """When "unrack" was over."""
        self._away = False
        """Whether a repetition was begun whose number was not said yet."""
        self._back = True
        """Whether the platform is where a repetition begins, or was asked to go there after a halt."""
        self._full_since: float | None = None
        self._halted_at = 0.0

    def halted(self, back: bool, at: float) -> None:
        """Notes a halt: the platform stays where it is. `back`: the number of the repetition had begun to sound."""
        self._halted_at = at
        if self._away and not back:
            self._back = False
        self._away, self._full_since = False, None

    def breathed_out(self) -> None:
        """Forgets the held breath: the count begins again, or the lifter reports a repetition without a count."""
        self._full_since = None

    @property
    def racked(self) -> bool:
        """Whether the catches were asked for, and the load was not unracked since then."""
        return self._racked_at > self._unracked_at

    def stalled(self) -> None:
        """Forgets the held breath: counts were left out, perhaps a count with which the lifter breathes out."""
        self._full_since = None

    def sounded(self, line: SaidLine, tempo: Tempo) -> None:
        """Takes one line that was heard, perhaps not to its end."""
        say = line.say
        if says(line, *self._words.rack):
            self._racked_at = say.at
        if says(line, *self._home):
            self._back, self._away = True, False
        if (
            line.cut is None
            and says(line, self._words.unrack)
            and say.source in ("set.intro", "set.intro_own", "resume.unrack")
        ):
            self._unracked_at = line.ends
        if say.source == self._first:
            self._leave(line)
        elif say.source == "countdown.three" and say.at < self._unracked_at + COUNTDOWN_S - SLACK_S:
            raise LawBroken(
                Law.PLATFORM, say.at, f"{say.at - self._unracked_at:.1f} s after unrack", silent_past(say.at)
            )
        elif say.source == "count.rep":
            self._away = False
        self._breathe(line, tempo)

    def _leave(self, line: SaidLine) -> None:
        at = line.say.at
        if self._unracked_at < self._racked_at:
            raise LawBroken(Law.PLATFORM, at, "it is moved with the catches in", silent_past(at))
        if at < self._unracked_at + UNRACK_S - SLACK_S:
            raise LawBroken(Law.PLATFORM, at, f"{at - self._unracked_at:.1f} s after unrack", silent_past(at))
        if not self._back:
            raise LawBroken(Law.PLATFORM, at, "it was halted on its way, and never asked to come back", silent_past(at))
        self._away = True

    def _breathe(self, line: SaidLine, tempo: Tempo) -> None:
        say = line.say
        if line.begins < self._halted_at:
            # The line had begun before the halt.
            return
        if say.source in (_BREATH, _IN) and line.cut is None:
            if self._full_since is not None:
                raise LawBroken(Law.BREATH, say.at, f"{say.text!r} on full lungs", silent_past(say.at))
            self._full_since = line.ends
        elif say.source in self._out:
            held = 0.0 if self._full_since is None else say.at - self._full_since
            if held > HELD_S and tempo.lowering + tempo.bottom <= HELD_S / 2:
                raise LawBroken(Law.BREATH, say.at, f"a breath is held for {held:.1f} s", silent_past(say.at))
            self._full_since = None
