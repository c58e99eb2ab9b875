"""The loudest voice in sound in which others talk, too: where its words begin and end.

Law: it depends on the levels since `begin` alone, one a frame.

Somebody near the microphone is louder than the talk around. How loud the room is need not be known for that: words lie
within some decibels of their own loudest sound, and the talk around them does not reach that far.
"""

from __future__ import annotations

from collections import deque

_BELOW_DB = 8.0
"""Decibels below the loudest sound within which a frame belongs to the near voice. In 93 commands over talk 10 dB
softer the loud part begins 0.02 s behind the word's first sound (-0.03 to 0.15 s, 5 and 95 %), ..."""
_FADES_S = 0.24
"""... and ends so long before the last one (0.1 to 0.6 s)."""
_GAP_S = 0.32
"""Pauses within a phrase that are shorter do not end it."""
_STANDS_OUT_DB = 5.0
"""Decibels by which it has to be louder than what is before and behind it."""
_AROUND_S = 0.3
"""Of sound around it, at least, to compare it with."""
_REMEMBERED_S = 8.0


class NearVoice:
    """Give it the level of every frame of an utterance."""

    def __init__(self, frame: float) -> None:
        """`frame` in seconds."""
        self._fades = round(_FADES_S / frame)
        self._gap = round(_GAP_S / frame)
        self._around = round(_AROUND_S / frame)
        self._levels: deque[float] = deque(maxlen=round(_REMEMBERED_S / frame))
        self._peak = -1000.0
        self._quiet = 0
        """Frames since the last loud one."""

    def begin(self) -> None:
        """Forget what was: an utterance begins."""
        self._levels.clear()
        self._peak, self._quiet = -1000.0, 0

    def push(self, level: float) -> None:
        """Take a frame's level, decibels."""
        self._levels.append(level)
        self._peak = max(self._peak, level)
        self._quiet = 0 if level > self._peak - _BELOW_DB else self._quiet + 1

    @property
    def silence(self) -> int:
        """Frames since its last sound; 0 while it speaks."""
        return max(0, self._quiet - self._fades)

    def begins(self, *, crowded: bool) -> int | None:
        """Frames from the newest back to its first loud one; None if no voice stands out over the talk around it.

        `crowded`: others are known to talk. Where they are not, it must be louder than what came before it: what is
        said more softly behind a loud word may be the same speaker's.
        """
        levels = list(self._levels)
        end = len(levels) - self._quiet
        begin, least = end, self._peak - _BELOW_DB
        for at in range(end - 1, -1, -1):
            if levels[at] > least:
                begin = at
            elif begin - at > self._gap:
                break
        # The levels are means of 0.1 s: the frames next to it hold some of it.
        before, behind = levels[: max(0, begin - self._around // 3)], levels[end + self._fades // 2 :]
        around = before + behind
        if end == begin or len(around if crowded else before) < self._around:
            return None
        stands_out = sum(levels[begin:end]) / (end - begin) - sum(around) / len(around)
        return len(levels) - begin if stands_out > _STANDS_OUT_DB else None
