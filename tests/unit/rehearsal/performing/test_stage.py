"""The stage notes when lines of the coach begin, and where they are cut."""

from __future__ import annotations

from coach.commands import Manner, Say, StopSpeaking
from coach.language.speaking_time import speaking_time
from coach.rehearsal.performing.stage import Stage
from coach.rehearsal.scripts.script import Script, Step, StepKind
from lab.rigs.talk import PACK, USUAL

GREETING = PACK.prompts["greeting"].say[0]


def stage_where(*lines: Say) -> Stage:
    """A stage where these lines were laid, and the first has begun."""
    stage = Stage(Script("talk.yaml", "x", USUAL, "slt", False, (), {}), speaking_time, lambda: "idle")
    for line in lines:
        stage.observe(line)
    stage.begin_line()
    return stage


def test_a_cut_takes_back_what_has_not_begun() -> None:
    stage = stage_where(Say(1, 1.0, GREETING), Say(2, 6.0, "Goodbye."))
    stage.observe(StopSpeaking(2.0))
    assert stage.next_line_at() is None
    assert [(entry.text, entry.cut) for entry in stage.entries] == [(GREETING, 1.05)]


def test_a_line_that_was_over_is_not_cut() -> None:
    stage = stage_where(Say(1, 1.0, "Goodbye."))
    stage.observe(StopSpeaking(9.0))
    assert stage.entries[0].cut is None


def test_a_cue_that_was_over_is_not_noted_as_cut() -> None:
    """The fault: the cue's length was estimated as that of a sentence."""
    stage = stage_where(Say(1, 1.0, "Breathe in", Manner.CUE))
    cue, sentence = (speaking_time("Breathe in", manner) for manner in (Manner.CUE, Manner.SENTENCE))
    assert cue.after_onset + 0.04 < sentence.after_onset
    stage.observe(StopSpeaking(1.0 + cue.after_onset + 0.005))
    assert stage.entries[-1].cut is None


def test_a_line_is_cut_once() -> None:
    stage = stage_where(Say(1, 1.0, GREETING))
    stage.observe(StopSpeaking(1.5))
    first = stage.entries[-1].cut
    stage.observe(StopSpeaking(1.55))
    assert stage.entries[-1].cut == first


def test_a_beat_of_a_set_that_was_halted_is_no_beat() -> None:
    stage = stage_where(Say(1, 1.0, "lower", Manner.COUNT, beat_label="rep 1 lowering"))
    step = Step(1, StepKind.LIFTER, "stop", phase="rep 1 lowering")
    assert stage.moment_of(step) == 1.0
    stage.observe(StopSpeaking(2.0))
    assert stage.moment_of(step) is None
