"""Where utterances begin and end, counted in frames of sound.

Law: one `push` a frame, one `Mark` back. It decides from yes-or-no votes only; whoever votes (a voice activity
detector, a level) and whoever keeps the sound is not its business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """What a frame is to the utterance."""

    QUIET = "quiet"
    """No utterance."""
    BEGAN = "began"
    """An utterance is recognised; its first frames lie up to `Segmenter.reach` frames back."""
    SPOKEN = "spoken"
    """Within an utterance."""
    ENDED = "ended"
    """The last frame of an utterance: silence lasted long enough."""
    CUT = "cut"
    """The last frame of an utterance that would not end; speech may go on in the next one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """When speech is an utterance; all in seconds."""

    onset: float = 0.06
    """Speech this long without a gap begins one: a click does not."""
    lead: float = 0.30
    """Kept from before the onset: in noise 5 dB below them 1 word in 100 is noticed later than that, in noise as loud
    as they are 2."""
    silence: float = 0.8
    """Ends one. Whoever knows that nothing is missing ends it sooner, with `Segmenter.end`."""
    longest: float = 8.0
    """Decided at the latest then: music and talk may never pause."""


class Segmenter:
    """Counts frames of `frame` seconds each."""

    def __init__(self, frame: float, bounds: Bounds) -> None:
        """Start in silence."""
        self._onset = max(1, round(bounds.onset / frame))
        self._silence = max(1, round(bounds.silence / frame))
        self._longest = max(1, round(bounds.longest / frame))
        self.reach = self._onset + round(bounds.lead / frame)
        """Frames that belong to an utterance when it is recognised, the newest included."""
        self._voiced = 0
        self._unvoiced = 0
        self._length = 0
        """Frames of the utterance since its onset; 0 in silence."""

    @property
    def open(self) -> bool:
        """Whether an utterance is under way."""
        return self._length > 0

    @property
    def onset(self) -> int:
        """Frames from the first one of speech to the newest, which it counts."""
        return self._length or self._voiced

    @property
    def silence(self) -> int:
        """Frames since the last one of speech."""
        return self._unvoiced

    def push(self, speech: bool) -> Mark:
        """Count one frame."""
        self._voiced = self._voiced + 1 if speech else 0
        self._unvoiced = 0 if speech else self._unvoiced + 1
        if not self.open:
            if self._voiced < self._onset:
                return Mark.QUIET
            self._length = self._voiced
            return Mark.BEGAN
        self._length += 1
        if self._unvoiced >= self._silence:
            return self._close(Mark.ENDED)
        if self._length >= self._longest:
            return self._close(Mark.CUT)
        return Mark.SPOKEN

    def end(self) -> Mark:
        """What was pushed last is the utterance's last frame: it needs no more silence."""
        return self._close(Mark.ENDED)

    def _close(self, mark: Mark) -> Mark:
        self._length = self._voiced = 0
        return mark
