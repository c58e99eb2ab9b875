"""The real Moonshine in a process of its own, killed, stopped and orphaned. Order and results are tested, not times."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.recognition.moonshine.recognizer import MoonshineRecognizer
from coach.adapters.recognition.process import RecognizerProcess
from coach.adapters.recognition.vosk.recognizer import VoskRecognizer
from coach.ports import Automaton, HearingError, Hypothesis, Pcm, Vocabulary
from lab.rigs.brittle import ABORT, RAISE, STALL, Brittle
from lab.rigs.speech import COMMANDS, EVERYTHING, RATE, clip, finals, hear, model, talk, vocabulary
from lab.rigs.tone import ToneLanguage, whistle, write_model

pytestmark = pytest.mark.audio

BLOCK = 320
WAITING_S = 1.0
"""Seconds of sound that may wait for an answer before more is given: a busy machine is slower than a microphone."""
PATIENCE_S = 120
"""Seconds; a time-out for a busy machine, not an expected duration."""


class Lifter:
    """Gives a recogniser sound, block by block, and keeps the hypotheses."""

    def __init__(self, stall_seconds: float) -> None:
        self.restarts: list[tuple[str, bool]] = []
        self.heard: list[Hypothesis] = []
        make = partial(Brittle, model(), urgent=["stop"])
        told = self.restarts
        self.hears = RecognizerProcess(
            make, "brittle", RATE, lambda reason, lost: told.append((reason, lost)), stall_seconds=stall_seconds
        )
        self.hears.listen_for(EVERYTHING)

    def say(self, sound: Pcm, waiting: float = WAITING_S) -> None:
        """Give the sound block by block, as fast as it is heard."""
        for start in range(0, len(sound), BLOCK):
            self.heard += self.hears.hear(sound[start : start + BLOCK])
            end = time.monotonic() + PATIENCE_S
            while self.hears.behind_seconds > waiting:
                assert time.monotonic() < end, f"no answer within {PATIENCE_S} s"
                time.sleep(0.005)
                self.heard += self.hears.hear(silence(0))

    def wait(self, holds: Callable[[], bool], what: str) -> None:
        """Give silence, as a microphone would, until the condition holds."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < end, f"not within {PATIENCE_S} s: {what}"
            self.say(silence(0.02))
            time.sleep(0.005)

    def kill(self, signalled: signal.Signals = signal.SIGKILL) -> None:
        os.kill(self.hears.pid, signalled)


@contextmanager
def lifter(stall_seconds: float = 10.0) -> Iterator[Lifter]:
    made = Lifter(stall_seconds)
    made.hears.wait_until_ready()
    try:
        yield made
    finally:
        made.hears.close()


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE), np.int16)


def bad(sample: int) -> Pcm:
    pcm = silence(0.02)
    pcm[7] = sample
    return pcm


def said(*phrases: str, gap: float = 0.7) -> Pcm:
    return talk(((phrase, clip("slt", phrase)) for phrase in phrases), gap=gap)[0]


