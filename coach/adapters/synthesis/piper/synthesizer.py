"""Piper as a voice: a network's speech, through pyttsx3 and the coach's own driver for it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

from coach.adapters.synthesis.piper import driver as piper_driver
from coach.adapters.synthesis.piper import voices as piper_voices
from coach.adapters.synthesis.piper.voices import PiperVoice
from coach.adapters.synthesis.pyttsx3_synthesizer import Delivery, DriverVoice, Pyttsx3Synthesizer
from coach.commands import Manner
from coach.ports import Clip, VoiceError

# Sentences: word errors at 5 dB are 17 % at 180 words a minute and 13 % at 150 to 165; in silence all paces are alike.
# Counts and cues are as slow as half a second allows. "rep twenty seven" takes 0.57 s at the top pace, the fastest at
# which a word is understood; no other number up to thirty takes longer.
DELIVERIES: Mapping[Manner, Delivery] = {
    Manner.SENTENCE: Delivery(pace=160, loudness=-20),
    Manner.COUNT: Delivery(pace=150, loudness=-20, longest=0.5, top_pace=400),
    Manner.CUE: Delivery(pace=160, loudness=-22, longest=0.5, top_pace=300),
}


class PiperSynthesizer(Pyttsx3Synthesizer):
    """Text to samples with a voice of Piper. The engine starts with the first render: 1 s and 130 MB, then 0.1 s for
    each second of speech. The same line always gives the same samples.
    """

    def __init__(self, voice: PiperVoice) -> None:
        """Raises VoiceError when the voice's files are damaged."""
        if finding := piper_voices.finding(voice):
            raise VoiceError(finding)
        self._piper_voice = voice
        self._checked = False
        size = voice.model.stat().st_size
        driver_voice = DriverVoice(
            driver=piper_driver.NAME,
            voice_id=str(voice.model),
            rate=piper_voices.sample_rate(voice),
            engine_name="Piper",
            prepare=piper_driver.register,
            identity=f"piper-tts {metadata.version('piper-tts')} {voice.name} {size}",
            start_remedy="pip install piper-tts",
            speak_remedy=voice.remedy,
        )
        super().__init__(driver_voice, DELIVERIES)

    def render(self, text: str, manner: Manner) -> Clip:
        """The whole line, trimmed and levelled; raises `VoiceError`."""
        if not self._checked:
            # A network with a few wrong bytes still speaks, but nobody understands it.
            if finding := piper_voices.verify(self._piper_voice):
                raise VoiceError(finding)
            self._checked = True
        return super().render(text, manner)
