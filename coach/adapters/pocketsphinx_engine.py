"""PocketSphinx's two decoders: one follows the phrases, one is free to take any phone.

Law: it is handed the library, it does not import it.
"""

from __future__ import annotations

import math
from enum import Enum
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.adapters.arpabet import NUMBER
from coach.adapters.second_opinion import Fit, Word
from coach.ports import Automaton, HearingError, Vocabulary

Means = npt.NDArray[np.float64]
"""Thirteen cepstral means: loudness and colour of the speech with the microphone and the room."""

START_MEANS: Means = np.array([41.0, -5.29, -0.12, 5.09, 2.48, -4.07, -1.37, -1.78, -5.08, -2.05, -6.45, -1.42, 1.17])
"""A close microphone in a quiet room. With the model's own (40, 3, -1, 0 ...) one of 192 commands more is lost."""
_PRIOR = 500
"""Frames the engine lets the means it was given weigh against an utterance's own."""
_KEPT = 4
"""Grammars kept loaded: each takes 4.5 MB, loading one again 10 ms."""
_SILENCE_WEIGHT = 6.5
"""Exponent on the odds of silence between words: that of the grammars the engine builds itself."""


class Ending(Enum):
    """How the words so far stand in the grammar."""

    WITHIN = "within"
    """A phrase has begun and is not whole; or there are no words."""
    MAY_GO_ON = "may go on"
    """A whole phrase that is the beginning of a longer one."""
    WHOLE = "whole"
    """A whole phrase, and nothing can follow."""


