"""The conversation: events in, commands out. It has no IO, no clock, no thread and no randomness.

Law: `receive` first carries out what was due before the event, then the event. It returns the commands of both in the
order in which they are carried out. No event is earlier than the event received before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from coach.commands import Command, ListenFor
from coach.content.model import Pack
from coach.content.schema import Group
from coach.dialogue import policy, snapshots
from coach.dialogue.adjusting import Adjusting
from coach.dialogue.alarm import Alarm
from coach.dialogue.asides import Asides
from coach.dialogue.attention import Attention
from coach.dialogue.confirming import Confirming, Request
from coach.dialogue.context import Context
from coach.dialogue.effort import Effort
from coach.dialogue.ending import Ending
from coach.dialogue.faults import Faults
from coach.dialogue.greeting import Greeting
from coach.dialogue.hurt import Hurt
from coach.dialogue.intents import row_of
from coach.dialogue.loading import Loading
from coach.dialogue.logbook import Logbook
from coach.dialogue.preferences import Preferences
from coach.dialogue.resting import Resting
from coach.dialogue.scenes import Scenes
from coach.dialogue.states import State
from coach.dialogue.structuring import Structuring
from coach.dialogue.stuck import Stuck
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.dialogue.utterances import Meaning, Utterances
from coach.dialogue.walkthrough import Walkthrough
from coach.events import (
    Event,
    Heard,
    HearingFailed,
    Requested,
    SessionStarted,
    SpeechFinished,
    TimePassed,
    VoiceFailed,
)
from coach.language.grammar import WAKE, Grammar, Intent
from coach.language.matching import plain
from coach.ports import Measure
from coach.snapshot import Snapshot, Understood
from coach.training.past import Past
from coach.training.plan import Plan
from coach.training.plates import Machine

REPROMPT = 2
"""Number of utterances in a row that are answered although they were not understood: after the first the coach says
what can be said, after this one that it did not understand. Then it stays silent."""
NOTHING = Past()
NOTHING_WANTED: Mapping[str, str] = MappingProxyType({})
SURE = 0.7
"""Confidence from which words count as sure. With Moonshine and synthetic voices these are below it: 1 % of 95 commands
in a quiet room; on an exercise bike at 10 dB, 9 % of 108 commands and 39 % of utterances that were something else."""


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
        past: Past = NOTHING,
        wanted: Mapping[str, str] = NOTHING_WANTED,
        machine: Machine | None = None,
        corner: bool = False,
    ) -> None:
        """`open_speaker`: the microphone hears the coach, so the coach's own words are not taken for answers.

        `wake_word`: other people talk in the room, so commands begin with the grammar's wake word where nothing was
        asked. `past`: what was trained before today. `wanted`: the lifter's preferences for how the coach talks, as in
        the journal (`ports.History.preferences`); those for the plan are already in `plan`. `machine`: which plates
        there are, if that is known. `corner`: several lifters train one after the other.
        """
        self._context = context = Context.begin(pack, plan, measure, past)
        context.workout.corner = corner
        self._preferences = Preferences(context, wanted)
        logbook = Logbook(context)
        resting = Resting(context, logbook)
        called = grammar.wake_word if wake_word else None
        telling = Telling(context, resting, called)
        training_set = TrainingSet(context, resting, telling)
        self._pack = pack
        self._grammar = grammar
        self._open_speaker = open_speaker
        self._workout = context.workout
        self._saying = context.saying
        self._deadlines = context.deadlines
        self._outbox = context.outbox
        self._attention = Attention(context, training_set.going_on, open_speaker, called)
        self._faults = Faults(context, training_set)
        self._ending = Ending(context, training_set, telling, self._faults)
        confirming = Confirming(context, training_set, self._ending, logbook)
        loading = Loading(context, logbook, machine)
        effort = Effort(context, logbook, loading, confirming)
        training_set.fulfilled.append(effort.ask)
        self._alarm = Alarm(context)
        hurt = Hurt(context, training_set, self._ending, self._alarm)
        self._scenes = Scenes(
            workout=context.workout,
            greeting=Greeting(context, telling, training_set, confirming, hurt, logbook, self._preferences),
            walkthrough=Walkthrough(context),
            set=training_set,
            resting=resting,
            telling=telling,
            asides=Asides(context, training_set, telling),
            adjusting=Adjusting(context, training_set.counting, logbook),
            loading=loading,
            logbook=logbook,
            effort=effort,
            structuring=Structuring(context, training_set, logbook),
            confirming=confirming,
            hurt=hurt,
            stuck=Stuck(context, training_set, telling, self._alarm),
        )
        self._listening = ListenFor(frozenset())
        self._not_understood = 0
        self._requests = 0
        """Number of requests of other programs so far. Their utterances have numbers that no recogniser gives."""
        self._utterances = Utterances()
        self._understood: Understood | None = None

    @property
    def state(self) -> str:
        """The state of the conversation, such as "set.lowering"."""
        return self._workout.moves.state

    def snapshot(self) -> Snapshot:
        """A snapshot of the conversation after the event that was received last."""
        return snapshots.take(self._context, self._scenes.resting.rest, self._understood, self.ended)

    @property
    def ended(self) -> bool:
        """Whether `End` was returned."""
        return self._ending.ended

    def next_deadline(self) -> float | None:
        """Session seconds at which `receive` must be called with `TimePassed` if no event comes before."""
        return self._deadlines.next()

    def receive(self, event: Event) -> tuple[Command, ...]:
        """Take one event; returns what to do about it."""
        self._outbox.open(event.at)
        self._faults.check_clock(event.at)
        asked = self._scenes.confirming.question
        self._deadlines.run_due(event.at)
        self._saying.floor.forget_before(event.at)
        if self._outbox.commands:
            # The coach has spoken or moved on, so a question from before is no longer asked.
            self._scenes.confirming.drop(asked)
            self._listen()
        self._take(event)
        self._preferences.write(event.at)
        if not self.ended:
            self._faults.say_later(event.at)
            self._listen()
        return tuple(self._outbox.commands)

    def _take(self, event: Event) -> None:
        match event:
            case SessionStarted(at, sound_recorded, without_greeting):
                if sound_recorded:
                    # Say this before anything is said to the microphone, and again if it is cut.
                    self._saying.owe(at, "sound.kept")
                self._scenes.greeting.begin(at)
                if not without_greeting:
                    self._scenes.greeting.greet(at)
                self._attention.greeted(self._saying.floor.next_free(at))
            case Heard():
                self._hear(event, self._listening, own=self._is_own(event))
            case Requested():
                self._request(event)
            case HearingFailed(at):
                self._ending.hearing_failed(at)
            case TimePassed() | SpeechFinished() | VoiceFailed():
                pass
            case _:
                self._faults.take(event)

    def _listen(self) -> None:
        wanted = self._attention.wanted(self._scenes.confirming.asks, self._scenes.confirming.answers)
        if wanted != self._listening:
            self._listening = wanted
            self._outbox.put(wanted)

    def _request(self, requested: Requested) -> None:
        """Carry out a request as if the lifter had called the coach and said it. What is not live now does nothing."""
        self._requests += 1
        heard = Heard(requested.at, requested.at, plain(requested.text), 1.0, utterance=-self._requests, final=True)
        live = ListenFor(self._listening.intents | self._listening.after_wake_word)
        if Meaning(self._grammar, live, lambda _: False).of(heard.text):
            self._hear(heard, live, own=False)

    def _hear(self, heard: Heard, live: ListenFor, *, own: bool) -> None:
        """Carry out what an utterance, or the beginning of one, means, unless the coach's own voice was heard."""
        state = self._workout.state
        meaning = Meaning(
            self._grammar,
            live,
            lambda name: policy.is_urgent(self._pack, name, state),
            self._workout.in_set,
        )
        decision = self._utterances.take(heard.utterance, meaning.of(heard.text), final=heard.final, own=own)
        if decision.missed and not self._is_about(heard, meaning):
            self._miss(heard)
        for number, intent in enumerate(policy.in_order(self._pack, decision.acts)):
            if self._faults.mute and not policy.is_safety(self._pack, intent.name):
                continue
            if number and not self._still_possible(intent):
                break
            self._not_understood = 0
            self._attention.understood()
            self._alarm.answered(heard.at)
            self._understood = Understood(heard.at, heard.text, intent.name, dict(intent.slots))
            if intent.name != WAKE:
                self._act(heard.at, intent, heard.confidence >= SURE, follows=number > 0, began=heard.began)
            elif not self._workout.in_set and not self._saying.floor.speaking(heard.at):
                self._saying.say(heard.at, "wake.answer")

    def _still_possible(self, intent: Intent) -> bool:
        """Whether an intent is still possible after the others of the same breath: it is live, and the coach has not
        asked a question or ended the session."""
        workout = self._workout
        live = policy.live(self._pack, workout.state, asked=False, moving=workout.moving, corner=workout.corner)
        return not self.ended and not self._scenes.confirming.asks and intent.name in live

    def _is_own(self, heard: Heard) -> bool:
        """Whether the coach's own voice was heard: by ear (nobody else was heard) or by its words."""
        return self._open_speaker and (not heard.others_heard or self._saying.floor.is_echo(heard.text, heard.began))

    def _is_about(self, heard: Heard, meaning: Meaning) -> bool:
        """Whether words that no template holds were clearly about something.

        In a running set something urgent is carried out at once. Elsewhere the coach asks whether it was meant.
        """
        words = heard.free_text or heard.text
        about = meaning.about(words)
        if about is None or self._is_own(replace(heard, text=plain(words))):
            return False
        intent, acts = about
        if acts:
            self._act(heard.at, intent, sure=True, follows=False)
            self._understood = Understood(heard.at, words, intent.name, {})
            return True
        if self._workout.in_set or not self._attention.expects(heard):
            return False
        self._not_understood = 0
        yes = partial(self._act, intent=intent, sure=True, follows=False)
        self._scenes.confirming.ask_whether(heard.at, intent.name, self._pack.asks[intent.name], yes)
        return True

    def _miss(self, heard: Heard) -> None:
        """Answer words that were not understood, if somebody waits for an answer: first what can be said, then a
        reprompt, then nothing."""
        if not self._attention.expects(heard) or (self._open_speaker and not heard.others_heard):
            return
        self._not_understood += 1
        turn, going_on = list(self._saying.turn), self._scenes.set.going_on
        question = self._scenes.confirming.question
        if self._not_understood == REPROMPT:
            self._saying.say(heard.at, "not_understood")
        elif self._not_understood < REPROMPT and going_on.question:
            going_on.again(heard.at)
        elif self._not_understood < REPROMPT and question is not None and question.hint:
            self._saying.say(heard.at, question.hint)
        elif self._not_understood < REPROMPT:
            self._scenes.telling.help(heard.at)
        # `repeat` says what was said before these words.
        self._saying.turn = turn

    def _act(self, now: float, intent: Intent, sure: bool, follows: bool, began: float | None = None) -> None:
        """Carry out an intent as its row says.

        `follows`: it was said in one breath after another intent, whose answer is not cut. `began`: when the lifter
        began to speak, where that is known.
        """
        row = row_of(intent.name, self._pack.groups[intent.name])
        confirming, going_on = self._scenes.confirming, self._scenes.set.going_on
        if self._workout.state not in row.acts_in and not confirming.asks:
            return
        question = confirming.take(keep=row.repeats or confirming.stays(row.group))
        request = Request(now, intent, sure, question, follows, now if began is None else began)
        if row.group is Group.SAFETY:
            row.does(self._scenes, request)
            return
        running = self._workout.in_set
        if running and row.in_set is not None:
            row.in_set(self._scenes, request)
            return
        if not (row.repeats or follows):
            self._saying.turn.clear()
        owed = () if running or follows else going_on.give_way(now) or confirming.owed
        confirming.owed = ()
        step = self._workout.moves.state
        row.does(self._scenes, request)
        if row.asks_next and self._workout.state is State.SETUP and self._workout.moves.state == step:
            self._saying.add(now, "setup.ask")
        if confirming.asks:
            confirming.owed = owed
        elif not self.ended:
            going_on.make_good(now, owed)
