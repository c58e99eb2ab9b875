"""An exercise that is only a folder: in real speech through the real recogniser."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach import wiring
from coach.settings import Engine, Hearing

SCRIPT = Path(__file__).parent.parent / "packs" / "calf_raise" / "conversations" / "audio" / "bounced.yaml"


@pytest.mark.audio
def test_it_goes_as_written() -> None:
    _, played = wiring.Rehearsals(True, Hearing(Engine.POCKETSPHINX), pytest.fail).perform(SCRIPT, recording=False)
    assert played.failure is None, str(played.failure)
