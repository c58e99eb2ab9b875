"""Scripts as people write them: a good script is read, the faults of a bad one are reported with their lines, all at
once.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from coach.content.files import BUNDLED
from coach.ports import ScriptError
from coach.rehearsal.scripts.script import Script, Step, StepKind, read_script
from coach.training.past import Past, UnfinishedWorkout
from coach.training.plan import Load, Plan, SetDone, SetKind, Side
from coach.training.tempo import Tempo
from lab.rigs.folders import CALF_RAISE
from lab.rigs.talk import USUAL

DEFAULTS = Plan(10, 3, 90, Tempo(4, 1, 2, 0))
LAST = "  - lifter: stop\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "talk.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def script_of(folder: Path, text: str) -> Script:
    return read_script(written(folder, text), DEFAULTS)


def faults_of(folder: Path, text: str) -> list[str]:
    """Every fault, without the folder: "talk.yaml:3: ..." """
    with pytest.raises(ScriptError) as error:
        script_of(folder, text)
    lines = str(error.value).splitlines()
    assert all(line.startswith(f"{folder}/talk.yaml:") for line in lines)
    return [line.removeprefix(f"{folder}/") for line in lines]


GOOD = """\
story: Everything there is.
plan: {reps: 3, sets: 1, rest: 45, tempo: 3-1-X, load: 92.5 kg}
voice: rms
open_speaker: true
script:
  - coach: Say set up.
  - {lifter: start set, after: 0.3}
  - {lifter: stop, at: 12.350}
  - counts: three, two, rep twenty one
  - {coach: Brace, at: 4, cut: 0.150}
  - silent: 4
  - until: 60.5
  - state: set.lowering
  - {journal: stop set=1 rep=0, at: 12}
  - {lifter: "", wav: noise.wav}
  - {says: stop.now, within: 0.3}
  - {lifter: stop, while: Brace, after: 0.2}
  - {lifter: stop, in: rep 3 push, after: 0.8}
