"""Who may speak: lines follow each other, silence is kept, the coach knows its own words."""

from __future__ import annotations

import pytest

from coach.commands import FADE_S, Manner
from coach.dialogue.floor import ECHO_TAIL_S, LEAD_S, SENTENCE_GAP_S, Floor
from coach.events import Heard, SessionStarted
from coach.ports import Length
from lab.rigs.talk import PACK, Talk, plan_of, prompt, spoken

ONSET_S = 0.03

NONE: frozenset[str] = frozenset()


def a_letter_a_tenth(text: str, manner: Manner) -> Length:
    """A length with its onset at 0.03 s, and a tenth of a second for each letter."""
    return Length(ONSET_S, len(text) / 10)


@pytest.fixture
def floor() -> Floor:
    return Floor(a_letter_a_tenth)


def say(floor: Floor, now: float, text: str) -> float:
    return floor.place_when_free(now, text, Manner.SENTENCE, "x").at


def test_the_first_line_needs_the_lead_only(floor: Floor) -> None:
    assert say(floor, 2.0, "a" * 10) == pytest.approx(2.0 + LEAD_S + ONSET_S)
    assert floor.next_free(2.0) == pytest.approx(2.0 + LEAD_S + 1.0)
    assert floor.is_taken(2.5)
    assert not floor.is_taken(3.5)


def test_the_next_line_waits_for_the_one_before(floor: Floor) -> None:
    say(floor, 0.0, "a" * 10)
    assert say(floor, 0.5, "b") == pytest.approx(LEAD_S + 1.0 + SENTENCE_GAP_S + ONSET_S)


def test_lines_have_rising_numbers(floor: Floor) -> None:
    numbers = [floor.place_when_free(0.0, "a", Manner.SENTENCE, "x").line_number for _ in range(3)]
    numbers.append(floor.place_at_onset(9.0, "a", Manner.COUNT, "x").line_number)
    assert numbers == [1, 2, 3, 4]


def test_a_count_stands_where_it_is_put(floor: Floor) -> None:
    assert floor.place_at_onset(12.0, "lower", Manner.COUNT, "count").at == 12.0


def test_silence_cuts_what_sounds_and_drops_what_waits(floor: Floor) -> None:
    say(floor, 0.0, "a" * 10)
    say(floor, 0.0, "b" * 10)
    lost = floor.silence(0.5, NONE).lost
    assert [line.say.text[0] for line in lost] == ["a", "b"]
    assert floor.next_free(0.5) == 0.5 + FADE_S
    assert floor.silence(0.51, NONE).lost == (), "what fades is not cut again"
    assert say(floor, 0.5, "c") == pytest.approx(0.5 + LEAD_S + ONSET_S), "after a cut there is no gap to keep"


def test_a_line_that_was_heard_whole_is_not_lost(floor: Floor) -> None:
    say(floor, 0.0, "a")
    assert floor.silence(5.0, NONE).lost == ()


def test_a_line_that_is_about_to_begin_is_dropped_whole(floor: Floor) -> None:
    say(floor, 0.0, "a" * 10)
    floor.silence(LEAD_S / 2, NONE)
    assert floor.next_free(LEAD_S / 2) == LEAD_S / 2


def test_a_gap_between_counts(floor: Floor) -> None:
    for second in (10.0, 11.0, 12.0):
        floor.place_at_onset(second, "abcd", Manner.COUNT, "count")
    first = floor.find_gap(9.99, 0.4, 0.05)
    assert first == pytest.approx(10.0 + 0.37 + 0.05)
    assert floor.find_gap(10.5, 0.3, 0.05) == pytest.approx(10.5 + LEAD_S)
    assert floor.find_gap(10.6, 0.3, 0.05) == pytest.approx(11.0 + 0.37 + 0.05), "the rest of this gap is too short"
    assert floor.find_gap(9.99, 0.6, 0.05) is None
    assert floor.find_gap(11.99, 0.1, 0.05) is None, "after the last count nobody knows what comes"


