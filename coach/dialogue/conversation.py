"""The conversation: events in, commands out. No IO, no clock, no thread, no chance.

Law: `receive` first carries out what fell due before the event, then the event; the commands of both are returned in
the order in which they are to be carried out. An event never lies before the one received last.
"""

from __future__ import annotations

from dataclasses import astuple

from coach.commands import Command, End, ListenFor
from coach.content.model import Line, Pack
from coach.content.schema import Group
from coach.dialogue import policy, snapshots
from coach.dialogue.adjusting import Adjusting
from coach.dialogue.attention import Attention
from coach.dialogue.desk import Desk
from coach.dialogue.resting import Resting
from coach.dialogue.states import Move, State
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.dialogue.utterances import Meaning, Utterances
from coach.dialogue.walkthrough import Walkthrough
from coach.events import (
    Event,
    Heard,
    HearingFailed,
    HearingRestarted,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
    SpeechFinished,
    TimePassed,
    VoiceFailed,
)
from coach.language.grammar import WAKE, Grammar, Intent
from coach.language.numbers import in_words
from coach.language.speech import digits
from coach.ports import Measure
from coach.records import Workout
from coach.snapshot import Snapshot, Understood
from coach.training.plan import Plan

STALL_S = 2.0
"""A phase brought up this much late: two counts were missed, and with them the lifter."""
BEATS = 9
"""Numbers up to this one are also beats."""
HELP_AFTER = 2
"""From this many utterances in a row that were not understood, say what can be said; then keep quiet."""


SURE = 0.7
"""Confidence from which the words are taken for sure. PocketSphinx, two voices: 1 % of 132 commands in a quiet room
fall below it, 34 % of 156 at 10 dB of noise, and 82 % of what was something else."""
ANSWER_S = 5.0
"""Without an answer in that time a running set goes on."""


