"""The script is the assertion: every deviation of the conversation is a failure that names its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.commands import FADE_S, Manner, Say, Write
from coach.language.speaking_time import speaking_time
from coach.ports import ScriptError
from coach.records import RepDone, SetEnded, StopSaid
from coach.rehearsal.performance import Performance, perform_text
from coach.rehearsal.performing.comparison import Comparison
from coach.rehearsal.performing.observations import LifterLine
from coach.rehearsal.performing.stage import REACTION_S, PerformanceOver, Stage
from coach.rehearsal.scripts.script import Script, Step, StepKind, read_script
from coach.rehearsal.scripts.transcript import COACH, JOURNAL, LIFTER
from lab.rigs.talk import GRAMMAR, PACK, USUAL, Talk, plan_of

GREETING = PACK.prompts["greeting"].say[0]
GREETING_ENDS = 0.09 + speaking_time(GREETING, Manner.SENTENCE).after_onset
STEP = PACK.setup[0].line.say[0]
NEXT = PACK.setup[1].line.say[0]
DANGER = PACK.prompts["stop.now"].say[0]

GOOD = f"""\
story: The set is stopped in its first repetition.
plan: {{reps: 2, sets: 1}}
script:
  - {{coach: "{GREETING}", at: 0.090}}
  - state: idle
  - {{lifter: start set, at: 6}}
  - state: set.unracking
  - {{coach: "Set one, two reps. Unrack, soft knees.", at: 6.090}}
  - counts: three, two
  - coach: Big breath. Brace.
  - counts: one, lower
  - coach: Back flat
  - state: set.lowering
  - counts: two
  - {{lifter: stop, after: 0.1}}
  - journal: stop set=1 rep=0
  - state: stopped
  - coach: "{DANGER}"
  - silent: 3
