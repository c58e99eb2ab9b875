"""What is on the platform, changed and asked by voice: a load, more or less of it, another unit, the plates for it.

Law: what is on is more than nothing and at most as much as can be said, its amount exact to a quarter; it is read back,
and where the plates are known and cannot make it, so are the nearest loads that they make.
"""

from __future__ import annotations

from coach.dialogue.context import Context
from coach.dialogue.logbook import Logbook
from coach.language.grammar import Intent
from coach.language.speech import load as spoken_load
from coach.language.speech import plates
from coach.training.plan import HEAVIEST, Load
from coach.training.plates import Machine
from coach.training.structure import with_load

_PROMPT_OF = {"kg": "unit.kilos", "lb": "unit.pounds"}


class Loading:
    """Carries out what is said of the load; the grammar has checked the ranges of its numbers."""

    def __init__(self, context: Context, logbook: Logbook, machine: Machine | None) -> None:
        """`machine`: what can be put on; None: nobody has told."""
        self._workout = context.workout
        self._saying = context.saying
        self._logbook = logbook
        self._machine = machine
        self._converted: tuple[Load, Load] | None = None
        """What was on before the unit was changed, and what it became."""

    def set(self, now: float, intent: Intent) -> None:
        """So much is on; without a unit, in that of the load before, or in the one the lifter wants."""
        before = self._on
        unit = intent.slots.get("unit", before.unit if before else self._workout.unit)
        self._take(now, Load(_amount(intent), str(unit)))

    def add(self, now: float, intent: Intent, sign: int) -> None:
        """So much more is on, or less."""
        before = self._on
        if before is None:
            self._saying.say(now, "load.none")
            return
        by = Load(_amount(intent), str(intent.slots.get("unit", before.unit)))
        after = Load(before.amount + sign * by.in_unit(before.unit), before.unit)
        if by.unit != before.unit:
            after = after.rounded
        if after.amount <= 0:
            self._saying.say(now, "load.too_little")
            self._tell(now, before)
        elif after.amount > HEAVIEST:
            self._saying.say(now, "limit")
        else:
            self._take(now, after)

    def switch(self, now: float, unit: str) -> None:
        """Loads are in kilos or in pounds, the one that is on, too."""
        before, wanted = self._on, self._workout.unit
        self._workout.unit = unit
        if before is None or before.unit == unit:
            if wanted != unit:
                self._logbook.note(_PROMPT_OF[wanted], lambda _: self._want(wanted))
            self._saying.say(now, _PROMPT_OF[unit])
            if before is not None:
                self._tell(now, before)
            return
        known = self._converted
        after = known[0] if known is not None and known[1] == before else Load(before.in_unit(unit), unit).rounded
        if after.amount > HEAVIEST:
            self._workout.unit = wanted
            self._saying.say(now, "limit")
            return
        self._converted = (before, after)
        self._take(now, after, wanted)

    def side(self, now: float) -> None:
        """The plates of each side."""
        on = self._on
        if self._machine is None:
            self._saying.say(now, "plates.unknown")
        elif on is None:
            self._saying.say(now, "load.none")
        elif (found := self._machine.side(on)) is None:
            self._tell(now, on)
            self._tell_nearest(now, self._machine, on)
        elif found:
            self._saying.say(now, "plates.side", plates=plates(found))
        else:
            self._saying.say(now, "plates.empty")

    @property
    def _on(self) -> Load | None:
        return self._workout.stage.load

    def _take(self, now: float, load: Load, unit: str | None = None) -> None:
        """This is on now. `unit`: the one that was wanted before."""
        before, plan, progress = self._on, self._workout.plan, self._workout.progress

        def restore(_: float) -> None:
            self._workout.plan = plan
            self._workout.unit = self._workout.unit if unit is None else unit

        told = spoken_load(load.amount, load.unit)
        self._logbook.note("undo.load", restore, load=told)
        self._workout.plan = with_load(plan, progress, load)
        if progress.open:
            self._workout.progress = progress.change_load(before)
        self._saying.say(now, "load.set", load=told)
        if self._machine is not None and self._machine.side(load) is None:
            self._tell_nearest(now, self._machine, load)

    def _want(self, unit: str) -> None:
        self._workout.unit = unit

    def _tell_nearest(self, now: float, machine: Machine, load: Load) -> None:
        for prompt, near in zip(("plates.near", "plates.or"), machine.nearest(load), strict=False):
            self._saying.say(now, prompt, load=spoken_load(near.amount, near.unit))

    def _tell(self, now: float, load: Load) -> None:
        self._saying.say(now, "load.is", load=spoken_load(load.amount, load.unit))


def _amount(intent: Intent) -> float:
    value = intent.slots["load"]
    if isinstance(value, str):
        raise TypeError(f"the load of {intent.name} is {value!r}: give it numbers in commands.yaml")
    return value
