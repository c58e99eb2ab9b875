"""What the lifter changed by voice: written down by name, and used again next time.

Law: a name never gets another meaning, because it stands in old journals. A value that is invalid or out of bounds
counts as never written. Names that belong to an exercise begin with the exercise: "leg_press.load". If the plan came
from a file, the file's name and digest follow: "leg_press.monday-3f2a91.load". So the value holds until the file is
changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from coach.commands import SetPace, SetVolume
from coach.dialogue.adjusting import PACE_RANGE, QUIETEST_DB
from coach.dialogue.context import Context, Scene
from coach.dialogue.workout import Verbosity, Workout
from coach.records import PreferenceChanged
from coach.training import plan_text
from coach.training.log import LoggedWorkout
from coach.training.plan import REPS, REST_S, SETS, UNITS, Load, Plan, SetKind, SetOverrides, Side
from coach.training.tempo import Tempo

_LOAD = re.compile(r"(\d{1,3}(?:\.(?:[05]|25|75))?) (kg|lb)")
_BEGINS = {"coach": False, "lifter": True}
"""Who begins a set: the coach with a countdown, or the lifter with a word."""
_COUNTS = {"beat": False, "lifter": True}
"""Who counts: the coach by the beat, or the lifter by saying each repetition."""
_EFFORT_ASKED = {"asked": True, "not_asked": False}
"""Whether the coach asks how many repetitions were left."""
_ON_OFF = {"on": True, "off": False}
_SIDES: Mapping[str, Side | None] = {"both": None, **{side.value: side for side in Side}}


def _load_text(load: Load | None) -> str:
    return "" if load is None else load.text


def _read_load(text: str) -> Load:
    given = _LOAD.fullmatch(text)
    load = None if given is None else Load(float(given[1]), given[2])
    if load is None or not load.is_sayable:
        raise ValueError(f"load {text!r}: write it like 90 kg")
    return load


_SEPARATOR = ", "
"""Separates the values where sets of a plan differ: one for each set that has its own, then the one of all others."""


def _text_of_each(field: str, to_text: Callable[[Any], str], plan: Plan) -> str:
    """The value of a field of `Plan` and `SetOverrides` as text: one value, or one for each set."""
    usual = getattr(plan, field)
    own = [getattr(one, field) for one in plan.overrides]
    texts = [to_text(usual if value is None else value) for value in (*own, None)]
    return texts[0] if len(set(texts)) == 1 else _SEPARATOR.join(texts)


def _with_each(field: str, read: Callable[[str], Any], plan: Plan, text: str) -> Plan:
    """The plan with these values in a field of `Plan` and `SetOverrides`; `text` as `_text_of_each` writes it."""
    *own, usual = map(read, text.split(_SEPARATOR))
    if len(own) > SETS[-1]:
        raise ValueError(f"{len(own) + 1} values: give {SETS[-1]} at most")
    sets = [*plan.overrides, *[SetOverrides()] * (len(own) - len(plan.overrides))]
    values = [*own, *[None] * (len(sets) - len(own))]
    changed = [replace(one, **{field: value}) for one, value in zip(sets, values, strict=True)]
    return replace(plan, **{field: usual}, overrides=tuple(changed))


def _with_loads(plan: Plan, text: str) -> Plan:
    """The plan with these loads. A drop to a load that would be heavier is left out."""
    plan = _with_each("load", _read_load, plan, text)
    own = (replace(one.with_usual_load(one.load or plan.load), load=one.load) for one in plan.overrides)
    return replace(plan, overrides=tuple(own))


def _whole(text: str, bounds: range) -> int:
    if int(text) not in bounds:
        raise ValueError(f"{text!r}: give {bounds[0]} to {bounds[-1]}")
    return int(text)


def _field_of_each(
    field: str, to_text: Callable[[Any], str], read: Callable[[str], Any]
) -> tuple[Callable[[Plan], str], Callable[[Plan, str], Plan]]:
    return partial(_text_of_each, field, to_text), partial(_with_each, field, read)


_PLAN_TEXTS: Mapping[str, tuple[Callable[[Plan], str], Callable[[Plan, str], Plan]]] = {
    "reps": _field_of_each("reps", str, lambda text: _whole(text, REPS)),
    "sets": (lambda plan: str(plan.sets), lambda plan, text: replace(plan, sets=int(text))),
    "rest": _field_of_each("rest", str, lambda text: _whole(text, REST_S)),
    "tempo": _field_of_each("tempo", str, Tempo.parse),
    "load": (partial(_text_of_each, "load", _load_text), _with_loads),
    "warm_up": (lambda plan: "on" if plan.warm_up else "off", lambda plan, text: replace(plan, warm_up=_ON_OFF[text])),
    "side": (lambda plan: plan.first_side or "both", lambda plan, text: replace(plan, first_side=_SIDES[text])),
    "last": (lambda plan: plan.last_kind.value, lambda plan, text: plan.with_last_kind(SetKind(text))),
}
"""Writer and reader of the text of each preference of an exercise, by name. ValueError: the text is not valid."""
EXERCISE_PREFERENCES = frozenset(_PLAN_TEXTS)
"""Names that begin with the exercise."""
TALK_PREFERENCES = frozenset({"verbosity", "volume", "pace", "begins", "effort", "unit", "counts"})
"""Names that hold for every exercise, and stand without one: what `apply_talk` sets."""


def owner_of(exercise: str, plan: Plan) -> str:
    """The beginning of the names of a plan's preferences, without the final point."""
    return f"{exercise}.{plan.name}" if plan.name else exercise


