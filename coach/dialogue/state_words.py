"""Carries out the words whose meaning depends on the state: yes, go, done, wait, and the like.

Law: a yes answers the question that was put. After an interruption nothing is counted without a yes, or words that ask
to go on. Only `hurt` and `stuck` decide whether a danger is over.

A yes or a no first answers `request.question`, which `confirming` keeps, mostly until the lifter's next words. Without
one it answers the question of the state, if the state's scene has put its question (such as `stuck.asked_if_out`).
"""

from __future__ import annotations

from coach.dialogue.confirming import Request
from coach.dialogue.greeting import RESUME_INTENT
from coach.dialogue.resting import STEP_S
from coach.dialogue.scenes import Scenes
from coach.dialogue.states import UNRACKING, State
from coach.dialogue.training_set import ASK_HOW_TO_GO_ON, ASK_START_OVER
from coach.training.plan import SetKind, Side


def stop(scenes: Scenes, request: Request) -> None:
    """Carry out the safety word, "stop"."""
    match scenes.workout.state:
        case State.HURT:
            scenes.hurt.repeat_advice(request.at)
        case State.STUCK:
            scenes.stuck.repeat_advice(request.at)
        case State.SET | State.BREAK | State.CORRECTING | State.PAUSED | State.STOPPED:
            scenes.training_set.stop(request.at)
        case _:
            scenes.answering.be_quiet(request.at)


def set_up(scenes: Scenes, request: Request) -> None:
    """Begin the setup at its first step."""
    scenes.training_set.cancel_pending()
    scenes.walkthrough.begin(request.at)


def start(scenes: Scenes, request: Request) -> None:
    """Begin a set, or go on with the open one."""
    match scenes.workout.state:
        case State.CORRECTING | State.PAUSED | State.STOPPED | State.BREAK:
            _continue_set(scenes, request)
        case State.HURT:
            scenes.hurt.refuse_to_go_on(request.at)
        case State.STUCK:
            scenes.stuck.repeat_advice(request.at)
        case _ if scenes.hurt.ends_training:
            scenes.hurt.refuse_to_go_on(request.at)
        case _:
            scenes.training_set.start(request.at)


def _continue_set(scenes: Scenes, request: Request) -> None:
    """Go on from the repetition that was not done; from the first one if the coach asked about that."""
    if scenes.training_set.continuation.question_id == ASK_START_OVER:
        scenes.training_set.start(request.at, again=True)
    else:
        scenes.training_set.resume(request.at)


def go(scenes: Scenes, request: Request) -> None:
    """Begin what comes next in this state."""
    coach_asked = request.question is not None and request.question.intent_name == RESUME_INTENT
    lifter_asks = request.intent.name == RESUME_INTENT and scenes.workout.state is State.IDLE
    if scenes.greeting.can_resume_workout and (coach_asked or lifter_asks):
        scenes.greeting.resume_workout(request.at)
    elif lifter_asks:
        scenes.answering.say_help(request.at)
    elif scenes.workout.state is State.SETUP:
        scenes.walkthrough.next_step(request.at)
    elif scenes.workout.state is State.RESTING and request.intent.name == RESUME_INTENT:
        scenes.resting.release(request.at)
    else:
        start(scenes, request)


def release_rest_or_go(scenes: Scenes, request: Request) -> None:
    """Let a held rest run on; if no rest is held, begin what comes next."""
    if scenes.resting.is_held:
        scenes.resting.release(request.at)
    else:
        go(scenes, request)


def next_step(scenes: Scenes, request: Request) -> None:
    """Go on to the next step of the setup, or end the rest. It does not begin a set."""
    match scenes.workout.state:
        case State.SETUP:
            scenes.walkthrough.next_step(request.at)
        case State.RESTING:
            scenes.resting.skip(request.at)
        case _:
            scenes.answering.say_help(request.at)


def unracked(scenes: Scenes, request: Request) -> None:
    """The lifter has unracked. This begins the countdown if the lifter decides when the set begins."""
    if scenes.workout.lifter_begins and scenes.workout.state_machine.state == UNRACKING:
        scenes.training_set.begin_unracked(request.at)


def rep_up(scenes: Scenes, request: Request) -> None:
    """In a set without a beat, the lifter says that a repetition is done."""
    if scenes.workout.without_beat:
        scenes.training_set.counting.lifter_counting.count_one(request.at, request.began)


def rep_number(scenes: Scenes, request: Request) -> None:
    """In a set without a beat, the lifter says how many repetitions are done."""
    if scenes.workout.without_beat:
        scenes.training_set.counting.lifter_counting.count_to(
            request.at, request.began, int(request.intent.slots["number"])
        )


