"""Events in, commands out: what the coach does about what it hears, state by state."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coach.commands import Command, End, ListenFor, Manner, Say, SetPace, SetVolume, StopSpeaking, Write
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.saying import DANGER
from coach.dialogue.states import State
from coach.events import (
    Event,
    Heard,
    HearingFailed,
    HearingRestarted,
    MicrophoneFound,
    MicrophoneLost,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
    SpeechFinished,
    TimePassed,
    VoiceFailed,
)
from coach.records import FaultReported, PainReported, RepDone, SetEnded, StopSaid, WorkoutEnded, record_values
from lab.rigs.talk import FADE_S, GRAMMAR, PACK, Talk, plan_of, spoken

REPORTS = [name for name, group in PACK.groups.items() if group == Group.REPORT]
QUESTIONS = [name for name, group in PACK.groups.items() if group == Group.QUESTION]
ROADS = {
    "idle": (),
    "setup": ("set up",),
    "ready": ("set up", *("skip",) * len(PACK.setup)),
    "set": ("start set",),
    # A break ends by itself.
    "break": ("left first", "start set", "switch", "two more minutes"),
    "correcting": ("start set", "my back lifted"),
    "paused": ("start set", "hold on"),
    "stopped": ("start set", "stop"),
    "stuck": ("start set", "i'm stuck"),
    "hurt": ("start set", "it hurts"),
}


def prompt(name: str, turn: int = 0, **slots: str) -> str:
    line = PACK.prompts[name]
    return line.say[turn % len(line.say)].format(**slots)


def of(kind: type[Command], commands: tuple[Command, ...]) -> list[Command]:
    return [command for command in commands if isinstance(command, kind)]


def talk_in(state: str, *, open_speaker: bool = False) -> Talk:
    """A talk that was led into a state by voice; the lines that the coach says there are over."""
    talk = Talk(plan_of(reps=4, sets=2), open_speaker=open_speaker)
    if state in ("resting", "finished"):
        talk = Talk(plan_of(reps=1, sets=2 if state == "resting" else 1), open_speaker=open_speaker)
        talk.hears("start set")
        talk.wait_for(state)
    for words in ROADS.get(state, ()):
        talk.hears(words)
        talk.wait(3.0)
    if state == "set":
        talk.wait_for("set.lowering")
    else:
        talk.wait(14.0)
        talk.quiet()
    assert talk.parent == state
    return talk


# --- the session


def test_the_coach_greets_and_listens() -> None:
    talk = Talk(greeted=False)
    commands = talk.receive(SessionStarted(0.0))
    assert [command.text for command in commands if isinstance(command, Say)] == [prompt("greeting")]
    assert of(ListenFor, commands) == [ListenFor(policy.live(PACK, State.IDLE, asked=False))]
    assert talk.state == "idle"


@pytest.mark.parametrize("state", State)
def test_what_is_live_follows_the_state(state: State) -> None:
    talk = talk_in(state)
    assert talk.live == policy.live(PACK, state, asked=False)


def test_what_is_live_is_told_only_when_it_changes() -> None:
    talk = Talk()
    assert of(ListenFor, talk.receive(TimePassed(6.0))) == []
    talk.in_set()
    for _ in range(8):
        due = talk.conversation.next_deadline()
        assert due is not None
        assert of(ListenFor, talk.receive(TimePassed(due))) == []


@pytest.mark.parametrize("state", State)
def test_safety_reports_and_questions_are_live_in_every_state(state: State) -> None:
    live = policy.live(PACK, state, asked=False)
    assert {
        name for name, group in PACK.groups.items() if group in (Group.SAFETY, Group.REPORT, Group.QUESTION)
    } <= live


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_left_by_voice(state: State) -> None:
    intents = sorted(intent for intent in talk_in(state).live if PACK.groups[intent] is Group.CONTROL)
    left = set()
    for intent in intents:
        talk = talk_in(state)
        talk.hears(spoken(intent)[0])
        if talk.parent != state:
            left.add(talk.parent)
    assert left, state


@pytest.mark.parametrize("state", [state for state in State if state is not State.SET])
def test_in_every_state_but_a_running_set_the_coach_can_tell_what_can_be_said(state: State) -> None:
    talk = talk_in(state)
    said = talk.hears("what can i say")
    assert said == [prompt(f"help.{state}")]
    assert talk.parent == state


# --- safety


LEADS_TO = {"stop": "stopped", "i'm stuck": "stuck", "it hurts": "hurt", "i feel dizzy": "hurt"}
OPEN = {"set", "break", "correcting", "paused", "stopped"}
"""States in which a set has begun and is not over."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("words", LEADS_TO)
@pytest.mark.parametrize("final", [True, False])
def test_a_danger_word_silences_everything_in_every_state(state: State, words: str, final: bool) -> None:
    talk = talk_in(state)
    before = talk.state
    if state != "set":
        talk.hears("how deep")
    placed = talk.lines[-1].say.line_number
    talk.hears(words, final=final)
    if words == "stop":
        assert talk.state == ("stopped" if state in OPEN else before)
    elif words == "i'm stuck":
        assert talk.state == ("stuck" if state in OPEN | {"stuck", "hurt"} else before)
    else:
        assert talk.state == "hurt"
    for line in talk.lines:
        assert line.ends <= talk.now + FADE_S + 1e-9 or line.say.line_number > placed or line.say.source in DANGER
    at = talk.now
    talk.wait(600)
    assert talk.counts_since(at) == []


SAFE = {
    "countdown": "stop.up",
    "lowering": "stop.now",
    "bottom": "stop.now",
    "pressing": "stop.now",
    "top": "stop.up",
}
"""The answers that fit where the platform is."""


