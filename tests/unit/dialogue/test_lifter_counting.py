"""Sets without a beat: a repetition is counted when the lifter says so at its end, and never otherwise."""

from __future__ import annotations

import pytest

from coach.commands import Manner
from coach.dialogue import policy
from coach.dialogue.lifter_counting import ANSWER_S, MAX_MISSED_REPS, SILENT_S
from coach.dialogue.states import MOVING, State
from coach.records import PreferenceChanged, RepDone
from lab.rigs.talk import PACK, Talk, plan_of

LIFTER = {"counts": "lifter"}
WORDS = {"RepUp", "RepNumber"}


def moving(reps: int = 8, tempo: str = "4-1-2-0", open_speaker: bool = False) -> Talk:
    """A talk in a set without a beat, at the word that names the first movement."""
    talk = Talk(plan_of(reps=reps, tempo=tempo), wanted=LIFTER, open_speaker=open_speaker)
    talk.hears("start set")
    talk.wait_for(MOVING)
    return talk


def said(talk: Talk, *turns: tuple[float, str]) -> list[str]:
    """Say each turn this many seconds after the turn before; return the answer to the last one."""
    answer: list[str] = []
    for seconds, words in turns:
        talk.wait(seconds)
        answer = talk.hears(words)
    return answer


def counted(talk: Talk) -> list[int]:
    return [record.rep for record in talk.written(RepDone)]


def test_a_word_is_a_repetition_and_is_answered_at_once() -> None:
    talk = moving()
    talk.wait(7.0)
    assert talk.hears("up") == ["rep one"]
    (record,) = talk.written(RepDone)
    assert record.at == talk.now, "it is written down when it was said"
    assert talk.lines[-1].say.manner is Manner.COUNT
    assert talk.lines[-1].begins - talk.now < 0.1
    assert said(talk, (7.0, "two")) == ["rep two"]
    assert said(talk, (7.0, "rep three")) == ["rep three"]
    assert counted(talk) == [1, 2, 3]


def test_only_the_first_movement_is_named() -> None:
    talk = moving()
    at = talk.now
    talk.wait(15.0)
    assert talk.counts_since(at - 0.1) == ["lower"]
    assert counted(talk) == []


@pytest.mark.parametrize(
    ("words", "reps"),
    [
        (["one", "three"], [1, 2, 3]),
        (["one", "four"], [1, 2, 3, 4]),
        (["one", "five"], [1, 2]),
        (["two", "three"], [1, 2, 3]),
        (["one", "one", "two"], [1, 2]),
        (["one", "two", "one", "up"], [1, 2, 3]),
        (["thirty"], [1]),
    ],
)
def test_the_lifter_is_right_about_the_number(words: list[str], reps: list[int]) -> None:
    """The lifter's number counts within limits: at most three ahead, and never back."""
    assert MAX_MISSED_REPS == 3
    talk = moving()
    said(talk, *((7.0, word) for word in words))
    assert counted(talk) == reps


@pytest.mark.parametrize("words", ["one", "two", "rep two"])
def test_what_is_not_ahead_is_not_answered(words: str) -> None:
    """The number may be the coach's own voice: the coach would talk to itself."""
    talk = moving()
    said(talk, (7.0, "up"), (7.0, "up"))
    talk.wait(2.0)
    assert talk.hears(words) == []
    assert counted(talk) == [1, 2]


def test_on_an_open_speaker_the_answer_is_not_taken_for_the_lifter() -> None:
    talk = moving(open_speaker=True)
    said(talk, (7.0, "two"))
    talk.wait(0.6)
    assert talk.hears("rep two", began=talk.now - 0.5) == []
    assert talk.hears("two", began=talk.now - 0.5) == []
    assert counted(talk) == [1, 2]


@pytest.mark.parametrize(
    ("tempo", "seconds", "hasty"),
    [
        ("4-1-2-0", 5.0, True),
        ("4-1-2-0", 6.0, False),
        ("4-1-2-0", 20.0, False),
        ("2-0-1-0", 1.7, True),
        ("2-0-1-0", 2.3, False),
        ("8-5-5-5", 17.0, True),
        ("8-5-5-5", 19.0, False),
    ],
)
def test_a_hasty_repetition_is_remarked_on(tempo: str, seconds: float, hasty: bool) -> None:
    """A repetition is hurried if it is shorter than the tempo by a fifth, and by at least a second."""
    talk = moving(tempo=tempo)
    assert said(talk, (24.0, "one"), (seconds, "two")) == ["rep two", "Take it slow"][: 1 + hasty]


def test_not_each_time() -> None:
    talk = moving(reps=12)
    answers = [said(talk, (3.0, "up")) for _ in range(6)]
    assert [len(answer) > 1 for answer in answers] == [True, False] * 3


def test_counts_only_is_counts_only() -> None:
    talk = moving()
    talk.hears("counts only")
    assert said(talk, (3.0, "up")) == ["rep one"]


def test_a_missed_word_is_no_haste() -> None:
    talk = moving()
    assert said(talk, (14.0, "two")) == ["rep two"]


def test_a_slower_tempo_is_the_measure_from_then_on() -> None:
    talk = moving()
    assert said(talk, (7.0, "up"), (1.0, "slower")) == ["Five down"]
    assert said(talk, (5.2, "up")) == ["rep two", "Take it slow"]


