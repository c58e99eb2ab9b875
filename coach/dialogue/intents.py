"""Every intent that code carries out, one row each: its group, where it is live, what it does.

Law: these rows alone say what a lifter may say, and when; `policy` reads them. Questions and reports belong to the
pack, so each of these two groups has one row. Words whose meaning depends on the state are in `state_words`;
answers about a set that is over are in `effort_words`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from coach.content.schema import Group
from coach.dialogue import effort_words, state_words
from coach.dialogue.confirming import Request
from coach.dialogue.logbook import Logbook
from coach.dialogue.scenes import Action, Scenes
from coach.dialogue.states import INTERRUPTED_STATES, RACKED_STATES, State


def _only(*states: State) -> frozenset[State]:
    return frozenset(states)


EVERYWHERE = frozenset(State)
NOWHERE: frozenset[State] = frozenset()
OUTSIDE_A_SET = EVERYWHERE - {State.SET}
"""States in which nothing moves, or nothing is counted."""
_RACKED = frozenset(RACKED_STATES)
_INTERRUPTED = frozenset(INTERRUPTED_STATES)
_SET_DONE = _only(State.RESTING, State.READY, State.FINISHED)
"""States in which a set was done and no other has begun."""
_BETWEEN_SETS = _only(State.RESTING, State.READY)
_RESTING = _BETWEEN_SETS | {State.BREAK}
_SET_OPEN = _INTERRUPTED | {State.SET, State.BREAK}
"""States in which a set is open."""
_DANGER = _only(State.HURT, State.STUCK)
_ASKED = _INTERRUPTED | _DANGER | {State.SETUP}
"""States in which the coach has put a question and waits."""
_WAITING = _ASKED | {State.BREAK}
"""States in which the coach waits: for an answer, or for the end of a break."""
_EXPLAINED = _only(State.SETUP, State.CORRECTING)
"""States in which the coach has told the lifter to do something and waits."""


@dataclass(frozen=True, slots=True)
class Row:
    """One intent, or one group of intents that the pack defines."""

    group: Group
    live_in: frozenset[State]
    action: Action
    slots: tuple[str, ...] = ()
    """Slots that the intent's templates may fill."""
    action_in_set: Action | None = None
    """What the intent does instead while a set runs, without stopping the count."""
    answers_question: bool = False
    """The intent is also live while a yes-or-no question waits."""
    no_wake_word_in: frozenset[State] = NOWHERE
    """States in which the intent needs no wake word although the coach has said nothing for a while: answers to what
    the coach has left open. A question waits however long the lifter takes."""
    live_if_asked_in: frozenset[State] = NOWHERE
    """States in which a question may be asked that makes the intent live. It is not live without that question."""
    urgent_in: frozenset[State] = NOWHERE
    """States in which the intent acts on a stable partial, before the final. A false partial costs a pause."""
    acts_in: frozenset[State] = EVERYWHERE
    """States in which the intent acts although no yes-or-no question waits. In other states it does nothing."""
    asks_next_step: bool = False
    """In the set up, the coach asks for the next step after this intent."""
    without_beat: bool | None = None
    """True: in a set the intent is live only while the lifter moves without a beat, because gym talk is full of these
    words. False: only while the lifter moves to the beat. Without a beat such words mean nothing, and would compete
    with the numbers ("fine" with "nine"). None: in both cases."""
    several_lifters: bool = False
    """The intent is live only where several lifters train one after the other."""
    repeats: bool = False
    """The lifter wants to hear something again: what was said and what was asked stay as they are."""


def _call(method: Callable[[Scenes], Callable[[float], None]]) -> Action:
    """An action that calls this method of a scene with the moment of the request."""
    return lambda scenes, request: method(scenes)(request.at)


def _safety(action: Action) -> Row:
    return Row(Group.SAFETY, EVERYWHERE, action, no_wake_word_in=EVERYWHERE, urgent_in=EVERYWHERE)


def _control(action: Action, live_in: frozenset[State], slots: tuple[str, ...] = ()) -> Row:
    return Row(Group.CONTROL, live_in, action, slots)


