"""`coach commands`, `check` and `diagram`."""

from __future__ import annotations

import pytest

from coach import cli
from lab.rigs.folders import CALF_RAISE


def test_commands_are_listed_by_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["commands", "--state", "set"]) == 0
    listed = capsys.readouterr().out
    assert "Stop: stop" in listed
    assert "SkipRest" not in listed
    assert cli.main(["commands", "--state", "sett"]) == 2


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
