"""Takes snapshots of a conversation."""

from __future__ import annotations

from coach.dialogue.context import Context
from coach.dialogue.floor import TimedLine
from coach.dialogue.states import State
from coach.dialogue.workout import Workout
from coach.snapshot import CurrentRest, PlannedSet, Snapshot, SpokenLine, Understood
from coach.training.plan import amount_and_unit
from coach.training.rest import Rest


def take(context: Context, rest: Rest | None, understood: Understood | None, ended: bool) -> Snapshot:
    """A snapshot of the conversation now. `rest`: the rest since the last set."""
    now, workout = context.outbox.now, context.workout
    return Snapshot(
        at=now,
        state=workout.state_machine.state,
        set=workout.progress.set_number,
        rep=workout.progress.rep,
        sets_done=len(workout.progress.sets_done),
        phase=workout.counted_phase,
        plan=_planned(workout),
        saying=tuple(map(_line, context.saying.floor.to_be_heard(now))),
        understood=understood,
        ended=ended,
        alert=workout.alert,
        rest=_current_rest(workout, rest, now),
    )


def _planned(workout: Workout) -> PlannedSet:
    planned, stage = workout.this_set, workout.stage
    amount, unit = amount_and_unit(stage.load)
    return PlannedSet(
        reps=stage.reps,
        sets=workout.plan.sets,
        rest=planned.rest,
        tempo=str(planned.tempo),
        load=amount,
        unit=unit,
        kind=planned.kind,
        number=planned.number,
        side=stage.side,
    )


def _current_rest(workout: Workout, rest: Rest | None, now: float) -> CurrentRest | None:
    """The rest between two sets, or the break between two stages of a set."""
    if workout.state is State.BREAK:
        return CurrentRest(workout.stage.break_s, max(0.0, workout.break_ends - now), workout.break_ends)
    if workout.state is State.RESTING and rest is not None:
        return CurrentRest(rest.seconds, rest.seconds_left(now), rest.ends_at if rest.held_since is None else None)
    return None


def _line(placed: TimedLine) -> SpokenLine:
    return SpokenLine(placed.say.text, placed.say.at, placed.ends)