def _beginning(action: Action, live_in: frozenset[State] = EVERYWHERE) -> Row:
    """A row for words that begin what comes next. In a running set they say that the lifter has unracked."""
    in_set = state_words.unracked
    return Row(Group.CONTROL, live_in, action, action_in_set=in_set, no_wake_word_in=_WAITING, without_beat=False)


def _setting(action: Action, slots: tuple[str, ...] = ()) -> Row:
    """A row for a setting that can be changed between two counts."""
    return Row(Group.SETTING, EVERYWHERE, action, slots, asks_next_step=True)


def _setting_after_set(action: Action, slots: tuple[str, ...] = ()) -> Row:
    """A row for a setting that waits for the end of the set."""

    def defer(scenes: Scenes, request: Request) -> None:
        deferred, name = scenes.training_set.deferred, request.intent.name
        deferred.defer(request.at, "set.later", name, lambda at: action(scenes, replace(request, at=at)))

    def at_once(scenes: Scenes, request: Request) -> None:
        scenes.training_set.deferred.forget(request.intent.name)
        action(scenes, request)

    return Row(Group.SETTING, EVERYWHERE, at_once, slots, action_in_set=defer, asks_next_step=True)


def _logging(log_value: Callable[[Logbook, float, int], None], slot: str) -> Row:
    """A row for a number about the last set."""

    def log(scenes: Scenes, request: Request) -> None:
        log_value(scenes.logbook, request.at, int(request.intent.slots[slot]))

    return Row(Group.SETTING, _SET_DONE, log, (slot,))


def _answer(action: Action, slots: tuple[str, ...] = ()) -> Row:
    """A row for an answer that has a meaning only after a question about the last set or the next load."""
    return Row(Group.SETTING, NOWHERE, action, slots, no_wake_word_in=EVERYWHERE, live_if_asked_in=_BETWEEN_SETS)


def _history(action: Action) -> Row:
    """A row for a question about what was done; it is asked where nobody holds the load."""
    return Row(Group.STATUS, _RACKED, action, asks_next_step=True)


def _status(action: Action, action_in_set: Action = state_words.nothing) -> Row:
    return Row(Group.STATUS, EVERYWHERE, action, action_in_set=action_in_set, asks_next_step=True)


