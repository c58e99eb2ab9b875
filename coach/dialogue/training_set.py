"""One set of the plan: it begins, is counted, is interrupted, goes on and ends.

Law: first fall silent, then move, then speak, about the platform first. After an interruption the count does not go on
by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.content.model import Correction, Line
from coach.dialogue.answering import Answering
from coach.dialogue.context import Context, Scene
from coach.dialogue.continuation import Continuation
from coach.dialogue.counting import Counting
from coach.dialogue.deferred_requests import DeferredRequests
from coach.dialogue.platform import Catches
from coach.dialogue.resting import Resting
from coach.dialogue.set_break import SetBreak
from coach.dialogue.states import INTERRUPTED_STATES, Move, State
from coach.language.numbers import in_words
from coach.language.speech import load as spoken_load
from coach.language.speech import repetitions, times
from coach.records import FaultReported, SetBegan, SetEnded, StopSaid
from coach.training.plan import SetKind, amount_and_unit, side_name

QUIET_AFTER_STOP_S = 4.0
"""Seconds of silence after the danger line: time to bring the platform up and set the catches before more is said."""
FIX_DELAY_S = 1.5
"""Seconds from "push up" to the explanation: the platform comes first."""
UNRACK_S = 4.0  # to turn out two handles, set the feet again and put the hands back
TAKE_YOUR_TIME_S = 12.0
"""Seconds of silence after which a lifter who wants to begin alone hears that nobody hurries."""
ASK_START_OVER = "anew.ask"
"""Id of the question whether the set begins again."""
ASK_HOW_TO_GO_ON = "pause.resume_hint"
"""Id of the question how the set goes on after a pause."""
MAX_REPORTS = 3
"""This many reports of the same fault end the set."""


class TrainingSet(Scene):
    """Owns everything between "start set" and the rest."""

    def __init__(self, context: Context, resting: Resting, answering: Answering) -> None:
        super().__init__(context)
        self._resting = resting
        self._answering = answering
        self.on_leave: list[Callable[[], None]] = [resting.forget_announcements]
        """Called when something else begins, so that other scenes forget what they planned."""
        self.on_fulfilled: list[Callable[[float], None]] = []
        """Called when a set was done as planned and the rest has begun."""
        self._unrack_timer = context.deadlines.timer()
        """When the lifter has had time to unrack."""
        self.counting = Counting(context, self._stage_over, self.rack_and_wait)
        self.set_break = SetBreak(context, self.resume)
        self.on_leave.append(self.set_break.cancel)
        self.continuation = Continuation(context)
        self.deferred = DeferredRequests(context, self.counting)

    def start(self, now: float, again: bool = False) -> None:
        """Begin a new set from its first repetition; `again`: begin the open set again."""
        workout = self._workout
        self.cancel_pending()
        if not again:
            self.close(now)
            self._focus.begin_set()
        workout.state_machine.fire(Move.START)
        self._explain_lifter_counts(now)
        planned = workout.this_set
        workout.progress = workout.progress.begin_set(planned.kind, planned.sides[0])
        self._say_kind(now)
        intro = "set.intro_own" if workout.lifter_begins else "set.intro"
        reps, number = repetitions(workout.stage.reps), in_words(planned.number)
        ends = self._saying.say(now, intro, reps=reps, set=number)
        self._outbox.write(SetBegan(now, workout.progress.set_number, self._resting.planned_seconds, planned.kind_name))
        self._unrack(ends, "countdown.three", "countdown.two")

    def _say_kind(self, now: float) -> None:
        """Say what the lifter could not know from the set before."""
        planned, stage = self._workout.this_set, self._workout.stage
        match planned.kind:
            case SetKind.WARM_UP if stage.load is not None:
                self._saying.say(now, "set.warm_up", load=spoken_load(stage.load.amount, stage.load.unit))
            case SetKind.DROP:
                self._saying.say(now, "set.drop")
            case SetKind.REST_PAUSE:
                self._saying.say(now, "set.rest_pause")
        self._say_side(now)

    def _say_side(self, now: float) -> None:
        side = self._workout.progress.side
        if side is not None:
            self._saying.say(now, "set.side", side=side.value)

    def resume_earlier(self, now: float) -> None:
        """Go on with the open set of an earlier session, from the first repetition that was not done."""
        self._workout.state_machine.fire(Move.START)
        if not self._workout.reps_left and self._workout.next_stage is not None:
            # The earlier session broke off in a break.
            self.set_break.begin(now)
            return
        self._explain_lifter_counts(now)
        self._say_side(now)
        load = self._workout.stage.load
        if load is not None and load != self._workout.this_set.stages[0].load:
            self._saying.say(now, "load.is", load=spoken_load(load.amount, load.unit))
        rep = in_words(self._workout.progress.rep + 1)
        self._unrack(self._saying.say(now, "resume.unrack", rep=rep), "countdown.three", "countdown.two")

    def resume(self, now: float) -> None:
        """Go on with the open set, from the first repetition that was not done."""
        unheard = self.continuation.unheard
        self.cancel_pending()
        if self._workout.set_fulfilled:
            # The plan has become shorter meanwhile.
            self._end_set(now, "set.done")
            return
        for line in unheard:
            self._saying.say_line(now, line)
        if not self._workout.reps_left:
            # The set was interrupted on the last repetition of a stage, or the stage has become shorter.
            self.set_break.begin(now)
            return
        if self._workout.state is not State.BREAK:
            # In a break the coach has already said what comes.
            self._say_side(now)
        self._explain_lifter_counts(now)
        rep = in_words(self._workout.progress.rep + 1)
        if self._workout.platform.is_ready and self._workout.state in (State.CORRECTING, State.PAUSED):
            self._workout.state_machine.fire(Move.RESUME)
            self._workout.platform.mark_unracked()
            self._count_down(self._saying.say(now, "resume.intro", rep=rep), "countdown.two")
        else:
            self._workout.state_machine.fire(Move.UNRACK)
            self._unrack(self._saying.say(now, "resume.unrack", rep=rep), "countdown.three", "countdown.two")

    def begin_unracked(self, now: float) -> None:
        """The lifter says that he has unracked: the first movement begins about three seconds later."""
        self._end_unracking(self._saying.floor.next_free(now))

    def _explain_lifter_counts(self, now: float) -> None:
        """Say once a session, before the lifter holds the load, what the lifter says in a set without a beat."""
        if self._workout.lifter_counts and not self._saying.has_said("lifter.on"):
            self._saying.say_until_heard(now, "lifter.on")

    def _unrack(self, after: float, *prompts: str) -> None:
        """Give the lifter time to unrack, after the line that ends at `after`; then count down."""
        self._workout.platform.mark_unracking()
        if self._workout.lifter_begins:
            self._unrack_timer.set(after + TAKE_YOUR_TIME_S, self._take_your_time)
        else:
            # The coach may be answering the lifter: it first finishes the answer.
            free = self._saying.floor.next_free
            self._unrack_timer.set(after + UNRACK_S, lambda at: self._end_unracking(free(at), *prompts))

    def _take_your_time(self, at: float) -> None:
        self._saying.say_unrepeated(at, "own.wait")

    def _end_unracking(self, at: float, *prompts: str) -> None:
        self._unrack_timer.cancel()
        self._workout.state_machine.fire(Move.COUNT_DOWN)
        self._workout.platform.mark_unracked()
        self._count_down(at, *prompts)

    def _count_down(self, after: float, *prompts: str) -> None:
        on_number = self._workout.this_set.tempo.moves_on_the_number(self._pack.order)
        # After a break the lifter knows this.
        if on_number and not self._workout.lifter_counts and not self._workout.progress.stage:
            after = self._saying.say(after, "set.push_on_number")
        self.counting.begin(after, *prompts)

    def stop(self, now: float) -> None:
        """Fall silent at once; under the load, say the way out of it. The set stays open."""
        self.make_safe(now, "stop.now", "stop.up")
        self._workout.state_machine.fire(Move.STOP)
        self._outbox.write(StopSaid(now, *self.set_and_rep, self.side))
        self.continuation.speak(now, QUIET_AFTER_STOP_S, ask="stop.after")

    def rack_and_wait(self, now: float) -> None:
        """Something else comes first, and may take long: send the platform onto its catches."""
        self.make_safe(now, "finish.now", "stop.up")
        self._workout.state_machine.fire(Move.PAUSE)
        self.continuation.speak(now, QUIET_AFTER_STOP_S, ask="correction.ask")

    def make_safe(self, now: float, away_line: str, back_line: str) -> None:
        """Fall silent, and say how to get the platform onto its catches: `away_line` if the platform may be away from
        where a repetition begins, else `back_line`."""
        line = away_line if self._is_away(now) else back_line
        self.halt(now)
        self._saying.drop_unheard()
        if not self._saying.floor.has_line(line, now):
            self._saying.say_until_heard(now, line)
        self._workout.platform.mark_racked()

    def end_stage(self, now: float) -> None:
        """End the stage under way here; the next stage follows."""
        away = self._workout.in_set and self._is_away(now)
        self.halt(now)
        if away:
            self._saying.say(now, "finish.now")
            self._workout.platform.mark_racked()
        self.set_break.begin(now)

    def pause(self, now: float, *lines: Line, ask: str = ASK_HOW_TO_GO_ON) -> None:
        """Stop counting until the lifter says to go on.

        `lines`: said when the platform is up. `ask`: id of the question after these lines.
        """
        state = self._workout.state
        away = self._is_away(now)
        self.halt(now)
        self._workout.state_machine.fire(Move.PAUSE)
        if state is State.PAUSED or away:
            self._saying.say_until_heard(now, "pause.now")
        else:
            # The platform is up: no movement has been counted.
            self._saying.say(now, "countdown.hold")
            ask = "countdown.ask" if ask == ASK_HOW_TO_GO_ON else ask
        self.continuation.speak(now, FIX_DELAY_S, *lines, ask=ask)

    def grant_time(self, now: float) -> None:
        """The lifter asks for time where nothing is counted: the coach's question waits, too."""
        self._saying.say(now, "countdown.hold")

    def report(self, now: float, intent: str, same_breath: bool = False) -> None:
        """The lifter reports a fault: stop counting, and say what to do about it.

        `intent`: what was reported. `same_breath`: it was said in one breath after something else, which is also
        answered before the question how to go on.
        """
        correction = self._pack.corrections[intent]
        self._saying.reason = correction.why
        self._focus.focus_on(correction)
        if self._pack.is_gravest(intent):
            self._workout.no_higher_load = True
        if self._workout.state not in (State.SET, State.CORRECTING, State.PAUSED, State.BREAK):
            self._saying.say_line(now, correction.fix)
            return
        counted, away = self._workout.in_set, self._is_away(now)
        phase = self._workout.counted_phase.name if self._workout.counted_phase else None
        before = self.continuation.lines if same_breath and self.continuation.will_speak else ()
        if counted or not same_breath:
            self.halt(now)
        self._workout.state_machine.fire(Move.CORRECT)
        self._outbox.write(FaultReported(now, intent, *self.set_and_rep, phase, self.side))
        late = 2 * self._workout.progress.rep >= self._workout.this_set.reps
        if counted and away:
            often = self._focus.count_report(intent, late)
            self._saying.say_line_until_heard(now, correction.now)
            if often >= MAX_REPORTS or self._workout.set_fulfilled:
                self._end_after_faults(now, correction, often)
                return
        else:
            often = 1
            if not self._focus.reports_in_set[intent]:
                # The lifter reports it afterwards, in the pause: the fault still happened in this set.
                self._focus.count_report(intent, late)
            if correction.racked and self._workout.platform.catches is not Catches.IN:
                self._saying.say_until_heard(now, "catches.now")
        if correction.racked:
            self._workout.platform.mark_racked()
        fix = correction.again if often > 1 else correction.fix
        delay = FIX_DELAY_S if (counted and away) or before else 0.0
        self.continuation.speak(now, delay, *before, fix, ask="correction.ask")

    def _end_after_faults(self, now: float, correction: Correction, often: int) -> None:
        """End the set after a fault: no repetition is left, or the fault was reported too often."""
        prompt = "set.done" if self._workout.set_fulfilled else "set.third"
        if not correction.racked:
            self._saying.say_until_heard(now, "catches.now")
        self._saying.say(now, prompt)
        self._saying.say_line(now, correction.fix if often < MAX_REPORTS else correction.remedy)
        self._close_and_rest(now)

    def cancel_pending(self) -> None:
        """Something else begins: cancel the timers of other scenes, and the lines and the question that wait."""
        self._unrack_timer.cancel()
        for leave in self.on_leave:
            leave()
        self.continuation.forget()

    def finish(self, now: float) -> None:
        """The lifter ends the set before the plan does."""
        racked, away = self._workout.state in (State.STOPPED, State.BREAK), self._workout.in_set and self._is_away(now)
        self.halt(now)
        if away:
            self._saying.say(now, "finish.now")
        elif not racked:
            self._saying.say_until_heard(now, "catches.now")
        self._end_set(now, "set.finished" if self._workout.progress.set_reps else "set.dropped", racked=True)

    def end(self, now: float) -> None:
        """The workout ends: nothing of the set sounds or waits, and what was done is kept."""
        if self.under_load and self._workout.platform.catches is not Catches.IN:
            self.make_safe(now, "stop.now", "stop.up")
        else:
            self.halt(now)
        self.close(now)

    def halt(self, now: float) -> None:
        """Fall silent and forget what was to come; what was said before can no longer be repeated."""
        self.counting.halt(now)
        self.cancel_pending()
        self._saying.turn_lines.clear()

    def close(self, now: float) -> None:
        """Log the open set, if there is one."""
        progress, tempo = self._workout.progress, str(self.counting.tempo)
        if progress.set_reps:
            self._resting.rest = None
        if progress.is_set_open:
            load, planned = self._workout.stage.load, self._workout.this_set
            for done in progress.parts(load):
                amount, unit = amount_and_unit(done.load)
                sort, side = planned.kind_name, side_name(done.side)
                self._outbox.write(SetEnded(now, progress.set_number, done.reps, amount, unit, tempo, sort, side))
            self._workout.progress = progress.close_set(load, planned.kind)

    def say_and_rest(self, now: float, *prompts: str) -> None:
        """Say these prompts, close the set, and rest."""
        for prompt in prompts:
            self._saying.say(now, prompt)
        self._close_and_rest(now)

    def _stage_over(self, at: float) -> None:
        self._saying.turn_lines.clear()
        if self._workout.next_stage is None:
            self._end_set(at, "set.done")
        else:
            self.set_break.begin(at)

    def _end_set(self, at: float, prompt: str, racked: bool = False) -> None:
        """Close the set with this prompt and go on to the rest, or to the end of the plan."""
        self._saying.say(at, prompt, reps=repetitions(self._workout.progress.set_reps))
        if not racked:
            self._saying.say_until_heard(at, "catches.now")
        if self._focus.worst_report is not None:
            self._say_remark(at, self._focus.worst_report)
        done = self._workout.set_fulfilled
        self._close_and_rest(at)
        if done:
            for call in self.on_fulfilled:
                call(at)

    def _say_remark(self, at: float, intent: str) -> None:
        """Say what the coach has noticed about the set: its worst fault."""
        correction, often = self._pack.corrections[intent], self._focus.reports_in_set[intent]
        late = self._focus.late_reports[intent] == often
        how_often = times(often) + (
            ("" if often == 1 else ", both" if often == 2 else ", all") + " late" if late else ""
        )
        self._saying.say(at, "set.word", fault=correction.name, times=how_often, hint=correction.hint)

    def _close_and_rest(self, at: float) -> None:
        seconds, last_load = self._workout.this_set.rest, self._workout.stage.load
        self.close(at)
        self._workout.platform.mark_racked()
        self._workout.platform.mark_back()
        if self._workout.sets_left:
            self._resting.begin(at, seconds, last_load)
        else:
            self._workout.state_machine.fire(Move.FINISH)
            self._answering.say_summary(at)
            self._saying.say(at, "workout.done")
        self.deferred.carry_out(at)

    def _is_away(self, now: float) -> bool:
        """Whether the platform may be away from where a repetition begins: below the top of a leg press."""
        return self._workout.platform.is_away or (self._workout.in_set and self.counting.moves_soon(now))

    @property
    def under_load(self) -> bool:
        """Whether the lifter may be holding the platform."""
        return self._workout.in_set or self._workout.state in INTERRUPTED_STATES

    @property
    def set_and_rep(self) -> tuple[int, int]:
        """The number of the set, and the repetitions done in it."""
        return self._workout.progress.set_number, self._workout.progress.rep

    @property
    def side(self) -> str | None:
        """The side under way, as records name it; None: both."""
        return side_name(self._workout.progress.side)
