"""Measures one live session on a virtual sound card: `coach run` in a child process, and the lifter who is played here.

Law: everything is measured from the recording, which has microphone and loudspeaker in step. The coach's modules only
make the clips to look for.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from coach.audio.resampling import Resampler
from coach.commands import Manner
from coach.language.speech import repetitions
from coach.ports import Clip
from coach.wiring import engines, usual_lines
from coach.wiring.recognizers import EMBEDDED
from lab.benchmarks import utterances
from lab.benchmarks.beats import BEGIN_S, REP_S, Beats, count_words, find, find_beats, find_first
from lab.benchmarks.card import RATE, OneCard, Tape
from lab.benchmarks.reactions import PATIENCE_S, broken_off
from lab.benchmarks.utterances import Utterance, plain, vary

UNCLEAR = math.inf
_BEGINNING_S = 0.4
"""Seconds of a line's beginning that are looked for: the rest may have been cut off."""
_SETTLING_S = 2.0
"""Seconds to wait after "stop", until the coach has reacted."""
_TRIES = 3


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What was measured: errors of the beat; other values are seconds from the word's end, None for a miss."""

    beats: Beats
    answers: list[float | None]
    stops: list[float | None]
    reports: list[float | None]
    unclear: int
    """Cases that are not in `stops` and `reports`: the line has a pause where it was cut, so nobody knows when the
    silence began.
    """


class LiveMeasurement:
    """Speaks to the coach and listens to it."""

    def __init__(self, card: OneCard, tape: Tape, folder: Path) -> None:
        self._card = card
        self._tape = tape
        self._folder = folder
        self._pack, _, self._plan = engines.exercise()
        # The clips are in the user's cache, as after the first use of the coach.
        self._clips = engines.voice(print)
        self._environment = {**os.environ, **card.environment, "XDG_DATA_HOME": str(folder)}

    def run(self, reps: int, barge_ins: int) -> LiveFigures:
        """Interrupts answers with "stop", interrupts introductions with a report, and performs a whole set."""
        for spoken in (usual_lines.first_lines(self._pack, self._plan), usual_lines.later_lines(self._pack)):
            self._clips.prepare(spoken)
        self._introduction_clip(reps)
        command = [sys.executable, "-m", "coach", "run", "--engine", EMBEDDED, "--reps", str(reps), "--sets", "1"]
        coach = subprocess.Popen(
            [*command, "--tempo", "4-1-2-0"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if self._wait_for(self._clip(self._pack.prompts["greeting"].say[0]), 0, 30.0) is None:
                raise AssertionError("the live coach does not greet")
            answers, stops, reports = [], [], []
            for number in range(barge_ins):
                answer, silence = self._ask_question(number)
                answers.append(answer)
                stops.append(silence)
            for number in range(barge_ins // 2):
                reports.append(self._report_fault(number, reps))
            beats = self._perform_set(reps)
        finally:
            coach.terminate()
            coach.wait()
        clear = [[one for one in those if one != UNCLEAR] for those in (stops, reports)]
        unclear = len(stops) + len(reports) - len(clear[0]) - len(clear[1])
        return LiveFigures(beats, answers, clear[0], clear[1], unclear)

    def _ask_question(self, number: int) -> tuple[float | None, float | None]:
        """Asks a question and says "stop" into the answer; returns seconds to the answer, and to the silence."""
        phrase, intent = (("how deep", "HowDeep"), ("why high feet", "WhyHighFeet"))[number % 2]
        answer = self._clip(self._pack.answers[intent].say[0])
        question_end = self._say(vary(phrase, number))
        answer_start = self._wait_for(answer, question_end, PATIENCE_S)
        if answer_start is None:
            return None, None
        stop = vary("stop", number)
        # Into the answer, not at its beginning.
        time.sleep(1.5 * stop.moment)
        silence = self._measure_silence(stop, answer, answer_start)
        time.sleep(_SETTLING_S)
        return (answer_start - question_end) / RATE, silence

    def _report_fault(self, number: int, reps: int) -> float | None:
        """Begins a set and says "my back lifted" into its introduction; returns seconds to the silence."""
        question_end = self._say(plain("start set"))
        introduction = self._introduction_clip(reps)
        answer_start = self._wait_for(introduction, question_end, PATIENCE_S)
        if answer_start is None:
            return None
        report = vary("my back lifted", number)
        time.sleep(1.5 * report.moment)
        silence = self._measure_silence(report, introduction, answer_start)
        self._end_set()
        return silence

    def _end_set(self) -> None:
        """Makes sure that no set is open."""
        for phrase in ("stop", "finish set"):
            self._say(plain(phrase))
            time.sleep(_SETTLING_S)

    def _perform_set(self, reps: int) -> Beats:
        """Performs a whole set; returns the errors of its beats."""
        for _ in range(_TRIES):
            asked = self._say(plain("start set"))
            introduction = self._introduction_clip(reps)
            begun = self._wait_for(introduction, asked, PATIENCE_S)
            if begun is None:
                self._end_set()
                continue
            time.sleep(introduction.length.total + BEGIN_S + reps * REP_S + 3)
            played = self._tape.coach_samples(begun)
            words = count_words(reps)
            first_word = self._clips.render(words[0], Manner.COUNT)
            first = find_first(first_word.pcm, played)
            if first is None:
                break
            return find_beats(played, RATE, words, first + first_word.onset, self._clips.render)
        raise AssertionError("the live coach does not count")

    def _introduction_clip(self, reps: int) -> Clip:
        return self._clip(self._pack.prompts["set.intro"].say[0].format(set="one", reps=repetitions(reps)))

    def _clip(self, text: str) -> Clip:
        return self._clips.render(text, Manner.SENTENCE)

    def _measure_silence(self, said: Utterance, line: Clip, begun: int) -> float | None:
        """Speaks into a line of the coach; returns seconds to the line's first silent sample.

        None: the line was not stopped. `UNCLEAR`: it has a pause there.
        """
        ends = self._say(said)
        time.sleep(PATIENCE_S - utterances.AFTER_S)
        stopped = broken_off(line, self._tape.coach_samples(begun))
        if stopped is None or begun + stopped.silent > ends + PATIENCE_S * RATE:
            return None
        return (begun + stopped.silent - ends) / RATE if stopped.clear else UNCLEAR

    def _say(self, said: Utterance) -> int:
        """Speaks into the microphone until the end; returns the recording's sample where the word ended."""
        since = len(self._tape)
        path = self._folder / "said.wav"
        utterances.write(said, path)
        self._card.say_into_microphone(path)
        word = Resampler(utterances.RATE, RATE).whole(said.pcm[: said.ends])
        found = find(word, self._tape.lifter_samples(since))
        if found is None:
            raise AssertionError(f"the tape does not hold {said.phrase!r}")
        return since + found + len(word)

    def _wait_for(self, line: Clip, since: int, patience: float) -> int | None:
        """Waits for a line of the coach; returns the sample where the line begins, None if it does not come."""
        beginning = line.pcm[: round(_BEGINNING_S * line.rate)]
        end = time.monotonic() + patience + _BEGINNING_S
        while True:
            late = time.monotonic() > end
            found = find(beginning, self._tape.coach_samples(since))
            if found is not None or late:
                return None if found is None else since + found
            time.sleep(0.1)
