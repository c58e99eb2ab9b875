"""A report of a mistake is answered with its correction, in a set and at rest."""

from __future__ import annotations

import pytest

from coach.content.schema import Group
from coach.dialogue.states import State
from coach.records import FaultReported, record_values
from lab.rigs.talk import PACK, Talk, prompt, spoken, talk_in

REPORTS = [name for name, group in PACK.groups.items() if group == Group.REPORT]


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_in_a_set(report: str) -> None:
    correction = PACK.corrections[report]
    talk = Talk().in_set("set.lowering", 2)
    said = talk.hears(spoken(report)[0])
    assert talk.state == "correcting"
    assert said == list(correction.now.say)
    assert record_values(talk.written(FaultReported)[0]) == {"what": report, "set": 1, "rep": 1, "phase": "lowering"}
    at = talk.now
    talk.wait(14)
    assert talk.heard_since(at) == [*correction.now.say, *correction.fix.say, prompt("correction.ask")]
    assert talk.state == "correcting", "the set waits for the lifter"
    assert talk.hears("why") == list(correction.why.say)
    talk.wait_until_quiet()
    intro = "resume.unrack" if correction.racked else "resume.intro"
    assert talk.hears("continue")[0] == prompt(intro, rep="two")
    talk.wait_for("set.pressing")


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "resting", "stopped", "finished"])
@pytest.mark.parametrize("report", REPORTS)
def test_every_report_at_rest(state: State, report: str) -> None:
    talk = talk_in(state)
    asks = [prompt("setup.ask")] if state == "setup" else []
    assert talk.hears(spoken(report)[0]) == [*PACK.corrections[report].fix.say, *asks]
    assert talk.outer_state == state
    talk.wait_until_quiet()
    assert talk.hears("why") == [*PACK.corrections[report].why.say, *asks]


def test_a_report_while_paused_is_corrected_before_the_set_goes_on() -> None:
    talk = talk_in("paused")
    at = talk.now
    talk.hears("my knees caved in")
    talk.wait(10)
    assert talk.outer_state == "correcting"
    assert talk.heard_since(at) == [PACK.corrections["KneesIn"].fix.say[0], prompt("correction.ask")]


def test_two_reports_one_after_the_other() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("my back lifted")
    talk.wait(10)
    at = talk.now
    talk.hears("my knees caved in")
    talk.wait(5)
    assert talk.heard_since(at) == [PACK.corrections["KneesIn"].fix.say[0], prompt("correction.ask")]
    assert talk.state == "correcting"
