"""Changes by voice to the kinds of sets: a warm-up, one side at a time, a drop set, short breaks.

Law: every change can be taken back. An open set keeps its side and, after its first stage, its kind.
"""

from __future__ import annotations

from dataclasses import replace

from coach.dialogue.context import Context, Scene
from coach.dialogue.logbook import Logbook
from coach.dialogue.states import State
from coach.dialogue.training_set import TrainingSet
from coach.language.numbers import in_words
from coach.language.speech import load as spoken_load
from coach.training.plan import Plan, SetKind, Side
from coach.training.structure import ramp, working_load


class Structuring(Scene):
    """Carries out what the lifter says about kinds of sets."""

    def __init__(self, context: Context, training_set: TrainingSet, logbook: Logbook) -> None:
        super().__init__(context)
        self._training_set = training_set
        self._logbook = logbook

    def plan_warm_up(self, now: float) -> None:
        """Plan a ramp of warm-ups before the first working set."""
        workout = self._workout
        if workout.progress.working_sets:
            self._saying.say(now, "warm_up.late")
            return
        self._change(replace(workout.plan, warm_up=True))
        workout.progress = replace(workout.progress, refused_warm_ups=0)
        if working_load(workout.plan, 1) is None:
            self._saying.say(now, "warm_up.on")
            self._saying.say(now, "load.none")
        else:
            self._say_ramp(now)

    def drop_warm_up(self, now: float) -> None:
        """Plan no warm-up, today and next time."""
        self._change(replace(self._workout.plan, warm_up=False))
        self._saying.say(now, "warm_up.off")

    def skip_warm_up(self, now: float) -> None:
        """Leave out the next warm-up."""
        workout = self._workout
        if workout.this_set.kind is not SetKind.WARM_UP or workout.progress.is_set_open:
            self._saying.say(now, "warm_up.none")
            return
        before = workout.progress

        def restore(_: float) -> None:
            workout.progress = replace(workout.progress, refused_warm_ups=before.refused_warm_ups)

        self._logbook.note("undo.plan", restore)
        workout.progress = replace(before, refused_warm_ups=before.refused_warm_ups + 1)
        self._say_next(now)

    def train_one_side(self, now: float, side: Side) -> None:
        """Train each set on this side first, then on the other."""
        self._change(replace(self._workout.plan, first_side=side))
        self._saying.say(now, "sides.on", side=side.value)

    def train_both_sides(self, now: float) -> None:
        """Train both sides at once."""
        self._change(replace(self._workout.plan, first_side=None))
        self._saying.say(now, "sides.off")

    def set_last_kind(self, now: float, kind: SetKind) -> None:
        """Make the last working set a set of that kind."""
        self._change(self._workout.plan.with_last_kind(kind))
        self._saying.say(now, f"kind.last_{kind.value}")

    def make_all_working(self, now: float) -> None:
        """Make all sets working sets (lifters say "plain"), without drops and short breaks."""
        plan = self._workout.plan
        overrides = tuple(replace(one, kind=None, further_stages=()) for one in plan.overrides)
        self._change(replace(plan, overrides=overrides, last_kind=SetKind.WORKING))
        self._saying.say(now, "kind.plain")

    def set_this_kind(self, now: float, kind: SetKind) -> None:
        """Make the open set, or the next working set, a set of that kind."""
        workout = self._workout
        number = len(workout.progress.working_sets) + 1
        self._change(workout.plan.with_kind(number, kind))
        if workout.in_set:
            line = self._pack.prompts[f"kind.cue_{kind.value}"]
            self._training_set.counting.say_between(now, line, *line.say)
        else:
            self._saying.say(now, f"kind.this_{kind.value}", set=in_words(number))

    def begin_next_stage(self, now: float) -> None:
        """Go on with the stage after this one: the other side, or less load."""
        workout = self._workout
        if workout.state is State.BREAK:
            self._training_set.resume(now)
        elif workout.next_stage is None:
            if not workout.in_set:
                self._saying.say(now, "switch.none")
        else:
            self._training_set.end_stage(now)

    def _say_ramp(self, now: float) -> None:
        """Say the loads of the warm-ups to come."""
        workout = self._workout
        steps = ramp(workout.plan)[workout.progress.warm_ups :]
        loads = [one.load for one in steps if one.load is not None]
        if not loads:
            self._saying.say(now, "warm_up.none")
            return
        *first, last = loads
        spoken = "".join(f"{in_words(load.amount)}, " for load in first) + spoken_load(last.amount, last.unit)
        self._saying.say(now, "warm_up.set", loads=spoken)

    def _change(self, plan: Plan) -> None:
        self._logbook.change_plan(plan, "undo.plan")

    def _say_next(self, now: float) -> None:
        planned, load = self._workout.this_set, self._workout.stage.load
        if planned.kind is SetKind.WARM_UP and load is not None:
            self._saying.say(now, "set.warm_up", load=spoken_load(load.amount, load.unit))
        elif load is not None:
            self._saying.say(now, "next.load", load=spoken_load(load.amount, load.unit))
        else:
            self._saying.say(now, "warm_up.off")
