"""The conversation: events in, commands out. No IO, no clock, no thread, no chance.

Law: `receive` first carries out what fell due before the event, then the event; the commands of both are returned in
the order in which they are to be carried out. An event never lies before the one received last.
"""

from __future__ import annotations

from dataclasses import astuple

from coach.commands import Command, End, ListenFor
from coach.content.model import Pack
from coach.dialogue import policy, states
from coach.dialogue.adjusting import Adjusting
from coach.dialogue.desk import Desk
from coach.dialogue.resting import Resting
from coach.dialogue.training_set import TrainingSet
from coach.dialogue.walkthrough import Walkthrough
from coach.events import (
    Event,
    Heard,
    HearingFailed,
    MicrophoneFound,
    MicrophoneLost,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
    SpeechFinished,
    TimePassed,
    VoiceFailed,
)
from coach.language.grammar import Grammar, Intent
from coach.language.numbers import in_words
from coach.language.speech import digits, duration, repetitions, sets
from coach.ports import Measure
from coach.training.plan import Plan

BEATS = 9
"""Numbers up to this one are also beats."""
HELP_AFTER = 2
"""From this many utterances in a row that were not understood, say what can be said; then keep quiet."""


class Conversation:
    """One session with one lifter."""

    def __init__(self, pack: Pack, grammar: Grammar, plan: Plan, measure: Measure, open_speaker: bool = False) -> None:
        """`open_speaker`: the microphone hears the coach, so its own words are not taken for answers."""
        self._desk = desk = Desk(pack, plan, measure)
        self._grammar = grammar
        self._open_speaker = open_speaker
        self._resting = Resting(desk)
        self._set = TrainingSet(desk, self._resting)
        self._walkthrough = Walkthrough(desk)
        self._adjusting = Adjusting(desk, self._set.counting, self._resting)
        self._listening: frozenset[str] = frozenset()
        self._asked_to_end = False
        self._not_understood = 0
        self._acted: dict[int, str] = {}
        """Utterance -> intent that a partial of it set off."""
        self._ended = False

    @property
    def state(self) -> str:
        """Such as "set.lowering"."""
        return self._desk.moves.state

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
        desk.deadlines.run_due(event.at)
        desk.floor.forget_before(event.at)
        if desk.out:
            # The coach has spoken, or moved on: an old question is no longer asked.
            self._asked_to_end = False
            self._listen()
        match event:
            case SessionStarted(at):
                desk.say(at, "greeting")
            case Heard():
                self._hear(event)
            case MicrophoneLost(at):
                self._interrupt(at)
                desk.say(at, "fault.microphone_lost")
            case SpeakerLost(at):
                self._interrupt(at)
            case HearingFailed(at):
                self._interrupt(at)
                self._close(at)
                self._end(at, desk.say(at, "fault.hearing"))
            case MicrophoneFound(at):
                self._back(at, "fault.microphone_back")
            case SpeakerFound(at):
                self._back(at, "fault.speaker_back")
            case TimePassed() | SpeechFinished() | VoiceFailed():
                pass
        self._listen()
        return tuple(desk.out)

    def _listen(self) -> None:
        desk = self._desk
        intents = policy.live(desk.pack, desk.moves.parent, desk.progress.open, self._asked_to_end)
        if intents != self._listening:
            self._listening = intents
            desk.out.append(ListenFor(intents))

    def _hear(self, heard: Heard) -> None:
        """Decide what an utterance, or its beginning, means, and whether it was the coach's own."""
        desk = self._desk
        before = self._acted.pop(heard.utterance, None) if heard.final else self._acted.get(heard.utterance)
        intent = self._grammar.understand(heard.text, self._listening)
        if intent is None:
            if heard.final and before is None:
                self._miss(heard)
            return
        if intent.name == before:
            return
        urgent = policy.is_urgent(desk.pack, intent.name, desk.moves.parent)
        if before is not None and not urgent:
            return
        if not (heard.final or urgent):
            return
        if self._is_own(heard):
            return
        if not heard.final:
            self._acted[heard.utterance] = intent.name
        self._not_understood = 0
        self._act(heard.at, intent)

    def _is_own(self, heard: Heard) -> bool:
        """By ear (nobody else was heard: its own voice, misheard), or by its words."""
        return self._open_speaker and (not heard.others or self._desk.floor.is_echo(heard.text, heard.began))

    def _miss(self, heard: Heard) -> None:
        """Speech, but nothing that can be meant now: one reprompt, then help, then silence.

        In a set, and where the lifter has just been told to bring the platform up, silence.
        """
        desk = self._desk
        waiting = desk.deadlines.is_set("more words")
        own = self._open_speaker and (not heard.others or desk.floor.speaking(heard.began))
        if desk.moves.parent == states.SET or waiting or own:
            return
        self._not_understood += 1
        if self._grammar.understand(heard.text, self._grammar.intents) is not None:
            desk.say(heard.at, "not_now")
        elif self._not_understood < HELP_AFTER:
            desk.say(heard.at, "not_understood")
        elif self._not_understood == HELP_AFTER:
            self._help(heard.at)

    def _act(self, now: float, intent: Intent) -> None:
        """Carry out what was meant."""
        desk, group = self._desk, self._desk.pack.groups[intent.name]
        # Whatever is said to a question, it has been answered.
        asked, self._asked_to_end = self._asked_to_end, False
        if group == policy.SAFETY:
            if intent.name == "Stop":
                self._set.stop(now)
            else:
                self._set.pain(now, intent.name)
            return
        running = desk.moves.parent == states.SET
        if running and (group == policy.QUESTION or intent.name in _TOLD):
            self._answer_in_set(now, intent)
            return
        if intent.name != "Repeat":
            desk.turn.clear()
        owed = () if running else self._set.give_way(now)
        match group:
            case policy.REPORT:
                self._set.report(now, intent.name)
                return
            case policy.SETTING:
                self._adjusting.carry_out(now, intent)
            case policy.QUESTION:
                self._answer(now, intent)
            case _:
                self._control(now, intent.name, asked)
        self._set.make_good(now, owed)

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
        if desk.pack.groups[intent.name] == policy.QUESTION:
            self._answer(now, intent)
        else:
            self._control(now, intent.name, asked=False)
        self._set.go_on_after(desk.floor.next_free(now))

    def _control(self, now: float, name: str, asked: bool) -> None:  # noqa: PLR0912  one arm an intent
        """`asked`: a yes-or-no question was waiting."""
        desk, parent = self._desk, self._desk.moves.parent
        match name:
            case "SetUp":
                self._resting.leave()
                self._set.forget_words()
                self._walkthrough.begin(now)
            case "StartSet":
                self._set.start(now)
            case "Next" | "Skip" if parent == states.SETUP:
                self._walkthrough.next(now)
            case "Next" if parent == states.READY:
                self._set.start(now)
            case "SkipRest" | "Skip" | "Next":
                self._resting.skip(now)
            case "MoreRest":
                self._resting.more(now)
            case "Pause":
                self._set.pause(now)
            case "Resume":
                self._set.resume(now)
            case "FinishSet":
                self._set.finish(now)
            case "EndWorkout":
                self._end_workout(now)
            case "Yes" if asked:
                self._say_goodbye(now)
            case "No" if asked:
                desk.say(now, "end.cancelled")
            case "Repeat":
                self._repeat(now)
            case "Why":
                self._why(now)
            case "Help":
                self._help(now)
            case "RepsLeft":
                self._tell_left(now)
            case "WhichSet":
                self._tell_set(now)

    def _repeat(self, now: float) -> None:
        said, self._desk.turn = self._desk.turn, []
        if not said:
            self._desk.say(now, "setup.none")
        for line in said:
            self._desk.say_words(now, line.text, line.source)

    def _why(self, now: float) -> None:
        if self._desk.why is None:
            self._desk.say(now, "setup.none")
        else:
            self._desk.say_line(now, self._desk.why)

    def _help(self, now: float) -> None:
        desk, parent = self._desk, self._desk.moves.parent
        # After pain there is nothing to resume.
        over = parent == states.STOPPED and not desk.progress.open
        desk.say(now, f"help.{states.FINISHED if over else parent}")

    def _tell_left(self, now: float) -> None:
        desk = self._desk
        if desk.progress.open:
            left = max(0, desk.plan.reps - desk.progress.rep)
            desk.say(now, "status.reps_left", reps=repetitions(left))
        elif desk.moves.parent == states.RESTING:
            desk.say(now, "rest.remaining", seconds=duration(self._resting.left(now)))
        else:
            left = max(0, desk.plan.sets - len(desk.progress.done))
            desk.say(now, "status.sets_left", sets=sets(left))

    def _tell_set(self, now: float) -> None:
        desk = self._desk
        number = min(desk.progress.set_number, desk.plan.sets)
        desk.say(now, "status.set", set=in_words(number), sets=in_words(desk.plan.sets))

    def _end_workout(self, now: float) -> None:
        """Ends at once when nothing would be lost; with sets of the plan to come it asks first."""
        desk = self._desk
        begun = desk.progress.done or desk.progress.open
        if begun and len(desk.progress.done) < desk.plan.sets and desk.moves.parent != states.FINISHED:
            self._asked_to_end = True
            # Nothing is counted while it waits for the answer.
            desk.deadlines.cancel("resume")
            desk.say(now, "end.confirm")
        else:
            self._say_goodbye(now)

    def _say_goodbye(self, now: float) -> None:
        desk = self._desk
        told = desk.moves.state == states.FINISHED
        self._close(now)
        if not told:
            desk.say_summary(now)
        self._end(now, desk.say(now, "goodbye"))

    def _close(self, now: float) -> None:
        """Nothing counts any more, and what was done is written down."""
        desk = self._desk
        self._set.end(now)
        desk.moves.fire("finish")
        desk.record(now, "workout", sets=len(desk.progress.done), reps=desk.progress.reps_done)

    def _end(self, now: float, last_word: float) -> None:
        """The session is over when this has been said."""
        self._desk.deadlines.clear()
        self._desk.out.append(End(max(now, last_word)))
        self._ended = True

    def _interrupt(self, now: float) -> None:
        """The coach cannot hear, or cannot be heard: it does not count on."""
        if self._desk.moves.parent == states.SET:
            self._set.break_for(now)
        self._desk.deadlines.cancel("resume", "more words")
        self._desk.silence(now)

    def _back(self, now: float, prompt: str) -> None:
        """It can again: say so, and how to go on."""
        if self._desk.moves.parent == states.SET:
            return
        self._desk.say(now, prompt)
        if self._desk.moves.parent == states.PAUSED:
            self._desk.say(now, "pause.resume_hint")


_TOLD = {"RepsLeft", "WhichSet", "Help"}
"""Control intents that are answered with a sentence."""
