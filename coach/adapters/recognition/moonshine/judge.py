"""Decides again what another recogniser heard: Moonshine reads the same sound and searches the live phrases.

Law: the other recogniser says when somebody spoke. This module decides which phrase was said, and whether it is
accepted. The answer depends only on the samples and the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.recognition.moonshine.model import RATE
from coach.adapters.recognition.moonshine.reader import Reader, Verdict
from coach.adapters.recognition.silero import SileroNetwork
from coach.audio.speech_detector import SpeechDetector
from coach.language.phrases import Ending
from coach.language.same_meaning import SameMeaning
from coach.ports import Pcm, Vocabulary

FRAME = RATE // 50
"""Samples of a frame, 20 ms."""
NO_PHRASE = Verdict("", 0.0)
_LEAD_FRAMES = 15
"""Frames without speech that are read before the first word: 0.3 s; Moonshine needs 0.2 s. The other recogniser may
have missed the utterance's beginning, so it is searched backwards to a pause of this length."""
_PAUSE_FRAMES = 7
"""Frames without speech, 0.14 s, after which the speaker has stopped."""
_WINDOW_FRAMES = 150
"""Frames, 3 s, that are read while somebody still speaks: a safety phrase is shorter."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Sound of `FRAME` samples."""

    pcm: Pcm
    is_speech: bool = False
    """Whether somebody near the microphone speaks in this frame."""


class Judge:
    """Owns a reader, and the detector that says how long somebody spoke: the acceptance rule needs that length."""

    def __init__(self, model: Path, urgent: Iterable[str], same: SameMeaning | None = None) -> None:
        """Load the model; `urgent` and `same` as for `Reader`. HearingError with the remedy."""
        self._urgent = tuple(urgent)
        self._reader = Reader(model, self._urgent, same)
        self._network = SileroNetwork()
        self.reset()

    def reset(self) -> None:
        """Forget all sound."""
        self._network.reset()
        self._detector = SpeechDetector(self._network, FRAME)

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Judge by these phrases from now on."""
        self._reader.listen_for(vocabulary)

    def hear(self, pcm: Pcm) -> Frame:
        """Take the next `FRAME` samples."""
        return Frame(pcm, self._detector.is_speech(pcm))

    def use_silence(self) -> None:
        """Look up phrases ahead for 3 ms, while nobody speaks."""
        self._reader.learn()

    def confirm(self, text: str, frames: Sequence[Frame], word_frame: int, spoken: float) -> Verdict:
        """The verdict while somebody still speaks; `NO_PHRASE` unless `text`, the other recogniser's partial, holds it.

        A text that nothing acts on, such as half a phrase, is not read at all. Other arguments: see `decide`.
        """
        if self._reader.ending(text) is Ending.WITHIN and not any(_contains(text, phrase) for phrase in self._urgent):
            return NO_PHRASE
        goes_on = any(frame.is_speech for frame in frames[-_PAUSE_FRAMES:])
        verdict = self.decide(frames, word_frame, spoken, goes_on)
        return verdict if _contains(text, verdict.text) else NO_PHRASE

    def decide(self, frames: Sequence[Frame], word_frame: int, spoken: float, goes_on: bool = False) -> Verdict:
        """The verdict about the utterance that ends with these frames, or goes on.

        The other recogniser's first word begins in frame `word_frame`, and its words take `spoken` seconds.
        """
        while any(frame.is_speech for frame in frames[max(0, word_frame - _LEAD_FRAMES) : word_frame]):
            word_frame -= 1
        first = max(0, word_frame - _LEAD_FRAMES)
        frames = frames[max(first, len(frames) - _WINDOW_FRAMES) if goes_on else first :]
        speech = [index for index, frame in enumerate(frames) if frame.is_speech]
        if speech:
            spoken = (speech[-1] - speech[0] + 1) * FRAME / RATE
        return self._reader.read(np.concatenate([frame.pcm for frame in frames]), spoken, goes_on=goes_on)


def _contains(text: str, phrase: str) -> bool:
    """Whether the text contains the words of the phrase."""
    return f" {phrase} " in f" {text} "
