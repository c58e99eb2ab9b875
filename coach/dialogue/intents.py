"""Every intent that code carries out, one row each: its group, where it is live, what it does.

Law: these rows alone say what a lifter may say, and when; `policy` reads them. Questions and reports belong to the
pack, so each of these two groups has one row. Words whose meaning depends on the state are in `replies`; answers about
a set that is over are in `answers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from coach.content.schema import Group
from coach.dialogue import answers, replies
from coach.dialogue.confirming import Request
from coach.dialogue.logbook import Logbook
from coach.dialogue.scenes import Does, Scenes
from coach.dialogue.states import INTERRUPTED, RACKED, State


def _only(*states: State) -> frozenset[State]:
    return frozenset(states)


EVERYWHERE = frozenset(State)
NOWHERE: frozenset[State] = frozenset()
OUTSIDE_A_SET = EVERYWHERE - {State.SET}
"""States in which nothing moves, or nothing is counted."""
_RACKED = frozenset(RACKED)
_INTERRUPTED = frozenset(INTERRUPTED)
_LOGGED = _only(State.RESTING, State.READY, State.FINISHED)
"""States in which a set was done and no other has begun."""
_BETWEEN_SETS = _only(State.RESTING, State.READY)
_OPEN = _INTERRUPTED | {State.SET, State.BREAK}
"""States in which a set is open."""
_DANGER = _only(State.HURT, State.STUCK)
_ASKED = _INTERRUPTED | _DANGER | {State.SETUP}
"""States in which the coach has put a question and waits."""
_WAITS = _ASKED | {State.BREAK}
"""States in which the coach waits: for an answer, or for the end of a break."""
_EXPLAINED = _only(State.SETUP, State.CORRECTING)
"""States in which the coach has told the lifter to do something and waits."""


@dataclass(frozen=True, slots=True)
class Row:
    """One intent, or one group of intents that the pack defines."""

    group: Group
    live_in: frozenset[State]
    does: Does
    slots: tuple[str, ...] = ()
    """Slots that the intent's templates may fill."""
    in_set: Does | None = None
    """What the intent does instead while a set runs, without stopping the count."""
    asked: bool = False
    """The intent is also live while a yes-or-no question waits."""
    bare_in: frozenset[State] = NOWHERE
    """States in which the intent needs no wake word although the coach has said nothing for a while: answers to what
    the coach has left open. A question waits however long the lifter takes."""
    answers_in: frozenset[State] = NOWHERE
    """States in which a question may be asked that makes the intent live. It is not live without that question."""
    urgent_in: frozenset[State] = NOWHERE
    """States in which the intent acts on a stable partial, before the final. A false partial costs a pause."""
    acts_in: frozenset[State] = EVERYWHERE
    """States in which the intent acts although no yes-or-no question waits. In other states it does nothing."""
    asks_next: bool = False
    """In the set up, the coach asks for the next step after this intent."""
    moving: bool | None = None
    """True: in a set the intent is live only while the lifter moves without a beat, because gym talk is full of these
    words. False: only while the lifter moves to the beat. Without a beat such words mean nothing, and would compete
    with the numbers ("fine" with "nine"). None: in both cases."""
    corner: bool = False
    """The intent is live only where several lifters train one after the other."""
    repeats: bool = False
    """The lifter wants to hear something again: what was said and what was asked stay as they are."""


def _safety(does: Does) -> Row:
    return Row(Group.SAFETY, EVERYWHERE, does, bare_in=EVERYWHERE, urgent_in=EVERYWHERE)


def _control(does: Does, live_in: frozenset[State], slots: tuple[str, ...] = ()) -> Row:
    return Row(Group.CONTROL, live_in, does, slots)


def _setting(does: Does, slots: tuple[str, ...] = ()) -> Row:
    """A row for a setting that can be changed between two counts."""
    return Row(Group.SETTING, EVERYWHERE, does, slots, asks_next=True)


def _later(does: Does, slots: tuple[str, ...] = ()) -> Row:
    """A row for a setting that waits for the end of the set."""

    def put_off(scenes: Scenes, request: Request) -> None:
        name = request.intent.name
        scenes.set.later.put_off(request.at, "set.later", name, lambda at: does(scenes, replace(request, at=at)))

    def at_once(scenes: Scenes, request: Request) -> None:
        scenes.set.later.forget(request.intent.name)
        does(scenes, request)

    return Row(Group.SETTING, EVERYWHERE, at_once, slots, in_set=put_off, asks_next=True)


def _logging(does: Callable[[Logbook, float, int], None], slot: str) -> Row:
    """A row for a number about the last set."""

    def log(scenes: Scenes, request: Request) -> None:
        does(scenes.logbook, request.at, int(request.intent.slots[slot]))

    return Row(Group.SETTING, _LOGGED, log, (slot,))


