"""The scripted conversations all together: what they cover. Each is a test of its own, made by
`coach.pytest_plugin`.
"""

from __future__ import annotations

import pytest

from coach.dialogue.states import all_moves
from coach.ports import Observed
from coach.rehearsal.performance import perform_text
from coach.rehearsal.scripts.faults import InjectedFault
from coach.rehearsal.scripts.script import Script, StepKind, read_script
from coach.snapshot import Snapshot
from coach.wiring.inspection import setup_steps
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.talk import GRAMMAR, PACK, USUAL

FILES = sorted(file for file in CONVERSATIONS.rglob("*.yaml") if "audio" not in file.parts)
SCRIPTS = {str(file.relative_to(CONVERSATIONS).with_suffix("")): read_script(file, USUAL) for file in FILES}

NOT_SAID: set[str] = {"WhatCatches", "WhichWayToes"}
"""Intents that no conversation holds yet."""


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_same_script_gives_the_same_answer(name: str) -> None:
    one, other = (perform_text(SCRIPTS[name], PACK, GRAMMAR).entries for _ in range(2))
    assert one == other


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 15


def test_every_intent_is_said_in_some_conversation() -> None:
    said = set()
    for script in SCRIPTS.values():
        for step in script.steps:
            if step.kind is StepKind.LIFTER:
                meant = GRAMMAR.understand(step.text, GRAMMAR.intents)
                said |= {meant.name} if meant else set()
    assert GRAMMAR.intents - said == NOT_SAID


def test_every_fault_happens_in_some_conversation() -> None:
    happened = {step.text for script in SCRIPTS.values() for step in script.steps if step.kind is StepKind.FAULT}
    assert happened == {fault.value for fault in InjectedFault}


def states_of(script: Script) -> set[str]:
    """Every state that the script's conversation is in after an event."""
    seen: set[str] = set()

    def note(observed: Observed) -> None:
        if isinstance(observed, Snapshot):
            seen.add(observed.state)

    perform_text(script, PACK, GRAMMAR, observers=[note])
    return seen


def test_every_state_occurs_in_some_conversation() -> None:
    seen = {state for script in SCRIPTS.values() for state in states_of(script)}
    children = {target for _, source, target in all_moves(setup_steps())}
    assert children - seen == set()


def test_reports_in_the_set_are_made_in_the_set() -> None:
    """The story says that every report halts the count. The fault: from the third report on the workout was over."""
    folder = CONVERSATIONS
    script = read_script(folder / "reports_in_the_set.yaml", USUAL)
    told = {step.text.split("what=")[1].split()[0] for step in script.steps if step.text.startswith("correction ")}
    assert told == PACK.corrections.keys()
