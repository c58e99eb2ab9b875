"""The Mac's voice with a stand-in for pyttsx3's driver, which writes AIFF to a path and finishes some time later."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from coach.adapters.synthesis import mac_voice, pyttsx3_synthesizer
from coach.adapters.synthesis.mac_voice import MacSynthesizer
from coach.audio.loudness import loudness
from coach.commands import Manner
from coach.ports import VoiceError
from coach.wiring import voices

VOICE = "com.apple.voice.compact.en-US.Samantha"
ITS_RATE = 16_000


class StandIn:
    """Does what pyttsx3's driver for the Mac does, with a tone of a tenth of a second for every letter."""

    spoken: list[tuple[str, str, int]]

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._properties: dict[str, Any] = {}

    def startLoop(self) -> None:  # noqa: N802  (pyttsx3's names)
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802
        pass

    def stop(self) -> None:
        pass

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        self._properties[name] = value

    def save_to_file(self, text: str, filename: str) -> None:
        self._proxy.setBusy(True)
        assert not isinstance(filename, io.BytesIO), "the Mac's wants a path"
        letters = sum(map(str.isalnum, text))
        seconds = 0.1 * letters * 170 / self._properties["rate"]
        tone = 0.3 * np.sin(np.arange(round(seconds * ITS_RATE)) * 2 * np.pi * 220 / ITS_RATE)
        if text != "nothing is written":
            soundfile.write(filename, tone, ITS_RATE, format="AIFF", subtype="PCM_16")
        StandIn.spoken.append((text, self._properties["voice"], self._properties["rate"]))
        self._proxy.notify("finished-utterance", completed=True)
        self._proxy.setBusy(False)


@pytest.fixture
def a_mac(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    driver = ModuleType("pyttsx3.drivers.nsss")
    driver.buildDriver = StandIn  # type: ignore[attr-defined]
    kit = ModuleType("AppKit")
    kit.NSSpeechSynthesizer = SimpleNamespace(defaultVoice=lambda: VOICE)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, driver.__name__, driver)
    monkeypatch.setitem(sys.modules, "AppKit", kit)
    monkeypatch.setattr(mac_voice, "is_available", lambda: True)
    monkeypatch.setattr(StandIn, "spoken", [], raising=False)
    yield
    pyttsx3_synthesizer._ENGINES.pop("nsss", None)


@pytest.mark.usefixtures("a_mac")
def test_what_the_driver_writes_is_a_clip_like_any_other() -> None:
    clip = MacSynthesizer().render("Back flat.", Manner.SENTENCE)
    assert StandIn.spoken == [("Back flat.", VOICE, 165)]
    assert clip.rate == mac_voice.RATE
    assert len(clip.pcm) / clip.rate == pytest.approx(0.8 * 170 / 165, abs=0.02)
    assert loudness(clip.pcm, clip.rate) == pytest.approx(-20, abs=0.5)


@pytest.mark.usefixtures("a_mac")
def test_a_count_is_hurried_into_half_a_second() -> None:
    clip = MacSynthesizer().render("hurry up", Manner.COUNT)
    assert len(clip.pcm) / clip.rate <= 0.51
    assert StandIn.spoken[-1][2] > 180


@pytest.mark.usefixtures("a_mac")
def test_a_driver_that_writes_nothing_is_one_line_with_the_remedy() -> None:
    with pytest.raises(VoiceError, match=r"the Mac's voice cannot speak as .*System Settings"):
        MacSynthesizer().render("nothing is written", Manner.SENTENCE)


@pytest.mark.usefixtures("a_mac")
def test_on_a_mac_it_can_be_named_and_stands_before_espeak() -> None:
    assert voices.names()[-2:] == ["mac", "espeak"]
    assert isinstance(voices.choose("mac", pytest.fail).engine, MacSynthesizer)
    assert "mac" in [voice.name for voice in voices.installed()]


def test_elsewhere_there_is_none() -> None:
    assert "mac" not in voices.names() or sys.platform == "darwin"