def test_the_last_repetition_is_told_before_it_and_the_set_ends_with_it() -> None:
    talk = moving(reps=2)
    assert said(talk, (7.0, "up")) == ["rep one", "Last rep"]
    assert said(talk, (7.0, "up"))[:2] == ["rep two", "That was the last rep."]
    assert talk.state == "resting"
    talk.wait(60)
    assert counted(talk) == [1, 2]


def test_more_than_the_plan_is_not_counted() -> None:
    talk = moving(reps=2)
    said(talk, (14.0, "three"))
    assert counted(talk) == [1, 2]


def test_what_went_wrong_is_cued_behind_the_number() -> None:
    talk = moving()
    said(talk, (7.0, "up"), (3.0, "my back lifted"))
    talk.wait_until_quiet()
    talk.hears("continue")
    talk.wait_for(MOVING)
    answers = [said(talk, (7.0, "up")) for _ in range(3)]
    topics = {text: cue.topic for cue in PACK.cues for text in cue.texts}
    assert [[topics[text] for text in answer[1:]] for answer in answers] == [["back"], ["back"], []]


def test_nobody_is_asked_for_a_while_then_for_the_number_then_it_comes_up() -> None:
    talk = moving()
    talk.wait(SILENT_S + 0.5)
    at = talk.now
    assert "Your number?" not in talk.heard_since(0.0), "seven seconds each, and three of them"
    talk.wait(1.5)
    assert talk.heard_since(at) == ["Your number?"]
    assert said(talk, (3.0, "two")) == ["rep two"]
    at = talk.now
    talk.wait(3 * 7.0 + ANSWER_S + 2.0)
    assert talk.state == "paused"
    assert [text for text in talk.heard_since(at) if text != "rep two"] == ["Your number?", "Bring it up. Catches in."]


def test_an_answer_between_repetitions_needs_no_gap_and_is_no_silence() -> None:
    talk = moving()
    assert said(talk, (15.0, "how many left")) == ["eight to go"]
    talk.wait(15.0)
    assert "Your number?" not in talk.heard_since(0.0)
    assert said(talk, (1.0, "ten reps")) == ["Later"]


@pytest.mark.parametrize("words", ["stop", "pause", "my back lifted", "it hurts", "finish set"])
def test_nothing_is_counted_once_it_is_broken_off(words: str) -> None:
    talk = moving()
    said(talk, (7.0, "up"), (3.0, words))
    assert not WORDS & talk.live
    said(talk, (1.0, "two"), (7.0, "up"), (30.0, "three"))
    assert counted(talk) == [1]


def test_where_the_platform_is_nobody_knows() -> None:
    talk = moving()
    said(talk, (7.0, "up"))
    assert talk.hears("stop") == ["Bring it up slowly. Catches in."]


def test_numbers_are_live_only_while_the_lifter_moves_without_a_beat() -> None:
    talk = Talk(plan_of(reps=3), wanted=LIFTER)
    talk.after = lambda *_: seen.add((talk.state, bool(WORDS & talk.live)))
    seen: set[tuple[str, bool]] = set()
    talk.hears("start set")
    talk.wait_for(MOVING)
    said(talk, (7.0, "up"), (2.0, "stop"))
    talk.wait_until_quiet()
    assert {state for state, live in seen if live} == {MOVING}
    assert ("set.countdown", False) in seen
    beat = Talk(plan_of(reps=3)).in_set("set.pressing", 2)
    assert not WORDS & beat.live
    assert beat.hears("two") == [] == beat.hears("up")


def test_words_that_mean_nothing_there_do_not_compete_with_the_numbers() -> None:
    with_beat, without = (
        policy.live_intents(PACK, State.SET, question_waits=False, without_beat=moving) for moving in (False, True)
    )
    assert with_beat - without == {"Yes", "Acknowledge", "Go", "GoOn", "Resume", "StartSet"}
    assert without - with_beat == WORDS


def test_it_is_wanted_by_voice_kept_and_taken_back() -> None:
    talk = Talk(plan_of(reps=3))
    assert talk.hears("i set the pace") == ["Your pace. Say the number after each rep, or up."]
    assert [(one.name, one.value) for one in talk.written(PreferenceChanged)] == [("counts", "lifter")]
    talk.hears("start set")
    talk.wait_for(MOVING)
    assert talk.heard_since(0.0).count("Your pace. Say the number after each rep, or up.") == 1, "it is told once"
    assert said(talk, (3.0, "back to the beat")) == ["Later"]
    said(talk, (7.0, "three"))
    assert talk.written(PreferenceChanged)[-1].value == "beat"
    talk.in_set("set.lowering", 1)
    back = Talk(plan_of(reps=3))
    back.hears("without the beat")
    back.wait_until_quiet()
    assert back.hears("scratch that") == ["The count is as it was."]
    back.in_set("set.lowering", 1)


def test_who_begins_the_set_does_so_without_a_beat_as_well() -> None:
    talk = Talk(plan_of(reps=3), wanted={**LIFTER, "begins": "lifter"})
    talk.hears("start set")
    talk.wait_until_quiet()
    talk.hears("ready")
    talk.wait_for(MOVING)
    assert said(talk, (7.0, "one")) == ["rep one"]
