"""How soon the coach reacts in the world of an audio rehearsal: real recogniser, real voice, time counted in samples.

Law: the recogniser's computing time is measured block by block and added, as if it had worked on every block from the
moment when the block came, one after the other. The loudspeaker's buffer is not included: the live figures include it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from coach.adapters.synthesis.espeak import EspeakSynthesizer
from coach.commands import FADE_S, Manner
from coach.ports import Clip, Hypothesis, Pcm, Recognizer, Vocabulary
from coach.rehearsal.performance import Performance, perform_audio
from coach.rehearsal.performing.worlds import BLOCK_S
from coach.rehearsal.scripts.script import VOICES, Script, Step, StepKind
from coach.rehearsal.scripts.transcript import COACH, COUNT, Entry
from coach.settings import Hearing
from coach.wiring import engines
from coach.wiring.recognizers import EMBEDDED
from lab.benchmarks.beats import find
from lab.benchmarks.utterances import RATE, SILENCE, Utterance, plain, vary

PATIENCE_S = 1.5
"""Seconds after the word when a reaction counts as missed."""
_LOUD = 300
"""Sample value of a clip that differs clearly from silence (full scale is 32768)."""
_OTHER = 16
"""Difference of samples that is more than rounding (full scale is 32768); a fade reaches it in a millisecond."""


class When(Enum):
    """What the coach is doing when the word is said."""

    SPEAKING = "speaking"
    COUNTING = "counting"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Scene:
    """What leads to the moment when the word is said."""

    when: When
    lead: tuple[tuple[float, str], ...] = ()
    """Session seconds and words of the lifter's earlier lines, said as recorded."""
    line: str = ""
    """The line of the coach over which or after which the lifter speaks."""
    expects: str | None = None
    """The answer whose first sample is measured; None: silence is measured."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Seconds from the word's last sample to a reaction; None: no reaction."""

    coach: float | None
    final: float | None
    """A naive coach: it waits for the final result of the same recogniser, and renders the answer then."""
    blocking: float | None
    """A naive coach that cannot interrupt its playback: it also waits for the end of its sentence."""


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """Where a clip is no longer heard, found in the sound alone."""

    silent: int
    """The first sample of the clip that is silent."""
    clear: bool
    """Whether the fade was seen. If not, the clip paused at that moment, and silence began before `silent`."""


class Timed:
    """A `Recognizer` in a room with noise; measures how far behind its computing is."""

    def __init__(self, recognizer: Recognizer, noise: Pcm) -> None:
        self._recognizer = recognizer
        self._noise = noise
        self.name, self.rate = recognizer.name, recognizer.rate
        self._given = 0
        self._ready = 0.0
        """When the recogniser has worked through all blocks so far, in seconds."""
        self.busy = 0.0
        """Seconds of computing."""
        self.hypotheses: list[tuple[float, float, Hypothesis]] = []
        """Every hypothesis, with the end of its block and the delay of its computing after that, in seconds."""

    def listen_for(self, vocabulary: Vocabulary) -> None:
        began = time.thread_time()
        self._recognizer.listen_for(vocabulary)
        self._work(time.thread_time() - began)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        noise = self._noise[np.arange(self._given, self._given + len(pcm)) % len(self._noise)]
        noisy = np.clip(pcm.astype(np.int32) + noise, -32768, 32767).astype(np.int16)
        self._given += len(pcm)
        began = time.thread_time()
        hypotheses = self._recognizer.hear(noisy)
        self._work(time.thread_time() - began)
        end = self._given / self.rate
        self.hypotheses += [(end, self._ready - end, one) for one in hypotheses]
        return hypotheses

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return self._recognizer.unknown_words(vocabulary)

    def reset(self) -> None:
        self._recognizer.reset()

    def close(self) -> None:
        self._recognizer.close()

    def _work(self, seconds: float) -> None:
        self._ready = max(self._ready, self._given / self.rate) + seconds
        self.busy += seconds


