"""The load on the platform, changed and asked by voice: a load, more or less of it, another unit, the plates for it.

Law: a load is more than nothing, at most as much as can be said, and a whole number of quarters of its unit. It is read
back. If the plates are known and cannot make the load, the nearest loads that they can make are said, too.
"""

from __future__ import annotations

from dataclasses import replace

from coach.dialogue.context import Context, Scene
from coach.dialogue.logbook import Logbook
from coach.language.grammar import Intent
from coach.language.speech import load as spoken_load
from coach.language.speech import plates
from coach.training.plan import MAX_LOAD, Load, Plan
from coach.training.plates import Machine
from coach.training.structure import all_sets, in_unit, with_load

_UNIT_PROMPTS = {"kg": "unit.kilos", "lb": "unit.pounds"}


class Loading(Scene):
    """Carries out what is said about the load; the grammar has checked the ranges of its numbers."""

    def __init__(self, context: Context, logbook: Logbook, machine: Machine | None) -> None:
        """`machine`: what can be put on the platform; None: not known."""
        super().__init__(context)
        self._logbook = logbook
        self._machine = machine
        self._converted: tuple[Plan, Plan] | None = None
        """The plan before the unit was changed, and the plan that it became: changing back restores the first one."""

    def set_load(self, now: float, intent: Intent) -> None:
        """Set the load. Its unit: as said, else of the load before, else the one that the lifter prefers."""
        before = self._current_load
        unit = intent.slots.get("unit", before.unit if before else self._workout.unit)
        self.take_load(now, Load(_amount(intent), str(unit)))

    def add_load(self, now: float, intent: Intent, sign: int) -> None:
        """Add to the load or take from it. In a warm-up this changes the working load, like every load said there."""
        before = self._workout.target_load
        if before is None:
            self._saying.say(now, "load.none")
            return
        change = Load(_amount(intent), str(intent.slots.get("unit", before.unit)))
        after = Load(before.amount + sign * change.in_unit(before.unit), before.unit)
        if change.unit != before.unit:
            after = after.rounded
        if after.amount <= 0:
            self._saying.say(now, "load.too_little")
            self._say_load(now, before)
        elif after.amount > MAX_LOAD:
            self._saying.say(now, "limit")
        else:
            self.take_load(now, after)

    def switch_unit(self, now: float, unit: str) -> None:
        """Use kilos or pounds from now on, and convert all loads of the plan that are in the other unit."""
        before, preferred, plan = self._workout.target_load, self._workout.unit, self._workout.plan
        known = self._converted
        after = known[0] if known is not None and known[1] == plan else in_unit(plan, unit)
        loads = (stage.load for planned in all_sets(after) for stage in planned.stages)
        if any(load is not None and load.amount > MAX_LOAD for load in loads):
            self._saying.say(now, "limit")
            return
        self._workout.unit = unit
        if after == plan:
            if preferred != unit:
                self._logbook.note(_UNIT_PROMPTS[preferred], lambda _: self._prefer_unit(preferred))
            self._saying.say(now, _UNIT_PROMPTS[unit])
            if before is not None:
                self._say_load(now, before)
            return
        self._converted = (plan, after)
        self._replace_plan(now, after, preferred)

    def say_plates(self, now: float) -> None:
        """Say the plates for each side."""
        load = self._current_load
        if self._machine is None:
            self._saying.say(now, "plates.unknown")
        elif load is None:
            self._saying.say(now, "load.none")
        elif (found := self._machine.plates_per_side(load)) is None:
            self._say_load(now, load)
            self._say_nearest(now, self._machine, load)
        elif found:
            self._saying.say(now, "plates.side", plates=plates(found))
        else:
            self._saying.say(now, "plates.empty")

    def take_load(self, now: float, load: Load) -> None:
        """Set this load."""
        self._replace_plan(now, with_load(self._workout.plan, self._workout.progress, load), self._workout.unit)

    @property
    def _current_load(self) -> Load | None:
        return self._workout.stage.load

    def _replace_plan(self, now: float, after: Plan, unit: str) -> None:
        """Replace the plan with one that has other loads. `unit`: the unit to prefer again after an undo."""
        load_before, progress = self._current_load, self._workout.progress
        load = replace(self._workout, plan=after).target_load
        if load is None:
            return
        if progress.is_set_open:
            self._workout.progress = progress.change_load(load_before)
        spoken = spoken_load(load.amount, load.unit)
        self._logbook.change_plan(after, "undo.load", lambda _: self._prefer_unit(unit), load=spoken)
        self._saying.say(now, "load.set", load=spoken)
        if self._machine is not None and self._machine.plates_per_side(load) is None:
            self._say_nearest(now, self._machine, load)

    def _prefer_unit(self, unit: str) -> None:
        self._workout.unit = unit

    def _say_nearest(self, now: float, machine: Machine, load: Load) -> None:
        for prompt, near in zip(("plates.near", "plates.or"), machine.nearest_loads(load), strict=False):
            self._saying.say(now, prompt, load=spoken_load(near.amount, near.unit))

    def _say_load(self, now: float, load: Load) -> None:
        self._saying.say(now, "load.is", load=spoken_load(load.amount, load.unit))


def _amount(intent: Intent) -> float:
    value = intent.slots["load"]
    if isinstance(value, str):
        raise TypeError(f"the load of {intent.name} is {value!r}: give it numbers in commands.yaml")
    return value
