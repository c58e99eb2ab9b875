"""Takes snapshots of a conversation."""

from __future__ import annotations

from coach.dialogue import states
from coach.dialogue.desk import Desk
from coach.dialogue.floor import Spoken
from coach.snapshot import CountedPhase, Line, Planned, Snapshot, Understood
from coach.training.plan import Plan


def take(desk: Desk, counted: CountedPhase | None, understood: Understood | None, ended: bool) -> Snapshot:
    """As the desk is now. `counted`: the phase that was counted last, over or not."""
    counting = counted is not None and desk.moves.state == f"{states.SET}.{counted.name}"
    return Snapshot(
        at=desk.now,
        state=desk.moves.state,
        set=desk.progress.set_number,
        rep=desk.progress.rep,
        sets_done=len(desk.progress.done),
        phase=counted if counting else None,
        plan=_planned(desk.plan),
        saying=tuple(map(_line, desk.floor.to_be_heard(desk.now))),
        understood=understood,
        ended=ended,
    )


def _planned(plan: Plan) -> Planned:
    amount, unit = (None, None) if plan.load is None else (plan.load.amount, plan.load.unit)
    return Planned(plan.reps, plan.sets, plan.rest, str(plan.tempo), amount, unit)


def _line(spoken: Spoken) -> Line:
    return Line(spoken.say.text, spoken.say.at, spoken.ends)