"""


PLAN = Plan(1, 1, 60, Tempo.parse("4-1-2-0"))


def test_a_good_script(tmp_path: Path) -> None:
    (tmp_path / "noise.wav").touch()
    script = script_of(tmp_path, GOOD)
    assert script.file == str(tmp_path / "talk.yaml")
    assert script.story == "Everything there is."
    assert script.plan == Plan(3, 1, 45, Tempo(3, 1, 1, 0), Load(92.5, "kg"))
    assert script.voice == "rms"
    assert script.open_speaker is True
    assert script.steps == (
        Step(6, StepKind.COACH, "Say set up."),
        Step(7, StepKind.LIFTER, "start set", after=0.3),
        Step(8, StepKind.LIFTER, "stop", at=12.35),
        Step(9, StepKind.COUNTS, "three, two, rep twenty one"),
        Step(10, StepKind.COACH, "Brace", at=4.0, cut=0.15),
        Step(11, StepKind.SILENT, seconds=4.0),
        Step(12, StepKind.UNTIL, seconds=60.5),
        Step(13, StepKind.STATE, "set.lowering"),
        Step(14, StepKind.JOURNAL, "stop set=1 rep=0", at=12.0),
        Step(15, StepKind.LIFTER, "", wav=tmp_path / "noise.wav"),
        Step(16, StepKind.SAYS, "stop.now", within=0.3),
        Step(17, StepKind.LIFTER, "stop", spoken_over="Brace", after=0.2),
        Step(18, StepKind.LIFTER, "stop", phase="rep 3 push", after=0.8),
    )
    assert script.steps[3].words == ["three", "two", "rep twenty one"]
    assert list(script.head) == ["story", "plan", "voice", "open_speaker"]


def test_what_is_left_out_is_the_packs(tmp_path: Path) -> None:
    script = script_of(tmp_path, f"story: x\nscript:\n{LAST}")
    assert script.plan == DEFAULTS
    assert (script.voice, script.open_speaker, script.wake_word) == ("slt", False, False)
    assert script_of(tmp_path, f"story: x\nplan: {{sets: 2}}\nscript:\n{LAST}").plan == Plan(10, 2, 90, DEFAULTS.tempo)


def test_the_past_is_what_the_coach_is_handed(tmp_path: Path) -> None:
    told = "past: {left: {ago: 600, sets: [10, 9], reps: 5, load: 90 kg}, wanted: {leg_press.reps: 8, volume: -6}}"
    script = script_of(tmp_path, f"story: x\n{told}\nscript:\n{LAST}")
    done = (SetDone(10, Load(90.0, "kg")), SetDone(9, Load(90.0, "kg")))
    plan = replace(DEFAULTS, load=Load(90.0, "kg"))
    assert script.past == Past(unfinished=UnfinishedWorkout("2000-01-01T00:00:00+00:00", 600.0, plan, done, 5))
    assert script.preferences == {"leg_press.reps": "8", "volume": "-6"}
    old = script_of(tmp_path, f"story: x\npast: {{left: {{ago: 14401, reps: 5}}}}\nscript:\n{LAST}")
    assert old.past == Past()


def test_the_profile_is_the_echo_guard_and_the_wake_word(tmp_path: Path) -> None:
    for head, guard, wake in (
        ("profile: speaker", True, True),
        ("profile: headphones", False, False),
        ("open_speaker: true", True, False),
    ):
        script = script_of(tmp_path, f"story: x\n{head}\nscript:\n{LAST}")
        assert (script.open_speaker, script.wake_word) == (guard, wake), head


def test_steps_read_aloud() -> None:
    assert str(Step(1, StepKind.COACH, "Brace")) == "coach 'Brace'"
    assert str(Step(1, StepKind.SILENT, seconds=4.0)) == "silence (silent 4)"
    assert str(Step(1, StepKind.UNTIL, seconds=60.5)) == "silence (until 60.5)"


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("lifter: Stop", "script[0].lifter: 'Stop' is not spoken words"),
        ("lifter: stop!", "script[0].lifter: 'stop!' is not spoken words"),
        ("lifter: 10 reps", "script[0].lifter: '10 reps' is not spoken words"),
        ("lifter: yes", "script[0].lifter: 'yes' is read as true or false by YAML: put it in quotes"),
        ("counts: Three", "script[0].counts: 'Three' is not counts"),
        ('counts: "three,two"', "script[0].counts: 'three,two' is not counts"),
        ("state: Set", "script[0].state: 'Set' is not a state: write it like set.lowering"),
        ("silent: long", "script[0].silent: 'long' is not a number of seconds: write it like 4 or 12.350"),
        ("silent: -1", "script[0].silent: '-1' is not a number of seconds"),
        ("until: 1:30", "script[0].until: '1:30' is not a number of seconds"),
        ("{coach: Brace, at: soon}", "script[0].at: 'soon' is not a number of seconds"),
        ("{coach: Brace, after: 1}", "script[0].after: 'after' beside 'coach': use it with fault or lifter"),
        (
            "{silent: 1, at: 1}",
            "script[0].at: 'at' beside 'silent': use it with coach or counts or fault or journal or lifter or says",
        ),
        ("{coach: Brace, while: Brace}", "script[0].while: 'while' beside 'coach': use it with fault or lifter"),
        (
            "{lifter: stop, within: 1}",
            "script[0].within: 'within' beside 'lifter': use it with coach or counts or says",
        ),
        ("{lifter: stop, in: rep 0 push}", "script[0].in: 'rep 0 push' is not a phase: write it like rep 3 lowering"),
        ("{lifter: stop, in: rep 1 pressing}", "script[0].in: 'rep 1 pressing' is not a phase"),
        ("{lifter: stop, on: rep 1 push}", "script[0].on: 'on' is read as true or false by YAML"),
        ("{lifter: stop, at: 1, after: 1}", "script[0].after: 'after' beside 'at': keep one: each says when"),
        ("{lifter: stop, while: Brace, in: rep 1 push}", "script[0].in: 'in' beside 'while': keep one"),
        ("fault: rain", "script[0].fault: 'rain' is not one of recogniser stalls, recogniser restarts"),
        ("fault: clock jumps", "script[0].seconds: 'seconds' is missing beside 'clock jumps': add it"),
        ("{fault: disk full, seconds: 1}", "script[0].seconds: 'seconds' beside 'disk full': take it out"),
        ("{fault: clock jumps, seconds: 601}", "script[0].seconds: 601 is out of bounds: give up to 600"),
        ("{lifter: stop, seconds: 1}", "script[0].seconds: 'seconds' beside 'lifter': use it with fault"),
        ("says: Brace first.", "script[0].says: 'Brace first.' is not an id: write it like stop.now"),
        ("{lifter: stop, cut: 1}", "script[0].cut: 'cut' beside 'lifter': use it with coach or counts or says"),
        ("{coach: Brace, wav: x.wav}", "script[0].wav: 'wav' beside 'coach': use it with lifter"),
        ("{lifter: stop, wav: nowhere.wav}", "script[0].wav: no file 'nowhere.wav': name it relative to the script"),
        (
            "{lifter: stop, coach: Brace}",
            "script[0]: 2 of coach, counts, fault, journal, lifter, says, silent, state, until: give",
        ),
        (
            "{at: 3}",
            "script[0]: 0 of coach, counts, fault, journal, lifter, says, silent, state, until: give each step",
        ),
        ("lifters: stop", "script[0].lifters: unknown key 'lifters': did you mean 'lifter'?"),
        ("just words", "script[0]: 'just words' stands where a mapping must"),
    ],
)
def test_a_step_that_is_wrong(tmp_path: Path, step: str, fault: str) -> None:
    told = faults_of(tmp_path, f"story: x\nscript:\n\n  - {step}\n")
    assert told[0].startswith(f"talk.yaml:4: {fault}"), told


def test_a_plan_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "monday.yaml").write_text("exercise: leg_press\nreps: 7\nload: 41.25 kg\n")
    head = "story: x\nplan: plans/monday.yaml\n"
    file = tmp_path / "talk.yaml"
    file.write_text(f"{head}script:\n{LAST}")
    script = read_script(file, DEFAULTS)
    assert (script.plan.reps, script.plan.load, script.plan.name[:7]) == (7, Load(41.25, "kg"), "monday-")
    assert script.pack == BUNDLED
    file.write_text(f"{head}pack: {CALF_RAISE}\nscript:\n{LAST}")
    with pytest.raises(ScriptError, match=r"talk.yaml:3: pack: 'plans/monday.yaml' is a plan of another exercise"):
        read_script(file, DEFAULTS)


def test_a_plan_may_have_all_keys_of_a_plan_file(tmp_path: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_text(f"story: x\nplan: {{warm up: usual, one side: left first, last set: drop}}\nscript:\n{LAST}")
    plan = read_script(file, DEFAULTS).plan
    assert (plan.warm_up, plan.first_side, plan.last_kind, plan.name) == (True, Side.LEFT, SetKind.DROP, "")


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("plan: {reps: 0}", "talk.yaml:2: plan.reps: 0 is out of bounds: give 1 to 30"),
        ("plan: {sets: 11}", "talk.yaml:2: plan.sets: 11 is out of bounds: give 1 to 10"),
        ("plan: {rest: 601}", "talk.yaml:2: plan.rest: '601' is out of bounds: give 0 to 600 seconds"),
        ("plan: {reps: ten}", "talk.yaml:2: plan.reps: 'ten' is not a whole number: give 1 to 30, without quotes"),
        ("plan: {reps: 010}", "talk.yaml:2: plan.reps: '010' is read as 8 by YAML"),
        ("plan: {tempo: 1-0-1-0}", "talk.yaml:2: plan.tempo: lowering of 1 s: give 2 to 8"),
        ("plan: {tempo: quick}", "talk.yaml:2: plan.tempo: 'quick' is not a tempo: write it like 4-1-2-0"),
        ("plan: {load: 90 stone}", "talk.yaml:2: plan.load: '90 stone' is not a load: write it like 80 kg"),
        ("plan: {machine: {empty: 20 kg}}", "talk.yaml:2: plan.machine: 'plates' is missing: add it"),
        ("plan: {machine: {empty: 20 kg, plates: [20, 0]}}", "talk.yaml:2: plan.machine: plates 0.0: give the weight"),
        ("plan: {load: 90.3 kg}", "talk.yaml:2: plan.load: '90.3 kg' is not a load"),
        ("plan: {speed: 3}", "talk.yaml:2: plan.speed: unknown key 'speed'"),
        ("plan: [fast]", "talk.yaml:2: plan: a list stands where a single value must"),
        ("plan: {warm up: 3}", "talk.yaml:2: plan.warm up: '3' is not one of usual, yes, none, no"),
        ("plan: {reps: 8, sets: [{then: [{reps: 3}]}]}", "talk.yaml:2: plan.sets[0].then: stands in a working set"),
        ("past: {left: {}}", "talk.yaml:2: past.left: 'ago' is missing: add it"),
        ("past: {left: {ago: 9, sets: [0]}}", "talk.yaml:2: past.left.sets[0]: 0 is out of bounds: give 1 to 30"),
        (
            "past: {wanted: {reps: 9}}",
            "talk.yaml:2: past.wanted.reps: 'reps' is no preference: give begins, counts, effort",
        ),
        ("voice: bob", "talk.yaml:2: voice: 'bob' is not one of slt, rms, awb, kal: choose one of them"),
        ("open_speaker: yes", "talk.yaml:2: open_speaker: 'yes' is neither true nor false"),
        ("storey: y", "talk.yaml:2: storey: unknown key 'storey': did you mean 'story'?"),
        ("story: y", "talk.yaml:2: story: 'story' stands here twice: keep one (first in line 1)"),
    ],
)
def test_a_head_that_is_wrong(tmp_path: Path, head: str, fault: str) -> None:
    told = faults_of(tmp_path, f"story: x\n{head}\nscript:\n{LAST}")
    assert len(told) == 1
    assert told[0].startswith(fault), told


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "talk.yaml:1: the file: is empty: write it"),
        ("story: x\n", "talk.yaml:1: the file: 'script' is missing: add it"),
        (f"script:\n{LAST}", "talk.yaml:1: the file: 'story' is missing: add it"),
        ("story: x\nscript: []\n", "talk.yaml:2: script: 0 entries: write 1 to 100000"),
        ("story: x\nscript: stop\n", "talk.yaml:2: script: 'stop' stands where a list must"),
        ("- story\n", "talk.yaml:1: the file: a list stands where a mapping must"),
        ("story: [x\nscript:\n", "talk.yaml:2: the file: is not YAML"),
    ],
)
def test_a_file_that_is_wrong(tmp_path: Path, text: str, fault: str) -> None:
    assert faults_of(tmp_path, text)[0].startswith(fault)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"nowhere\.yaml:1: the file: cannot be read \(No such file"):
        read_script(tmp_path / "nowhere.yaml", DEFAULTS)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_bytes(b"story: \xff\n")
    with pytest.raises(ScriptError, match="is not UTF-8 at byte 7: save it as UTF-8"):
        read_script(file, DEFAULTS)


def test_every_fault_is_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    told = faults_of(
        tmp_path,
        """\