class Rehearsal:
    """Performs utterances: one utterance in a performance, each performance with a new recogniser."""

    def __init__(self) -> None:
        self.pack, self._grammar, self.plan = engines.exercise()
        self.clips = engines.voice(print)
        self._synthesizer = EspeakSynthesizer()
        self._windows: dict[Scene, tuple[float, float]] = {}

    def react(self, phrase: str, number: int, scene: Scene) -> Reaction:
        """Says a phrase in the `number`th way; returns the reaction."""
        said = vary(phrase, number)
        first, last = self._window(scene, said)
        # Over a line: the whole word, and half a second for the reaction, must lie within the line.
        last -= said.ends / RATE + 0.5 if scene.when is When.SPEAKING else 0.0
        at = round((first + said.moment * max(0.0, last - first)) / BLOCK_S) * BLOCK_S
        ends = at + said.ends / RATE
        lines = [*((begins, plain(text)) for begins, text in scene.lead), (at, said)]
        for room in said.rooms():
            played, timed = self.perform(lines, ends + PATIENCE_S + 0.1, room=room)
            if any(entry.text == scene.line and entry.at < at for entry in lines_of(played)):
                return self._judge(scene, phrase, played, timed, at, ends)
        raise AssertionError(f"{scene.lead} does not lead to {scene.line!r}")

    def _judge(
        self, scene: Scene, phrase: str, played: Performance, timed: Timed, begins: float, ends: float
    ) -> Reaction:
        """Returns the reaction to a word that began and ended at these session seconds."""
        sentence_end = None
        if scene.expects is None:
            happened, sentence_end = self._silence(played, scene.line)
        else:
            happened = self._answer(played, ends, scene.expects)
        finals = (
            end + lag for end, lag, one in timed.hypotheses if one.final and end > ends and self._same(one.text, phrase)
        )
        final = next(finals, None)
        coach = None
        if happened is not None and begins < happened <= ends + PATIENCE_S:
            lags = [lag for end, lag, _ in timed.hypotheses if end <= happened]
            coach = happened - ends + (lags[-1] if lags else 0.0)
        naive = None if final is None else final - ends + self._naive_answer(scene)
        blocking = None if sentence_end is None or naive is None else max(naive, sentence_end - ends)
        return Reaction(coach, naive, blocking)

    def _same(self, heard: str, said: str) -> bool:
        """Whether both texts mean the same intent."""
        meant = [self._grammar.understand(text, self._grammar.intents) for text in (heard, said)]
        return meant[0] is not None and meant[0] == meant[1]

    def _naive_answer(self, scene: Scene) -> float:
        """Returns a naive coach's seconds from decision to effect: rendering the answer, or fading the current line."""
        if scene.expects is None:
            return FADE_S
        began = time.thread_time()
        self._synthesizer.render(scene.expects, Manner.SENTENCE)
        return time.thread_time() - began

    def perform(
        self, lines: Sequence[tuple[float, Utterance]], until: float, *, reps: int = 1, room: Pcm = SILENCE
    ) -> tuple[Performance, Timed]:
        """Says lines at their session seconds; returns the performance up to `until`, and the recogniser's times."""
        steps = [Step(number, StepKind.LIFTER, said.phrase, at=at) for number, (at, said) in enumerate(lines, start=1)]
        until_step = Step(len(steps) + 1, StepKind.UNTIL, seconds=until)
        plan = replace(self.plan, reps=reps, sets=1)
        script = Script("", "", plan, VOICES[0], False, (*steps, until_step), {})
        timed = Timed(engines.recognizer(Hearing(EMBEDDED), self.pack, self._grammar, print), room)
        try:
            sound = {step: said.pcm for step, (_, said) in zip(steps, lines, strict=True)}
            played = perform_audio(script, self.pack, self._grammar, timed, self.clips, sound, recording=True)
        finally:
            timed.close()
        return played, timed

    def _window(self, scene: Scene, said: Utterance) -> tuple[float, float]:
        """Returns when the word may begin, from a performance without the word.

        Over a line of the coach, the second value is the end of the line.
        """
        if scene not in self._windows:
            lead = [(at, plain(text)) for at, text in scene.lead]
            played, _ = self.perform(lead, 15.0, room=next(said.rooms()))
            heard = [(entry, self.clips.render(entry.text, Manner.SENTENCE).length) for entry in lines_of(played)]
            match scene.when:
                case When.SPEAKING:
                    entry, length = next(one for one in heard if one[0].text == scene.line)
                    window = (entry.at - length.onset + 0.2, entry.at + length.after_onset)
                case When.SILENT:
                    # The window is after the coach's last line, which may ask about a noise.
                    entry, length = heard[-1]
                    window = (entry.at + length.after_onset + 0.5, entry.at + length.after_onset + 1.5)
                case When.COUNTING:
                    lower = next(entry for entry in counts_of(played) if entry.text == "lower")
                    window = (lower.at + 0.5, lower.at + 5.5)
            self._windows[scene] = window
        return self._windows[scene]

    def _silence(self, played: Performance, line: str) -> tuple[float | None, float]:
        """Returns the session second of the first silent sample after a line was cut, and that of the line's end."""
        entry = next(entry for entry in lines_of(played) if entry.text == line)
        clip = self.clips.render(line, Manner.SENTENCE)
        begins = entry.at - clip.length.onset
        if entry.cut is None:
            return None, begins + clip.length.total
        # The transcript is rounded to the millisecond; cuts take effect between blocks.
        silent = round((begins + entry.cut - FADE_S) / BLOCK_S) * BLOCK_S + FADE_S
        # The sound must agree with the transcript.
        start, sound = round(begins * clip.rate), coach_channel(played)
        after = sound[round(silent * clip.rate) + 1 :][: clip.rate // 50]
        stopped = broken_off(clip, sound[start:])
        # If the clip's word ends within the fade, silence begins earlier.
        early = 0.0 if stopped is None else silent - (start + stopped.silent) / clip.rate
        seen = stopped is not None and (not stopped.clear or -0.001 < early < FADE_S + 0.001)
        if np.any(after) or not seen:
            raise AssertionError(f"{line!r} sounds on after {silent:.3f} s")
        return silent, begins + clip.length.total

    def _answer(self, played: Performance, after: float, expected: str) -> float | None:
        """Returns the session second of the answer's first sample; None if the answer did not come."""
        for entry in lines_of(played):
            clip = self.clips.render(entry.text, Manner.SENTENCE)
            start = round(entry.at * clip.rate) - clip.onset
            if entry.text == expected and start / clip.rate > after - 0.5:
                # The samples are alike, not equal: the answer to a change of volume has the new volume.
                beginning = clip.pcm[: clip.rate // 10]
                if find(beginning, coach_channel(played)[start : start + len(beginning) + 1]) is None:
                    raise AssertionError(f"{expected!r} is not in the mix at {start}")
                return start / clip.rate
        return None


def broken_off(clip: Clip, sound: Pcm) -> BrokenOff | None:
    """Returns where a clip that begins at the first sample of `sound` is cut; None if it is heard to its end."""
    length = min(len(clip.pcm), len(sound))
    meant, heard = clip.pcm[:length].astype(np.int32), sound[:length].astype(np.int32)
    other = np.flatnonzero((np.abs(meant) > _LOUD) & (np.abs(heard - meant) > _OTHER))
    if not len(other):
        return None
    first = int(other[0])
    # If the clip pauses before this sample, the difference is no fade, but the end of the pause, or the answer.
    before = slice(max(0, first - clip.rate // 200), first)
    sounding = bool(np.any(np.abs(meant[before]) > _LOUD))
    # An answer begins at the earliest 0.06 s after the decision; before that there is only the fade.
    rest = np.flatnonzero(np.abs(heard[first : first + round(1.5 * FADE_S * clip.rate)]) > 1)
    return BrokenOff(first + (int(rest[-1]) + 1 if len(rest) else 0), sounding)


def coach_channel(played: Performance) -> Pcm:
    """Returns what the loudspeaker played."""
    if played.stereo is None:
        raise AssertionError("audio mode gives sound")
    return played.stereo[:, 1]


def lines_of(played: Performance) -> list[Entry]:
    """Returns the coach's sentences and cues."""
    return [entry for entry in played.entries if entry.who == COACH]


def counts_of(played: Performance) -> list[Entry]:
    """Returns the coach's counts."""
    return [entry for entry in played.entries if entry.who == COUNT]
