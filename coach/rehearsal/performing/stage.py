"""The script of a performance and what happens in the performance: the coach's lines, their times, the transcript.

Law: the stage observes, and compares nothing. A director compares what happens with the script or with a journal.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NoReturn, Protocol

from coach.commands import FADE_S, Command, DropLines, Manner, Say, StopSpeaking, Write
from coach.events import Heard, SpeakerFound, SpeakerLost, VoiceFailed
from coach.ports import Measure, Observed
from coach.records import RepDone, SessionBegan, SetBegan, record_values
from coach.rehearsal.performing.failure import Failure
from coach.rehearsal.performing.observations import LifterLine, Observations
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.rehearsal.scripts.transcript import COACH, COUNT, FAULT, JOURNAL, LIFTER, Entry, PlacedLine
from coach.snapshot import Snapshot

REACTION_S = 0.5
"""Seconds from the end of the previous line to a lifter's line that has no time."""
_NOT_IN_TRANSCRIPT = (SessionBegan, RepDone, SetBegan)
"""Records that the transcript leaves out: the coach's words or the script already say them."""


class PerformanceOver(Exception):  # noqa: N818  the ordinary end, not an error
    """The script has been performed, or has failed."""


@dataclass(slots=True)
class Line:
    """A line of the coach."""

    say: Say
    """`say.at` is the audible onset, a little after `begins`."""
    begins: float
    """When the first sample sounds."""
    ends: float
    entry: Entry
    """The line in the transcript; replaced when the line is cut."""

    def is_named(self, name: str) -> bool:
        """Whether `name` is the words or the id of the line."""
        return name in (self.say.text, self.say.source)


