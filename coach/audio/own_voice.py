"""The coach's own voice at an open microphone: told from others', and lowered while they speak over it.

Law: only levels change, never the timeline: counts stay on their beats.
"""

from __future__ import annotations

import numpy as np

from coach.audio.double_talk import FRAME_S, DoubleTalk
from coach.audio.mixer import Mixer
from coach.ports import Pcm

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

    def hear(self, pcm: Pcm, ended: float) -> None:
        """The microphone's next samples, any number; `ended`: seconds of the mixer's clock at their end."""
        sound = np.concatenate([self._rest, pcm])
        size = round(FRAME_S * self._rate)
        whole = len(sound) - len(sound) % size
        self._rest = sound[whole:]
        for at in range(0, whole, size):
            begins = round((ended - (len(sound) - at) / self._rate) * self._mixer.rate)
            self._double_talk.hear(sound[at : at + size], self._mixer.played(begins, round(FRAME_S * self._mixer.rate)))
        talking = self._double_talk.talking
        if talking != self._ducked:
            self._ducked = talking
            self._mixer.duck(_DUCKED if talking else 1.0, _DOWN_S if talking else _UP_S)

    def others(self, began: float, at: float) -> bool:
        """Whether somebody but the coach was heard in that span; seconds of the microphone's sound."""
        return self._double_talk.others(began, at)
