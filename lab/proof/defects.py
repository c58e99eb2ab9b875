"""Coaches with an injected defect; a law must find each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from unittest.mock import patch

from coach.commands import Command, ListenFor, Manner, Say, StopSpeaking, Write
from coach.dialogue.conversation import Conversation
from coach.dialogue.hurt import Hurt
from coach.dialogue.platform import Platform
from coach.dialogue.saying import Saying
from coach.events import Event
from coach.language.speaking_time import speaking_time
from coach.records import RepDone
from coach.training.rest import Rest
from lab.proof.laws import Law
from lab.proof.player import Make
from lab.proof.walks import Walk


class FaultyCoach(Conversation):
    """The coach, with commands that `spoil` changes."""

    def receive(self, event: Event) -> tuple[Command, ...]:
        return tuple(spoilt for command in super().receive(event) for spoilt in self.change(command))

    def change(self, command: Command) -> Iterable[Command]:
        raise NotImplementedError


class SpeaksOn(FaultyCoach):
    """Does not stop speaking."""

    def change(self, command: Command) -> Iterable[Command]:
        return () if isinstance(command, StopSpeaking) else (command,)


class CountsOn(FaultyCoach):
    """Stops speaking, but says the counts that wait."""

    _waiting: tuple[Say, ...] = ()

    def change(self, command: Command) -> Iterable[Command]:
        if isinstance(command, Say) and command.manner is Manner.COUNT:
            self._waiting = (*self._waiting[-3:], command)
        if isinstance(command, StopSpeaking):
            late = [say for say in self._waiting if say.at > command.at + 0.5]
            return (command, *late)
        return (command,)


class SkipsRepThree(FaultyCoach):
    """Says "rep four" after "rep two"."""

    def change(self, command: Command) -> Iterable[Command]:
        if isinstance(command, Say) and command.text == "rep three":
            return (replace(command, text="rep four"),)
        return (command,)


class WritesEveryRepTwice(FaultyCoach):
    """Writes every repetition twice into the journal."""

    def change(self, command: Command) -> Iterable[Command]:
        return (command, command) if isinstance(command, Write) and isinstance(command.record, RepDone) else (command,)


class CountsTooFast(FaultyCoach):
    """Says the count "four" a tenth of a second early."""

    def change(self, command: Command) -> Iterable[Command]:
        if isinstance(command, Say) and command.text == "four":
            return (replace(command, at=command.at - 0.1),)
        return (command,)


class HearsNothingAtRest(FaultyCoach):
    """Does not listen for "stop" in a rest."""

    def change(self, command: Command) -> Iterable[Command]:
        if isinstance(command, ListenFor) and self.state == "resting":
            return (ListenFor(command.intents - {"Stop"}),)
        return (command,)


class SaysToLock(FaultyCoach):
    """Tells the lifter to lock the knees."""

    def change(self, command: Command) -> Iterable[Command]:
        if isinstance(command, Say) and command.source == "set.intro":
            return (replace(command, text=command.text.replace("soft knees", "lock your knees")),)
        return (command,)


class ForgetsTheCatches(FaultyCoach):
    """Counts while the catches are in, without asking the lifter to unrack."""

    def receive(self, event: Event) -> tuple[Command, ...]:
        with patch.object(Platform, "is_ready", True):
            return super().receive(event)

    def change(self, command: Command) -> Iterable[Command]:
        return (command,)


class HurriesTheUnracking(FaultyCoach):
    """Counts down half a second after it has said "unrack"."""

    def receive(self, event: Event) -> tuple[Command, ...]:
        with patch("coach.dialogue.training_set.UNRACK_S", 0.5):
            return super().receive(event)

    def change(self, command: Command) -> Iterable[Command]:
        return (command,)


class NeverAsksAgain(FaultyCoach):
    """Never proposes the catches to a lifter who waits under the load."""

    def change(self, command: Command) -> Iterable[Command]:
        return () if isinstance(command, Say) and command.source == "hold.longer" else (command,)


class SaysItOnce(FaultyCoach):
    """Does not repeat a safety line that was cut."""

    def receive(self, event: Event) -> tuple[Command, ...]:
        with patch.object(Saying, "say_unheard", lambda saying, now: saying.drop_unheard()):
            return super().receive(event)

    def change(self, command: Command) -> Iterable[Command]:
        return (command,)


class CuesOnFullLungs(FaultyCoach):
    """Cues another breath after the breath that is held."""

    def change(self, command: Command) -> Iterable[Command]:
        if isinstance(command, Say) and command.source == "cue.back_flat":
            return (replace(command, text="In", source="cue.breathe_in"),)
        return (command,)


class TakesAStartForAYes(FaultyCoach):
    """Starts after pain when the lifter says a start command."""

    def receive(self, event: Event) -> tuple[Command, ...]:
        with patch.object(Hurt, "refuse_to_go_on", Hurt.recover):
            return super().receive(event)

    def change(self, command: Command) -> Iterable[Command]:
        return (command,)


class NeverHoldsTheRest(FaultyCoach):
    """Says that the rest is held, but lets it run."""

    def receive(self, event: Event) -> tuple[Command, ...]:
        with patch.object(Rest, "held", lambda rest, now: rest):
            return super().receive(event)

    def change(self, command: Command) -> Iterable[Command]:
        return (command,)


DEFECTS: dict[type[Conversation], set[Law]] = {
    SpeaksOn: {Law.STOP, Law.FLOOR, Law.NO_COUNT},
    CountsOn: {Law.NO_COUNT, Law.PAIN, Law.PLAN, Law.STOP, Law.FLOOR},
    SkipsRepThree: {Law.JOURNAL},
    WritesEveryRepTwice: {Law.REPS},
    CountsTooFast: {Law.PLAN, Law.FLOOR},
    HearsNothingAtRest: {Law.MUTE},
    SaysToLock: {Law.LOCK},
    ForgetsTheCatches: {Law.PLATFORM},
    HurriesTheUnracking: {Law.PLATFORM},
    SaysItOnce: {Law.OWED},
}
"""Defective coaches, with the laws that may find each first."""


def maker(kind: type[Conversation]) -> Make:
    """Returns a function that makes coaches of this kind."""

    def make(walk: Walk) -> Conversation:
        pack, grammar = walk.exercise.pack, walk.exercise.grammar
        return kind(pack, grammar, walk.plan, speaking_time, walk.open_speaker, past=walk.past, preferences=walk.wanted)

    return make
