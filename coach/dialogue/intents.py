"""Every intent that code carries out, one row each: what it is, where it is live, what it does.

Law: what a lifter may say, and when, stands in these rows and nowhere else; `policy` reads them. Questions and reports
are the pack's own, so each of these two groups has one row. While a set runs, only what a lifter needs under the
platform is live: the fewer phrases, the fewer mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coach.content.schema import Group
from coach.dialogue.adjusting import Adjusting
from coach.dialogue.asides import Asides
from coach.dialogue.confirming import Confirming, Request
from coach.dialogue.resting import Resting
from coach.dialogue.states import State
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.dialogue.walkthrough import Walkthrough
from coach.dialogue.workout import Workout


@dataclass(frozen=True, slots=True)
class Scenes:
    """What carries the intents out."""

    workout: Workout
    walkthrough: Walkthrough
    set: TrainingSet
    resting: Resting
    telling: Telling
    asides: Asides
    adjusting: Adjusting
    confirming: Confirming


Does = Callable[[Scenes, Request], None]


def _only(*states: State) -> frozenset[State]:
    return frozenset(states)


EVERYWHERE = frozenset(State)
NOWHERE: frozenset[State] = frozenset()
OUTSIDE_A_SET = EVERYWHERE - {State.SET}
"""Nothing moves, or nothing is counted."""
_BEFORE_A_SET = _only(State.IDLE, State.SETUP, State.READY, State.STOPPED, State.RESTING, State.FINISHED)
_INTERRUPTED = _only(State.CORRECTING, State.PAUSED)
_HALTED = _INTERRUPTED | {State.STOPPED}
_EXPLAINED = _only(State.SETUP, State.CORRECTING)
"""The coach has told the lifter to do something, and waits."""


@dataclass(frozen=True, slots=True)
class Row:
    """One intent, or one group of the pack's own."""

    group: Group
    live_in: frozenset[State]
    does: Does
    slots: tuple[str, ...] = ()
    """What its templates may fill in."""
    in_set: Does | None = None
    """What it does instead while a set runs, without changing anything."""
    open_in: frozenset[State] = NOWHERE
    """Live there too while a set is open: after pain it is not."""
    asked: bool = False
    """Live where a yes-or-no question waits."""
    bare_in: frozenset[State] = NOWHERE
    """Where it counts without the wake word although the coach has said nothing for a while: answers to what the coach
    has left open. A question waits, however long the lifter takes."""
    urgent_in: frozenset[State] = NOWHERE
    """Where it acts on a stable partial instead of waiting for the end of the utterance. A false one costs a pause."""
    acts_in: frozenset[State] = EVERYWHERE
    """Where it does something although no yes-or-no question waits. Elsewhere it moves nothing, and cuts nothing."""
    repeats: bool = False
    """The lifter wants to hear the same again: what was said and what was asked stay as they are."""


def _safety(does: Does) -> Row:
    return Row(Group.SAFETY, EVERYWHERE, does, bare_in=EVERYWHERE, urgent_in=EVERYWHERE)


def _setting(does: Does, live_in: frozenset[State] = EVERYWHERE, slots: tuple[str, ...] = ()) -> Row:
    return Row(Group.SETTING, live_in, does, slots)


def _set_up(scenes: Scenes, request: Request) -> None:
    scenes.set.forget_plans()
    scenes.walkthrough.begin(request.at)


def _go(scenes: Scenes, request: Request) -> None:
    """The next thing, whatever it is here."""
    match scenes.workout.state:
        case State.SETUP:
            scenes.walkthrough.next(request.at)
        case State.CORRECTING | State.PAUSED | State.STOPPED:
            scenes.set.resume(request.at)
        case _:
            scenes.set.start(request.at)


def _done(scenes: Scenes, request: Request) -> None:
    """The step, the set or the workout, whatever is under way."""
    if scenes.workout.state is State.SETUP:
        scenes.walkthrough.next(request.at)
    elif scenes.workout.progress.open:
        scenes.confirming.finish_set(request)
    else:
        scenes.confirming.end_workout(request)


def _yes(scenes: Scenes, request: Request) -> None:
    if request.question is not None:
        scenes.confirming.yes(request)
    else:
        _go(scenes, request)


def _no(scenes: Scenes, request: Request) -> None:
    if request.question is not None:
        scenes.confirming.no(request)
    else:
        scenes.confirming.finish_set(request)


def _pause(scenes: Scenes, request: Request) -> None:
    if request.question is not None:
        scenes.confirming.no(request)
    elif scenes.workout.state in (State.SET, State.PAUSED):
        scenes.set.pause(request.at)
    elif scenes.workout.state is State.RESTING:
        scenes.resting.more(request.at)
    else:
        scenes.telling.help(request.at)


def _start_over(scenes: Scenes, request: Request) -> None:
    if scenes.workout.state is State.SETUP:
        scenes.walkthrough.begin(request.at)
    else:
        scenes.telling.help(request.at)


def _plan(scenes: Scenes, request: Request) -> None:
    scenes.adjusting.set_sets(request.at, request.intent)
    scenes.adjusting.set_reps(request.at, request.intent)


