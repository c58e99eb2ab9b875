"""Performs a scripted conversation: plays the lifter, and compares what the coach says with the script.

Law: the script is the assertion. What the coach says must be the next line of the script, word for word, at the time
that the script gives, if it gives one. An extra, missing, early or late line ends the performance with a failure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from coach.commands import FADE_S, Command, DropLines, Manner, Say, StopSpeaking, Write
from coach.events import Heard, SpeakerFound, SpeakerLost, VoiceFailed
from coach.ports import Measure, Observed
from coach.records import RepDone, SessionBegan, SetBegan, record_values
from coach.rehearsal.performing.failure import Failure
from coach.rehearsal.performing.observations import Seen
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.rehearsal.scripts.transcript import BEAT_S, COACH, COUNT, FAULT, JOURNAL, LIFTER, Entry, Placed
from coach.snapshot import Snapshot

REACTION_S = 0.5
"""Seconds from the end of the previous line to a lifter's line that has no time."""
_SAID = (SessionBegan, RepDone, SetBegan)
"""Records that the transcript leaves out: the coach's words or the script already say them."""
TOLERANCE_S = 0.00051
"""Largest difference of equal times, in seconds: times in scripts are rounded to the millisecond."""
PATIENCE_S = 20.0
"""Seconds after the last line until a performance in audio is given up, if no timer runs and no line waits."""


class PerformanceOver(Exception):  # noqa: N818  the ordinary end, not an error
    """The script has been performed, or has failed."""


@dataclass(slots=True)
class Line:
    """A line of the coach that has not begun."""

    say: Say
    """`say.at` is the audible onset, a little after `begins`."""
    begins: float
    """When the first sample sounds."""
    ends: float


@dataclass(slots=True)
class Sounding:
    """A line of the coach that has begun."""

    entry: Entry
    source: str
    begins: float
    ends: float
    step: Step | None = None
    """The step that says where the line is cut."""

    def is_named(self, name: str) -> bool:
        """Whether `name` is the words or the id of the line."""
        return name in (self.entry.text, self.source)


