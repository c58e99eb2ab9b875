"""Performs a script as it is written: plays the lifter, and compares what the coach says with the script.

Law: the script is the assertion. What the coach says must be the next line of the script, word for word, at the time
that the script gives, if it gives one. An extra, missing, early or late line ends the performance with a failure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.commands import Manner
from coach.rehearsal.performing.stage import Line, PerformanceOver, Stage
from coach.rehearsal.scripts.script import Step, StepKind
from coach.rehearsal.scripts.transcript import BEAT_S

TOLERANCE_S = 0.00051
"""Largest difference of equal times, in seconds: times in scripts are rounded to the millisecond."""


@dataclass(slots=True)
class Comparison:
    """Directs a performance by its script, step after step."""

    stage: Stage
    exact: bool
    """Whether times and cues of the script are asserted. False in audio: there a recogniser decides when something was
    heard, and the lengths of the voice's clips decide which cues fit between the counts."""
    recording: bool = False
    """Whether the performance is for the transcript: then what the coach says is not compared with the script."""
    _cut_step: Step | None = None
    """The step that says where the coach's current line is cut."""
    _counts_heard: int = 0
    """Number of words of the current `counts` step that were heard."""
    _last_count_at: float = 0.0
    """Onset of the last count that was compared."""

    def next_at(self) -> float | None:
        """Passes steps that take no time; returns when the next step takes place by itself."""
        self._settle()
        step = self.stage.step
        waits = self.recording and bool(self.stage.coming_lines)
        if step is not None:
            return self.stage.moment_of(step, must_wait=waits)
        if waits:
            return None
        self._check_cut()
        raise PerformanceOver

    def act(self) -> Step | None:
        """Passes the step that is due, and returns it."""
        return self.stage.pass_step()

    def coach_speaks(self) -> None:
        """Compares the coach's next line with the script."""
        self._check_cut()
        line = self.stage.begin_line()
        if line is None:
            return
        self._cut_step = None
        if self.recording or self._is_ignored(line):
            return
        self._settle()
        step = self.stage.step
        if step is None:
            raise PerformanceOver
        match step.kind:
            case StepKind.COUNTS:
                self._match_count(step, line)
            case StepKind.COACH | StepKind.SAYS:
                self._match(step, step.text, line)
                self._pass(step)
            case StepKind.LIFTER | StepKind.FAULT if line.is_named(step.spoken_over):
                # The lifter waits for this line, to speak over it.
                return
            case _:
                self.stage.fail(step, str(step), _said(line))

    def give_up(self, reason: str) -> None:
        """Fails if the script is not at its end."""
        self.stage.give_up(reason)

    def _is_ignored(self, line: Line) -> bool:
        """Whether the line is not compared: a cue in audio, unless the script asserts silence."""
        step = self.stage.step
        silent = step is not None and step.kind in (StepKind.SILENT, StepKind.UNTIL)
        return line.say.manner is Manner.CUE and not self.exact and not silent

    def _settle(self) -> None:
        """Checks and passes steps about the state, and passes journal steps whose records are written."""
        while (step := self.stage.step) is not None:
            if step.kind is StepKind.STATE:
                state = self.stage.state()
                if step.text != state:
                    self.stage.fail(step, str(step), f"it is {state!r}")
            elif step.kind is not StepKind.JOURNAL or not self._is_written(step):
                return
            self.stage.pass_step()

    def _is_written(self, step: Step) -> bool:
        for index, entry in enumerate(self.stage.records):
            if entry.text == step.text:
                if self.exact and step.at is not None and abs(entry.at - step.at) > TOLERANCE_S:
                    self.stage.fail(step, f"{step} at {step.at:.3f}", f"it was written at {entry.at:.3f}")
                del self.stage.records[: index + 1]
                return True
        return False

    def _match_count(self, step: Step, line: Line) -> None:
        word = step.words[self._counts_heard]
        first = self._counts_heard == 0
        self._match(step if first else replace(step, at=None, within=None), word, line)
        if not first and abs(line.say.at - self._last_count_at - BEAT_S) > TOLERANCE_S:
            self.stage.fail(step, f"{word!r} one second after the count before it", _said(line))
        self._counts_heard += 1
        self._last_count_at = line.say.at
        if self._counts_heard == len(step.words):
            self._counts_heard = 0
            self._pass(step)

    def _match(self, step: Step, text: str, line: Line) -> None:
        fail = self.stage.fail
        if step.kind is StepKind.SAYS:
            if text != line.say.source:
                fail(step, f"the coach to say {text!r}", f"{_said(line)} ({line.say.source})")
        elif text != line.say.text:
            fail(step, text, f"at {line.say.at:.3f} the coach said something else", line.say.text)
        if self.exact and step.at is not None and abs(step.at - line.say.at) > TOLERANCE_S:
            fail(step, f"{text!r} at {step.at:.3f}", _said(line))
        late = line.say.at - self.stage.last_word_ends
        if step.within is not None and late > step.within + TOLERANCE_S:
            fail(step, f"{text!r} within {step.within:g} s", f"{_said(line)}, after {late:.3f} s")

    def _pass(self, step: Step) -> None:
        self.stage.pass_step()
        if self.exact and step.cut is not None:
            self._cut_step = step

    def _check_cut(self) -> None:
        """Fails unless the line that sounded last was cut where the script says."""
        line, step = self.stage.current_line, self._cut_step
        if line is None or step is None or step.cut is None:
            return
        cut = line.entry.cut
        if cut is None or abs(cut - step.cut) > TOLERANCE_S:
            heard = "it was heard whole" if cut is None else f"it was cut after {cut:.3f} s"
            self.stage.fail(step, f"{step} to be cut after {step.cut:.3f} s", heard)


def _said(line: Line) -> str:
    return f"at {line.say.at:.3f} the coach said {line.say.text!r}"