@pytest.mark.parametrize("sub", SAFE)
def test_stop_in_a_set_brings_the_platform_up_then_leaves_it_quiet(sub: str) -> None:
    talk = Talk(plan_of(tempo="4-1-2-1")).in_set(f"set.{sub}")
    talk.wait(0.2)
    commands = talk.receive(Heard(talk.now, talk.now - 0.4, "stop", 1.0, 7, True))
    assert isinstance(commands[0], StopSpeaking)
    assert commands[0].at == talk.now
    said = talk.lines[-1]
    assert said.say.text == prompt(SAFE[sub])
    assert said.begins - talk.now < 0.1
    assert len(talk.written(StopSaid)) == 1
    stopped = said.ends
    talk.wait(10)
    later = talk.lines[-1]
    assert later.say.text == prompt("stop.after")
    assert later.begins - stopped >= 4.0, "silence, while the catches go in"


@pytest.mark.parametrize("words", ["resume", "continue", "start set", "go on", "yes", "ready", "okay"])
def test_after_a_stop_the_set_goes_on_from_the_catches(words: str) -> None:
    talk = Talk().in_set("set.lowering", 3)
    talk.hears("stop")
    talk.wait(15)
    assert talk.hears(words) == [prompt("resume.unrack", rep="three")]
    assert talk.state == "set.unracking"
    assert talk.written(SetEnded) == []


@pytest.mark.parametrize("words", ["finish", "finish set", "no", "done", "that's enough"])
def test_after_a_stop_the_set_can_be_ended(words: str) -> None:
    talk = Talk().in_set("set.lowering", 3)
    talk.hears("stop")
    talk.wait(15)
    assert talk.hears(words)[0] == prompt("set.finished", reps="two reps").capitalize()
    assert talk.state == "resting"
    assert len(talk.written(SetEnded)) == 1


@pytest.mark.parametrize(("words", "what"), [("it hurts", "Pain"), ("i feel faint", "Dizzy")])
def test_pain_closes_the_set(words: str, what: str) -> None:
    talk = Talk().in_set("set.pressing", 3)
    said = talk.hears(words)
    assert said == [prompt("pain.now")]
    assert record_values(talk.written(PainReported)[0]) == {"what": what, "set": 1, "rep": 2}
    assert record_values(talk.written(SetEnded)[0]) == {"set": 1, "reps": 2, "tempo": "4-1-2-0"}
    talk.wait(10)
    assert prompt("pain.after") in talk.heard_since(talk.now - 10)
    for refused in ("resume", "continue", "start set", "go on", "next"):
        talk.hears(refused)
        assert talk.state == "hurt"
        talk.wait(5)


def test_pain_before_the_first_repetition_leaves_no_set() -> None:
    talk = Talk().in_set("set.countdown")
    talk.hears("ouch")
    assert talk.written(SetEnded) == []
    talk.wait(15)
    talk.hears("yes")
    talk.quiet()
    assert talk.hears("start set")[0].startswith("Set one")


def test_pain_at_rest_ends_the_rest_timer() -> None:
    talk = talk_in("resting")
    assert talk.hears("it hurts") == [prompt("pain.rest")]
    at = talk.now
    talk.wait(15)
    assert talk.heard_since(at) == [prompt("pain.rest"), prompt("pain.ask")]


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "resting", "finished"])
def test_a_stop_where_nothing_moves_is_quiet_and_moves_nothing(state: State) -> None:
    talk = talk_in(state)
    before = talk.state
    assert talk.hears("stop") == [prompt("stop.quiet")]
    assert talk.state == before
    assert talk.written(StopSaid) == []


# --- partials


