"""Which phrases mean the same, also in another process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from functools import partial

import pytest

from coach.language.habits import LIFTER_HABITS
from coach.language.same_meaning import SameMeaning, read_commands
from coach.wiring.engines import exercise

PACK, GRAMMAR, _ = exercise()


@pytest.mark.parametrize(
    ("text", "other", "alike"),
    [
        ("my back lifted", "my back is lifting", True),
        ("ninety kilos", "okay ninety kilograms please", True),
        ("coach start set", "start set", True),
        ("ninety kilos", "ninety pounds", False),
        ("my knees caved in", "my knees hurt", False),
        ("ten reps start set", "start set with ten reps", False),
        ("no words of the coach", "none of these", False),
        ("um", "okay", False),
    ],
)
def test_two_phrases_are_alike_if_they_mean_the_same(text: str, other: str, alike: bool) -> None:
    assert GRAMMAR.means_same(text, other) is alike
    assert GRAMMAR.means_same(other, text) is alike


def test_it_can_be_sent_and_makes_its_grammar_there_once() -> None:
    sent: SameMeaning = pickle.loads(pickle.dumps(SameMeaning(partial(read_commands, PACK.commands, LIFTER_HABITS))))
    assert sent.prepare()
    assert not sent.prepare()
    assert sent("my back lifted", "my back is lifting")
    assert not sent("my back lifted", "ninety kilos")


def test_a_recogniser_that_only_begins_reads_no_commands() -> None:
    script = "import sys, coach.adapters.recognition.moonshine.recognizer; print('hassil' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == "False\n"