def gone(pid: int) -> bool:
    """Whether no process has this id, or only a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_it_hears_what_the_same_recogniser_hears_in_this_process() -> None:
    sound = said(*COMMANDS[:12])
    here = MoonshineRecognizer(model(), urgent=["stop"])
    here.listen_for(EVERYTHING)
    expected = hear(here, sound)
    assert len(finals(expected)) == 12
    with lifter() as one:
        one.say(sound)
        one.wait(lambda: len(one.heard) >= len(expected), "all answers came")
        assert one.heard == expected
        one.hears.reset()
        one.heard.clear()
        one.say(sound)
        one.wait(lambda: len(one.heard) >= len(expected), "all answers came again")
        assert one.heard == expected
        assert one.restarts == []


def test_a_word_under_way_when_it_is_killed_is_heard_by_the_next_one() -> None:
    sound = said("how deep", "stop")
    place = len(sound) - round(0.7 * RATE) - len(clip("slt", "stop")) // 2
    with lifter() as one:
        before = one.hears.pid
        one.say(sound[:place])
        one.wait(lambda: finals(one.heard) == ["how deep"], "the first is decided")
        one.kill()
        one.say(sound[place:])
        one.wait(lambda: len(one.restarts) == 1, "it is replaced")
        assert one.restarts == [("it was ended by SIGKILL", False)]
        assert one.hears.pid != before
        one.say(said("pause"))
        one.wait(lambda: len(finals(one.heard)) == 3, "the next word")
        # Each phrase is reported once, on one time line, with a number of its own.
        told = [one for one in one.heard if one.final]
        assert [each.text for each in told] == ["how deep", "stop", "pause"]
        assert sorted({each.utterance for each in told}) == [each.utterance for each in told]
        assert [each.at for each in one.heard] == sorted(each.at for each in one.heard)
        word = (place - len(clip("slt", "stop")) // 2) / RATE
        assert word - 0.1 < told[1].began < told[1].at


def test_a_partial_that_was_told_is_not_told_anew() -> None:
    sound = said("stop")
    with lifter() as one:
        blocks = iter(range(0, len(sound), BLOCK))
        while not one.heard:
            start = next(blocks)
            one.say(sound[start : start + BLOCK], waiting=0.0)
        assert [(each.text, each.final) for each in one.heard] == [("stop", False)]
        one.kill()
        one.say(sound[start + BLOCK :])
        one.wait(lambda: finals(one.heard) == ["stop"], "its final")
        assert {each.utterance for each in one.heard} == {one.heard[0].utterance}
        one.say(said("stop"))
        one.wait(lambda: finals(one.heard) == ["stop", "stop"], "the next")
        assert one.heard[-1].utterance != one.heard[0].utterance


def test_one_that_stalls_is_replaced_and_what_was_said_meanwhile_is_heard() -> None:
    with lifter(stall_seconds=2.0) as one:
        one.say(silence(0.5))
        one.kill(signal.SIGSTOP)
        one.say(said("it hurts"))
        one.wait(lambda: len(one.restarts) == 1, "it is replaced")
        one.wait(lambda: finals(one.heard) == ["it hurts"], "the word")
        reason, lost = one.restarts[0]
        assert reason.startswith("it gave no answer for ")
        assert not lost


def test_words_that_no_child_understands_are_told_as_lost_and_not_as_refused() -> None:
    sound = said("are you using this machine")
    place = 2 * RATE
    with lifter() as one:
        one.say(sound[:place])
        one.kill()
        one.say(sound[place:])
        one.wait(lambda: bool(one.restarts), "it is replaced")
        assert one.restarts == [("it was ended by SIGKILL", True)]
        assert one.heard == [], "one sentence of the coach about it, not two"
        one.say(sound)
        one.wait(lambda: bool(one.heard), "refused as usual")
        assert finals(one.heard) == [""]


@pytest.mark.parametrize(
    ("sample", "end", "last_words"),
    [
        (ABORT, "it was ended by SIGABRT", "no result was meant by this"),
        (RAISE, "it ended with code 1", "RuntimeError: a sample too far"),
    ],
)
def test_sound_that_kills_two_is_given_up(sample: int, end: str, last_words: str) -> None:
    """On a busy machine the child's pipes close long before it is dead."""
    with lifter() as one:
        one.say(silence(0.5))
        one.say(bad(sample))
        one.wait(lambda: bool(one.restarts), "it is replaced, twice")
        assert one.restarts in [[(f"{how} ({last_words})", True)] for how in (end, "it closed its pipes")]
        one.say(said("stop"))
        one.wait(lambda: finals(one.heard) == ["stop"], "it hears on")


def test_a_third_failure_within_a_minute_is_the_end_of_hearing() -> None:
    with lifter() as one:
        one.say(bad(ABORT))
        one.wait(lambda: bool(one.restarts), "the sound is given up")
        one.kill()
        with pytest.raises(
            HearingError, match=r"brittle failed 3 times within a minute.*ended by SIGKILL.*coach doctor"
        ):
            one.wait(lambda: False, "it gives up")


def test_a_call_that_stalls_over_its_sound_ends_too() -> None:
    with lifter(stall_seconds=2.0) as one:
        one.say(bad(STALL))
        one.wait(lambda: bool(one.restarts), "the sound is given up")
        assert one.restarts[0][1]
        one.say(said("stop"))
        one.wait(lambda: finals(one.heard) == ["stop"], "it hears on")


