"""A performance that is written down is a script that performs the same again."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.rehearsal.performance import perform_text
from coach.rehearsal.scripts.comments import comments_of
from coach.rehearsal.scripts.script import Script, read_script
from coach.rehearsal.scripts.transcript import COACH, COUNT, FAULT, JOURNAL, LIFTER, Entry, script_text, transcript_text
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.talk import GRAMMAR, PACK, USUAL

reproducibly = settings(derandomize=True, deadline=None, database=None)

ENTRIES = [
    Entry(0.09, COACH, "Say set up, or start set."),
    Entry(4.34, LIFTER, "start set"),
    Entry(8.75, COUNT, "three"),
    Entry(9.75, COUNT, "two", cut=0.2),
    Entry(9.9, LIFTER, "stop"),
    Entry(9.9, JOURNAL, "stop set=1 rep=0"),
    Entry(12.0, FAULT, "microphone lost"),
    Entry(13.0, FAULT, "recogniser stalls", seconds=2.5),
    Entry(65.0, COUNT, "one"),
    Entry(66.5, COUNT, "lower"),
    Entry(67.5, COUNT, "two"),
]


def test_a_script_of_these_entries() -> None:
    assert script_text(ENTRIES, {"story": 'He said "no"', "plan": {"reps": 3}}) == (
        'story: "He said \\"no\\""\n'
        'plan: {"reps": 3}\n'
        "script:\n"
        '  - {at: 0.090, coach: "Say set up, or start set."}\n'
        '  - {at: 4.340, lifter: "start set"}\n'
        '  - {at: 8.750, counts: "three, two", cut: 0.200}\n'
        '  - {at: 9.900, lifter: "stop"}\n'
        '  - {at: 9.900, journal: "stop set=1 rep=0"}\n'
        '  - {at: 12.000, fault: "microphone lost"}\n'
        '  - {at: 13.000, fault: "recogniser stalls", seconds: 2.5}\n'
        '  - {at: 65.000, counts: "one"}\n'
        '  - {at: 66.500, counts: "lower, two"}\n'
    )


def test_the_same_for_people() -> None:
    assert transcript_text(ENTRIES) == (
        " 0:00.090  coach   Say set up, or start set.\n"
        " 0:04.340  lifter  start set\n"
        " 0:08.750  count   three  two  [cut after 0.20 s]\n"
        " 0:09.900  lifter  stop\n"
        " 0:09.900  journal stop set=1 rep=0\n"
        " 0:12.000  fault   microphone lost\n"
        " 0:13.000  fault   recogniser stalls  [2.5 s]\n"
        " 1:05.000  count   one\n"
        " 1:06.500  count   lower  two\n"
    )


@reproducibly
@given(st.text(st.sampled_from(string.printable[:95] + "äŽ…“”"), min_size=1, max_size=40))
def test_any_text_comes_back_from_the_file(text: str) -> None:
    read = yaml.safe_load(script_text([Entry(1.0, COACH, text)], {"story": text}))
    assert read == {"story": text, "script": [{"at": 1.0, "coach": text}]}


def script_from(folder: Path, text: str) -> Script:
    file = folder / "talk.yaml"
    file.write_text(text, encoding="utf-8")
    return read_script(file, USUAL)


@pytest.mark.parametrize(
    "file",
    sorted([*CONVERSATIONS.glob("*.yaml"), *(CONVERSATIONS / "faults").glob("*.yaml")]),
    ids=lambda file: file.stem,
)
def test_what_was_performed_performs_the_same_again(tmp_path: Path, file: Path) -> None:
    script = read_script(file, USUAL)
    played = perform_text(script, PACK, GRAMMAR)
    again = perform_text(script_from(tmp_path, script_text(played.entries, script.head)), PACK, GRAMMAR)
    assert again.failure is None, str(again.failure)
    assert again.entries == played.entries
    assert script_text(again.entries, script.head) == script_text(played.entries, script.head)


def test_a_recording_of_the_lifters_lines_is_a_script(tmp_path: Path) -> None:
    """Write the lifter's lines, record the coach's lines, and the file performs by itself."""
    wanted = script_from(
        tmp_path,
        "story: x\nplan: {reps: 2, sets: 1}\nscript:\n"
        "  - lifter: start set\n  - {lifter: how deep, at: 14.2}\n  - {lifter: stop, at: 40}\n  - silent: 3\n",
    )
    recorded = perform_text(wanted, PACK, GRAMMAR, recording=True)
    assert recorded.failure is None
    assert [entry.text for entry in recorded.entries if entry.who == LIFTER] == ["start set", "how deep", "stop"]
    script = script_from(tmp_path, script_text(recorded.entries, wanted.head))
    again = perform_text(script, PACK, GRAMMAR)
    assert again.failure is None, str(again.failure)
    shown = recorded.entries[: len(again.entries)]
    assert again.entries == shown


def test_a_recording_does_not_look_at_the_coachs_old_lines(tmp_path: Path) -> None:
    old = script_from(tmp_path, "story: x\nscript:\n  - coach: Something else.\n  - {lifter: set up, at: 6}\n")
    assert perform_text(old, PACK, GRAMMAR).failure is not None
    recorded = perform_text(old, PACK, GRAMMAR, recording=True)
    assert recorded.failure is None
    assert [entry.who for entry in recorded.entries] == [COACH, LIFTER, COACH]


def test_an_edit_moves_what_follows(tmp_path: Path) -> None:
    script = read_script(CONVERSATIONS / "stop.yaml", USUAL)
    later = [replace(step, at=(step.at or 0) + 2.0) if step.text == "continue" else step for step in script.steps]
    moved = replace(script, steps=tuple(later))
    failure = perform_text(moved, PACK, GRAMMAR).failure
    assert failure is not None
    recorded = perform_text(moved, PACK, GRAMMAR, recording=True)
    edited = script_from(tmp_path, script_text(recorded.entries, script.head))
    assert perform_text(edited, PACK, GRAMMAR).failure is None


def test_what_only_looks_like_a_comment_is_none(tmp_path: Path) -> None:
    text = 'story: "a # b"\nscript:\n  - lifter: >-\n      start\n      set\n  - {lifter: "end\n      workout"} # c#d\n'
    file = tmp_path / "talk.yaml"
    file.write_text(text)
    found = comments_of(text, read_script(file, USUAL))
    assert found.head == []
    assert [*found.before.values(), *found.beside.values()] in ([["# c#d"]], ["# c#d"])