@dataclass(slots=True)
class Stage:
    """Follows the script; a world (text or audio) reports what happens and when."""

    script: Script
    measure: Measure
    exact: bool
    """Whether times and cues of the script are asserted. False in audio: there a recogniser decides when something was
    heard, and the lengths of the voice's clips decide which cues fit between the counts."""
    state: Callable[[], str]
    recording: bool = False
    """Whether the performance is for the transcript: then what the coach says is not compared with the script."""
    entries: list[Entry] = field(default_factory=list)
    failure: Failure | None = None
    placed: list[Placed] = field(default_factory=list)
    """Every line of the coach, in the order in which the coach decided on them, not of their times."""
    seen: Seen = field(default_factory=Seen)
    _cursor: int = 0
    _mark: tuple[float, float] = (0.0, 0.0)
    """Onset and end of the last line, fault or silence."""
    _coming: list[Line] = field(default_factory=list)
    _journal: list[Entry] = field(default_factory=list)
    """Entries of the journal that no step has asked for yet."""
    _sounding: Sounding | None = None
    """The coach's line that began last."""
    _counted: int = 0
    """Number of words of the current `counts` step that were heard."""
    _now: float = 0.0
    """Time of the current event."""
    _count_at: float = 0.0
    """Onset of the last count that was compared."""
    _asked: float = 0.0
    """End of the lifter's last word, or time of the last fault."""
    _mute: bool = False
    """Whether the loudspeaker is gone."""
    _beats: dict[str, float] = field(default_factory=dict)
    """Onset of the first beat of each phase since the coach was last stopped."""

    def observe(self, happened: Observed) -> None:
        """Takes what happens in the session, as its observer."""
        if isinstance(happened, Snapshot):
            return
        self.seen.observe(happened, self.state())
        if not isinstance(happened, Command):
            self._now = happened.at
        match happened:
            case Say():
                length = self.measure(happened.text, happened.manner)
                ends = happened.at + length.after_onset
                self._coming.append(Line(happened, happened.at - length.onset, ends))
                self.placed.append(
                    Placed(
                        happened.at - length.onset, happened.at, ends, happened.manner.value, happened.text, self._now
                    )
                )
                self._coming.sort(key=lambda line: line.say.at)
            case StopSpeaking(at):
                self._beats.clear()
                self.placed = [
                    replace(line, dropped=at) if line.dropped is None and line.ends > at else line
                    for line in self.placed
                ]
                self._cut(at)
            case VoiceFailed(line_number=line):
                self._lose(lambda coming: coming.say.line_number == line)
            case SpeakerLost(at):
                self._mute = True
                self._cut(at)
            case SpeakerFound():
                self._mute = False
            case DropLines(lines):
                self._coming = [line for line in self._coming if line.say.line_number not in lines]
            case Write(record):
                told = (f"{name}={value}" for name, value in record_values(record).items())
                entry = Entry(record.at, JOURNAL, " ".join([record.kind, *told]))
                self._journal.append(entry)
                if not isinstance(record, _SAID):
                    self.entries.append(entry)
            case _:
                pass

    def heard(self, event: Heard) -> None:
        """Notes a lifter's line that reached the conversation; its time may be before the last entries."""
        behind = bisect_right(self.entries, event.at, key=lambda entry: entry.at)
        # Records of the same moment are what the line led to: they come after it.
        while behind and self.entries[behind - 1].at == event.at and self.entries[behind - 1].who == JOURNAL:
            behind -= 1
        self.entries.insert(behind, Entry(event.at, LIFTER, event.text))

    def struck(self, step: Step, at: float) -> None:
        """Notes that a fault of the script happened."""
        self.entries.append(Entry(at, FAULT, step.text, seconds=step.seconds or None))

    def unheard(self, text: str, at: float) -> None:
        """Notes a lifter's line that was said but not heard."""
        self.entries.append(Entry(at, LIFTER, text))

    def leap(self, before: float, after: float) -> None:
        """Notes a jump of the clock: lines that were due in it are lost, and the line that sounded is cut."""
        self._lose(lambda line: line.say.at < after)
        self._cut_sounding(before)
        self._mark = (after, after)

    def _lose(self, lost: Callable[[Line], bool]) -> None:
        """Removes lines that will not sound."""
        self._coming = [line for line in self._coming if not lost(line)]

    def next_line_at(self) -> float | None:
        """Onset of the coach's next line."""
        return self._coming[0].say.at if self._coming else None

    def coach_speaks(self) -> None:
        """Takes the coach's next line, which sounds now, and compares it with the script."""
        self._check_cut()
        line = self._coming.pop(0)
        if self._mute:
            return
        who = COUNT if line.say.manner is Manner.COUNT else COACH
        self._sounding = Sounding(Entry(line.say.at, who, line.say.text), line.say.source, line.begins, line.ends)
        self.entries.append(self._sounding.entry)
        if line.say.beat_label:
            self._beats[line.say.beat_label] = line.say.at
        if not (self.recording or self._is_free(line)):
            self._hold_against(line)
        self._mark = (line.say.at, line.ends)

    def _is_free(self, line: Line) -> bool:
        """Whether the line is not compared: a cue in audio, unless the script asserts silence."""
        step = self._step()
        silent = step is not None and step.kind in (StepKind.SILENT, StepKind.UNTIL)
        return line.say.manner is Manner.CUE and not self.exact and not silent

    def _hold_against(self, line: Line) -> None:
        self.settle()
        step = self._step()
        if step is None:
            raise PerformanceOver
        match step.kind:
            case StepKind.COUNTS:
                self._match_count(step, line)
            case StepKind.COACH | StepKind.SAYS:
                self._match(step, step.text, line)
                self._expect_cut(step)
                self._cursor += 1
            case StepKind.LIFTER | StepKind.FAULT if self._sounding is not None and self._sounding.is_named(step.over):
                # The lifter waits for this line, to speak over it.
                return
            case _:
                self._fail(step, str(step), _said(line))

    def settle(self) -> None:
        """Checks and passes steps about the state, and passes journal steps whose records are written."""
        while (step := self._step()) is not None:
            if step.kind is StepKind.STATE:
                if step.text != self.state():
                    self._fail(step, str(step), f"it is {self.state()!r}")
            elif step.kind is not StepKind.JOURNAL or not self._is_written(step):
                return
            self._cursor += 1

    def _is_written(self, step: Step) -> bool:
        for index, entry in enumerate(self._journal):
            if entry.text == step.text:
                if self.exact and step.at is not None and abs(entry.at - step.at) > TOLERANCE_S:
                    self._fail(step, f"{step} at {step.at:.3f}", f"it was written at {entry.at:.3f}")
                del self._journal[: index + 1]
                return True
        return False

    def due(self) -> float | None:
        """Returns when the next step takes place by itself; None if the coach or the journal must come first."""
        due = self._moment()
        # Rounded to the millisecond, as in a transcript: so a recording performs the same.
        return round(due, 3) if due is not None and self.exact else due

    def _moment(self) -> float | None:
        step = self._step()
        quiet = not (self.recording and self._coming)
        match step:
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, at=float(at)) | Step(kind=StepKind.UNTIL, seconds=at):
                return at
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, over=str(name)) if name:
                return self._within_line(name, step.after)
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, beat=str(beat)) if beat:
                return self._beats[beat] + (step.after or 0.0) if beat in self._beats else None
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, after=float(after)):
                return self._mark[0] + after
            case Step(kind=StepKind.LIFTER | StepKind.FAULT) if quiet:
                return self._mark[1] + REACTION_S
            case Step(kind=StepKind.SILENT, seconds=seconds) if quiet:
                return self._mark[1] + seconds
        return None

    def _within_line(self, name: str, after: float | None) -> float | None:
        """Returns the middle of the coach's line `name`, or `after` seconds from its onset; None until it sounds."""
        line = self._sounding
        if line is None or not line.is_named(name):
            return None
        onset = line.entry.at
        return onset + ((line.ends - onset) / 2 if after is None else after)

    def take_due(self, at: float) -> Step | None:
        """Passes the step that is due; returns a lifter's line or a fault, None if only time had to pass."""
        step = self._step()
        self._cursor += 1
        if step is not None and step.kind in (StepKind.LIFTER, StepKind.FAULT):
            self._mark = (at, at)
            self._asked = at
            return step
        self._mark = (at, at) if step is not None and step.kind is StepKind.SILENT else self._mark
        return None

    def lifter_speaks_until(self, end: float, last_word: float) -> None:
        """Notes the end of the lifter's current line, and the end of its last word."""
        self._mark = (self._mark[0], end)
        self._asked = last_word

    @property
    def over(self) -> bool:
        """Whether the script is at its end and, when recording, the coach has no line to come."""
        if self._step() is not None or (self.recording and self._coming):
            return False
        self._check_cut()
        return True

    def ended(self) -> None:
        """Notes that the session ended; it is a failure if the script is not at its end."""
        step = self._step()
        if step is not None and self.failure is None:
            self.failure = Failure(self.script.file, step.line, str(step), "the session ended")

    def give_up(self, now: float) -> None:
        """Ends the performance if the script is not at its end: nothing more will happen, or not in time."""
        step = self._step()
        if step is not None:
            self._fail(step, str(step), f"nothing happened until {now:.3f}")

    def patience(self) -> float:
        """Returns until when something must happen if nothing is under way."""
        return self._mark[1] + PATIENCE_S

    def _match_count(self, step: Step, line: Line) -> None:
        words = step.words
        first = self._counted == 0
        expected = step if first else replace(step, at=None, within=None)
        self._match(expected, words[self._counted], line)
        if not first and abs(line.say.at - self._count_at - BEAT_S) > TOLERANCE_S:
            self._fail(step, f"{words[self._counted]!r} one second after the count before it", _said(line))
        self._counted += 1
        self._count_at = line.say.at
        if self._counted == len(words):
            self._expect_cut(step)
            self._cursor, self._counted = self._cursor + 1, 0

    def _match(self, step: Step, text: str, line: Line) -> None:
        if step.kind is StepKind.SAYS:
            if text != line.say.source:
                self._fail(step, f"the coach to say {text!r}", f"{_said(line)} ({line.say.source})")
        elif text != line.say.text:
            self._fail(step, text, f"at {line.say.at:.3f} the coach said something else", line.say.text)
        if self.exact and step.at is not None and abs(step.at - line.say.at) > TOLERANCE_S:
            self._fail(step, f"{text!r} at {step.at:.3f}", _said(line))
        late = line.say.at - self._asked
        if step.within is not None and late > step.within + TOLERANCE_S:
            self._fail(step, f"{text!r} within {step.within:g} s", f"{_said(line)}, after {late:.3f} s")

    def _step(self) -> Step | None:
        return self.script.steps[self._cursor] if self._cursor < len(self.script.steps) else None

    def _cut(self, at: float) -> None:
        """Removes lines that have not begun, and notes the line that sounds as cut."""
        self._lose(lambda line: line.say.at >= at)
        self._cut_sounding(at)

    def _cut_sounding(self, at: float) -> None:
        line = self._sounding
        if line is None or line.ends <= at or line.entry.cut is not None:
            return
        begins = line.begins
        index = next(index for index, entry in enumerate(self.entries) if entry is line.entry)
        line.entry = self.entries[index] = replace(line.entry, cut=round(at + FADE_S - begins, 3))
        self._mark = (self._mark[0], at)

    def _expect_cut(self, step: Step) -> None:
        if self._sounding is not None and step.cut is not None and self.exact:
            self._sounding.step = step

    def _check_cut(self) -> None:
        """Fails unless the line that sounded last was cut where the script says."""
        line = self._sounding
        if line is None or line.step is None or line.step.cut is None:
            return
        cut = line.entry.cut
        if cut is None or abs(cut - line.step.cut) > TOLERANCE_S:
            heard = "it was heard whole" if cut is None else f"it was cut after {cut:.3f} s"
            self._fail(line.step, f"{line.step} to be cut after {line.step.cut:.3f} s", heard)

    def _fail(self, step: Step, expected: str, happened: str, heard: str = "") -> None:
        self.failure = Failure(self.script.file, step.line, expected, happened, heard)
        raise PerformanceOver


def _said(line: Line) -> str:
    return f"at {line.say.at:.3f} the coach said {line.say.text!r}"
