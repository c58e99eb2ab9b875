"""A `Recognizer` that asks a helper about what it is not sure of: another recogniser, on a machine with more power.

Law: what the own ear hears while somebody speaks, and every safety phrase, is told at once and as it is. Only a final
that is not sure, and may be a command, waits for the helper: `PATIENCE_SECONDS` of sound at most, and never behind
anything newer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event as Flag
from typing import Protocol

import numpy as np

from coach.language.phrases import WordGraph
from coach.language.second_opinion import settled
from coach.language.transcripts import phrase_of
from coach.ports import Hypothesis, Pcm, Recognizer, Vocabulary

PATIENCE_SECONDS = 1.0
"""From the own ear's decision, which comes 0.2 to 0.8 s after the last word."""
FILE_SECONDS = 10.0
"""For sound from a file, which waits: what is heard there shall not depend on how fast a server is."""
SURE, HOPELESS = 0.8, 0.1
"""Confidence from which nobody else is asked, and below which nothing was said that is live: most of what others say in
the room is not sent, and not believed because both ears heard somebody's "okay"."""
_ROOM_S = 0.3
"""Of sound before the first word that is sent along."""
_SHORTEST_S, _LONGEST_S = 0.2, 8.5
"""Of what is sent: a click is no word, and the segmenter cuts after eight seconds."""


@dataclass(slots=True)
class Question:
    """An utterance that a helper was asked about."""

    over: Flag
    """Set when there will be no more words."""
    words: str | None = None
    """What it wrote; None: it did not answer."""


class Helper(Protocol):
    """Hears any words."""

    def ask(self, pcm: Pcm) -> Question | None:
        """About these samples, at the recogniser's rate; does not wait. None: it cannot be asked now."""

    def close(self) -> None:
        """Ask no more."""


@dataclass(frozen=True, slots=True)
class _Held:
    final: Hypothesis
    question: Question
    until: int
    """Samples given, at which it is told whatever the helper does."""


class HelpedRecognizer:
    """Owns the recogniser; what it says of itself is the recogniser's."""

    def __init__(
        self,
        ears: Recognizer,
        helper: Helper,
        urgent: Iterable[str],
        alike: Callable[[str, str], bool],
        *,
        waits: bool = False,
    ) -> None:
        """`urgent`: phrases that the helper has no say in. `alike`: whether two phrases mean the same.

        `waits`: the sound comes from a file, faster than it was spoken; so `hear` waits for the helper.
        """
        self.name = ears.name
        self.rate = ears.rate
        self._ears = ears
        self._helper = helper
        self._urgent = tuple(f" {phrase} " for phrase in urgent)
        self._alike = alike
        self._waits = waits
        self._graph: WordGraph | None = None
        self._vocabulary: Vocabulary | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._kept: deque[Pcm] = deque()
        self._first = self._given = 0
        """Samples before those that are kept, and in all."""
        self._held: _Held | None = None
        self._alarmed = 0
        """The last utterance in which a safety phrase was told."""

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The recogniser's."""
        return self._ears.unknown_words(vocabulary)

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; a final that waits is settled with them."""
        if vocabulary is not self._vocabulary:
            self._vocabulary, self._graph = vocabulary, None
        self._ears.listen_for(vocabulary)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """As the recogniser, but for finals that wait."""
        self._keep(pcm)
        told: list[Hypothesis] = []
        for one in self._ears.hear(pcm):
            if self._held is not None:
                told.append(self._settled(self._held))
            if not one.final and self._is_urgent(one.text):
                self._alarmed = one.utterance
            if not self._asks(one):
                told.append(one)
        held = self._held
        if held is not None and (held.question.over.is_set() or self._given >= held.until):
            told.append(self._settled(held))
        return told

    def reset(self) -> None:
        """As new, but for the vocabulary."""
        self._ears.reset()
        self._begin_anew()

    def close(self) -> None:
        """Both of them."""
        self._helper.close()
        self._ears.close()

    def _keep(self, pcm: Pcm) -> None:
        self._kept.append(pcm)
        self._given += len(pcm)
        # A recogniser that is behind may still decide about what came before all of this.
        most = round((2 * _LONGEST_S + _ROOM_S) * self.rate)
        while self._first + len(self._kept[0]) < self._given - most:
            self._first += len(self._kept.popleft())

    def _asks(self, final: Hypothesis) -> bool:
        """Whether the helper was asked about it."""
        if not final.final or final.utterance == self._alarmed or self._is_urgent(final.text):
            return False
        least, most = (0.0, SURE) if final.text else (HOPELESS, 1.0)
        if not (final.text or final.guess) or not least <= final.confidence < most:
            return False
        first = max(0, round((final.began - _ROOM_S) * self.rate) - self._first)
        last = round(final.at * self.rate) - self._first
        if not _SHORTEST_S <= (last - first) / self.rate <= _LONGEST_S + _ROOM_S:
            return False
        question = self._helper.ask(np.concatenate(self._kept)[first:last])
        if question is None:
            return False
        self._held = _Held(final, question, self._given + round(PATIENCE_SECONDS * self.rate))
        if self._waits:
            question.over.wait(FILE_SECONDS)
        return True

    def _settled(self, held: _Held) -> Hypothesis:
        """The final as it is told now."""
        self._held = None
        # Nothing may lie before what was told last; a file's sound is ahead of what is decided about it.
        final = held.final if self._waits else replace(held.final, at=self._given / self.rate)
        if not held.question.over.is_set() or held.question.words is None or self._vocabulary is None:
            return final
        if self._graph is None:
            self._graph = WordGraph(self._vocabulary.automaton)
        phrase = phrase_of(held.question.words, self._graph)
        return settled(final, phrase, held.question.words, self._alike)

    def _is_urgent(self, text: str) -> bool:
        """Whether a safety phrase is among the words."""
        return any(phrase in f" {text} " for phrase in self._urgent)