@dataclass(slots=True)
class Stage:
    """Notes what happens; the session reports events and commands, and a world reports what the lifter does."""

    script: Script
    measure: Measure
    state: Callable[[], str]
    steps_passed: int = 0
    """Number of the script's steps that have been passed."""
    failure: Failure | None = None
    entries: list[Entry] = field(default_factory=list)
    placed_lines: list[PlacedLine] = field(default_factory=list)
    """Every line of the coach, in the order in which the coach decided on them, not of their times."""
    observations: Observations = field(default_factory=Observations)
    records: list[Entry] = field(default_factory=list)
    """Every record; a director removes records that it has passed."""
    coming_lines: list[Line] = field(default_factory=list)
    """The coach's lines that have not begun, in the order of their onsets."""
    current_line: Line | None = None
    """The coach's line that began last."""
    now: float = 0.0
    """Time of the current event."""
    last_onset: float = 0.0
    """Onset of the last line, fault or silence."""
    last_end: float = 0.0
    """End of the last line, fault or silence."""
    last_word_ends: float = 0.0
    """End of the lifter's last word, or time of the last fault."""
    lifter_line_ends: float = 0.0
    """End of the lifter's last line, with the silence after its last word."""
    _speaker_lost: bool = False
    """Whether the loudspeaker is gone."""
    _beats: dict[str, float] = field(default_factory=dict)
    """Onset of the first beat of each phase since the coach was last stopped."""

    def observe(self, observed: Observed) -> None:
        """Takes what happens in the session, as its observer."""
        if isinstance(observed, Snapshot):
            return
        self.observations.observe(observed, self.state())
        if not isinstance(observed, Command):
            self.now = observed.at
        match observed:
            case Say():
                self._add_line(observed)
            case StopSpeaking(at):
                self._beats.clear()
                self.placed_lines = [
                    replace(line, dropped_at=at) if line.dropped_at is None and line.ends > at else line
                    for line in self.placed_lines
                ]
                self._cut(at)
            case VoiceFailed(line_number=line):
                self._drop_lines(lambda coming: coming.say.line_number == line)
            case SpeakerLost(at):
                self._speaker_lost = True
                self._cut(at)
            case SpeakerFound():
                self._speaker_lost = False
            case DropLines(lines):
                self._drop_lines(lambda coming: coming.say.line_number in lines)
            case Write(record):
                fields = (f"{name}={value}" for name, value in record_values(record).items())
                entry = Entry(record.at, JOURNAL, " ".join([record.kind, *fields]))
                self.records.append(entry)
                if not isinstance(record, _NOT_IN_TRANSCRIPT):
                    self.entries.append(entry)
            case _:
                pass

    def _add_line(self, say: Say) -> None:
        length = self.measure(say.text, say.manner)
        begins, ends = say.at - length.onset, say.at + length.after_onset
        who = COUNT if say.manner is Manner.COUNT else COACH
        self.coming_lines.append(Line(say, begins, ends, Entry(say.at, who, say.text)))
        self.coming_lines.sort(key=lambda line: line.say.at)
        self.placed_lines.append(PlacedLine(begins, say.at, ends, say.manner.value, say.text, self.now))

    # --- what a world reports

    def note_utterance(self, utterance: LifterLine, at: float, ends: float) -> None:
        """Notes a lifter's line; later steps count from `at`. `ends`: end of the line and the silence after it."""
        self.observations.lifter_lines.append(utterance)
        self.last_onset, self.last_end = at, ends
        self.last_word_ends, self.lifter_line_ends = utterance.ended, ends

    def note_heard(self, event: Heard) -> None:
        """Notes a lifter's line that reached the conversation; its time may be before the last entries."""
        behind = bisect_right(self.entries, event.at, key=lambda entry: entry.at)
        # Records of the same moment are what the line led to: they come after it.
        while behind and self.entries[behind - 1].at == event.at and self.entries[behind - 1].who == JOURNAL:
            behind -= 1
        self.entries.insert(behind, Entry(event.at, LIFTER, event.text))

    def note_unheard(self, text: str, at: float) -> None:
        """Notes a lifter's line that was said but not heard."""
        self.entries.append(Entry(at, LIFTER, text))

    def note_fault(self, step: Step, at: float) -> None:
        """Notes that a fault of the script happened."""
        self.entries.append(Entry(at, FAULT, step.text, seconds=step.seconds or None))
        self.last_onset = self.last_end = self.last_word_ends = at

    def note_clock_jump(self, before: float, after: float) -> None:
        """Notes a jump of the clock: lines that were due in it are lost, and the line that sounded is cut."""
        self._drop_lines(lambda line: line.say.at < after)
        self._cut_sounding(before)
        self.note_silence(after)

    def note_silence(self, at: float) -> None:
        """Notes the end of a silence: the next step is timed from here."""
        self.last_onset = self.last_end = at

    def next_line_at(self) -> float | None:
        """Onset of the coach's next line."""
        return self.coming_lines[0].say.at if self.coming_lines else None

    # --- what a director asks

    @property
    def step(self) -> Step | None:
        """The script's next step; None at the end."""
        return self.script.steps[self.steps_passed] if self.steps_passed < len(self.script.steps) else None

    def pass_step(self) -> Step | None:
        """Passes the script's next step, and returns it."""
        step = self.step
        self.steps_passed += 1
        return step

    def fail(self, step: Step, expected: str, happened: str, heard: str = "") -> NoReturn:
        """Ends the performance with a failure in this step."""
        self.failure = Failure(self.script.file, step.line, expected, happened, heard)
        raise PerformanceOver

    def give_up(self, happened: str) -> None:
        """Ends the performance with a failure if the script is not at its end."""
        if (step := self.step) is not None:
            self.fail(step, str(step), happened)

    def begin_line(self) -> Line | None:
        """Begins the coach's next line, and returns it; None if the loudspeaker is gone."""
        line = self.coming_lines.pop(0)
        if self._speaker_lost:
            return None
        self.current_line = line
        self.entries.append(line.entry)
        if line.say.beat_label:
            self._beats[line.say.beat_label] = line.say.at
        self.last_onset, self.last_end = line.say.at, line.ends
        return line

    def moment_of(self, step: Step, *, must_wait: bool = False) -> float | None:
        """Returns when a step takes place by itself; None if something must happen first.

        `must_wait`: a step that is timed by the end of the previous line must still wait.
        """
        match step:
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, at=float(at)) | Step(kind=StepKind.UNTIL, seconds=at):
                return at
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, spoken_over=str(name)) if name:
                return self._within_line(name, step.after)
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, phase=str(beat)) if beat:
                return self._beats[beat] + (step.after or 0.0) if beat in self._beats else None
            case Step(kind=StepKind.LIFTER | StepKind.FAULT, after=float(after)):
                return self.last_onset + after
            case Step(kind=StepKind.LIFTER | StepKind.FAULT) if not must_wait:
                return self.last_end + REACTION_S
            case Step(kind=StepKind.SILENT, seconds=seconds) if not must_wait:
                return self.last_end + seconds
        return None

    def _within_line(self, name: str, after: float | None) -> float | None:
        """Returns the middle of the coach's line `name`, or `after` seconds from its onset; None until it sounds."""
        line = self.current_line
        if line is None or not line.is_named(name):
            return None
        return line.say.at + ((line.ends - line.say.at) / 2 if after is None else after)

    def _drop_lines(self, lost: Callable[[Line], bool]) -> None:
        """Removes lines that will not sound."""
        self.coming_lines = [line for line in self.coming_lines if not lost(line)]

    def _cut(self, at: float) -> None:
        """Removes lines that have not begun, and notes the line that sounds as cut."""
        self._drop_lines(lambda line: line.say.at >= at)
        self._cut_sounding(at)

    def _cut_sounding(self, at: float) -> None:
        line = self.current_line
        if line is None or line.ends <= at or line.entry.cut is not None:
            return
        index = next(index for index, entry in enumerate(self.entries) if entry is line.entry)
        line.entry = self.entries[index] = replace(line.entry, cut=round(at + FADE_S - line.begins, 3))
        self.last_end = at


class Director(Protocol):
    """Plays the lifter, and takes what the coach says; a world asks what happens when."""

    stage: Stage

    def next_at(self) -> float | None:
        """Returns when the lifter acts next; None if the coach or the journal must come first.

        PerformanceOver: nothing more is wanted.
        """

    def act(self) -> Step | None:
        """Returns what happens now: a line of the lifter, a fault or the end of a silence; None if nothing does."""

    def coach_speaks(self) -> None:
        """Takes the coach's next line, which begins to sound now."""

    def give_up(self, reason: str) -> None:
        """Gives up what it waits for: nothing more happens by itself, or not in time."""
