"""Whether somebody near is speaking, frame by frame. Where others talk, too, the voice must be louder than theirs.

Law: the votes depend on the samples alone; frames are counted from the first one.

In music and machine noise a network detects voices well, and their loudness says little: there a voice is enough. Where
other people talk in the room, the network finds a voice all the time: there the voice must also stand out.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from coach.audio.room_level import RoomLevel
from coach.ports import Pcm

CHUNK = 512
"""Number of samples in which the network looks for a voice at once: 32 ms."""
_RATE = 16_000
_LIKELY_VOICE = 0.3
"""In a room where nobody else talks: probability of a voice from which a frame is speech, if it is also
`_AUDIBLE_DB` over the room."""
_AUDIBLE_DB = 1.5
"""In a room where nobody else talks: decibels over the room from which a frame is speech, if its voice reaches
`_LIKELY_VOICE`. The network still finds a voice for 0.1 s after a word; the sound is over by then."""
_SURE_VOICE = 0.9
"""In a room where others talk: probability at which a near voice begins, if it is also `_NEAR_DB` over the
room."""
_DOUBTFUL_VOICE = 0.5
"""In a room where others talk: probability at which a near voice ends."""
_NEAR_DB = 4.5
"""In a room where others talk: decibels of the last 0.1 s over the room from which a voice is near."""
_HELD_S = 0.08
"""How long the vote stays "speech" after speech: in noise and talk the ends of words drown."""
_CLEAR_DB = 22.0
"""Decibels over the room from which the vote is not held: the ends of such words do not drown, and the answer comes
sooner."""
_FADE_DB_PER_S = 5.0
"""Decibels per second by which the loudest level fades."""
_MIN_SPEECH_FRAMES = 2
"""Frames of speech in a row before the vote is held; a single held frame would become an onset."""
_TRACE_OF_VOICE = 0.08
"""Probability of a voice that is enough for a frame louder than the room by `_LOUD_DB`: a short "stop" out of a
loudspeaker's echo reaches only 0.23, at 40 dB over the room."""
_LOUD_DB = 20.0
"""Decibels over the room from which the probability `_TRACE_OF_VOICE` is enough."""
_FAINT_VOICE = 0.1
"""Probability of a voice from which a frame counts as other people's talk. It is reached by 87 % of the frames of such
talk, by 8 % of music's, by 1 % of an exercise bike's."""
_TALK_SHARE = 0.5
"""Share of frames with other people's talk from which the room counts as one where others talk."""
_TALK_RISES_S = 4.0
"""Time constant with which the share of talk rises: the lifter's own sentences, if as quiet as the room, must not count
as other people's talk."""
_TALK_FALLS_S = 1.0
"""Time constant with which the share of talk falls while the network is awake."""
_SLEEP_FALLS_S = 2.0
"""Time constant with which the share of talk falls while the network sleeps: talk with a pause in it is still talk."""
_LEARN_WITHOUT_VOICE = 0.03
"""Share of the difference to a frame's level by which the room's estimate moves in a frame without a voice."""
_LEARN_WITH_VOICE = 0.02
"""Share of the difference to a frame's level by which the room's estimate moves in a frame with a voice that is not
near."""
_WAKING_FRAME_DB = 3.0
"""Decibels of one frame over the room that wake the network."""
_WAKING_RECENT_DB = 1.0
"""Decibels of the last 0.1 s over the room that wake the network."""
_AWAKE_S = 0.3
"""How long the network stays awake after a sound that wakes it."""
_RING_S = 0.2
"""Duration of the past sound that the network gets when it wakes. The network keeps its memory while it sleeps. With an
empty memory it needs a second to detect voices again, and talk 20 dB softer is taken for a near voice four times as
often."""


class VoiceNetwork(Protocol):
    """Distinguishes voices from other sounds."""

    def probability(self, chunk: Pcm) -> float:
        """Probability, 0 to 1, that the next `CHUNK` samples at 16 kHz contain a voice."""


