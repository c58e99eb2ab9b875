"""Hears phrases with PocketSphinx, whose English model ships inside its wheel.

Law: what is heard depends on the samples and the vocabularies alone, never on how the samples were cut into
blocks: everything happens on frames of 20 ms counted from the first sample.

A partial is told when the last word is followed by silence: a strict grammar reads "stop" out of "st", half a
second before the word is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np

from coach.adapters.pocketsphinx_engine import START_MEANS, Ending, Engine, Means
from coach.adapters.second_opinion import Fit, confidence, doubt, score
from coach.adapters.silero import SileroVoicing
from coach.audio.denoiser import Denoiser
from coach.audio.segmenter import Bounds, Mark, Segmenter
from coach.audio.speech_detector import SpeechDetector
from coach.ports import HearingError, Hypothesis, Pcm, Vocabulary

_RATE = 16_000
_HOP = 160
"""Samples a frame of the engine, 10 ms."""
_FRAME = 2 * _HOP
"""Samples given to the engine at once, 20 ms: it holds Python's lock for less than 2 ms of it."""
_SETTLED = 8
"""Engine frames of silence on the best path after the last word that make a partial ..."""
_SILENT = 5
"""... or frames of 20 ms without speech: a closing p or t takes the silence for its own. Half of the partials come
0.16 s after the word's end, "stop" 0.13 s; of 312 clean ones none gave way to another phrase. Four frames are 20 ms
sooner, but in noise at 20 dB one of 177 was taken back."""
_STABLE = 5
"""Frames of 20 ms that its text has stood."""
_KEPT = 0.5
"""How much a final may fall short where a partial took the bar: one of 96 fell just below. More said after it, as in
"thirty pounds" out of a long sentence, costs two and more."""
_TRIAL = 18
"""Frames without speech after which an utterance that seems to lack words is tried as it is: the end of "why" sounds
like the beginning of "why high feet". If it is no phrase then, it goes on as if nothing had been asked."""
_PAUSE = {Ending.WHOLE: 12, Ending.MAY_GO_ON: 22}
"""Frames of 20 ms without speech that end an utterance; every answer waits for them. Where words are missing it is the
segmenter's bound: people think in the middle of "set the weight to ... ninety kilos"."""
_MEMORY = 100
"""Engine frames that the means of earlier utterances weigh."""
_ASTRAY = 3.0
"""Nats between the loudness an utterance was expected to have and its own from which it is heard again, with its own
means; the better of the two counts. Of 120 real people's first words it mends 9, in pink noise at 10 dB 36 of 60. Later
utterances are seldom astray."""


def _library() -> ModuleType:
    try:
        import pocketsphinx  # noqa: PLC0415  some machines have no wheel: said when it is wanted, not on import
    except ImportError as error:
        raise HearingError(
            f"the pocketsphinx package is not usable ({error}): pip install pocketsphinx, or choose vosk"
        ) from error
    module: ModuleType = pocketsphinx
    return module


@dataclass(slots=True)
class _Utterance:
    number: int
    first: int
    """Frame of 20 ms, since the first sample, of its first sound."""
    onset: int
    """Frame of its first speech."""
    voiced: int = 0
    """Frames with speech."""
    sound: list[bytes] = field(default_factory=list)
    text: str = ""
    since: int = 0
    """Frame from which the text stands."""
    told: set[str] = field(default_factory=set)


