"""Rewrites the coach's lines of a script to what the coach says now, for review as a diff.

Law: only the characters that must change are changed. The lifter's lines, the order, the story, comments and quotes
stay. YAML's nodes give the positions of edits; the file is never dumped again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from coach.commands import Manner
from coach.content.files import UnreadableError
from coach.content.nodes import parse
from coach.ports import ScriptError
from coach.rehearsal.performing.comparison import TOLERANCE_S
from coach.rehearsal.performing.following import COACH_KINDS, TURN_KINDS, Follower, PairedLine, is_cue
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.rehearsal.scripts.transcript import BEAT_S, JOURNAL


@dataclass(slots=True)
class Changes:
    """What an update did to a script, counted."""

    text: str = ""
    """The file as it is now."""
    words: int = 0
    times: int = 0
    added: int = 0
    removed: int = 0
    diverges_at: int | None = None
    """First line from which more than words and times differs; None if there is none."""

    def __str__(self) -> str:
        counted = ((self.words, "reworded"), (self.times, "retimed"), (self.added, "added"), (self.removed, "removed"))
        counts = ", ".join(f"{number} {what}" for number, what in counted if number) or "nothing to change"
        other = f"; from line {self.diverges_at} on the conversation took another course" if self.diverges_at else ""
        return counts + other


@dataclass(slots=True)
class _NewStep:
    """A step of the updated script: one line of the coach, or counts on consecutive beats."""

    step: int | None
    """Index of the old step that is rewritten to this step; None: this step is inserted."""
    origin: int | None
    """Index of the old step that had this text: `step`, or an old step that a new line now splits."""
    turn: int
    lines: list[PairedLine]

    @property
    def is_counts(self) -> bool:
        return self.lines[0].line.say.manner is Manner.COUNT

    @property
    def text(self) -> str:
        return ", ".join(said.line.say.text for said in self.lines)

    def can_take(self, said: PairedLine) -> bool:
        """Whether this count continues the step."""
        last = self.lines[-1].line.entry
        return (
            self.is_counts
            and said.line.say.manner is Manner.COUNT
            and said.turn == self.turn
            and last.cut is None
            and abs(said.line.say.at - last.at - BEAT_S) < TOLERANCE_S
        )


@dataclass(slots=True)
class _ScriptText:
    """The text of a script, with the positions of its steps; edits are collected and made at the end."""

    text: str
    steps: list[yaml.MappingNode] = field(init=False)
    _edits: list[tuple[int, int, str]] = field(default_factory=list)

    _newline: str = field(init=False)

    def __post_init__(self) -> None:
        self._newline = "\r\n" if "\r\n" in self.text else "\n"
        self.text += "" if self.text.endswith("\n") else self._newline
        # The parser written in Python, because its marks count characters.
        try:
            root: Any = parse(self.text, yaml.SafeLoader)
        except UnreadableError as error:
            raise ScriptError(f"line {error.line} {error.wrong}: {error.remedy}, then update") from error
        self.steps = next(list(value.value) for key, value in root.value if key.value == "script")
        lines = [step.start_mark.line for step in self.steps]
        if lines != [self.text.count("\n", 0, step.start_mark.index) for step in self.steps]:
            raise ScriptError("its lines end neither with LF nor with CR LF: save it with LF, then update")
        if len(lines) != len(set(lines)):
            raise ScriptError("several steps stand in one line: give each a line of its own, then update")

    @property
    def has_edits(self) -> bool:
        """Whether there is anything to edit."""
        return bool(self._edits)

    def edited(self) -> str:
        """Returns the text with every edit made."""
        text = self.text
        # Edits are made from the end, so that positions stay valid; insertions at one position keep their order.
        ordered = sorted(enumerate(self._edits), key=lambda each: (each[1][:2], each[0]), reverse=True)
        for _, (start, end, new) in ordered:
            text = text[:start] + new + text[end:]
        return text

    def node_of(self, step: int, key: str) -> yaml.ScalarNode | None:
        return next((value for name, value in self.steps[step].value if name.value == key), None)

    def replace(self, node: yaml.ScalarNode, new: str, *, flow: bool) -> None:
        """Replaces the text of a value; the quotes stay."""
        tail = self._newline if node.style in ("|", ">") else ""
        self._edits.append((node.start_mark.index, node.end_mark.index, _quoted(new, node.style, flow=flow) + tail))

    def replace_time(self, node: yaml.ScalarNode, seconds: float) -> None:
        self._edits.append((node.start_mark.index, node.end_mark.index, f"{seconds:.3f}"))

    def add_time(self, step: int, key: str, seconds: float) -> None:
        """Adds a key at the end of a step."""
        node = self.steps[step]
        name, value = node.value[-1]
        gap = ", " if node.flow_style else self._newline + " " * name.start_mark.column
        self._edits.append((value.end_mark.index, value.end_mark.index, f"{gap}{key}: {seconds:.3f}"))

    def remove_key(self, step: int, key: str) -> None:
        """Removes one of several keys of a step."""
        pairs = self.steps[step].value
        index = next(index for index, (name, _) in enumerate(pairs) if name.value == key)
        name, value = pairs[index]
        if index and self.steps[step].flow_style:
            self._edits.append((pairs[index - 1][1].end_mark.index, value.end_mark.index, ""))
        elif index:
            self._edits.append((self._line_start(name), self._line_after(value.end_mark.index), ""))
        else:
            self._edits.append((name.start_mark.index, pairs[1][0].start_mark.index, ""))

    def remove_step(self, step: int) -> None:
        """Removes the whole lines of a step."""
        self._edits.append((self._line_start(self.steps[step]), self._end(step), ""))

    def insert_step(self, text: str, after: int | None) -> None:
        """Inserts a new step after the old step `after`; None: before the first step."""
        indent = " " * (self.steps[0].start_mark.column - 2)
        at = self._line_start(self.steps[0]) if after is None else self._end(after)
        self._edits.append((at, at, f"{indent}- {text}{self._newline}"))

    def _line_start(self, node: yaml.Node) -> int:
        return self.text.rfind("\n", 0, node.start_mark.index) + 1

    def _end(self, step: int) -> int:
        """Returns where the line after a step begins.

        A step in block style ends where the next step begins, so the end of its last value is taken.
        """
        node = self.steps[step]
        return self._line_after((node if node.flow_style else node.value[-1][1]).end_mark.index)

    def _line_after(self, index: int) -> int:
        return self.text.index("\n", index - 1) + 1


def _quoted(text: str, style: str | None, *, flow: bool) -> str:
    """Returns a YAML scalar that is read as this text, in the given style if possible."""
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    if style is None:
        try:
            read = yaml.safe_load(f"{{x: {text}}}" if flow else f"x: {text}")
        except yaml.YAMLError:
            read = None
        if read == {"x": text}:
            return text
    return json.dumps(text, ensure_ascii=False)


def update(text: str, script: Script, follower: Follower) -> Changes:
    """Returns what changes in the file of a script that was followed.

    ScriptError: the file cannot be edited line by line.
    """
    file_text, changes = _ScriptText(text), Changes()
    new_steps = list(_new_steps(follower.paired_lines, {step.line: index for index, step in enumerate(script.steps)}))
    kept = {each.step: each for each in new_steps if each.step is not None}
    # In audio the followed script has no cues: a cue of the file is then neither said nor gone.
    followed_lines = {step.line for step in follower.stage.script.steps}
    turn = 0
    for index, step in enumerate(script.steps):
        if step.kind in TURN_KINDS:
            turn += 1
        reached = turn < follower.turns_taken + (follower.stage.failure is None)
        if index in kept:
            _rewrite(file_text, changes, index, step, kept[index], exact=follower.exact)
        elif step.kind in COACH_KINDS and reached and step.line in followed_lines:
            file_text.remove_step(index)
            changes.removed += 1
            if not is_cue(step.kind, step.text):
                _note_divergence(changes, step.line)
        elif step.spoken_over in follower.new_names and (name := file_text.node_of(index, "while")) is not None:
            file_text.replace(name, follower.new_names[step.spoken_over], flow=bool(file_text.steps[index].flow_style))
    _insert_new(file_text, changes, script, new_steps, exact=follower.exact)
    _retime_journal(file_text, changes, script, follower)
    changes.text = file_text.edited() if file_text.has_edits else text
    return changes


def _new_steps(said: Sequence[PairedLine], index_of: Mapping[int, int]) -> Iterator[_NewStep]:
    """Groups what was said into steps; an old step is kept if it can be."""
    used: set[int] = set()
    current: _NewStep | None = None
    for paired in said:
        old = None if paired.old_line is None else index_of[paired.old_line.line_number]
        fits = current is not None and (old in (None, current.origin) or (current.origin is None and old not in used))
        if current is not None and fits and current.can_take(paired):
            current.lines.append(paired)
            if current.origin is None:
                current.step = current.origin = old
        else:
            if current is not None:
                yield current
            current = _NewStep(None if old in used else old, old, paired.turn, [paired])
        if current.step is not None:
            used.add(current.step)
    if current is not None:
        yield current


def _rewrite(
    file_text: _ScriptText, changes: Changes, index: int, step: Step, new_step: _NewStep, *, exact: bool
) -> None:
    """Rewrites an old step to what is said now."""
    first, last = new_step.lines[0].line, new_step.lines[-1].line
    new = first.say.source if step.kind is StepKind.SAYS else new_step.text
    node = file_text.node_of(index, step.kind.value)
    if new != step.text and node is not None:
        file_text.replace(node, new, flow=bool(file_text.steps[index].flow_style))
        changes.words += 1
        if step.kind is StepKind.COUNTS:
            _note_divergence(changes, step.line)
    if not exact:
        return
    retimed = False
    at, cut = file_text.node_of(index, "at"), file_text.node_of(index, "cut")
    if at is not None and step.at is not None and abs(step.at - first.say.at) > TOLERANCE_S:
        file_text.replace_time(at, first.say.at)
        retimed = True
    heard = last.entry.cut
    if cut is not None and heard is None:
        file_text.remove_key(index, "cut")
        retimed = True
    elif cut is not None and heard is not None and step.cut is not None and abs(step.cut - heard) > TOLERANCE_S:
        file_text.replace_time(cut, heard)
        retimed = True
    elif cut is None and heard is not None and at is not None:
        file_text.add_time(index, "cut", heard)
        retimed = True
    changes.times += retimed


def _insert_new(
    file_text: _ScriptText, changes: Changes, script: Script, new_steps: Sequence[_NewStep], *, exact: bool
) -> None:
    """Inserts the lines that no old step stands for, where they were said."""
    timed = exact and any(step.at is not None for step in script.steps if step.kind in COACH_KINDS)
    turns = [index for index, step in enumerate(script.steps) if step.kind in TURN_KINDS]
    for place, new_step in enumerate(new_steps):
        if new_step.step is not None:
            continue
        after = next(
            (each.step for each in new_steps[place::-1] if each.turn == new_step.turn and each.step is not None), None
        )
        if after is None and new_step.turn:
            after = turns[new_step.turn - 1]
        # A state step belongs to the line before it. A journal step may come later: it also finds older records.
        while after is not None and after + 1 < len(script.steps) and script.steps[after + 1].kind is StepKind.STATE:
            after += 1
        first = new_step.lines[0].line.say
        words = _quoted(new_step.text, '"' if timed else None, flow=timed)
        body = f"{'counts' if new_step.is_counts else 'coach'}: {words}"
        cut = new_step.lines[-1].line.entry.cut
        tail = "" if cut is None else f", cut: {cut:.3f}"
        file_text.insert_step(f"{{at: {first.at:.3f}, {body}{tail}}}" if timed else body, after)
        changes.added += 1
        if first.manner is not Manner.CUE:
            _note_divergence(changes, script.steps[after or 0].line)


def _retime_journal(file_text: _ScriptText, changes: Changes, script: Script, follower: Follower) -> None:
    """Changes the times of journal steps whose records are now written at another time."""
    written = iter([entry for entry in follower.stage.entries if entry.who == JOURNAL])
    for index, step in enumerate(script.steps):
        if step.kind is not StepKind.JOURNAL:
            continue
        entry = next((entry for entry in written if entry.text == step.text), None)
        if entry is None:
            _note_divergence(changes, step.line)
            return
        node = file_text.node_of(index, "at")
        if follower.exact and node is not None and step.at is not None and abs(step.at - entry.at) > TOLERANCE_S:
            file_text.replace_time(node, entry.at)
            changes.times += 1


def _note_divergence(changes: Changes, line: int) -> None:
    changes.diverges_at = line if changes.diverges_at is None else min(changes.diverges_at, line)