def _what_now(scenes: Scenes, request: Request) -> None:
    if scenes.workout.state in _EXPLAINED:
        scenes.telling.repeat(request.at)
    else:
        scenes.telling.help(request.at)


def _nothing(scenes: Scenes, request: Request) -> None:
    """Understood, and nothing is wanted."""


def _next(scenes: Scenes, request: Request) -> None:
    if scenes.workout.state is State.RESTING:
        scenes.resting.skip(request.at)
    else:
        _go(scenes, request)


def _skip(scenes: Scenes, request: Request) -> None:
    if scenes.workout.state is State.SETUP:
        scenes.walkthrough.next(request.at)
    else:
        scenes.resting.skip(request.at)


INTENTS: Mapping[str, Row] = {
    # --- safety
    "Stop": _safety(lambda scenes, request: scenes.set.stop(request.at)),
    "Pain": _safety(lambda scenes, request: scenes.set.pain(request.at, request.intent.name)),
    "Stuck": _safety(lambda scenes, request: scenes.set.stop(request.at)),
    "Dizzy": _safety(lambda scenes, request: scenes.set.pain(request.at, request.intent.name)),
    # --- control
    "SetUp": Row(Group.CONTROL, _BEFORE_A_SET, _set_up),
    "Next": Row(Group.CONTROL, _only(State.SETUP, State.READY, State.RESTING), _next, bare_in=_only(State.SETUP)),
    "Go": Row(
        Group.CONTROL,
        _BEFORE_A_SET - {State.STOPPED} | _INTERRUPTED,
        _go,
        open_in=_only(State.STOPPED),
        bare_in=_HALTED | {State.SETUP},
    ),
    "Back": Row(Group.CONTROL, _only(State.SETUP), lambda scenes, request: scenes.telling.repeat(request.at)),
    "StartOver": Row(Group.CONTROL, _INTERRUPTED | {State.SETUP, State.STOPPED}, _start_over),
    "SkipSetUp": Row(Group.CONTROL, _only(State.SETUP), lambda scenes, request: scenes.walkthrough.next(request.at)),
    "Skip": Row(Group.CONTROL, _only(State.SETUP, State.RESTING), _skip),
    "StartSet": Row(Group.CONTROL, _BEFORE_A_SET, lambda scenes, request: scenes.set.start(request.at)),
    "Pause": Row(
        Group.CONTROL,
        EVERYWHERE,
        _pause,
        bare_in=_INTERRUPTED,
        urgent_in=_only(State.SET),
    ),
    "BeRightBack": Row(Group.CONTROL, EVERYWHERE, _pause),
    "ImBack": Row(
        Group.CONTROL,
        _INTERRUPTED | {State.RESTING, State.READY},
        lambda scenes, request: scenes.telling.help(request.at),
        open_in=_only(State.STOPPED),
    ),
    "Resume": Row(
        Group.CONTROL,
        _INTERRUPTED,
        lambda scenes, request: scenes.set.resume(request.at),
        open_in=_only(State.STOPPED),
        bare_in=_HALTED,
    ),
    "FinishSet": Row(
        Group.CONTROL,
        _INTERRUPTED | {State.SET},
        lambda scenes, request: scenes.confirming.finish_set(request),
        open_in=_only(State.STOPPED),
        bare_in=_HALTED,
    ),
    "Done": Row(Group.CONTROL, EVERYWHERE, _done, bare_in=_HALTED | {State.SETUP}),
    "CatchesIn": Row(Group.CONTROL, OUTSIDE_A_SET, lambda scenes, request: scenes.telling.help(request.at)),
    "SkipRest": Row(Group.CONTROL, _only(State.RESTING), lambda scenes, request: scenes.resting.skip(request.at)),
    "MoreRest": Row(
        Group.CONTROL,
        _only(State.RESTING),
        lambda scenes, request: scenes.resting.more(request.at),
        ("seconds",),
    ),
    "OneMore": Row(
        Group.CONTROL, _only(State.READY, State.FINISHED), lambda scenes, request: scenes.set.start(request.at)
    ),
    "Better": Row(Group.CONTROL, OUTSIDE_A_SET, lambda scenes, request: scenes.telling.help(request.at)),
    "Acknowledge": Row(
        Group.CONTROL,
        EVERYWHERE,
        _yes,
        bare_in=_INTERRUPTED | {State.SETUP},
        acts_in=_INTERRUPTED | {State.SETUP},
    ),
    "EndWorkout": Row(Group.CONTROL, EVERYWHERE, lambda scenes, request: scenes.confirming.end_workout(request)),
    "Yes": Row(
        Group.CONTROL,
        _INTERRUPTED | {State.SETUP},
        _yes,
        asked=True,
        bare_in=EVERYWHERE,
    ),
    "No": Row(
        Group.CONTROL,
        _INTERRUPTED,
        _no,
        asked=True,
        bare_in=EVERYWHERE,
    ),
    "Repeat": Row(
        Group.CONTROL,
        OUTSIDE_A_SET,
        lambda scenes, request: scenes.telling.repeat(request.at),
        bare_in=_EXPLAINED,
        repeats=True,
    ),
    "Why": Row(
        Group.CONTROL, OUTSIDE_A_SET, lambda scenes, request: scenes.telling.why(request.at), bare_in=_EXPLAINED
    ),
    "Help": Row(
        Group.CONTROL,
        EVERYWHERE,
        lambda scenes, request: scenes.telling.help(request.at),
        in_set=lambda scenes, request: scenes.asides.help(request.at),
    ),
    "WhatNow": Row(Group.CONTROL, OUTSIDE_A_SET, _what_now),
    # --- status
    "RepsLeft": Row(
        Group.STATUS,
        EVERYWHERE,
        lambda scenes, request: scenes.telling.left(request.at),
        in_set=lambda scenes, request: scenes.asides.left(request.at),
    ),
    "WhichSet": Row(
        Group.STATUS,
        EVERYWHERE,
        lambda scenes, request: scenes.telling.set(request.at),
        in_set=lambda scenes, request: scenes.asides.set(request.at),
    ),
    "WhichRep": Row(
        Group.STATUS,
        EVERYWHERE,
        lambda scenes, request: scenes.telling.left(request.at),
        in_set=lambda scenes, request: scenes.asides.left(request.at),
    ),
    "RestLeft": Row(Group.STATUS, OUTSIDE_A_SET, lambda scenes, request: scenes.telling.left(request.at)),
    "WhatLoad": Row(Group.STATUS, OUTSIDE_A_SET, lambda scenes, request: scenes.telling.summary(request.at)),
    "HowDidIDo": Row(Group.STATUS, OUTSIDE_A_SET, lambda scenes, request: scenes.telling.summary(request.at)),
    "CanYouHearMe": Row(
        Group.STATUS, EVERYWHERE, lambda scenes, request: scenes.telling.here(request.at), in_set=_nothing
    ),
    # --- setting
    "Slower": _setting(lambda scenes, request: scenes.adjusting.slower(request.at)),
    "Faster": _setting(lambda scenes, request: scenes.adjusting.faster(request.at)),
    "SetTempo": _setting(
        lambda scenes, request: scenes.adjusting.set_tempo(request.at, request.intent),
        OUTSIDE_A_SET,
        ("eccentric", "bottom", "concentric", "top"),
    ),
    "SetReps": _setting(
        lambda scenes, request: scenes.adjusting.set_reps(request.at, request.intent), OUTSIDE_A_SET, ("reps",)
    ),
    "SetSets": _setting(
        lambda scenes, request: scenes.adjusting.set_sets(request.at, request.intent), OUTSIDE_A_SET, ("sets",)
    ),
    "SetPlan": _setting(_plan, OUTSIDE_A_SET, ("sets", "reps")),
    "SetRest": _setting(
        lambda scenes, request: scenes.adjusting.set_rest(request.at, request.intent), OUTSIDE_A_SET, ("seconds",)
    ),
    "SetLoad": _setting(
        lambda scenes, request: scenes.adjusting.set_load(request.at, request.intent), OUTSIDE_A_SET, ("load", "unit")
    ),
    "Louder": _setting(lambda scenes, request: scenes.adjusting.louder(request.at)),
    "Quieter": _setting(lambda scenes, request: scenes.adjusting.quieter(request.at)),
    "TalkSlower": _setting(lambda scenes, request: scenes.adjusting.talk_slower(request.at), OUTSIDE_A_SET),
    "TalkFaster": _setting(lambda scenes, request: scenes.adjusting.talk_faster(request.at), OUTSIDE_A_SET),
    "MoreCues": _setting(lambda scenes, request: scenes.adjusting.more_cues(request.at)),
    "FewerCues": _setting(lambda scenes, request: scenes.adjusting.fewer_cues(request.at)),
    "CountsOnly": _setting(lambda scenes, request: scenes.adjusting.counts_only(request.at)),
    "WatchMy": _setting(_nothing, slots=("topic",)),
    "ThatsFine": _setting(_nothing),
    "OwnPace": _setting(_nothing, OUTSIDE_A_SET),
    "Countdown": _setting(_nothing, OUTSIDE_A_SET),
}

OWN: Mapping[Group, Row] = {
    Group.QUESTION: Row(
        Group.QUESTION,
        EVERYWHERE,
        lambda scenes, request: scenes.telling.answer(request.at, request.intent.name),
        in_set=lambda scenes, request: scenes.asides.answer(request.at, request.intent.name),
    ),
    Group.REPORT: Row(
        Group.REPORT,
        EVERYWHERE,
        lambda scenes, request: scenes.set.report(request.at, request.intent.name, request.follows),
        urgent_in=_only(State.SET),
    ),
}
"""The rows of what a pack defines itself."""


def row_of(intent: str, group: Group) -> Row:
    """The row of an intent of a pack; `group`: the one that the pack gives it."""
    return INTENTS[intent] if intent in INTENTS else OWN[group]
