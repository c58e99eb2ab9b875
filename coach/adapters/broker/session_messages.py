"""Makes messages for the broker from what a session shows its observers.

Law: pure. What is true now is a retained message, published when it changes, at most once in each phase of a
repetition. What happened is an event with a number, so a program that collects events sees which ones are missing. The
lifters' names, words and preferences are not published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from coach.adapters.broker.topics import Corner, Message, Value, as_json
from coach.commands import Say, Write
from coach.events import (
    PART_BROKEN_BY,
    PART_MENDED_BY,
    HearingFailed,
    HearingRestarted,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    MicrophoneSilent,
    Part,
    Requested,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
    VoiceFailed,
)
from coach.ports import Observed
from coach.records import (
    FaultReported,
    GotStuck,
    PainReported,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
    record_values,
)
from coach.snapshot import Snapshot

PHASES = ("lowering", "bottom", "pressing", "top")
SOURCE = "broker"
"""`Requested.source` of commands from the broker."""
_DEVICE_EVENTS: Mapping[type, str] = {
    MicrophoneLost: "microphone_lost",
    MicrophoneFound: "microphone_found",
    MicrophoneSilent: "microphone_silent",
    SpeakerLost: "speaker_lost",
    SpeakerFound: "speaker_found",
    HearingRestarted: "hearing_restarted",
    HearingFailed: "hearing_failed",
    VoiceFailed: "voice_failed",
    JournalFailed: "journal_failed",
    HelperLost: "server_lost",
    HelperFound: "server_found",
}
"""Type that an event about a device, an engine, the journal or a server has at the broker, under the topic "fault"."""
RELEVANT = (Snapshot, Write, Say, Requested, SessionStarted, *_DEVICE_EVENTS)
"""Only these are handed to `SessionMessages`."""
MAX_REASON = 200
"""Most characters of a fault's reason, and of what the coach answers."""

WallClock = Callable[[float], str]
"""Turns session seconds into a date and time, ISO 8601 in UTC."""


class SessionMessages:
    """Makes the messages of the sessions of one corner, and remembers what was published last."""

    def __init__(self, corner: Corner, wall: WallClock, phases: bool) -> None:
        """`phases`: each phase of a repetition is published, too."""
        self._corner = corner
        self._wall = wall
        self._phases = phases
        self._last: dict[str, Mapping[str, Value]] = {}
        self._serial = 0
        self._session = ""
        self._alert: str | None = None
        self._faults: dict[str, str | None] = dict.fromkeys(Part)
        self._request: Requested | None = None
        self._said_since: list[str] = []
        """What the coach has said since the request."""

    def take(self, observed: Observed) -> Iterable[Message]:
        """The messages about one event, command or snapshot."""
        match observed:
            case Snapshot():
                yield from self._answers(observed)
                yield from self._states(observed)
            case Write(record):
                yield from self._recorded(record)
            case Say():
                self._said_since.append(observed.text)
            case Requested(source=source):
                self._request = observed if source == SOURCE else None
                self._said_since = []
            case SessionStarted(at):
                self._session = self._wall(at)
                self._faults[Part.JOURNAL] = None
                yield from self._if_changed("faults", dict(self._faults))
            case _ if type(observed) in _DEVICE_EVENTS:
                yield from self._device_event(observed)

    def _states(self, now: Snapshot) -> Iterable[Message]:
        state, _, step = now.state.partition(".")
        if step in PHASES and not self._phases:
            step = ""
        plan = now.plan
        sets: dict[str, Value] = {"kind": plan.kind, "number": plan.number, "sets": plan.sets, "side": plan.side}
        planned: dict[str, Value] = {"reps": plan.reps, "sets": plan.sets, "rest": plan.rest, "tempo": plan.tempo}
        yield from self._if_changed("state", {"state": state, "step": step or None}, at=now.at)
        yield from self._if_changed("set", {"set": now.set, **sets, "done": now.sets_done})
        yield from self._if_changed("rep", {"rep": now.rep, "reps": plan.reps})
        yield from self._if_changed("load", {"load": plan.load, "unit": plan.unit})
        yield from self._if_changed("plan", planned)
        yield from self._if_changed("rest", {"ends": now.rest_ends}, ends=now.rest_ends)
        yield from self._if_changed("alert", {"alert": now.alert}, at=now.at)
        if now.alert != self._alert:
            before, self._alert = self._alert, now.alert
            yield self._event("alert", now.alert or "over", now.at, {"alert": now.alert or before})

    def _if_changed(self, topic: str, values: Mapping[str, Value], **times: float | None) -> Iterable[Message]:
        """The retained message of a topic, if its values have changed. `times`: session seconds that are published
        as wall-clock times and not compared, because somebody may set the clock.
        """
        if self._last.get(topic) != values:
            self._last[topic] = values
            wall = {name: None if at is None else self._wall(at) for name, at in times.items()}
            yield self._corner.retained(topic, {**values, **wall})

    def _recorded(self, record: Record) -> Iterable[Message]:
        match record:
            case RepDone():
                topic, event_type = "rep", "rep"
            case SetBegan():
                topic, event_type = "set", "begun"
            case SetEnded():
                topic, event_type = "set", "done"
            case StopSaid() | GotStuck() | FaultReported() | SetAmended():
                topic = event_type = record.kind
            case PainReported():
                topic = event_type = "dizzy" if record.what == "Dizzy" else "pain"
            case SessionBegan():
                topic, event_type = "workout", "begun"
            case SessionResumed():
                topic, event_type = "workout", "resumed"
            case WorkoutEnded():
                topic, event_type = "workout", "done"
            case _:
                return
        yield self._event(topic, event_type, record.at, record_values(record))

    def _event(self, topic: str, event_type: str, at: float, details: Mapping[str, Value]) -> Message:
        self._serial += 1
        common: dict[str, Value] = {
            "event_type": event_type,
            "at": self._wall(at),
            "session": self._session,
            "second": round(at, 3),
            "number": self._serial,
        }
        return self._corner.event(topic, {**common, **details})

    def _device_event(self, observed: Observed) -> Iterable[Message]:
        kind = type(observed)
        reason = str(getattr(observed, "reason", ""))[:MAX_REASON] or None
        if kind in PART_BROKEN_BY:
            self._faults[PART_BROKEN_BY[kind]] = reason or "lost"
        elif kind in PART_MENDED_BY:
            self._faults[PART_MENDED_BY[kind]] = None
        yield from self._if_changed("faults", dict(self._faults))
        yield self._event("fault", _DEVICE_EVENTS[kind], getattr(observed, "at", 0.0), {"reason": reason})

    def _answers(self, now: Snapshot) -> Iterable[Message]:
        """The answer to a request, after the conversation has received it."""
        request, self._request = self._request, None
        if request is None:
            return
        understood = now.understood
        taken = understood is not None and understood.at == request.at
        says = " ".join(self._said_since)[:MAX_REASON] if taken else ""
        yield answer_message(
            self._corner,
            request.text,
            taken,
            intent=understood.intent if taken and understood is not None else None,
            why=None if taken else f"it means nothing in the state {now.state}",
            says=says or None,
        )


def answer_message(
    corner: Corner, text: str, taken: bool, *, why: str | None, intent: str | None = None, says: str | None = None
) -> Message:
    """The answer to a command. `taken`: it did something. `why`: why it did not. `says`: what the coach says to it,
    such as a question that waits for a yes.
    """
    content: dict[str, Value] = {"command": text, "taken": taken, "intent": intent, "why": why, "says": says}
    return Message(corner.topic("answer"), as_json(content), False)