def test_the_coachs_own_words_are_an_echo_while_they_sound_and_shortly_after(floor: Floor) -> None:
    floor.place_at_onset(10.0, "Say set up, or start set.", Manner.SENTENCE, "greeting")
    ends = floor.next_free(0.0)
    assert floor.is_echo("start set", 11.0)
    assert floor.is_echo("set up", ends + ECHO_TAIL_S - 0.01)
    assert not floor.is_echo("start set", ends + ECHO_TAIL_S + 0.01)
    assert not floor.is_echo("start set", 8.0), "before the line began"
    assert not floor.is_echo("stop", 11.0)
    assert not floor.is_echo("start sets", 11.0), "whole words only"
    assert not floor.is_echo("up start", 11.0), "the words as they stand only"


def test_marks_and_capitals_do_not_hide_an_echo(floor: Floor) -> None:
    floor.place_at_onset(10.0, "Next? Don't lock out.", Manner.SENTENCE, "x")
    assert floor.is_echo("next", 10.1)
    assert floor.is_echo("don't lock out", 10.1)


def test_what_was_taken_back_has_no_echo(floor: Floor) -> None:
    floor.place_at_onset(10.0, "Say start set.", Manner.SENTENCE, "x")
    floor.silence(9.0, NONE)
    assert not floor.is_echo("start set", 10.5)


def test_a_long_session_is_forgotten(floor: Floor) -> None:
    for second in range(1000):
        floor.forget_before(second * 10.0)
        say(floor, second * 10.0, "a")
        lost = floor.silence(second * 10.0 + 0.1, NONE).lost
        assert len(lost) <= 1
    assert not floor.is_taken(1e5)


def test_on_headphones_the_coachs_words_are_the_lifters() -> None:
    talk = Talk(greeted=False)
    talk.receive(SessionStarted(0.0))
    talk.wait_until(3.0)
    talk.hears("start set")
    assert talk.outer_state == "set"


def test_on_an_open_speaker_the_coach_does_not_answer_itself() -> None:
    talk = Talk(greeted=False, open_speaker=True)
    talk.receive(SessionStarted(0.0))
    talk.wait_until(3.0)
    for final in (False, True):
        assert talk.hears("start set", final=final, utterance=4) == []
    assert talk.state == "idle"
    talk.wait_until(8.0)
    talk.hears("start set")
    assert talk.outer_state == "set"


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
    assert talk.outer_state == "stopped"


@pytest.mark.parametrize("words", ["stop", "it hurts", "my back lifted", "hold on"])
def test_on_an_open_speaker_urgent_words_act_over_the_counts(words: str) -> None:
    talk = Talk(open_speaker=True).in_set("set.lowering", 2)
    talk.hears(words, final=False)
    assert talk.outer_state in ("stopped", "hurt", "correcting", "paused")


def test_no_line_that_sounds_under_load_holds_a_safety_word() -> None:
    """Otherwise the echo filter could not tell the coach's word from the lifter's."""
    alarms = [f" {text} " for name in ("Stop", "Pain", "Dizzy") for text in spoken(name)]
    assert alarms
    for line in PACK.lines():
        if line.id.startswith("help.") and line.id not in ("help.set", "help.correcting", "help.paused"):
            continue
        for text in line.texts:
            plain = f" {' '.join(''.join(mark if mark.isalpha() else ' ' for mark in text.lower()).split())} "
            assert not [alarm for alarm in alarms if alarm in plain], text


def test_the_lifter_interrupts_the_coach_outside_a_set() -> None:
    talk = Talk()
    talk.hears("why high feet")
    talk.wait(1.0)
    cut = talk.lines[-1]
    talk.hears("why narrow")
    assert talk.lines[-2].cut
    assert talk.lines[-2].say == cut.say
    assert talk.lines[-2].ends == pytest.approx(talk.now + FADE_S)


def test_an_echo_that_is_decided_late_is_still_an_echo() -> None:
    """The fault: the line was forgotten 0.6 s after its end, before its echo was heard; Vosk decides up to
    0.8 s after.
    """
    talk = Talk(open_speaker=True, greeted=False)
    talk.receive(SessionStarted(0.0))
    ends = talk.lines[0].ends
    talk.wait_until(ends + 0.8)
    talk.hears("start set", began=ends - 0.6)
    assert talk.state == "idle"


def test_words_that_began_before_the_coach_did_are_no_echo() -> None:
    talk = Talk(plan_of(reps=1, rest=20), open_speaker=True).in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    talk.wait_for("ready")
    over = talk.lines[-1]
    assert "Say start set" in over.say.text
    talk.wait(0.3)
    talk.hears("start set", began=over.begins - 0.4)
    assert talk.outer_state == "set"
