"""Checks the rules between the keys of a plan, and warns of likely typing errors.

Law: an error keeps the plan from being trained; a warning does not. Rules for a single key are in `plan_schema.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coach.content.plan_schema import DROP, LOAD, MOST_WARM_UPS, REST_PAUSE, WARM_UP, WORKING
from coach.content.reading import Document, KeyPath
from coach.training.plan import MAX_LOAD, REPS, SETS, Load
from coach.training.plates import Machine
from coach.training.tempo import Tempo

_LONG_REST_S = 300
"""A longer rest is likely a typing error; the rest after heavy sets is three to five minutes."""
_LONG_BREAK_S = 60
"""A longer break within a set is likely a typing error."""
_JUMP = 2.0
"""A load at least this many times the load of the set before likely has a digit too many."""


def check(document: Document, value: Mapping[str, Any], at: KeyPath = ()) -> None:
    """Note all findings in the document; `at`: key of the plan in the document."""
    _Check(document, value, at).all()


class _Check:
    """The check of one plan."""

    def __init__(self, document: Document, value: Mapping[str, Any], at: KeyPath) -> None:
        self._document = document
        self._value = value
        self._at = at
        sets = value.get("sets")
        self._sets: list[Mapping[str, Any]] = sets if isinstance(sets, list) else []
        ramp = value.get("warm up")
        self._ramp: list[Mapping[str, Any]] = ramp if isinstance(ramp, list) else []

    def all(self) -> None:
        for at, one in self._entries():
            self._check_tempo(at, one)
            self._check_loads(at, one)
            self._check_times(at, one)
        self._check_list()
        for index, one in enumerate(self._sets):
            self._check_later(("sets", index), one)
        self._check_ramp()
        self._check_working()
        self._check_machine()

    def _entries(self) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
        """The plan itself, and every set, warm-up and further stage in it, with their keys."""
        yield (), self._value
        for section, entries in (("sets", self._sets), ("warm up", self._ramp)):
            for index, one in enumerate(entries):
                yield (section, index), one
                for later, other in enumerate(one.get("then", ())):
                    yield (section, index, "then", later), other

    # --- errors

    def _check_tempo(self, at: KeyPath, one: Mapping[str, Any]) -> None:
        # A text that is not a tempo was already reported when the file was read.
        if re.fullmatch(r"[0-9xX -]+", one.get("tempo", "")):
            try:
                Tempo.parse(one["tempo"])
            except ValueError as error:
                wrong, remedy = str(error).split(": ", 1)
                self._fault((*at, "tempo"), wrong, remedy)

    def _check_loads(self, at: KeyPath, one: Mapping[str, Any]) -> None:
        load = _load(one)
        if load is not None and not load.is_sayable:
            self._fault((*at, "load"), f"{one['load']!r} is no load", f"give more than 0, at most {MAX_LOAD}")

    def _check_list(self) -> None:
        """The kinds, the order and the number of the listed sets are valid."""
        kinds = [one.get("kind", WORKING) for one in self._sets]
        numbers = [one.get("times", 1) for one in self._sets]
        working = sum(count for kind, count in zip(kinds, numbers, strict=True) if kind != WARM_UP)
        warm_ups = sum(numbers) - working
        if self._sets and not working:
            self._fault(("sets",), "only warm-ups", "add the sets they are for, like {reps: 10, load: 80 kg}")
        if working > SETS[-1]:
            self._fault(("sets",), f"{working} sets", f"give at most {SETS[-1]}")
        if warm_ups > MOST_WARM_UPS:
            self._fault(("sets",), f"{warm_ups} warm-ups", f"give at most {MOST_WARM_UPS}")
        if warm_ups and "warm up" in self._value:
            self._fault(("warm up",), "stands beside warm-ups among the sets", "keep one of them")
        if self._sets and "last set" in self._value:
            self._fault(("last set",), "stands beside a list of sets", "give the last one its kind in the list")
        for index, one in enumerate(self._sets):
            if kinds[index] == WARM_UP and any(before != WARM_UP for before in kinds[:index]):
                self._fault(("sets", index), "a warm-up behind a working set", "put it first")
            self._check_set(("sets", index), kinds[index], one)

    def _check_set(self, at: KeyPath, kind: str, one: Mapping[str, Any]) -> None:
        """A set has what its kind must have, and nothing that its kind cannot have."""
        for name in ("reps", "load") if kind == WARM_UP else ():
            if name not in one and (*self._at, *at, name) not in self._document.lines:
                self._fault(at, f"a warm-up without its {name}", "add it, like {kind: warm-up, reps: 8, load: 40 kg}")
        later = one.get("then", ())
        if later and kind in (WORKING, WARM_UP):
            self._fault((*at, "then"), f"stands in a {kind} set", f"write kind: {DROP} or kind: {REST_PAUSE}")
        more = sum(other.get("reps", 0) for other in later)
        if more > REPS[-1]:
            remedy = f"give at most {REPS[-1]} in all"
            self._fault((*at, "then"), f"{more} repetitions behind the first ones", remedy)
        for index, other in enumerate(later):
            if kind == REST_PAUSE and "load" in other:
                remedy = f"take it out, or write kind: {DROP}"
                self._fault((*at, "then", index, "load"), f"a {REST_PAUSE} set keeps its load", remedy)

    # --- warnings

    def _check_times(self, at: KeyPath, one: Mapping[str, Any]) -> None:
        rest, wait = one.get("rest", 0), one.get("break", 0)
        if rest > _LONG_REST_S:
            self._warn((*at, "rest"), f"a rest of {_minutes(rest)}", f"give {_LONG_REST_S // 60} min or less")
        if wait > _LONG_BREAK_S:
            remedy = f"give {_LONG_BREAK_S} s or less, or make it a set of its own"
            self._warn((*at, "break"), f"a break of {_minutes(wait)} within a set", remedy)

    def _check_later(self, at: KeyPath, one: Mapping[str, Any]) -> None:
        """Each stage of a drop set is lighter than the one before."""
        before = _load(one) or _load(self._value)
        if one.get("kind") != DROP:
            return
        for index, later in enumerate(one.get("then", ())):
            load = _load(later)
            place = (*at, "then", index)
            if load is None:
                self._warn(place, "a drop without a load", "add the load it drops to, like load: 55 kg")
            elif before is not None and not load.is_lighter(before):
                self._warn(
                    (*place, "load"),
                    f"{load.text} is no drop from {before.text}",
                    "give less; as it is, the load stays",
                )
            before = load or before

    def _check_ramp(self) -> None:
        """A ramp rises, and ends below the working load, which must be known."""
        listed = [(("sets", index), one) for index, one in enumerate(self._sets) if one.get("kind") == WARM_UP]
        steps: list[tuple[KeyPath, Mapping[str, Any]]] = [
            (("warm up", index), one) for index, one in enumerate(self._ramp)
        ]
        working = next((_load(one) for _, one in self._working() if _load(one)), None) or _load(self._value)
        before: Load | None = None
        for at, one in [*steps, *listed]:
            load = _load(one)
            if load is None:
                continue
            place = (*at, "load")
            if working is not None and not load.is_lighter(working):
                remedy = "give less; as it is, the coach leaves it out"
                self._warn(place, f"{load.text} to warm up for {working.text}", remedy)
            elif before is not None and load.is_lighter(before):
                self._warn(place, f"{load.text} behind {before.text}", "begin with the lightest")
            before = load
        wants = steps or listed or self._value.get("warm up") in ("usual", "yes")
        if wants and working is None:
            remedy = "add it; until it is said by voice there is no warm-up"
            self._warn(
                ("warm up",) if "warm up" in self._value else ("sets",), "a warm-up without a working load", remedy
            )

    def _check_working(self) -> None:
        """The working sets' loads have one unit, no large jumps, and no gaps."""
        before = None
        units = {load.unit for _, one in self._entries() if (load := _load(one)) is not None}
        if len(units) > 1:
            self._warn((), "loads in kilos and in pounds", "write all of them in one unit")
        for at, one in self._working():
            load = _load(one) or _load(self._value)
            if before is not None and load is not None and load.in_unit(before.unit) >= _JUMP * before.amount:
                place = (*at, "load") if "load" in one else at
                self._warn(place, f"{load.text} behind a set of {before.text}", "look at the digits")
            before = load or before
            if load is None and any(_load(other) for _, other in self._working()):
                self._warn(at, "a set without a load beside sets that have one", "add it, like load: 80 kg")

    def _check_machine(self) -> None:
        """The machine's plates make every load."""
        machine = self._value.get("machine", {})
        empty, plates = _load({"load": machine.get("empty")}), machine.get("plates")
        if empty is None or not isinstance(plates, list) or not all(isinstance(one, float) for one in plates):
            return
        try:
            machine = Machine(empty, tuple(plates))
        except ValueError as error:
            wrong, remedy = str(error).split(": ", 1)
            self._fault(("machine",), wrong, remedy)
            return
        for at, one in self._entries():
            load = _load(one)
            if load is not None and load.unit == empty.unit and machine.plates_per_side(load) is None:
                near = " or ".join(other.text for other in machine.nearest_loads(load))
                self._warn((*at, "load"), f"{load.text} cannot be made of the plates", f"give {near}")

    def _working(self) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
        for index, one in enumerate(self._sets):
            if one.get("kind") != WARM_UP:
                yield ("sets", index), one

    def _fault(self, at: KeyPath, wrong: str, remedy: str) -> None:
        self._document.report((*self._at, *at), wrong, remedy)

    def _warn(self, at: KeyPath, wrong: str, remedy: str) -> None:
        self._document.report((*self._at, *at), wrong, remedy, warning=True)


def load_in(text: str) -> Load | None:
    """The load in a text; None if the text does not match `plan_schema.LOAD`."""
    found = re.fullmatch(LOAD, text)
    return Load(float(found["amount"]), found["unit"]) if found else None


def _load(one: Mapping[str, Any]) -> Load | None:
    return load_in(str(one.get("load", "")))


def _minutes(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
