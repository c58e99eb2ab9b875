"""The command line: one clear line for every fault, and what users see of each command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import wave
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from coach import cli
from coach.adapters.drawing import png as adapter
from coach.cli.printing import heard_line
from coach.content.files import BUNDLED
from coach.content.plan_reading import read_plan
from coach.events import Heard
from coach.records import PreferenceChanged
from coach.training.structure import all_sets
from coach.wiring import journal
from coach.wiring.engines import exercise
from coach.wiring.plans import choose
from coach.wiring.recognizers import EMBEDDED
from lab.rigs.folders import CALF_RAISE, CONVERSATIONS, PLANS

STOP = CONVERSATIONS / "stop.yaml"


def coach(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the coach as users do."""
    return subprocess.run(
        [sys.executable, "-m", "coach", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def fault(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a failing command prints; the command exits with 1."""
    assert cli.main(arguments) == 1
    printed = capsys.readouterr()
    line: str = printed.err.rstrip("\n")
    assert line.startswith("coach: ")
    assert "Traceback" not in printed.err + printed.out
    return line


def script(folder: Path, text: str) -> Path:
    path = folder / "talk.yaml"
    path.write_text(text)
    return path


MONDAY = PLANS / "monday.yaml"


@pytest.fixture
def journal_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the journal of the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def wanted(**values: str) -> None:
    """Write preferences, as if a lifter had changed them by voice in a session."""
    with closing(journal.begin(lambda _: None)) as keeps:
        for name, value in values.items():
            keeps.write(PreferenceChanged(1.0, name, value))


def test_a_plan_is_shown_as_on_paper(journal_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(MONDAY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Leg press for hamstrings ({MONDAY})"
    assert lines[2:6] == [
        "            reps   load       break  rest   tempo",
        "warm-up 1   2      40 kg      -      30 s   3-0-2-0",
        "set 1       3      80 kg      -      1 min  3-0-2-0",
        "set 2 drop  2 + 2  75, 55 kg  10 s   -      3-0-2-0",
    ]
    assert lines[7] == "It takes about 2 min: counting, breaks and rests."
    assert lines[8].startswith(
        "After a set the coach asks how many repetitions were left, and proposes: with none left"
    )


def test_without_a_file_it_is_what_was_wanted_last(journal_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted(**{"leg_press.load": "90 kg", "leg_press.side": "left", "effort": "not_asked"})
    assert cli.main(["plan", "--reps", "7"]) == 0
    told = capsys.readouterr().out
    assert "set 1  7     90 kg  90 s  4-1-2-0" in told
    assert "Each set on the left side, 8 s later on the right." in told
    assert "Changed by voice: load 90 kg; one side left." in told
    assert "The coach does not ask how many repetitions were left." in told


def test_with_a_file_only_what_was_changed_with_it_counts(
    journal_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = read_plan(MONDAY).name
    wanted(**{"leg_press.reps": "12", f"leg_press.{name}.load": "80 kg, 70 kg, 70 kg"})
    assert cli.main(["plan", str(MONDAY), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changed_by_voice"] == {"load": "80 kg, 70 kg, 70 kg"}
    assert [[stage["load"] for stage in one["stages"]] for one in told["sets"]] == [[40], [80], [70, 55]]
    assert [one["seconds"] for one in told["sets"]] == [10, 15, 30]
    assert told["seconds"] == 10 + 30 + 15 + 60 + 30


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "nowhere.yaml"), "nowhere.yaml:1: the file: cannot be read"),
        (("plan", "--sets", "11"), "sets 11: give 1 to 10"),
        (("plan", "--tempo", "9"), "tempo '9' is not like 4-1-2-0"),
        (("plan", "--pack", "squat"), "no pack 'squat'"),
        (("plan", str(MONDAY), "--pack", str(CALF_RAISE)), f"--pack {str(CALF_RAISE)!r} is not the exercise of"),
        (("run", "--plan", "nowhere.yaml"), "nowhere.yaml:1: the file: cannot be read"),
        (("run", "--plan", str(MONDAY), "--pack", str(CALF_RAISE)), f"--pack {str(CALF_RAISE)!r} is not the exercise"),
        (("rehearse", str(MONDAY)), f"{MONDAY}:1: the file: is a plan, no conversation"),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fault(capsys, *arguments).startswith(f"coach: {told}")


def test_options_win_over_the_file() -> None:
    chosen = choose(MONDAY, None, {"reps": 5, "tempo": "3-1-1-0"}, print)
    plan = chosen.over(exercise(chosen.folder)[2])
    assert [(one.reps, str(one.tempo)) for one in all_sets(plan)] == [(2, "3-1-1-0"), (5, "3-1-1-0"), (7, "3-1-1-0")]


def test_a_pack_beside_a_plan_that_names_none() -> None:
    assert choose(PLANS / "sides.yaml", str(CALF_RAISE), {}, print).folder == CALF_RAISE
    assert choose(PLANS / "sides.yaml", None, {}, print).folder == BUNDLED


def test_a_slip_in_a_plan_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "monday.yaml"
    path.write_text("rest: 10 min\n")
    told: list[str] = []
    choose(path, None, {}, told.append)
    assert told == [f"{path}:1: rest: warning: a rest of 10 min: give 5 min or less"]


def test_help_names_every_command() -> None:
    told = coach("--help")
    assert told.returncode == 0
    for command in (
        "run",
        "plan",
        "rehearse",
        "demo",
        "commands",
        "check",
        "hear",
        "history",
        "export",
        "import",
        "models",
        "doctor",
        "diagram",
    ):
        assert f"    {command} " in told.stdout


def test_an_unknown_option_is_refused_with_usage() -> None:
    refused = coach("run", "--loud")
    assert refused.returncode == 2
    assert "unrecognized arguments: --loud" in refused.stderr


def test_a_rehearsal_prints_the_talk_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse", str(STOP)]) == 0
    assert "lifter  stop" in capsys.readouterr().out


def test_a_missing_script_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere.yaml" in fault(capsys, "rehearse", "nowhere.yaml")


def test_every_fault_of_a_script_is_listed_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = script(
        tmp_path, "story: x\nplan: {reps: 99}\nscript:\n  - lifter: yes\n  - couch: Hello.\n  - silent: 1:30\n"
    )
    told = fault(capsys, "rehearse", str(path)).splitlines()
    assert [line.split(f"{path}:")[1].split(":")[0] for line in told] == ["2", "4", "5", "6"]
    assert "read as true or false" in told[1]
    assert "did you mean 'coach'?" in told[2]


def test_a_talk_that_leaves_its_script_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = script(tmp_path, "story: x\nscript:\n  - coach: Good morning.\n")
    line = fault(capsys, "rehearse", "--quiet", str(path))
    assert line.startswith(f"coach: {path}:3: at 0.090 the coach said something else\n  expected  Good morning.\n")
    assert "the last that was said:\n   0:00.090  coach   Hamstring" in line


def test_sound_needs_audio_mode() -> None:
    refused = coach("rehearse", str(STOP), "--wav", "x.wav")
    assert refused.returncode == 2
    assert "--wav needs --audio" in refused.stderr


@pytest.mark.parametrize("option", ["--snr", "--echo", "--delay", "--reverb", "--seed"])
def test_a_room_needs_audio_mode(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse", str(STOP), option, "0"]) == 2
    assert capsys.readouterr().err == f"coach rehearse: {option} needs --audio: text has no room\n"


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--snr", "99", "snr 99: give -20 to 60"),
        ("--echo", "nan", "echo nan: give -60 to 20"),
        ("--noise", "brown", "no noise 'brown': give white, pink, babble, music, or a WAV or FLAC file"),
    ],
)
def test_a_room_that_cannot_be_is_one_line(
    option: str, value: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fault(capsys, "rehearse", "--audio", "--engine", EMBEDDED, str(STOP), option, value) == f"coach: {told}"


def _wav(path: Path, samples: int, rate: int = 16000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.zeros(samples * channels, np.int16).tobytes())
    return path


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: _wav(path, 8000, channels=2), "has 2 channels: give one"),
        (lambda path: _wav(path, 0), "is empty"),
        (lambda path: _wav(path, 8000, rate=4000), "has 4000 samples a second"),
        (lambda path: path.write_bytes(_wav(path, 8000).read_bytes()[:5000]), "is cut short"),
        (lambda path: path.write_bytes(b"not sound at all, just text that is long enough"), "cannot read"),
    ],
)
def test_a_bad_sound_file_is_one_line_with_the_remedy(
    make: object, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(make)
    make(tmp_path / "said.wav")
    path = script(tmp_path, "story: x\nscript:\n  - {lifter: stop, wav: said.wav, at: 0.5}\n")
    line = fault(capsys, "rehearse", "--audio", "--engine", EMBEDDED, str(path))
    assert told in line
    assert "\n" not in line


def test_nothing_half_written_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = tmp_path / "file"
    locked.write_text("")
    line = fault(capsys, "rehearse", "--quiet", str(STOP), "--transcript", str(locked / "talk.yaml"))
    assert "cannot write" in line
    assert list(tmp_path.iterdir()) == [locked]


def test_a_transcript_is_a_script_that_performs_the_same(tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    assert cli.main(["rehearse", "--quiet", str(STOP), "--transcript", str(again)]) == 0
    assert cli.main(["rehearse", "--quiet", str(again)]) == 0
    # A transcript that is performed and recorded again stays the same to the letter.
    third = tmp_path / "third.yaml"
    assert cli.main(["rehearse", "--quiet", str(again), "--transcript", str(third)]) == 0
    assert third.read_text() == again.read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--reps", "99"], "reps 99: give 1 to 30"),
        (["--tempo", "4-1"], "tempo '4-1' is not like 4-1-2-0"),
        (["--tempo", "1-0-1-0"], "lowering of 1 s: give 2 to 8"),
        (["--rest", "601"], "rest 601: give 0 to 600"),
    ],
)
def test_a_plan_out_of_bounds_is_refused(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told in fault(capsys, "run", *arguments)


def test_a_model_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = fault(capsys, "rehearse", "--audio", "--model", str(tmp_path), str(STOP))
    assert str(tmp_path) in line
    assert cli.main(["models", "verify", str(tmp_path)]) == 1


@pytest.mark.parametrize("command", [["--help"], ["rehearse", "--quiet", str(STOP)]], ids=["help", "rehearse"])
def test_what_needs_no_engine_loads_none(command: list[str]) -> None:
    program = (
        "import sys; from coach import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('loaded', *{'vosk', 'onnxruntime', 'pyttsx3', 'sounddevice'} & sys.modules.keys())\n"
    )
    told = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "loaded"


def test_without_a_model_vosk_says_how_to_get_one(tmp_path: Path) -> None:
    told = coach(
        *("rehearse", "--audio", "--engine", "vosk", str(STOP)),
        HOME=str(tmp_path),
        XDG_DATA_HOME=str(tmp_path),
        VOSK_MODEL_PATH="",
    )
    assert told.returncode == 1
    assert "coach models fetch" in told.stderr
    assert "Traceback" not in told.stderr


def test_commands_are_listed_by_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["commands", "--state", "set"]) == 0
    listed = capsys.readouterr().out
    assert "Stop: stop" in listed
    assert "SkipRest" not in listed
    assert cli.main(["commands", "--state", "sett"]) == 2


def test_a_script_that_names_no_pack_is_performed_with_the_one_that_is_given(tmp_path: Path) -> None:
    script = tmp_path / "talk.yaml"
    script.write_text(
        "story: Hello.\nscript:\n  - coach: Standing calf raise. I count, you rise. Say set up, or start set.\n"
    )
    assert cli.main(["rehearse", "--quiet", "--pack", str(CALF_RAISE), str(script)]) == 0
    assert cli.main(["rehearse", "--quiet", str(script)]) == 1


def test_what_can_be_said_is_the_packs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["commands", "--pack", str(CALF_RAISE)]) == 0
    listed = capsys.readouterr().out
    assert "Bounced: i bounced" in listed
    assert "Stop: stop" in listed
    assert "BackLifted" not in listed


def test_our_packs_are_good_and_one_that_is_not_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "nowhere", "leg_press", str(CALF_RAISE)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("no pack 'nowhere': ")
    assert told[1:] == ["leg_press: good", f"{CALF_RAISE}: good"]


def test_the_diagram_is_mermaid(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diagram"]) == 0
    assert capsys.readouterr().out.startswith("stateDiagram-v2\n")


def test_an_unwritable_cache_is_reported_and_the_voice_speaks_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "coach").write_text("a file where the folder should be")
    told = coach("doctor", XDG_CACHE_HOME=str(tmp_path))
    assert "FIX" in told.stdout
    assert "is not writable" in told.stdout
    assert " speaks (" in told.stdout


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        (Heard(2.0, 1.0, "start set", 0.94, 1, True), "start set  (0.94)"),
        (Heard(2.0, 1.0, "stop", 0.6, 1, False), "stop ...  (0.60)"),
        (Heard(2.0, 1.0, "", 0.0, 1, True), "(not understood: no phrase fits well enough)"),
        (
            Heard(2.0, 1.0, "", 0.0, 1, True, nearest="skip rest", reason="too short for its words"),
            "(not understood: nearest 'skip rest', too short for its words)",
        ),
    ],
)
def test_what_was_heard_is_shown_and_why_it_was_refused(heard: Heard, shown: str) -> None:
    assert heard_line(heard) == shown


def test_a_rehearsal_is_drawn_as_svg_or_png(tmp_path: Path) -> None:
    svg, png = tmp_path / "new" / "stop.svg", tmp_path / "stop.png"
    for picture in (svg, png):
        assert (
            cli.main(["rehearse", "--quiet", "--picture", str(picture), "--from", "12", "--to", "30", str(STOP)]) == 0
        )
    assert "“stop”" in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")
    # resvg leaves words out when it finds no font for them.
    assert len(png.read_bytes()) > len(adapter.png(re.sub("<text.*?</text>", "", svg.read_text())))


def test_png_without_its_library_is_one_line_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    told = fault(capsys, "rehearse", "--quiet", "--picture", str(tmp_path / "x.png"), str(STOP))
    assert told == "coach: no resvg_py, which draws PNG: pip install resvg_py, or write an .svg"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--picture", "x.pdf"], "name it .svg or .png"),
        (["--from", "3"], "--from and --to are for --picture"),
        (["--picture", "x.svg", "--from", "9", "--to", "3"], "the earlier first"),
        ([str(STOP), "--picture", "x.svg"], "take one script"),
        (["--picture", "x.svg", "--update"], "leave the other outputs out"),
    ],
)
def test_what_a_picture_cannot_be(options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse", str(STOP), *options]) == 2
    assert told in capsys.readouterr().err
