"""Live minutes on a virtual sound card with a random lifter: no count is lost or late, and no thread is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.commands import Manner
from coach.rehearsal.scripts.script import VOICES
from coach.wiring import engines, rehearsing, usual_lines
from lab.benchmarks import utterances
from lab.benchmarks.beats import find
from lab.benchmarks.card import RATE, OneCard
from lab.benchmarks.utterances import Utterance
from lab.soak import around
from lab.soak.lifter import Lifter
from lab.soak.memory import slope

ANSWER_S = 2.0
"""Seconds within which a command that was understood has an effect."""
_AROUND_S = 0.5
_DECIDED_S = 2.5
"""An utterance that is decided within this many seconds of the lifter's last word may be the lifter's."""
_BEGINNING_S = 0.4
"""Seconds of the greeting that are looked for: an underrun may have broken the rest."""
_SAMPLE_S = 5.0
_WARM_S = 60.0
"""Seconds until everything has been rendered and loaded."""


@dataclass(slots=True)
class MinutesResult:
    """The results of a live run."""

    said: int = 0
    acted: int = 0
    unasked: list[str] = field(default_factory=list)
    """Words that the coach acted on although the lifter had said nothing."""
    unanswered: list[str] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    """Error of each count in the recording relative to the previous count, in samples; late is positive."""
    lost: list[str] = field(default_factory=list)
    rss: list[tuple[float, float]] = field(default_factory=list)
    """(minutes, megabytes)"""
    warnings: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    cpu: float = 0.0
    code: int | None = None

    @property
    def growth(self) -> float:
        """Growth in megabytes per hour, after everything has been loaded."""
        warm = [(at, size) for at, size in self.rss if at * 60 > min(_WARM_S, self.rss[-1][0] * 30)]
        return slope([at / 60 for at, _ in warm], [size for _, size in warm])


class Session:
    """The coach in its process, what it writes, and the lifter beside it."""

    def __init__(self, card: OneCard, folder: Path) -> None:
        self._card = card
        self._folder = folder
        self.lines: list[dict[str, Any]] = []
        self._spoke: list[tuple[float, float]] = []
        """Start and end of each line of the lifter, on the monotonic clock."""
        environment = {"XDG_CACHE_HOME": str(folder)}
        self.clips = engines.voice(print, folder=folder / "coach" / "clips")
        pack, self._grammar, plan = engines.exercise()
        self.clips.prepare([*usual_lines.first_lines(pack, plan), *usual_lines.later_lines(pack)])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lab.soak.coach_process"],
            env={**os.environ, **card.environment, **environment, "XDG_DATA_HOME": str(folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="reading")
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append({**json.loads(line), "arrived": time.monotonic()})

    def train(self, minutes: float, seed: int) -> MinutesResult:
        """Speaks for `minutes`, then ends the workout; returns the results."""
        result = MinutesResult()
        lifter = Lifter(seed, self._grammar)
        began = time.monotonic()
        self._card.wait_until(lambda: bool(self.lines), "the coach begins")
        next_at = time.monotonic() + 6.0
        while time.monotonic() - began < minutes * 60 and self._process.poll() is None:
            megabytes = self._resident()
            if megabytes is not None:
                result.rss.append(((time.monotonic() - began) / 60, megabytes))
            time.sleep(max(0.0, min(_SAMPLE_S, next_at - time.monotonic())))
            if time.monotonic() >= next_at:
                live = self._live()
                self._say(lifter.words(live), VOICES[result.said % len(VOICES)])
                result.said += 1
                next_at = time.monotonic() + lifter.pause("SetUp" not in live)
        for index, phrase in enumerate(("stop", "end workout", "yes") * len(VOICES)):
            if self._process.poll() is None:
                self._say(phrase, VOICES[index // 3])
                time.sleep(5.0)
        try:
            result.code = self._process.wait(15.0)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            result.code = None
        self._reader.join()
        over = next((line for line in self.lines if line["kind"] == "Over"), None)
        if over is not None:
            result.threads, result.cpu = over["threads"], over["cpu"]
        result.warnings = [line["text"] for line in self.lines if line["kind"] == "Warning"]
        self._judge_answers(result)
        return result

    def _live(self) -> frozenset[str]:
        for line in reversed(self.lines):
            if line["kind"] == "ListenFor":
                return frozenset(line["intents"])
        return self._grammar.intents

    def _resident(self) -> float | None:
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        except OSError:
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _say(self, phrase: str, voice: str) -> None:
        pcm = read_speech(rehearsing.VOICES / f"{voice}-{rehearsing.slug(phrase)}.flac", utterances.RATE)
        path = self._folder / "said.wav"
        utterances.write(Utterance(phrase, voice, pcm, len(pcm), 0.0), path)
        began = time.monotonic()
        self._card.say_into_microphone(path)
        self._spoke.append((began, time.monotonic()))

    def _judge_answers(self, result: MinutesResult) -> None:
        """Checks that every final that is a live command has an effect; notes effects of words that nobody said."""
        live = self._grammar.intents
        events = [index for index, line in enumerate(self.lines) if line["kind"] in ("Heard", "SpeechFinished")]
        ends = [*events[1:], len(self.lines)]
        acted: set[int] = set()
        for index, end in zip(events, ends, strict=True):
            heard = self.lines[index]
            did = [line for line in self.lines[index + 1 : end] if line["kind"] != "ListenFor"]
            if heard["kind"] == "Heard" and heard["text"]:
                meant = self._grammar.understand(heard["text"], live)
                if did and heard["utterance"] not in acted:
                    acted.add(heard["utterance"])
                    if not any(begun <= heard["arrived"] <= over + _DECIDED_S for begun, over in self._spoke):
                        result.unasked.append(f"{heard['text']!r} at {heard['at']:.1f} s")
                if meant is not None and heard["final"] and heard["utterance"] not in acted:
                    result.unanswered.append(heard["text"])
            for line in self.lines[index:end]:
                if line["kind"] == "ListenFor":
                    live = frozenset(line["intents"])
        result.acted = len(acted)

    def find_counts(self, tape: Path, result: MinutesResult) -> None:
        """Looks for every count that was played whole in the recording, and notes its error."""
        whole = {
            line["line_number"]
            for line in self.lines
            if line["kind"] == "SpeechFinished" and line["played"] > line["length"] - 0.001
        }
        counts = [
            line
            for line in self.lines
            if line["kind"] == "Say" and line["manner"] == Manner.COUNT.value and line["line_number"] in whole
        ]
        sound = np.memmap(tape, np.int16, mode="r")
        coach = sound[: len(sound) // 2 * 2].reshape(-1, 2)[:, 0]
        greeting = next(line for line in self.lines if line["kind"] == "Say")
        clip = self.clips.render(greeting["text"], Manner.SENTENCE)
        begins = find(clip.pcm[: round(_BEGINNING_S * RATE)], np.asarray(coach[: 30 * RATE]))
        if begins is None:
            result.lost.append("the greeting")
            return
        # The recording began before the session. An underrun of the card moves everything after it.
        offset = begins + clip.onset - round(greeting["at"] * RATE)
        for count in counts:
            clip = self.clips.render(count["text"], Manner.COUNT)
            due = round(count["at"] * RATE) - clip.onset + offset
            around = round(_AROUND_S * RATE)
            begin = max(0, due - around)
            found = find(clip.pcm, np.asarray(coach[begin : due + len(clip.pcm) + around]))
            if found is None:
                result.lost.append(f"{count['text']!r} at {count['at']:.3f}")
                continue
            result.errors.append(begin + found - due)
            offset += begin + found - due


def soak_live(minutes: float, seed: int, folder: Path, *, noisy: bool = False) -> MinutesResult:
    """Runs the minutes; `folder` gets the recording and the coach's clips. `noisy`: others talk, and music plays."""
    card = OneCard(folder)
    try:
        card.prepare()
        with ExitStack() as stack:
            stack.enter_context(card.record())
            session = Session(card, folder)
            if noisy:
                pcm = read_speech(rehearsing.VOICES / f"{VOICES[0]}-start-set.flac", around.RATE)
                around.write(folder / "around.wav", seed, float(np.sqrt(np.mean(pcm.astype(float) ** 2))))
                stack.enter_context(around.played_around(card, folder / "around.wav"))
            result = session.train(minutes, seed)
        session.find_counts(folder / "tape.raw", result)
        (folder / "session.jsonl").write_text("\n".join(map(json.dumps, session.lines)) + "\n", encoding="utf-8")
        return result
    finally:
        card.close()
