"""Pain and dizziness: the set is over, and nothing is counted until the lifter says that the pain or dizziness is gone.

Law: only a yes leads from here to another set, and only once: the second report ends the workout. The coach asks a
dizzy lifter how he is until he answers, at most `MAX_CALLS` times.
"""

from __future__ import annotations

from coach.dialogue.alarm import CALLS_EVERY_S, DIZZY_S, MAX_CALLS, MAX_PAIN_CALLS, PAIN_S, Alarm
from coach.dialogue.context import Context, Scene
from coach.dialogue.ending import Ending
from coach.dialogue.states import Move, State
from coach.dialogue.training_set import QUIET_AFTER_STOP_S, TrainingSet
from coach.records import PainReported
from coach.snapshot import Alert

CHECKS_S = (20.0, 45.0)
"""Seconds from a report of dizziness to the questions how the lifter is."""
_DIZZY = "Dizzy"


class Hurt(Scene):
    """Owns the state `hurt`."""

    def __init__(self, context: Context, training_set: TrainingSet, ending: Ending, alarm: Alarm) -> None:
        super().__init__(context)
        training_set.on_leave.append(self._leave)
        self._alarm = alarm
        self._training_set = training_set
        self._ending = ending
        self._check_timer = context.deadlines.timer()
        """When the coach next speaks to a dizzy lifter."""
        self._reports = 0
        """How often pain or dizziness was reported in this workout. Until the lifter is asked, reports count as one."""
        self._racked = True
        """The catches were in when the lifter reported it."""
        self._dizzy_reported_at = 0.0
        self._checks = 0
        """How often a dizzy lifter was asked how he is."""

    def report(self, now: float, intent: str) -> None:
        """The lifter reported pain or dizziness: stop, make the lifter safe, and end the set."""
        already_hurt = self._workout.state is State.HURT
        asked = self.asked_if_well(now)
        if not already_hurt:
            # Until the words after the set have been heard, the lifter may still hold the platform.
            held = self._training_set.under_load or self._saying.floor.has_line("catches.now", now)
            self._racked = not held and self._workout.state is not State.STUCK
        if self._racked:
            self._training_set.halt(now)
            self._saying.drop_unheard()
            self._saying.say(now, "pain.rest")
        else:
            self._training_set.make_safe(now, "pain.now", "pain.up")
        self._workout.state_machine.fire(Move.HURT)
        self._workout.no_higher_load = True
        self._outbox.write(PainReported(now, intent, *self._training_set.set_and_rep, self._training_set.side))
        self._training_set.close(now)
        if not already_hurt or asked:
            self._reports += 1
        over = self._reports > 1
        prompts = ("pain.twice",) if over else () if self._racked else ("pain.after",)
        lines = (self._pack.prompts[prompt] for prompt in prompts)
        ask = "" if over or intent == _DIZZY else "pain.ask"
        self._training_set.continuation.speak(now, QUIET_AFTER_STOP_S, *lines, ask=ask)
        if intent == _DIZZY:
            self._dizzy_reported_at = now
            self._check_timer.set(now + CHECKS_S[0], self._check)
            self._alarm.watch(Alert.DIZZY, now, DIZZY_S)
        elif over:
            self._check_timer.set(now + CHECKS_S[0], self._ending.say_goodbye)
        else:
            self._alarm.watch(Alert.PAIN, now, PAIN_S, MAX_PAIN_CALLS)

    def repeat_advice(self, now: float) -> None:
        """A lifter who is hurt says "stop": say again what he has to do."""
        self._training_set.continuation.interrupt(now)
        line = "pain.rest" if self._racked else "pain.now"
        if not self._saying.floor.has_line(line, now):
            self._saying.say(now, line)
        self._training_set.continuation.say_unheard(now, self._training_set.continuation.lines)

    def acknowledge(self, now: float) -> None:
        """The lifter says "okay": an answer to the question whether he is all right, and to nothing else."""
        if self._checks:
            self.recover(now)

    def asked_if_well(self, now: float) -> bool:
        """Whether the lifter was asked if the pain or dizziness is gone."""
        return self._training_set.continuation.question_was_put(now) or self._checks > 0

    def recover(self, now: float) -> None:
        """The lifter says that the pain or dizziness is gone."""
        self._training_set.cancel_pending()
        if self._reports > 1:
            self._ending.say_goodbye(now)
            return
        self._workout.state_machine.fire(Move.RECOVER)
        self._saying.say(now, "pain.gone")

    def stay_hurt(self, now: float) -> None:
        """The lifter says that the pain or dizziness is not gone."""
        self._training_set.cancel_pending()
        if self._reports > 1:
            self._saying.say(now, "pain.rest")
            self._ending.say_goodbye(now)
            return
        self._saying.say(now, "pain.still")
        self._alarm.watch(Alert.PAIN, now, PAIN_S, MAX_PAIN_CALLS)
        self._training_set.continuation.speak(now, QUIET_AFTER_STOP_S, ask="pain.ask")

    def remember_reports(self, times: int) -> None:
        """Take over how often something hurt before the workout was resumed."""
        self._reports = times
        self._workout.no_higher_load = self._workout.no_higher_load or times > 0

    @property
    def ends_training(self) -> bool:
        """Whether the workout is over because something hurt twice."""
        return self._reports > 1

    def refuse_to_go_on(self, now: float) -> None:
        """The lifter wants to go on before the pain or dizziness is known to be gone."""
        if self.ends_training:
            self._saying.say(now, "pain.over")
        elif not self._training_set.continuation.question_id:
            self._checks = max(1, self._checks)
            self._saying.say(now, "dizzy.ask")

    def _leave(self) -> None:
        """Another state begins, or `hurt` begins again: stop speaking to the lifter."""
        self._check_timer.cancel()
        self._alarm.end()
        self._checks = 0

    def _check(self, at: float) -> None:
        """Ask a dizzy lifter how he is."""
        self._checks += 1
        ends = self._saying.say(at, "dizzy.ask")
        later = self._dizzy_reported_at + CHECKS_S[1] if self._checks < len(CHECKS_S) else ends + CALLS_EVERY_S
        if self._checks < MAX_CALLS:
            self._check_timer.set(later, self._check)
