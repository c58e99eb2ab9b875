"""Hears phrases with PocketSphinx, whose English model ships inside its wheel.

Law: what is heard depends on the samples and the vocabularies alone, never on how the samples were cut into
blocks: everything happens on frames of 20 ms counted from the first sample.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from coach.adapters.second_opinion import Bar, Reading, Word, average
from coach.audio.denoiser import Denoiser
from coach.audio.segmenter import Bounds, Mark, Segmenter
from coach.ports import Automaton, HearingError, Hypothesis, Pcm, Vocabulary

try:
    import pocketsphinx
except ImportError:  # no wheel for this machine: said when a recogniser is wanted, not when it is imported
    pocketsphinx = None

RATE = 16_000
FRAME = 320
"""Samples fed at once, 20 ms: the engine holds Python's lock for about 1 ms of it."""
LW = 6.5
HOP = 160
"""Samples between two frames of the engine, 10 ms."""
_START_MEANS = (41.0, -5.29, -0.12, 5.09, 2.48, -4.07, -1.37, -1.78, -5.08, -2.05, -6.45, -1.42, 1.17)


class _Engine:
    """The grammar's decoder and the free phones' decoder, fed with the same sound."""

    def __init__(self) -> None:
        self._grammar: Any = pocketsphinx.Decoder(lm=None, loglevel="FATAL", bestpath=False, compallsen=True)
        self._phones: Any = pocketsphinx.Decoder(
            lm=None, loglevel="FATAL", lw=2.0, beam=1e-20, pbeam=1e-20, compallsen=True
        )
        self._phones.add_allphone_file("phones", None)
        self._phones.activate_search("phones")
        self._names: dict[Automaton, str] = {}
        self._fsg: Any = None

    def use(self, vocabulary: Vocabulary) -> None:
        for word in dict.fromkeys(" ".join(vocabulary.phrases).split()):
            if self._grammar.lookup_word(word) is not None:
                continue
            if word not in vocabulary.pronunciations:
                raise HearingError(f"pocketsphinx does not know the word {word!r}: give it a pronunciation")
            self._grammar.add_word(word, vocabulary.pronunciations[word], False)
        graph = vocabulary.automaton
        name = self._names.get(graph)
        if name is None:
            name = f"grammar {len(self._names)}"
            self._grammar.add_fsg(name, self._fsg_of(name, graph))
            self._names[graph] = name
        self._grammar.activate_search(name)
        self._fsg = self._grammar.get_fsg(name)

    def _fsg_of(self, name: str, graph: Automaton) -> Any:
        states = {graph.start: 0, graph.end: 1}
        for source, target, _ in graph.arcs:
            states.setdefault(source, len(states))
            states.setdefault(target, len(states))
        fsg = pocketsphinx.FsgModel(name, self._grammar.get_logmath(), LW, len(states))
        fsg.set_start_state(0)
        fsg.set_final_state(1)
        for source, target, word in graph.arcs:
            fsg.trans_add(states[source], states[target], 0, fsg.word_add(word))
        return fsg

    def begin(self, means: str) -> None:
        for d in (self._grammar, self._phones):
            d.set_cmn(means)
            d.start_utt()

    def feed(self, raw: bytes) -> None:
        for d in (self._grammar, self._phones):
            d.process_raw(raw, False, False)

    def end(self) -> None:
        for d in (self._grammar, self._phones):
            d.end_utt()

    def means(self):
        return [float(z) for z in self._grammar.get_cmn(False).split(",")], self._grammar.n_frames()

    def text(self) -> str:
        best = self._grammar.hyp()
        return best.hypstr if best else ""

    def reading(self) -> Reading:
        text = self.text()
        cost = np.zeros(self._grammar.n_frames() + 16)
        for s in self._phones.seg() or ():
            n = s.end_frame - s.start_frame + 1
            if n > 0:
                cost[s.start_frame : s.end_frame + 1] = math.log(s.ascore) * 1024 / n
        words = []
        tail = 0
        for s in self._grammar.seg() or ():
            if s.word == "(NULL)":
                continue
            if s.word[0] in "<[":
                tail += s.end_frame - s.start_frame + 1
                continue
            tail = 0
            n = s.end_frame - s.start_frame + 1
            m = (math.log(s.ascore) * 1024 - cost[s.start_frame : s.end_frame + 1].sum()) / n
            words.append(
                Word(
                    s.word,
                    s.start_frame,
                    s.end_frame + 1,
                    len((self._grammar.lookup_word(s.word) or "").split()),
                    m,
                    math.log(s.ascore) * 1024 / n,
                )
            )
        return Reading(text, tuple(words), bool(text) and self._fsg.accept(text), tail)
