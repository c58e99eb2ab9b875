"""What sounds around the lifter in live minutes: a minute of talk, a minute of music, again and again."""

from __future__ import annotations

import os
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.audio.noises import Tap, babble, music
from coach.audio.pcm import to_pcm
from coach.ports import Pcm
from coach.rehearsal.scripts.script import VOICES
from coach.wiring import rehearsing
from lab.benchmarks.card import OneCard

RATE = 16_000
BELOW_DB = 10.0
"""Of the lifter's voice."""
_PART_S = 60


def sentences() -> list[Pcm]:
    """People who do not talk to the coach: real ones where COACH_SPEECH_DATA names them, else our own voices."""
    data = os.environ.get("COACH_SPEECH_DATA")
    if data is not None:
        return [read_speech(file, RATE) for file in sorted((Path(data) / "negatives").glob("*.flac"))]
    others = (rehearsing.VOICES / "others.txt").read_text(encoding="utf-8").split("\n")
    files = (rehearsing.VOICES / f"{voice}-{rehearsing.slug(text)}.flac" for voice in VOICES for text in others if text)
    return [read_speech(file, RATE) for file in files if file.exists()]


def write(path: Path, seed: int, voice_level: float) -> None:
    """Both parts. `voice_level`: root mean square of the lifter's speech."""
    chance = np.random.default_rng(seed)
    sounds = babble(chance, RATE, sentences()), music(chance, RATE)
    parts = np.concatenate([Tap(sound).take(_PART_S * RATE) for sound in sounds])
    level = voice_level * 10 ** (-BELOW_DB / 20)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(to_pcm(parts * level).tobytes())


@contextmanager
def played_around(card: OneCard, wav: Path) -> Iterator[None]:
    """It sounds at the microphone while the block is entered."""
    over = Flag()
    playing: list[subprocess.Popen[bytes]] = []

    def play() -> None:
        while not over.is_set():
            playing[:] = [card.begin_to_play(wav)]
            playing[0].wait()

    thread = Thread(target=play, name="around", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        for process in playing:
            process.terminate()
        thread.join()
