"""`coach hear`: real speech through the real recogniser, with the coach's commands and with other people's."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from coach import cli
from coach.adapters.synthesis.espeak import EspeakSynthesizer
from coach.commands import Manner
from coach.wiring.recognizers import EMBEDDED
from coach.wiring.rehearsing import VOICES

HERE = Path(__file__).parent
NUMBERS = HERE / "numbers"
COFFEE = HERE / "order_coffee.yaml"
KEYS = ["file", "text", "intent", "slots", "confidence", "began_s", "ended_s", "decided_s", "cpu_s"]

pytestmark = pytest.mark.audio


def hear(capsys: pytest.CaptureFixture[str], *arguments: object, exits: int = 0) -> list[dict[str, Any]]:
    """The lines of JSON that the command prints."""
    assert cli.main(["hear", "--json", "--engine", EMBEDDED, *map(str, arguments)]) == exits
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def without_cpu(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in line.items() if key != "cpu_s"} for line in lines]


def spoken(text: str, file: Path) -> Path:
    clip = EspeakSynthesizer().render(text, Manner.SENTENCE)
    soundfile.write(file, clip.pcm, clip.rate)
    return file


SAID: dict[str, tuple[str, dict[str, object]]] = {
    "ninety-two-and-a-half-kilos": ("SetLoad", {"load": 92.5, "unit": "kg"}),
    "one-hundred-and-five-kilos": ("SetLoad", {"load": 105, "unit": "kg"}),
    "a-hundred-and-five-pounds": ("SetLoad", {"load": 105, "unit": "lb"}),
    "tempo-four-one-two": ("SetTempo", {"eccentric": 4, "bottom": 1, "concentric": 2}),
    "tempo-four-one-two-zero": ("SetTempo", {"eccentric": 4, "bottom": 1, "concentric": 2, "top": 0}),
    "set-the-load-to-eighty-kilos": ("SetLoad", {"load": 80, "unit": "kg"}),
    "set-load-to-eighty": ("SetLoad", {"load": 80}),
}


def test_spoken_numbers_are_exact(capsys: pytest.CaptureFixture[str]) -> None:
    """Two flite voices say each phrase, and nearly all are heard. No voice but kal, the roughest, is heard with another
    number.

    Of kal's seven phrases "a hundred and five" is heard as "two hundred and five" and "eighty" as "eighteen".
    """
    lines = hear(capsys, NUMBERS, "--jobs", 1)
    assert len(lines) == 2 * len(SAID)
    heard = [line for line in lines if line["intent"] is not None]
    wrong = []
    for line in heard:
        who, _, said = Path(line["file"]).stem.partition("-")
        intent, slots = SAID[said]
        assert line["intent"] == intent, line["file"]
        wrong += [who] if line["slots"] != slots else []
    assert set(wrong) <= {"kal"}
    assert len(wrong) <= 2
    assert len(heard) >= 12


def test_a_line_has_just_these_keys_and_times_within_the_recording(capsys: pytest.CaptureFixture[str]) -> None:
    file = VOICES / "kal-ninety-kilos.flac"
    (line,) = hear(capsys, file)
    assert list(line) == KEYS
    assert line["file"] == str(file)
    assert (line["intent"], line["slots"], line["text"]) == ("SetLoad", {"load": 90, "unit": "kg"}, "ninety kilos")
    length = soundfile.info(file).duration
    assert 0 <= line["began_s"] < line["ended_s"] <= length + 0.1 < line["decided_s"] < length + 0.6
    assert line["cpu_s"] > 0


def test_what_is_live_depends_on_the_state(capsys: pytest.CaptureFixture[str]) -> None:
    file = VOICES / "kal-skip-rest.flac"
    assert hear(capsys, "--state", "set", file)[0]["intent"] != "SkipRest"
    assert hear(capsys, "--all", file)[0]["intent"] == "SkipRest"


def test_an_urgent_word_is_acted_on_before_the_end_and_gives_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    (stop,) = hear(capsys, "--state", "set", VOICES / "kal-stop.flac")
    (slower,) = hear(capsys, "--state", "set", VOICES / "kal-faster.flac")
    assert stop["intent"] == "Stop"
    assert stop["decided_s"] - stop["ended_s"] < slower["decided_s"] - slower["ended_s"]


def test_a_file_is_heard_alike_whatever_else_is_heard_in_whatever_process(capsys: pytest.CaptureFixture[str]) -> None:
    files = [
        VOICES / f"{name}.flac" for name in ("rms-stop", "kal-ninety-kilos", "awb-did-you-see-the-game-last-night")
    ]
    files += [NUMBERS / "rms-tempo-four-one-two.flac"]
    alone = [line for file in files for line in without_cpu(hear(capsys, file))]
    backwards = without_cpu(hear(capsys, "--jobs", 1, *reversed(files)))
    assert backwards == alone[::-1]
    assert without_cpu(hear(capsys, "--jobs", 2, *files)) == alone


def test_any_rate_and_any_channels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from coach.audio.resampling import Resampler  # noqa: PLC0415

    samples, rate = soundfile.read(VOICES / "kal-ninety-kilos.flac", dtype="int16")
    for wanted, kind in ((8000, "PCM_16"), (44_100, "FLOAT"), (48_000, "PCM_24")):
        fit = Resampler(rate, wanted).whole(samples)
        stereo = np.stack([fit, fit], axis=1) / 32768
        soundfile.write(tmp_path / f"{wanted}.wav", stereo, wanted, subtype=kind)
    lines = hear(capsys, "--jobs", 1, tmp_path)
    assert [Path(line["file"]).stem for line in lines] == ["44100", "48000", "8000"]
    assert [line["intent"] for line in lines[:2]] == ["SetLoad"] * 2


def test_silence_is_one_line_with_nothing_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(tmp_path / "quiet.wav", np.zeros(8000, np.int16), 16_000)
    (line,) = hear(capsys, tmp_path / "quiet.wav")
    assert line["intent"] is None
    assert (line["text"], line["slots"], line["began_s"], line["decided_s"]) == ("", {}, None, None)


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.wav").write_text("not sound at all, only text that is long enough")
    shutil.copy(VOICES / "kal-ninety-kilos.flac", tmp_path / "b.flac")
    assert cli.main(["hear", "--json", "--jobs", "1", str(tmp_path / "gone.wav"), str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert [json.loads(line)["intent"] for line in printed.out.splitlines()] == ["SetLoad"]
    told = printed.err.splitlines()
    assert len(told) == 2
    assert "gone.wav" in told[0]
    assert "a.wav" in told[1]


def test_one_recording_that_cannot_be_read_does_not_cost_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples, rate = soundfile.read(VOICES / "kal-ninety-kilos.flac", dtype="int16")
    for name in (b"a.wav", b"c\xff.wav"):
        soundfile.write(str(tmp_path / "x.wav"), samples, rate)
        (tmp_path / "x.wav").rename(tmp_path / os.fsdecode(name))
    soundfile.write(tmp_path / "b.wav", samples, rate, subtype="GSM610")
    assert cli.main(["hear", "--json", "--engine", EMBEDDED, "--jobs", "2", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert [os.fsencode(line["file"]) for line in lines] == [bytes(tmp_path / "a.wav"), bytes(tmp_path) + b"/c\xff.wav"]
    assert [line["intent"] for line in lines] == ["SetLoad"] * 2
    assert "b.wav" in printed.err
    assert len(printed.err.splitlines()) == 1


def test_ctrl_c_is_one_line_whenever_it_comes(tmp_path: Path) -> None:
    for number in range(40):
        shutil.copy(VOICES / "kal-ninety-kilos.flac", tmp_path / f"{number}.flac")
    program = [sys.executable, "-m", "coach", "hear", "--engine", EMBEDDED, "--jobs", "2", str(tmp_path)]
    # A background job may ignore Ctrl-C, and its child processes inherit this. So reset it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for lines in (0, 1):
        with subprocess.Popen(
            program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as hearing:
            assert hearing.stdout is not None
            for _ in range(lines):
                hearing.stdout.readline()
            if not lines:
                time.sleep(0.8)
            os.killpg(hearing.pid, signal.SIGINT)
            told = hearing.communicate(timeout=60)[1]
        # The interpreter ends by the signal itself if it runs code that was compiled from a string, as for dataclasses.
        # A busy machine is still importing at this time; then no line may be printed, but no traceback either.
        assert told == "coach: ended\n" or (told == "" and not lines)
        assert hearing.returncode in (130, -signal.SIGINT)


def test_other_peoples_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["please make me a large latte", "clean the milk system", "brew in twelve minutes", "three zanzibarinos"]
    for number, text in enumerate(texts):
        spoken(text, tmp_path / f"{number}.wav")
    assert cli.main(["hear", "--commands", str(COFFEE), "--json", "--jobs", "1", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert len(lines) == 4
    understood = {
        0: ("OrderCoffee", {"size": "large", "drink": "latte"}),
        1: ("CleanMachine", {}),
        2: ("SetTimer", {"minutes": 12}),
    }
    # The coach's own voice is not clear to the recogniser: lines that are heard must be heard right.
    heard = {number: line for number, line in enumerate(lines) if line["intent"] is not None}
    assert heard.keys() >= {1}
    for number, line in heard.items():
        assert (line["intent"], line["slots"]) == understood[number]
    assert printed.err == "", "no word needs to be known before"


def test_without_json_it_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["hear", "--engine", EMBEDDED, str(VOICES / "kal-ninety-kilos.flac")]) == 0
    assert "SetLoad unit=kg load=90: ninety kilos" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--state", "sett"], "no state 'sett': idle, setup"),
        (["--state", "set", "--all"], "leave it out with --commands or --all"),
        (["--state", "set", "--commands", str(COFFEE)], "leave it out with --commands or --all"),
        (["--jobs", "0"], "--jobs 0: give 1 or more"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["hear", *arguments, "x.wav"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("intents: {Go: {data: [{sentences: ['go {where}']}]}}", "{where} in 'go {where}' is not defined"),
        ("intents: [", "is not YAML"),
        ("- 1", "a list stands where a mapping must"),
    ],
)
def test_a_commands_file_that_cannot_be_used_is_one_line(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(text)
    assert cli.main(["hear", "--commands", str(file), str(VOICES / "kal-stop.flac")]) == 1
    printed = capsys.readouterr()
    assert told in printed.err
    assert len(printed.err.splitlines()) == 1
    assert not printed.out
