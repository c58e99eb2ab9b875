"""Where the platform is and how the lifter breathes, as far as the coach's words tell it.

Law: it knows only what sounded: what was asked for is done when there was time for it.
"""

from __future__ import annotations

from coach.training.tempo import Tempo
from tests.proof.laws import SLACK_S, Broken, Law, silent_past
from tests.proof.timeline import Sounding

UNRACK_S = 2.9
"""From the end of "unrack" to the first "lower", at least: four seconds, or three after the lifter has said "ready"."""
COUNTDOWN_S = 4.0
"""To the countdown."""
HELD_S = 10.0
_UP = ("bring it up", "push up", "unrack", "hands on your knees", "catches in")
"""After such words the platform is up, or on its way."""
_BREATH, _IN = "set.brace", "cue.breathe_in"


def says(line: Sounding, *words: str) -> bool:
    """Whether one of these stands in the line."""
    text = line.say.text.lower()
    return any(word in text for word in words)


class Platform:
    """Told of every line that sounded, in order, and of every halt."""

    def __init__(self) -> None:
        self._racked_at = 0.0
        """When the catches were last asked for."""
        self._unracked_at = float("-inf")
        """When "unrack" was over."""
        self._low_since: float | None = None
        """A count said "lower" and none the repetition."""
        self._up = True
        """It was asked to come up since it was halted low."""
        self._full_since: float | None = None

    def halted(self) -> None:
        """The count was broken off: it is where it was."""
        if self._low_since is not None:
            self._up = False
        self._low_since = self._full_since = None

    def sounded(self, line: Sounding, tempo: Tempo) -> None:
        """One line was heard, perhaps not to its end."""
        say = line.say
        if says(line, "catches in"):
            self._racked_at = say.at
        if says(line, *_UP):
            self._up, self._low_since = True, None
        if line.cut is None and says(line, "unrack") and say.source in ("set.intro", "set.intro_own", "resume.unrack"):
            self._unracked_at = line.ends
        if say.source == "count.lower":
            self._lower(line)
        elif say.source == "countdown.three" and say.at < self._unracked_at + COUNTDOWN_S - SLACK_S:
            raise Broken(Law.PLATFORM, say.at, f"{say.at - self._unracked_at:.1f} s after unrack", silent_past(say.at))
        elif say.source == "count.rep":
            self._low_since = None
        self._breathe(line, tempo)

    def _lower(self, line: Sounding) -> None:
        at = line.say.at
        if self._unracked_at < self._racked_at:
            raise Broken(Law.PLATFORM, at, "it is lowered with the catches in", silent_past(at))
        if at < self._unracked_at + UNRACK_S - SLACK_S:
            raise Broken(Law.PLATFORM, at, f"{at - self._unracked_at:.1f} s after unrack", silent_past(at))
        if not self._up:
            raise Broken(Law.PLATFORM, at, "it was halted low, and never asked to come up", silent_past(at))
        self._low_since = at

    def _breathe(self, line: Sounding, tempo: Tempo) -> None:
        say = line.say
        if say.source in (_BREATH, _IN) and line.cut is None:
            if self._full_since is not None:
                raise Broken(Law.BREATH, say.at, f"{say.text!r} on full lungs", silent_past(say.at))
            self._full_since = line.ends
        elif say.source in ("count.push", "count.rep", "cue.breathe_out"):
            held = 0.0 if self._full_since is None else say.at - self._full_since
            if held > HELD_S and tempo.lowering + tempo.bottom <= HELD_S / 2:
                raise Broken(Law.BREATH, say.at, f"a breath is held for {held:.1f} s", silent_past(say.at))
            self._full_since = None
