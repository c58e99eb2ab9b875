"""Where utterances begin and end, counted in frames of sound.

Law: one `push` per frame returns one `Mark`. The segmenter decides from yes-or-no votes only. It does not know what
votes (a voice activity detector, a level) and keeps no sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """Where a frame lies in an utterance."""

    QUIET = "quiet"
    """The frame is in no utterance."""
    BEGAN = "began"
    """An utterance is recognised at this frame; its first frames lie up to `Segmenter.first_frames` frames back."""
    SPOKEN = "spoken"
    """The frame is within an utterance."""
    ENDED = "ended"
    """The frame is the last of an utterance: silence lasted long enough."""
    CUT = "cut"
    """The frame is the last of an utterance of the longest duration; speech may go on in the next utterance."""


@dataclass(frozen=True, slots=True)
class UtteranceBounds:
    """When speech is an utterance; all values in seconds."""

    onset_s: float = 0.06
    """Speech of this duration without a gap begins an utterance; a click is shorter."""
    lead_s: float = 0.30
    """Duration of sound kept from before the onset. In noise 5 dB softer than the words, 1 word in 100 is noticed later
    than this; in noise as loud as the words, 2 in 100."""
    silence_s: float = 0.8
    """Silence of this duration ends an utterance. A caller that knows the utterance is complete calls `Segmenter.end`
    sooner."""
    longest_s: float = 8.0
    """Longest duration of an utterance: music and talk may never pause."""


class Segmenter:
    """Finds utterances by counting frames of `frame` seconds each."""

    def __init__(self, frame: float, bounds: UtteranceBounds) -> None:
        """Start in silence."""
        self._onset = max(1, round(bounds.onset_s / frame))
        self._silence = max(1, round(bounds.silence_s / frame))
        self._longest = max(1, round(bounds.longest_s / frame))
        self.first_frames = self._onset + round(bounds.lead_s / frame)
        """Number of frames that belong to an utterance when it is recognised, including the newest."""
        self._voiced = 0
        self._unvoiced = 0
        self._length = 0
        """Number of frames of the utterance since its onset; 0 in silence."""

    @property
    def is_open(self) -> bool:
        """Whether an utterance is under way."""
        return self._length > 0

    @property
    def frames_since_onset(self) -> int:
        """Number of frames from the first frame of speech to the newest, both included."""
        return self._length or self._voiced

    @property
    def silent_frames(self) -> int:
        """Number of frames since the last frame of speech."""
        return self._unvoiced

    def push(self, speech: bool) -> Mark:
        """Count one frame."""
        self._voiced = self._voiced + 1 if speech else 0
        self._unvoiced = 0 if speech else self._unvoiced + 1
        if not self.is_open:
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
        """End the utterance now: the last pushed frame is its last frame, without more silence."""
        return self._close(Mark.ENDED)

    def _close(self, mark: Mark) -> Mark:
        self._length = self._voiced = 0
        return mark
