"""Sessions one after the other: who begins, which past the session gets, and where its records are written."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.adapters.journal.file import FileHistory, FileJournal, journal_file
from coach.commands import ListenFor, Manner, Say, SetVolume
from coach.events import Event, Heard, HearingFailed, MicrophoneLost, SessionStarted, TimePassed
from coach.language.speaking_time import speaking_time
from coach.ports import HearingError, Observed
from coach.records import Record, SessionBegan, SetEnded, WorkoutEnded
from coach.settings import Corner, Profile, Settings, Wake
from coach.snapshot import Snapshot
from coach.wiring import journal
from coach.wiring.engines import exercise
from coach.wiring.plans import ChosenPlan
from coach.wiring.sessions import Sessions, SharedParts

LIFTERS = ("anna", "ben")
EXERCISE = exercise(lifters=LIFTERS)


class OverError(Exception):
    """Raised when nothing more happens."""


class World:
    """Inbox, ears and voice in virtual time: the next event comes when no set runs and two seconds were silent."""

    def __init__(self, *happens: str | Event) -> None:
        self._happens = list(happens)
        self._posted: list[Event] = []
        self._now = self._silent_from = 0.0
        self._utterance = 0
        self.volume = 0.0
        self.said: list[str] = []
        self.seen: list[Observed] = []

    def put(self, event: Event) -> None:
        self._posted.append(event)

    def next(self, until: float | None) -> Event:
        if self._posted:
            return self._at(self._posted.pop(0))
        later = self._silent_from + 2.0
        if until is not None and (until < later or self._in_set or not self._happens):
            if until > 3600:
                raise OverError
            return self._at(TimePassed(until))
        if not self._happens:
            raise OverError
        happening = self._happens.pop(0)
        self._now = max(self._now, later)
        if isinstance(happening, str):
            self._utterance += 1
            return Heard(self._now, self._now - 1, happening, 1.0, self._utterance, True)
        return replace(happening, at=self._now)

    @property
    def _in_set(self) -> bool:
        last = next((one for one in reversed(self.seen) if isinstance(one, Snapshot)), None)
        return last is not None and last.state.startswith("set.")

    def _at(self, event: Event) -> Event:
        self._now = max(self._now, event.at)
        return event

    def listen_for(self, wanted: ListenFor) -> None:
        pass

    def say(self, line: Say) -> None:
        self.said.append(line.text)
        length = speaking_time(line.text, line.manner).after_onset if line.manner is Manner.SENTENCE else 0.4
        self._silent_from = max(self._silent_from, line.at + length)

    def stop(self, at: float) -> None:
        self._silent_from = at

    def drop(self, lines: frozenset[int]) -> None:
        pass

    def set_volume(self, decibels: float) -> None:
        self.volume = decibels

    def set_pace(self, percent: int) -> None:
        pass


def perform(world: World, settings: Settings, **options: int) -> None:
    """Run sessions until nothing happens any more, or the coach ends."""
    parts = SharedParts(world, world.put, world, world, speaking_time, EXERCISE[1].vocabulary)
    sessions = Sessions(ChosenPlan(options=options), settings, EXERCISE, parts, print, {})
    sessions.prepare()
    sessions.run(0.5, [world.seen.append], sound_recorded=False)


def records(lifter: str | None) -> list[list[Record]]:
    """Records of every session in which a set was done, the first session first."""
    kept = [list(session.records) for session in FileHistory(journal_file(lifter=lifter)).sessions()]
    return [one for one in reversed(kept) if any(isinstance(record, SetEnded) for record in one)]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


CORNER = Settings(corner=Corner(True, LIFTERS))
SHORT = {"reps": 1, "sets": 1, "rest": 30}


def test_with_headphones_the_end_of_the_workout_is_the_end() -> None:
    world = World("end workout", "start set")
    perform(world, Settings())
    assert sum(isinstance(one, SessionStarted) for one in world.seen) == 1
    assert "Set one" not in " ".join(world.said)


def test_each_lifter_has_a_history_of_his_own() -> None:
    world = World("start set", "this is ben", "start set", "next lifter", "start set", "this is ben")
    with pytest.raises(OverError):
        perform(world, CORNER, **SHORT)
    assert [len(records(name)) for name in (None, "anna", "ben", journal.GUEST)] == [0, 0, 1, 2]


def test_who_comes_again_is_known_and_a_guest_is_not() -> None:
    with closing(FileJournal(journal_file(lifter="ben"), datetime.now(UTC), print)) as written:
        for record in (
            SessionBegan(0.0, "leg_press", 1, 8, 30, "4-1-2-0"),
            SetEnded(60.0, 1, 8, 90.0, "kg"),
            WorkoutEnded(70.0, 1, 8),
        ):
            written.write(record)
    world = World("this is ben", "no", "next lifter")
    with pytest.raises(OverError):
        perform(world, CORNER)
    told = [text for text in world.said if "ninety kilos" in text.lower()]
    assert len(told) == 1
    assert world.said.index("Over to Ben.") < world.said.index(told[0]) < world.said.index("Welcome.")


def test_after_a_workout_the_corner_waits_without_a_word() -> None:
    world = World("coach end workout")
    with pytest.raises(OverError):
        perform(world, Settings(profile=Profile.SPEAKER, wake=Wake(needed=True), corner=Corner(True)))
    starts = [number for number, one in enumerate(world.seen) if isinstance(one, SessionStarted)]
    assert [one.without_greeting for one in world.seen if isinstance(one, SessionStarted)] == [False, True]
    assert not any(isinstance(one, Say) for one in world.seen[starts[1] :])


def test_how_one_lifter_wants_it_is_not_how_the_next_one_does() -> None:
    world = World("quieter", "this is ben")
    with pytest.raises(OverError):
        perform(world, CORNER)
    quieter = [one.decibels for one in world.seen if isinstance(one, SetVolume)]
    assert quieter and quieter[0] < 0
    assert world.volume == 0.0


def test_a_session_that_begins_without_a_microphone_knows_it() -> None:
    world = World("this is ben")
    world.put(MicrophoneLost(0.0, "unplugged"))
    with pytest.raises(OverError):
        perform(world, CORNER)
    assert world.said.count(EXERCISE[0].prompts["fault.microphone_lost"].say[0]) == 2


def test_a_recogniser_that_fails_for_good_ends_the_coach() -> None:
    with pytest.raises(HearingError, match="coach doctor"):
        perform(World(HearingFailed(0.0, "it died")), CORNER)


def test_later_sessions_count_from_their_own_beginning() -> None:
    with pytest.raises(OverError):
        perform(World("start set", "this is ben", "start set"), CORNER, **SHORT)
    [[began, *_, last]] = records("ben")
    assert isinstance(began, SessionBegan) and began.at < 1.0
    assert 10 < last.at < 60
