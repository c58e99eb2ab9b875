"""Watches one conversation, event by event, and raises `LawBroken` at the moment when a law does not hold.

Law: the watch knows only what a lifter could know: the events, the commands, the shown state, the live commands.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.commands import FADE_S, Command, DropLines, End, ListenFor, Manner, Say, StopSpeaking, Write
from coach.content.model import Pack
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.saying import DANGER_LINES
from coach.dialogue.states import MOVING, State, outermost_state
from coach.events import Event, Heard, MicrophoneLost, SpeakerFound, SpeakerLost
from coach.language.grammar import Grammar, Intent
from coach.language.numbers import in_words
from coach.ports import Measure
from coach.records import PainReported, RepDone, SessionResumed
from coach.training.past import UnfinishedWorkout
from coach.training.plan import Plan
from lab.proof.beats import Beats
from lab.proof.help import Help
from lab.proof.laws import SLACK_S, Law, LawBroken, silent_past
from lab.proof.ledger import REP, Ledger
from lab.proof.platform import Platform
from lab.proof.questions import QuestionCheck
from lab.proof.rests import RestCheck
from lab.proof.safety_lines import SafetyLines, is_danger_said
from lab.proof.timeline import Timeline, sounded
from lab.rigs.said_lines import SaidLine

_ECHO_S = 10.0
"""Seconds for which a line's echo may be heard: longer than any utterance."""
_ALWAYS = {"Stop", "Stuck", "Pain", "Dizzy", "Help"}
_UNDER_LOAD = (State.SET, State.CORRECTING, State.PAUSED)
_OPEN = (*_UNDER_LOAD, State.STOPPED)
_SAFE = (State.RESTING, State.FINISHED)
"""States after a set."""
_YES = {"Yes", "Better", "Acknowledge", "Done", "FinishSet", "CatchesIn"}
"""Intents by which the lifter says that the danger is over."""
_GO = {
    *("StartSet", "Resume", "Go", "GoOn", "Next", "Yes", "Acknowledge"),
    *("OneMore", "StartOver", "Switch", "Skip", "SkipStage"),
}
"""Intents that ask to go on."""
_BENDS = {"MoreRest", "LessRest", "SetRest", "NoRest", "Undo"}
"""Intents that may change the length of a rest."""
_MADE: list[tuple[Pack, Grammar]] = []


def _without_habits(pack: Pack) -> Grammar:
    """Returns a pack's grammar that allows no words around its phrases; made once, because this takes 0.2 s."""
    for made, grammar in _MADE:
        if made is pack:
            return grammar
    _MADE.append((pack, Grammar(pack.commands)))
    return _MADE[-1][1]


