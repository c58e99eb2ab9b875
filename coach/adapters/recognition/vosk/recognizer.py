"""Vosk as a `Recognizer`: a grammar of the live phrases, decoys and an unknown word, on a Kaldi model folder.

Law: an engine's grammar never changes. New phrases need a new engine, which hears the utterance under way
again; `SetGrammar` is missing from the macOS library and aborts the process when called in mid-utterance.

Vosk decodes a bigram of the phrases, not the phrases: any order of their words can come out, with a confidence near 1.
Without a judge, the understanding decides whether the words make a phrase; this module only requires every word to be
live. With a judge, Vosk says when somebody spoke, and the judge says which live phrase it was, if any:
- a final is read by the judge, whatever Vosk recognised;
- a partial that could act is reported when the judge finds the same phrase in one look.
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

from coach.adapters.recognition.moonshine.judge import FRAME, NOTHING, Frame, Judge
from coach.adapters.recognition.moonshine.reader import Verdict
from coach.adapters.recognition.vosk.model_files import require
from coach.adapters.recognition.vosk.tuning import chunk_seconds
from coach.ports import HearingError, Hypothesis, Pcm, Vocabulary

_RATE = 16_000
_STEP = FRAME
"""Samples given to the engine at once, 20 ms: so decisions and their times are the same for any block size."""
_STABLE = 0.15
"""Seconds of audio for which a partial's words must stay unchanged before they are reported."""
_LOOK_BACK = 1.5
"""Seconds of sound kept while nothing is recognised: what a new engine hears first. Longer than a word can sound
before its first partial (0.5 s at most, with 240 ms chunks)."""
_AFTER_FINAL = 0.2
"""Seconds of sound kept of a finished utterance: less than the shortest silence that ends an utterance (0.3 s)."""
_LONGEST = 8.0
"""Seconds of an utterance under way that a new engine hears again; no command takes half of this."""
_LIFETIME = 600.0
"""Seconds of audio after which an idle engine is replaced; engines are reported to grow by 2 to 5 MB a minute."""
_LAG = 0.15
"""Seconds from a word's beginning to its first partial; half a chunk of decoding is added. A partial's beginning is
estimated with it (0.1 s early on average): the engine's own word times come with the final. Options can force them
into partials, at ten times the processor time in silence (21 against 1.6 % of a desktop core)."""

_LOOKS = 3
"""Most looks of the judge at a partial that stays unchanged, `_STABLE` apart. Several, because the first look may come
before a word has ended."""
_REST = 10 * _STEP
"""Samples, 0.2 s. After each of them the judge may use a moment while nothing is recognised."""
_ENGLISH = ("morning", "mother", "winter", "yellow", "seventeen")
"""Words that every English model knows. The judge knows only English, so it judges no other language."""

_FRACTION = re.compile(r'(?<=" : )(-?\d+)\D(\d+)')
"""A number in the engine's JSON. It is written with the process's decimal sign, which any library may have changed."""

