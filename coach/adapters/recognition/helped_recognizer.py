"""A `Recognizer` that asks a helper about finals it is not sure of: another recogniser, on a machine with more power.

Law: what the own recogniser hears while somebody speaks, and every safety phrase, is reported at once and unchanged.
Only a final that is not sure, and may be a command, waits for the helper: `PATIENCE_SECONDS` of sound at most, and
never behind anything newer.
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
"""How long a final waits, counted from the own recogniser's decision, which comes 0.2 to 0.8 s after the last word."""
FILE_SECONDS = 10.0
"""How long a final waits in sound from a file: what is heard there must not depend on how fast a server is."""
SURE, HOPELESS = 0.8, 0.1
"""From the confidence SURE on the helper is not asked about a phrase. Below HOPELESS nothing was said that is live:
most of what others say in the room is not sent, and is not believed because both recognisers heard somebody's
"okay"."""
_ROOM_S = 0.3
"""Seconds of sound before the first word that are sent too."""
_SHORTEST_S, _LONGEST_S = 0.2, 8.5
"""Shortest and longest utterance that is sent, in seconds: a click is not a word, and the segmenter cuts after eight
seconds."""


@dataclass(slots=True)
class Question:
    """An utterance that a helper was asked about."""

    answered: Flag
    """Set when no more words will come."""
    words: str | None = None
    """What the helper wrote; None: it did not answer."""


class Helper(Protocol):
    """A recogniser of free speech that can be asked."""

    def ask(self, pcm: Pcm) -> Question | None:
        """Ask about these samples, at the recogniser's rate; does not wait. None: the helper cannot be asked now."""

    def close(self) -> None:
        """Take no more questions."""


@dataclass(frozen=True, slots=True)
class _Held:
    final: Hypothesis
    question: Question
    until: int
    """Number of samples given at which the final is reported, whatever the helper does."""


class HelpedRecognizer:
    """Owns the recogniser; the name and rate are the recogniser's."""

    def __init__(
        self,
        ears: Recognizer,
        helper: Helper,
        urgent: Iterable[str],
        alike: Callable[[str, str], bool],
        *,
        waits: bool = False,
    ) -> None:
        """`urgent`: phrases that the helper cannot change. `alike`: whether two phrases mean the same.

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
        """Samples before those that are kept, and samples in all."""
        self._held: _Held | None = None
        self._alarmed = 0
        """The last utterance in which a safety phrase was reported."""

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The recogniser's unknown words."""
        return self._ears.unknown_words(vocabulary)

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; a final that waits is settled with these phrases too."""
        if vocabulary is not self._vocabulary:
            self._vocabulary, self._graph = vocabulary, None
        self._ears.listen_for(vocabulary)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """The recogniser's hypotheses, except finals that wait for the helper."""
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
        if held is not None and (held.question.answered.is_set() or self._given >= held.until):
            told.append(self._settled(held))
        return told

    def reset(self) -> None:
        """Forget all sound, but keep the vocabulary."""
        self._ears.reset()
        self._begin_anew()

    def close(self) -> None:
        """Close the helper and the recogniser."""
        self._helper.close()
        self._ears.close()

    def _keep(self, pcm: Pcm) -> None:
        self._kept.append(pcm)
        self._given += len(pcm)
        # A recogniser that is behind may still decide about older sound than the segmenter's longest utterance.
        most = round((2 * _LONGEST_S + _ROOM_S) * self.rate)
        while self._first + len(self._kept[0]) < self._given - most:
            self._first += len(self._kept.popleft())

    def _asks(self, final: Hypothesis) -> bool:
        """Ask the helper about this final if its answer can matter; return whether it was asked."""
        if not final.final or final.utterance == self._alarmed or self._is_urgent(final.text):
            return False
        least, most = (0.0, SURE) if final.text else (HOPELESS, 1.0)
        if not (final.text or final.nearest) or not least <= final.confidence < most:
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
            question.answered.wait(FILE_SECONDS)
        return True

    def _settled(self, held: _Held) -> Hypothesis:
        """The final with the helper's answer, as it is reported now."""
        self._held = None
        # No hypothesis may lie before the last one that was reported. A file's sound is given ahead of the decisions
        # about it, so the time stays there.
        final = held.final if self._waits else replace(held.final, at=self._given / self.rate)
        if not held.question.answered.is_set() or held.question.words is None or self._vocabulary is None:
            return final
        if self._graph is None:
            self._graph = WordGraph(self._vocabulary.automaton)
        phrase = phrase_of(held.question.words, self._graph)
        return settled(final, phrase, held.question.words, self._alike)

    def _is_urgent(self, text: str) -> bool:
        """Whether the text contains a safety phrase."""
        return any(phrase in f" {text} " for phrase in self._urgent)
