"""Runs sessions one after the other, with the same devices, ears and voice, on one clock.

Law: each session has a conversation and a journal of its own; nothing of one lifter gets into another lifter's session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from coach.commands import End, Outcome
from coach.dialogue import policy
from coach.dialogue.conversation import Conversation
from coach.dialogue.states import State
from coach.events import (
    PART_BROKEN_BY,
    PART_MENDED_BY,
    Event,
    MicrophoneFound,
    MicrophoneLost,
    Part,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
)
from coach.ports import Ears, HearingError, Inbox, Measure, Observed, Observer, Vocabulary, Voice
from coach.session import Ports, run
from coach.settings import Settings
from coach.training.past import Past
from coach.wiring import journal
from coach.wiring.earlier_sessions import read_earlier
from coach.wiring.engines import Exercise
from coach.wiring.plans import ChosenPlan
from coach.wiring.recognizers import Warn


@dataclass(frozen=True, slots=True)
class SharedParts:
    """The devices and engines that all sessions share."""

    inbox: Inbox
    post: Callable[[Event], None]
    """Puts an event into the inbox, from any thread."""
    ears: Ears
    voice: Voice
    measure: Measure
    vocabulary: Callable[[frozenset[str], frozenset[str]], Vocabulary]
    """Makes the vocabulary of live intents, and of those that are live behind the wake word."""


class Sessions:
    """Runs the sessions, one at a time."""

    def __init__(
        self,
        chosen: ChosenPlan,
        settings: Settings,
        exercise: Exercise,
        parts: SharedParts,
        warn: Warn,
        wishes: Mapping[str, str],
    ) -> None:
        """`wishes`: preferences that win over those in the journal."""
        self._chosen = chosen
        self._settings = settings
        self._pack, self._grammar, default_plan = exercise
        self._base_plan = chosen.applied_to(default_plan)
        self._parts = parts
        self._warn = warn
        self._wishes = wishes
        self._lifter = self._unnamed
        self._lost_devices = _LostDevices()
        self.plan = self._base_plan
        """Plan of the next session."""
        self._past = Past()
        self._preferences: Mapping[str, str] = {}

    @property
    def _unnamed(self) -> str | None:
        """The lifter who has said no name: a guest if the settings name lifters, otherwise the owner of the coach
        (None).
        """
        return journal.GUEST if self._settings.corner.lifters else None

    def prepare(self) -> None:
        """Read what was trained before, and make the vocabulary that is heard first. Takes 0.03 s, or 0.3 s if the
        vocabulary must be compiled."""
        self.plan, self._past, self._preferences = self._base_plan, Past(), {}
        if self._lifter != journal.GUEST:
            stored = journal.history(self._lifter)
            options = self._chosen.options
            self.plan, self._past, self._preferences = read_earlier(
                stored, self._pack.id, self._base_plan, options, self._warn
            )
        asked = self._past.unfinished is not None or (self._past.has_offer and not self.plan.name)
        first = policy.live_intents(
            self._pack, State.IDLE, question_waits=asked, several_lifters=self._settings.corner.stays
        )
        self._parts.vocabulary(first, first if self._settings.wake.needed else frozenset())

    def run(
        self,
        at: float,
        observers: Sequence[Observer],
        sound_recorded: bool,
        lost: Sequence[MicrophoneLost | SpeakerLost] = (),
    ) -> None:
        """Run sessions until the last one is over; the first begins at session time `at`. HearingError: nobody can be
        heard any more.

        `prepare` must have been called. `lost`: devices that are missing when the first session begins.
        """
        for one in lost:
            self._lost_devices(one)
        end = self._run_one(SessionStarted(at, sound_recorded), observers)
        while end.outcome is Outcome.NEXT_LIFTER or (end.outcome is Outcome.DONE and self._settings.corner.stays):
            named = end.outcome is Outcome.NEXT_LIFTER
            self._lifter = (end.next_lifter or journal.GUEST) if named else self._unnamed
            self.prepare()
            end = self._run_one(SessionStarted(end.at, without_greeting=not named), observers)
        if end.outcome is Outcome.DEAF:
            raise HearingError("the recogniser ends by itself again and again: run coach doctor, and look for memory")

    def _run_one(self, started: SessionStarted, observers: Sequence[Observer]) -> End:
        parts, settings = self._parts, self._settings
        # Undo what the previous lifter wanted.
        parts.voice.set_volume(0.0)
        parts.voice.set_pace(100)
        for event in (started, *self._lost_devices.events(started.at)):
            parts.post(event)
        conversation = Conversation(
            self._pack,
            self._grammar,
            self.plan,
            parts.measure,
            settings.profile.open_speaker,
            wake_word=settings.wake.needed,
            past=self._past,
            preferences={**self._preferences, **self._wishes},
            machine=self._chosen.machine,
            several_lifters=settings.corner.stays,
        )
        with closing(journal.begin(parts.post, self._lifter, started.at)) as written:
            ports = Ports(parts.inbox, parts.ears, parts.voice, written)
            return run(conversation, ports, [*observers, self._lost_devices])


class _LostDevices:
    """An observer that remembers which device is lost, for a session that begins without that device."""

    def __init__(self) -> None:
        self._lost: dict[Part, MicrophoneLost | SpeakerLost] = {}

    def __call__(self, observed: Observed) -> None:
        """Take one event, command or snapshot of the session."""
        match observed:
            case MicrophoneLost() | SpeakerLost():
                self._lost[PART_BROKEN_BY[type(observed)]] = observed
            case MicrophoneFound() | SpeakerFound():
                self._lost.pop(PART_MENDED_BY[type(observed)], None)

    def events(self, at: float) -> list[Event]:
        """The losses as events for a session that begins now."""
        return [replace(one, at=at) for one in self._lost.values()]
