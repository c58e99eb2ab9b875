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
from coach.dialogue.attention import Attention
from coach.dialogue.confirming import Request
from coach.dialogue.context import Context
from coach.dialogue.intents import row_of
from coach.dialogue.scenes import Scenes
from coach.dialogue.states import State
from coach.dialogue.utterances import Interpreter, UtteranceTracker
from coach.events import Event, Heard, HearingFailed, Requested, SessionStarted, SpeechFinished, TimePassed, VoiceFailed
from coach.language.grammar import WAKE_INTENT, Grammar, Intent
from coach.language.matching import normalised
from coach.ports import Measure
from coach.snapshot import Snapshot, Understood
from coach.training.past import Past
from coach.training.plan import Plan
from coach.training.plates import Machine

MAX_REPROMPTS = 2
"""Number of utterances in a row that are answered although they were not understood: after the first the coach says
what can be said, after this one that it did not understand. Then it stays silent."""
NO_PAST = Past()
NO_PREFERENCES: Mapping[str, str] = MappingProxyType({})
SURE_CONFIDENCE = 0.7
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
        past: Past = NO_PAST,
        preferences: Mapping[str, str] = NO_PREFERENCES,
        machine: Machine | None = None,
        several_lifters: bool = False,
    ) -> None:
        """`open_speaker`: the microphone hears the coach, so the coach's own words are not taken for answers.

        `wake_word`: other people talk in the room, so commands begin with the grammar's wake word where nothing was
        asked. `past`: what was trained before today. `preferences`: how the coach talks, as in the journal
        (`ports.History.preferences`); preferences for the plan are already in `plan`. `machine`: which plates there
        are, if that is known. `several_lifters`: they train one after the other.
        """
        self._context = context = Context.begin(pack, plan, measure, past)
        context.workout.several_lifters = several_lifters
        called_by = grammar.wake_word if wake_word else None
        self._pack = pack
        self._grammar = grammar
        self._open_speaker = open_speaker
        self._workout = context.workout
        self._saying = context.saying
        self._deadlines = context.deadlines
        self._outbox = context.outbox
        self._scenes = scenes = Scenes(context, preferences, machine, called_by)
        self._attention = Attention(context, scenes.training_set.continuation, open_speaker, called_by)
        self._live = ListenFor(frozenset())
        self._misunderstood_in_row = 0
        self._requests = 0
        """Number of requests of other programs so far. Their utterances have numbers that no recogniser gives."""
        self._tracker = UtteranceTracker()
        self._understood: Understood | None = None

    @property
    def state(self) -> str:
        """The state of the conversation, such as "set.lowering"."""
        return self._workout.state_machine.state

    def snapshot(self) -> Snapshot:
        """A snapshot of the conversation after the event that was received last."""
        return snapshots.take(self._context, self._scenes.resting.rest, self._understood, self.ended)

    @property
    def ended(self) -> bool:
        """Whether `End` was returned."""
        return self._scenes.ending.ended

    def next_deadline(self) -> float | None:
        """Session seconds at which `receive` must be called with `TimePassed` if no event comes before."""
        return self._deadlines.earliest()

    def receive(self, event: Event) -> tuple[Command, ...]:
        """Take one event; returns what to do about it."""
        self._outbox.open(event.at)
        self._scenes.faults.check_clock(event.at)
        asked = self._scenes.confirming.question
        self._deadlines.run_due(event.at)
        self._saying.floor.forget_before(event.at)
        if self._outbox.commands:
            # The coach has spoken or moved on, so a question from before is no longer asked.
            self._scenes.confirming.drop(asked)
            self._update_live()
        self._handle(event)
        self._scenes.preferences.write(event.at)
        if not self.ended:
            self._scenes.faults.say_pending(event.at)
            self._update_live()
        return tuple(self._outbox.commands)

    def _handle(self, event: Event) -> None:
        match event:
            case SessionStarted(at, sound_recorded, without_greeting):
                if sound_recorded:
                    # Say this before anything is said to the microphone, and again if it is cut.
                    self._saying.say_until_heard(at, "sound.kept")
                self._scenes.greeting.begin(at)
                if not without_greeting:
                    self._scenes.greeting.greet(at)
                self._attention.greeted_until = self._saying.floor.next_free(at)
            case Heard():
                self._hear(event, self._live, own_voice=self._is_own_voice(event))
            case Requested():
                self._request(event)
            case HearingFailed(at):
                self._scenes.ending.end_without_hearing(at)
            case TimePassed() | SpeechFinished() | VoiceFailed():
                pass
            case _:
                self._scenes.faults.handle(event)

    def _update_live(self) -> None:
        wanted = self._attention.what_to_hear(self._scenes.confirming.is_asking, self._scenes.confirming.answer_intents)
        if wanted != self._live:
            self._live = wanted
            self._outbox.put(wanted)

    def _request(self, requested: Requested) -> None:
        """Carry out a request as if the lifter had called the coach and said it. What is not live now does nothing."""
        self._requests += 1
        heard = Heard(
            requested.at, requested.at, normalised(requested.text), 1.0, utterance=-self._requests, final=True
        )
        live = ListenFor(self._live.intents | self._live.after_wake_word)
        if Interpreter(self._grammar, live, lambda _: False).interpret(heard.text):
            self._hear(heard, live, own_voice=False)

    def _hear(self, heard: Heard, live: ListenFor, *, own_voice: bool) -> None:
        """Carry out what an utterance, or the beginning of one, means, unless the coach's own voice was heard."""
        state = self._workout.state
        interpreter = Interpreter(
            self._grammar, live, lambda name: policy.is_urgent(self._pack, name, state), self._workout.in_set
        )
        meant = interpreter.interpret(heard.text)
        decision = self._tracker.decide(heard.utterance, meant, final=heard.final, own_voice=own_voice)
        if decision.not_understood and not self._act_on_subject(heard, interpreter):
            self._reprompt(heard)
        for number, intent in enumerate(policy.in_order(self._pack, decision.acts)):
            if self._scenes.faults.mute and not policy.is_safety(self._pack, intent.name):
                continue
            if number and not self._still_possible(intent):
                break
            self._misunderstood_in_row = 0
            self._attention.has_understood = True
            self._scenes.alarm.answered(heard.at)
            self._understood = Understood(heard.at, heard.text, intent.name, dict(intent.slots))
            if intent.name != WAKE_INTENT:
                is_sure = heard.confidence >= SURE_CONFIDENCE
                self._carry_out(heard.at, intent, is_sure, same_breath=number > 0, began=heard.began)
            elif not self._workout.in_set and not self._saying.floor.is_taken(heard.at):
                self._saying.say(heard.at, "wake.answer")

    def _still_possible(self, intent: Intent) -> bool:
        """Whether an intent is live after the others of its breath, and no question waits and the session goes on."""
        workout = self._workout
        live = policy.live_intents(
            self._pack,
            workout.state,
            question_waits=False,
            without_beat=workout.without_beat,
            several_lifters=workout.several_lifters,
        )
        return not self.ended and not self._scenes.confirming.is_asking and intent.name in live

    def _is_own_voice(self, heard: Heard) -> bool:
        """Whether the coach's own voice was heard: by ear (nobody else was heard) or by its words."""
        return self._open_speaker and (not heard.others_heard or self._saying.floor.is_echo(heard.text, heard.began))

    def _act_on_subject(self, heard: Heard, interpreter: Interpreter) -> bool:
        """Act on words that no template holds if their subject is clear; returns False if it is not.

        In a running set an urgent intent is carried out at once. Elsewhere the coach asks whether it was meant.
        """
        words = heard.free_text or heard.text
        subject = interpreter.find_subject(words)
        if subject is None or self._is_own_voice(replace(heard, text=normalised(words))):
            return False
        intent, acts_now = subject
        if acts_now:
            self._carry_out(heard.at, intent, is_sure=True, same_breath=False)
            self._understood = Understood(heard.at, words, intent.name, {})
            return True
        if self._workout.in_set or not self._attention.is_answer_expected(heard):
            return False
        self._misunderstood_in_row = 0
        yes = partial(self._carry_out, intent=intent, is_sure=True, same_breath=False)
        self._scenes.confirming.ask_to_confirm(heard.at, intent.name, self._pack.asks[intent.name], yes)
        return True

    def _reprompt(self, heard: Heard) -> None:
        """Answer words that were not understood, if somebody waits for an answer: first what can be said, then a
        reprompt, then nothing."""
        if not self._attention.is_answer_expected(heard) or (self._open_speaker and not heard.others_heard):
            return
        self._misunderstood_in_row += 1
        if self._misunderstood_in_row > MAX_REPROMPTS:
            return
        turn_lines, continuation = list(self._saying.turn_lines), self._scenes.training_set.continuation
        question = self._scenes.confirming.question
        if self._misunderstood_in_row == MAX_REPROMPTS:
            self._saying.say(heard.at, "not_understood")
        elif continuation.question_id:
            continuation.ask_again(heard.at)
        elif question is not None and question.hint_prompt:
            self._saying.say(heard.at, question.hint_prompt)
        else:
            self._scenes.answering.say_help(heard.at)
        # The word "repeat" asks for what was said before these words.
        self._saying.turn_lines = turn_lines

    def _carry_out(
        self, now: float, intent: Intent, is_sure: bool, same_breath: bool, began: float | None = None
    ) -> None:
        """Carry out an intent as its row says.

        `same_breath`: it was said in one breath after another intent, whose answer is not cut. `began`: when the lifter
        began to speak, where that is known.
        """
        row = row_of(intent.name, self._pack.groups[intent.name])
        confirming, continuation = self._scenes.confirming, self._scenes.training_set.continuation
        if self._workout.state not in row.acts_in and not confirming.is_asking:
            return
        question = confirming.take_question(keep=row.repeats or confirming.keeps_waiting_after(row.group))
        request = Request(now, intent, is_sure, question, same_breath, now if began is None else began)
        if row.group is Group.SAFETY:
            row.action(self._scenes, request)
            return
        running = self._workout.in_set
        if running and row.action_in_set is not None:
            row.action_in_set(self._scenes, request)
            return
        if not (row.repeats or same_breath):
            self._saying.turn_lines.clear()
        unheard = () if running or same_breath else continuation.interrupt(now) or confirming.lines_to_repeat
        confirming.lines_to_repeat = ()
        step = self._workout.state_machine.state
        row.action(self._scenes, request)
        if row.asks_next_step and self._workout.state is State.SETUP and self._workout.state_machine.state == step:
            self._saying.say_unrepeated(now, "setup.ask")
        if confirming.is_asking:
            confirming.lines_to_repeat = unheard
        elif not self.ended:
            continuation.say_unheard(now, unheard)
