"""What the coach would understand from recordings. Each is heard separately; several processes may share the work.

Law: the answer for a file depends on that file alone, not on the files before it or on the process that heard it.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.dialogue.utterances import Interpreter, UtteranceTracker
from coach.language.grammar import Intent
from coach.language.matching import normalised
from coach.language.templates import Value
from coach.ports import HearingError, Hypothesis, Pcm, Recognizer, SoundError, Vocabulary

_LEADING_SILENCE_S = 0.3
"""Seconds of silence put before a recording that begins with speech, so that the speech stands out; they are subtracted
from all times. A recording that begins with the room's sound gets none: a room that starts out of silence is taken for
somebody near, and with talk at 10 dB below the speech every command was joined to it."""
_ROOM_SOUND_S, _LEVEL_S, _MAX_LEVEL_RANGE_DB = 0.8, 0.06, 16.0
"""The first 0.8 s of a recording are the room's sound when the mean levels over 0.06 s differ by at most 16 dB. That
finds 95 of 99 recordings with talk and all with other noises. Of 706 recordings cut close to their words, 10 are
wrongly taken for one that begins with the room."""
_TRAILING_SILENCE_S = 2.0
"""Silence after the recording: the slowest engine ends an utterance within 1.2 s of its last word."""
_BLOCK_SAMPLES = 1600
"""Samples given to the recogniser at once; what it decides does not depend on this number."""


@dataclass(frozen=True, slots=True)
class HeardUtterance:
    """What was made of one utterance. Times are seconds since the recording's first sample.

    An utterance that acted on several intents has one `HeardUtterance` for each.
    """

    text: str
    intent: str | None
    """Name of the intent; None: the utterance was refused."""
    slots: Mapping[str, Value]
    confidence: float
    began: float | None
    """`began`, `ended` and `decided` are None when nothing was heard at all."""
    ended: float | None
    decided: float | None
    """When the live coach would have acted on the utterance."""
    cpu: float
    """Seconds of processor time since the previous utterance."""
    reason: str = ""
    """Why the utterance was refused."""


@dataclass(frozen=True, slots=True)
class HeardFile:
    """What was heard in one file."""

    file: Path
    utterances: tuple[HeardUtterance, ...] = ()
    failure: str = ""
    """Why the file could not be heard."""
    messages: tuple[str, ...] = ()
    """What the user should know about the engine and its words."""


class Listener:
    """Hears recordings one after the other with one recogniser."""

    def __init__(
        self, recognizer: Recognizer, vocabulary: Vocabulary, interpreter: Interpreter, messages: Sequence[str] = ()
    ) -> None:
        """`messages`: what the user should know; they are passed on with every result."""
        self._recognizer = recognizer
        self._interpreter = interpreter
        self._messages = tuple(messages)
        recognizer.listen_for(vocabulary)

    def hear(self, file: Path) -> HeardFile:
        """Hear one file."""
        try:
            sound = read_speech(file, self._recognizer.rate, strict=False)
        except SoundError as error:
            return HeardFile(file, failure=str(error), messages=self._messages)
        return HeardFile(file, tuple(self.hear_sound(sound)), messages=self._messages)

    def hear_sound(self, sound: Pcm) -> list[HeardUtterance]:
        """Hear mono samples at the recogniser's rate; returns at least one utterance, refused or not."""
        rate = self._recognizer.rate
        self._recognizer.reset()
        lead = 0.0 if _begins_with_room_sound(sound, rate) else _LEADING_SILENCE_S
        judge = _RecordingJudge(self._interpreter, lead)
        before, after = (np.zeros(round(seconds * rate), np.int16) for seconds in (lead, _TRAILING_SILENCE_S))
        whole = np.concatenate((before, sound, after))
        for start in range(0, len(whole), _BLOCK_SAMPLES):
            for hypothesis in self._recognizer.hear(whole[start : start + _BLOCK_SAMPLES]):
                judge.take(hypothesis)
        return judge.verdict()

    def close(self) -> None:
        """Free the engine."""
        self._recognizer.close()


