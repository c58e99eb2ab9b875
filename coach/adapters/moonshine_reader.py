"""A piece of sound to one of the live phrases, or to none: Moonshine's search and the rule for belief.

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

from coach.adapters.moonshine_model import RATE, MoonshineModel
from coach.adapters.moonshine_search import Candidate, Kind, Reading, Search
from coach.language.belief import Evidence, Mode, belief, content, contradicts, denied, doubt, once
from coach.language.phrases import Ending, WordGraph, automaton
from coach.language.pieces import END
from coach.language.sameness import Sameness
from coach.language.token_net import TokenNet
from coach.ports import Automaton, Pcm, Vocabulary

_NETS = 16
"""Vocabularies whose nets are kept: a workout has nine states, with and without a question."""


_LEARNT = 1500
"""Beginnings of phrases that are looked up ahead, at most; a set's 380 phrases have about 1,000."""


_TOKENS = 7
"""In a second of fast speech."""
_WIDTH, _LOOK_WIDTH = 8, 4
"""Rows of the live phrases that are written side by side: when an utterance is decided, and for a look."""
_BELIEVED = 0.5
_UNHEARD = 2.0
"""Nats by which a phrase that a reading does not hold is taken to be less likely than all that it holds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a piece of sound is taken for."""

    text: str
    """The believed phrase; empty: none."""
    confidence: float
    """0 to 1 that the phrase, or `guess`, was said."""
    guess: str = ""
    """The likeliest phrase where none is believed."""
    reason: str = ""
    """Why it is not believed, for people."""
    free: str = ""
    """What was heard of any words, where no phrase is believed."""


@dataclass(slots=True)
class _Live:
    nets: dict[Kind, TokenNet]
    graph: WordGraph
    alone: WordGraph
    """The phrases without what people say around them."""
    learning: Iterator[None] = field(default_factory=lambda: iter(()))
    """What is still to be looked up ahead."""


@lru_cache(maxsize=1)
def load(folder: Path, cache: Path | None = None) -> Search:
    """The model, ready to search with, 0.3 s; one at a time is kept, because it remembers nothing of what was heard."""
    model = MoonshineModel(folder)
    return Search(model, cache and cache / f"prior-1-{model.fingerprint}.npz")


