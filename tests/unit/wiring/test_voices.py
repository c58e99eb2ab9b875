"""The table of voices: what is chosen, and what is said about a missing or damaged voice."""

from __future__ import annotations

from typing import NoReturn

import pytest

from coach.adapters.synthesis.piper import voices as piper_voices
from coach.ports import VoiceError
from coach.settings import AUTO
from coach.wiring import voices


class TestVoices:
    def test_names_are_of_the_table(self) -> None:
        assert voices.names() == [AUTO, *(row.name for row in voices.voices())]
        assert {"espeak", piper_voices.BUNDLED} <= set(voices.names())

    @pytest.mark.parametrize("name", voices.names())
    def test_each_is_made_by_its_name(self, name: str) -> None:
        chosen = voices.choose(name, pytest.fail)
        assert name in (AUTO, chosen.name)
        assert chosen.engine.rate > 0
        assert (chosen.make_spare is None) == (chosen.name == "espeak")
        assert chosen.make_spare is None or chosen.make_spare().rate == chosen.engine.rate

    def test_a_wrong_name_is_one_line(self) -> None:
        with pytest.raises(VoiceError, match=r"^no voice 'hal': choose of auto, .*espeak, or fetch one"):
            voices.choose("hal", pytest.fail)

    @pytest.mark.parametrize("name", [AUTO, "hal"])
    def test_espeak_speaks_for_a_damaged_voice(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def damaged() -> NoReturn:
            raise VoiceError("the voice hal is damaged: fetch it again")

        monkeypatch.setattr(voices, "voices", lambda: [voices.VoiceRow("hal", damaged), voices.ESPEAK])
        warnings: list[str] = []
        assert voices.choose(name, warnings.append).name == "espeak"
        assert warnings == ["the voice hal is damaged: fetch it again; until then espeak speaks"]