def yes(scenes: Scenes, request: Request) -> None:
    """Carry out a yes."""
    at, asked = request.at, scenes.training_set.continuation.question_was_put(request.at)
    if request.question is not None:
        request.question.on_yes(at)
        return
    match scenes.workout.state:
        case State.SETUP:
            scenes.walkthrough.next_step(at)
        case State.CORRECTING | State.PAUSED | State.STOPPED if asked:
            _continue_set(scenes, request)
        case State.HURT if scenes.hurt.asked_if_well(at):
            scenes.hurt.recover(at)
        case State.STUCK if scenes.stuck.asked_if_out:
            scenes.stuck.end_set(at)
        case State.READY if scenes.resting.asked_to_start:
            scenes.training_set.start(at)


def acknowledge(scenes: Scenes, request: Request) -> None:
    """ "Okay" counts as a yes, but not as an answer to whether the danger is over."""
    if scenes.workout.state is State.HURT:
        scenes.hurt.acknowledge(request.at)
    elif scenes.workout.state is not State.STUCK:
        yes(scenes, request)


def no(scenes: Scenes, request: Request) -> None:
    """Carry out a no."""
    at, asked = request.at, scenes.training_set.continuation.question_was_put(request.at)
    if request.question is not None:
        scenes.confirming.accept_no(at, request.question)
        return
    match scenes.workout.state:
        case State.PAUSED if asked and scenes.training_set.continuation.question_id == ASK_START_OVER:
            scenes.training_set.continuation.speak(at, 0.0, ask=ASK_HOW_TO_GO_ON)
        case State.CORRECTING | State.PAUSED | State.STOPPED if asked:
            scenes.confirming.finish_set(request)
        case State.HURT if scenes.hurt.asked_if_well(at):
            scenes.hurt.stay_hurt(at)
        case State.STUCK:
            scenes.stuck.repeat_advice(at)
        case State.SETUP | State.READY:
            wait(scenes, request)


def better(scenes: Scenes, request: Request) -> None:
    """The lifter says that he is better: the danger is over, or never was."""
    match scenes.workout.state:
        case State.HURT:
            scenes.hurt.recover(request.at)
        case State.STUCK:
            scenes.stuck.end_set(request.at)


def done(scenes: Scenes, request: Request) -> None:
    """Finish the step, the set or the workout, whichever is under way."""
    match scenes.workout.state:
        case State.SETUP:
            scenes.walkthrough.next_step(request.at)
        case State.SET | State.BREAK | State.CORRECTING | State.PAUSED | State.STOPPED:
            scenes.confirming.finish_set(request)
        case State.STUCK:
            scenes.stuck.end_set(request.at)
        case State.IDLE | State.READY if not scenes.workout.progress.sets_done:
            scenes.answering.say_help(request.at)
        case _:
            scenes.confirming.end_workout(request)


def finish_set(scenes: Scenes, request: Request) -> None:
    """Finish the set: unlike "done", these words name it."""
    if scenes.workout.state is State.STUCK:
        scenes.stuck.end_set(request.at)
    else:
        scenes.confirming.finish_set(request)


def wait(scenes: Scenes, request: Request) -> None:
    """The lifter wants time."""
    if request.question is not None and request.question.intent_name == RESUME_INTENT:
        scenes.greeting.wait(request)
        return
    # At rest, "wait" does not answer a question that stays open, such as the one about the set just done.
    at_rest = scenes.workout.state in (State.RESTING, State.READY)
    if request.question is not None and not (request.question.keeps_waiting and at_rest):
        scenes.confirming.accept_no(request.at, request.question)
        return
    match scenes.workout.state:
        case State.SET | State.BREAK:
            scenes.training_set.pause(request.at)
        case State.HURT if scenes.hurt.asked_if_well(request.at):
            scenes.hurt.stay_hurt(request.at)
        case State.RESTING:
            scenes.resting.hold(request.at)
        case State.READY:
            scenes.resting.say_no_hurry(request.at)
        case State.HURT | State.STUCK:
            pass
        case _:
            scenes.training_set.grant_time(request.at)


def be_right_back(scenes: Scenes, request: Request) -> None:
    """The lifter goes away."""
    match scenes.workout.state:
        case State.SET | State.BREAK | State.CORRECTING | State.PAUSED:
            scenes.training_set.rack_and_wait(request.at)
        case State.RESTING | State.READY:
            scenes.resting.go_away(request.at)
        case _:
            scenes.training_set.grant_time(request.at)


def im_back(scenes: Scenes, request: Request) -> None:
    """The lifter is back."""
    if scenes.resting.is_between_sets:
        scenes.resting.come_back(request.at)
    elif scenes.workout.state is State.BREAK:
        scenes.training_set.resume(request.at)
    elif scenes.workout.state not in (State.CORRECTING, State.PAUSED, State.STOPPED):
        scenes.answering.say_help(request.at)


