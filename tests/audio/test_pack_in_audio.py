"""An exercise that is only a folder: in real speech through the real recogniser, and checked against a
model's words.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from coach import cli
from coach.settings import Hearing
from coach.wiring import engines, rehearsing
from coach.wiring.recognizers import EMBEDDED
from lab.rigs.folders import CALF_RAISE, PACKS
from lab.rigs.tone import ToneLanguage, write_model

SCRIPTS = sorted(PACKS.glob("*/conversations/audio/*.yaml"))


@pytest.mark.audio
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_it_goes_as_written(script: Path) -> None:
    _, played = rehearsing.Rehearsals(True, Hearing(EMBEDDED), pytest.fail).perform(script, recording=False)
    assert played.failure is None, str(played.failure)


def test_words_that_a_vosk_model_lacks_are_warned_of_and_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    _, grammar, _ = engines.exercise(CALF_RAISE)
    words = {word for _, _, word in grammar.vocabulary(grammar.intents).automaton.arcs}
    model = write_model(tmp_path / "vosk-model-small-en-tone", ToneLanguage.of(sorted(words - {"stayed"})))
    assert cli.main(["check", str(CALF_RAISE), "--model", str(model)]) == 0
    warning, verdict = capsys.readouterr().out.splitlines()
    assert (
        "commands.yaml:27: intents.NotLow.data[0].sentences[0]: warning: 'stayed' is not in the Vosk model" in warning
    )
    assert verdict == f"{CALF_RAISE}: good"
