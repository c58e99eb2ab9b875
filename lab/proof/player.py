"""Plays a walk to a conversation in virtual time, watched; notes what happened, so that it can be written to a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coach.commands import Command, Manner, Say
from coach.dialogue.conversation import Conversation
from coach.dialogue.states import State, outermost_state
from coach.events import (
    Event,
    Heard,
    HearingFailed,
    MicrophoneFound,
    MicrophoneLost,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
    TimePassed,
    VoiceFailed,
)
from coach.language.speaking_time import speaking_time
from lab.proof.exercises import press
from lab.proof.laws import Law, LawBroken
from lab.proof.walks import Kind, Moment, Pool, Turn, Walk
from lab.proof.watch import Watch
from lab.rigs.said_lines import SaidLine, carry_out

USUAL = [
    *(
        "BackLifted",
        "Better",
        "Dizzy",
        "Done",
        "Faster",
        "FinishSet",
        "Go",
        "GoOn",
        "Help",
        "HowDeep",
        "MoreRest",
        "Next",
        "No",
    ),
    *("LessRest", "NoRest", "RestLeft", "AddLoad", "TakeOffLoad", "SetLoad", "SwitchUnit"),
    *("Pain", "Pause", "BeRightBack", "OwnPace", "StartOver", "Stuck", "RepsDone", "Undo"),
    *("Repeat", "RepsLeft", "Resume", "SetReps", "SetRest", "SetSets", "SetTempo", "SetUp", "Skip", "SkipRest"),
    *("Slower", "StartSet", "Stop", "TooHeavy", "WhichSet", "Why", "Yes", "Dropped", "LifterPace", "BeatPace"),
]
"""Intents that change the state of the conversation."""
CONNECTIVES = ("and", "please", "no", "and then")
PHRASES = press().phrases
NOISES = (
    *("we went to the lake", "", "did you see the game last night", "this one is brutal", "come on man you got this"),
    *("my lower back's peeling off the pad", "i think my legs are gone", "what a day", "can't do no more of these"),
    *("hold that thought", "it's going to be fine i guess", "no clue", "maybe later", "that felt kind of weird"),
)
"""Speech for which no template exists."""
_STALLS_S = (0.5, 3.0, 20.0, 200.0, 3600.0)
_WORD_S = 0.1
"""Seconds between the partials of an utterance that grows."""

Make = Callable[[Walk], Conversation]


def conversation_of(walk: Walk) -> Conversation:
    """Returns the coach without a defect."""
    pack, grammar = walk.exercise.pack, walk.exercise.grammar
    return Conversation(
        pack, grammar, walk.plan, speaking_time, walk.open_speaker, past=walk.past, preferences=walk.wanted
    )


@dataclass(frozen=True, slots=True)
class PlayedEvent:
    """One thing that happened to the coach."""

    at: float
    what: Kind
    text: str = ""
    seconds: float = 0.0
    """Length of a stall before it."""


class Player:
    """Plays one walk; `play` raises `LawBroken` at the moment when a law does not hold."""

    def __init__(self, walk: Walk, make: Make = conversation_of) -> None:
        self.walk = walk
        self.conversation = make(walk)
        pack, grammar = walk.exercise.pack, walk.exercise.grammar
        self.watch = Watch(pack, grammar, walk.plan, speaking_time, walk.open_speaker, walk.left)
        self.now = 0.0
        self.happened: list[PlayedEvent] = []
        self.watched = True
        self.heard: list[SaidLine] | None = None
        """Lines of the coach as they are heard; kept only if a list is set."""
        self._utterances = 0

    @property
    def ended(self) -> bool:
        return self.conversation.ended

    def play(self) -> None:
        """Plays from the greeting to the last turn, then leaves the state of that moment by voice."""
        self.receive(SessionStarted(0.0))
        for turn in self.walk.turns:
            if turn.what is not Kind.NOTHING:
                self._take(turn)
            if self.ended:
                return
        self._leave()

    def receive(self, event: Event) -> tuple[Command, ...]:
        """Gives the coach one event; the watch checks the result."""
        due = self.conversation.next_deadline()
        stalled = due is not None and (due < event.at or (due == event.at and not isinstance(event, TimePassed)))
        self.now = max(self.now, event.at)
        try:
            commands = self.conversation.receive(event)
        except Exception as error:
            raise LawBroken(Law.CRASH, event.at, f"{type(error).__name__}: {error}") from error
        if self.heard is not None:
            self.heard = carry_out(commands, self.heard, event.at)
        conversation = self.conversation
        if self.watched:
            self.watch.received(event, commands, conversation.state, conversation.next_deadline(), stalled)
        return commands

    def wait_until(self, at: float) -> None:
        """Lets time pass, deadline by deadline."""
        while not self.ended and (due := self.conversation.next_deadline()) is not None and due <= at:
            self.receive(TimePassed(due))
        self.now = max(self.now, at)

    def hears(self, text: str, *, final: bool = True, follows: bool = False, what: Kind = Kind.WORDS) -> bool:
        """Gives the coach words now; returns whether it says something to them."""
        self._utterances += not follows
        began = self.now - speaking_time(text, Manner.SENTENCE).total
        self.happened.append(PlayedEvent(self.now, what, text))
        commands = self.receive(Heard(self.now, began, text, 1.0, self._utterances, final))
        return any(isinstance(command, Say) for command in commands)

    def _take(self, turn: Turn) -> None:
        self.wait_until(max(self.now, self._moment(turn)))
        if self.ended:
            return
        text = self._words(turn)
        match turn.what:
            case Kind.WORDS | Kind.TWO:
                self.hears(text)
            case Kind.NOISE:
                self.hears(NOISES[turn.number % len(NOISES)])
            case Kind.PARTIAL | Kind.ONLY_PARTIAL:
                self.hears(text, final=False, what=Kind.PARTIAL)
                if turn.what is Kind.PARTIAL:
                    self.wait_until(self.now + 2 * _WORD_S)
                    self._end_utterance(text)
            case Kind.GROWS:
                words = text.split()
                for end in range(1, len(words) + 1):
                    part = " ".join(words[:end])
                    self.hears(part, final=False, follows=end > 1, what=Kind.PARTIAL)
                    self.wait_until(self.now + _WORD_S)
                    if self.ended:
                        return
                self._end_utterance(text)
            case Kind.LATE:
                due = self.conversation.next_deadline()
                if due is not None and due < self.now + 2.0:
                    self.now = due + 0.01
                self.hears(text, what=Kind.LATE)
            case _:
                self._go_wrong(turn)

    def _end_utterance(self, text: str) -> None:
        if not self.ended:
            self.hears(text, follows=True)

    def _go_wrong(self, turn: Turn) -> None:
        """Lets a fault of the world happen."""
        at = self.now
        event: Event
        match turn.what:
            case Kind.MICROPHONE_LOST:
                event = MicrophoneLost(at, "unplugged")
            case Kind.MICROPHONE_FOUND:
                event = MicrophoneFound(at)
            case Kind.SPEAKER_LOST:
                event = SpeakerLost(at, "unplugged")
            case Kind.SPEAKER_FOUND:
                event = SpeakerFound(at)
            case Kind.HEARING_FAILED:
                event = HearingFailed(at, "the engine died")
            case Kind.VOICE_FAILED:
                line = next(iter(self.watch.coming()), None)
                event = VoiceFailed(at, line.say.line_number if line else 1, "espeak failed")
            case _:
                event = TimePassed(at + _STALLS_S[turn.number % len(_STALLS_S)])
        self.happened.append(PlayedEvent(at, turn.what, seconds=event.at - at))
        self.receive(event)

    def _moment(self, turn: Turn) -> float:
        match turn.when:
            case Moment.WAIT:
                return self.now + turn.seconds
            case Moment.QUIET:
                return max(self.now, self.watch.busy_until()) + turn.seconds
            case Moment.ONSET:
                onsets = [line.say.at for line in self.watch.coming() if line.say.at > self.now]
                return min(onsets, default=self.now + 1.0) + turn.seconds
            case Moment.DEADLINE:
                due = self.conversation.next_deadline()
                return (self.now + 1.0 if due is None else due) + turn.seconds

    def _words(self, turn: Turn) -> str:
        live = sorted(self.watch.live)
        names = {
            Pool.COUNT: ["StartSet"],
            Pool.ON: ["Resume", "StartSet", "Yes", "Go"],
            Pool.REP: ["RepUp", "RepNumber"],
            Pool.USUAL: USUAL,
            Pool.LIVE: live,
            Pool.ANY: list(self.walk.exercise.phrases),
        }[turn.pool]
        first = self._phrase(names, turn.number)
        if turn.what is not Kind.TWO:
            return first
        return f"{first} {CONNECTIVES[turn.number % len(CONNECTIVES)]} {self._phrase(live, turn.number * 7 // 3)}"

    def _phrase(self, names: Sequence[str], number: int) -> str:
        known = [name for name in names if name in self.walk.exercise.phrases]
        phrases = self.walk.exercise.phrases[known[number % len(known)]]
        return phrases[number // len(known) % len(phrases)]

    def _leave(self) -> None:
        """Checks in the current state that help is given, that "stop" stops, and that the workout can be ended."""
        if self.watch.mute:
            self._go_wrong(Turn(Kind.SPEAKER_FOUND))
        self.wait_until(self.now + 1.0)
        if not self.hears("what can i say"):
            raise LawBroken(Law.MUTE, self.now, "nothing is said to a call for what can be said")
        # "stop" must not fall on the coach's words, which may include "stop".
        self.wait_until(self.watch.busy_until() + 1.0)
        if self.ended:
            return
        self.hears("stop")
        self.wait_until(self.now + 60.0)
        if outermost_state(self.conversation.state) is State.SET:
            raise LawBroken(Law.STOP, self.now, f"a minute after it is {self.conversation.state!r}", "state: stopped")
        if self.ended:
            return
        self.hears("end workout")
        if not self.ended:
            self.hears("yes")
        if not self.ended:
            raise LawBroken(Law.LEAVE, self.now, f"it is {self.conversation.state!r}, and no workout can be ended")