def catches_in(scenes: Scenes, request: Request) -> None:
    """The lifter has set the catches."""
    match scenes.workout.state:
        case State.SET:
            scenes.training_set.rack_and_wait(request.at)
        case State.CORRECTING | State.PAUSED:
            scenes.workout.platform.mark_racked()
        case State.STUCK:
            scenes.stuck.end_set(request.at)


def start_over(scenes: Scenes, request: Request) -> None:
    """Begin again what is under way. In a running set, first say what to do with the platform, then ask."""
    workout = scenes.workout
    match workout.state:
        case State.SETUP:
            scenes.walkthrough.begin(request.at)
        case State.SET | State.BREAK:
            scenes.training_set.pause(request.at, ask=ASK_START_OVER if workout.progress.set_reps else ASK_HOW_TO_GO_ON)
        case State.CORRECTING | State.PAUSED | State.STOPPED:
            scenes.training_set.start(request.at, again=True)
        case State.HURT | State.STUCK:
            start(scenes, request)
        case State.RESTING | State.READY if workout.progress.sets_done:
            scenes.answering.say_next_set(request.at)
        case _:
            scenes.answering.say_help(request.at)


def skip(scenes: Scenes, request: Request) -> None:
    """Skip a step of the setup, the rest, or the stage that is under way."""
    match scenes.workout.state:
        case State.SETUP:
            scenes.walkthrough.next_step(request.at)
        case State.BREAK:
            scenes.training_set.resume(request.at)
        case State.RESTING:
            scenes.resting.skip(request.at)
        case _:
            skip_stage(scenes, request)


def skip_stage(scenes: Scenes, request: Request) -> None:
    """Leave out the side or the drop under way. In a break, or if no other stage follows, the set is over."""
    workout = scenes.workout
    if workout.state is State.BREAK or workout.next_stage is None:
        scenes.confirming.finish_set(request)
    else:
        scenes.training_set.end_stage(request.at)


def change_rest(scenes: Scenes, request: Request, sign: int) -> None:
    """Make the rest longer, or shorter: the rest that runs, or a rest that is over."""
    by = sign * int(request.intent.slots.get("seconds", STEP_S))
    if scenes.workout.state is State.BREAK:
        scenes.training_set.set_break.change_length(request.at, by)
    elif scenes.resting.is_between_sets:
        scenes.resting.change_rest(request.at, by)
    else:
        scenes.answering.say_help(request.at)


def set_rest(scenes: Scenes, request: Request) -> None:
    """Set the rest of the plan and the rest that runs; in a break only the length of the break."""
    seconds = int(request.intent.slots["seconds"])
    if scenes.workout.state is State.BREAK:
        scenes.training_set.set_break.set_length(request.at, seconds)
        return
    scenes.training_set.deferred.forget("SetRest")
    scenes.resting.plan_rest(request.at, seconds)


def no_rest(scenes: Scenes, request: Request) -> None:
    """Skip the rest that runs, or the break; else plan no rest."""
    every_rest = "each" in request.intent.slots
    if scenes.workout.state in (State.RESTING, State.BREAK) and not every_rest:
        skip(scenes, request)
    else:
        scenes.resting.plan_rest(request.at, 0)


def set_rest_in_set(scenes: Scenes, request: Request) -> None:
    """Set the rest of the plan while a set runs; the announcement of the next rest says it. If no rest follows, the
    coach says the planned rest after the set.
    """
    scenes.resting.plan_in_set(int(request.intent.slots.get("seconds", 0)))
    scenes.training_set.deferred.defer(request.at, "set.later", "SetRest", scenes.resting.read_back)


def plan(scenes: Scenes, request: Request) -> None:
    """Set sets and repetitions, said in one breath."""
    scenes.adjusting.set_sets(request.at, request.intent)
    scenes.adjusting.set_reps(request.at, request.intent)


def one_side(scenes: Scenes, request: Request) -> None:
    """Train one side at a time."""
    scenes.structuring.train_one_side(request.at, Side(str(request.intent.slots["side"])))


def last_set(scenes: Scenes, request: Request) -> None:
    """Set the kind of the last working set of the plan; with the slot `each`, make all sets working sets."""
    if "each" in request.intent.slots:
        scenes.structuring.make_all_working(request.at)
        return
    scenes.structuring.set_last_kind(request.at, SetKind(str(request.intent.slots["kind"])))


def this_set(scenes: Scenes, request: Request) -> None:
    """Set the kind of this set, or of the next."""
    scenes.structuring.set_this_kind(request.at, SetKind(str(request.intent.slots["kind"])))


def what_now(scenes: Scenes, request: Request) -> None:
    """Say the last words again where the lifter has something to do, else say what can be said."""
    if scenes.workout.state in (State.SETUP, State.CORRECTING):
        scenes.answering.repeat(request.at)
    else:
        scenes.answering.say_help(request.at)


def nothing(scenes: Scenes, request: Request) -> None:
    """Do nothing: the words were understood, and nothing is wanted."""