@pytest.mark.parametrize("words", ["stop", "ouch", "dizzy", "my back lifted", "hold on"])
def test_a_partial_acts_once_and_its_final_no_more(words: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    assert talk.hears(words, final=False, utterance=9)
    state, lines, records = talk.state, len(talk.lines), len(talk.records)
    for final in (False, False, True):
        talk.wait(0.1)
        assert talk.hears(words, final=final, utterance=9) == []
    assert (talk.state, len(talk.lines), len(talk.records)) == (state, lines, records)


def test_the_same_words_in_the_next_utterance_act_again() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("my back lifted", final=False, utterance=9)
    talk.hears("my back lifted", utterance=9)
    talk.wait(10)
    talk.hears("my back lifted", utterance=10)
    assert len(talk.written(FaultReported)) == 2


@pytest.mark.parametrize("words", ["finish set", "slower", "how many left", "how deep", "louder", "what can i say"])
def test_what_is_not_urgent_waits_for_the_end_of_the_utterance(words: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    assert talk.receive(Heard(talk.now, talk.now - 0.5, words, 1.0, 9, False)) == ()
    assert talk.parent == "set"
    assert talk.receive(Heard(talk.now, talk.now - 0.5, words, 1.0, 9, True)) != ()


@pytest.mark.parametrize("state", ["idle", "ready", "resting", "paused", "correcting"])
@pytest.mark.parametrize("words", ["my back lifted", "start set", "resume"])
def test_outside_a_set_only_safety_acts_on_partials(state: State, words: str) -> None:
    talk = talk_in(state)
    before = talk.state
    assert talk.hears(words, final=False) == []
    assert talk.state == before


def test_a_partial_that_grows_into_another_urgent_intent_acts_on_that_too() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("hold on", final=False, utterance=9)
    assert talk.state == "paused"
    talk.hears("it hurts", final=False, utterance=9)
    assert talk.state == "hurt"
    assert len(talk.written(PainReported)) == 1
    assert talk.hears("it hurts", utterance=9) == []
    assert len(talk.written(PainReported)) == 1


def test_a_partial_that_grows_into_something_calm_has_acted_already() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop", final=False, utterance=9)
    lines = len(talk.lines)
    assert talk.hears("how deep", utterance=9) == []
    assert talk.state == "stopped"
    assert len(talk.lines) == lines


def test_a_partial_that_grows_into_nothing_is_no_reprompt() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop", final=False, utterance=9)
    assert talk.hears("", utterance=9) == []
    assert talk.state == "stopped"


def test_partials_that_are_no_phrase_are_waited_for() -> None:
    talk = Talk()
    for words in ("we", "we went", "we went to"):
        assert talk.hears(words, final=False, utterance=9) == []
    assert talk.hears("we went to the lake", utterance=9) == [prompt("help.idle")]


# --- did you mean

UNSURE = 0.6


def test_a_doubtful_finish_is_asked_about_and_done_on_yes() -> None:
    talk = Talk().in_set("set.lowering", 2)
    assert talk.hears("finish set", confidence=UNSURE) == [prompt("pause.now"), prompt("finish.confirm")]
    assert talk.state == "paused"
    talk.wait(4)
    assert talk.hears("yes") == [
        prompt("catches.now"),
        prompt("set.finished", reps="one rep").capitalize(),
        prompt("rest.start", seconds="one minute"),
    ]
    assert talk.state == "resting"


@pytest.mark.parametrize("answer", ["no", ""])
def test_a_set_that_was_asked_about_waits_for_the_lifter(answer: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("finish set", confidence=UNSURE)
    asked = talk.quiet()
    if answer:
        talk.hears(answer)
    talk.wait(60)
    assert talk.counts_since(asked) == []
    assert prompt("pause.resume_hint") in talk.heard_since(asked)
    assert talk.hears("yes")[0] in (prompt("resume.intro", rep="two"), prompt("resume.unrack", rep="two"))


def test_said_again_it_is_meant_however_doubtful() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("finish set", confidence=UNSURE)
    talk.hears("finish set", confidence=UNSURE)
    assert talk.state == "resting"


def test_a_doubtful_end_is_asked_about_even_where_nothing_would_be_lost() -> None:
    talk = Talk()
    assert talk.hears("end workout", confidence=UNSURE) == [prompt("end.confirm")]
    assert talk.hears("no") == [prompt("end.cancelled")]
    talk.hears("end workout", confidence=UNSURE)
    talk.hears("yes")
    assert talk.ended_at is not None


@pytest.mark.parametrize("words", ["stop", "it hurts", "my back lifted", "pause"])
def test_what_must_be_quick_is_never_asked_about(words: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(words, final=False, confidence=0.4)
    assert talk.parent in ("stopped", "hurt", "correcting", "paused")
    assert prompt("finish.confirm") not in talk.heard_since(talk.now)


def test_what_can_be_said_again_is_not_asked_about() -> None:
    talk = Talk()
    assert talk.hears("ninety kilos", confidence=UNSURE) == ["Noted, ninety kilos."]


def test_a_correction_does_not_talk_into_the_question() -> None:
    """The rest of the correction is said once the question is answered."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("my back lifted")
    talk.wait(0.5)
    now = PACK.corrections["BackLifted"].now.say[0]
    assert talk.hears("finish set", confidence=UNSURE) == [now, prompt("finish.confirm")], "it had been cut"
    talk.quiet()
    answered = talk.now
    talk.hears("no")
    talk.wait(15)
    fix = PACK.corrections["BackLifted"].fix.say[0]
    assert talk.heard_since(answered) == [prompt("end.cancelled"), fix, prompt("correction.ask")]


# --- not understood


def test_help_then_one_reprompt_then_quiet() -> None:
    talk = Talk()
    said = [talk.hears(words) for words in ("bananas", "apples", "bananas", "bananas")]
    assert said == [[prompt("help.idle")], [prompt("not_understood")], [], []]
    talk.quiet()
    talk.hears("how deep")
    talk.quiet()
    assert talk.hears("bananas") == [prompt("help.idle")], "what was understood begins the count anew"


def test_in_a_set_talk_that_is_no_command_changes_nothing() -> None:
    talk = Talk().in_set("set.lowering", 2)
    for words in ("bananas", "", "start set", "yes", "okay", "go on", "ready"):
        assert talk.hears(words) == []
    assert talk.parent == "set"


@pytest.mark.parametrize(
    ("state", "words"),
    [("idle", "resume"), ("idle", "yes"), ("setup", "skip rest"), ("resting", "finish set"), ("finished", "skip")],
)
def test_to_a_phrase_of_another_state_the_coach_says_what_can_be_said(state: State, words: str) -> None:
    talk = talk_in(state)
    assert talk.hears(words) == [prompt(f"help.{state}")]
    assert talk.parent == state


def test_a_recording_is_announced_before_anything_else_and_again_when_it_is_cut() -> None:
    talk = Talk(greeted=False)
    talk.receive(SessionStarted(0.0, sound_recorded=True))
    talk.wait_until(0.4)
    assert [line.say.source for line in talk.lines] == ["sound.kept", "greeting"]
    talk.hears("start set")
    assert talk.lines[0].cut
    talk.wait(6)
    assert [line.say.source for line in talk.lines if not line.cut] == ["sound.kept", "set.intro"]
    assert "sound.kept" not in [line.say.source for line in Talk().lines]


# --- the open loudspeaker


def test_on_headphones_the_coachs_words_are_the_lifters() -> None:
    talk = Talk(greeted=False)
    talk.receive(SessionStarted(0.0))
    talk.wait_until(3.0)
    talk.hears("start set")
    assert talk.parent == "set"


def test_on_an_open_speaker_the_coach_does_not_answer_itself() -> None:
    talk = Talk(greeted=False, open_speaker=True)
    talk.receive(SessionStarted(0.0))
    talk.wait_until(3.0)
    for final in (False, True):
        assert talk.hears("start set", final=final, utterance=4) == []
    assert talk.state == "idle"
    talk.wait_until(8.0)
    talk.hears("start set")
    assert talk.parent == "set"


def test_on_an_open_speaker_mumbling_over_the_coach_is_no_turn() -> None:
    talk = Talk(greeted=False, open_speaker=True)
    talk.receive(SessionStarted(0.0))
    talk.wait_until(2.0)
    assert talk.hears("bananas") == []
    talk.wait_until(8.0)
    assert talk.hears("bananas") == [prompt("help.idle")]


@pytest.mark.parametrize("words", ["stop", "my back lifted", "slower", ""])
@pytest.mark.parametrize("final", [False, True])
def test_what_was_heard_while_nobody_else_spoke_is_the_coachs_own_voice(words: str, final: bool) -> None:
    alone = Talk(open_speaker=True).in_set("set.lowering", 2)
    alone.wait_until(alone.now)
    heard = Heard(alone.now, alone.now - 0.4, words, 1.0, 7, final, others_heard=False)
    assert not alone.receive(heard)
    assert alone.state == "set.lowering"


def test_in_headphones_a_word_is_somebodys_whatever_the_level() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.receive(Heard(talk.now, talk.now - 0.4, "stop", 1.0, 7, final=False, others_heard=False))
    assert talk.parent == "stopped"


@pytest.mark.parametrize("words", ["stop", "it hurts", "my back lifted", "hold on"])
def test_on_an_open_speaker_urgent_words_act_over_the_counts(words: str) -> None:
    talk = Talk(open_speaker=True).in_set("set.lowering", 2)
    talk.hears(words, final=False)
    assert talk.parent in ("stopped", "hurt", "correcting", "paused")


def test_no_line_that_sounds_under_load_holds_a_safety_word() -> None:
    """Otherwise the echo filter could not tell the coach's word from the lifter's."""
    alarms = [f" {text} " for name in ("Stop", "Pain", "Dizzy") for text in spoken(name)]
    for line in PACK.lines():
        if line.id.startswith("help.") and line.id not in ("help.set", "help.correcting", "help.paused"):
            continue
        for text in line.texts:
            plain = f" {' '.join(''.join(mark if mark.isalpha() else ' ' for mark in text.lower()).split())} "
            assert not [alarm for alarm in alarms if alarm in plain], text


# --- faults of devices, recogniser and time


@pytest.mark.parametrize("lost", [MicrophoneLost, SpeakerLost, HearingFailed])
@pytest.mark.parametrize("state", ["idle", "set", "resting", "paused"])
@pytest.mark.parametrize("answering", [False, True])
def test_without_ears_or_voice_nothing_is_counted(
    lost: type[MicrophoneLost | SpeakerLost | HearingFailed], state: State, answering: bool
) -> None:
    talk = talk_in(state)
    if answering:
        talk.hears("how deep")
        talk.wait(1.0)
    said = of(Say, talk.receive(lost(talk.now, "unplugged")))
    safe = state in ("set", "paused")
    assert len(said) == (lost is not SpeakerLost) + safe, "silence is the worst failure, but where nobody would hear"
    assert not safe or talk.lines[-len(said)].say.source in DANGER
    at = talk.now
    assert talk.parent == ("finished" if lost is HearingFailed else "paused" if state == "set" else state)
    talk.wait(60)
    assert talk.counts_since(at) == []


def test_hearing_that_failed_ends_the_session_aloud() -> None:
    talk = Talk().in_set("set.lowering", 2)
    commands = talk.receive(HearingFailed(talk.now, "no model"))
    assert talk.lines[-1].say.text == prompt("fault.hearing")
    assert len(of(End, commands)) == 1
    assert talk.ended_at == pytest.approx(talk.lines[-1].ends)
    assert talk.conversation.next_deadline() is None


def test_a_microphone_that_is_back_is_told_and_the_set_waits_for_the_lifter() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.receive(MicrophoneLost(talk.now, "unplugged"))
    talk.wait(5)
    at = talk.now
    talk.receive(MicrophoneFound(talk.now))
    talk.wait(60)
    assert talk.heard_since(at)[:2] == [prompt("fault.microphone_back"), prompt("correction.ask")]
    assert talk.state == "paused"
    assert talk.hears("resume")[0] == prompt("resume.unrack", rep="two")


def restart(talk: Talk, *, lost: bool) -> list[str]:
    """What the coach says in the 20 s after the recogniser was replaced."""
    at = talk.now
    talk.receive(HearingRestarted(at, "it was ended by SIGABRT", lost))
    talk.wait(20)
    return talk.heard_since(at)


def test_a_recogniser_replaced_while_nobody_spoke_changes_nothing() -> None:
    undisturbed = Talk().in_set("set.lowering", 2)
    at = undisturbed.now
    undisturbed.wait(20)
    assert restart(Talk().in_set("set.lowering", 2), lost=False) == undisturbed.heard_since(at)
    assert restart(Talk(), lost=False) == []


def test_a_word_lost_in_the_set_may_have_been_stop() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.wait(0.6)
    assert restart(talk, lost=True)[:3] == [
        prompt("pause.now"),
        prompt("fault.hearing_back"),
        prompt("pause.resume_hint"),
    ]
    assert talk.state == "paused"
    assert talk.hears("resume")[0] == prompt("resume.unrack", rep="two"), "the catches were offered meanwhile"


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "correcting", "paused", "stopped", "resting", "finished"])
def test_a_word_lost_outside_the_set_is_asked_for_again(state: State) -> None:
    talk = talk_in(state)
    assert restart(talk, lost=True)[0] == prompt("fault.hearing_back")
    assert talk.parent == state


def test_a_word_lost_after_stop_leaves_the_silence_for_the_platform() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.5)
    assert restart(talk, lost=True) == [prompt("stop.after")]


def test_a_speaker_that_is_back_is_told() -> None:
    talk = Talk()
    talk.receive(SpeakerLost(talk.now, "unplugged"))
    talk.wait(5)
    at = talk.now
    talk.receive(SpeakerFound(talk.now))
    assert talk.heard_since(at) == [prompt("fault.speaker_back")]


def test_lines_that_end_or_fail_need_no_answer() -> None:
    talk = Talk()
    for event in (SpeechFinished(talk.now, 1, 1.0, 1.0), VoiceFailed(talk.now, 1, "no voice"), TimePassed(talk.now)):
        assert talk.receive(event) == ()


# --- the set


def counted(talk: Talk) -> list[str]:
    return [line.say.text for line in sorted(talk.lines, key=lambda line: line.begins) if is_count(line.say)]


def is_count(say: Say) -> bool:
    return say.manner is Manner.COUNT


def test_a_set_is_counted_on_the_second_to_its_end() -> None:
    talk = Talk(plan_of(reps=2, sets=2)).in_set()
    talk.wait_for("resting")
    counts = [line.say for line in talk.lines if is_count(line.say)]
    rep = ["lower", "two", "three", "four", "hold", "push"]
    assert [say.text for say in counts] == ["three", "two", "one", *rep, "rep one", *rep, "rep two"]
    assert [round(b.at - a.at, 6) for a, b in pairwise(counts)] == [1.0, 3.0] + [1.0] * (len(counts) - 3), "the breath"
    assert [(entry.set, entry.rep) for entry in talk.written(RepDone)] == [(1, 1), (1, 2)]
    for entry, say in zip(talk.written(RepDone), [say for say in counts if say.text.startswith("rep")], strict=True):
        assert entry.at == pytest.approx(say.at, abs=0.001), "a repetition is done on the beat that says its number"


@pytest.mark.parametrize(
    ("tempo", "states_"),
    [
        ("4-1-2-0", ["lowering", "bottom", "pressing"]),
        ("2-0-1-0", ["lowering", "pressing"]),
        ("3-1-2-2", ["lowering", "bottom", "pressing", "top"]),
        ("3-0-x-1", ["lowering", "pressing", "top"]),
    ],
)
def test_the_states_follow_the_phases(tempo: str, states_: list[str]) -> None:
    talk = Talk(plan_of(reps=2, tempo=tempo)).in_set("set.countdown")
    walked: list[str] = []

    def note(event: Event, commands: tuple[Command, ...]) -> None:
        if not walked or walked[-1] != talk.state:
            walked.append(talk.state)

    talk.after = note
    talk.wait_for("resting")
    assert walked == [*(f"set.{state}" for state in states_ * 2), "resting"]


def test_words_of_a_phase_are_placed_a_phase_ahead() -> None:
    talk = Talk().in_set("set.lowering")
    assert "hold" in [line.say.text for line in talk.lines if line.begins > talk.now]


def test_counts_are_placed_before_they_are_due() -> None:
    talk = Talk(plan_of(tempo="2-0-1-0")).in_set("set.countdown")
    ahead: list[float] = []
    talk.after = lambda event, commands: ahead.extend(
        command.at - event.at for command in commands if isinstance(command, Say) and is_count(command)
    )
    talk.wait_for("resting")
    assert min(ahead) >= 1.0, "time to render a word that is not in the cache"


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_in_a_set(report: str) -> None:
    correction = PACK.corrections[report]
    talk = Talk().in_set("set.lowering", 2)
    said = talk.hears(spoken(report)[0])
    assert talk.state == "correcting"
    assert said == list(correction.now.say)
    assert record_values(talk.written(FaultReported)[0]) == {"what": report, "set": 1, "rep": 1, "phase": "lowering"}
    at = talk.now
    talk.wait(14)
    assert talk.heard_since(at) == [*correction.now.say, *correction.fix.say, prompt("correction.ask")]
    assert talk.state == "correcting", "the set waits for the lifter"
    assert talk.hears("why") == list(correction.why.say)
    talk.quiet()
    intro = "resume.unrack" if correction.racked else "resume.intro"
    assert talk.hears("continue")[0] == prompt(intro, rep="two")
    talk.wait_for("set.pressing")


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "resting", "stopped", "finished"])
@pytest.mark.parametrize("report", REPORTS)
def test_every_report_at_rest(state: State, report: str) -> None:
    talk = talk_in(state)
    asks = [prompt("setup.ask")] if state == "setup" else []
    assert talk.hears(spoken(report)[0]) == [*PACK.corrections[report].fix.say, *asks]
    assert talk.parent == state
    talk.quiet()
    assert talk.hears("why") == [*PACK.corrections[report].why.say, *asks]


def test_a_report_while_paused_is_corrected_before_the_set_goes_on() -> None:
    talk = talk_in("paused")
    at = talk.now
    talk.hears("my knees caved in")
    talk.wait(10)
    assert talk.parent == "correcting"
    assert talk.heard_since(at) == [PACK.corrections["KneesIn"].fix.say[0], prompt("correction.ask")]


def test_two_reports_one_after_the_other() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("my back lifted")
    talk.wait(10)
    at = talk.now
    talk.hears("my knees caved in")
    talk.wait(5)
    assert talk.heard_since(at) == [PACK.corrections["KneesIn"].fix.say[0], prompt("correction.ask")]
    assert talk.state == "correcting"


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_in_a_set_is_answered_after_it(question: str) -> None:
    talk = Talk(plan_of(reps=3)).in_set("set.lowering", 2)
    assert talk.hears(spoken(question)[0]) in ([prompt("set.after")], [prompt("set.after", 1)])
    assert talk.state == "set.lowering", "nobody is kept waiting at full depth"
    talk.wait_for("resting")
    assert talk.reps() == 0
    assert talk.lines[-1].say.text.startswith(PACK.answers[question].line.say[0].split("{")[0])
    assert talk.lines[-2].say.source == "rest.start"


@pytest.mark.parametrize("state", [state for state in State if state != "set"])
def test_a_question_outside_a_set_leaves_all_as_it_was(state: State) -> None:
    talk = talk_in(state)
    before = talk.state
    assert talk.hears("why high feet")[0] == PACK.answers["WhyHighFeet"].line.say[0]
    assert talk.state == before


def test_the_tempo_is_answered_in_words() -> None:
    assert "four, one, two, zero" in Talk().hears("what tempo")[0]


def test_how_many_left_is_told_between_the_counts() -> None:
    talk = Talk(plan_of(reps=5)).in_set("set.lowering", 3)
    assert talk.hears("how many left") == ["three to go"]
    assert talk.state == "set.lowering"
    cue = talk.lines[-1]
    for line in talk.lines[:-1]:
        assert line.ends <= cue.begins or cue.ends <= line.begins


def test_which_set_is_told_between_the_counts() -> None:
    talk = Talk(plan_of(reps=5)).in_set("set.lowering", 3)
    assert talk.hears("what set is this") == ["Set one"]
    assert talk.state == "set.lowering"


def test_a_pause_holds_until_told_otherwise() -> None:
    talk = Talk().in_set("set.lowering", 3)
    assert talk.hears("hold on") == [prompt("pause.now")]
    at = talk.now
    talk.wait(300)
    asked = prompt("pause.resume_hint")
    assert talk.heard_since(at) == [prompt("pause.now"), asked, prompt("hold.longer"), asked, asked, asked]
    assert talk.hears("resume")[0] == prompt("resume.unrack", rep="three")


def test_a_set_that_is_finished_early_is_kept() -> None:
    talk = Talk().in_set("set.lowering", 3)
    said = talk.hears("finish set")
    assert said == [
        prompt("finish.now"),
        prompt("set.finished", reps="two reps").capitalize(),
        prompt("rest.start", seconds="one minute"),
    ]
    assert record_values(talk.written(SetEnded)[0]) == {"set": 1, "reps": 2, "tempo": "4-1-2-0"}
    assert talk.state == "resting"


def test_a_set_without_a_repetition_is_dropped() -> None:
    talk = Talk().in_set("set.countdown")
    assert talk.hears("finish set")[:2] == [prompt("catches.now"), prompt("set.dropped")]
    assert talk.written(SetEnded) == []


def test_the_last_set_ends_the_workout_with_its_summary() -> None:
    talk = Talk(plan_of(reps=2, sets=1)).in_set()
    talk.wait_for("finished")
    assert talk.heard_since(talk.now) == [
        prompt("set.done"),
        prompt("catches.now"),
        prompt("summary", sets="one set", reps="two reps"),
        prompt("workout.done"),
    ]


def test_one_more_set_after_the_last() -> None:
    talk = Talk(plan_of(reps=1, sets=1)).in_set()
    talk.wait_for("finished")
    talk.quiet()
    assert talk.hears("begin the set")[0].startswith("Set two")
    talk.wait_for("finished")
    assert [entry.set for entry in talk.written(SetEnded)] == [1, 2]


def test_the_push_on_the_number_is_told_before() -> None:
    talk = Talk(plan_of(tempo="2-0-1-0")).in_set()
    assert prompt("set.push_on_number") in talk.heard_since(0)
    assert prompt("set.push_on_number") not in Talk().in_set().heard_since(0)


def test_introductions_and_rests_are_said_in_turn() -> None:
    talk = Talk(plan_of(reps=1, sets=3, rest=20)).in_set()
    for number in range(2):
        talk.wait_for("resting")
        assert prompt("set.done", number) in [line.say.text for line in talk.lines[-5:]]
        talk.wait_for("ready")
        talk.quiet()
        talk.hears("start set")


# --- the setup


def test_the_walk_through_the_setup() -> None:
    talk = Talk()
    said = talk.hears("set up")
    for step in PACK.setup:
        assert talk.state == step.id
        assert said == [step.line.say[0]]
        talk.quiet()
        assert talk.hears("why") == [*step.why.say, prompt("setup.ask")]
        talk.quiet()
        said = talk.hears("next")
    assert said == [prompt("setup.done")]
    assert talk.state == "ready"


def test_the_second_walk_has_other_words() -> None:
    talk = Talk()
    first = talk.hears("set up")
    talk.quiet()
    assert talk.hears("set up") == [PACK.setup[0].line.say[1]] != first


def test_a_set_can_be_started_from_the_middle_of_the_setup() -> None:
    talk = talk_in("setup")
    talk.hears("start set")
    assert talk.state == "set.unracking"


# --- repeat and why


def test_repeat_says_the_whole_turn_again_in_the_same_words() -> None:
    talk = Talk(plan_of(reps=1, sets=2)).in_set()
    talk.wait_for("resting")
    talk.quiet()
    said = [prompt("set.done"), prompt("catches.now"), prompt("rest.start", seconds="one minute")]
    for _ in range(3):
        assert talk.hears("repeat") == said
        talk.quiet()


def test_repeat_after_an_answer_is_the_answer() -> None:
    talk = Talk()
    answer = talk.hears("why brace")
    talk.quiet()
    assert talk.hears("say that again") == answer


def test_why_without_anything_before() -> None:
    talk = Talk()
    assert talk.hears("why") == [prompt("setup.none")]


def test_an_answer_has_no_why() -> None:
    talk = talk_in("setup")
    talk.hears("how deep")
    talk.quiet()
    assert talk.hears("why") == [prompt("setup.none"), prompt("setup.ask")]


def test_the_lifter_interrupts_the_coach_outside_a_set() -> None:
    talk = Talk()
    talk.hears("why high feet")
    talk.wait(1.0)
    cut = talk.lines[-1]
    talk.hears("why narrow")
    assert talk.lines[-2].cut
    assert talk.lines[-2].say == cut.say
    assert talk.lines[-2].ends == pytest.approx(talk.now + FADE_S)


# --- settings


def test_numbers_are_read_back() -> None:
    talk = Talk()
    for words, read in (
        ("twelve reps", "Noted, twelve reps."),
        ("just one set", "Noted, one set."),
        ("rest a minute and a half", "Noted, ninety seconds of rest."),
        ("ninety two and a half kilos", "Noted, ninety two and a half kilos."),
        ("two hundred pounds", "Noted, two hundred pounds."),
        ("tempo three zero one", "The tempo is now three, zero, one, zero."),
        ("slower", "The tempo is now four, zero, one, zero."),
        ("faster", "The tempo is now three, zero, one, zero."),
    ):
        assert talk.hears(words) == [read]
        talk.quiet()


def test_what_was_set_is_what_is_coached() -> None:
    talk = Talk()
    for words in ("one rep", "one set", "ninety kilos", "tempo two zero one"):
        talk.hears(words)
        talk.quiet()
    talk.in_set()
    talk.wait_for("finished")
    assert counted(talk) == ["three", "two", "one", "lower", "two", "rep one"]
    assert record_values(talk.written(SetEnded)[0]) == {
        "set": 1,
        "reps": 1,
        "load": 90,
        "unit": "kg",
        "tempo": "2-0-1-0",
    }
    assert prompt("summary.load", sets="one set", reps="one rep", load="ninety kilos") in talk.heard_since(talk.now)


def test_slower_and_faster_end_at_their_limits() -> None:
    talk = Talk()
    said = []
    for words in ["slower"] * 5 + ["faster"] * 7:
        said += talk.hears(words)
        talk.quiet()
    assert said[4] == prompt("tempo.limit")
    assert said[-1] == prompt("tempo.too_fast")
    assert said[3] == "The tempo is now eight, one, two, zero."
    assert said[-2] == "The tempo is now two, one, two, zero."


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("tempo one one two", "tempo.too_fast"),
        ("tempo zero one two", "tempo.too_fast"),
        ("tempo nine one two", "tempo.limit"),
        ("tempo four six two", "tempo.limit"),
        ("tempo four one two six", "tempo.limit"),
    ],
)
def test_a_tempo_out_of_bounds_is_refused(words: str, line: str) -> None:
    talk = Talk()
    assert talk.hears(words) == list(PACK.prompts[line].say)
    talk.quiet()
    assert "four, one, two, zero" in talk.hears("what tempo")[0]


def test_another_tempo_in_a_set_begins_with_a_later_repetition() -> None:
    talk = Talk().in_set("set.lowering", 1)
    assert talk.hears("slower") == ["Five down"]
    assert talk.state == "set.lowering"
    talk.wait_for("resting")
    words = " ".join(counted(talk))
    assert words.count("five") == 3
    assert words.index("rep one") < words.index("five")


def test_faster_in_a_set_at_the_limit_is_no_sentence() -> None:
    talk = Talk(plan_of(tempo="2-1-2-0")).in_set("set.lowering", 2)
    assert talk.hears("faster") == []
    assert talk.parent == "set"


def test_the_volume_and_its_limits() -> None:
    talk = Talk()
    assert talk.hears("louder") == [prompt("limit")]
    levels = []
    for words in ["quieter"] * 5 + ["louder"] * 4:
        talk.quiet()
        talk.hears(words)
        levels.append(talk.volume)
    assert levels == [-6.0, -12.0, -18.0, -24.0, -24.0, -18.0, -12.0, -6.0, 0.0]


def test_the_pace_of_sentences_and_its_limits() -> None:
    talk = Talk()
    paces, said = [], list[str]()
    for words in ["talk slower"] * 3 + ["talk faster"] * 5:
        commands = talk.receive(Heard(talk.now, talk.now - 0.5, words, 1.0, 9, True))
        paces += [command.percent for command in commands if isinstance(command, SetPace)]
        said += [command.text for command in commands if isinstance(command, Say)]
        talk.quiet()
    assert paces == [85, 70, 85, 100, 115, 130]
    assert [index for index, text in enumerate(said) if text == prompt("limit")] == [2, 7]


def test_the_volume_in_a_set_is_heard_in_the_next_count() -> None:
    talk = Talk().in_set("set.lowering", 2)
    commands = talk.receive(Heard(talk.now, talk.now - 0.5, "quieter", 1.0, 9, True))
    assert [one for one in commands if not isinstance(one, Write)] == [SetVolume(-6.0)]


def test_how_much_is_said_is_the_lifters() -> None:
    def cues(*words: str) -> int:
        talk = Talk(plan_of(reps=6, sets=2))
        for text in words:
            talk.hears(text)
            talk.quiet()
        talk.in_set()
        talk.wait_for("resting")
        return len([line for line in talk.lines if line.say.manner is Manner.CUE])

    full, few, none = cues(), cues("fewer cues"), cues("counts only")
    assert full > few > none
    assert none == 1, "the last repetition is told always"
    assert cues("fewer cues", "fewer cues", "fewer cues") == none
    assert cues("counts only", "more cues") == few
    assert cues("counts only", "more cues", "more cues", "more cues") == full


def test_fewer_cues_in_a_set_is_kept_without_a_word() -> None:
    talk = Talk(plan_of(reps=6)).in_set("set.lowering", 2)
    assert talk.hears("counts only") == []
    assert talk.parent == "set"
    talk.wait_for("resting")
    at = next(line for line in talk.lines if line.say.text == "rep two").begins
    assert [line.say.text for line in talk.lines if line.begins > at and line.say.manner is Manner.CUE] == ["Last rep"]


# --- the rest


def rest_told(talk: Talk, until: float) -> list[tuple[float, str]]:
    """Seconds into the rest, and source, of every line."""
    began = talk.written(SetEnded)[-1].at
    talk.wait_until(began + until)
    return [(round(line.say.at - began), line.say.source) for line in talk.lines if line.begins > began + 10]


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (60, [(30, "rest.half"), (50, "rest.ten"), (60, "rest.over")]),
        (120, [(60, "rest.half"), (110, "rest.ten"), (120, "rest.over")]),
        (40, [(30, "rest.ten"), (40, "rest.over")]),
        (20, [(20, "rest.over")]),
    ],
)
def test_the_rest_is_announced(rest: int, told: list[tuple[float, str]]) -> None:
    talk = Talk(plan_of(reps=1, rest=rest)).in_set()
    talk.wait_for("resting")
    assert rest_told(talk, rest + 30) == told
    assert talk.state == "ready"


def test_more_rest() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    talk.wait(5)
    assert talk.hears("more rest") == ["The rest is longer, eighty five seconds to go."]
    assert rest_told(talk, 140) == [(45, "rest.half"), (80, "rest.ten"), (90, "rest.over")]


def test_another_rest_while_resting_counts_from_now() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    talk.wait(5)
    assert talk.hears("rest two minutes") == ["From now on, two minutes of rest."]
    assert rest_told(talk, 140)[-1] == (125, "rest.over")


def test_a_shorter_rest_is_a_rest_all_the_same() -> None:
    talk = Talk(plan_of(reps=1, rest=300)).in_set()
    talk.wait_for("resting")
    talk.wait(40)
    assert talk.hears("rest thirty seconds") == ["From now on, thirty seconds of rest."]
    assert rest_told(talk, 80)[-1] == (70, "rest.over")


def test_a_rest_that_is_skipped_is_not_announced_any_more() -> None:
    for words in ("skip rest", "next", "skip"):
        talk = talk_in("resting")
        assert talk.hears(words) == [prompt("rest.skipped", set="two")]
        assert talk.state == "ready"
        at = talk.now
        talk.wait(300)
        assert len(talk.heard_since(at)) == 1


def test_a_set_can_be_started_during_the_rest() -> None:
    talk = talk_in("resting")
    talk.hears("start set")
    at = talk.now
    talk.wait_for("set.lowering")
    assert not [line for line in talk.lines if line.begins > at and line.say.source.startswith("rest.")]


def test_what_is_left_of_the_rest() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    talk.wait(20)
    assert talk.hears("how much rest is left") == ["Still, forty seconds to go."]


def test_an_announcement_gives_way_to_an_answer() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    began = talk.now
    talk.wait_until(began + 29)
    answer = talk.hears("why high feet")
    talk.wait_until(began + 45)
    assert talk.heard_since(began + 28) == answer


# --- the end


def test_a_workout_with_sets_to_come_is_closed_after_a_yes() -> None:
    talk = talk_in("resting")
    assert not {"Yes", "No"} & talk.live
    assert talk.hears("end workout") == [prompt("end.confirm")]
    assert {"Yes", "No"} <= talk.live
    talk.quiet()
    commands = talk.receive(Heard(talk.now, talk.now - 0.4, "yes", 1.0, 9, True))
    assert talk.state == "finished"
    assert len(of(End, commands)) == 1
    assert talk.ended_at == pytest.approx(talk.lines[-1].ends)
    assert talk.lines[-1].say.text == prompt("goodbye")
    assert talk.conversation.ended
    assert talk.conversation.next_deadline() is None


def test_a_no_keeps_the_workout() -> None:
    talk = talk_in("resting")
    talk.hears("i want to quit")
    talk.quiet()
    assert talk.hears("no") == [prompt("end.cancelled")]
    assert talk.state == "resting"
    assert not {"Yes", "No"} & talk.live
    talk.quiet()
    assert talk.hears("yes") == [prompt("help.resting")]


@pytest.mark.parametrize("words", ["start set", "stop"])
def test_another_command_takes_the_question_back(words: str) -> None:
    talk = talk_in("resting")
    talk.hears("i want to quit")
    talk.quiet()
    talk.hears(words)
    talk.quiet()
    talk.hears("yes")
    assert talk.ended_at is None


def test_the_end_keeps_an_open_set() -> None:
    talk = Talk().in_set("set.lowering", 3)
    talk.hears("pause")
    talk.wait(8)
    talk.hears("end workout")
    talk.quiet()
    talk.hears("yes")
    assert record_values(talk.written(SetEnded)[0]) == {"set": 1, "reps": 2, "tempo": "4-1-2-0"}
    assert record_values(talk.written(WorkoutEnded)[0]) == {"sets": 1, "reps": 2}


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "finished"])
def test_where_nothing_would_be_lost_the_end_is_not_asked_about(state: State) -> None:
    talk = talk_in(state)
    said = talk.hears("end workout")
    assert said[-1] == prompt("goodbye")
    assert talk.conversation.ended
    assert ("Today" in said[0] or "Nothing" in said[0]) == (state != "finished"), "the summary is told once"


def test_the_session_ends_after_the_farewell() -> None:
    talk = Talk()
    talk.hears("end workout")
    assert talk.ended_at == pytest.approx(talk.lines[-1].ends)


def test_records_have_their_moment() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("it hurts")
    for entry in talk.records:
        assert entry.at <= talk.now
    assert talk.written(PainReported)[0].at == pytest.approx(talk.now, abs=0.001)


def test_two_conversations_do_not_share_anything() -> None:
    one, other = Talk(), Talk()
    one.hears("two reps")
    one.in_set()
    assert other.state == "idle"
    assert other.hears("start set")[0].startswith("Set one, four reps")


def test_the_same_talk_gives_the_same_answer() -> None:
    def perform() -> list[tuple[float, str]]:
        talk = Talk().in_set("set.bottom", 2)
        talk.hears("my back lifted")
        talk.wait(20)
        talk.hears("continue")
        talk.wait(60)
        return [(line.say.at, line.say.text) for line in talk.lines]

    assert perform() == perform()


def test_every_intent_of_the_pack_is_carried_out_in_some_state() -> None:
    """An intent that is live in no state could never act."""
    live = {intent for state in State for intent in policy.ever_live(PACK, state, asked=True)}
    assert live == GRAMMAR.intents
