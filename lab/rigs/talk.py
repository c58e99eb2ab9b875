"""A lifter who talks to a conversation in virtual time, and everything that the coach then does.

Law: nothing here decides; what the coach says is laid on a timeline exactly as the commands ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar, assert_never

from coach.commands import Command, DropLines, End, ListenFor, Manner, Say, SetPace, SetVolume, StopSpeaking, Write
from coach.dialogue.conversation import NO_PAST, NO_PREFERENCES, Conversation
from coach.events import Event, Heard, SessionStarted, TimePassed
from coach.language.grammar import Grammar
from coach.language.speaking_time import speaking_time
from coach.records import Record, RepDone, SetEnded
from coach.training.past import Past
from coach.training.plan import Plan
from coach.training.tempo import Tempo
from coach.wiring.engines import exercise
from lab.rigs.said_lines import SaidLine, carry_out

PACK, GRAMMAR, USUAL = exercise()
RecordType = TypeVar("RecordType")

_WORDS_INTO = {
    "idle": (),
    "setup": ("set up",),
    "ready": ("set up", *("skip",) * len(PACK.setup)),
    "set": ("start set",),
    # A break ends by itself.
    "break": ("left first", "start set", "switch", "two more minutes"),
    "correcting": ("start set", "my back lifted"),
    "paused": ("start set", "hold on"),
    "stopped": ("start set", "stop"),
    "stuck": ("start set", "i'm stuck"),
    "hurt": ("start set", "it hurts"),
}


@cache
def spoken(intent: str) -> tuple[str, ...]:
    """Plain phrases of an intent that use all its words and word pairs."""
    return GRAMMAR.covering_phrases(intent)


def plan_of(reps: int = 4, sets: int = 2, rest: int = 60, tempo: str = "4-1-2-0") -> Plan:
    """A small plan."""
    return Plan(reps, sets, rest, Tempo.parse(tempo))


def prompt(name: str, turn: int = 0, **slots: str) -> str:
    """The text of a prompt: its first wording, or the one of a later turn."""
    line = PACK.prompts[name]
    return line.say[turn % len(line.say)].format(**slots)


class Talk:
    """One session: events in, a timeline of what sounds out."""

    def __init__(
        self,
        plan: Plan | None = None,
        *,
        open_speaker: bool = False,
        wake_word: bool = False,
        greeted: bool = True,
        past: Past = NO_PAST,
        wanted: Mapping[str, str] = NO_PREFERENCES,
        corner: bool = False,
        grammar: Grammar = GRAMMAR,
    ) -> None:
        self.conversation = Conversation(
            PACK,
            grammar,
            plan or plan_of(),
            speaking_time,
            open_speaker or wake_word,
            wake_word,
            past,
            wanted,
            several_lifters=corner,
        )
        self.now = 0.0
        self.lines: list[SaidLine] = []
        """Lines that have sounded and that will sound, in the order in which they were said."""
        self.records: list[Record] = []
        self.live: frozenset[str] = frozenset()
        self.after_wake_word: frozenset[str] = frozenset()
        self.ended_at: float | None = None
        self.volume = 0.0
        self.after: Callable[[Event, tuple[Command, ...]], None] = lambda event, commands: None
        """Called when the commands of an event have been carried out."""
        self._utterances = 0
        if greeted:
            self.receive(SessionStarted(0.0))
            self.wait_until(6.0)

    @property
    def state(self) -> str:
        return self.conversation.state

    @property
    def outer_state(self) -> str:
        return self.state.split(".")[0]

    def receive(self, event: Event) -> tuple[Command, ...]:
        """Hand over one event, without first handing over what fell due before it."""
        self.now = max(self.now, event.at)
        commands = self.conversation.receive(event)
        for command in commands:
            self._carry_out(command)
        self.after(event, commands)
        return commands

    def wait_until(self, at: float) -> None:
        """Let time pass, deadline by deadline."""
        while (due := self.conversation.next_deadline()) is not None and due <= at:
            self.receive(TimePassed(due))
        self.now = max(self.now, at)

    def wait(self, seconds: float) -> None:
        self.wait_until(self.now + seconds)

    def wait_for(self, state: str, most: float = 400.0) -> None:
        """Wait until the conversation is in a state such as "set.lowering" or "resting"."""
        limit = self.now + most
        while self.state != state:
            due = self.conversation.next_deadline()
            assert due is not None and due <= limit, f"never {state!r}, but {self.state!r}"
            self.receive(TimePassed(due))

    def wait_until_quiet(self) -> float:
        """Wait until all has been said, and return the moment."""
        self.wait_until(max([self.now, *(line.ends for line in self.lines)]))
        return self.now

    def hears(
        self,
        text: str,
        *,
        final: bool = True,
        utterance: int | None = None,
        began: float | None = None,
        confidence: float = 1.0,
        guess: str = "",
    ) -> list[str]:
        """Let the coach hear the lifter's words now; return its lines in answer, in order."""
        if utterance is None:
            self._utterances += 1
            utterance = self._utterances
        if began is None:
            began = self.now - speaking_time(text, Manner.SENTENCE).total
        self.wait_until(self.now)
        commands = self.receive(Heard(self.now, began, text, confidence, utterance, final, nearest=guess))
        return [command.text for command in commands if isinstance(command, Say)]

    def in_set(self, state: str = "set.lowering", rep: int = 1) -> Talk:
        """Start a set and wait for this state of this repetition."""
        self.hears("start set")
        self.to(state, rep)
        return self

    def to(self, state: str, rep: int) -> None:
        """Continue counting until this state of this repetition."""
        while True:
            self.wait_for(state)
            if self.reps() >= rep - 1:
                return
            due = self.conversation.next_deadline()
            assert due is not None
            self.receive(TimePassed(due))

    def reps(self) -> int:
        """Repetitions that were counted since the set began."""
        rep = 0
        for entry in self.records:
            if isinstance(entry, RepDone):
                rep = entry.rep
            elif isinstance(entry, SetEnded):
                rep = 0
        return rep

    def heard_since(self, at: float, manner: Manner | None = None) -> list[str]:
        """Texts of the lines that begin from a moment on and were not taken back."""
        return [
            line.say.text for line in self.lines if line.begins >= at and (manner is None or line.say.manner is manner)
        ]

    def counts_since(self, at: float) -> list[str]:
        """Counts that begin from a moment on."""
        return self.heard_since(at, Manner.COUNT)

    def written(self, kind: type[RecordType]) -> list[RecordType]:
        """The records of one kind."""
        return [entry for entry in self.records if isinstance(entry, kind)]

    def _carry_out(self, command: Command) -> None:
        match command:
            case Say() | StopSpeaking() | DropLines():
                self.lines = carry_out([command], self.lines, self.now)
            case ListenFor(intents, after_wake_word):
                self.live, self.after_wake_word = intents, after_wake_word
            case SetVolume(decibels):
                self.volume = decibels
            case Write(record):
                self.records.append(record)
            case SetPace():
                pass
            case End(at):
                self.ended_at = at
            case _:
                assert_never(command)


def talk_in(state: str, *, open_speaker: bool = False) -> Talk:
    """A talk that was led into a state by voice; the lines that the coach says there are over."""
    talk = Talk(plan_of(reps=4, sets=2), open_speaker=open_speaker)
    if state in ("resting", "finished"):
        talk = Talk(plan_of(reps=1, sets=2 if state == "resting" else 1), open_speaker=open_speaker)
        talk.hears("start set")
        talk.wait_for(state)
    for words in _WORDS_INTO.get(state, ()):
        talk.hears(words)
        talk.wait(3.0)
    if state == "set":
        talk.wait_for("set.lowering")
    else:
        talk.wait(14.0)
        talk.wait_until_quiet()
    assert talk.outer_state == state
    return talk
