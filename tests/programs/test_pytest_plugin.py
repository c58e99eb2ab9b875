"""The pytest plugin in somebody else's project: a folder of conversations becomes tests; other projects pay nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

# A pytester run in this process forgets at its end what it imported, and numpy cannot be loaded twice. So import it
# first.
import coach.adapters.recognition.moonshine.recognizer
import coach.wiring.rehearsing  # noqa: F401
from lab.rigs.folders import CALF_RAISE, CHECKOUT

pytest_plugins = ["pytester"]

GREETING = "Hamstring leg press. I count, you push. Say set up, or start set."
GOOD = f"story: Hello.\nscript:\n  - coach: {GREETING}\n  - lifter: start set\n  - says: set.intro\n"


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project: its folder `talks` is performed in text, `talks/aloud` in audio; other folders hold files that the
    plugin must ignore.
    """
    # Other plugins take longer to start than the conversations.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini(
        "[pytest]\ncoach_conversations = talks\ncoach_audio_conversations = talks/aloud\nfilterwarnings = error\n"
    )
    (pytester.mkdir("talks") / "aloud").mkdir()
    write(pytester, "talks/good.yaml", GOOD)
    write(pytester, "settings.yaml", "colour: blue\n")
    write(pytester, "talks/notes.txt", "none of ours\n")
    pytester.makepyfile(test_own="def test_own(): pass")
    return pytester


def write(pytester: pytest.Pytester, name: str, text: str) -> None:
    (pytester.path / name).write_text(text)


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("-p", "coach.pytest_plugin", "-p", "no:cacheprovider", *arguments)


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    told = run(pytester, "--collect-only", "-q", *arguments)
    return [line for line in told.outlines if "::" in line]


def test_conversations_are_tests(project: pytest.Pytester) -> None:
    write(project, "talks/turns.convo.txt", "Hello\n#bot\nsay set up\n")
    assert collected(project) == ["talks/good.yaml::text", "talks/turns.convo.txt::text", "test_own.py::test_own"]
    run(project).assert_outcomes(passed=3)
    run(project, "-k", "good").assert_outcomes(passed=1, deselected=2)


def test_files_are_known_by_their_names_in_any_case(project: pytest.Pytester) -> None:
    for name in ("B.YAML", "c.yml", "D.Yml", "e.Convo.TXT", "f.yaml.bak"):
        write(project, f"talks/{name}", GOOD if "onvo" not in name else "Hello\n#bot\nsay set up\n")
    names = [line.partition("::")[0] for line in collected(project, "talks")]
    assert sorted(names) == [f"talks/{name}" for name in ("B.YAML", "D.Yml", "c.yml", "e.Convo.TXT", "good.yaml")]
    run(project, "talks").assert_outcomes(passed=5)


def test_a_plan_beside_the_conversations_is_none(project: pytest.Pytester) -> None:
    write(project, "talks/monday.yaml", "reps: 1\nsets: 1\n")
    assert collected(project, "talks") == ["talks/good.yaml::text"]


def test_links_that_lead_back_hold_nothing_of_their_own(project: pytest.Pytester) -> None:
    talks = project.path / "talks"
    (talks / "loop").symlink_to("../talks")
    (talks / "aloud" / "up").symlink_to("../..")
    (talks / "here").symlink_to(".")
    elsewhere = project.mkdir("elsewhere")
    write(project, "elsewhere/other.yaml", GOOD)
    (talks / "linked").symlink_to(elsewhere)
    assert collected(project) == ["talks/good.yaml::text", "talks/linked/other.yaml::text", "test_own.py::test_own"]


def test_a_folder_that_is_not_there_or_is_empty_is_told(project: pytest.Pytester) -> None:
    told = run(project)
    assert f"coach: no conversations in {project.path / 'talks' / 'aloud'}" in told.outlines
    project.makeini("[pytest]\ncoach_conversations = tlaks\n")
    refused = run(project)
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    assert f"no folder '{project.path / 'tlaks'}': name one that is there" in refused.stderr.str()


def test_a_failure_reads_like_a_transcript(project: pytest.Pytester) -> None:
    write(project, "talks/first.yaml", GOOD.replace("I count, you push.", "You count."))
    write(project, "talks/later.yaml", GOOD)
    told = run(project, "-x")
    told.assert_outcomes(failed=1)
    told.stdout.fnmatch_lines(
        [
            "*first.yaml: text*",
            "talks/first.yaml:3: at 0.090 the coach said something else",
            "  expected  Hamstring leg press. You count. Say set up, or start set.",
            f"  heard     {GREETING}",
            "                                 ^^^",
            "the last that was said:",
            f"   0:00.090  coach   {GREETING}",
        ]
    )
    assert "Traceback" not in told.stdout.str()
    assert "pytest_plugin.py" not in told.stdout.str()


