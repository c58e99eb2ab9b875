"""Faults that the core once had: each test states the right behaviour."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.commands import Manner, Say, StopSpeaking
from coach.events import Heard, HearingFailed, MicrophoneLost, SessionStarted, SpeakerFound, TimePassed
from coach.language.numbers import in_words, spoken_forms
from coach.language.speaking_time import speaking_time
from coach.ports import ScriptError
from coach.records import SetEnded
from coach.rehearsal.performance import perform_text
from coach.rehearsal.performing.stage import Stage
from coach.rehearsal.scripts.script import Script, Step, StepKind, read_script
from coach.training.tempo import Tempo
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.talk import GRAMMAR, PACK, USUAL, Talk, plan_of

DANGER = "Bring it up slowly. Catches in."

# --- safety


def test_stop_said_twice_does_not_take_the_danger_line_back() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.8)
    talk.hears("stop")
    talk.wait(20)
    whole = [line for line in talk.lines if line.say.text == DANGER and not line.cut]
    assert whole, "the lifter never heard the danger line to its end"


@pytest.mark.parametrize("first", ["stop", "my back lifted", "pause"])
def test_pain_told_right_after_the_count_was_halted_is_pain_under_the_platform(first: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(first)
    talk.wait(0.8)
    said = talk.hears("it hurts")
    assert said[0] == DANGER


@pytest.mark.parametrize("first", ["my back lifted", "pause"])
def test_stop_after_a_pause_or_a_report_brings_the_platform_into_the_catches(first: str) -> None:
    """In paused and correcting the lifter holds the load with soft knees: the catches are out."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(first)
    talk.wait(10)
    assert talk.hears("stop")[:1] == [DANGER]


def test_a_word_about_the_volume_does_not_cut_the_danger_line() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.5)
    talk.hears("louder")
    talk.wait(20)
    assert any(line.say.text == DANGER and not line.cut for line in talk.lines)


def test_silence_after_the_danger_line_is_not_broken_by_a_groan() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(1.0)
    assert talk.hears("") == []


def test_a_pause_asked_for_while_a_question_is_answered_holds() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    talk.wait(1.0)
    talk.hears("hold on")
    asked = talk.now
    talk.wait(30)
    assert talk.counts_since(asked) == []


def test_a_report_while_a_question_is_answered_holds_the_set() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    talk.wait(1.0)
    talk.hears("my back lifted")
    told = talk.now
    talk.wait(30)
    assert talk.counts_since(told) == []


def test_nothing_is_counted_while_the_coach_waits_for_a_yes_or_no() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    talk.wait(1.0)
    assert talk.hears("end workout") == ["Bring it up. Catches in.", "Close the workout?"]
    asked = talk.now
    talk.wait(30)
    assert talk.counts_since(asked) == []


