"""What the broker receives. `tests/programs` has a real broker."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

import pytest

from coach.adapters.broker.session_messages import PHASES, SessionMessages
from coach.adapters.broker.topics import EVENTS, RETAINED, Corner, Message
from coach.commands import Write
from coach.events import Event, Heard, JournalFailed, MicrophoneFound, MicrophoneLost, Requested, SessionStarted
from coach.ports import Observed
from coach.records import PreferenceChanged, RepDone
from coach.rehearsal.scripts.script import read_script
from coach.snapshot import PlannedSet, Snapshot
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.talk import USUAL, Talk
from tests.unit.test_snapshot import WORKOUT, perform

CORNER = Corner("gyms/berlin", "corner-2")


def wall(at: float) -> str:
    return f"second {at:.3f}"


def told_of(*happenings: Observed, phases: bool = False) -> list[Message]:
    told = SessionMessages(CORNER, wall, phases)
    return [message for one in happenings for message in told.take(one)]


def snapshot(**others: object) -> Snapshot:
    usual: dict[str, object] = {
        "at": 1.0,
        "state": "idle",
        "set": 1,
        "rep": 0,
        "sets_done": 0,
        "phase": None,
        "plan": PlannedSet(4, 2, 60, "4-1-2-0", None, None),
        "saying": (),
        "understood": None,
        "ended": False,
    }
    return Snapshot(**{**usual, **others})  # type: ignore[arg-type]


class TestTold:
    def workout(self, *, phases: bool = False) -> tuple[list[Message], float]:
        """All messages of a rehearsed workout, and the workout's seconds."""
        watching, last = Watching(SessionMessages(CORNER, wall, phases), []), list[Observed]()
        perform(WORKOUT, watching, last.append)
        return watching.messages, max(one.at for one in last if isinstance(one, Snapshot))

    def test_a_workout_is_told_without_its_beats(self) -> None:
        messages, seconds = self.workout()
        parts = Counter(message.topic.removeprefix("gyms/berlin/corner-2/") for message in messages)
        steps = {json.loads(one.payload)["step"] for one in messages if one.topic == CORNER.topic("state")}
        assert not steps & set(PHASES)
        assert set(parts) <= {*RETAINED, *(f"event/{part}" for part in EVENTS)}
        assert parts["event/workout"] == 2 and parts["event/rep"] == parts["rep"] - parts["event/set"] // 2 - 1
        # Two messages for each repetition, and some for each set: less than one in two seconds.
        assert len(messages) < seconds / 2

    def test_phases_where_they_are_wanted(self) -> None:
        without, _ = self.workout()
        messages, seconds = self.workout(phases=True)
        steps = Counter(json.loads(one.payload)["step"] for one in messages if one.topic == CORNER.topic("state"))
        assert steps["lowering"] == steps["pressing"] > 0
        assert len(without) < len(messages) < seconds

    def test_events_have_numbers_times_and_their_session(self) -> None:
        messages, _ = self.workout()
        events = [json.loads(message.payload) for message in messages if not message.retained]
        assert [event["number"] for event in events] == list(range(1, len(events) + 1))
        assert {event["session"] for event in events} == {"second 0.000"}
        assert all(event["event_type"] in EVENTS[one] for event, one in zip(events, _parts(messages), strict=True))
        done = next(event for event in events if event["event_type"] == "done" and "reps" in event and "set" in event)
        assert done["at"] == f"second {done['second']:.3f}" and done["tempo"] == "4-1-2-0"

    def test_a_state_is_told_once(self) -> None:
        messages = told_of(snapshot(), snapshot(at=2.0), snapshot(at=3.0, set=2), snapshot(at=4.0, set=2))
        counts = Counter(message.topic for message in messages)
        assert counts.pop(CORNER.topic("set")) == 2 and set(counts.values()) == {1}

    def test_the_end_of_the_rest(self) -> None:
        talk = Talk()
        talk.hears("start set")
        talk.hears("i'm ready")
        talk.wait_for("resting")
        resting = talk.conversation.snapshot()
        assert resting.rest_ends == pytest.approx(resting.at + 60, abs=1.0)
        longer = talk_snapshot(talk, "more rest")
        assert longer.rest_ends == pytest.approx((resting.rest_ends or 0.0) + 30, abs=1.0)
        assert talk_snapshot(talk, "pause the rest").rest_ends is None
        assert talk_snapshot(talk, "resume the rest").rest_ends is not None
        rest = [one for one in told_of(resting, snapshot(at=99.0)) if one.topic == CORNER.topic("rest")]
        assert [json.loads(one.payload)["ends"] for one in rest] == [wall(resting.rest_ends or 0), None]

    def test_an_alert_is_kept_and_happens(self) -> None:
        messages = told_of(
            snapshot(), snapshot(at=2.0, alert="stuck"), snapshot(at=3.0, alert="stuck"), snapshot(at=4.0)
        )
        kept = [json.loads(one.payload)["alert"] for one in messages if one.topic == CORNER.topic("alert")]
        events = [json.loads(one.payload) for one in messages if one.topic == CORNER.topic("event/alert")]
        assert kept == [None, "stuck", None]
        assert [(one["event_type"], one["alert"]) for one in events] == [("stuck", "stuck"), ("over", "stuck")]

    def test_a_dizzy_lifter_who_is_silent_is_an_alert(self) -> None:
        watching = Watching(SessionMessages(CORNER, wall, False), [])
        perform(read_script(CONVERSATIONS / "spotter" / "s31_dizzy_and_silent.yaml", USUAL), watching)
        alerts = [json.loads(one.payload)["alert"] for one in watching.messages if one.topic == CORNER.topic("alert")]
        assert alerts[:2] == [None, "dizzy"]
        parts = _parts(watching.messages)
        assert parts.index("dizzy") < parts.index("alert")

    def test_faults_last_until_they_are_mended(self) -> None:
        messages = told_of(
            SessionStarted(0.0), MicrophoneLost(1.0, "x" * 9999), MicrophoneFound(2.0), JournalFailed(3.0, "full")
        )
        kept = [json.loads(one.payload) for one in messages if one.topic == CORNER.topic("faults")]
        assert [bool(one["microphone"]) for one in kept] == [False, True, False, False]
        assert kept[-1]["journal"] == "full" and len(kept[1]["microphone"]) == 200
        events = [json.loads(one.payload)["event_type"] for one in messages if not one.retained]
        assert events == ["microphone_lost", "microphone_found", "journal_failed"]

    def test_no_fault_is_forgotten(self) -> None:
        """Every event that has a reason for people is a fault, except words that were not believed."""
        for kind in get_args(Event):
            names = {field.name for field in fields(kind)}
            if "reason" not in names or kind is Heard:
                continue
            others = dict.fromkeys(names & {"line_number", "speech_lost"}, 1)
            (event,) = [one for one in told_of(kind(at=1.0, reason="gone", **others)) if not one.retained]
            told = json.loads(event.payload)
            assert told["reason"] == "gone" and told["event_type"] in EVENTS["fault"], kind

    def test_preferences_are_the_lifters_own(self) -> None:
        assert told_of(Write(PreferenceChanged(1.0, "volume", "-6"))) == []

    def test_only_the_brokers_requests_are_answered(self) -> None:
        assert not any("answer" in one.topic for one in told_of(Requested(1.0, "stop", "page"), snapshot()))
        assert any("answer" in one.topic for one in told_of(Requested(1.0, "stop", "broker"), snapshot()))


def _parts(messages: list[Message]) -> list[str]:
    return [one.topic.removeprefix(CORNER.topic("event/")) for one in messages if not one.retained]


def talk_snapshot(talk: Talk, said: str) -> Snapshot:
    talk.hears(said)
    return talk.conversation.snapshot()


def test_a_corner_trains_as_scripted_while_it_is_watched() -> None:
    """The link can make messages of every conversation: it knows every state and record."""
    for name in ("pain", "stop", "dizzy_at_rest", "rest"):
        told, messages = SessionMessages(CORNER, wall, True), list[Message]()
        watching = Watching(told, messages)
        perform(read_script(Path(CONVERSATIONS) / f"{name}.yaml", USUAL), watching)
        assert messages


@dataclass
class Watching:
    told: SessionMessages
    messages: list[Message]

    def __call__(self, happening: Observed) -> None:
        self.messages.extend(self.told.take(happening))


def test_rep_events_carry_the_record() -> None:
    event = json.loads(told_of(Write(RepDone(3.0, 1, 2, "left")))[0].payload)
    assert (event["set"], event["rep"], event["side"]) == (1, 2, "left")