INTENTS: Mapping[str, Row] = {
    # --- safety
    "Stop": _safety(state_words.stop),
    "Stuck": _safety(_call(lambda scenes: scenes.stuck.report)),
    "Pain": _safety(lambda scenes, request: scenes.hurt.report(request.at, request.intent.name)),
    "Dizzy": _safety(lambda scenes, request: scenes.hurt.report(request.at, request.intent.name)),
    # --- control: the set up
    "SetUp": _control(state_words.set_up, _RACKED),
    "Next": Row(Group.CONTROL, _RACKED - {State.IDLE}, state_words.next_step, no_wake_word_in=_only(State.SETUP)),
    "Back": _control(_call(lambda scenes: scenes.walkthrough.previous_step), _only(State.SETUP)),
    "SkipSetUp": _control(_call(lambda scenes: scenes.walkthrough.skip_steps), _only(State.SETUP)),
    "Skip": _control(state_words.skip, _SET_OPEN | {State.SETUP, State.RESTING}),
    # --- control: the set. "Start set" in a running set is understood and does nothing.
    "StartSet": Row(
        Group.CONTROL, EVERYWHERE, state_words.start, action_in_set=state_words.nothing, without_beat=False
    ),
    "Go": _beginning(state_words.go),
    "GoOn": _beginning(state_words.release_rest_or_go),
    "Resume": _beginning(
        state_words.go, _INTERRUPTED | _DANGER | {State.SET, State.BREAK, State.SETUP, State.IDLE, State.RESTING}
    ),
    "RepUp": Row(
        Group.CONTROL, _only(State.SET), state_words.nothing, action_in_set=state_words.rep_up, without_beat=True
    ),
    "RepNumber": Row(
        Group.CONTROL,
        _only(State.SET),
        effort_words.number,
        ("number",),
        action_in_set=state_words.rep_number,
        no_wake_word_in=EVERYWHERE,
        live_if_asked_in=_BETWEEN_SETS,
        without_beat=True,
    ),
    "OneMore": _control(effort_words.one_more, _SET_DONE),
    "StartOver": _control(state_words.start_over, EVERYWHERE),
    "Pause": Row(Group.CONTROL, EVERYWHERE, state_words.wait, no_wake_word_in=_WAITING, urgent_in=_only(State.SET)),
    "BeRightBack": _control(state_words.be_right_back, EVERYWHERE),
    "ImBack": _control(state_words.im_back, OUTSIDE_A_SET),
    "CatchesIn": Row(
        Group.CONTROL, EVERYWHERE, state_words.catches_in, no_wake_word_in=_WAITING, acts_in=_SET_OPEN | {State.STUCK}
    ),
    "FinishSet": Row(
        Group.CONTROL,
        _SET_OPEN | {State.STUCK},
        state_words.finish_set,
        no_wake_word_in=_INTERRUPTED | {State.STUCK, State.BREAK},
    ),
    "Done": Row(Group.CONTROL, EVERYWHERE, state_words.done, no_wake_word_in=_WAITING),
    # --- control: the rest and the end
    "SkipRest": _control(state_words.skip, _only(State.RESTING, State.BREAK)),
    "MoreRest": _control(lambda scenes, request: state_words.change_rest(scenes, request, 1), _RESTING, ("seconds",)),
    "LessRest": _control(lambda scenes, request: state_words.change_rest(scenes, request, -1), _RESTING, ("seconds",)),
    "EndWorkout": _control(lambda scenes, request: scenes.confirming.end_workout(request), EVERYWHERE),
    "NewLifter": Row(
        Group.CONTROL,
        _RACKED,
        lambda scenes, request: scenes.confirming.change_lifter(request),
        ("lifter",),
        several_lifters=True,
    ),
    # --- control: answers
    "Yes": Row(
        Group.CONTROL,
        _ASKED | {State.READY, State.SET},
        state_words.yes,
        action_in_set=state_words.unracked,
        answers_question=True,
        no_wake_word_in=EVERYWHERE,
        acts_in=_ASKED | {State.READY, State.SET},
        without_beat=False,
    ),
    "No": Row(
        Group.CONTROL,
        _ASKED | {State.READY},
        state_words.no,
        answers_question=True,
        no_wake_word_in=EVERYWHERE,
        acts_in=_ASKED | {State.READY},
    ),
    "Acknowledge": Row(
        Group.CONTROL,
        EVERYWHERE,
        state_words.acknowledge,
        action_in_set=state_words.unracked,
        no_wake_word_in=_ASKED,
        acts_in=_ASKED | {State.READY, State.SET},
        without_beat=False,
    ),
    "Better": Row(
        Group.CONTROL, OUTSIDE_A_SET, state_words.better, no_wake_word_in=_ASKED, acts_in=_DANGER | _INTERRUPTED
    ),
    "Repeat": Row(
        Group.CONTROL,
        OUTSIDE_A_SET,
        _call(lambda scenes: scenes.answering.repeat),
        no_wake_word_in=_EXPLAINED,
        repeats=True,
    ),
    "Why": Row(
        Group.CONTROL,
        OUTSIDE_A_SET,
        _call(lambda scenes: scenes.answering.say_reason),
        no_wake_word_in=_EXPLAINED,
        asks_next_step=True,
    ),
    "Help": Row(
        Group.CONTROL,
        EVERYWHERE,
        _call(lambda scenes: scenes.answering.say_help),
        action_in_set=_call(lambda scenes: scenes.answering_in_set.pause_for_help),
    ),
    "WhatNow": _control(state_words.what_now, OUTSIDE_A_SET),
    # --- the log
    "Undo": _control(lambda scenes, request: scenes.confirming.undo(request), _SET_DONE | {State.IDLE}),
    "RepsDone": _logging(Logbook.log_set, "reps"),
    "RepsMore": _logging(Logbook.log_more_reps, "more"),
    "HowHard": Row(Group.SETTING, _SET_DONE, effort_words.how_hard, ("left",)),
    "LeftOver": _answer(effort_words.how_hard, ("left",)),
    "DontKnow": _answer(_call(lambda scenes: scenes.effort.keep_load)),
    # --- the next load
    "TakeProposed": _answer(lambda scenes, request: scenes.effort.accept_proposal(request.at, request.question)),
    "LoadNumber": _answer(lambda scenes, request: scenes.loading.set_load(request.at, request.intent), ("load",)),
    "SameLoad": _answer(_call(lambda scenes: scenes.effort.keep_load)),
    "Heavier": Row(
        Group.SETTING, _BETWEEN_SETS, lambda scenes, request: scenes.effort.step_load(request.at, 1, request.question)
    ),
    "Lighter": Row(
        Group.SETTING, _BETWEEN_SETS, lambda scenes, request: scenes.effort.step_load(request.at, -1, request.question)
    ),
    "AskEffort": _setting_after_set(lambda scenes, request: scenes.effort.turn_question(request.at, on=True)),
    "DontAsk": _setting_after_set(lambda scenes, request: scenes.effort.turn_question(request.at, on=False)),
    "CorrectSet": Row(Group.SETTING, _SET_DONE, effort_words.correct_set, ("reps", "load", "unit")),
    # --- kinds of sets
    "WarmUp": Row(Group.SETTING, _RACKED, _call(lambda scenes: scenes.structuring.plan_warm_up), asks_next_step=True),
    "NoWarmUp": _setting_after_set(_call(lambda scenes: scenes.structuring.drop_warm_up)),
    "SkipWarmUp": _control(_call(lambda scenes: scenes.structuring.skip_warm_up), _RACKED),
    "OneSide": _setting_after_set(state_words.one_side, ("side",)),
    "BothSides": _setting_after_set(_call(lambda scenes: scenes.structuring.train_both_sides)),
    "LastSet": _setting_after_set(state_words.last_set, ("kind", "each")),
    "ThisSet": Row(Group.SETTING, EVERYWHERE - _DANGER, state_words.this_set, ("kind",), asks_next_step=True),
    "Switch": _control(_call(lambda scenes: scenes.structuring.begin_next_stage), _SET_OPEN),
    "SkipStage": _control(state_words.skip_stage, _SET_OPEN),
    # --- status
    "WhichSide": Row(
        Group.STATUS,
        EVERYWHERE - {State.IDLE},
        _call(lambda scenes: scenes.answering.say_side),
        action_in_set=_call(lambda scenes: scenes.answering_in_set.say_side),
        asks_next_step=True,
    ),
    "LastTime": _history(_call(lambda scenes: scenes.answering.say_last_time)),
    "SetsToday": _history(_call(lambda scenes: scenes.answering.say_sets_today)),
    "RepsLeft": _status(
        _call(lambda scenes: scenes.answering.say_left), _call(lambda scenes: scenes.answering_in_set.say_left)
    ),
    "WhichSet": _status(
        _call(lambda scenes: scenes.answering.say_set), _call(lambda scenes: scenes.answering_in_set.say_set)
    ),
    "WhichRep": _status(
        _call(lambda scenes: scenes.answering.say_rep), _call(lambda scenes: scenes.answering_in_set.say_left)
    ),
    "RestLeft": _status(_call(lambda scenes: scenes.answering.say_rest)),
    "WhatLoad": _status(_call(lambda scenes: scenes.answering.say_load)),
    "WhichPlates": _status(_call(lambda scenes: scenes.loading.say_plates)),
    "HowDidIDo": _status(_call(lambda scenes: scenes.answering.say_summary)),
    "CanYouHearMe": _status(_call(lambda scenes: scenes.answering.say_listening)),
    # --- setting
    "Slower": _setting(lambda scenes, request: scenes.adjusting.change_lowering(request.at, 1)),
    "Faster": _setting(lambda scenes, request: scenes.adjusting.change_lowering(request.at, -1)),
    "SetTempo": _setting_after_set(
        lambda scenes, request: scenes.adjusting.set_tempo(request.at, request.intent),
        ("eccentric", "bottom", "concentric", "top"),
    ),
    "SetReps": _setting_after_set(effort_words.set_reps, ("reps",)),
    "SetSets": _setting_after_set(
        lambda scenes, request: scenes.adjusting.set_sets(request.at, request.intent), ("sets",)
    ),
    "SetPlan": _setting_after_set(state_words.plan, ("sets", "reps")),
    "SetRest": Row(
        Group.SETTING,
        EVERYWHERE,
        state_words.set_rest,
        ("seconds",),
        action_in_set=state_words.set_rest_in_set,
        asks_next_step=True,
    ),
    "NoRest": Row(
        Group.SETTING,
        EVERYWHERE,
        state_words.no_rest,
        ("each",),
        action_in_set=state_words.set_rest_in_set,
        asks_next_step=True,
    ),
    "SetLoad": _setting_after_set(
        lambda scenes, request: scenes.loading.set_load(request.at, request.intent), ("load", "unit")
    ),
    "AddLoad": _setting_after_set(
        lambda scenes, request: scenes.loading.add_load(request.at, request.intent, 1), ("load", "unit")
    ),
    "TakeOffLoad": _setting_after_set(
        lambda scenes, request: scenes.loading.add_load(request.at, request.intent, -1), ("load", "unit")
    ),
    "SwitchUnit": _setting_after_set(
        lambda scenes, request: scenes.loading.switch_unit(request.at, str(request.intent.slots["unit"])), ("unit",)
    ),
    "Louder": _setting(lambda scenes, request: scenes.adjusting.change_volume(request.at, 1)),
    "Quieter": _setting(lambda scenes, request: scenes.adjusting.change_volume(request.at, -1)),
    "TalkSlower": _setting_after_set(lambda scenes, request: scenes.adjusting.change_pace(request.at, -1)),
    "TalkFaster": _setting_after_set(lambda scenes, request: scenes.adjusting.change_pace(request.at, 1)),
    "MoreCues": _setting(lambda scenes, request: scenes.adjusting.change_cues(request.at, 1)),
    "FewerCues": _setting(lambda scenes, request: scenes.adjusting.change_cues(request.at, -1)),
    "CountsOnly": _setting(_call(lambda scenes: scenes.adjusting.counts_only)),
    "WatchMy": _setting(
        lambda scenes, request: scenes.adjusting.watch_topic(request.at, str(request.intent.slots["topic"])), ("topic",)
    ),
    "ThatsFine": _setting(_call(lambda scenes: scenes.adjusting.unwatch_topic)),
    "OwnPace": _setting_after_set(lambda scenes, request: scenes.adjusting.set_lifter_begins(request.at, True)),
    "Countdown": _setting_after_set(lambda scenes, request: scenes.adjusting.set_lifter_begins(request.at, False)),
    "LifterPace": _setting_after_set(_call(lambda scenes: scenes.adjusting.let_lifter_count)),
    "BeatPace": _setting_after_set(_call(lambda scenes: scenes.adjusting.let_coach_count)),
}

PACK_ROWS: Mapping[Group, Row] = {
    Group.QUESTION: Row(
        Group.QUESTION,
        EVERYWHERE,
        lambda scenes, request: scenes.answering.answer(request.at, request.intent.name),
        asks_next_step=True,
        action_in_set=lambda scenes, request: scenes.answering_in_set.answer(request.at, request.intent.name),
    ),
    Group.REPORT: Row(
        Group.REPORT,
        EVERYWHERE,
        lambda scenes, request: scenes.training_set.report(request.at, request.intent.name, request.same_breath),
        asks_next_step=True,
        urgent_in=_only(State.SET),
    ),
}
"""The rows of the groups whose intents a pack defines."""


def row_of(intent: str, group: Group) -> Row:
    """The row of an intent of a pack; `group`: the group that the pack gives the intent."""
    return INTENTS[intent] if intent in INTENTS else PACK_ROWS[group]