class Engine:
    """Two decoders fed with the same sound: one follows the grammar, one is free to take any phone."""

    def __init__(self, library: ModuleType) -> None:
        self._library = library
        self._grammar: Any = library.Decoder(lm=None, loglevel="FATAL", bestpath=False)
        # No dictionary: phones need none, and it would take another 27 MB and 0.1 s.
        self._phones: Any = library.Decoder(lm=None, dict=None, loglevel="FATAL", lw=2.0, beam=1e-20, pbeam=1e-20)
        self._phones.add_allphone_file("phones", None)
        self._phones.activate_search("phones")
        self._searches: dict[Automaton, str] = {}
        """Names of the grammars that are loaded, the one used last at the end."""
        self._made = 0
        self._graph = Automaton(0, 0, ())
        self._arcs: dict[tuple[int, str], list[int]] = {}
        """The live graph's arcs by state and word."""

    def use(self, vocabulary: Vocabulary) -> None:
        """Follow this grammar; only between utterances."""
        self._learn(vocabulary)
        graph = _graph(vocabulary)
        known = self._searches.pop(graph, None)
        if known is None:
            self._made += 1
            known = f"grammar {self._made}"
            self._grammar.add_fsg(known, self._fsg(graph))
        self._searches[graph] = known
        fresh = not self._arcs
        self._grammar.activate_search(known)
        self._graph, self._arcs = graph, {}
        for source, target, word in graph.arcs:
            self._arcs.setdefault((source, word), []).append(target)
        if fresh:
            self.settle()
        if len(self._searches) > _KEPT:
            self._grammar.remove_search(self._searches.pop(next(iter(self._searches))))

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Words that nothing says how to pronounce."""
        words = {word for _, _, word in _graph(vocabulary).arcs} - vocabulary.pronunciations.keys()
        return tuple(sorted(word for word in words if self._grammar.lookup_word(word) is None))

    def _learn(self, vocabulary: Vocabulary) -> None:
        for word in dict.fromkeys(word for _, _, word in _graph(vocabulary).arcs):
            if self._grammar.lookup_word(word) is not None:
                continue
            if word not in vocabulary.pronunciations:
                raise HearingError(f"pocketsphinx does not know the word {word!r}: give it a pronunciation")
            phones = vocabulary.pronunciations[word]
            try:
                self._grammar.add_word(word, phones, False)
            except RuntimeError as error:
                raise HearingError(
                    f"pocketsphinx cannot say {word!r} as {phones!r}: write ARPAbet phones, like 'AH N R AE K'"
                ) from error

    def _fsg(self, graph: Automaton) -> Any:
        """The word graph as the engine takes it; no path is likelier than another."""
        states = {graph.start: 0, graph.end: 1}
        for source, target, _ in graph.arcs:
            states.setdefault(source, len(states))
            states.setdefault(target, len(states))
        fsg = self._library.FsgModel("phrases", self._grammar.get_logmath(), _SILENCE_WEIGHT, len(states))
        fsg.set_start_state(0)
        fsg.set_final_state(1)
        for source, target, word in graph.arcs:
            fsg.trans_add(states[source], states[target], 0, fsg.word_add(word))
        return fsg

    def begin(self, means: Means) -> None:
        """Start an utterance whose cepstra are expected to have these means."""
        text = ",".join(f"{mean:.4f}" for mean in means)
        for decoder in (self._grammar, self._phones):
            decoder.set_cmn(text)
            decoder.start_utt()

    def settle(self) -> None:
        """Forget earlier utterances: the search for the nearest densities begins where the last one ended, and scores
        differ by 1 % with it. After a second of silence (15 ms) they are the same to the last digit.
        """
        if self._arcs:
            self.begin(START_MEANS)
            self.feed(bytes(2 * 16_000))
            self.end()

    def feed(self, frame: bytes) -> None:
        """Take 16-bit samples; the library holds Python's lock meanwhile, about 1 ms for 20 ms of sound."""
        for decoder in (self._grammar, self._phones):
            decoder.process_raw(frame, False, False)

    def end(self) -> None:
        """Finish the utterance: only paths that are whole phrases are left."""
        for decoder in (self._grammar, self._phones):
            decoder.end_utt()

    def own_means(self, given: Means) -> Means:
        """The ended utterance's own cepstral means, told from those it was begun with."""
        frames = self._grammar.n_frames()
        # True: with the last frames, too; else, of every other utterance, nothing at all has been counted yet.
        blend: Means = np.array([float(mean) for mean in self._grammar.get_cmn(True).split(",")])
        own: Means = (blend * (_PRIOR + frames) - given * _PRIOR) / max(1, frames)
        return own

    def text(self) -> str:
        """The best words so far."""
        best = self._grammar.hyp()
        return best.hypstr if best else ""

    def ending(self, text: str) -> Ending:
        """Whether the grammar ends with these words, and whether it may go on."""
        states = {self._graph.start}
        for word in text.split():
            states = {target for state in states for target in self._arcs.get((state, word), ())}
        if self._graph.end not in states:
            return Ending.WITHIN
        return Ending.WHOLE if states <= self._graph.over | {self._graph.end} else Ending.MAY_GO_ON

    def tail(self) -> int:
        """Engine frames of silence since the last word."""
        frames = 0
        for part in self._grammar.seg() or ():
            frames = frames + part.end_frame - part.start_frame + 1 if _is_silence(part.word) else 0
        return frames

    def fit(self, speech: int) -> Fit:
        """The best path's words beside the free phones; `speech` counts the utterance's frames that hold speech."""
        free = np.zeros(max(self._grammar.n_frames(), self._phones.n_frames()) + 1)
        phones = []
        for part in self._phones.seg() or ():
            free[part.start_frame : part.end_frame + 1] = _nats(part) / (part.end_frame - part.start_frame + 1)
            phones.append((part.start_frame + part.end_frame, part.word))
        words = []
        for part in self._grammar.seg() or ():
            if _is_silence(part.word):
                continue
            frames = part.end_frame - part.start_frame + 1
            margin = (_nats(part) - float(free[part.start_frame : part.end_frame + 1].sum())) / frames
            spelt = tuple((self._grammar.lookup_word(part.word) or "").split())
            words.append(Word(part.start_frame, frames, spelt, margin))
        if not words:
            return Fit((), (), speech)
        # Those whose middle lies within the phrase.
        begin, end = 2 * words[0].start, 2 * (words[-1].start + words[-1].frames)
        heard = tuple(phone for middle, phone in phones if begin <= middle < end and phone in NUMBER)
        return Fit(tuple(words), heard, speech)


def _graph(vocabulary: Vocabulary) -> Automaton:
    return vocabulary.alone or vocabulary.automaton


def _is_silence(word: str) -> bool:
    """<sil>, [NOISE], and (NULL), which marks the end of the grammar; a second pronunciation reads "next(2)"."""
    return word.startswith(("<", "[", "("))


def _nats(part: Any) -> float:
    """Log-likelihood: the engine scales it down by 1024 before it takes the power."""
    return math.log(part.ascore) * 1024