_UNKNOWN = "[unk]"
_DECOYS = (
    # Common words of talk, so that talk need not be squeezed into commands. None rhymes with a safety word: a decoy
    # that sounds like "stop" would cost stops.
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
    """One engine at a time over one model.

    `urgent`: phrases that are accepted even when other sound runs into them. A final's `began` is the engine's; a
    partial's is estimated. The confidence is the judge's. Without a judge it is the engine's for finals and always 1
    for partials.
    """

    name = "vosk"
    rate = _RATE

    def __init__(
        self,
        model: Path,
        *,
        urgent: Iterable[str] = (),
        lifetime: float = _LIFETIME,
        judge: Callable[[], Judge | None] | None = None,
    ) -> None:
        """Load the model, a folder from `find` or `tuned_copy`; raises `HearingError` with the remedy.

        `judge` makes the judge, or returns None; it is called only if the model is an English one.
        """
        require(model)
        self._vosk = _library()
        self._model = _made(self._vosk.Model, str(model))
        self._lifetime = round(lifetime * _RATE)
        chunk = chunk_seconds(model)
        # A stable text did not change while more sound was decoded: at least one more chunk must have come.
        self._stable = round(max(_STABLE, chunk + 0.02) * _RATE)
        self._lag = round((_LAG + chunk / 2) * _RATE)
        self._urgent = frozenset(urgent)
        self._phrases: tuple[str, ...] = ()
        self._vocabulary: frozenset[str] = frozenset()
        self._engine: Any = None
        self._judge = judge() if judge is not None and all(map(self._knows, _ENGLISH)) else None
        self._begin_anew()

    def _begin_anew(self) -> None:
        # Sound: samples of less than one step; the last steps; the numbers of samples received, heard by the engine,
        # and passed before the engine's first sample.
        self._waiting = bytearray()
        self._kept: deque[Frame] = deque()
        self._fed = self._position = self._zero = 0
        if self._judge is not None:
            self._judge.reset()
        # The utterance under way: its partial, since when the partial stands, when words first showed, the looks at it,
        # and the text that was reported.
        self._showing = ""
        self._changed = self._first = 0
        self._looks = 0
        self._told: str | None = None
        self._utterance = 1
        self._found: list[Hypothesis] = []

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Words that the model's dictionary lacks; phrases with them cannot be heard. Empty with a judge, which can
        hear them.
        """
        if self._judge is not None:
            return ()
        words = {word for phrase in vocabulary.phrases for word in phrase.split()}
        return tuple(sorted(word for word in words if not self._knows(word)))

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Hear these phrases only, beginning with the utterance under way."""
        if self._judge is not None:
            self._judge.use(vocabulary)
        phrases = tuple(dict.fromkeys(vocabulary.phrases))
        if set(phrases) == set(self._phrases):
            return
        self._phrases = phrases
        self._vocabulary = frozenset(word for phrase in phrases for word in phrase.split())
        self._renew()
        if self._told is not None and not self._showing:
            # The new engine hears silence where a partial was reported. Without this final the utterance's number would
            # stay open, and the next utterance would be taken for its continuation.
            self._tell(NOTHING, self._first / _RATE, self._fed / _RATE, final=True)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        """Take the next samples, any number; each decision is dated by the 20 ms step that made it."""
        self._waiting += np.ascontiguousarray(pcm, dtype="<i2").tobytes()
        while len(self._waiting) >= 2 * _STEP:
            step = np.frombuffer(bytes(self._waiting[: 2 * _STEP]), "<i2")
            del self._waiting[: 2 * _STEP]
            self._kept.append(Frame(step) if self._judge is None else self._judge.hear(step))
            self._fed += _STEP
            self._take(self._kept[-1])
            self._forget(_LONGEST if self._showing else _LOOK_BACK)
            if self._judge is not None and not self._showing and self._fed % _REST == 0:
                self._judge.rest()
            if not self._showing and self._position - self._zero > self._lifetime:
                self._renew()
        found, self._found = self._found, []
        return found

    def reset(self) -> None:
        """Forget all sound, but keep the vocabulary."""
        self._begin_anew()
        if self._phrases:
            self._renew()

    def close(self) -> None:
        """Free the engine, the model and the judge."""
        self._engine = self._judge = None
        self._model = None

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _renew(self) -> None:
        """Make a new engine for the phrases, and let it hear the sound that is kept."""
        phrases = [phrase for phrase in self._phrases if all(map(self._knows, phrase.split()))]
        others = [word for word in (*_DECOYS, _UNKNOWN) if word not in self._vocabulary and self._knows(word)]
        # An empty list would crash the process.
        grammar = json.dumps([*phrases, *others], ensure_ascii=False) if phrases or others else None
        self._engine = None
        if grammar is not None:
            self._engine = _made(self._vosk.KaldiRecognizer, self._model, _RATE, grammar)
            self._engine.SetWords(True)
        elif self._phrases:
            raise HearingError(
                f"none of the words to hear, {self._phrases[0]!r} among them, is in the model's dictionary; "
                "take an English model: coach models fetch vosk"
            )
        self._showing = ""
        self._zero = self._position = self._fed - _STEP * len(self._kept)
        for step in list(self._kept):
            self._take(step)

    def _take(self, step: Frame) -> None:
        self._position += _STEP
        if self._engine is None:
            return
        if _made(self._engine.AcceptWaveform, step.pcm.tobytes()):
            self._decide(json.loads(_FRACTION.sub(r"\1.\2", self._engine.Result())))
        else:
            self._follow(json.loads(self._engine.PartialResult()).get("partial", ""))

    def _follow(self, text: str) -> None:
        if text != self._showing:
            if not self._showing:
                self._first = self._position
            self._showing, self._changed, self._looks = text, self._position, 0
        elif text and self._looks < _LOOKS and self._position - self._changed >= (self._looks + 1) * self._stable:
            self._looks += 1
            live = " ".join(self._live(text.split()))
            if live and live != self._told:
                self._look(live)

    def _look(self, live: str) -> None:
        """Report a partial's words, or what the judge finds of them."""
        began, now = max(0.0, (self._first - self._lag) / _RATE), self._position / _RATE
        verdict = Verdict(live, 1.0)
        if self._judge is not None:
            verdict = self._judge.confirm(live, *self._sound(began), now - began)
        if verdict.text and verdict.text != self._told:
            self._tell(verdict, began, self._fed / _RATE, final=False)

    def _decide(self, result: dict[str, Any]) -> None:
        words = self._dated(result.get("result", []))
        if words or self._told is not None:
            now = self._fed / _RATE
            live: list[str] = []
            if self._judge is None:
                live = self._live([word.text for word in words])
                # If no word is live, the times are those of the whole utterance.
                words = words[-len(live) :]
            began, ended = (min(words[0].began, now), words[-1].ended) if words else (self._first / _RATE, now)
            if self._judge is None:
                confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
                verdict = Verdict(" ".join(live), confidence)
            else:
                verdict = self._judge.decide(*self._sound(began), ended - began)
            self._tell(verdict, began, ended, final=True)
            self._forget(_AFTER_FINAL)
        self._showing = ""

    def _sound(self, began: float) -> tuple[list[Frame], int]:
        """The kept sound that the engine has heard, and the frame in it at which `began` lies."""
        oldest = self._fed - _STEP * len(self._kept)
        heard = list(self._kept)[: (self._position - oldest) // _STEP]
        return heard, max(0, (round(began * _RATE) - oldest) // _STEP)

    def _live(self, words: list[str]) -> list[str]:
        """The words if all are live. Otherwise the words behind the last one that is not live, if they are an urgent
        phrase; else none.
        """
        foreign = [place for place, word in enumerate(words) if word not in self._vocabulary]
        tail = words[foreign[-1] + 1 :] if foreign else words
        return tail if not foreign or " ".join(tail) in self._urgent else []

    def _tell(self, verdict: Verdict, began: float, ended: float, *, final: bool) -> None:
        self._found.append(
            Hypothesis(
                utterance=self._utterance,
                text=verdict.text,
                began=began,
                at=self._fed / _RATE,
                confidence=verdict.confidence,
                final=final,
                nearest=verdict.guess,
                reason=verdict.reason,
                free_text=verdict.free if final else "",
                ended=ended,
            )
        )
        self._told = None if final else verdict.text
        self._utterance += final

    def _dated(self, words: Iterable[dict[str, Any]]) -> list[_Word]:
        zero = self._zero / _RATE
        return [_Word(word["word"], zero + word["start"], word["conf"], zero + word["end"]) for word in words]

    def _forget(self, seconds: float) -> None:
        """Drop old sound: keep this many seconds that the engine has heard, and all that it has not heard yet."""
        while len(self._kept) * _STEP > self._fed - self._position + seconds * _RATE:
            self._kept.popleft()


def _library() -> ModuleType:
    """The package, imported when it is needed: it takes 0.2 s, and other recognisers do not need it."""
    try:
        import vosk  # noqa: PLC0415
    except (ImportError, OSError, TypeError) as error:
        # OSError: its library does not load here. TypeError: it has no library for this platform.
        raise HearingError(
            f"the vosk package is not usable ({error}): pip install vosk, or choose another --engine"
        ) from error
    library: ModuleType = vosk
    # Only errors, which `vosk_models.health` reads; -1 lets warnings of the engine into a session's output.
    library.SetLogLevel(-2)
    return library


def _made(call: Any, *arguments: Any) -> Any:
    """The result of a call to the engine; its failures, bare exceptions, become `HearingError`."""
    try:
        return call(*arguments)
    except Exception as error:
        raise HearingError(f"vosk: {str(error).lower()}; run: coach models verify") from error


def _try(model: str) -> None:
    """Hear a second of silence and two of noise. `vosk_models.health` runs this in a child process: it may abort."""
    vosk = _library()
    engine = vosk.KaldiRecognizer(vosk.Model(model), _RATE, json.dumps(["stop", _UNKNOWN]))
    noise = np.random.default_rng(0).normal(0, 300, 2 * _RATE).astype("<i2")
    engine.AcceptWaveform(bytes(2 * _RATE))
    # A graph that is ambiguous about silence takes minutes over this: better in the child than in a session.
    engine.AcceptWaveform(noise.tobytes())
    engine.FinalResult()


if __name__ == "__main__":
    _try(sys.argv[1])
