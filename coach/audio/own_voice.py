"""The coach's own voice at an open microphone: removes it, distinguishes it from others' voices, and lowers the coach
while somebody else speaks.

Law: only levels change, never the timeline: counts stay on their beats.

The rest of the coach's echo is lowered while nobody else speaks. Otherwise the coach's talk would be one long
utterance, in which a "stop" would not be a phrase of its own.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from coach.audio.double_talk import FRAME_S, DoubleTalk
from coach.audio.echo_path import EchoPath
from coach.audio.mixer import Mixer
from coach.audio.pcm import to_pcm
from coach.audio.reference import Reference
from coach.ports import Pcm

_SEARCH_AHEAD_S = FRAME_S
"""The filter looks for the echo from this many seconds before the sound leaves the loudspeaker, because two clocks may
differ by some ms. So each frame is cleaned one frame late."""
_LOOK_AHEAD = 2
"""Frames that a cleaned frame waits: somebody is noticed up to 60 ms late, and "stop" begins softly."""
_DUCKED_GAIN = 10 ** (-12 / 20)
_DOWN_S, _UP_S = 0.05, 0.1
"""Ramp lengths of the ducking. The ramp up begins 0.3 s after somebody was last heard."""


class OwnVoice:
    """Removes the coach's voice from one microphone beside the mixer's loudspeaker. For one thread only."""

    def __init__(self, mixer: Mixer, rate: int) -> None:
        """`rate`: samples a second of the microphone."""
        self._mixer = mixer
        self._rate = rate
        self._raw_detector = DoubleTalk(rate, mixer.rate)
        """Listens to the uncleaned sound: sure, but slow where the echo is loud."""
        self._cleaned_detector = DoubleTalk(rate, mixer.rate)
        """Listens to the cleaned sound: quick, but it mistakes the coach for somebody else while the path changes or if
        the loudspeaker distorts."""
        self._reference = Reference(mixer, rate)
        self._path = EchoPath(round(FRAME_S * rate))
        self._rest: Pcm = np.zeros(0, np.int16)
        self._ducked = False
        self._next_to_clean: tuple[Pcm, float] | None = None
        """The frame that is cleaned next, and its beginning in seconds of the mixer's clock."""
        self._waiting: deque[tuple[Pcm, float]] = deque()
        """Cleaned frames that wait for the recogniser, each with the gain that applies if nobody else speaks."""
        self._gain = 1.0

    def hear(self, pcm: Pcm, ended: float) -> Pcm:
        """Take any number of the microphone's next samples; `ended`: seconds of the mixer's clock at their end.

        Returns whole frames for the recogniser, 60 ms late. No samples are added, so the recogniser's times stay true.
        """
        passed = [np.zeros(0, np.int16)]
        sound = np.concatenate([self._rest, pcm])
        size = round(FRAME_S * self._rate)
        whole = len(sound) - len(sound) % size
        self._rest = sound[whole:]
        for at in range(0, whole, size):
            begins = ended - (len(sound) - at) / self._rate
            frame = sound[at : at + size]
            self._raw_detector.hear(frame, self._played(begins))
            if self._next_to_clean is not None:
                self._clean(*self._next_to_clean)
            self._next_to_clean = frame, begins
            if len(self._waiting) > _LOOK_AHEAD:
                passed.append(self._release())
        talking = self._cleaned_detector.others_mid_phrase or self._raw_detector.others_mid_phrase
        if talking != self._ducked:
            self._ducked = talking
            self._mixer.duck(_DUCKED_GAIN if talking else 1.0, _DOWN_S if talking else _UP_S)
        return np.concatenate(passed)

    def _played(self, begins: float) -> Pcm:
        """The frame of the mix that begins at this time."""
        return self._mixer.played(round(begins * self._mixer.rate), round(FRAME_S * self._mixer.rate))

    def _clean(self, frame: Pcm, begins: float) -> None:
        cleaned = self._path.clean(frame, self._reference.take(begins + _SEARCH_AHEAD_S, len(frame)))
        self._cleaned_detector.hear(cleaned, self._played(begins))
        self._waiting.append((cleaned, self._cleaned_detector.alone_gain))

    def _release(self) -> Pcm:
        """The frame that has waited longest, with its gain. The gain changes smoothly from the last frame's gain."""
        frame, alone = self._waiting.popleft()
        gain = 1.0 if self._cleaned_detector.others_mid_word or self._raw_detector.others_mid_word else alone
        passed = frame * np.linspace(self._gain, gain, len(frame))
        self._gain = gain
        return to_pcm(passed)

    @property
    def is_audible(self) -> bool:
        """Whether the coach's voice is audible in the last frame, however softly, if the devices work."""
        return self._raw_detector.is_echo_audible

    def heard_others(self, began: float, at: float) -> bool:
        """Whether somebody other than the coach was heard from `began` to `at`, in seconds of the returned sound."""
        return self._raw_detector.heard_others(began, at)
