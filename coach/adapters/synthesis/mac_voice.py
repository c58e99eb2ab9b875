"""The Mac's own voice: the voice chosen in the Mac's settings, by pyttsx3's driver for it.

Not tried on a Mac: `tests/audio/test_mac_voice.py` runs it with a stand-in for the driver.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import metadata
from importlib.util import find_spec

from coach.adapters.synthesis.pyttsx3_synthesizer import Delivery, DriverVoice, Pyttsx3Synthesizer
from coach.commands import Manner
from coach.ports import VoiceError

RATE = 22050
"""Samples a second of the clips, whatever rate the voice writes."""
DELIVERIES: Mapping[Manner, Delivery] = {
    Manner.SENTENCE: Delivery(pace=165, loudness=-20),
    Manner.COUNT: Delivery(pace=180, loudness=-20, longest=0.5, top_pace=360),
    Manner.CUE: Delivery(pace=180, loudness=-22, longest=0.5, top_pace=360),
}


class MacSynthesizer(Pyttsx3Synthesizer):
    """Text to samples with the voice that the Mac's settings name. The engine starts with the first render."""

    def __init__(self) -> None:
        """Raises VoiceError when the Mac has no voice."""
        voice = _chosen_voice()
        driver_voice = DriverVoice(
            driver="nsss",
            voice_id=voice,
            rate=RATE,
            engine_name="the Mac's voice",
            prepare=lambda: None,
            identity=f"pyttsx3 {metadata.version('pyttsx3')} nsss {voice}",
            start_remedy="pip install pyobjc-framework-Cocoa",
            speak_remedy="choose another one in System Settings, Accessibility, Spoken Content",
            file_suffix="aiff",
        )
        super().__init__(driver_voice, DELIVERIES)


def is_available() -> bool:
    """Whether this is a Mac and Python's bridge to it (AppKit) is installed. Loads nothing."""
    return sys.platform == "darwin" and find_spec("AppKit") is not None


def _chosen_voice() -> str:
    """The id of the voice that the Mac's settings name."""
    from AppKit import NSSpeechSynthesizer  # noqa: PLC0415  (on a Mac only, and slow to load)

    voice = NSSpeechSynthesizer.defaultVoice()
    if not voice:
        raise VoiceError("this Mac has no voice: choose one in System Settings, Accessibility, Spoken Content")
    return str(voice)
