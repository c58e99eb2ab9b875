"""Takes snapshots of a conversation."""

from __future__ import annotations

from coach.dialogue.context import Context
from coach.dialogue.floor import Spoken
from coach.snapshot import Line, Planned, Snapshot, Understood
from coach.training.plan import Plan


def take(context: Context, understood: Understood | None, ended: bool) -> Snapshot:
    """As the conversation is now."""
    now, workout = context.outbox.now, context.workout
    return Snapshot(
        at=now,
        state=workout.moves.state,
        set=workout.progress.set_number,
        rep=workout.progress.rep,
        sets_done=len(workout.progress.done),
        phase=workout.counted,
        plan=_planned(workout.plan),
        saying=tuple(map(_line, context.saying.floor.to_be_heard(now))),
        understood=understood,
        ended=ended,
    )


def _planned(plan: Plan) -> Planned:
    amount, unit = (None, None) if plan.load is None else (plan.load.amount, plan.load.unit)
    return Planned(plan.reps, plan.sets, plan.rest, str(plan.tempo), amount, unit)


def _line(spoken: Spoken) -> Line:
    return Line(spoken.say.text, spoken.say.at, spoken.ends)
