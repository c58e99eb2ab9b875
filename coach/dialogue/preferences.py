"""How the lifter wants it: what was changed by voice is written down by name, and is there next time.

Law: a name never gets another meaning, because it stands in old journals. A value that is broken or out of bounds is
taken for one that was never written. What belongs to an exercise has its name in front: "leg_press.load".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace

from coach.commands import SetPace, SetVolume
from coach.dialogue.adjusting import PACES, QUIETEST_DB
from coach.dialogue.context import Context
from coach.dialogue.workout import Verbosity, Workout
from coach.records import Preference
from coach.training import written
from coach.training.log import LoggedWorkout
from coach.training.plan import HEAVIEST, Kind, Load, Plan, Side
from coach.training.tempo import Tempo

_LOAD = re.compile(r"(\d{1,3}(?:\.[05])?) (kg|lb)")
_BEGINS = {"coach": False, "lifter": True}
"""Who begins a set: the coach counts the lifter in, or the lifter says so."""

_ASKED = {"asked": True, "not_asked": False}
"""Whether the coach asks how many repetitions were left."""
_SWITCH = {"on": True, "off": False}
_SIDES: Mapping[str, Side | None] = {"both": None, **{side.value: side for side in Side}}

_PLAN: Mapping[str, tuple[Callable[[Plan], str], Callable[[Plan, str], Plan]]] = {
    "reps": (lambda plan: str(plan.reps), lambda plan, text: plan.with_reps(int(text))),
    "sets": (lambda plan: str(plan.sets), lambda plan, text: replace(plan, sets=int(text))),
    "rest": (lambda plan: str(plan.rest), lambda plan, text: plan.with_rest(int(text))),
    "tempo": (lambda plan: str(plan.tempo), lambda plan, text: plan.with_tempo(Tempo.parse(text))),
    "load": (lambda plan: _told_load(plan.load), lambda plan, text: plan.with_load(_load(text))),
    "warm_up": (lambda plan: "on" if plan.warm_up else "off", lambda plan, text: replace(plan, warm_up=_SWITCH[text])),
    "side": (lambda plan: plan.side or "both", lambda plan, text: replace(plan, side=_SIDES[text])),
    "last": (lambda plan: plan.last.value, lambda plan, text: replace(plan, last=Kind(text))),
}
"""Of an exercise: to text and from it. ValueError: it is none of these."""
OF_EXERCISE = frozenset(_PLAN)
"""Names that have the exercise in front."""
OF_TALK = frozenset({"verbosity", "volume", "pace", "begins", "effort"})


def plan_of(usual: Plan, exercise: str, kept: Mapping[str, str], given: Collection[str] = ()) -> Plan:
    """The plan as the lifter wanted it last; `usual` where nothing usable was kept.

    `given`: names without the exercise of what stays as it is.
    """
    for name, (_, read) in _PLAN.items():
        text = kept.get(f"{exercise}.{name}")
        if text is not None and name not in given:
            with suppress(ValueError, KeyError):
                usual = read(usual, text)
    return usual


def kinds_of(plan: Plan, exercise: str) -> dict[str, str]:
    """What kinds of sets a plan has, by the names of preferences, as far as they are not the usual ones."""
    usual = Plan(plan.reps, plan.sets, plan.rest, plan.tempo)
    told = {name: _PLAN[name][0] for name in ("warm_up", "side", "last")}
    return {f"{exercise}.{name}": tell(plan) for name, tell in told.items() if tell(plan) != tell(usual)}


def plan_left(workout: LoggedWorkout, load: Load | None) -> Plan | None:
    """The plan that a workout had when it was left; `load`: where its own records do not tell.

    None: it had none that can be coached, as in an old journal and in imported files.
    """
    begun = workout.plan
    if begun is None:
        return None
    try:
        plan = Plan(begun.reps, begun.sets, begun.rest, Tempo.parse(begun.tempo), load)
    except ValueError:
        return None
    plan = written.read(plan, begun.structure)
    return plan_of(plan, begun.exercise, workout.wanted)


def tune(workout: Workout, kept: Mapping[str, str]) -> None:
    """How the coach talks, as the lifter wanted it last."""
    verbosity = kept.get("verbosity", "").upper()
    if verbosity in Verbosity.__members__:
        workout.verbosity = Verbosity[verbosity]
    volume = kept.get("volume", "")
    if re.fullmatch(r"-?\d{1,2}", volume) and QUIETEST_DB <= int(volume) <= 0:
        workout.volume = float(volume)
    pace = kept.get("pace", "")
    if re.fullmatch(r"\d{2,3}", pace) and int(pace) in PACES:
        workout.pace = int(pace)
    workout.asks_effort = _ASKED.get(kept.get("effort", ""), workout.asks_effort)
    workout.own_pace = _BEGINS.get(kept.get("begins", ""), workout.own_pace)


def told(workout: Workout, exercise: str) -> dict[str, str]:
    """Everything that can be wanted, as it is now, by its name."""
    begins = next(name for name, own in _BEGINS.items() if own is workout.own_pace)
    return {
        **{f"{exercise}.{name}": tell(workout.plan) for name, (tell, _) in _PLAN.items()},
        "verbosity": workout.verbosity.name.lower(),
        "volume": f"{workout.volume:.0f}",
        "pace": str(workout.pace),
        "begins": begins,
        "effort": next(name for name, asked in _ASKED.items() if asked is workout.asks_effort),
    }


class Preferences:
    """Writes down what the lifter changed, after each event."""

    def __init__(self, context: Context, kept: Mapping[str, str]) -> None:
        """`kept`: what was written in earlier sessions, by name."""
        self._workout = context.workout
        self._exercise = context.pack.id
        self._outbox = context.outbox
        tune(context.workout, kept)
        self._told = told(context.workout, self._exercise)

    def begin(self) -> None:
        """The session begins: the voice is as it was wanted last."""
        usual = Workout(self._workout.plan, self._workout.moves)
        if self._workout.volume != usual.volume:
            self._outbox.put(SetVolume(self._workout.volume))
        if self._workout.pace != usual.pace:
            self._outbox.put(SetPace(self._workout.pace))

    def accept(self) -> None:
        """What it is now was not changed by voice."""
        self._told = told(self._workout, self._exercise)

    def write(self, now: float) -> None:
        """What was changed since the last time."""
        before = self._told
        self.accept()
        for name, value in self._told.items():
            if before[name] != value:
                self._outbox.write(Preference(now, name, value))


def _told_load(load: Load | None) -> str:
    return "" if load is None else load.text


def _load(text: str) -> Load:
    given = _LOAD.fullmatch(text)
    if given is None or not 0 < float(given[1]) <= HEAVIEST:
        raise ValueError(f"load {text!r}: write it like 90 kg")
    return Load(float(given[1]), given[2])
