"""Watches one conversation, event by event, and raises `Broken` at the moment a law does not hold.

Law: it knows only what a lifter could know: the events, the commands, the state that is shown, the live commands.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.commands import FADE_S, Command, DropLines, End, ListenFor, Manner, Say, StopSpeaking, Write
from coach.content.model import Pack
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.saying import DANGER
from coach.dialogue.states import State
from coach.events import Event, Heard, MicrophoneLost, SpeakerLost, TimePassed
from coach.language.grammar import Grammar, Intent
from coach.ports import Measure
from coach.records import Pain
from coach.training.plan import Plan
from tests.proof.beats import Beats
from tests.proof.laws import SLACK_S, Broken, Law, silent_past
from tests.proof.ledger import Ledger
from tests.proof.timeline import Sounding, Timeline

_ANSWER_S = 3.0
"""For which a question is left alone."""
_ECHO_S = 10.0
"""Longer than any utterance."""
_ALWAYS = {"Stop", "Pain", "Dizzy", "Help"}
_UNDER_LOAD = (State.SET, State.CORRECTING, State.PAUSED)


class Watch:
    """Told of every event with the commands it led to and the state it left."""

    def __init__(self, pack: Pack, grammar: Grammar, plan: Plan, measure: Measure, open_speaker: bool = False) -> None:
        """`open_speaker`: words that the coach is saying itself may be its echo, and do nothing."""
        self._open_speaker = open_speaker
        self._pack = pack
        self._grammar = grammar
        self._phrases = Grammar(pack.commands)
        """Without what may stand around them."""
        self._line = Timeline(measure)
        self._ledger = Ledger(pack)
        self._beats = Beats(plan.tempo)
        self._acted: dict[int, set[str]] = {}
        """Utterance -> what its partials meant."""
        self._now = 0.0
        self.state: str = State.IDLE
        self.live: frozenset[str] = frozenset()
        self.ended_at: float | None = None
        self.counts = 0
        """That sounded."""
        self._said: list[Sounding] = []
        """Lines whose echo may still be heard; on an open speaker only."""
        self._asked_until = 0.0
        """So long the coach waits for the answer to its question."""
        self._held = False
        """A stop, a pause or a report was told, or the coach could not hear: nothing is counted until it is asked."""
        self._hurt = False
        """Pain was told, and no new set asked for."""

    @property
    def now(self) -> float:
        return self._now

    def coming(self) -> Sequence[Sounding]:
        """What sounds and what waits."""
        return tuple(self._line.coming)

    @property
    def bonds(self) -> tuple[bool, bool]:
        """Whether a stop holds the count, and whether pain does."""
        return self._held, self._hurt

    @property
    def done(self) -> tuple[bool, int]:
        """Whether a repetition of the open set is done, and how many sets of the plan, two at most."""
        return self._ledger.rep > 0, min(2, len(self._ledger.done))

    def busy_until(self) -> float:
        """When everything that was said so far has been heard."""
        return self._line.busy_until(self._now)

    def received(self, event: Event, commands: Sequence[Command], state: str, due: float | None, stalled: bool) -> None:
        """One event. `due`: the next deadline; `stalled`: deadlines before the event fell due with it."""
        now = event.at
        if now < self._now - SLACK_S or (due is not None and due < now - SLACK_S):
            raise Broken(Law.TIME, now, f"the next deadline is {due}, the event before it {self._now}")
        before, was_live = states_of(self.state), self.live
        self._now = now
        over = self._line.pass_to(now)
        for line in over:
            if line.say.manner is Manner.COUNT and line.sounded():
                self.counts += 1
                self._beats.count(line)
        waiting = tuple(self._line.coming)
        first = () if self._may_be_echo(event, over) else self._first_time(event, before, was_live, stalled)
        if stalled:
            # What was past has been left out: the counts are no longer those of the plan.
            self._beats.halted()
        for command in commands:
            # Words that are said again may be of an earlier moment.
            again = "Repeat" in {meant.name for meant in first}
            self._carry_out(now, command, over, stalled, again)
        for line in over:
            self._ledger.sounded(line)
        self.state = state
        for meant in first:
            # Of two the second is carried out in the state to which the first has led.
            self._told(event, meant, commands, before, was_live, stalled or len(first) > 1)
            if meant.name == "Stop":
                self._stopped(now, waiting)
            if self._pack.groups[meant.name] == Group.SAFETY and (before in _UNDER_LOAD) and not stalled:
                self._warned(now)
        if not first and isinstance(event, MicrophoneLost | SpeakerLost):
            self._held = True
        self._release(event, before, stalled)
        self._hold(now, waiting)
        self._ask(event, commands)
        if self.ended_at is None and not self.live >= _ALWAYS:
            raise Broken(Law.MUTE, now, f"{sorted(_ALWAYS - self.live)} is not live in the state {state!r}")

    def _meant(self, event: Heard, was_live: frozenset[str]) -> tuple[Intent, ...]:
        """What the words mean, in the order in which it is carried out; of two phrases both must have been live."""
        meant = self._grammar.meanings(event.text, was_live)
        if not meant:
            alone = self._phrases.understand(event.text, self._grammar.intents)
            meant = () if alone is None else (alone,)
        return policy.in_order(self._pack, meant)

    def _first_time(self, event: Event, before: State, was_live: frozenset[str], stalled: bool) -> tuple[Intent, ...]:
        """What the words mean, if they are acted on and this utterance has not meant it before."""
        if not isinstance(event, Heard):
            return ()
        acted = self._acted.setdefault(event.utterance, set())
        if event.final:
            del self._acted[event.utterance]
        state = State.SET if stalled else before
        first = tuple(
            one
            for one in self._meant(event, was_live)
            if one.name not in acted and (event.final or policy.is_urgent(self._pack, one.name, state))
        )
        acted |= {one.name for one in first}
        return first

    def _may_be_echo(self, event: Event, over: Sequence[Sounding]) -> bool:
        """Whether the coach says these words while they are heard, or nearly."""
        if not (self._open_speaker and isinstance(event, Heard)):
            return False
        self._said += over
        self._said = [line for line in self._said if line.ends > event.at - _ECHO_S]
        words = f" {event.text} "
        return any(words in f" {_plain(line.say.text)} " for line in (*self._said, *self._line.coming))

    def _carry_out(self, now: float, command: Command, over: Sequence[Sounding], stalled: bool, again: bool) -> None:
        self._line.carry_out(now, command)
        match command:
            case Say():
                if not again:
                    if command.source == "set.intro":
                        self._ledger.begin_set()
                    self._ledger.say(command)
            case Write(record):
                self._ledger.write(record, [*over, *self._line.coming], stalled)
            case ListenFor(intents):
                self.live = intents
            case StopSpeaking() | DropLines():
                self._beats.halted()
            case End(at):
                if at < self._line.busy_until(now) - SLACK_S:
                    raise Broken(Law.TIME, now, f"the session ends at {at:.3f}, in the middle of its last words")
                self.ended_at = at
            case _:
                pass

    def _told(
        self,
        event: Event,
        meant: Intent,
        commands: Sequence[Command],
        before: State,
        was_live: frozenset[str],
        stalled: bool,
    ) -> None:
        """What these words forbid or allow from now on."""
        now, final = event.at, isinstance(event, Heard) and event.final
        live = meant.name in was_live
        acted = live and (final or policy.is_urgent(self._pack, meant.name, before))
        sources = {command.source for command in commands if isinstance(command, Say)}
        self._beats.asked(now, meant, "tempo.set" in sources, sure=final and (live or stalled))
        match meant.name:
            case "Stop":
                self._held = True
            case "Pain" | "Dizzy":
                self._held = self._hurt = True
                written = [command.record for command in commands if isinstance(command, Write)]
                if [record.what for record in written if isinstance(record, Pain)] != [meant.name]:
                    raise Broken(Law.JOURNAL, now, f"{meant.name} was told and not written down")
                if states_of(self.state) != State.STOPPED:
                    raise Broken(Law.STOP, now, f"{meant.name} was told, and it is {self.state!r}", "state: stopped")
            case "Pause" if acted and before in (State.SET, State.PAUSED) and not stalled:
                self._rests(now, State.PAUSED)
            case _ if self._pack.groups[meant.name] == Group.REPORT and acted and before in _UNDER_LOAD and not stalled:
                self._rests(now, State.CORRECTING)

    def _release(self, event: Event, before: State, stalled: bool) -> None:
        """Words that ask to go on, be they an echo or not."""
        if not (isinstance(event, Heard) and event.final):
            return
        for meant in self._grammar.meanings(event.text, self._grammar.intents) or ():
            match meant.name:
                case "StartSet":
                    self._held = self._hurt = False
                case "Next" if before == State.READY or stalled:
                    self._held = self._hurt = False
                case "Resume":
                    self._held = False

    def _rests(self, now: float, wanted: str) -> None:
        """The count was to be broken off."""
        self._held = True
        if self.state != wanted:
            raise Broken(Law.NO_COUNT, now, f"it is {self.state!r}, not {wanted!r}", f"state: {wanted}")

    def _ask(self, event: Event, commands: Sequence[Command]) -> None:
        """After "Close the workout?" the coach waits for a yes or a no; only the rest has words of its own."""
        says = [command for command in commands if isinstance(command, Say)]
        if not isinstance(event, TimePassed):
            self._asked_until = 0.0
            if says and says[-1].source == "end.confirm":
                self._asked_until = self._line.busy_until(event.at) + _ANSWER_S
        elif event.at < self._asked_until and states_of(self.state) not in (State.RESTING, State.READY) and says:
            saw = f"{says[0].text!r} into its own question"
            raise Broken(Law.QUESTION, says[0].at, saw, silent_past(says[0].at))

    def _stopped(self, now: float, waiting: Sequence[Sounding]) -> None:
        """The state is stopped, and of what was said before only a danger line goes on."""
        if self.state != State.STOPPED:
            raise Broken(Law.STOP, now, f"it is {self.state!r}", "state: stopped")
        old = {line.say.line for line in waiting}
        for line in self._line.coming:
            if line.say.line in old and line.ends > now + FADE_S + SLACK_S and line.say.source not in DANGER:
                saw = f"{line.say.text!r} goes on until {line.ends:.3f}"
                raise Broken(Law.STOP, now, saw, *([silent_past(line.say.at)] if line.begins >= now else []))

    def _warned(self, now: float) -> None:
        """Under the load a danger line is said now, or was and is heard whole."""
        whole = any(line.say.source in DANGER and line.cut is None for line in self._line.coming)
        if not whole:
            raise Broken(Law.DANGER, now, "nothing is said of the platform")

    def _hold(self, now: float, waiting: Sequence[Sounding]) -> None:
        """What waits may be counted in this state; a danger line that waited is still to come."""
        parent = states_of(self.state)
        old = {line.say.line for line in waiting}
        for line in self._line.coming:
            if not line.counts or line.begins <= now:
                continue
            said, instead = f"{line.say.text!r} is counted", silent_past(line.say.at)
            if parent != State.SET:
                raise Broken(Law.NO_COUNT, line.say.at, f"{said} in the state {self.state!r}", instead)
            if line.say.line not in old and self._hurt:
                raise Broken(Law.PAIN, line.say.at, said, instead)
            if line.say.line not in old and self._held:
                raise Broken(Law.NO_COUNT, line.say.at, f"{said}, and nobody asked to go on", instead)
        owed = any(line.say.source in DANGER and line.cut is None for line in waiting)
        if owed and not any(line.say.source in DANGER and line.cut is None for line in self._line.coming):
            raise Broken(Law.DANGER, now, "the danger line was taken back")


def _plain(text: str) -> str:
    return " ".join("".join(mark if mark.isalnum() or mark == "'" else " " for mark in text.lower()).split())


def states_of(state: str) -> State:
    """The outermost state."""
    return State(state.partition(".")[0])