@pytest.mark.parametrize("words", ["start set", "finish set"])
def test_what_was_owed_after_a_stop_is_not_said_into_what_came_next(words: str) -> None:
    """The fault: `make_good` after `start` did not forget the words, so the hint lay over the counts."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(3.0)
    talk.hears(words)
    went_on = talk.now
    talk.wait(30)
    assert PACK.prompts["stop.after"].say[0] not in talk.heard_since(went_on)


# --- crashes


def test_how_many_left_after_the_plan_was_cut_below_what_is_done() -> None:
    """The fault: ValueError from in_words(-2) ended the session."""
    talk = Talk(plan_of(reps=8)).in_set("set.lowering", 6)
    talk.hears("pause")
    talk.wait(5)
    talk.hears("three reps")
    talk.quiet()
    talk.hears("how many left")


def test_a_set_cut_below_what_is_done_is_over_when_it_is_taken_up() -> None:
    talk = Talk(plan_of(reps=8)).in_set("set.lowering", 6)
    talk.hears("pause")
    talk.wait(5)
    talk.hears("three reps")
    talk.quiet()
    talk.hears("resume")
    assert talk.parent == "resting"
    assert [entry.reps for entry in talk.written(SetEnded)] == [5]


@pytest.mark.parametrize("words", ["pause", "i'm done", "my back lifted", "stop"])
def test_words_that_come_with_the_end_of_the_set(words: str) -> None:
    """The fault: the deadline that ends the set and the words fall into one event, and MachineError ended the session.

    Audio rehearsals give whole blocks of 20 ms to the conversation, and `receive` promises to handle what fell due.
    """
    talk = Talk(plan_of(reps=1)).in_set("set.pressing", 1)
    due = talk.conversation.next_deadline()
    while talk.conversation.next_deadline() is not None and talk.parent == "set":
        due = talk.conversation.next_deadline()
        assert due is not None
        if talk.reps() == 1:
            break
        talk.receive(TimePassed(due))
    assert due is not None
    talk.receive(Heard(due + 0.01, due - 0.5, words, 1.0, 99, True))


def test_skip_rest_that_comes_with_the_end_of_the_rest() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    ends = talk.written(SetEnded)[-1].at + 60
    talk.wait_until(ends - 0.005)
    talk.receive(Heard(ends + 0.01, ends - 0.5, "skip rest", 1.0, 99, True))


def test_continue_that_comes_with_the_coachs_own_resuming() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    due = talk.conversation.next_deadline()
    assert due is not None
    talk.receive(Heard(due + 0.01, due - 0.5, "continue", 1.0, 99, True))


def test_a_set_halted_after_its_last_repetition_has_no_further_one() -> None:
    """Rep four of four is counted on the beat before the set ends. The fault: halted in that second, the set resumed
    with rep five.
    """
    talk = Talk(plan_of(reps=4)).in_set("set.pressing", 4)
    while talk.reps() < 4:
        due = talk.conversation.next_deadline()
        assert due is not None
        talk.receive(TimePassed(due))
    talk.wait(0.2)
    assert talk.parent == "set"
    talk.hears("stop")
    talk.wait(8)
    talk.hears("resume")
    talk.wait(30)
    assert talk.reps() <= 4
    assert "From rep five. Soft knees. Brace." not in [line.say.text for line in talk.lines]


# --- turn-taking


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
    talk.quiet()
    talk.wait_for("ready")
    over = talk.lines[-1]
    assert "Say start set" in over.say.text
    talk.wait(0.3)
    talk.hears("start set", began=over.begins - 0.4)
    assert talk.parent == "set"


def test_help_in_a_set_is_the_help_of_the_set() -> None:
    talk = Talk().in_set("set.lowering", 2)
    said = talk.hears("what can i say")
    assert said == list(PACK.prompts["pause.now"].say)
    talk.wait(8)
    assert PACK.prompts["help.set"].say[0] in talk.heard_since(talk.now - 8)


def test_how_many_left_never_breaks_the_set() -> None:
    broken = []
    for left in range(1, 30):
        talk = Talk(plan_of(reps=left + 1)).in_set("set.lowering", 2)
        talk.wait(0.6)
        talk.hears("how many left")
        if talk.parent != "set":
            broken.append(left)
    assert broken == []


def test_the_hearing_that_fails_loses_no_repetition() -> None:
    """The fault: the session ended without writing down the open set: no `set`, no `workout`."""
    talk = Talk().in_set("set.lowering", 3)
    talk.receive(HearingFailed(talk.now, "no model"))
    assert [entry.reps for entry in talk.written(SetEnded)] == [2]


def test_a_question_to_close_is_no_longer_asked_once_something_else_was_said() -> None:
    talk = Talk(plan_of(reps=1, rest=30)).in_set()
    talk.wait_for("resting")
    talk.quiet()
    talk.hears("end workout")
    talk.quiet()
    talk.wait_for("ready")
    talk.quiet()
    talk.wait(5)
    talk.hears("yes")
    assert talk.ended_at is None


def test_which_set_after_the_last_one() -> None:
    talk = Talk(plan_of(reps=1, sets=1)).in_set()
    talk.wait_for("finished")
    talk.quiet()
    assert talk.hears("which set is this") != ["Set number two of one."]


def test_a_speaker_found_in_a_running_set_is_not_told_over_the_counts() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.receive(SpeakerFound(talk.now))
    talk.wait(20)
    for before, after in zip(talk.lines, talk.lines[1:], strict=False):
        assert before.ends <= after.begins + 1e-6, (before, after)


def test_after_a_stall_nothing_is_laid_into_the_past() -> None:
    """The fault: a deadline that was handled seconds late (the computer slept) laid counts that all sounded at once."""
    talk = Talk().in_set("set.lowering", 2)
    late = talk.now + 20.0
    said = [command for command in talk.receive(TimePassed(late)) if isinstance(command, Say)]
    assert not [line for line in said if line.at < late]


# --- numbers, tempo


def test_the_coachs_own_form_of_a_half_comes_first() -> None:
    assert spoken_forms(0.5)[0] == in_words(0.5)


@pytest.mark.parametrize("text", ["20-1-0", "31-2-0", "10-1-2"])
def test_a_tempo_of_two_digit_phases_is_refused_not_misread(text: str) -> None:
    with pytest.raises(ValueError, match="is not like 4-1-2-0"):
        Tempo.parse(text)


# --- scripts


def written(folder: Path, text: str) -> Path:
    file = folder / "talk.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("load", ["heavy", "90", "90 st"])
def test_a_load_that_is_none_is_told(tmp_path: Path, load: str) -> None:
    """The fault: "ValueError: not enough values to unpack", a traceback instead of file:line."""
    file = written(tmp_path, f"story: x\nplan: {{load: {load}}}\nscript:\n  - lifter: stop\n")
    with pytest.raises(ScriptError, match=r"talk\.yaml:2: plan\.load"):
        read_script(file, USUAL)


def test_a_load_that_cannot_be_said_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, "story: x\nplan: {load: 2000 kg}\nscript:\n  - lifter: stop\n")
    with pytest.raises(ScriptError, match=r"talk\.yaml:2: plan\.load"):
        read_script(file, USUAL)


def test_the_state_after_a_count_is_the_one_it_begins(tmp_path: Path) -> None:
    """The fault: the line was passed before the deadline of the same moment: after "lower" the state was still
    set.countdown.
    """
    text = (
        f'story: x\nscript:\n  - coach: "{GREETING}"\n  - {{lifter: start set, at: 6}}\n'
        '  - coach: "Set one, ten reps. Unrack, soft knees."\n'
        "  - counts: three, two\n  - coach: Big breath. Brace.\n  - counts: one, lower\n  - state: set.lowering\n"
    )
    played = perform_text(read_script(written(tmp_path, text), USUAL), PACK, GRAMMAR)
    assert played.failure is None, str(played.failure)


GREETING = PACK.prompts["greeting"].say[0]


def test_a_cut_is_held_against_the_performance(tmp_path: Path) -> None:
    text = f'story: x\nscript:\n  - {{coach: "{GREETING}", cut: 1.000}}\n  - {{lifter: stop, at: 10}}\n'
    played = perform_text(read_script(written(tmp_path, text), USUAL), PACK, GRAMMAR)
    assert played.failure is not None, "the greeting was not cut at all"


def test_the_time_of_a_journal_entry_is_held_against_the_performance(tmp_path: Path) -> None:
    text = (
        "story: x\nscript:\n"
        f'  - coach: "{GREETING}"\n'
        "  - {lifter: it hurts, at: 10}\n"
        "  - {journal: pain what=Pain set=1 rep=0, at: 77}\n"
    )
    played = perform_text(read_script(written(tmp_path, text), USUAL), PACK, GRAMMAR)
    assert played.failure is not None


def stage_of(*steps: Step, exact: bool = True) -> Stage:
    script = Script("talk.yaml", "x", USUAL, "slt", False, steps, {})
    return Stage(script, speaking_time, exact, lambda: "idle")


def test_a_cue_that_was_over_is_not_noted_as_cut() -> None:
    """The fault: the cue's length was estimated as that of a sentence."""
    stage = stage_of(Step(1, StepKind.COACH, "Breathe in"))
    stage.observe(Say(1, 1.0, "Breathe in", Manner.CUE))
    stage.coach_speaks()
    cue, sentence = (speaking_time("Breathe in", manner) for manner in (Manner.CUE, Manner.SENTENCE))
    assert cue.after_onset + 0.04 < sentence.after_onset
    stage.observe(StopSpeaking(1.0 + cue.after_onset + 0.005))
    assert stage.entries[-1].cut is None


