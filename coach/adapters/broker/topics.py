"""The messages to the broker, and the topics of a corner.

Law: all topics of a corner lie below `base/name/`, so one access rule for each corner is enough. Only what is true now
is retained. What happened is published once.
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
    """The full topic."""
    payload: str
    """The content, as JSON or a word. Empty and retained: the topic is cleared."""
    retained: bool
    """The broker keeps the message for programs that subscribe later."""


@dataclass(frozen=True, slots=True)
class Corner:
    """The topics of one corner."""

    base: str
    """Common beginning of all corners' topics, such as "coach" or "gyms/berlin"."""
    name: str
    """Name of this corner."""

    def topic(self, part: str) -> str:
        """The full topic of one part, such as "coach/corner-2/state"."""
        return f"{self.base}/{self.name}/{part}"

    @property
    def availability(self) -> str:
        """Topic of a retained message: online, or offline. The last will is offline."""
        return self.topic("availability")

    @property
    def command(self) -> str:
        """Topic from which commands are taken."""
        return self.topic("command")

    @property
    def id(self) -> str:
        """The corner's name among all programs at the broker: letters, digits, hyphens and underscores."""
        return re.sub(r"[^A-Za-z0-9_-]", "_", f"{self.base}_{self.name}")

    def retained(self, topic: str, values: Mapping[str, Value]) -> Message:
        """A message about what is true now; retained."""
        return Message(self.topic(topic), as_json(values), True)

    def event(self, topic: str, values: Mapping[str, Value]) -> Message:
        """A message about something that happened; not retained."""
        return Message(self.topic(f"event/{topic}"), as_json(values), False)


RETAINED = ("state", "set", "rep", "load", "plan", "rest", "alert", "faults")
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
    """The values as JSON, in their order."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
