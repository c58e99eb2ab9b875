"""The coach's own voice at an open microphone: told from others', kept from the recogniser while nobody else speaks,
and lowered while somebody does.

Law: only levels change, never the timeline: counts stay on their beats.

Without the gate the coach's talk is one long utterance, in which a "stop" is no phrase any more.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from coach.audio.double_talk import FRAME_S, DoubleTalk
from coach.audio.mixer import Mixer
from coach.ports import Pcm

_LOOK_AHEAD = 3
"""Frames that the recogniser hears later: somebody is noticed up to 60 ms late, and "stop" begins softly."""
_DUCKED = 10 ** (-12 / 20)
_DOWN_S, _UP_S = 0.05, 0.1
"""The way down and up again, which begins 0.3 s after the last that was heard of somebody."""


class OwnVoice:
    """One microphone, for the thread that hears it, beside the mixer's loudspeaker."""

    def __init__(self, mixer: Mixer, rate: int) -> None:
        """`rate` of the microphone."""
        self._mixer = mixer
        self._rate = rate
        self._double_talk = DoubleTalk(rate, mixer.rate)
        self._rest: Pcm = np.zeros(0, np.int16)
        self._ducked = False
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
            begins = round((ended - (len(sound) - at) / self._rate) * self._mixer.rate)
            frame = sound[at : at + size]
            self._double_talk.hear(frame, self._mixer.played(begins, round(FRAME_S * self._mixer.rate)))
            self._waiting.append((frame, self._double_talk.alone))
            if len(self._waiting) > _LOOK_AHEAD:
                passed.append(self._pass())
        talking = self._double_talk.talking
        if talking != self._ducked:
            self._ducked = talking
            self._mixer.duck(_DUCKED if talking else 1.0, _DOWN_S if talking else _UP_S)
        return np.concatenate(passed)

    def _pass(self) -> Pcm:
        """The frame that has waited longest; from the gain of the one before to its own there is no step."""
        frame, alone = self._waiting.popleft()
        gain = 1.0 if self._double_talk.speaking else alone
        passed = frame * np.linspace(self._gain, gain, len(frame))
        self._gain = gain
        return np.rint(passed).astype(np.int16)

    def others(self, began: float, at: float) -> bool:
        """Whether somebody but the coach was heard in that span; seconds of the sound that was returned."""
        return self._double_talk.others(began, at)
