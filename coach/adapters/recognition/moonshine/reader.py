"""Turns a piece of sound into one of the live phrases, or none: Moonshine's search and the rule for belief.

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
from coach.adapters.recognition.moonshine.search import Candidate, Kind, Reading, Search
from coach.language.belief import Evidence, Mode, belief, content, contradicts, denied, doubt, once
from coach.language.phrases import Ending, WordGraph, automaton
from coach.language.pieces import END
from coach.language.sameness import Sameness
from coach.language.token_net import TokenNet
from coach.ports import Automaton, Pcm, Vocabulary

_NETS = 16
"""Number of vocabularies whose nets are kept: a workout has nine states, with and without a question."""


_LEARNT = 1500
"""Most beginnings of phrases that are looked up ahead; a set's 380 phrases have about 1,000."""


_TOKENS = 7
"""Tokens in a second of fast speech."""
_WIDTH, _LOOK_WIDTH = 8, 4
"""Rows of the live phrases that are written side by side: to decide an utterance, and for a look."""
_BELIEVED = 0.5
_UNHEARD = 2.0
"""A phrase that a reading does not hold is assumed to be less likely, by this many nats, than all phrases that it
holds."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The phrase that was probably said in a piece of sound."""

    text: str
    """The believed phrase; empty: none."""
    confidence: float
    """Probability from 0 to 1 that the phrase, or `guess`, was said."""
    guess: str = ""
    """The likeliest phrase where no phrase is believed."""
    reason: str = ""
    """Why `guess` is not believed, for people."""
    free: str = ""
    """Free text that was heard, where no phrase is believed."""


@dataclass(slots=True)
class _Live:
    nets: dict[Kind, TokenNet]
    graph: WordGraph
    alone: WordGraph
    """The phrases without the words that people say around them."""
    learning: Iterator[None] = field(default_factory=lambda: iter(()))
    """Looks up beginnings ahead, a few milliseconds at each step."""


@lru_cache(maxsize=1)
def load(folder: Path, cache: Path | None = None) -> Search:
    """The model, ready to search with, 0.3 s. One model is cached, because it remembers nothing of what was heard."""
    model = MoonshineModel(folder)
    return Search(model, cache and cache / f"prior-1-{model.fingerprint}.npz")


class Reader:
    """Owns the model and the nets of the vocabularies."""

    def __init__(
        self, folder: Path, urgent: Iterable[str], same: Sameness | None = None, cache: Path | None = None
    ) -> None:
        """Load the model; HearingError with the remedy.

        `urgent`: safety phrases, believed even among other words. `same`: which phrases mean the same; None: phrases
        with the same content words. `cache`: a folder for what was looked up, 1 MB.
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
        alone = graph if vocabulary.phrases_only is None else WordGraph(vocabulary.phrases_only)
        pieces = self._model.pieces
        live = _Live({Kind.LIVE: TokenNet(vocabulary.phrases_only or vocabulary.automaton, pieces)}, graph, alone)
        if vocabulary.phrases_only not in (None, vocabulary.automaton):
            live.nets[Kind.AROUND] = TokenNet(vocabulary.automaton, pieces)
        urgent = [
            words for one in sorted(self._urgent) if graph.ending(words := tuple(one.split())) is not Ending.WITHIN
        ]
        if urgent:
            live.nets[Kind.URGENT] = TokenNet(automaton(urgent), pieces)
        nets = [live.nets[kind] for kind in (Kind.URGENT, Kind.LIVE) if kind in live.nets]
        live.learning = chain.from_iterable(self._search.prior.learn(net, _LEARNT) for net in nets)
        return live

    def learn(self) -> None:
        """Use 3 ms of silence (0.3 s once), so that this work need not be done while somebody speaks."""
        if self._same is not None and self._same.prepare():
            return
        if self._live is not None:
            next(self._live.learning, None)
            self._search.prior.keep()

    def close(self) -> None:
        """Write what was looked up to the disk."""
        self._search.prior.keep(least=1)

    def seconds(self) -> float:
        """Seconds of computing for reading one second of sound: how fast this machine is. A desktop core takes 0.05."""
        noise, took = np.zeros(RATE, np.int16), []
        # Two runs: during the first one memory is allocated.
        for _ in range(2):
            began = time.thread_time()
            heard, rows = self._model.listen(noise)
            for _ in range(_TOKENS):
                rows = self._model.write(heard, rows, [0] * _WIDTH, [END] * _WIDTH)
            took.append(time.thread_time() - began)
        return min(took)

    def ending(self, text: str) -> Ending:
        """Whether the live phrases end with this text, and whether a phrase goes on behind it.

        What people usually say around a phrase ("please", a second phrase) is not waited for.
        """
        live, words = self._live, tuple(text.split())
        if live is None or live.graph.ending(words) is Ending.WITHIN:
            return Ending.WITHIN
        endings = (live.alone.ending(words[first:]) for first in range(len(words)))
        return next((one for one in endings if one is not Ending.WITHIN), Ending.WHOLE)

    def read(self, pcm: Pcm, spoken: float, goes_on: bool = False) -> Verdict:
        """The verdict about this sound.

        `spoken`: seconds from the first to the last speech in the sound. `goes_on`: somebody speaks on at the sound's
        end.
        """
        return self.decide([self.look(pcm, goes_on)], spoken, goes_on)

    def look(self, pcm: Pcm, goes_on: bool = False) -> Reading:
        """What may have been said in this sound; nothing is believed yet."""
        live = self._live
        if live is None:
            return Reading("", 0.0, (), (), ())
        heard, first = self._model.listen(pcm)
        # The words around a phrase matter only when the whole phrase has been said.
        nets = {kind: net for kind, net in live.nets.items() if not (goes_on and kind is Kind.AROUND)}
        return self._search.read(heard, first, nets, _LOOK_WIDTH if goes_on else _WIDTH)

    def decide(
        self, readings: Sequence[Reading], spoken: float, goes_on: bool = False, alarmed: bool = False
    ) -> Verdict:
        """The verdict about several readings of the same words, by the mean of their evidence.

        `alarmed`: one reading alone holds a safety phrase. That phrase goes first if all readings together still hold
        it.
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
        """Whether the text is a safety phrase."""
        return text in self._urgent

    def alike(self, text: str, other: str) -> bool:
        """Whether confusing the two phrases does no harm: they mean the same, or both ask to stop."""
        if content(text) == content(other) or (text in self._urgent and other in self._urgent):
            return True
        return self._same is not None and self._same(text, other)


def together(readings: Sequence[Reading]) -> Reading:
    """Combine readings of the same words: the mean of their scores; the free text is that of the likeliest reading."""
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

    A reading that does not hold a phrase found it less likely than all phrases that it holds.
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