class Conversation:
    """One session with one lifter."""

    def __init__(
        self,
        pack: Pack,
        grammar: Grammar,
        plan: Plan,
        measure: Measure,
        open_speaker: bool = False,
        wake_word: bool = False,
    ) -> None:
        """`open_speaker`: the microphone hears the coach, so its own words are not taken for answers.

        `wake_word`: other people talk in the room, so commands begin with it where nothing was asked.
        """
        self._desk = desk = Desk(pack, plan, measure)
        self._grammar = grammar
        self._open_speaker = open_speaker
        self._attention = Attention(desk, open_speaker, wake_word)
        self._resting = Resting(desk)
        self._telling = Telling(desk, self._resting, wake_word)
        self._set = TrainingSet(desk, self._resting)
        self._walkthrough = Walkthrough(desk)
        self._adjusting = Adjusting(desk, self._set.counting, self._resting)
        self._listening = ListenFor(frozenset())
        self._asked: str | None = None
        """Intent that a yes-or-no question is about."""
        self._owed: tuple[Line, ...] = ()
        """What the lifter had not heard when it was asked."""
        self._not_understood = 0
        self._utterances = Utterances()
        self._understood: Understood | None = None
        self._ended = False
        self._unwritten = False
        """The journal failed, and the lifter has not been told."""

    @property
    def state(self) -> str:
        """Such as "set.lowering"."""
        return self._desk.moves.state

    def snapshot(self) -> Snapshot:
        """The conversation after the event it received last."""
        return snapshots.take(self._desk, self._set.counting.phase, self._understood, self._ended)

    @property
    def ended(self) -> bool:
        """True once `End` was returned."""
        return self._ended

    def next_deadline(self) -> float | None:
        """Session seconds at which `receive` wants to be called with `TimePassed` if nothing happens before."""
        return self._desk.deadlines.next()

    def receive(self, event: Event) -> tuple[Command, ...]:
        """Take one event; what is to be done about it."""
        desk = self._desk
        desk.out = []
        desk.now = event.at
        self._mind_the_clock(event.at)
        desk.deadlines.run_due(event.at)
        desk.floor.forget_before(event.at)
        if desk.out:
            # The coach has spoken, or moved on: an old question is no longer asked.
            self._asked = None
            self._listen()
        match event:
            case SessionStarted(at):
                self._attention.greeted(self._telling.with_hint(at, "greeting"))
            case Heard():
                self._hear(event)
            case MicrophoneLost(at):
                self._interrupt(at)
                desk.say(at, "fault.microphone_lost")
            case SpeakerLost(at):
                self._interrupt(at)
            case HearingRestarted(at, lost=True):
                self._ask_again(at)
            case HearingFailed(at):
                self._interrupt(at)
                self._close(at)
                self._end(at, desk.say(at, "fault.hearing"))
            case MicrophoneFound(at):
                self._back(at, "fault.microphone_back")
            case SpeakerFound(at):
                self._back(at, "fault.speaker_back")
            case JournalFailed():
                self._unwritten = True
            case TimePassed() | SpeechFinished() | VoiceFailed() | HearingRestarted():
                pass
        self._tell_of_the_journal(event.at)
        self._listen()
        return tuple(desk.out)

    def _listen(self) -> None:
        if self._ended:
            return
        wanted = self._attention.wanted(self._asked is not None)
        if wanted != self._listening:
            self._listening = wanted
            self._desk.out.append(wanted)

    def _hear(self, heard: Heard) -> None:
        """Carry out what an utterance, or its beginning, means, unless it was the coach's own."""
        desk = self._desk
        parent = desk.moves.parent
        meaning = Meaning(self._grammar, self._listening, lambda name: policy.is_urgent(desk.pack, name, parent))
        decision = self._utterances.take(
            heard.utterance, meaning.of(heard.text), final=heard.final, own=self._is_own(heard)
        )
        if decision.missed:
            self._miss(heard)
        for intent in decision.acts:
            self._not_understood = 0
            self._attention.understood()
            self._understood = Understood(heard.at, heard.text, intent.name, dict(intent.slots))
            if intent.name != WAKE:
                self._act(heard.at, intent, heard.confidence >= SURE)
            elif desk.moves.parent != State.SET and not desk.floor.speaking(heard.at):
                desk.say(heard.at, "wake.answer")

    def _is_own(self, heard: Heard) -> bool:
        """By ear (nobody else was heard: its own voice, misheard), or by its words."""
        return self._open_speaker and (not heard.others or self._desk.floor.is_echo(heard.text, heard.began))

    def _miss(self, heard: Heard) -> None:
        """Speech, but nothing that can be meant now: to somebody who waits, one reprompt, then help, then silence."""
        desk = self._desk
        if not self._attention.expects(heard) or (self._open_speaker and not heard.others):
            return
        self._not_understood += 1
        every = self._grammar.intents
        behind_wake = every if self._listening.after_wake else frozenset()
        if self._grammar.understand(heard.text, every, behind_wake) is not None:
            desk.say(heard.at, "not_now")
        elif self._not_understood < HELP_AFTER:
            desk.say(heard.at, "not_understood")
        elif self._not_understood == HELP_AFTER:
            self._telling.help(heard.at)

    def _act(self, now: float, intent: Intent, sure: bool) -> None:
        """Carry out what was meant; what loses something only if the words are sure, else ask."""
        desk, group = self._desk, self._desk.pack.groups[intent.name]
        # Whatever is said to a question, it has been answered; unless the lifter wants to hear it again.
        asked, self._asked = self._asked, self._asked if intent.name == "Repeat" else None
        if group == Group.SAFETY:
            if intent.name == "Stop":
                self._set.stop(now)
            else:
                self._set.pain(now, intent.name)
            return
        running = desk.moves.parent == State.SET
        if running and (group == Group.QUESTION or intent.name in _TOLD):
            self._answer_in_set(now, intent)
            return
        if intent.name != "Repeat":
            desk.turn.clear()
        owed = () if running else self._set.give_way(now) or self._owed
        self._owed = ()
        match group:
            case Group.REPORT:
                self._set.report(now, intent.name)
                return
            case Group.SETTING:
                self._adjusting.carry_out(now, intent)
            case Group.QUESTION:
                self._answer(now, intent)
            case _:
                self._control(now, intent.name, sure, asked)
        if self._asked is None:
            self._set.make_good(now, owed)
        else:
            self._owed = owed

    def _answer(self, now: float, intent: Intent) -> None:
        answer = self._desk.pack.answers[intent.name]
        self._desk.why = None
        tempo = self._desk.plan.tempo
        self._desk.say_line(now, answer.line, tempo=digits(*astuple(tempo)))

    def _answer_in_set(self, now: float, intent: Intent) -> None:
        """A short answer goes between the counts; a longer one breaks the set, which is then taken up again."""
        desk = self._desk
        if intent.name == "RepsLeft":
            left = max(0, desk.plan.reps - desk.progress.rep)
            line = desk.pack.prompts["status.left_cue"]
            # The bare number only where it can be no beat.
            for text in line.say if left > BEATS else line.say[:1]:
                if self._set.counting.put_in(now, text.format(reps=in_words(left)), line.id):
                    return
        if intent.name == "Help":
            self._set.break_for(now)
            self._set.go_on_after(desk.say(now, "help.set"))
            return
        self._set.break_for(now)
        desk.turn.clear()
        if desk.pack.groups[intent.name] == Group.QUESTION:
            self._answer(now, intent)
        else:
            self._control(now, intent.name)
        self._set.go_on_after(desk.floor.next_free(now))

    def _control(  # noqa: PLR0912  one arm an intent
        self, now: float, name: str, sure: bool = True, asked: str | None = None
    ) -> None:
        """`asked`: what a yes-or-no question was about that was waiting; to say that again is a yes."""
        desk, parent = self._desk, self._desk.moves.parent
        confirmed = asked is not None and name in ("Yes", asked)
        if asked is not None and confirmed:
            name = asked
        match name:
            case "SetUp":
                self._resting.leave()
                self._set.forget_words()
                self._walkthrough.begin(now)
            case "StartSet":
                self._set.start(now)
            case "Next" | "Skip" if parent == State.SETUP:
                self._walkthrough.next(now)
            case "Next" if parent == State.READY:
                self._set.start(now)
            case "SkipRest" | "Skip" | "Next":
                self._resting.skip(now)
            case "MoreRest":
                self._resting.more(now)
            case "Pause":
                self._set.pause(now)
            case "Resume":
                self._set.resume(now)
            case "FinishSet" if sure or confirmed:
                self._set.finish(now)
            case "FinishSet":
                self._ask(now, name, "finish.confirm")
            case "EndWorkout" if confirmed or (sure and not self._would_lose()):
                self._say_goodbye(now)
            case "EndWorkout":
                self._ask(now, name, "end.confirm")
            case "No" if asked is not None:
                desk.say(now, "end.cancelled")
            case "Repeat":
                self._telling.repeat(now)
            case "Why":
                self._telling.why(now)
            case "Help":
                self._telling.help(now)
            case "RepsLeft":
                self._telling.left(now)
            case "WhichSet":
                self._telling.set(now)

    def _would_lose(self) -> bool:
        """Whether sets of the plan are still to come in a workout that was begun."""
        desk = self._desk
        begun = desk.progress.done or desk.progress.open
        return bool(begun) and len(desk.progress.done) < desk.plan.sets and desk.moves.parent != State.FINISHED

    def _ask(self, now: float, intent: str, question: str) -> None:
        """Ask whether this was meant. Nothing is counted while it waits; a set that was running then goes on."""
        desk = self._desk
        self._asked = intent
        running = desk.moves.parent == State.SET
        if running:
            self._set.break_for(now)
        desk.deadlines.cancel("resume")
        asked = desk.say(now, question)
        if running:
            self._set.go_on_after(asked + ANSWER_S)

    def _say_goodbye(self, now: float) -> None:
        desk = self._desk
        told = desk.moves.state == State.FINISHED
        self._close(now)
        if not told:
            desk.say_summary(now)
        self._tell_of_the_journal(now)
        self._end(now, desk.say(now, "goodbye"))

    def _close(self, now: float) -> None:
        """Nothing counts any more, and what was done is written down."""
        desk = self._desk
        self._set.end(now)
        desk.moves.fire(Move.FINISH)
        desk.record(Workout(now, len(desk.progress.done), desk.progress.reps_done))

    def _end(self, now: float, last_word: float) -> None:
        """The session is over when this has been said."""
        self._desk.deadlines.clear()
        self._desk.out.append(End(max(now, last_word)))
        self._ended = True

    def _interrupt(self, now: float) -> None:
        """The coach cannot hear, or cannot be heard: it does not count on."""
        if self._desk.moves.parent == State.SET:
            self._set.break_for(now)
        self._desk.deadlines.cancel("resume", "more words")
        self._desk.silence(now)

    def _mind_the_clock(self, now: float) -> None:
        """Time passed without us, in a set: the count is lost, and is not caught up with."""
        due = self._desk.deadlines.next()
        if due is None or now - due < STALL_S or self._desk.moves.parent != State.SET:
            return
        # The next phase's words were laid ahead and have been heard; with them, perhaps, the number of the repetition.
        self._desk.deadlines.run_once(frozenset({"phase", "rep"}), now)
        if self._desk.moves.parent != State.SET:
            # It was the last one.
            return
        self._set.break_for(now)
        self._desk.say(now, "fault.clock")
        self._desk.say(now, "pause.resume_hint")

    def _tell_of_the_journal(self, now: float) -> None:
        """Once, and not before the catches are in."""
        racked = self._desk.moves.parent in (State.IDLE, State.SETUP, State.READY, State.RESTING, State.FINISHED)
        if self._unwritten and racked and not self._ended:
            self._unwritten = False
            self._desk.say(now, "fault.journal")

    def _ask_again(self, now: float) -> None:
        """Something was said and is lost. While the set runs, or is about to go on, it may have been "stop"."""
        desk = self._desk
        if desk.moves.parent == State.SET or desk.deadlines.is_set("resume"):
            self._set.pause(now, desk.pack.prompts["fault.hearing_back"])
        elif not desk.deadlines.is_set("more words"):
            # The way on is said after words that wait; before them comes silence, for the platform.
            desk.say(now, "fault.hearing_back")

    def _back(self, now: float, prompt: str) -> None:
        """It can again: say so, and how to go on."""
        if self._desk.moves.parent == State.SET:
            return
        self._desk.say(now, prompt)
        if self._desk.moves.parent == State.PAUSED:
            self._desk.say(now, "pause.resume_hint")


_TOLD = {"RepsLeft", "WhichSet", "Help"}
"""Control intents that are answered with a sentence."""
