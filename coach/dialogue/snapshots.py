"""Takes snapshots of a conversation."""

from __future__ import annotations

from coach.dialogue.context import Context
from coach.dialogue.floor import Spoken
from coach.dialogue.states import State
from coach.dialogue.workout import Workout
from coach.snapshot import Line, Planned, Snapshot, Understood
from coach.training.plan import amount_and_unit
from coach.training.rest import Rest


def take(context: Context, rest: Rest | None, understood: Understood | None, ended: bool) -> Snapshot:
    """A snapshot of the conversation now. `rest`: the rest since the last set."""
    now, workout = context.outbox.now, context.workout
    return Snapshot(
        at=now,
        state=workout.moves.state,
        set=workout.progress.set_number,
        rep=workout.progress.rep,
        sets_done=len(workout.progress.done),
        phase=workout.counted,
        plan=_planned(workout),
        saying=tuple(map(_line, context.saying.floor.to_be_heard(now))),
        understood=understood,
        ended=ended,
        alert=workout.alert,
        rest_ends=_rest_ends(workout, rest),
    )


def _rest_ends(workout: Workout, rest: Rest | None) -> float | None:
    runs = workout.moves.state == State.RESTING and rest is not None and rest.held_since is None
    return rest.ends if runs and rest is not None else None


def _planned(workout: Workout) -> Planned:
    planned, stage = workout.this_set, workout.stage
    amount, unit = amount_and_unit(stage.load)
    return Planned(
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


def _line(spoken: Spoken) -> Line:
    return Line(spoken.say.text, spoken.say.at, spoken.ends)