def test_a_line_is_cut_once() -> None:
    stage = stage_of(Step(1, StepKind.COACH, GREETING))
    stage.observe(Say(1, 1.0, GREETING))
    stage.coach_speaks()
    stage.observe(StopSpeaking(1.5))
    first = stage.entries[-1].cut
    stage.observe(StopSpeaking(1.55))
    assert stage.entries[-1].cut == first


def test_reports_in_the_set_are_made_in_the_set() -> None:
    """The story says that every report halts the count. The fault: from the third report on the workout was over."""
    folder = CONVERSATIONS
    script = read_script(folder / "reports_in_the_set.yaml", USUAL)
    told = {step.text.split("what=")[1].split()[0] for step in script.steps if step.text.startswith("correction ")}
    assert told == PACK.corrections.keys()


# --- found by random conversations and by the soak (tests/proof, scripts/soak)


def test_a_danger_line_is_not_taken_back_before_it_has_begun() -> None:
    """The line begins 60 ms after the word. The fault: a fault or a word in between dropped it, and the lifter heard no
    way out.
    """
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.03)
    talk.receive(MicrophoneLost(talk.now, "unplugged"))
    talk.wait(20)
    assert any(line.say.text == DANGER and not line.cut for line in talk.lines)


def test_the_question_to_end_is_not_talked_into() -> None:
    """The fault: a line that the lifter had interrupted was said after the question, and took the answer away."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(8)
    hint = PACK.prompts["stop.after"].say[0]
    assert talk.heard_since(talk.now - 3) == [hint]
    assert talk.hears("end workout") == ["Close the workout?"]
    talk.wait(4)
    assert {"Yes", "No"} <= talk.live
    talk.hears("no")
    answered = talk.now
    talk.wait(10)
    assert talk.heard_since(answered) == ["Still with you.", hint]


def test_a_question_that_is_said_again_can_still_be_answered() -> None:
    """The fault: "repeat that" took the answer away: the coach asked again, and a yes was no longer live."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("pause")
    talk.wait(5)
    assert talk.hears("end workout") == ["Bring it up. Catches in.", "Close the workout?"]
    talk.quiet()
    assert "Close the workout?" in talk.hears("repeat that")
    talk.quiet()
    talk.hears("yes")
    assert talk.ended_at is not None


def test_the_thousandth_repetition_has_a_number() -> None:
    """The fault: ValueError from in_words(1000): a session of a whole day died at the end of a set."""
    assert in_words(1000) == "one thousand"
    talk = Talk(plan_of(reps=30, sets=1, tempo="2-0-1-0"))
    for _ in range(34):
        talk.hears("start set")
        talk.wait_for("finished")
    talk.quiet()
    assert talk.hears("end workout")[-1] == "That is all. Goodbye."
    assert any("one thousand and twenty reps" in line.say.text for line in talk.lines)
