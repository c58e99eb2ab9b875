"""Decides again what another recogniser heard: Moonshine reads the same sound over the live phrases.

Law: the other recogniser says when somebody spoke. This module decides which phrase it was, and whether it is believed.
The answer depends on the samples and the vocabulary.
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
from coach.language.sameness import Sameness
from coach.ports import Pcm, Vocabulary

FRAME = RATE // 50
"""Samples of a frame, 20 ms."""
NOTHING = Verdict("", 0.0)
_ROOM = 15
"""Frames without speech that are read before the first word: 0.3 s; Moonshine needs 0.2 s. The other
recogniser may have missed the utterance's beginning: it is looked for back to a pause of this length."""
_PAUSE = 7
"""Frames without speech, 0.14 s, after which the speaker has stopped."""
_WINDOW = 150
"""Frames, 3 s, that are read of a speaker who goes on: a safety phrase is shorter."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Sound of `FRAME` samples."""

    pcm: Pcm
    speech: bool = False
    """Whether somebody near the microphone speaks in this frame."""


class Judge:
    """Owns a reader, and the detector that says how long somebody spoke: the rule for belief needs that length."""

    def __init__(self, model: Path, urgent: Iterable[str], same: Sameness | None = None) -> None:
        """Load the model; `urgent` and `same` as for `Reader`. HearingError with the remedy."""
        self._urgent = tuple(urgent)
        self._reader = Reader(model, self._urgent, same)
        self._voicing = SileroNetwork()
        self.reset()

    def reset(self) -> None:
        """Forget all sound."""
        self._voicing.reset()
        self._detector = SpeechDetector(self._voicing, FRAME)

    def use(self, vocabulary: Vocabulary) -> None:
        """Judge by these phrases from now on."""
        self._reader.use(vocabulary)

    def hear(self, pcm: Pcm) -> Frame:
        """Take the next `FRAME` samples."""
        return Frame(pcm, self._detector.is_speech(pcm))

    def rest(self) -> None:
        """Use 3 ms of silence to look up phrases ahead."""
        self._reader.learn()

    def confirm(self, text: str, frames: Sequence[Frame], began: int, spoken: float) -> Verdict:
        """What was said, if its words are in `text`, which the other recogniser heard while somebody still speaks.

        A text that nothing acts on, such as half a phrase, is not read at all. The other arguments are as for `decide`.
        """
        if self._reader.ending(text) is Ending.WITHIN and not any(_holds(text, phrase) for phrase in self._urgent):
            return NOTHING
        goes_on = any(frame.speech for frame in frames[-_PAUSE:])
        verdict = self._read(frames, began, spoken, goes_on)
        return verdict if _holds(text, verdict.text) else NOTHING

    def decide(self, frames: Sequence[Frame], began: int, spoken: float) -> Verdict:
        """What was said at the end of these frames.

        The other recogniser's first word begins with frame `began`, and its words take `spoken` seconds.
        """
        return self._read(frames, began, spoken)

    def _read(self, frames: Sequence[Frame], began: int, spoken: float, goes_on: bool = False) -> Verdict:
        while any(frame.speech for frame in frames[max(0, began - _ROOM) : began]):
            began -= 1
        first = max(0, began - _ROOM)
        frames = frames[max(first, len(frames) - _WINDOW) if goes_on else first :]
        speech = [place for place, frame in enumerate(frames) if frame.speech]
        if speech:
            spoken = (speech[-1] - speech[0] + 1) * FRAME / RATE
        return self._reader.read(np.concatenate([frame.pcm for frame in frames]), spoken, goes_on=goes_on)


def _holds(text: str, phrase: str) -> bool:
    """Whether the text contains the words of the phrase."""
    return f" {phrase} " in f" {text} "