class PocketSphinxRecognizer:
    """A `Recognizer`. `urgent` phrases are believed sooner."""

    name = "pocketsphinx"
    rate = _RATE

    def __init__(self, urgent: Iterable[str] = (), bounds: Bounds | None = None) -> None:
        """Load the model, 0.2 s. HearingError where the package is missing."""
        self._engine: Engine | None = Engine(_library())
        self._voicing = SileroVoicing()
        self._urgent = frozenset(urgent)
        self._bounds = bounds or Bounds()
        self._listening = False
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._require().settle()
        self._voicing.reset()
        self._detector = SpeechDetector(self._voicing, _FRAME)
        self._segmenter = Segmenter(_FRAME / _RATE, self._bounds)
        self._denoiser = Denoiser(_HOP)
        self._lead: deque[Pcm] = deque(maxlen=self._segmenter.reach)
        self._rest: Pcm = np.zeros(0, np.int16)
        self._frames = 0
        """Frames of 20 ms heard."""
        self._means = START_MEANS
        self._utterance: _Utterance | None = None
        self._count = 0

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Words of the vocabulary that neither the dictionary nor the vocabulary itself says how to pronounce."""
        return self._require().unknown_words(vocabulary)

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only; an utterance under way is decoded again from its beginning with them."""
        engine = self._require()
        utterance, self._utterance = self._utterance, None
        if utterance is not None:
            engine.end()
        self._listening = bool(vocabulary.automaton.arcs)
        if not self._listening:
            return
        engine.use(vocabulary)
        if utterance is not None:
            self._utterance = utterance
            self._again(utterance, self._means)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Take the next samples, mono at 16 kHz, any number."""
        self._require()
        sound = np.concatenate((self._rest, pcm))
        whole = len(sound) - len(sound) % _FRAME
        self._rest = sound[whole:]
        hypotheses: list[Hypothesis] = []
        for frame in sound[:whole].reshape(-1, _FRAME):
            heard = self._hear_frame(frame)
            if heard is not None:
                hypotheses.append(heard)
        return hypotheses

    def reset(self) -> None:
        """As new, but for the vocabulary."""
        engine = self._require()
        if self._utterance is not None:
            engine.end()
        self._begin_anew()

    def close(self) -> None:
        """Free the engine; nothing can be heard any more."""
        self._engine = None
        self._utterance = None

    def _require(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the recogniser is closed: make a new one")
        return self._engine

    def _hear_frame(self, frame: Pcm) -> Hypothesis | None:
        speech = self._detector.is_speech(frame)
        mark = self._segmenter.push(speech)
        self._frames += 1
        self._lead.append(frame)
        if mark is Mark.QUIET:
            if not speech:
                self._denoiser.learn(frame)
            return None
        if mark is Mark.BEGAN and self._listening:
            self._begin()
            return None
        utterance = self._utterance
        if utterance is None:
            return None
        utterance.voiced += speech
        self._take(utterance, frame)
        if mark is not Mark.SPOKEN:
            return self._final(utterance, mark)
        if self._is_over():
            return self._final(utterance, self._segmenter.end())
        if self._segmenter.silence == _TRIAL and (decided := self._tried(utterance)) is not None:
            return decided
        return self._partial(utterance)

    def _tried(self, utterance: _Utterance) -> Hypothesis | None:
        """The utterance as a whole phrase, if it is one."""
        engine = self._require()
        engine.end()
        decided = self._decide(utterance)
        if not decided.text:
            self._again(utterance, self._means)
            return None
        self._segmenter.end()
        self._learn(utterance, engine.own_means(self._means))
        return decided

    def _is_over(self) -> bool:
        """Whether the silence tells that the speaker has finished: the sooner, the less can follow."""
        silence = self._segmenter.silence
        if silence < min(_PAUSE.values()):
            return False
        engine = self._require()
        pause = _PAUSE.get(engine.ending(engine.text()))
        return pause is not None and silence >= pause

    def _begin(self) -> None:
        self._count += 1
        first = self._frames - len(self._lead)
        onset = self._frames - self._segmenter.onset
        self._utterance = _Utterance(self._count, first, onset, voiced=self._segmenter.onset)
        self._denoiser.begin()
        self._require().begin(self._means)
        for frame in self._lead:
            self._take(self._utterance, frame)

    def _take(self, utterance: _Utterance, frame: Pcm) -> None:
        clean = self._denoiser.clean(frame).tobytes()
        utterance.sound.append(clean)
        self._require().feed(clean)

    def _again(self, utterance: _Utterance, means: Means) -> None:
        engine = self._require()
        engine.begin(means)
        for frame in utterance.sound:
            engine.feed(frame)

    def _partial(self, utterance: _Utterance) -> Hypothesis | None:
        engine = self._require()
        text = engine.text()
        if text != utterance.text:
            utterance.text, utterance.since = text, self._frames
        if not text or text in utterance.told or self._frames - utterance.since < _STABLE:
            return None
        if engine.ending(text) is Ending.WITHIN or (self._segmenter.silence < _SILENT and engine.tail() < _SETTLED):
            return None
        fit = engine.fit(2 * utterance.voiced)
        if score(fit, text in self._urgent) < 0:
            return None
        utterance.told.add(text)
        return self._hypothesis(utterance, text, fit, final=False)

    def _final(self, utterance: _Utterance, mark: Mark) -> Hypothesis:
        engine = self._require()
        engine.end()
        own = engine.own_means(self._means)
        decided = self._decide(utterance)
        if decided.text not in utterance.told and abs(own[0] - self._means[0]) > _ASTRAY:
            self._again(utterance, own)
            engine.end()
            decided = max(decided, self._decide(utterance), key=lambda one: one.confidence)
        self._learn(utterance, own)
        if mark is Mark.CUT and decided.text:
            # The next utterance must not hear the end of this one again.
            self._lead.clear()
        return decided

    def _learn(self, utterance: _Utterance, own: Means) -> None:
        """The utterance is over: what it sounded like is what the next one is expected to."""
        share = len(utterance.sound) * 2 / (len(utterance.sound) * 2 + _MEMORY)
        self._means = self._means + share * (own - self._means)
        self._utterance = None

    def _decide(self, utterance: _Utterance) -> Hypothesis:
        engine = self._require()
        text, fit = engine.text(), engine.fit(2 * utterance.voiced)
        bar = -_KEPT if text in utterance.told else 0.0
        believed = score(fit, text in self._urgent) >= bar
        return self._hypothesis(utterance, text, fit, final=True, refused=not believed)

    def _hypothesis(
        self, utterance: _Utterance, text: str, fit: Fit, *, final: bool, refused: bool = False
    ) -> Hypothesis:
        began, ended = utterance.onset * _FRAME, (self._frames - self._segmenter.silence) * _FRAME
        if fit.words:
            began = utterance.first * _FRAME + fit.words[0].start * _HOP
            ended = utterance.first * _FRAME + (fit.words[-1].start + fit.words[-1].frames) * _HOP
        return Hypothesis(
            utterance=utterance.number,
            text="" if refused else text,
            began=began / _RATE,
            at=self._frames * _FRAME / _RATE,
            confidence=confidence(fit, text in self._urgent),
            final=final,
            guess=text if refused else "",
            reason=doubt(fit) if refused else "",
            ended=ended / _RATE,
        )