def _begins_with_room_sound(sound: Pcm, rate: int) -> bool:
    """Whether the levels in the first 0.8 s of the recording are more even than those of any word."""
    beginning = sound[: round(_ROOM_SOUND_S * rate)].astype(np.float64)
    window = round(_LEVEL_S * rate)
    if len(beginning) < round(_ROOM_SOUND_S * rate):
        return False
    sums = np.concatenate(([0.0], np.cumsum(beginning**2)))
    powers = (sums[window:] - sums[:-window])[:: window // 3]
    return bool(np.min(powers) > 0 and np.max(powers) < np.min(powers) * 10 ** (_MAX_LEVEL_RANGE_DB / 10))


class _RecordingJudge:
    """Follows the hypotheses of one recording as the live conversation would."""

    def __init__(self, interpreter: Interpreter, lead: float) -> None:
        self._interpreter = interpreter
        self._lead = lead
        self._tracker = UtteranceTracker()
        self._acted: list[tuple[Intent, Hypothesis]] = []
        """The intents acted on since the last final, each with the hypothesis that triggered it."""
        self._understood: list[HeardUtterance] = []
        self._refused: list[HeardUtterance] = []
        self._clock = time.process_time()
        """Processor time when the previous utterance was decided."""

    def take(self, heard: Hypothesis) -> None:
        """Take one partial or final of the recording."""
        meant = self._interpreter.interpret(heard.text)
        decision = self._tracker.decide(heard.utterance, meant, final=heard.final)
        words = heard.free_text or heard.text
        subject = self._interpreter.find_subject(words) if decision.not_understood else None
        if subject is not None and subject[1]:
            self._acted.append((subject[0], replace(heard, text=normalised(words))))
        elif decision.not_understood or (heard.final and meant == ()):
            self._refused.append(self._utterance(heard, None, heard.at))
        self._acted += [(intent, heard) for intent in decision.acts]
        if heard.final:
            self._close(heard, {one.intent.name for one in meant or ()})

    def _close(self, final: Hypothesis, names: set[str]) -> None:
        """Close the utterance of `final`. If it still means what was acted on, its words replace the partial's."""
        for intent, trigger in self._acted:
            best = trigger
            if trigger.utterance == final.utterance:
                best = final if intent.name in names else replace(trigger, ended=final.ended)
            self._understood.append(self._utterance(best, intent, trigger.at))
        self._acted = []

    def verdict(self) -> list[HeardUtterance]:
        """The utterances that were understood. If there are none: one refusal, with words if any refusal has words."""
        for intent, trigger in self._acted:
            self._understood.append(self._utterance(trigger, intent, trigger.at))
        cpu_after = time.process_time() - self._clock
        found = self._understood or sorted(self._refused, key=lambda refused: not refused.text)[:1]
        if not found:
            return [HeardUtterance("", None, {}, 0.0, None, None, None, cpu_after)]
        return [*found[:-1], replace(found[-1], cpu=found[-1].cpu + cpu_after)]

    def _utterance(self, heard: Hypothesis, intent: Intent | None, decided: float) -> HeardUtterance:
        now = time.process_time()
        cpu, self._clock = now - self._clock, now
        return HeardUtterance(
            text=heard.text or heard.nearest,
            intent=intent.name if intent else None,
            slots=intent.slots if intent else {},
            confidence=heard.confidence,
            began=max(0.0, heard.began - self._lead),
            ended=max(0.0, (heard.ended or heard.at) - self._lead),
            decided=max(0.0, decided - self._lead),
            cpu=cpu,
            reason=heard.reason,
        )


BuildListener = Callable[[], Listener]
"""Loads the model and the commands. It is pickled and sent to the processes."""


def hear_all(files: Sequence[Path], build: BuildListener, jobs: int) -> Iterator[HeardFile]:
    """Yields the results in the order of the files, each as soon as it and all before it are ready.

    `jobs`: number of processes; 1: this process alone. WorldError when the model or the commands cannot be loaded.
    """
    if jobs == 1:
        listener = build()
        try:
            yield from map(listener.hear, files)
        finally:
            listener.close()
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin_worker, initargs=(build,))
    try:
        with _without_interrupt():
            results = pool.map(_hear_in_worker, files)
        yield from results
    except BrokenProcessPool as error:
        raise HearingError("a recogniser's process died: try --jobs 1 to see at which file") from error
    except KeyboardInterrupt:
        # The processes may be in the middle of an hour of sound.
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _without_interrupt() -> Iterator[None]:
    """Ignore Ctrl-C, which every process of the terminal gets; processes that are started meanwhile inherit this."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def as_json(file: Path, utterance: HeardUtterance) -> str:
    """One line for programs, in JSON."""
    values = {
        "file": str(file),
        "text": utterance.text,
        "intent": utterance.intent,
        "slots": dict(utterance.slots),
        "confidence": round(utterance.confidence, 3),
        "began_s": _rounded(utterance.began),
        "ended_s": _rounded(utterance.ended),
        "decided_s": _rounded(utterance.decided),
        "cpu_s": round(utterance.cpu, 4),
    }
    return json.dumps(values, default=str)


def as_line(file: Path, utterance: HeardUtterance) -> str:
    """One line for people, with any unprintable characters of the file's name escaped."""
    name = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(file))
    if utterance.began is None or utterance.ended is None:
        return f"{name}  nothing heard"
    when = f"{name}  {utterance.began:.2f}-{utterance.ended:.2f} s"
    if utterance.intent is None:
        nearest = f", nearest: {utterance.text}" if utterance.text else ""
        return f"{when}  not understood{nearest}{f' ({utterance.reason})' if utterance.reason else ''}"
    slots = "".join(f" {name}={value}" for name, value in utterance.slots.items())
    return f"{when}  {utterance.intent}{slots}: {utterance.text}  ({utterance.confidence:.2f})"


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


_build_listener: BuildListener
_listener: Listener | None = None
"""The listener of a worker process of `hear_all`."""


def _begin_worker(build: BuildListener) -> None:
    """Prepare a worker process. If the process that prints the results is killed, this one ends, too."""
    global _build_listener  # noqa: PLW0603  a worker has no other place
    Thread(target=_end_with_parent, daemon=True).start()
    _build_listener = build


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _hear_in_worker(file: Path) -> HeardFile:
    global _listener  # noqa: PLW0603
    if _listener is None:
        _listener = _build_listener()
    return _listener.hear(file)