"""


def perform(folder: Path, text: str) -> Performance:
    file = folder / "talk.yaml"
    file.write_text(text, encoding="utf-8")
    return perform_text(read_script(file, USUAL), PACK, GRAMMAR)


def fails(folder: Path, text: str) -> str:
    """The failure, without the folder: "talk.yaml:4: expected ...; ..." """
    played = perform(folder, text)
    assert played.failure is not None
    return str(played.failure).removeprefix(f"{folder}/")


def test_a_script_that_holds(tmp_path: Path) -> None:
    played = perform(tmp_path, GOOD)
    assert played.failure is None, str(played.failure)
    assert played.seconds > 15
    whos = [entry.who for entry in played.entries]
    assert whos[:3] == [COACH, LIFTER, COACH]
    stop = whos.index(JOURNAL)
    assert whos[stop - 1 : stop + 2] == [LIFTER, JOURNAL, COACH]
    assert played.entries[stop].text == "stop set=1 rep=0"
    cut = [entry for entry in played.entries if entry.cut is not None]
    assert [(entry.text, entry.cut) for entry in cut] == [("two", 0.15)], "0.03 of onset, 0.1, and the fade"


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "failure"),
    [
        pytest.param(
            "Say set up, or start set.",
            "Say go.",
            "talk.yaml:4: at 0.090 the coach said something else\n"
            "  expected  Hamstring leg press. I count, you push. Say go.\n"
            f"  heard     {GREETING}\n"
            f"{'':12}{'':44}^^^\n".rstrip(),
            id="other words",
        ),
        pytest.param(
            "at: 0.090",
            "at: 0.091",
            f"talk.yaml:4: expected '{GREETING}' at 0.091; at 0.090 the coach said '{GREETING}'",
            id="a millisecond early",
        ),
        pytest.param("at: 6.090", "at: 6.089", "talk.yaml:8: expected 'Set one", id="a millisecond late"),
        pytest.param(
            "  - coach: Back flat\n  - state: set.lowering\n",
            "",
            "talk.yaml:12: at 19.232 the coach said something else\n  expected  two\n  heard     Back flat\n",
            id="a line too many",
        ),
        pytest.param(
            "  - counts: two\n",
            "  - coach: Hips down\n  - counts: two\n",
            "talk.yaml:14: at 19.712 the coach said something else\n  expected  Hips down\n  heard     two\n",
            id="a line missing",
        ),
        pytest.param(
            "  - counts: one, lower",
            "  - counts: lower",
            "talk.yaml:11: at 17.712 the coach said something else\n  expected  lower\n  heard     one\n",
            id="a count missing",
        ),
        pytest.param(
            "  - state: stopped",
            "  - state: paused",
            "talk.yaml:17: expected state 'paused'; it is 'stopped'",
            id="another state",
        ),
        pytest.param(
            "stop set=1 rep=0",
            "stop set=1 rep=1",
            f"talk.yaml:16: expected journal 'stop set=1 rep=1'; at 19.902 the coach said '{DANGER}'",
            id="another entry of the journal",
        ),
        pytest.param(
            "silent: 3",
            "silent: 9",
            "talk.yaml:19: expected silence (silent 9); at 26.068 the coach said 'Say continue, or finish.",
            id="silence that is broken",
        ),
        pytest.param(
            "silent: 3",
            "until: 30",
            "talk.yaml:19: expected silence (until 30); at 26.068 the coach said 'Say continue, or finish.",
            id="silence that is broken before its moment",
        ),
    ],
)
def test_what_is_otherwise_fails(tmp_path: Path, old: str, new: str, failure: str) -> None:
    assert fails(tmp_path, edited(old, new)).startswith(failure)


def test_a_line_that_never_comes(tmp_path: Path) -> None:
    text = f'story: x\nscript:\n  - coach: "{GREETING}"\n  - coach: Hello.\n'
    assert fails(tmp_path, text).startswith("talk.yaml:4: expected coach 'Hello.'; nothing happened until")


def test_an_entry_of_the_journal_that_never_comes(tmp_path: Path) -> None:
    text = f'story: x\nscript:\n  - coach: "{GREETING}"\n  - journal: stop set=1 rep=0\n'
    assert "expected journal 'stop set=1 rep=0'; nothing happened" in fails(tmp_path, text)


def test_a_session_that_ends_before_the_script(tmp_path: Path) -> None:
    text = (
        f'story: x\nscript:\n  - coach: "{GREETING}"\n  - lifter: end workout\n  - coach: Nothing counted today.\n'
        "  - coach: That is all. Goodbye.\n  - {lifter: start set, at: 60}\n"
    )
    assert fails(tmp_path, text) == "talk.yaml:7: expected lifter 'start set'; the session ended"


def test_a_coach_that_ought_to_be_silent(tmp_path: Path) -> None:
    assert fails(tmp_path, "story: x\nscript:\n  - silent: 3\n").startswith(
        "talk.yaml:3: expected silence (silent 3); at 0.090"
    )


def test_a_lifter_answers_half_a_second_after_the_coach_has_ended(tmp_path: Path) -> None:
    text = f'story: x\nscript:\n  - coach: "{GREETING}"\n  - lifter: set up\n  - coach: "{STEP}"\n'
    played = perform(tmp_path, text)
    assert played.failure is None
    assert played.entries[1].at == pytest.approx(GREETING_ENDS + REACTION_S)


def test_a_lifter_barges_in(tmp_path: Path) -> None:
    text = (
        f'story: x\nscript:\n  - coach: "{GREETING}"\n  - {{lifter: set up, after: 0.7}}\n  - coach: "{STEP}"\n'
        f'  - {{lifter: next, after: 0.2}}\n  - coach: "{NEXT}"\n'
    )
    played = perform(tmp_path, text)
    assert played.failure is None, str(played.failure)
    greeting, said, step, again, _ = played.entries
    assert said.at == pytest.approx(greeting.at + 0.7)
    assert greeting.cut == pytest.approx(0.03 + 0.7 + FADE_S)
    assert again.at == pytest.approx(step.at + 0.2)
    assert step.cut == pytest.approx(0.03 + 0.2 + FADE_S)


def test_silence_may_be_waited_through(tmp_path: Path) -> None:
    text = (
        f'story: x\nscript:\n  - coach: "{GREETING}"\n  - silent: 3\n  - until: 60\n  - lifter: set up\n'
        f'  - coach: "{STEP}"\n'
    )
    played = perform(tmp_path, text)
    assert played.failure is None
    assert played.entries[1].at >= 60.0


def test_what_comes_after_the_script_is_not_asked_about(tmp_path: Path) -> None:
    played = perform(tmp_path, f'story: x\nscript:\n  - coach: "{GREETING}"\n  - {{lifter: start set, at: 6}}\n')
    assert played.failure is None
    assert len(played.entries) == 2


# --- the comparison alone


def comparison_of(*steps: Step, exact: bool = True, recording: bool = False) -> Comparison:
    script = Script("talk.yaml", "x", USUAL, "slt", False, steps, {})
    return Comparison(Stage(script, speaking_time, lambda: "idle"), exact, recording)


def is_over(comparison: Comparison) -> bool:
    """Whether the performance has reached the end of its script."""
    try:
        comparison.next_at()
    except PerformanceOver:
        return comparison.stage.failure is None
    return False


def test_lines_are_held_against_the_script_in_the_order_they_sound() -> None:
    comparison = comparison_of(Step(1, StepKind.COUNTS, "two, three"))
    for line, at, word in ((1, 3.0, "three"), (2, 2.0, "two")):
        comparison.stage.observe(Say(line, at, word, Manner.COUNT))
    comparison.coach_speaks()
    comparison.coach_speaks()
    assert is_over(comparison)


@pytest.mark.parametrize("at", [2.9, 3.1])
def test_counts_are_a_second_apart(at: float) -> None:
    comparison = comparison_of(Step(7, StepKind.COUNTS, "two, three"))
    comparison.stage.observe(Say(1, 2.0, "two", Manner.COUNT))
    comparison.stage.observe(Say(2, at, "three", Manner.COUNT))
    comparison.coach_speaks()
    with pytest.raises(PerformanceOver):
        comparison.coach_speaks()
    assert str(comparison.stage.failure).startswith(
        "talk.yaml:7: expected 'three' one second after the count before it"
    )


def test_where_a_recogniser_decides_moments_are_not_held() -> None:
    comparison = comparison_of(Step(1, StepKind.COACH, "Goodbye.", at=1.0), exact=False)
    comparison.stage.observe(Say(1, 1.4, "Goodbye."))
    comparison.coach_speaks()
    assert is_over(comparison)


def test_in_audio_cues_come_as_they_fit() -> None:
    comparison = comparison_of(Step(1, StepKind.COUNTS, "two, three"), exact=False)
    comparison.stage.observe(Say(1, 1.0, "two", Manner.COUNT))
    comparison.stage.observe(Say(2, 1.4, "Brace", Manner.CUE))
    comparison.stage.observe(Say(3, 2.0, "three", Manner.COUNT))
    for _ in range(3):
        comparison.coach_speaks()
    assert is_over(comparison)


@pytest.mark.parametrize("silence", [Step(1, StepKind.SILENT, seconds=3.0), Step(1, StepKind.UNTIL, seconds=3.0)])
def test_in_audio_too_a_cue_breaks_a_silence(silence: Step) -> None:
    comparison = comparison_of(silence, exact=False)
    comparison.stage.observe(Say(1, 1.4, "Brace", Manner.CUE))
    with pytest.raises(PerformanceOver):
        comparison.coach_speaks()
    assert "expected silence" in str(comparison.stage.failure)


def test_repetitions_are_no_news_and_other_records_are() -> None:
    comparison = comparison_of(Step(1, StepKind.JOURNAL, "stop set=1 rep=2"))
    comparison.stage.observe(Write(RepDone(1.0, 1, 1)))
    assert comparison.stage.entries == []
    comparison.stage.observe(Write(SetEnded(2.0, 1, 2, 92.5, "kg")))
    comparison.stage.observe(Write(StopSaid(3.0, 1, 2)))
    assert is_over(comparison)
    assert [entry.text for entry in comparison.stage.entries] == [
        "set set=1 reps=2 load=92.5 unit=kg",
        "stop set=1 rep=2",
    ]


def test_an_entry_serves_one_step() -> None:
    comparison = comparison_of(
        Step(1, StepKind.JOURNAL, "stop set=1 rep=2"), Step(2, StepKind.JOURNAL, "stop set=1 rep=2")
    )
    comparison.stage.observe(Write(StopSaid(3.0, 1, 2)))
    assert not is_over(comparison)


def test_a_recording_waits_until_the_coach_is_through() -> None:
    comparison = comparison_of(Step(1, StepKind.LIFTER, "set up"), recording=True)
    comparison.stage.observe(Say(1, 1.0, GREETING))
    assert comparison.next_at() is None
    comparison.coach_speaks()
    assert comparison.next_at() == pytest.approx(
        1.0 + speaking_time(GREETING, Manner.SENTENCE).after_onset + REACTION_S
    )


# --- lines by their id, moments by what is going on

OPENING = (
    f'story: x\nplan: {{reps: 4, sets: 1}}\nscript:\n  - coach: "{GREETING}"\n  - lifter: start set\n'
    "  - says: set.intro\n"
)
COUNTED = "  - counts: three, two\n  - says: set.brace\n  - counts: one, lower\n"


def test_a_line_may_be_named_by_its_id(tmp_path: Path) -> None:
    assert perform(tmp_path, OPENING).failure is None
    told = fails(tmp_path, OPENING.replace("set.intro", "resume.intro"))
    assert told.startswith("talk.yaml:6: expected the coach to say 'resume.intro'; at 5.392 the coach said 'Set one, ")
    assert told.endswith("(set.intro)")


def test_an_id_that_nobody_has_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"talk\.yaml:6: says: no line 'set\.intros': did you mean 'set\.intro'\?"):
        perform(tmp_path, OPENING.replace("set.intro", "set.intros"))


@pytest.mark.parametrize(("within", "holds"), [("0.09", True), ("0.08", False)])
def test_an_answer_comes_within(tmp_path: Path, within: str, holds: bool) -> None:
    text = OPENING.replace("- says: set.intro", f"- {{says: set.intro, within: {within}}}")
    if holds:
        assert perform(tmp_path, text).failure is None
    else:
        assert fails(tmp_path, text).startswith("talk.yaml:6: expected 'set.intro' within 0.08 s; at 5.392")


@pytest.mark.parametrize("exact", [True, False])
def test_an_answer_is_measured_from_the_lifters_last_word(exact: bool) -> None:
    """The time does not count from the end of the recording, nor from a count that came meanwhile."""
    steps = (
        Step(1, StepKind.LIFTER, "stop", at=1.0),
        Step(2, StepKind.COUNTS, "three"),
        Step(3, StepKind.COACH, DANGER, within=0.3),
    )
    comparison = comparison_of(*steps, exact=exact)
    comparison.act()
    comparison.stage.note_utterance(LifterLine(1.0, 1.6, "stop"), 1.0, 1.9)
    comparison.stage.observe(Say(1, 1.7, "three", Manner.COUNT))
    comparison.stage.observe(Say(2, 1.95, DANGER))
    comparison.coach_speaks()
    with pytest.raises(PerformanceOver):
        comparison.coach_speaks()
    assert "expected 'Bring it up slowly. Catches in.' within 0.3 s" in str(comparison.stage.failure)


@pytest.mark.parametrize("before", ["  - coach: Back flat\n", ""])
@pytest.mark.parametrize(("name", "after", "into"), [("Back flat", "", None), ("cue.back_flat", ", after: 0.1", 0.1)])
def test_a_lifter_speaks_while_a_line_is_said(
    tmp_path: Path, before: str, name: str, after: str, into: float | None
) -> None:
    text = f'{OPENING}{COUNTED}{before}  - {{lifter: stop, while: "{name}"{after}}}\n  - says: stop.now\n'
    played = perform(tmp_path, text)
    assert played.failure is None, str(played.failure)
    said = next(entry for entry in played.entries if entry.text == "stop")
    cue = next(entry for entry in played.entries if entry.text == "Back flat")
    half = speaking_time("Back flat", Manner.CUE).after_onset / 2
    assert said.at == pytest.approx(cue.at + (half if into is None else into))
    assert cue.cut is not None


@pytest.mark.parametrize("recording", [True, False])
def test_a_lifter_speaks_on_a_beat(tmp_path: Path, recording: bool) -> None:
    rep = "  - counts: two, three, four, hold, push, rep one, lower\n"
    coach = f"{COUNTED}  - says: cue.back_flat\n{rep}"
    text = f"{OPENING}{coach}  - {{lifter: stop, in: rep 2 lowering, after: 0.3}}\n"
    if recording:
        text = text.replace(coach, "")
    file = tmp_path / "talk.yaml"
    file.write_text(text, encoding="utf-8")
    played = perform_text(read_script(file, USUAL), PACK, GRAMMAR, recording=recording)
    assert played.failure is None, str(played.failure)
    beat = [entry.at for entry in played.entries if entry.text == "lower"][1]
    assert [entry.at for entry in played.entries if entry.text == "stop"] == [pytest.approx(beat + 0.3)]


@pytest.mark.parametrize(
    ("tempo", "beats"),
    [
        ("4-1-2-0", [("lower", "lowering"), ("hold", "bottom"), ("push", "push")]),
        ("2-0-1-0", [("lower", "lowering"), ("rep one", "push")]),
        ("3-0-2-1", [("lower", "lowering"), ("push", "push"), ("rep one", "top")]),
    ],
)
def test_the_count_a_phase_begins_with_names_it(tempo: str, beats: list[tuple[str, str]]) -> None:
    talk = Talk(plan_of(tempo=tempo)).in_set("set.lowering", 2)
    named = [(line.say.text, line.say.beat_label) for line in talk.lines if line.say.beat_label.startswith("rep 1 ")]
    assert named == [(count, f"rep 1 {phase}") for count, phase in beats]


def test_the_state_after_a_count_is_the_one_it_begins(tmp_path: Path) -> None:
    """The fault: the line was passed before the deadline of the same moment: after "lower" the state was still
    set.countdown.
    """
    text = (
        f'story: x\nscript:\n  - coach: "{GREETING}"\n  - {{lifter: start set, at: 6}}\n'
        '  - coach: "Set one, ten reps. Unrack, soft knees."\n'
        "  - counts: three, two\n  - coach: Big breath. Brace.\n  - counts: one, lower\n  - state: set.lowering\n"
    )
    played = perform(tmp_path, text)
    assert played.failure is None, str(played.failure)


def test_a_cut_is_held_against_the_performance(tmp_path: Path) -> None:
    text = f'story: x\nscript:\n  - {{coach: "{GREETING}", cut: 1.000}}\n  - {{lifter: stop, at: 10}}\n'
    played = perform(tmp_path, text)
    assert played.failure is not None, "the greeting was not cut at all"


def test_the_time_of_a_journal_entry_is_held_against_the_performance(tmp_path: Path) -> None:
    text = (
        "story: x\nscript:\n"
        f'  - coach: "{GREETING}"\n'
        "  - {lifter: it hurts, at: 10}\n"
        "  - {journal: pain what=Pain set=1 rep=0, at: 77}\n"
    )
    played = perform(tmp_path, text)
    assert played.failure is not None
