"""One live session on a virtual sound card: `coach run` in a process of its own, spoken to and recorded.

Law: nothing of the coach's insides is asked; where a word ended and the coach fell silent is read off the tape, which
holds microphone and loudspeaker in step.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach import wiring
from coach.adapters.clip_store import ClipStore
from coach.adapters.synthesizer import EspeakSynthesizer
from coach.audio.resampling import Resampler
from coach.commands import Manner
from coach.ports import Pcm
from scripts.benchmarks import utterances
from scripts.benchmarks.beats import Beats, count_words, find, find_beats, find_first
from scripts.benchmarks.card import RATE, OneCard, Tape
from scripts.benchmarks.reactions import PATIENCE_S, first_missing
from scripts.benchmarks.utterances import Utterance, vary

_AUDIBLE = 300
"""Of 32768: the card is digitally silent."""
_PAUSE_S = 0.7
"""Longer than any pause within a line."""
_BEGINNING_S = 0.4
"""So much of a clip is looked for: the rest may have been cut off."""
_SEARCH_S = 15.0
"""How long before an utterance the line may have begun that it breaks into."""


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What was measured; seconds, None for a miss."""

    beats: Beats
    stops: list[float | None]
    reports: list[float | None]
    answers: list[float | None]


class LiveSession:
    """Speaks to the coach and listens to it."""

    def __init__(self, card: OneCard, tape: Tape, folder: Path) -> None:
        self._card = card
        self._tape = tape
        self._folder = folder
        self._clips = ClipStore(EspeakSynthesizer(), folder / "coach" / "clips")
        self._pack, _, _ = wiring.exercise()

    def run(self, reps: int, barge_ins: int) -> LiveFigures:
        """Questions broken off by "stop", corrections called into the introduction, then a whole set."""
        greeting = self._pack.prompts["greeting"].say[0]
        self._wait_for_speech(0)
        self._wait_for_silence()
        stops: list[float | None] = []
        answers: list[float | None] = []
        for number in range(barge_ins):
            phrase, intent = (("how deep", "HowDeep"), ("why high feet", "WhyHighFeet"))[number % 2]
            answer = self._pack.answers[intent].line.say[0]
            since = len(self._tape)
            self._say(vary(phrase, number))
            self._wait_for_speech(since, patience=PATIENCE_S)
            time.sleep(0.3 + vary("stop", number).moment * 1.5)
            broken = len(self._tape)
            self._say(vary("stop", number))
            self._wait_for_silence()
            answers.append(self._until_answer(vary(phrase, number), since, answer))
            stops.append(self._until_silence(vary("stop", number), broken, answer) if answers[-1] is not None else None)
        reports = self._correct(barge_ins // 2, reps)
        beats = self._count(reps)
        if find(self._start(greeting), self._tape.coach()[: RATE * 10]) is None:
            raise AssertionError("the tape does not hold the greeting")
        return LiveFigures(beats, stops, reports, answers)

    def _correct(self, times: int, reps: int) -> list[float | None]:
        """ "My back lifted" into the words before the count."""
        reports: list[float | None] = []
        begin, line = "start set", ""
        for number in range(times):
            since = len(self._tape)
            self._say(utterances.plain(begin))
            self._wait_for_speech(since)
            # Until the correction before it has been cut off and the introduction speaks.
            time.sleep(0.5)
            broken = len(self._tape)
            self._say(vary("my back lifted", number))
            time.sleep(1.5)
        return reports
