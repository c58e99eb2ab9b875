"""Vosk as a `Recognizer`: a grammar of the live phrases, decoys and an unknown word, on a Kaldi model folder.

Law: an engine's grammar never changes. New phrases need a new engine, which hears the utterance under way again.
(`SetGrammar` is missing from the macOS library, and aborts the process if it is called within an utterance.)

Vosk decodes a bigram of the phrases, not the phrases: it can write their words in any order, with a confidence near 1.
Without a judge, this module only requires that every word is live; the coach's grammar decides whether the words make a
phrase. With a judge, Vosk says when somebody spoke, and the judge says which live phrase was said, if any:
- The judge reads every final, whatever Vosk recognised.
- A partial that could act is reported when the judge finds the same phrase in one look.
"""

from __future__ import annotations

import json
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from coach.adapters.recognition.moonshine.judge import FRAME, NO_PHRASE, Frame, Judge
from coach.adapters.recognition.moonshine.reader import Verdict
from coach.adapters.recognition.vosk.model_files import require
from coach.adapters.recognition.vosk.tuning import chunk_seconds
from coach.ports import HearingError, Hypothesis, Pcm, Vocabulary

_RATE = 16_000
_STEP = FRAME
"""Samples given to the engine at once, 20 ms: so decisions and their times are the same for any block size."""
_STABLE_S = 0.15
"""Seconds of audio for which a partial's words must stay unchanged before they are reported."""
_LOOK_BACK_S = 1.5
"""Seconds of sound kept while nothing is recognised, which a new engine hears first. Longer than a word can sound
before its first partial (0.5 s at most, with 240 ms chunks)."""
_AFTER_FINAL_S = 0.2
"""Seconds of sound kept of an utterance that is over: less than the shortest silence that ends an utterance (0.3 s)."""
_LONGEST_S = 8.0
"""Most seconds of an utterance under way that a new engine hears again; no command takes half of this."""
_LIFETIME_S = 600.0
"""Seconds of audio after which an idle engine is replaced; engines are reported to grow by 2 to 5 MB a minute."""
_LAG_S = 0.15
"""Seconds from a word's beginning to its first partial, apart from half a chunk. A partial's beginning is estimated
with this number (0.1 s early on average), because the engine dates words only in finals. Options can make it date
partials too, at ten times the processor time in silence (21 against 1.6 % of a desktop core)."""

_MAX_LOOKS = 3
"""Most times that the judge reads a partial that stays unchanged, `_STABLE_S` apart. The first time may be before a
word has ended."""
_REST_SAMPLES = 10 * _STEP
"""Samples, 0.2 s. So often the judge may look up phrases ahead while nothing is recognised."""
_ENGLISH_WORDS = ("morning", "mother", "winter", "yellow", "seventeen")
"""Words that every English model knows. The judge knows only English, so it judges no other language."""

_FRACTION = re.compile(r'(?<=" : )(-?\d+)\D(\d+)')
"""A number in the engine's JSON. It is written with the process's decimal sign, which any library may have changed."""