class Reader:
    """Owns the model and the nets of the vocabularies."""

    def __init__(
        self, folder: Path, urgent: Iterable[str], same: Sameness | None = None, cache: Path | None = None
    ) -> None:
        """Load the model; HearingError with the remedy.

        `urgent`: safety phrases, believed wherever they stand. `same`: which phrases mean the same; None: those with
        the same words that matter. `cache`: a folder for what was looked up, 1 MB.
        """
        self._search = load(folder, cache)
        self._model = self._search.model
        self._urgent = frozenset(urgent)
        self._same = same
        self._known: dict[Automaton, _Live] = {}
        self._live: _Live | None = None

    def use(self, vocabulary: Vocabulary) -> None:
        """Read these phrases from now on."""
        graph = vocabulary.automaton
        live = self._known.pop(graph, None) or self._made(vocabulary)
        self._known[graph] = self._live = live
        if len(self._known) > _NETS:
            del self._known[next(iter(self._known))]

    def _made(self, vocabulary: Vocabulary) -> _Live:
        graph = WordGraph(vocabulary.automaton)
        alone = graph if vocabulary.alone is None else WordGraph(vocabulary.alone)
        pieces = self._model.pieces
        live = _Live({Kind.LIVE: TokenNet(vocabulary.alone or vocabulary.automaton, pieces)}, graph, alone)
        if vocabulary.alone not in (None, vocabulary.automaton):
            live.nets[Kind.AROUND] = TokenNet(vocabulary.automaton, pieces)
        urgent = [
            words for one in sorted(self._urgent) if graph.ending(words := tuple(one.split())) is not Ending.WITHIN
        ]
        if urgent:
            live.nets[Kind.URGENT] = TokenNet(automaton(urgent, {}), pieces)
        nets = [live.nets[kind] for kind in (Kind.URGENT, Kind.LIVE) if kind in live.nets]
        live.learning = chain.from_iterable(self._search.prior.learn(net, _LEARNT) for net in nets)
        return live

    def learn(self) -> None:
        """Use 3 ms in which nothing is to be heard, once 0.3 s: what is done now need not be when somebody speaks."""
        if self._same is not None and self._same.prepare():
            return
        if self._live is not None:
            next(self._live.learning, None)
            self._search.prior.keep()

    def close(self) -> None:
        """Keep what was looked up."""
        self._search.prior.keep(least=1)

    def seconds(self) -> float:
        """Of computing, for reading one second of sound: how fast this machine is. A desktop core takes 0.05."""
        noise, took = np.zeros(RATE, np.int16), []
        # The first time memory is laid out.
        for _ in range(2):
            began = time.thread_time()
            heard, rows = self._model.listen(noise)
            for _ in range(_TOKENS):
                rows = self._model.write(heard, rows, [0] * _WIDTH, [END] * _WIDTH)
            took.append(time.thread_time() - began)
        return min(took)

    def ending(self, text: str) -> Ending:
        """Whether the live phrases end with this text, and whether one goes on behind it.

        What is usually said around a phrase ("please", a second phrase) is not waited for.
        """
        live, words = self._live, tuple(text.split())
        if live is None or live.graph.ending(words) is Ending.WITHIN:
            return Ending.WITHIN
        endings = (live.alone.ending(words[first:]) for first in range(len(words)))
        return next((one for one in endings if one is not Ending.WITHIN), Ending.WHOLE)

    def read(self, pcm: Pcm, spoken: float, goes_on: bool = False) -> Verdict:
        """What was said in this sound.

        `spoken`: seconds from the first to the last of the speech in it. `goes_on`: somebody speaks on at its end.
        """
        return self.decide([self.look(pcm, goes_on)], spoken, goes_on)

    def look(self, pcm: Pcm, goes_on: bool = False) -> Reading:
        """What may have been said in this sound; nothing is believed yet."""
        live = self._live
        if live is None:
            return Reading("", 0.0, (), (), ())
        heard, first = self._model.listen(pcm)
        # What is said around a phrase matters once all of it has been said.
        nets = {kind: net for kind, net in live.nets.items() if not (goes_on and kind is Kind.AROUND)}
        return self._search.read(heard, first, nets, _LOOK_WIDTH if goes_on else _WIDTH)

    def decide(
        self, readings: Sequence[Reading], spoken: float, goes_on: bool = False, alarmed: bool = False
    ) -> Verdict:
        """What was said, of several readings of the same words: by the mean of their evidence.

        `alarmed`: one of them alone holds a safety phrase, which goes first if all together still hold it.
        """
        reading = readings[0] if len(readings) == 1 else together(readings)
        whole, within = (found[0] if found else None for found in (reading.live, reading.urgent))
        verdict = self._verdict(reading, whole, Mode.WHOLE_SO_FAR if goes_on else Mode.WHOLE, spoken)
        alarm = self._verdict(reading, within, Mode.WITHIN_SO_FAR if goes_on else Mode.WITHIN, spoken)
        # A safety phrase among other words goes first, unless a phrase that explains all of the sound is likelier.
        explains = whole is not None and within is not None and whole.evidence > within.evidence
        if verdict.text and explains and not alarmed:
            return verdict
        if alarm.text:
            return alarm
        return verdict if verdict.text else replace(verdict, free=reading.free)

    def _verdict(self, reading: Reading, one: Candidate | None, mode: Mode, spoken: float) -> Verdict:
        if one is None or denied(self._model.pieces.decode(one.before)):
            return Verdict("", 0.0)
        evidence = self._evidence(reading, one, spoken)
        if contradicts(evidence):
            return Verdict("", 0.0, one.text, doubt(evidence))
        sure = belief(evidence, mode)
        text = once(one.text)
        return Verdict(text, sure) if sure >= _BELIEVED else Verdict("", sure, text, doubt(evidence))

    def _evidence(self, reading: Reading, one: Candidate, spoken: float) -> Evidence:
        rival = next((other for other in reading.live if not self.alike(one.text, other.text)), None)
        return Evidence(
            text=one.text,
            tokens=len(one.tokens),
            score=one.score,
            evidence=one.evidence,
            free=reading.free,
            free_tokens=len(reading.free_tokens),
            free_score=reading.free_score,
            gap=math.inf if rival is None else one.evidence - rival.evidence,
            seconds=spoken,
        )

    def is_urgent(self, text: str) -> bool:
        """Whether it is a safety phrase."""
        return text in self._urgent

    def alike(self, text: str, other: str) -> bool:
        """Whether it does no harm to take one for the other: they mean the same, or both ask to stop."""
        if content(text) == content(other) or (text in self._urgent and other in self._urgent):
            return True
        return self._same is not None and self._same(text, other)


def together(readings: Sequence[Reading]) -> Reading:
    """Readings of the same words as one: the mean of their scores; the free text is that of the likeliest."""
    free = max(readings, key=lambda one: one.free_score / (len(one.free_tokens) + 1))
    return Reading(
        free.free,
        sum(one.free_score for one in readings) / len(readings),
        free.free_tokens,
        _means([one.live for one in readings]),
        _means([one.urgent for one in readings]),
    )


def _means(found: Sequence[Sequence[Candidate]]) -> tuple[Candidate, ...]:
    """Every phrase of any reading, with the mean of its evidence, the likeliest first.

    A reading that does not hold a phrase found it less likely than all that it holds.
    """
    known = [{one.text: one for one in some} for some in found]
    least = [min((one.evidence for one in some), default=-math.inf) for some in found]
    means = []
    for one in {one.text: one for some in reversed(found) for one in some}.values():
        gains = [
            (its[one.text].evidence if one.text in its else floor - _UNHEARD) - one.evidence
            for its, floor in zip(known, least, strict=True)
            if its
        ]
        gain = sum(gains) / len(gains)
        means.append(replace(one, evidence=one.evidence + gain, score=one.score + gain))
    return tuple(sorted(means, key=lambda one: -one.evidence))
