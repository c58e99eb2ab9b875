"""The sets of a plan: the warm-up ramp, the working sets, and the stages of each set.

Law: a ramp never reaches the working load. If one side is trained at a time, both sides get the same stages. The
figures in the tables are the usual ones in gyms and do not come from the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, floor

from coach.training.plan import FurtherStage, Load, Plan, Progress, SetKind, SetOverrides, SetPlan, Side, Stage

RAMP = ((0.4, 8), (0.6, 5), (0.8, 3))
"""The warm-ups: share of the working load, repetitions."""
RAMP_REST_S = 45
"""Rest behind a warm-up; behind the last warm-up it is the plan's rest."""
DROP_SHARES = (0.8, 0.6)
"""The drops of a drop set, as shares of its first load. Each drop has half the repetitions."""
DROP_BREAK_S = 15
"""Time to take plates off."""
REST_PAUSE_STAGES = 2
"""Number of further stages of a rest-pause set. Each has a third of the repetitions."""
REST_PAUSE_BREAK_S = 15
LOAD_STEPS = {"kg": 5.0, "lb": 10.0}
"""Step by unit. Loads that the coach proposes are multiples of the step, so that they are quickly said and loaded."""
LIGHT_STEPS = 8
"""A load of at most this many steps is light; its steps are half as large."""


def load_step(load: Load) -> float:
    """The smallest difference from a load that the coach proposes, in its unit."""
    step = LOAD_STEPS[load.unit]
    return step if load.amount > LIGHT_STEPS * step else step / 2


def rounded_share(load: Load, share: float = 1.0) -> Load:
    """A share of a load, rounded to the nearest step; at least one step, at most the load."""
    step = load_step(load)
    return replace(load, amount=min(load.amount, max(step, step * floor(load.amount * share / step + 0.5))))


def ramp(plan: Plan) -> tuple[SetOverrides, ...]:
    """The warm-ups of a plan in order; empty if the plan has no warm-up or no working load."""
    goal = working_load(plan, 1)
    if not plan.warm_up or goal is None:
        return ()
    if plan.ramp:
        # The lifter may have lowered the working load: leave out the warm-ups that are not lighter.
        return tuple(one for one in plan.ramp if one.load is None or one.load.is_lighter(goal))
    steps: list[SetOverrides] = []
    for share, reps in RAMP:
        load = rounded_share(goal, share)
        if load.amount < goal.amount and (not steps or steps[-1].load != load):
            steps.append(SetOverrides(reps=reps, load=load))
    return tuple(steps)


def working_load(plan: Plan, number: int) -> Load | None:
    """The load with which a working set begins; `number` from 1."""
    return plan.overrides_of(number).load or plan.load


def next_set(plan: Plan, progress: Progress) -> SetPlan:
    """The open set, or the set that comes next; if the plan is fulfilled, one more working set."""
    if progress.is_set_open:
        warms_up = progress.kind is SetKind.WARM_UP
        # In an open warm-up the ramp stays, even if the lifter has refused further warm-ups since it began.
        plan = replace(plan, first_side=progress.first_side)
        steps = ramp(replace(plan, warm_up=warms_up))
    else:
        steps = ramp(plan)
        warms_up = progress.warm_ups < len(steps) and not progress.working_sets
    if not warms_up:
        # Behind its first stage a set keeps its kind, because another kind has other stages.
        begun = progress.kind if progress.is_set_open and progress.stage else None
        return working_set(plan, len(progress.working_sets) + 1, begun)
    # The ramp may have become shorter since the set was begun.
    place = min(progress.warm_ups, len(steps) - 1)
    return _warm_up(plan, steps, place) if steps else replace(working_set(plan, 1), kind=SetKind.WARM_UP)


def kind_of(plan: Plan, number: int) -> SetKind:
    """The kind of a working set; `number` from 1. The set's override takes precedence over the plan's `last_kind`."""
    return plan.overrides_of(number).kind or (plan.last_kind if number == plan.sets else SetKind.WORKING)


def working_set(plan: Plan, number: int, begun: SetKind | None = None) -> SetPlan:
    """The working set of this number, from 1. `begun`: the set's kind, if the plan's kind no longer counts for it."""
    overrides = plan.overrides_of(number)
    kind = begun or kind_of(plan, number)
    return _set_plan(plan, kind, number, overrides, plan.load, plan.rest)


def all_sets(plan: Plan) -> tuple[SetPlan, ...]:
    """Every set of a plan, the warm-ups first."""
    steps = ramp(plan)
    warm_ups = (_warm_up(plan, steps, place) for place in range(len(steps)))
    return (*warm_ups, *(working_set(plan, number) for number in range(1, plan.sets + 1)))