_UNKNOWN = "[unk]"
_DECOYS = (
    # Common words of talk, so that talk is not forced into commands. None rhymes with a safety word: a decoy that
    # sounds like "stop" would make the coach miss stops.
    *("the", "and", "that", "this", "with", "was", "were", "have", "they", "them", "there", "would"),
    *("could", "about", "think", "because", "people", "something", "really", "thing", "like", "just"),
    *("him", "her", "his", "said", "says", "other", "from", "which", "when", "where", "who", "will"),
    *("been", "into", "some", "than"),
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    began: float
    """Seconds since the first sample of all."""
    confidence: float
    ended: float


class VoskRecognizer:
    """A `Recognizer`: one engine at a time over one model.

    The engine gives a final's `began`; a partial's is estimated. The judge gives the confidence. Without a judge the
    engine gives it for finals, and it is always 1 for partials.
    """

    name = "vosk"
    rate = _RATE

    def __init__(
        self,
        model: Path,
        *,
        urgent: Iterable[str] = (),
        lifetime: float = _LIFETIME_S,
        judge: Callable[[], Judge | None] | None = None,
    ) -> None:
        """Load the model, a folder from `find` or `tuned_copy`; raises `HearingError` with the remedy.

        `urgent`: safety phrases, accepted even behind other words. `judge` makes the judge, or returns None; it is
        called only for an English model.
        """
        require(model)
        self._vosk = _library()
        self._model = _call_engine(self._vosk.Model, str(model))
        self._lifetime_samples = round(lifetime * _RATE)
        chunk = chunk_seconds(model)
        # A text is stable if it did not change while at least one more chunk was decoded.
        self._stable_samples = round(max(_STABLE_S, chunk + 0.02) * _RATE)
        self._lag_samples = round((_LAG_S + chunk / 2) * _RATE)
        self._urgent = frozenset(urgent)
        self._phrases: tuple[str, ...] = ()
        self._vocabulary: frozenset[str] = frozenset()
        self._engine: Any = None
        self._judge = judge() if judge is not None and all(map(self._knows, _ENGLISH_WORDS)) else None
        self._clear_sound()

    def _clear_sound(self) -> None:
        self._remainder = bytearray()
        """Samples that do not fill a step yet."""
        self._kept_frames: deque[Frame] = deque()
        self._received = self._heard = self._engine_first = 0
        """Number of samples received, number of those that the engine has heard, and number of the engine's first."""
        if self._judge is not None:
            self._judge.reset()
        self._partial = ""
        """The engine's partial of the utterance under way; empty: no utterance is under way."""
        self._partial_since = self._words_since = 0
        """Sample numbers: since when the partial is unchanged, and when the utterance's first partial came."""
        self._looks = 0
        """Number of looks at the unchanged partial."""
        self._reported: str | None = None
        """Text of the partial that was reported last; None: the utterance has none."""
        self._utterance = 1
        self._hypotheses: list[Hypothesis] = []

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Words that the model's dictionary lacks: phrases with them cannot be heard. Empty with a judge, who can hear
        any word.
        """
        if self._judge is not None:
            return ()
        words = {word for phrase in vocabulary.phrases for word in phrase.split()}
        return tuple(sorted(word for word in words if not self._knows(word)))

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only, beginning with the utterance under way."""
        if self._judge is not None:
            self._judge.listen_for(vocabulary)
        phrases = tuple(dict.fromkeys(vocabulary.phrases))
        if set(phrases) == set(self._phrases):
            return
        self._phrases = phrases
        self._vocabulary = frozenset(word for phrase in phrases for word in phrase.split())
        self._renew_engine()
        if self._reported is not None and not self._partial:
            # The new engine hears silence where a partial was reported. Without this final, the next utterance would
            # get the same number, as its continuation.
            self._report(NO_PHRASE, self._words_since / _RATE, self._received / _RATE, final=True)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Take the next samples, any number; each decision is dated by the 20 ms step that made it."""
        self._remainder += np.ascontiguousarray(pcm, dtype="<i2").tobytes()
        while len(self._remainder) >= 2 * _STEP:
            step = np.frombuffer(bytes(self._remainder[: 2 * _STEP]), "<i2")
            del self._remainder[: 2 * _STEP]
            self._kept_frames.append(Frame(step) if self._judge is None else self._judge.hear(step))
            self._received += _STEP
            self._feed_engine(self._kept_frames[-1])
            self._drop_old_sound(_LONGEST_S if self._partial else _LOOK_BACK_S)
            if self._judge is not None and not self._partial and self._received % _REST_SAMPLES == 0:
                self._judge.use_silence()
            if not self._partial and self._heard - self._engine_first > self._lifetime_samples:
                self._renew_engine()
        hypotheses, self._hypotheses = self._hypotheses, []
        return hypotheses

    def reset(self) -> None:
        """Forget all sound, but keep the vocabulary."""
        self._clear_sound()
        if self._phrases:
            self._renew_engine()

    def close(self) -> None:
        """Free the engine, the model and the judge."""
        self._engine = self._judge = None
        self._model = None

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _renew_engine(self) -> None:
        """Make a new engine for the phrases, and let it hear the sound that is kept."""
        phrases = [phrase for phrase in self._phrases if all(map(self._knows, phrase.split()))]
        others = [word for word in (*_DECOYS, _UNKNOWN) if word not in self._vocabulary and self._knows(word)]
        # An empty list of phrases would crash the process.
        grammar = json.dumps([*phrases, *others], ensure_ascii=False) if phrases or others else None
        self._engine = None
        if grammar is not None:
            self._engine = _call_engine(self._vosk.KaldiRecognizer, self._model, _RATE, grammar)
            self._engine.SetWords(True)
        elif self._phrases:
            raise HearingError(
                f"none of the words to hear, {self._phrases[0]!r} among them, is in the model's dictionary; "
                "take an English model: coach models fetch vosk"
            )
        self._partial = ""
        self._engine_first = self._heard = self._received - _STEP * len(self._kept_frames)
        for step in list(self._kept_frames):
            self._feed_engine(step)

    def _feed_engine(self, step: Frame) -> None:
        self._heard += _STEP
        if self._engine is None:
            return
        if _call_engine(self._engine.AcceptWaveform, step.pcm.tobytes()):
            self._decide(json.loads(_FRACTION.sub(r"\1.\2", self._engine.Result())))
        else:
            self._follow_partial(json.loads(self._engine.PartialResult()).get("partial", ""))

    def _follow_partial(self, text: str) -> None:
        if text != self._partial:
            if not self._partial:
                self._words_since = self._heard
            self._partial, self._partial_since, self._looks = text, self._heard, 0
            return
        unchanged = self._heard - self._partial_since
        if text and self._looks < _MAX_LOOKS and unchanged >= (self._looks + 1) * self._stable_samples:
            self._looks += 1
            live = " ".join(self._live_words(text.split()))
            if live and live != self._reported:
                self._look(live)

    def _look(self, live_text: str) -> None:
        """Report the words of a partial if they are new; with a judge, only what the judge confirms of them."""
        began, now = max(0.0, (self._words_since - self._lag_samples) / _RATE), self._heard / _RATE
        verdict = Verdict(live_text, 1.0)
        if self._judge is not None:
            verdict = self._judge.confirm(live_text, *self._sound(began), now - began)
        if verdict.text and verdict.text != self._reported:
            self._report(verdict, began, self._received / _RATE, final=False)

    def _decide(self, result: dict[str, Any]) -> None:
        zero = self._engine_first / _RATE
        found = result.get("result", [])
        words = [_Word(word["word"], zero + word["start"], word["conf"], zero + word["end"]) for word in found]
        if words or self._reported is not None:
            now = self._received / _RATE
            live: list[str] = []
            if self._judge is None:
                live = self._live_words([word.text for word in words])
                # If no word is live, this keeps all words, so the times are those of the whole utterance.
                words = words[-len(live) :]
            began, ended = (min(words[0].began, now), words[-1].ended) if words else (self._words_since / _RATE, now)
            if self._judge is None:
                confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
                verdict = Verdict(" ".join(live), confidence)
            else:
                verdict = self._judge.decide(*self._sound(began), ended - began)
            self._report(verdict, began, ended, final=True)
            self._drop_old_sound(_AFTER_FINAL_S)
        self._partial = ""

    def _sound(self, began: float) -> tuple[list[Frame], int]:
        """The kept sound that the engine has heard, and the index of the frame in it at the time `began`."""
        oldest = self._received - _STEP * len(self._kept_frames)
        heard = list(self._kept_frames)[: (self._heard - oldest) // _STEP]
        return heard, max(0, (round(began * _RATE) - oldest) // _STEP)

    def _live_words(self, words: list[str]) -> list[str]:
        """The words if all are live. Otherwise the words behind the last one that is not live, if they are a safety
        phrase; else no words.
        """
        not_live = [index for index, word in enumerate(words) if word not in self._vocabulary]
        tail = words[not_live[-1] + 1 :] if not_live else words
        return tail if not not_live or " ".join(tail) in self._urgent else []

    def _report(self, verdict: Verdict, began: float, ended: float, *, final: bool) -> None:
        self._hypotheses.append(verdict.hypothesis(self._utterance, began, ended, self._received / _RATE, final=final))
        self._reported = None if final else verdict.text
        self._utterance += final

    def _drop_old_sound(self, seconds: float) -> None:
        """Drop old sound: keep this many seconds of what the engine has heard, and everything that it has not heard."""
        while len(self._kept_frames) * _STEP > self._received - self._heard + seconds * _RATE:
            self._kept_frames.popleft()


def _library() -> ModuleType:
    """The package, imported only when it is needed: that takes 0.2 s."""
    try:
        import vosk  # noqa: PLC0415
    except (ImportError, OSError, TypeError) as error:
        # OSError: its library does not load here. TypeError: it has no library for this platform.
        raise HearingError(
            f"the vosk package is not usable ({error}): pip install vosk, or choose another --engine"
        ) from error
    library: ModuleType = vosk
    # Only errors, which `model_files.engine_finding` reads; -1 would let the engine's warnings into a session's output.
    library.SetLogLevel(-2)
    return library


def _call_engine(call: Any, *arguments: Any) -> Any:
    """The result of a call to the engine. Its failures, which are bare exceptions, become `HearingError`."""
    try:
        return call(*arguments)
    except Exception as error:
        raise HearingError(f"vosk: {str(error).lower()}; run: coach models verify") from error


def _try_model(model: str) -> None:
    """Hear a second of silence and two of noise. It may abort, so `engine_finding` runs it in a child process."""
    vosk = _library()
    engine = vosk.KaldiRecognizer(vosk.Model(model), _RATE, json.dumps(["stop", _UNKNOWN]))
    noise = np.random.default_rng(0).normal(0, 300, 2 * _RATE).astype("<i2")
    engine.AcceptWaveform(bytes(2 * _RATE))
    # A graph that is ambiguous about silence takes minutes over this: better in the child than in a session.
    engine.AcceptWaveform(noise.tobytes())
    engine.FinalResult()


if __name__ == "__main__":
    _try_model(sys.argv[1])
