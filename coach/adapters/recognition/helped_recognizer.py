"""A `Recognizer` that asks a second ear about uncertain finals: a recogniser on a machine with more power.

Law: every partial and every safety phrase of the local recogniser is reported at once and unchanged. A final that is
uncertain, and may be a command, waits for the second ear: at most `PATIENCE_SECONDS` of sound, and it is reported
before any newer hypothesis.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event as Flag
from typing import Protocol

import numpy as np

from coach.language.phrases import WordGraph
from coach.language.second_opinion import combined
from coach.language.transcripts import phrase_of
from coach.ports import Hypothesis, Pcm, Recognizer, Vocabulary

PATIENCE_SECONDS = 1.0
"""How long a final waits after the local recogniser's decision, which comes 0.2 to 0.8 s after the last word."""
FILE_PATIENCE_SECONDS = 10.0
"""How long a final waits if the sound comes from a file: the result must not depend on the speed of a server."""
SURE_CONFIDENCE, HOPELESS_CONFIDENCE = 0.8, 0.1
"""The second ear is not asked about a phrase with at least SURE_CONFIDENCE. It is not asked about a final without a
phrase whose `nearest` has less than HOPELESS_CONFIDENCE: so most of what others say in the room is not sent, and
somebody's "okay" is not accepted because both recognisers heard it."""
_LEAD_S = 0.3
"""Seconds of sound before the first word that are also sent."""
_SHORTEST_S, _LONGEST_S = 0.2, 8.5
"""Shortest and longest utterance that is sent, in seconds: a click is not a word, and the segmenter cuts after eight
seconds."""


@dataclass(slots=True)
class Question:
    """An utterance that the second ear was asked about."""

    answered: Flag
    """Set when `words` is final, also when the second ear gives no answer."""
    words: str | None = None
    """What the second ear wrote; None: it did not answer."""


class SecondEar(Protocol):
    """A recogniser of free speech that can be asked."""

    def ask(self, pcm: Pcm) -> Question | None:
        """Ask about samples at the local recogniser's rate, without waiting. None: it cannot be asked now."""

    def close(self) -> None:
        """Take no more questions."""


@dataclass(frozen=True, slots=True)
class _HeldFinal:
    final: Hypothesis
    question: Question
    until: int
    """Sample number at which the final is reported, with or without an answer."""


class HelpedRecognizer:
    """Owns the local recogniser, and has its name and rate."""

    def __init__(
        self,
        recognizer: Recognizer,
        second_ear: SecondEar,
        urgent: Iterable[str],
        alike: Callable[[str, str], bool],
        *,
        waits: bool = False,
    ) -> None:
        """`urgent`: safety phrases, which the second ear cannot change. `alike`: whether two phrases mean the same.

        `waits`: `hear` waits for the second ear, because the sound comes from a file, faster than it was spoken.
        """
        self.name = recognizer.name
        self.rate = recognizer.rate
        self._recognizer = recognizer
        self._second_ear = second_ear
        self._urgent = tuple(f" {phrase} " for phrase in urgent)
        self._alike = alike
        self._waits = waits
        self._graph: WordGraph | None = None
        self._vocabulary: Vocabulary | None = None
        self._clear_sound()

    def _clear_sound(self) -> None:
        self._kept_sound: deque[Pcm] = deque()
        self._kept_first = self._given = 0
        """Number of the first kept sample, and number of samples given in all."""
        self._held_final: _HeldFinal | None = None
        self._alarmed_utterance = 0
        """The last utterance in which a safety phrase was reported."""

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The recogniser's unknown words."""
        return self._recognizer.unknown_words(vocabulary)

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; also the second ear's answer for a waiting final is matched with them."""
        if vocabulary is not self._vocabulary:
            self._vocabulary, self._graph = vocabulary, None
        self._recognizer.listen_for(vocabulary)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """The recogniser's hypotheses, except finals that wait for the second ear."""
        self._kept_sound.append(pcm)
        self._given += len(pcm)
        # A recogniser that is behind may decide about sound that is older than the segmenter's longest utterance.
        while self._kept_first + len(self._kept_sound[0]) < self._given - round((2 * _LONGEST_S + _LEAD_S) * self.rate):
            self._kept_first += len(self._kept_sound.popleft())
        reported: list[Hypothesis] = []
        for hypothesis in self._recognizer.hear(pcm):
            if self._held_final is not None:
                reported.append(self._release(self._held_final))
            if not hypothesis.final and self._is_urgent(hypothesis.text):
                self._alarmed_utterance = hypothesis.utterance
            if not self._ask_second_ear(hypothesis):
                reported.append(hypothesis)
        held = self._held_final
        if held is not None and (held.question.answered.is_set() or self._given >= held.until):
            reported.append(self._release(held))
        return reported

    def reset(self) -> None:
        """Forget all sound, but keep the vocabulary."""
        self._recognizer.reset()
        self._clear_sound()

    def close(self) -> None:
        """Close the second ear and the recogniser."""
        self._second_ear.close()
        self._recognizer.close()

    def _ask_second_ear(self, final: Hypothesis) -> bool:
        """Ask the second ear about a final if its answer can matter; return whether it was asked."""
        if not final.final or final.utterance == self._alarmed_utterance or self._is_urgent(final.text):
            return False
        lowest, below = (0.0, SURE_CONFIDENCE) if final.text else (HOPELESS_CONFIDENCE, 1.0)
        if not (final.text or final.nearest) or not lowest <= final.confidence < below:
            return False
        first = max(0, round((final.began - _LEAD_S) * self.rate) - self._kept_first)
        last = round(final.at * self.rate) - self._kept_first
        if not _SHORTEST_S <= (last - first) / self.rate <= _LONGEST_S + _LEAD_S:
            return False
        question = self._second_ear.ask(np.concatenate(self._kept_sound)[first:last])
        if question is None:
            return False
        self._held_final = _HeldFinal(final, question, self._given + round(PATIENCE_SECONDS * self.rate))
        if self._waits:
            question.answered.wait(FILE_PATIENCE_SECONDS)
        return True

    def _release(self, held: _HeldFinal) -> Hypothesis:
        """Stop holding the final; return it, changed by the second ear's answer if there is one."""
        self._held_final = None
        # Hypotheses must be in the order of their times, so a final that waited gets the present time. With a file,
        # sound is given ahead of the decisions about it, and no newer hypothesis was reported: the time stays.
        final = held.final if self._waits else replace(held.final, at=self._given / self.rate)
        if not held.question.answered.is_set() or held.question.words is None or self._vocabulary is None:
            return final
        if self._graph is None:
            self._graph = WordGraph(self._vocabulary.automaton)
        phrase = phrase_of(held.question.words, self._graph)
        return combined(final, phrase, held.question.words, self._alike)

    def _is_urgent(self, text: str) -> bool:
        """Whether the text contains a safety phrase."""
        return any(phrase in f" {text} " for phrase in self._urgent)