def resumed_progress(plan: Plan, done: Progress, kind: SetKind, sides: Sequence[tuple[Side | None, int]]) -> Progress:
    """The progress with a set open again that broke off.

    `sides`: the repetitions of each side, in the order in which they were done.
    """
    found = done.begin_set(kind, sides[0][0])
    stages = next_set(plan, found).stages
    reps = dict(sides)
    for stage, following in pairwise(stages):
        count = reps.get(stage.side, 0)
        found = replace(found, rep=min(count, stage.reps), side=stage.side)
        if count < stage.reps or (following.side is stage.side and count == stage.reps) or following.side not in reps:
            return found
        found = found.next_stage(stage, following.side, kind)
    return replace(found, rep=reps.get(stages[-1].side, 0), side=stages[-1].side)


def with_load(plan: Plan, progress: Progress, load: Load) -> Plan:
    """The plan with this load from now on: behind a set's first stage for the stage under way, else for this set and
    the later working sets that had the same load.
    """
    planned = next_set(plan, progress)
    if planned.kind is SetKind.WARM_UP:
        return plan.with_load(load)
    stages = planned.stages_of_first_side
    place = progress.stage % len(stages) if progress.is_set_open else 0
    if not place:
        return plan.with_load(load, planned.number)
    more = []
    for index, (before, stage) in enumerate(pairwise(stages), 1):
        later = stage.load if index < place or (stage.load is not None and stage.load.is_lighter(load)) else None
        more.append(FurtherStage(stage.reps - before.reps, load if index == place else later, stage.break_s))
    overrides = replace(plan.overrides_of(planned.number), kind=planned.kind, further_stages=tuple(more))
    return plan.with_overrides(planned.number, overrides)


def in_unit(plan: Plan, unit: str) -> Plan:
    """The plan with every load in kg or lb; converted loads are rounded."""

    def load_in_unit(load: Load | None) -> Load | None:
        return load if load is None or load.unit == unit else Load(load.in_unit(unit), unit).rounded

    def converted(overrides: SetOverrides) -> SetOverrides:
        stages = tuple(replace(stage, load=load_in_unit(stage.load)) for stage in overrides.further_stages)
        return replace(overrides, load=load_in_unit(overrides.load), further_stages=stages)

    overrides, ramp = (tuple(map(converted, sets)) for sets in (plan.overrides, plan.ramp))
    return replace(plan, load=load_in_unit(plan.load), overrides=overrides, ramp=ramp)


def _warm_up(plan: Plan, steps: tuple[SetOverrides, ...], place: int) -> SetPlan:
    rest = plan.rest if place == len(steps) - 1 else RAMP_REST_S
    return _set_plan(plan, SetKind.WARM_UP, place + 1, steps[place], None, rest)


def _set_plan(plan: Plan, kind: SetKind, number: int, overrides: SetOverrides, load: Load | None, rest: int) -> SetPlan:
    """The set with these overrides; `load` and `rest`: what the set has without overrides."""
    first = Stage(overrides.reps or plan.reps, overrides.load or load)
    stages = _sided(plan, [first, *_further(kind, first, overrides.further_stages)])
    rest = rest if overrides.rest is None else overrides.rest
    return SetPlan(kind, number, stages, overrides.tempo or plan.tempo, rest)


def _further(kind: SetKind, first: Stage, more: tuple[FurtherStage, ...]) -> list[Stage]:
    """The stages behind the first one."""
    if kind is SetKind.DROP:
        loads = [None if first.load is None else rounded_share(first.load, share) for share in DROP_SHARES]
        more = more or tuple(FurtherStage(ceil(first.reps / 2), load) for load in loads)
        usual = DROP_BREAK_S
    elif kind is SetKind.REST_PAUSE:
        more = more or (FurtherStage(ceil(first.reps / 3)),) * REST_PAUSE_STAGES
        usual = REST_PAUSE_BREAK_S
    else:
        return []
    stages, before = [], first
    for part in more:
        before = Stage(before.reps + part.reps, part.load or before.load, break_s=part.break_s or usual)
        stages.append(before)
    return stages


def _sided(plan: Plan, stages: list[Stage]) -> tuple[Stage, ...]:
    """The stages for both sides, one after the other."""
    side = plan.first_side
    if side is None:
        return tuple(stages)
    first = [replace(stage, side=side) for stage in stages]
    second = [replace(stage, side=side.other) for stage in stages]
    # After a drop the plates must be put on again for the second side.
    wait = plan.switch_s if stages[0].load == stages[-1].load else max(plan.switch_s, DROP_BREAK_S)
    return (*first, replace(second[0], break_s=wait), *second[1:])
