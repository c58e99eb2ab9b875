"""`coach run --show` prints the lines that were heard, not the lines that were planned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.printing import ConversationPrinter, heard_line
from coach.commands import End, Manner, Say, StopSpeaking
from coach.events import Heard, MicrophoneLost, SpeechFinished, VoiceFailed
from coach.ports import Observed


def shown(capsys: pytest.CaptureFixture[str], *happened: Observed) -> tuple[list[str], list[str]]:
    """Lines on standard output and standard error."""
    show = ConversationPrinter()
    for one in happened:
        show(one)
    printed = capsys.readouterr()
    return [" ".join(line.split()) for line in printed.out.splitlines()], printed.err.splitlines()


def count(line: int, at: float, text: str) -> Say:
    return Say(line, at, text, Manner.COUNT)


def test_counts_that_were_taken_back_are_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    told, _ = shown(
        capsys,
        count(1, 5.0, "lower"),
        count(2, 6.0, "two"),
        count(3, 7.0, "three"),
        SpeechFinished(5.4, 1, 0.4, 0.4),
        Heard(6.3, 5.9, "stop", 0.9, 1, False),
        StopSpeaking(6.3),
        Say(4, 6.4, "Platform up, slowly."),
        SpeechFinished(6.35, 2, 0.31, 0.45),
        SpeechFinished(6.35, 3, 0.0, 0.4),
        SpeechFinished(8.0, 4, 1.5, 1.5),
    )
    assert told == [
        "5.00 coach lower",
        "6.30 lifter stop ... (0.90)",
        "6.00 coach two [cut after 0.31 s]",
        "6.40 coach Platform up, slowly.",
    ]


def test_a_fade_at_the_end_is_no_cut_and_the_last_words_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    told, _ = shown(
        capsys,
        Say(1, 1.0, "Goodbye."),
        SpeechFinished(2.0, 1, 0.99, 1.0),
        Say(2, 3.0, "Rest well."),
        End(4.0),
        SpeechFinished(4.0, 2, 1.0, 1.0),
    )
    assert told == ["1.00 coach Goodbye.", "3.00 coach Rest well."]


def test_faults_are_told_and_what_could_not_be_rendered_was_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    told, faults = shown(
        capsys,
        Say(1, 1.0, "Hello."),
        VoiceFailed(1.0, 1, "espeak fell asleep"),
        MicrophoneLost(2.0, "the device went away"),
        End(3.0),
    )
    assert told == []
    assert faults == ["coach: VoiceFailed: espeak fell asleep", "coach: MicrophoneLost: the device went away"]


def test_a_full_page_does_not_end_the_session() -> None:
    program = (
        "from coach.cli.printing import ConversationPrinter; from coach.commands import Say\n"
        "from coach.events import SpeechFinished\n"
        "show = ConversationPrinter()\n"
        "for line in range(3): show(Say(line, 1.0, 'Hello.')); show(SpeechFinished(2.0, line, 1.0, 1.0))\n"
    )
    with Path("/dev/full").open("w") as full:
        told = subprocess.run([sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (told.returncode, told.stderr) == (0, b"coach: nothing more can be shown (No space left on device)\n")


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