class SpeechDetector:
    """Gives one vote per frame. A voice is known up to 30 ms late, the loudness at once."""

    def __init__(self, voicing: VoiceNetwork, frame: int) -> None:
        """`frame`: length of a frame in samples at 16 kHz."""
        self._network = voicing
        self._seconds = frame / _RATE
        self._level = RoomLevel(frame)
        self._unheard: Pcm = np.zeros(0, np.int16)
        """Sound that the network has not got yet."""
        self._voice_probability = 0.0
        """Probability of a voice in the newest chunk; 0 while the network sleeps."""
        self._awake_frames = round(_AWAKE_S / self._seconds)
        """Number of frames until the network falls asleep."""
        self._talk_share = 0.7
        """Share of time in which others talk. It is unknown at first: for half a second a voice must stand out."""
        self._is_near = False
        self._speech_frames = 0
        """Number of frames of speech in a row, up to the newest."""
        self._held_frames = 0
        """Number of frames for which the vote is still held."""
        self._loudest = 0.0
        """Decibels over the room of the loudest recent sound, fading by `_FADE_DB_PER_S`."""

    @property
    def others_talk(self) -> bool:
        """Whether other people talk in the room."""
        return self._talk_share > _TALK_SHARE

    @property
    def level(self) -> float:
        """Level of the last 0.1 s in decibels."""
        return self._level.level

    def is_speech(self, frame: Pcm) -> bool:
        """Whether this frame contains speech of somebody near."""
        self._level.take(frame)
        self._listen(frame)
        needed = _DOUBTFUL_VOICE if self._is_near else _SURE_VOICE
        self._is_near = self._level.recent_over_room > _NEAR_DB and self._voice_probability > needed
        self._learn_talk()
        speaks = self._speaks()
        quiet = _LEARN_WITH_VOICE if self._voice_probability > _DOUBTFUL_VOICE else _LEARN_WITHOUT_VOICE
        self._level.learn(0.0 if speaks else quiet)
        return self._hold(speaks)

    def _hold(self, speaks: bool) -> bool:
        self._loudest = max(self._level.recent_over_room, self._loudest - _FADE_DB_PER_S * self._seconds)
        self._speech_frames = self._speech_frames + 1 if speaks else 0
        held, self._held_frames = self._held_frames, max(0, self._held_frames - 1)
        if speaks and (held or self._speech_frames >= _MIN_SPEECH_FRAMES):
            self._held_frames = round(_HELD_S / self._seconds) if self._loudest < _CLEAR_DB else 0
        return speaks or held > 0

    def _speaks(self) -> bool:
        if self._voice_probability > _TRACE_OF_VOICE and self._level.newest_over_room > _LOUD_DB:
            return True
        if self._talk_share > _TALK_SHARE:
            return self._is_near
        return self._voice_probability > _LIKELY_VOICE and self._level.newest_over_room > _AUDIBLE_DB

    def _listen(self, frame: Pcm) -> None:
        """Give the network the sound that it has not got yet, unless it sleeps."""
        self._unheard = np.concatenate((self._unheard, frame))
        if self._level.newest_over_room > _WAKING_FRAME_DB or self._level.recent_over_room > _WAKING_RECENT_DB:
            self._awake_frames = round(_AWAKE_S / self._seconds)
        if not self._awake_frames:
            self._unheard = self._unheard[-round(_RING_S * _RATE) :]
            self._voice_probability = 0.0
            return
        while len(self._unheard) >= CHUNK:
            self._voice_probability = self._network.probability(self._unheard[:CHUNK])
            self._unheard = self._unheard[CHUNK:]
        self._awake_frames -= 1

    def _learn_talk(self) -> None:
        if self._is_near:
            return
        if self._voice_probability > _FAINT_VOICE:
            self._talk_share += (1 - self._talk_share) * self._seconds / _TALK_RISES_S
        else:
            falls_s = _TALK_FALLS_S if self._awake_frames else _SLEEP_FALLS_S
            self._talk_share -= self._talk_share * self._seconds / falls_s
