"""Which commands of the broker are taken: judged by their bytes, their age and how many there are.

Law: pure; time is an argument. What passes is words, and the conversation alone decides what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 200
"""Of one command; the longest phrase of the coach has 60."""
BURST, PER_SECOND = 5.0, 1.0
"""So many commands at once, and so many a second for long: faster than somebody presses buttons."""
FLOOD = 50
"""More messages than this within a second are no person's: then none is read for a while."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """To be handed to the conversation."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not to be handed on."""

    text: str
    """As far as it can be told back; at most 60 letters."""
    why: str
    """And the remedy."""


class TokenBucket:
    """A bucket of so many that fills by so many a second."""

    def __init__(self, capacity: float, per_second: float) -> None:
        self._capacity = self._left = capacity
        self._per_second = per_second
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Whether one more is allowed at a time in seconds."""
        if self._at is not None:
            self._left = min(self._capacity, self._left + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class CommandFilter:
    """One corner's commands."""

    def __init__(self) -> None:
        self._commands = TokenBucket(BURST, PER_SECOND)
        self._refusals = TokenBucket(BURST, PER_SECOND)
        self._second_began = 0.0
        self._in_second = 0

    def judge(self, payload: bytes, now: float, *, retained: bool, stale: bool) -> Accepted | Refused | None:
        """One command; None: it is refused, and so many were that it is not told."""
        refused = _refusal(payload, retained, stale)
        if refused is None and self._commands.take(now):
            return Accepted(" ".join(payload.decode().split()))
        if not self._refusals.take(now):
            return None
        return refused or Refused(_printable(payload), f"more than {PER_SECOND:g} a second: wait, and send it again")

    def is_flood(self, now: float) -> bool:
        """Counts a message; whether there were too many within a second."""
        if not 0 <= now - self._second_began < 1.0:
            self._second_began, self._in_second = now, 0
        self._in_second += 1
        return self._in_second > FLOOD


def _refusal(payload: bytes, retained: bool, stale: bool) -> Refused | None:
    shown = _printable(payload)
    if retained:
        return Refused(shown, "it is retained, so it may be old: publish it without the retain flag")
    if stale:
        return Refused(shown, "it may have been on its way for too long: send it again")
    if len(payload) > MAX_BYTES:
        return Refused(shown, f"{len(payload)} bytes: write at most {MAX_BYTES}")
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return Refused(shown, "it is no UTF-8: write plain text")
    if not text.strip():
        return Refused("", "it is empty: write what the lifter would say, such as start set")
    if not text.isprintable():
        return Refused(shown, "it has control characters: write one line of plain text")
    return None


def _printable(payload: bytes) -> str:
    text = payload[:MAX_BYTES].decode(errors="replace")
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:60]