class Watch:
    """Takes every event with the commands and the state that it led to, and checks the laws."""

    def __init__(
        self,
        pack: Pack,
        grammar: Grammar,
        plan: Plan,
        measure: Measure,
        open_speaker: bool = False,
        left: UnfinishedWorkout | None = None,
    ) -> None:
        """`open_speaker`: words that the coach says at the same time may be its echo, which does nothing.

        `left`: a workout that the coach offers to continue.
        """
        self._left = left
        self._open_speaker = open_speaker
        self._pack = pack
        self._grammar = grammar
        self._phrases = _without_habits(pack)
        self._line = Timeline(measure)
        self._ledger = Ledger(pack, plan, left)
        self._rests = RestCheck(pack)
        self._beats = Beats(pack, plan.tempo)
        self._acted: dict[int, set[str]] = {}
        """Intents that have acted in each utterance so far."""
        self._now = 0.0
        self.state: str = State.IDLE
        self.live: frozenset[str] = frozenset()
        self.ended_at: float | None = None
        self.counts = 0
        """Number of counts that sounded."""
        self._said: list[SaidLine] = []
        """Lines whose echo may still be heard; kept only with an open speaker."""
        self._question = QuestionCheck()
        self._held = False
        """Whether nothing may be counted until the lifter asks: after a stop, a pause, a report or a lost device."""
        self._hurt = False
        """Whether danger was reported, and nobody has said that it is over."""
        self._platform = Platform(pack)
        self._safety_lines = SafetyLines(pack)
        self._help = Help(pack)
        self._answers: set[int] = set()
        """Numbers of lines that answer the repetitions of a lifter who moves without a beat."""
        self._moving = False
        """Whether the lifter moves without a beat in this event."""
        self.mute = False
        """Whether the loudspeaker is gone: then only safety words act, and nothing is counted."""

    @property
    def now(self) -> float:
        return self._now

    def coming(self) -> Sequence[SaidLine]:
        """Returns the lines that sound or wait."""
        return tuple(self._line.coming)

    @property
    def bonds(self) -> tuple[bool, bool]:
        """Whether a stop holds the count, and whether pain does."""
        return self._held, self._hurt

    @property
    def done(self) -> tuple[bool, int]:
        """Whether a repetition of the open set is done, and the number of sets that are done, at most two."""
        return self._ledger.rep > 0, min(2, len(self._ledger.done))

    def busy_until(self) -> float:
        """Returns when everything that was said so far has been heard."""
        return self._line.busy_until(self._now)

    def received(self, event: Event, commands: Sequence[Command], state: str, due: float | None, stalled: bool) -> None:
        """Checks one event. `due`: the next deadline; `stalled`: earlier deadlines fell due together with the event."""
        now = event.at
        if now < self._now - SLACK_S or (due is not None and due < now - SLACK_S):
            raise LawBroken(Law.TIME, now, f"the next deadline is {due}, the event before it {self._now}")
        before, was_live = outermost_state(self.state), self.live
        self._now = now
        self._moving = MOVING in (self.state, state)
        if isinstance(event, SpeakerLost | SpeakerFound):
            self.mute = isinstance(event, SpeakerLost)
        over = self._heard(now)
        waiting = tuple(self._line.coming)
        first = () if self._may_be_echo(event, over) else self._first_time(event, before, was_live, stalled)
        if stalled:
            # Counts in the past were left out: the counts are no longer those of the plan.
            self._beats.halted()
            self._platform.stalled()
        for command in commands:
            # Words that are repeated may be about an earlier moment.
            again = "Repeat" in {meant.name for meant in first}
            self._safety_lines.check(now, command, self._line.coming)
            if again and isinstance(command, Say):
                self._safety_lines.repeated.add(command.line_number)
            self._carry_out(now, command, over, stalled, again)
            if isinstance(command, Say) and not again:
                self._rests.said(event, command)
        self._ledger.settle(now)
        self._rests.settle(now, outermost_state(state), stalled)
        self._counted(event, commands, before, stalled)
        for line in over:
            self._ledger.sounded(line)
        self.state = state
        self._halt(now, before, commands, waiting)
        self._help.check(
            event, self.state, stalled, self._platform.racked, self._beats.tempo, [*over, *self._line.coming]
        )
        for meant in first:
            # The second of two intents is carried out in the state that the first has led to.
            self._told(event, meant, commands, before, was_live, stalled or len(first) > 1)
            if meant.name == "Stop":
                self._stopped(now, waiting, before, stalled or len(first) > 1)
            if self._pack.groups[meant.name] == Group.SAFETY and (before in _UNDER_LOAD) and not stalled:
                self._warned(now)
        if not first and isinstance(event, MicrophoneLost | SpeakerLost):
            self._held = True
        self._release(event, before, stalled)
        self._hold(now, waiting)
        self._question.check(event, commands, outermost_state(state), self._line)
        if self.ended_at is None and not self.live >= _ALWAYS:
            raise LawBroken(Law.MUTE, now, f"{sorted(_ALWAYS - self.live)} is not live in the state {state!r}")

    def _counted(self, event: Event, commands: Sequence[Command], before: State, stalled: bool) -> None:
        """Checks written repetitions: the set must run; without a beat the lifter says them, and the coach answers."""
        reps = [one.record for one in commands if isinstance(one, Write) and isinstance(one.record, RepDone)]
        if not reps or stalled:
            return
        if before is not State.SET:
            raise LawBroken(Law.NO_COUNT, event.at, f"rep {reps[-1].rep} was written in the state {self.state!r}")
        if not self._moving:
            return
        if not isinstance(event, Heard):
            raise LawBroken(Law.REPS, event.at, f"rep {reps[-1].rep} was written, and nobody said so")
        text = f"rep {in_words(reps[-1].rep)}"
        if text not in [one.text for one in commands if isinstance(one, Say) and one.source == REP]:
            raise LawBroken(Law.JOURNAL, event.at, f"rep {reps[-1].rep} was written and not said")

    def _heard(self, now: float) -> list[SaidLine]:
        """Takes the lines that are over by now, and returns them."""
        over = self._line.pass_to(now)
        for line in over:
            if not sounded(line):
                continue
            if line.say.line_number in self._answers:
                # Without a beat the lifter breathes freely.
                self._answers.remove(line.say.line_number)
                self._beats.halted()
                self._platform.breathed_out()
                continue
            self._platform.sounded(line, self._beats.tempo)
            if line.say.manner is Manner.COUNT:
                self.counts += 1
                self._beats.count(line)
        return over

    def _halt(self, now: float, before: State, commands: Sequence[Command], waiting: Sequence[SaidLine]) -> None:
        """Notes that the count of a running set was broken off, or begins again at once."""
        if before is State.SET and outermost_state(self.state) is not State.SET:
            self._platform.halted(any(line.say.source == REP and line.say.at <= now for line in waiting), now)
        elif before is State.SET and any(isinstance(command, StopSpeaking) for command in commands):
            self._platform.breathed_out()

    def _meant(self, event: Heard, was_live: frozenset[str]) -> tuple[Intent, ...]:
        """Returns what the words mean, in the order of carrying out; both of two phrases must have been live."""
        meant = self._grammar.meanings(event.text, was_live)
        if not meant:
            alone = self._phrases.understand(event.text, self._grammar.intents)
            meant = () if alone is None else (alone,)
        return policy.in_order(self._pack, meant)

    def _first_time(self, event: Event, before: State, was_live: frozenset[str], stalled: bool) -> tuple[Intent, ...]:
        """Returns the intents that must act now: not those that have acted in this utterance before."""
        if not isinstance(event, Heard):
            return ()
        acted = self._acted.setdefault(event.utterance, set())
        if event.final:
            del self._acted[event.utterance]
        state = State.SET if stalled else before
        # An intent that acts only if nothing else is said must wait for the final.
        whole = event.final or not self._grammar.is_alone_only(event.text, was_live)
        first = tuple(
            one
            for one in self._meant(event, was_live)
            if one.name not in acted and whole and (event.final or policy.is_urgent(self._pack, one.name, state))
            if not self.mute or policy.is_safety(self._pack, one.name)
        )
        acted |= {one.name for one in first}
        return first

    def _may_be_echo(self, event: Event, over: Sequence[SaidLine]) -> bool:
        """Whether the coach says these words while they are heard, or shortly before."""
        if not (self._open_speaker and isinstance(event, Heard)):
            return False
        self._said += over
        self._said = [line for line in self._said if line.ends > event.at - _ECHO_S]
        words = f" {event.text} "
        return any(words in f" {_plain(line.say.text)} " for line in (*self._said, *self._line.coming))

    def _carry_out(self, now: float, command: Command, over: Sequence[SaidLine], stalled: bool, again: bool) -> None:
        self._line.carry_out(now, command)
        match command:
            case Say():
                if self.mute and command.manner is Manner.COUNT:
                    raise LawBroken(Law.NO_COUNT, now, f"{command.text!r} is counted, and there is no loudspeaker")
                if command.source == REP and self._moving:
                    self._answers.add(command.line_number)
                if not again:
                    self._says(now, command)
            case Write(record):
                if isinstance(record, SessionResumed) and self._left is not None:
                    self._beats.resumed(now, self._left.plan.tempo)
                unsaid = stalled or self._moving
                self._ledger.write(record, [*over, *self._line.coming], unsaid, self._beats.all_tempos)
            case ListenFor(intents):
                self.live = intents
            case StopSpeaking() | DropLines():
                self._beats.halted()
            case End(at):
                if at < self._line.busy_until(now) - SLACK_S:
                    raise LawBroken(Law.TIME, now, f"the session ends at {at:.3f}, in the middle of its last words")
                self.ended_at = at
            case _:
                pass

    def _says(self, now: float, say: Say) -> None:
        """Takes a line that is said for the first time."""
        if say.source == "tempo.set":
            self._beats.set_later(now)
        elif say.source == "undo.tempo":
            self._beats.undone(now)
        if say.source in ("set.intro", "set.intro_own"):
            self._ledger.begin_set()
        self._ledger.say(say)

    def _told(
        self,
        event: Event,
        meant: Intent,
        commands: Sequence[Command],
        before: State,
        was_live: frozenset[str],
        stalled: bool,
    ) -> None:
        """Notes what an intent forbids from now on, and checks the state that it must lead to."""
        now, final = event.at, isinstance(event, Heard) and event.final
        live = meant.name in was_live
        acted = live and (final or policy.is_urgent(self._pack, meant.name, before))
        sources = {command.source for command in commands if isinstance(command, Say)}
        self._beats.asked(now, meant, "tempo.set" in sources, sure=final and (live or stalled))
        if meant.name in _BENDS:
            self._ledger.rest_changed(undone=meant.name == "Undo")
        match meant.name:
            case "Stop":
                self._held = True
            case "Stuck":
                if before in (*_OPEN, State.STUCK) and not stalled:
                    self._held = self._hurt = True
                    if outermost_state(self.state) is not State.STUCK:
                        raise LawBroken(Law.STOP, now, f"it is stuck, and {self.state!r}", "state: stuck")
            case "Pain" | "Dizzy":
                self._held = self._hurt = True
                written = [command.record for command in commands if isinstance(command, Write)]
                # Two reports in one utterance are two records.
                if [record.what for record in written if isinstance(record, PainReported)].count(meant.name) != 1:
                    raise LawBroken(Law.JOURNAL, now, f"{meant.name} was said and not written down")
                # In "My knee hurts and I can't get it up" the stuck platform comes first.
                safe = (State.HURT, State.STUCK) if stalled else (State.HURT,)
                if outermost_state(self.state) not in safe and self.ended_at is None:
                    raise LawBroken(Law.STOP, now, f"{meant.name} was said, and it is {self.state!r}", "state: hurt")
            case "Pause" if acted and before in (State.SET, State.PAUSED) and not stalled:
                self._breaks_off(now, State.PAUSED)
            case _ if self._pack.groups[meant.name] == Group.REPORT and acted and before in _UNDER_LOAD and not stalled:
                # After the last repetition, or the same report for the third time, the set is over.
                self._breaks_off(now, State.CORRECTING, *_SAFE)

    def _release(self, event: Event, before: State, stalled: bool) -> None:
        """Notes words that ask to go on, even if they are an echo."""
        if not (isinstance(event, Heard) and event.final):
            return
        for meant in self._grammar.meanings(event.text, self._grammar.intents) or ():
            if meant.name in _YES and (before in (State.HURT, State.STUCK) or stalled):
                self._hurt = False
            if meant.name in _GO:
                self._held = False

    def _breaks_off(self, now: float, *wanted: str) -> None:
        """Checks that the count was broken off: the state is one of `wanted`."""
        self._held = True
        if self.state not in wanted:
            raise LawBroken(Law.NO_COUNT, now, f"it is {self.state!r}, not {wanted[0]!r}", f"state: {wanted[0]}")

    def _stopped(self, now: float, waiting: Sequence[SaidLine], before: State, unsure: bool) -> None:
        """Checks a stop: an open set is stopped, and of the earlier lines only a danger line goes on."""
        if before in _OPEN and self.state != State.STOPPED and not unsure:
            raise LawBroken(Law.STOP, now, f"it is {self.state!r}", "state: stopped")
        old = {line.say.line_number for line in waiting}
        for line in self._line.coming:
            if (
                line.say.line_number in old
                and line.ends > now + FADE_S + SLACK_S
                and line.say.source not in DANGER_LINES
            ):
                saw = f"{line.say.text!r} goes on until {line.ends:.3f}"
                raise LawBroken(Law.STOP, now, saw, *([silent_past(line.say.at)] if line.begins >= now else []))

    def _warned(self, now: float) -> None:
        """Checks that under the load a danger line is said now, or is still being said and is heard whole."""
        if not is_danger_said(self._line.coming):
            raise LawBroken(Law.DANGER, now, "nothing is said of the platform")

    def _hold(self, now: float, waiting: Sequence[SaidLine]) -> None:
        """Checks that no count waits that this state forbids, and that a waiting danger line was not taken back."""
        parent = outermost_state(self.state)
        old = {line.say.line_number for line in waiting}
        for line in self._line.coming:
            # The answer to the last repetition comes after the set is over.
            answers = line.say.line_number in self._answers and parent in (*_SAFE, State.BREAK, State.READY)
            if not line.counts or line.begins <= now or answers:
                continue
            said, instead = f"{line.say.text!r} is counted", silent_past(line.say.at)
            if parent != State.SET:
                raise LawBroken(Law.NO_COUNT, line.say.at, f"{said} in the state {self.state!r}", instead)
            if line.say.line_number not in old and self._hurt:
                raise LawBroken(Law.PAIN, line.say.at, said, instead)
            if line.say.line_number not in old and self._held:
                raise LawBroken(Law.NO_COUNT, line.say.at, f"{said}, and nobody asked to go on", instead)
        if is_danger_said(waiting) and not is_danger_said(self._line.coming):
            raise LawBroken(Law.DANGER, now, "the danger line was taken back")


def _plain(text: str) -> str:
    return " ".join("".join(mark if mark.isalnum() or mark == "'" else " " for mark in text.lower()).split())