def test_a_broken_file_is_an_error(project: pytest.Pytester) -> None:
    write(project, "talks/broken.yaml", "story: Hello.\nscript:\n  - lifter: Stop!\n  - silent: long\n")
    write(project, "talks/named.yaml", GOOD.replace("set.intro", "set.intr"))
    told = run(project)
    told.assert_outcomes(errors=1, failed=1, passed=2)
    told.stdout.fnmatch_lines(
        [
            "talks/broken.yaml:3: script[[]0[]].lifter: 'Stop!' is not spoken words: *",
            "talks/broken.yaml:4: script[[]1[]].silent: 'long' is not a number of seconds: *",
            "talks/named.yaml:5: says: no line 'set.intr': did you mean 'set.intro'?",
        ]
    )
    assert "Traceback" not in told.stdout.str()


def test_another_exercise(project: pytest.Pytester) -> None:
    write(
        project,
        "talks/good.yaml",
        "story: Hello.\nscript:\n  - coach: Standing calf raise. I count, you rise. Say set up, or start set.\n",
    )
    run(project, "-k", "good", f"--coach-pack={CALF_RAISE}").assert_outcomes(passed=1, deselected=1)
    run(project, "-k", "good", "-o", f"coach_pack={CALF_RAISE}").assert_outcomes(passed=1, deselected=1)
    told = run(project, "-k", "good", "--coach-pack=nowhere")
    told.assert_outcomes(errors=1, deselected=1)
    told.stdout.fnmatch_lines(["no pack 'nowhere': name a folder with guidance.yaml and commands.yaml, or leg_press"])


def test_audio_is_a_test_for_each_recogniser_and_voice(project: pytest.Pytester) -> None:
    write(project, "talks/aloud/stop.yaml", GOOD)
    aloud, good = "talks/aloud/stop.yaml::audio", "talks/good.yaml::audio"
    assert collected(project, "-m", "coach_audio") == [aloud]
    assert collected(project, "talks/aloud", "--coach-engine", "moonshine,vosk", "--coach-voice", "slt,rms") == [
        f"{aloud}[{engine}-{voice}]" for engine in ("moonshine", "vosk") for voice in ("slt", "rms")
    ]
    assert collected(project, "talks", "--coach-audio", "--coach-voice", "awb") == [f"{aloud}[awb]", f"{good}[awb]"]
    told = run(project, "--coach-engine", "siri")
    assert told.ret == pytest.ExitCode.USAGE_ERROR
    told.stderr.fnmatch_lines(["*--coach-engine: no 'siri': choose of auto, vosk, moonshine"])


@pytest.mark.audio
def test_audio_through_the_real_recogniser(project: pytest.Pytester) -> None:
    write(project, "talks/aloud/start.yaml", GOOD)
    write(project, "talks/aloud/other.yaml", GOOD.replace("start set", "hello you"))
    told = run(project, "talks/aloud", "--coach-engine", "moonshine", "--coach-voice", "rms")
    told.assert_outcomes(passed=1, failed=1)
    told.stdout.fnmatch_lines(["*rms-hello-you.flac*"])


@pytest.mark.audio
def test_the_marker_makes_it_audio(project: pytest.Pytester) -> None:
    project.makeconftest(
        "def pytest_collection_modifyitems(items):\n    for item in items:\n        item.add_marker('coach_audio')\n"
    )
    write(project, "talks/good.yaml", GOOD.replace("start set\n", "hello you\n"))
    told = run(project, "talks", "-o", "coach_engine=moonshine")
    told.assert_outcomes(failed=1)
    told.stdout.fnmatch_lines(["*slt-hello-you.flac*"])


def test_it_costs_nothing_where_no_folder_is_named(pytester: pytest.Pytester) -> None:
    """Without a named folder only the plugin itself is imported: not the coach, nor anything that the coach needs."""
    pytester.makepyfile(
        "import sys\n"
        "def test_own():\n"
        "    ours = {name for name in sys.modules if name.partition('.')[0] in ('coach', 'numpy', 'yaml', 'hassil')}\n"
        "    assert ours == {'coach', 'coach.pytest_plugin'}\n"
    )
    arguments = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "-p",
        "coach.pytest_plugin",
        "-p",
        "no:cacheprovider",
    ]
    told = subprocess.run(
        arguments,
        cwd=pytester.path,
        env={"PYTHONPATH": str(CHECKOUT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout
