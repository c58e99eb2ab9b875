"""Joins lines from parts that were rendered ahead, at the pace that the lifter wants.

Law: a part is rendered at the usual pace, so a change of pace needs no engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from coach.adapters.synthesis.clip_store import ClipStore
from coach.audio.onset import audible_onset
from coach.audio.pace import paced
from coach.commands import Manner
from coach.language.speech_parts import parts
from coach.ports import Clip


class JoinedLines:
    """A `Synthesizer` on the clip store. Any thread may ask."""

    def __init__(self, store: ClipStore) -> None:
        self.rate = store.rate
        self._store = store
        self._percent = 100

    def render(self, text: str, manner: Manner) -> Clip:
        """The line's clip; raises `VoiceError`. A count or a cue is a single part, and its pace never changes."""
        if manner is not Manner.SENTENCE:
            return self._store.render(text, manner)
        pieces = []
        for part in parts(text):
            pieces += [self._store.render(part.text, manner).pcm, np.zeros(round(part.pause * self.rate), np.int16)]
        pcm = paced(np.concatenate(pieces), self.rate, self._percent)
        return Clip(pcm, self.rate, audible_onset(pcm, self.rate))

    def has(self, text: str, manner: Manner) -> bool:
        """Whether the line can be joined without the engine."""
        return all(self._store.has(part, manner) for part in _part_texts(text, manner))

    def set_pace(self, percent: int) -> None:
        """Speak sentences at this percentage of their usual speed."""
        self._percent = percent

    def prepare(
        self,
        lines: Iterable[tuple[str, Manner]],
        stop: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        """Make these lines ready; ends early when `stop` returns True. `progress` gets done and total."""
        parts_of_lines = ((part, manner) for text, manner in lines for part in _part_texts(text, manner))
        self._store.prepare(parts_of_lines, stop, progress)


def _part_texts(text: str, manner: Manner) -> list[str]:
    return [part.text for part in parts(text)] if manner is Manner.SENTENCE else [text]
