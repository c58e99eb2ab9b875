"""Lines spoken in rooms, and what an ear writes.

Law: the same line, voice, step and place give the same outcome for every number of processes.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.recognition.moonshine import model_files as moonshine_files
from coach.adapters.recognition.moonshine.model import RATE
from coach.adapters.synthesis.joined_lines import JoinedLines
from coach.audio.pcm import FULL, Signal
from coach.audio.resampling import Resampler
from coach.audio.shaping import shaped, step_for
from coach.ports import HearingError
from coach.wiring import engines
from coach.wiring.models import PROJECT
from lab.benchmarks.voice import rooms, second_ear, spelling
from lab.benchmarks.voice.ear import Ear, Floats
from lab.benchmarks.voice.lines import Said
from lab.benchmarks.voice.rooms import Place

LEAD_S = 0.3
"""Seconds of the room before and after a line."""
_AT_ONCE = 8
"""Number of sounds that the ear hears in a batch."""
NEUTRAL, SECOND = "Moonshine tiny", "Whisper tiny"


@dataclass(frozen=True, slots=True)
class Hearing:
    """One way in which a line is heard."""

    step: int
    place: Place
    ear: str = NEUTRAL

    @property
    def as_chosen(self) -> bool:
        """Whether the coach would take this step in this place."""
        return self.step == step_for(self.place.snr)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of one voice, to be heard in several ways."""

    voice: str
    said: Said
    hearings: tuple[Hearing, ...]
    data: Path | None
    tuning: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an ear wrote of a line, and its word errors."""

    voice: str
    said: Said
    hearing: Hearing
    text: str
    errors: int
    words: int


def listen(task: Task) -> list[Outcome]:
    """Returns the outcomes of all hearings of a task."""
    steps = {hearing.step for hearing in task.hearings} | {0}
    spoken = {step: at_the_ear(task.voice, task.said, step) for step in steps}
    key = task.said.text
    sounds = [
        rooms.heard(spoken[one.step], spoken[0], one.place, LEAD_S, key, task.data, tuning=task.tuning)
        for one in task.hearings
    ]
    said = spelling.words(key)
    outcomes = []
    for ear in dict.fromkeys(one.ear for one in task.hearings):
        theirs = [number for number, one in enumerate(task.hearings) if one.ear == ear]
        texts = _written(ear, np.array([sounds[number] for number in theirs], np.float32))
        outcomes += [
            Outcome(
                task.voice,
                task.said,
                task.hearings[number],
                text,
                spelling.errors(said, spelling.words(text)),
                len(said),
            )
            for number, text in zip(theirs, texts, strict=True)
        ]
    return outcomes


def _written(ear: str, sounds: Floats) -> list[str]:
    if ear == SECOND:
        return [second_ear.text(sound) for sound in sounds]
    parts = [sounds[at : at + _AT_ONCE] for at in range(0, len(sounds), _AT_ONCE)]
    return [text for part in parts for text in neutral_ear().texts(part)]


@functools.cache
def at_the_ear(voice: str, said: Said, step: int) -> Signal:
    """Returns the line at `RATE`, from -1 to 1; every step has the same length."""
    clip = clips(voice).render(said.text, said.manner)
    pcm = shaped(clip.pcm, clip.rate, step)
    return Resampler(clip.rate, RATE).whole(pcm) / FULL


@functools.cache
def clips(voice: str) -> JoinedLines:
    """Returns a voice as the coach uses it."""
    return engines.voice(print, voice)


@functools.cache
def neutral_ear() -> Ear:
    """Returns the neutral ear of this process."""
    folder = moonshine_files.find(PROJECT)
    if folder is None:
        raise HearingError("the ear that judges is Moonshine, and its model is missing: run: coach models fetch")
    return Ear(folder)


def rate(outcomes: Sequence[Outcome]) -> float:
    """Returns the word errors in percent."""
    return 100 * sum(one.errors for one in outcomes) / max(1, sum(one.words for one in outcomes))