def preferred_plan(usual: Plan, exercise: str, stored: Mapping[str, str], given: Collection[str] = ()) -> Plan:
    """The plan as the lifter wanted it last; fields without a valid stored value stay as in `usual`.

    `given`: names, without the exercise, of fields that stay as in `usual` in any case.
    """
    owner = owner_of(exercise, usual)
    for name, (_, read) in _PLAN_TEXTS.items():
        text = stored.get(f"{owner}.{name}")
        if text is not None and name not in given:
            with suppress(ValueError, KeyError):
                usual = read(usual, text)
    return usual


def unfinished_plan(workout: LoggedWorkout, load: Load | None) -> Plan | None:
    """The plan that a workout had when it was left. `load`: for a workout whose own records name no load.

    None: the workout had no plan that can be coached, as in old journals and imported files.
    """
    begun = workout.plan
    if begun is None:
        return None
    try:
        plan = Plan(begun.reps, begun.sets, begun.rest, Tempo.parse(begun.tempo), load)
    except ValueError:
        return None
    plan = plan_text.read(plan, begun.structure)
    return preferred_plan(plan, begun.exercise, workout.preferences)


def asks_effort(stored: Mapping[str, str]) -> bool:
    """Whether the coach asks how many repetitions were left."""
    return _EFFORT_ASKED.get(stored.get("effort", ""), True)


def apply_talk(workout: Workout, stored: Mapping[str, str]) -> None:
    """Set verbosity, volume, pace and other choices of how the coach talks, as the lifter wanted them last."""
    verbosity = stored.get("verbosity", "").upper()
    if verbosity in Verbosity.__members__:
        workout.verbosity = Verbosity[verbosity]
    volume = stored.get("volume", "")
    if re.fullmatch(r"-?\d{1,2}", volume) and QUIETEST_DB <= int(volume) <= 0:
        workout.volume = float(volume)
    pace = stored.get("pace", "")
    if re.fullmatch(r"\d{2,3}", pace) and int(pace) in PACE_RANGE:
        workout.speaking_pace = int(pace)
    workout.asks_effort = asks_effort(stored)
    unit = stored.get("unit", "")
    workout.unit = unit if unit in UNITS else workout.unit
    workout.lifter_counts = _COUNTS.get(stored.get("counts", ""), workout.lifter_counts)
    workout.lifter_begins = _BEGINS.get(stored.get("begins", ""), workout.lifter_begins)


def plan_values(plan: Plan) -> dict[str, str]:
    """What a lifter may change of a plan: name without the exercise -> value as text."""
    return {name: to_text(plan) for name, (to_text, _) in _PLAN_TEXTS.items()}


def all_values(workout: Workout, exercise: str) -> dict[str, str]:
    """Everything that a lifter may change: name -> value as text."""
    return {
        **{f"{owner_of(exercise, workout.plan)}.{name}": text for name, text in plan_values(workout.plan).items()},
        "verbosity": workout.verbosity.name.lower(),
        "volume": f"{workout.volume:.0f}",
        "pace": str(workout.speaking_pace),
        "begins": next(name for name, lifter in _BEGINS.items() if lifter is workout.lifter_begins),
        "effort": next(name for name, asked in _EFFORT_ASKED.items() if asked is workout.asks_effort),
        "unit": workout.unit,
        "counts": next(name for name, lifter in _COUNTS.items() if lifter is workout.lifter_counts),
    }


class Preferences(Scene):
    """After each event, writes down what the lifter changed."""

    def __init__(self, context: Context, stored: Mapping[str, str]) -> None:
        """`stored`: values written in earlier sessions, by name."""
        super().__init__(context)
        self._exercise = context.pack.id
        apply_talk(context.workout, stored)
        self._written = all_values(context.workout, self._exercise)

    def begin(self) -> None:
        """The session begins: set the volume and pace of the voice as the lifter wanted them last."""
        usual = Workout(self._workout.plan, self._workout.state_machine)
        if self._workout.volume != usual.volume:
            self._outbox.put(SetVolume(self._workout.volume))
        if self._workout.speaking_pace != usual.speaking_pace:
            self._outbox.put(SetPace(self._workout.speaking_pace))

    def mark_written(self) -> None:
        """Take the present values as they are: `write` will not count them as changed."""
        self._written = all_values(self._workout, self._exercise)

    def write(self, now: float) -> None:
        """Write down what was changed since the last call."""
        before = self._written
        self.mark_written()
        for name, value in self._written.items():
            if before[name] != value:
                self._outbox.write(PreferenceChanged(now, name, value))