def test_new_phrases_reach_the_child_and_its_successor() -> None:
    with lifter() as one:
        one.hears.listen_for(vocabulary(["pause"]))
        one.say(said("pause"))
        one.wait(lambda: finals(one.heard) == ["pause"], "the phrase is live")
        one.kill()
        one.wait(lambda: bool(one.restarts), "it is replaced")
        one.say(said("pause"))
        one.wait(lambda: finals(one.heard) == ["pause", "pause"], "the phrase is live again")
        one.hears.listen_for(vocabulary(["how deep"]))
        one.say(said("how deep"))
        one.wait(lambda: finals(one.heard)[2:] == ["how deep"], "the other is")


def test_what_the_child_says_to_the_lifter_comes_through() -> None:
    with lifter() as one:
        one.hears.listen_for(Vocabulary(("thwomp",), Automaton(0, 1, ((0, 1, "thwomp"),))))
        with pytest.raises(HearingError, match="no ear for 'thwomp': say it otherwise"):
            one.wait(lambda: False, "the fault")


def test_one_that_cannot_be_made_is_told_before_anything_begins() -> None:
    hears = RecognizerProcess(_refuse, "none", RATE)
    with pytest.raises(HearingError, match="there is no model"):
        hears.wait_until_ready()
    hears.close()


def _refuse() -> Brittle:
    raise HearingError("there is no model")


def test_vosk_is_replaced_as_well(tmp_path: Path) -> None:
    language = ToneLanguage.of(["stop", "pause"])
    model = write_model(tmp_path / "vosk-model-small-en-tone", language)
    word = whistle("stop", language, before=0.5, after=1.5)
    restarts: list[tuple[str, bool]] = []
    hears = RecognizerProcess(
        partial(VoskRecognizer, model), "vosk", RATE, lambda reason, lost: restarts.append((reason, lost))
    )
    assert hears.unknown_words(vocabulary(["stop", "pause", "how deep"])) == ("deep", "how")
    hears.listen_for(vocabulary(["stop", "pause"]))
    heard = hear(hears, word[: RATE // 2 + 3000])
    os.kill(hears.pid, signal.SIGKILL)
    heard += hear(hears, word[RATE // 2 + 3000 :])
    end = time.monotonic() + PATIENCE_S
    while not restarts:
        assert time.monotonic() < end, "it is not replaced"
        heard += hears.hear(silence(0.02))
        time.sleep(0.005)
    hears.close()
    assert finals(heard) == ["stop"]
    assert restarts == [("it was ended by SIGKILL", False)]


def test_closing_leaves_no_process() -> None:
    with lifter() as one:
        pid = one.hears.pid
        one.say(silence(0.1))
    one.hears.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


PARENT = """
import sys, time
from functools import partial
from pathlib import Path
from coach.adapters.recognition.moonshine.recognizer import MoonshineRecognizer
from coach.adapters.recognition.process import RecognizerProcess
hears = RecognizerProcess(partial(MoonshineRecognizer, Path(sys.argv[1])), "moonshine", 16000)
hears.wait_until_ready()
try:
    print(hears.pid, flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def _orphan(parents_end: Callable[[subprocess.Popen[str]], None], *before: signal.Signals) -> tuple[str, str]:
    """All that a parent printed which ended in this way; its child is gone."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(model())],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    for sign in before:
        os.kill(child, sign)
    parents_end(parent)
    printed = parent.communicate(timeout=PATIENCE_S)
    end = time.monotonic() + PATIENCE_S
    while not gone(child):
        assert time.monotonic() < end, "the child outlives its parent"
        time.sleep(0.02)
    return printed


@pytest.mark.parametrize("before", [[], [signal.SIGSTOP]], ids=["waiting", "stalled"])
def test_the_child_dies_with_its_parent(before: Sequence[signal.Signals]) -> None:
    assert _orphan(subprocess.Popen.kill, *before) == ("", "")


def test_an_interrupt_in_the_terminal_is_the_parents_alone() -> None:
    def press_ctrl_c(parent: subprocess.Popen[str]) -> None:
        os.killpg(parent.pid, signal.SIGINT)

    assert _orphan(press_ctrl_c) == ("interrupted\n", "")
