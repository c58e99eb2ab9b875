"""The coach's own voice at an open microphone: taken out, told from others', and lowered while somebody else speaks.

Law: only levels change, never the timeline: counts stay on their beats.

Without the gate the coach's talk is one long utterance, in which a "stop" is no phrase any more.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from coach.audio.double_talk import FRAME_S, DoubleTalk
from coach.audio.echo_path import EchoPath
from coach.audio.mixer import Mixer
from coach.audio.reference import Reference
from coach.ports import Pcm

_EARLY_S = FRAME_S
"""The echo is looked for from so much before the sound leaves the loudspeaker: two clocks may differ by some ms. So a
frame is cleaned one frame late."""
_LOOK_AHEAD = 2
"""Frames that what was cleaned waits: somebody is noticed up to 60 ms late, and "stop" begins softly."""
_DUCKED = 10 ** (-12 / 20)
_DOWN_S, _UP_S = 0.05, 0.1
"""The way down and up again, which begins 0.3 s after the last that was heard of somebody."""


class OwnVoice:
    """One microphone, for the thread that hears it, beside the mixer's loudspeaker."""

    def __init__(self, mixer: Mixer, rate: int) -> None:
        """`rate` of the microphone."""
        self._mixer = mixer
        self._rate = rate
        self._as_heard = DoubleTalk(rate, mixer.rate)
        """Sure, but slow where the echo is loud."""
        self._cleaned = DoubleTalk(rate, mixer.rate)
        """Quick, but it takes the coach for somebody while the path changes or where the loudspeaker distorts."""
        self._reference = Reference(mixer, rate)
        self._path = EchoPath(round(FRAME_S * rate))
        self._rest: Pcm = np.zeros(0, np.int16)
        self._ducked = False
        self._last: tuple[Pcm, float] | None = None
        """The frame to be cleaned next, and when it began, in seconds of the mixer's clock."""
        self._waiting: deque[tuple[Pcm, float]] = deque()
        """Frames on their way to the recogniser, and the gain each has if nobody speaks."""
        self._gain = 1.0

    def hear(self, pcm: Pcm, ended: float) -> Pcm:
        """The microphone's next samples, any number; `ended`: seconds of the mixer's clock at their end.

        Returns what the recogniser is to hear, in whole frames, 60 ms behind: nothing is added, so its times stay true.
        """
        passed = [np.zeros(0, np.int16)]
        sound = np.concatenate([self._rest, pcm])
        size = round(FRAME_S * self._rate)
        whole = len(sound) - len(sound) % size
        self._rest = sound[whole:]
        for at in range(0, whole, size):
            begins = ended - (len(sound) - at) / self._rate
            frame = sound[at : at + size]
            self._as_heard.hear(frame, self._played(begins))
            if self._last is not None:
                self._clean(*self._last)
            self._last = frame, begins
            if len(self._waiting) > _LOOK_AHEAD:
                passed.append(self._pass())
        talking = self._cleaned.talking or self._as_heard.talking
        if talking != self._ducked:
            self._ducked = talking
            self._mixer.duck(_DUCKED if talking else 1.0, _DOWN_S if talking else _UP_S)
        return np.concatenate(passed)

    def _played(self, begins: float) -> Pcm:
        """A frame of the mix."""
        return self._mixer.played(round(begins * self._mixer.rate), round(FRAME_S * self._mixer.rate))

    def _clean(self, frame: Pcm, begins: float) -> None:
        cleaned = self._path.clean(frame, self._reference.take(begins + _EARLY_S, len(frame)))
        self._cleaned.hear(cleaned, self._played(begins))
        self._waiting.append((cleaned, self._cleaned.alone))

    def _pass(self) -> Pcm:
        """The frame that has waited longest; from the gain of the one before to its own there is no step."""
        frame, alone = self._waiting.popleft()
        gain = 1.0 if self._cleaned.speaking or self._as_heard.speaking else alone
        passed = frame * np.linspace(self._gain, gain, len(frame))
        self._gain = gain
        return np.rint(passed).astype(np.int16)

    def others(self, began: float, at: float) -> bool:
        """Whether somebody but the coach was heard in that span; seconds of the sound that was returned."""
        return self._as_heard.others(began, at)
