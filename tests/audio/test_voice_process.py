"""The real voice in a process of its own: it exists only while it is needed, and is replaced when it is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.synthesis.piper.synthesizer import PiperSynthesizer
from coach.adapters.synthesis.process import VoiceProcess
from coach.commands import Manner
from coach.ports import Clip, VoiceError
from tests.audio.test_piper import joe

PATIENCE_S = 60
"""Seconds; a time-out for a busy machine, not an expected duration."""


@pytest.fixture
def process() -> Iterator[VoiceProcess]:
    made = VoiceProcess(PiperSynthesizer(joe()), idle_seconds=PATIENCE_S)
    yield made
    made.close()


def test_it_renders_as_the_engine_does_and_nothing_is_loaded_here(process: VoiceProcess) -> None:
    assert process.pid is None
    clip = process.render("rep seven", Manner.COUNT)
    engine = PiperSynthesizer(joe())
    assert process.fingerprint(Manner.COUNT) == engine.fingerprint(Manner.COUNT)
    here = engine.render("rep seven", Manner.COUNT)
    assert np.array_equal(clip.pcm, here.pcm)
    assert (clip.rate, clip.onset) == (here.rate, here.onset)


def test_it_ends_when_nothing_is_asked_and_comes_back() -> None:
    process = VoiceProcess(PiperSynthesizer(joe()), idle_seconds=0.3)
    process.begin()
    first = process.pid
    assert first is not None
    until = time.monotonic() + PATIENCE_S
    while process.pid is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{first}").exists()
    assert process.render("two", Manner.COUNT).pcm.size
    assert process.pid != first
    process.close()


def test_a_process_that_is_killed_is_replaced(process: VoiceProcess) -> None:
    clip = process.render("two", Manner.COUNT)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    assert np.array_equal(process.render("two", Manner.COUNT).pcm, clip.pcm)


def test_it_steps_back(process: VoiceProcess) -> None:
    process.lower_priority()
    process.render("two", Manner.COUNT)
    # 19 is the lowest priority.
    assert os.getpriority(os.PRIO_PROCESS, process.pid or 0) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


class Fatal:
    """An engine that ends its process."""

    rate = 22050

    def fingerprint(self, manner: Manner) -> str:
        return "fatal"

    def render(self, text: str, manner: Manner) -> Clip:
        os.abort()


class Damaged(Fatal):
    """An engine that cannot speak."""

    def render(self, text: str, manner: Manner) -> Clip:
        raise VoiceError("the voice is damaged: fetch it again")


def test_what_it_died_of_is_one_line() -> None:
    with pytest.raises(
        VoiceError, match=r"does not render 'two': it was ended by SIGABRT.*; run coach doctor$"
    ) as error:
        VoiceProcess(Fatal()).render("two", Manner.COUNT)
    assert "\n" not in str(error.value)


def test_the_engines_own_fault_is_told() -> None:
    process = VoiceProcess(Damaged())
    with pytest.raises(VoiceError, match=r"^the voice is damaged: fetch it again$"):
        process.render("two", Manner.COUNT)
    assert process.pid is None