story: x
plan: {reps: 99, tempo: slow}
voice: bob
script:
  - lifter: Stop
  - coach: Brace
  - {silent: soon, cut: 1}
  - {coach: Brace, lifter: stop}
""",
    )
    assert [int(line.split(":")[1]) for line in told] == sorted(int(line.split(":")[1]) for line in told)
    assert {line.split(": ")[1] for line in told} >= {
        "plan.reps",
        "plan.tempo",
        "voice",
        "script[0].lifter",
        "script[2].silent",
        "script[3]",
    }


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


def test_a_script_may_name_its_room(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("story: x\nroom: {snr: 10, noise: gym.wav, echo: -10, reverb: 0.4, seed: 3}\nscript: [silent: 1]\n")
    room = read_script(path, PLAN).room
    assert asdict(room) == {
        "snr": 10.0, "noise": str(tmp_path / "gym.wav"), "echo": -10.0, "delay": 120.0, "reverb": 0.4, "seed": 3
    }  # fmt: skip
    path.write_text("story: x\nroom: {snr: loud, seed: 1.5}\nscript: [silent: 1]\n")
    with pytest.raises(ScriptError, match=r"(?s)room.seed.*room.snr: 'loud' is not a number"):
        read_script(path, PLAN)
    path.write_text("story: x\nroom: {echo: 99}\nscript: [silent: 1]\n")
    with pytest.raises(ScriptError, match=r"a.yaml:2: room: echo 99 is out of bounds: give -60 to 20"):
        read_script(path, PLAN)


def test_a_script_with_a_pack_that_is_not_there(tmp_path: Path) -> None:
    script = tmp_path / "talk.yaml"
    script.write_text("story: Hello.\npack: nowhere\nscript:\n  - wait: 1\n")
    with pytest.raises(ScriptError, match=r"talk.yaml:2: pack: no pack 'nowhere': name a folder"):
        read_script(script, USUAL)
