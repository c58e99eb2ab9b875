"""What is published, and under which topics a corner publishes it.

Law: everything of a corner lies below `base/name/`, so one access rule a corner is enough. Only what holds now is
retained; what happened is told once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

ONLINE, OFFLINE = "online", "offline"
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the broker."""

    topic: str
    """The whole of it."""
    payload: str
    """Empty and retained: the topic is cleared."""
    retained: bool
    """The broker keeps it for whoever subscribes later."""


@dataclass(frozen=True, slots=True)
class Corner:
    """Where a corner's topics lie."""

    base: str
    """Of all corners, such as "coach" or "gyms/berlin"."""
    name: str
    """Of this one among them."""

    def topic(self, part: str) -> str:
        """Such as "coach/corner-2/state"."""
        return f"{self.base}/{self.name}/{part}"

    @property
    def availability(self) -> str:
        """Retained: online, or offline (as the last will, too)."""
        return self.topic("availability")

    @property
    def command(self) -> str:
        """Where commands are taken from."""
        return self.topic("command")

    @property
    def id(self) -> str:
        """The corner's among all programs at the broker: letters, digits, hyphens and underscores."""
        return re.sub(r"[^A-Za-z0-9_-]", "_", f"{self.base}_{self.name}")

    def state(self, part: str, values: Mapping[str, Value]) -> Message:
        """What holds now."""
        return Message(self.topic(part), as_json(values), True)

    def event(self, part: str, values: Mapping[str, Value]) -> Message:
        """What happened."""
        return Message(self.topic(f"event/{part}"), as_json(values), False)


STATES = ("state", "set", "rep", "load", "plan", "rest", "alert", "faults")
"""The retained topics of a corner besides its availability."""
EVENTS: Mapping[str, tuple[str, ...]] = {
    "rep": ("rep",),
    "set": ("begun", "done"),
    "stop": ("stop",),
    "stuck": ("stuck",),
    "pain": ("pain",),
    "dizzy": ("dizzy",),
    "correction": ("correction",),
    "amended": ("amended",),
    "workout": ("begun", "resumed", "done"),
    "alert": ("stuck", "pain", "dizzy", "over"),
    "fault": (
        "microphone_lost",
        "microphone_found",
        "microphone_silent",
        "speaker_lost",
        "speaker_found",
        "hearing_restarted",
        "hearing_failed",
        "voice_failed",
        "journal_failed",
        "server_lost",
        "server_found",
    ),
}
"""The topics of events, below "event/", with the types of each."""


def as_json(values: Mapping[str, Value]) -> str:
    """In the order of the values."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
