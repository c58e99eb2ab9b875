"""Turns a piece of sound into one of the live phrases, or none: Moonshine's search and the acceptance rule.

Law: the verdict depends on the sound and the phrases alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np

from coach.adapters.recognition.moonshine.model import RATE, MoonshineModel
from coach.adapters.recognition.moonshine.search import TOKENS_A_SECOND, WIDTHS, Candidate, Kind, Reading, Search
from coach.language.acceptance import Evidence, Question, content_words, denies_next, without_repetition
from coach.language.phrases import Ending, WordGraph, automaton
from coach.language.pieces import END_TOKEN
from coach.language.same_meaning import SameMeaning
from coach.language.token_net import TokenNet
from coach.ports import Automaton, Hypothesis, Pcm, Vocabulary

_MAX_VOCABULARIES = 16
"""Number of vocabularies whose nets are kept: a workout has nine states, each with and without a question."""
_MAX_LEARNT = 1500
"""Most prefixes of phrases that are looked up ahead in the prior; a set's 380 phrases have about 1,000."""
_LOOK_WIDTH = 4
"""Most rows of live phrases in a look. A reading that decides an utterance has more: see `WIDTHS`."""
_ACCEPTED = 0.5
"""Probability from which a phrase is accepted."""
_UNHEARD = 2.0
"""A phrase that a reading did not find is assumed to be less likely, by this many nats, than all phrases that the
reading found."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The phrase that was probably said in a piece of sound."""

    text: str
    """The accepted phrase; empty: no phrase is accepted."""
    confidence: float
    """Probability from 0 to 1 that the phrase, or `nearest`, was said."""
    nearest: str = ""
    """The likeliest phrase if no phrase is accepted."""
    reason: str = ""
    """Why `nearest` is not accepted, for people."""
    free_text: str = ""
    """The likeliest text of any words, if no phrase is accepted."""

    def hypothesis(self, utterance: int, began: float, ended: float, at: float, *, final: bool) -> Hypothesis:
        """The verdict about this utterance as a partial or a final, decided at `at`; times in seconds."""
        free_text = self.free_text if final else ""
        return Hypothesis(
            utterance, self.text, began, at, self.confidence, final, self.nearest, self.reason, free_text, ended
        )


@dataclass(slots=True)
class _LivePhrases:
    nets: dict[Kind, TokenNet]
    graph: WordGraph
    """The phrases, and the words that people say around them."""
    alone: WordGraph
    """The phrases without the words that people say around them."""
    learning: Iterator[None] = field(default_factory=lambda: iter(()))
    """Looks up the phrases' prior ahead, a few milliseconds at each step."""


@lru_cache(maxsize=1)
def load_search(folder: Path, cache: Path | None = None) -> Search:
    """The model, ready to search with; loading takes 0.3 s. It keeps nothing of what was heard, so it is cached."""
    model = MoonshineModel(folder)
    return Search(model, cache and cache / f"prior-1-{model.fingerprint}.npz")


