"""Decides which commands from the broker are accepted: by their bytes, their age and how many arrive.

Law: pure; time is an argument. An accepted command is only words. The conversation alone decides what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 200
"""Most bytes of a command. The longest phrase of the coach has 60."""
BURST = 5.0
"""Commands that are accepted at once."""
PER_SECOND = 1.0
"""Commands that are accepted a second in the long run: faster than somebody presses buttons."""
FLOOD = 50
"""More messages than this within a second do not come from a person. Then no command is read for a while."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that is not handed on."""

    text: str
    """The command's text for the answer; at most 60 printable characters."""
    why: str
    """Why it is refused, and the remedy, for people."""


class TokenBucket:
    """A token bucket: allows `capacity` things at once, and `per_second` in the long run."""

    def __init__(self, capacity: float, per_second: float) -> None:
        self._capacity = self._left = capacity
        self._per_second = per_second
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Take a token if one is left; whether that was possible. `now`: seconds."""
        if self._at is not None:
            self._left = min(self._capacity, self._left + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class CommandFilter:
    """Judges all commands for one corner."""

    def __init__(self) -> None:
        self._commands = TokenBucket(BURST, PER_SECOND)
        self._refusals = TokenBucket(BURST, PER_SECOND)
        self._second_began = 0.0
        self._in_second = 0

    def judge(self, payload: bytes, now: float, *, retained: bool, stale: bool) -> str | Refused | None:
        """The text of an accepted command; None: it is refused without an answer, because too many were refused."""
        refused = _refusal(payload, retained, stale)
        if refused is None and self._commands.take(now):
            return " ".join(payload.decode().split())
        if not self._refusals.take(now):
            return None
        return refused or Refused(_printable(payload), f"more than {PER_SECOND:g} a second: wait, and send it again")

    def is_flood(self, now: float) -> bool:
        """Count a message; whether too many came within a second."""
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
        return Refused(shown, "it is not UTF-8: write plain text")
    if not text.strip():
        return Refused("", "it is empty: write what the lifter would say, such as start set")
    if not text.isprintable():
        return Refused(shown, "it has control characters: write one line of plain text")
    return None


def _printable(payload: bytes) -> str:
    text = payload[:MAX_BYTES].decode(errors="replace")
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:60]
