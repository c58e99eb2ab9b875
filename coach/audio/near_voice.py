"""Where the words of the loudest voice begin and end, in sound in which others talk, too.

Law: the result depends only on the levels since `begin`, one level per frame.

Somebody near the microphone is louder than the talk around. The level of the room need not be known: words lie within
some decibels of their own loudest sound, and the talk around them is softer than that.
"""

from __future__ import annotations

from collections import deque

_LOUD_WITHIN_DB = 8.0
"""A frame within this many decibels of the loudest sound belongs to the near voice: it is a loud frame. In 93 commands
over talk 10 dB softer the first loud frame is 0.02 s behind the word's first sound (-0.03 to 0.15 s, 5 and 95 %)."""
_FADES_S = 0.24
"""Time from the last loud frame to the end of the word, in the same 93 commands (0.1 to 0.6 s)."""
_GAP_S = 0.32
"""Longest pause within a phrase."""
_STANDS_OUT_DB = 5.0
"""Decibels by which the near voice must be louder than the sound before and behind it."""
_AROUND_S = 0.3
"""Least duration of sound around the near voice that it is compared with."""
_REMEMBERED_S = 8.0
"""Duration of the levels that are kept: that of the longest utterance."""


class NearVoice:
    """Finds the near voice in an utterance; `push` must get the level of every frame."""

    def __init__(self, frame: float) -> None:
        """`frame`: length of a frame in seconds."""
        self._fades = round(_FADES_S / frame)
        self._gap = round(_GAP_S / frame)
        self._around = round(_AROUND_S / frame)
        self._levels: deque[float] = deque(maxlen=round(_REMEMBERED_S / frame))
        self._peak = -1000.0
        self._frames_since_loud = 0
        """Number of frames since the last loud frame."""

    def begin(self) -> None:
        """Forget all levels: a new utterance begins."""
        self._levels.clear()
        self._peak, self._frames_since_loud = -1000.0, 0

    def push(self, level: float) -> None:
        """Take the level of the next frame, in decibels."""
        self._levels.append(level)
        self._peak = max(self._peak, level)
        self._frames_since_loud = 0 if level > self._peak - _LOUD_WITHIN_DB else self._frames_since_loud + 1

    @property
    def silent_frames(self) -> int:
        """Number of frames since the near voice's last sound; 0 while it speaks."""
        return max(0, self._frames_since_loud - self._fades)

    def find_onset(self, *, crowded: bool) -> int | None:
        """Number of frames from the newest back to the first loud frame; None if no voice stands out from the talk.

        `crowded`: whether others are known to talk. If not, 0.3 s of the sound around the voice must lie before it:
        softer words behind a loud word may be the same speaker's.
        """
        levels = list(self._levels)
        end = len(levels) - self._frames_since_loud
        begin, least = end, self._peak - _LOUD_WITHIN_DB
        for at in range(end - 1, -1, -1):
            if levels[at] > least:
                begin = at
            elif begin - at > self._gap:
                break
        # Levels are means over 0.1 s, so the frames next to the voice contain some of it: leave them out.
        before, behind = levels[: max(0, begin - self._around // 3)], levels[end + self._fades // 2 :]
        around = before + behind
        if end == begin or len(around if crowded else before) < self._around:
            return None
        stands_out = sum(levels[begin:end]) / (end - begin) - sum(around) / len(around)
        return len(levels) - begin if stands_out > _STANDS_OUT_DB else None