def _answer(does: Does, slots: tuple[str, ...] = ()) -> Row:
    """A row for an answer that has a meaning only after a question about the last set or the next load."""
    return Row(Group.SETTING, NOWHERE, does, slots, bare_in=EVERYWHERE, answers_in=_BETWEEN_SETS)


def _past(does: Does) -> Row:
    """A row for a question about what was done; it is asked where nobody holds the load."""
    return Row(Group.STATUS, _RACKED, does, asks_next=True)


def _status(does: Does, in_set: Does = replies.nothing) -> Row:
    return Row(Group.STATUS, EVERYWHERE, does, in_set=in_set, asks_next=True)


INTENTS: Mapping[str, Row] = {
    # --- safety
    "Stop": _safety(replies.stop),
    "Stuck": _safety(lambda scenes, request: scenes.stuck.tell(request.at)),
    "Pain": _safety(lambda scenes, request: scenes.hurt.tell(request.at, request.intent.name)),
    "Dizzy": _safety(lambda scenes, request: scenes.hurt.tell(request.at, request.intent.name)),
    # --- control: the set up
    "SetUp": _control(replies.set_up, _RACKED),
    "Next": Row(Group.CONTROL, _RACKED - {State.IDLE}, replies.next_step, bare_in=_only(State.SETUP)),
    "Back": _control(lambda scenes, request: scenes.walkthrough.back(request.at), _only(State.SETUP)),
    "SkipSetUp": _control(lambda scenes, request: scenes.walkthrough.leave(request.at), _only(State.SETUP)),
    "Skip": _control(replies.skip, _OPEN | {State.SETUP, State.RESTING}),
    # --- control: the set. "Start set" in a running set is understood and does nothing.
    "StartSet": Row(Group.CONTROL, EVERYWHERE, replies.start, in_set=replies.nothing, moving=False),
    "Go": Row(Group.CONTROL, EVERYWHERE, replies.go, in_set=replies.unracked, bare_in=_WAITS, moving=False),
    "GoOn": Row(Group.CONTROL, EVERYWHERE, replies.go_on, in_set=replies.unracked, bare_in=_WAITS, moving=False),
    "Resume": Row(
        Group.CONTROL,
        _INTERRUPTED | _DANGER | {State.SET, State.BREAK, State.SETUP, State.IDLE, State.RESTING},
        replies.go,
        in_set=replies.unracked,
        bare_in=_WAITS,
        moving=False,
    ),
    "RepUp": Row(Group.CONTROL, _only(State.SET), replies.nothing, in_set=replies.rep_up, moving=True),
    "RepNumber": Row(
        Group.CONTROL,
        _only(State.SET),
        answers.number,
        ("number",),
        in_set=replies.rep_number,
        bare_in=EVERYWHERE,
        answers_in=_BETWEEN_SETS,
        moving=True,
    ),
    "OneMore": _control(answers.one_more, _LOGGED),
    "StartOver": _control(replies.start_over, EVERYWHERE),
    "Pause": Row(Group.CONTROL, EVERYWHERE, replies.wait, bare_in=_WAITS, urgent_in=_only(State.SET)),
    "BeRightBack": _control(replies.be_right_back, EVERYWHERE),
    "ImBack": _control(replies.im_back, OUTSIDE_A_SET),
    "CatchesIn": Row(Group.CONTROL, EVERYWHERE, replies.catches_in, bare_in=_WAITS, acts_in=_OPEN | {State.STUCK}),
    "FinishSet": Row(
        Group.CONTROL,
        _OPEN | {State.STUCK},
        replies.finish_set,
        bare_in=_INTERRUPTED | {State.STUCK, State.BREAK},
    ),
    "Done": Row(Group.CONTROL, EVERYWHERE, replies.done, bare_in=_WAITS),
    # --- control: the rest and the end
    "SkipRest": _control(replies.skip, _only(State.RESTING, State.BREAK)),
    "MoreRest": _control(replies.more_rest, _only(State.RESTING, State.READY, State.BREAK), ("seconds",)),
    "LessRest": _control(replies.less_rest, _only(State.RESTING, State.READY, State.BREAK), ("seconds",)),
    "EndWorkout": _control(lambda scenes, request: scenes.confirming.end_workout(request), EVERYWHERE),
    "NewLifter": Row(
        Group.CONTROL,
        _RACKED,
        lambda scenes, request: scenes.confirming.next_lifter(request),
        ("lifter",),
        corner=True,
    ),
    # --- control: answers
    "Yes": Row(
        Group.CONTROL,
        _ASKED | {State.READY, State.SET},
        replies.yes,
        in_set=replies.unracked,
        asked=True,
        bare_in=EVERYWHERE,
        acts_in=_ASKED | {State.READY, State.SET},
        moving=False,
    ),
    "No": Row(
        Group.CONTROL,
        _ASKED | {State.READY},
        replies.no,
        asked=True,
        bare_in=EVERYWHERE,
        acts_in=_ASKED | {State.READY},
    ),
    "Acknowledge": Row(
        Group.CONTROL,
        EVERYWHERE,
        replies.acknowledge,
        in_set=replies.unracked,
        bare_in=_ASKED,
        acts_in=_ASKED | {State.READY, State.SET},
        moving=False,
    ),
    "Better": Row(Group.CONTROL, OUTSIDE_A_SET, replies.better, bare_in=_ASKED, acts_in=_DANGER | _INTERRUPTED),
    "Repeat": Row(
        Group.CONTROL,
        OUTSIDE_A_SET,
        lambda scenes, request: scenes.telling.repeat(request.at),
        bare_in=_EXPLAINED,
        repeats=True,
    ),
    "Why": Row(
        Group.CONTROL,
        OUTSIDE_A_SET,
        lambda scenes, request: scenes.telling.why(request.at),
        bare_in=_EXPLAINED,
        asks_next=True,
    ),
    "Help": Row(
        Group.CONTROL,
        EVERYWHERE,
        lambda scenes, request: scenes.telling.help(request.at),
        in_set=lambda scenes, request: scenes.asides.help(request.at),
    ),
    "WhatNow": _control(replies.what_now, OUTSIDE_A_SET),
    # --- the log
    "Undo": _control(lambda scenes, request: scenes.confirming.undo(request), _LOGGED | {State.IDLE}),
    "RepsDone": _logging(Logbook.reps, "reps"),
    "RepsMore": _logging(Logbook.more, "more"),
    "HowHard": Row(Group.SETTING, _LOGGED, answers.how_hard, ("left",)),
    "LeftOver": _answer(answers.how_hard, ("left",)),
    "DontKnow": _answer(answers.dont_know),
    # --- the next load
    "TakeProposed": _answer(lambda scenes, request: scenes.effort.accept(request.at, request.question)),
    "LoadNumber": _answer(answers.load_number, ("load",)),
    "SameLoad": _answer(lambda scenes, request: scenes.effort.keep(request.at)),
    "Heavier": Row(
        Group.SETTING,
        _BETWEEN_SETS,
        lambda scenes, request: scenes.effort.step(request.at, 1, request.question),
    ),
    "Lighter": Row(
        Group.SETTING,
        _BETWEEN_SETS,
        lambda scenes, request: scenes.effort.step(request.at, -1, request.question),
    ),
    "AskEffort": _later(lambda scenes, request: scenes.effort.turn(request.at, on=True)),
    "DontAsk": _later(lambda scenes, request: scenes.effort.turn(request.at, on=False)),
    "CorrectSet": Row(Group.SETTING, _LOGGED, answers.correct_set, ("reps", "load", "unit")),
    # --- kinds of sets
    "WarmUp": Row(
        Group.SETTING, _RACKED, lambda scenes, request: scenes.structuring.warm_up(request.at), asks_next=True
    ),
    "NoWarmUp": _later(lambda scenes, request: scenes.structuring.no_warm_up(request.at)),
    "SkipWarmUp": _control(lambda scenes, request: scenes.structuring.skip_warm_up(request.at), _RACKED),
    "OneSide": _later(replies.one_side, ("side",)),
    "BothSides": _later(lambda scenes, request: scenes.structuring.both_sides(request.at)),
    "LastSet": _later(replies.last_set, ("kind", "each")),
    "ThisSet": Row(
        Group.SETTING,
        EVERYWHERE - _DANGER,
        replies.this_set,
        ("kind",),
        asks_next=True,
    ),
    "Switch": _control(lambda scenes, request: scenes.structuring.next_stage(request.at), _OPEN),
    "SkipStage": _control(replies.skip_stage, _OPEN),
    # --- status
    "WhichSide": Row(
        Group.STATUS,
        EVERYWHERE - {State.IDLE},
        lambda scenes, request: scenes.telling.side(request.at),
        in_set=lambda scenes, request: scenes.asides.side(request.at),
        asks_next=True,
    ),
    "LastTime": _past(lambda scenes, request: scenes.telling.last_time(request.at)),
    "SetsToday": _past(lambda scenes, request: scenes.telling.sets_today(request.at)),
    "RepsLeft": _status(
        lambda scenes, request: scenes.telling.left(request.at),
        lambda scenes, request: scenes.asides.left(request.at),
    ),
    "WhichSet": _status(
        lambda scenes, request: scenes.telling.set(request.at),
        lambda scenes, request: scenes.asides.set(request.at),
    ),
    "WhichRep": _status(
        lambda scenes, request: scenes.telling.rep(request.at),
        lambda scenes, request: scenes.asides.left(request.at),
    ),
    "RestLeft": _status(lambda scenes, request: scenes.telling.rest(request.at)),
    "WhatLoad": _status(lambda scenes, request: scenes.telling.load(request.at)),
    "WhichPlates": _status(lambda scenes, request: scenes.loading.side(request.at)),
    "HowDidIDo": _status(lambda scenes, request: scenes.telling.summary(request.at)),
    "CanYouHearMe": _status(lambda scenes, request: scenes.telling.here(request.at)),
    # --- setting
    "Slower": _setting(lambda scenes, request: scenes.adjusting.slower(request.at)),
    "Faster": _setting(lambda scenes, request: scenes.adjusting.faster(request.at)),
    "SetTempo": _later(
        lambda scenes, request: scenes.adjusting.set_tempo(request.at, request.intent),
        ("eccentric", "bottom", "concentric", "top"),
    ),
    "SetReps": _later(answers.set_reps, ("reps",)),
    "SetSets": _later(lambda scenes, request: scenes.adjusting.set_sets(request.at, request.intent), ("sets",)),
    "SetPlan": _later(replies.plan, ("sets", "reps")),
    "SetRest": Row(
        Group.SETTING, EVERYWHERE, replies.set_rest, ("seconds",), in_set=replies.set_rest_in_set, asks_next=True
    ),
    "NoRest": Row(
        Group.SETTING, EVERYWHERE, replies.no_rest, ("each",), in_set=replies.set_rest_in_set, asks_next=True
    ),
    "SetLoad": _later(lambda scenes, request: scenes.loading.set(request.at, request.intent), ("load", "unit")),
    "AddLoad": _later(lambda scenes, request: scenes.loading.add(request.at, request.intent, 1), ("load", "unit")),
    "TakeOffLoad": _later(lambda scenes, request: scenes.loading.add(request.at, request.intent, -1), ("load", "unit")),
    "SwitchUnit": _later(
        lambda scenes, request: scenes.loading.switch(request.at, str(request.intent.slots["unit"])), ("unit",)
    ),
    "Louder": _setting(lambda scenes, request: scenes.adjusting.louder(request.at)),
    "Quieter": _setting(lambda scenes, request: scenes.adjusting.quieter(request.at)),
    "TalkSlower": _later(lambda scenes, request: scenes.adjusting.talk_slower(request.at)),
    "TalkFaster": _later(lambda scenes, request: scenes.adjusting.talk_faster(request.at)),
    "MoreCues": _setting(lambda scenes, request: scenes.adjusting.more_cues(request.at)),
    "FewerCues": _setting(lambda scenes, request: scenes.adjusting.fewer_cues(request.at)),
    "CountsOnly": _setting(lambda scenes, request: scenes.adjusting.counts_only(request.at)),
    "WatchMy": _setting(
        lambda scenes, request: scenes.adjusting.watch(request.at, str(request.intent.slots["topic"])), ("topic",)
    ),
    "ThatsFine": _setting(lambda scenes, request: scenes.adjusting.watch_no_more(request.at)),
    "OwnPace": _later(lambda scenes, request: scenes.adjusting.own_pace(request.at)),
    "Countdown": _later(lambda scenes, request: scenes.adjusting.countdown(request.at)),
    "LifterPace": _later(lambda scenes, request: scenes.adjusting.lifter_pace(request.at)),
    "BeatPace": _later(lambda scenes, request: scenes.adjusting.beat_pace(request.at)),
}

OWN: Mapping[Group, Row] = {
    Group.QUESTION: Row(
        Group.QUESTION,
        EVERYWHERE,
        lambda scenes, request: scenes.telling.answer(request.at, request.intent.name),
        asks_next=True,
        in_set=lambda scenes, request: scenes.asides.answer(request.at, request.intent.name),
    ),
    Group.REPORT: Row(
        Group.REPORT,
        EVERYWHERE,
        lambda scenes, request: scenes.set.report(request.at, request.intent.name, request.follows),
        asks_next=True,
        urgent_in=_only(State.SET),
    ),
}
"""The rows of the groups whose intents a pack defines."""


def row_of(intent: str, group: Group) -> Row:
    """The row of an intent of a pack; `group`: the group that the pack gives the intent."""
    return INTENTS[intent] if intent in INTENTS else OWN[group]
