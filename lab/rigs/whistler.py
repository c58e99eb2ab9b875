"""A lifter who whistles: scripted conversations through the real Vosk engine, without a download."""

from __future__ import annotations

from pathlib import Path

from coach.rehearsal.performance import Performance, perform_audio
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.settings import Hearing
from coach.wiring import engines
from lab.rigs.tone import ToneLanguage, whistle, write_model

BREATH_S = 0.1
"""Seconds of silence before and after a whistled line, as in a recorded clip."""


class Whistler:
    """Holds a Vosk model of the coach's whole vocabulary, and of what bystanders say in these scripts."""

    def __init__(self, folder: Path, scripts: list[Script]) -> None:
        """Write the model into `folder`."""
        self._pack, self._grammar, _ = engines.exercise()
        self._clips = engines.voice(print)
        words = {word for _, _, word in self._grammar.vocabulary(self._grammar.intents).automaton.arcs}
        words |= {word for script in scripts for step in self._spoken(script) for word in step.text.split()}
        self._language = ToneLanguage.of(sorted(words))
        self._model = write_model(folder / "vosk-model-small-en-tone", self._language)
        self.complaints: list[str] = []

    def perform(self, script: Script) -> Performance:
        """Perform the script with every lifter's line whistled, heard by the recogniser that the product would use."""
        hears = engines.recognizer(Hearing("vosk", self._model), self._pack, self._grammar, self.complaints.append)
        everything = self._grammar.vocabulary(self._grammar.intents)
        engines.warn_of_unknown_words(hears, everything, self.complaints.append)
        clips = {
            step: whistle(step.text, self._language, before=BREATH_S, after=BREATH_S) for step in self._spoken(script)
        }
        try:
            return perform_audio(script, self._pack, self._grammar, hears, self._clips, clips)
        finally:
            hears.close()

    @staticmethod
    def _spoken(script: Script) -> list[Step]:
        return [step for step in script.steps if step.kind is StepKind.LIFTER]
