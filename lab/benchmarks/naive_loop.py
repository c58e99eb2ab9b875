"""The yardstick for the beat: a count, then `sleep(1)`, with pyttsx3 as in its manual, played on the sound card."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import numpy as np

from coach.audio.onset import audible_onset
from coach.ports import Pcm
from lab.benchmarks.card import RATE, OneCard, Tape

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LOOP = """
import sys, time, pyttsx3
engine = pyttsx3.init()
for word in sys.argv[1:]:
    engine.say(word)
    engine.runAndWait()
    time.sleep(1.0)
"""
_AUDIBLE = 300
_PAUSE_S = 0.4
"""Seconds of silence that separate two words; pauses inside a word are shorter."""
_LONGEST_S = 120.0


def missing() -> str | None:
    """Returns the name of a missing program that the loop needs for playing; None if nothing is missing."""
    return None if shutil.which("aplay") else "aplay"


def errors(card: OneCard, tape: Tape) -> list[float]:
    """Returns by how many seconds each count is late, if the first is on time and counts are a second apart."""
    since = len(tape)
    environment = {**os.environ, **card.environment}
    try:
        subprocess.run(
            [sys.executable, "-c", _LOOP, *WORDS],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_S,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return []
    onsets = _onsets(tape.coach_samples(since))
    return [float(onset - onsets[0]) / RATE - index for index, onset in enumerate(onsets)]


def _onsets(recording: Pcm) -> list[int]:
    """Returns the audible onsets of words that pauses separate."""
    loud = np.flatnonzero(np.abs(recording.astype(np.int32)) > _AUDIBLE)
    if not len(loud):
        return []
    words = np.split(loud, np.flatnonzero(np.diff(loud) > _PAUSE_S * RATE) + 1)
    return [int(word[0]) + audible_onset(recording[word[0] : word[-1] + 1], RATE) for word in words]