class Reader:
    """Owns the model and the nets of the vocabularies."""

    def __init__(
        self, folder: Path, urgent: Iterable[str], same: SameMeaning | None = None, cache: Path | None = None
    ) -> None:
        """Load the model; HearingError with the remedy.

        `urgent`: safety phrases, accepted even among other words. `same`: says which phrases mean the same; None: those
        with the same content words do. `cache`: folder for what was looked up, 1 MB.
        """
        self._search = load_search(folder, cache)
        self._model = self._search.model
        self._urgent = frozenset(urgent)
        self._same = same
        self._recent_phrases: dict[Automaton, _LivePhrases] = {}
        self._phrases: _LivePhrases | None = None

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Read these phrases from now on."""
        graph = vocabulary.automaton
        phrases = self._recent_phrases.pop(graph, None) or self._make_phrases(vocabulary)
        self._recent_phrases[graph] = self._phrases = phrases
        if len(self._recent_phrases) > _MAX_VOCABULARIES:
            del self._recent_phrases[next(iter(self._recent_phrases))]

    def _make_phrases(self, vocabulary: Vocabulary) -> _LivePhrases:
        graph = WordGraph(vocabulary.automaton)
        alone = graph if vocabulary.phrases_only is None else WordGraph(vocabulary.phrases_only)
        pieces = self._model.pieces
        new = _LivePhrases({Kind.LIVE: TokenNet(vocabulary.phrases_only or vocabulary.automaton, pieces)}, graph, alone)
        if vocabulary.phrases_only not in (None, vocabulary.automaton):
            new.nets[Kind.AROUND] = TokenNet(vocabulary.automaton, pieces)
        phrases = [tuple(text.split()) for text in sorted(self._urgent)]
        urgent = [words for words in phrases if graph.ending(words) is not Ending.WITHIN]
        if urgent:
            new.nets[Kind.URGENT] = TokenNet(automaton(urgent), pieces)
        nets = [new.nets[kind] for kind in (Kind.URGENT, Kind.LIVE) if kind in new.nets]
        new.learning = chain.from_iterable(self._search.prior.learn(net, _MAX_LEARNT) for net in nets)
        return new

    def learn(self) -> None:
        """Look up some phrases ahead, 3 ms (0.3 s once), so that this work need not be done while somebody speaks."""
        if self._same is not None and self._same.prepare():
            return
        if self._phrases is not None:
            next(self._phrases.learning, None)
            self._search.prior.save()

    def close(self) -> None:
        """Write what was looked up to the disk."""
        self._search.prior.save(least_new=1)

    def computing_seconds(self) -> float:
        """Seconds of computing for one second of sound, measured on this machine; a desktop core takes 0.05."""
        silence, width, took = np.zeros(RATE, np.int16), WIDTHS[Kind.LIVE], []
        # The first of the two runs also allocates memory, so the shorter run counts.
        for _ in range(2):
            began = time.thread_time()
            encoded, state = self._model.listen(silence)
            for _ in range(TOKENS_A_SECOND):
                state = self._model.write(encoded, state, [0] * width, [END_TOKEN] * width)
            took.append(time.thread_time() - began)
        return min(took)

    def ending(self, text: str) -> Ending:
        """Whether the text is a whole live phrase, and whether a longer phrase begins with it.

        The words that people say around a phrase ("please", a second phrase) do not make a phrase longer.
        """
        phrases, words = self._phrases, tuple(text.split())
        if phrases is None or phrases.graph.ending(words) is Ending.WITHIN:
            return Ending.WITHIN
        endings = (phrases.alone.ending(words[first:]) for first in range(len(words)))
        return next((ending for ending in endings if ending is not Ending.WITHIN), Ending.WHOLE)

    def read(self, pcm: Pcm, spoken: float, goes_on: bool = False) -> Verdict:
        """The verdict about this sound.

        `spoken`: seconds from the first to the last speech in the sound. `goes_on`: somebody still speaks at the end
        of the sound.
        """
        return self.decide([self.look(pcm, goes_on)], spoken, goes_on)

    def look(self, pcm: Pcm, goes_on: bool = False) -> Reading:
        """What may have been said in this sound, before anything is accepted."""
        phrases = self._phrases
        if phrases is None:
            return Reading("", 0.0, (), (), ())
        encoded, first = self._model.listen(pcm)
        # While somebody still speaks, the words around a phrase do not matter yet.
        nets = {kind: net for kind, net in phrases.nets.items() if not (goes_on and kind is Kind.AROUND)}
        return self._search.read(encoded, first, nets, _LOOK_WIDTH if goes_on else WIDTHS[Kind.LIVE])

    def decide(
        self, readings: Sequence[Reading], spoken: float, goes_on: bool = False, alarmed: bool = False
    ) -> Verdict:
        """The verdict about several readings of the same words, by the mean of their evidence.

        `alarmed`: one reading alone found a safety phrase. A safety phrase that the combined reading accepts then has
        priority.
        """
        reading = readings[0] if len(readings) == 1 else combined(readings)
        whole, within = (found[0] if found else None for found in (reading.live, reading.urgent))
        verdict = self._verdict(reading, whole, Question.WHOLE_SO_FAR if goes_on else Question.WHOLE, spoken)
        alarm = self._verdict(reading, within, Question.WITHIN_SO_FAR if goes_on else Question.WITHIN, spoken)
        # A safety phrase among other words has priority, unless a phrase that explains all the sound is likelier.
        explains = whole is not None and within is not None and whole.evidence > within.evidence
        if verdict.text and explains and not alarmed:
            return verdict
        if alarm.text:
            return alarm
        return verdict if verdict.text else replace(verdict, free_text=reading.free_text)

    def _verdict(self, reading: Reading, candidate: Candidate | None, mode: Question, spoken: float) -> Verdict:
        if candidate is None or denies_next(self._model.pieces.decode(candidate.before)):
            return Verdict("", 0.0)
        evidence = self._evidence(reading, candidate, spoken)
        if evidence.contradicts():
            return Verdict("", 0.0, candidate.text, evidence.reason_against())
        confidence = evidence.probability(mode)
        text = without_repetition(candidate.text)
        if confidence >= _ACCEPTED:
            return Verdict(text, confidence)
        return Verdict("", confidence, text, evidence.reason_against())

    def _evidence(self, reading: Reading, candidate: Candidate, spoken: float) -> Evidence:
        rival = next((other for other in reading.live if not self.alike(candidate.text, other.text)), None)
        return Evidence(
            text=candidate.text,
            tokens=len(candidate.tokens),
            score=candidate.score,
            score_over_noise=candidate.evidence,
            free_text=reading.free_text,
            free_tokens=len(reading.free_tokens),
            free_score=reading.free_score,
            gap=math.inf if rival is None else candidate.evidence - rival.evidence,
            seconds=spoken,
        )

    def is_urgent(self, text: str) -> bool:
        """Whether the text is a safety phrase."""
        return text in self._urgent

    def alike(self, text: str, other: str) -> bool:
        """Whether confusing the two phrases does no harm: they mean the same, or both ask to stop."""
        if content_words(text) == content_words(other) or (text in self._urgent and other in self._urgent):
            return True
        return self._same is not None and self._same(text, other)


def combined(readings: Sequence[Reading]) -> Reading:
    """Combine readings of the same words: their mean scores, and the free text of the likeliest reading."""
    free = max(readings, key=lambda reading: reading.free_score / (len(reading.free_tokens) + 1))
    return Reading(
        free.free_text,
        sum(reading.free_score for reading in readings) / len(readings),
        free.free_tokens,
        _mean_candidates([reading.live for reading in readings]),
        _mean_candidates([reading.urgent for reading in readings]),
    )


def _mean_candidates(found: Sequence[Sequence[Candidate]]) -> tuple[Candidate, ...]:
    """Every candidate of any reading, with the mean of its evidence, the likeliest first.

    `found`: the candidates of each reading. A phrase that a reading did not find counts as less likely than all that it
    found.
    """
    evidences = [{candidate.text: candidate.evidence for candidate in candidates} for candidates in found if candidates]
    means = []
    for candidate in {candidate.text: candidate for candidates in reversed(found) for candidate in candidates}.values():
        gains = [known.get(candidate.text, min(known.values()) - _UNHEARD) - candidate.evidence for known in evidences]
        gain = sum(gains) / len(gains)
        means.append(replace(candidate, evidence=candidate.evidence + gain, score=candidate.score + gain))
    return tuple(sorted(means, key=lambda candidate: -candidate.evidence))
