"""Reads BotiumScript (`talk.convo.txt`), a text format for tests of chatbots. Left is a file, right is its meaning:

    Stop in the countdown                  the first line is the story; more lines before the first `#` are comments

    #me                                    the lifter: any case and punctuation; numbers may be digits (92.5, 92,5,
    Start set!                             1,000, 1:30), with kg, lb, s or min after them

    #bot                                   words of the coach: case and punctuation do not matter, and a part of what
    Set one, ten reps                      the coach says is enough, as in Botium

    #bot                                   counts and cues may be left out, or named in their order; other counts and
    three two                              cues may come between them

    #me
    stop

    #bot                                   several sentences in one section, or each in a section of its own
    Bring it up slowly. Catches in.

    #bot                                   an empty section matches any sentence
    #bot
    !rep one                               any sentence without these words; counts before it may not have them
    #bot
    ?Say continue                          this sentence may be left out: another #bot section must follow

In a turn with sections, every sentence of the coach must match a section. A turn without sections (the greeting, in a
file that begins with the lifter) is not checked. The lifter speaks half a second after the coach's last sentence or
named count; `PAUSE 3000` below a text adds three seconds. In audio the voice decides which cues fit between the counts,
so a section that is a cue is skipped. `TEXT_CONTAINS_ALL` (or ANY, with or without IC) with one text, alone in its
section, means that text.

The reader refuses, with the line: everything that is not text (BUTTONS, MEDIA, JSON ...), everything that Botium would
insert from elsewhere (utterances, $variables, INCLUDE), and other channels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coach.content.files import UnreadableError, read_text
from coach.content.reading import Finding
from coach.ports import ScriptError
from coach.rehearsal.scripts.script import VOICES, Script, Step, StepKind
from coach.rehearsal.scripts.typed_text import BLANKS, spoken_words
from coach.training.plan import Plan

_ME, _BOT = "me", "bot"
_HOOK_SECTIONS = ("begin", "end")
"""Sections that may only hold Botium's hooks."""
_HOOK = re.compile(
    r"[?!]*(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PAUSE|WAITFORBOT|INCLUDE|BUTTONS?|MEDIA|FORMS?|CARDS|INTENT|ENTITIES"
    r"|TEXT)(?: (?P<rest>.*))?"
)
"""Matches a line that is not spoken text: Botium's asserters, logic hooks, user inputs and names of utterances."""
_CONTAINS = re.compile(r"TEXT_CONTAINS_(ANY|ALL)(_IC)?")
_UNSPOKEN = re.compile("[^a-z0-9' .,;:!?\"()\u2026\u2013\u2014\u2018\u201c\u201d\u2212-]")


@dataclass(slots=True)
class _Section:
    sender: str
    line: int
    channel: str = ""
    lines: list[tuple[int, str]] = field(default_factory=list)
    """Number and text of each line that is not empty."""


def read_convo(path: Path, defaults: Plan) -> Script:
    """Reads a `.convo.txt` file; ScriptError lists every finding as `file:line: key: what is wrong: remedy`."""
    reader = _Reader(str(path))
    try:
        text = read_text(path).removeprefix("\ufeff")
    except UnreadableError as error:
        raise ScriptError(f"{path}:{error.line}: the file: {error.wrong}: {error.remedy}") from error
    head, sections = _split(text)
    steps = tuple(reader.steps(sections))
    if not any(section.sender in (_ME, _BOT) for section in sections) and not reader.findings:
        reader.report(1, "the file", "has no conversation", "write sections that begin with #me and #bot")
    if reader.findings:
        raise ScriptError("\n".join(map(str, sorted(reader.findings))))
    story = head[0] if head else path.name[: -len(".convo.txt")]
    return Script(str(path), story, defaults, VOICES[0], False, steps, {"story": story}, turn_by_turn=True)


def _split(text: str) -> tuple[list[str], list[_Section]]:
    """Returns the lines before the first section, and the sections."""
    head: list[str] = []
    sections: list[_Section] = []
    for number, line in enumerate((line.strip() for line in text.splitlines()), 1):
        if line.startswith("#"):
            sender, _, channel = line.removeprefix("#").strip().partition(" ")
            sections.append(_Section(sender, number, channel.strip()))
        elif line and sections:
            sections[-1].lines.append((number, line))
        elif line:
            head.append(line)
    return head, sections


class _Reader:
    """Turns sections into steps, and collects findings."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.findings: list[Finding] = []
        self._pause = 0.0
        """Seconds by which the lifter's next line is delayed."""

    def report(self, line: int, key: str, wrong: str, remedy: str) -> None:
        """Adds a finding."""
        self.findings.append(Finding(self._file, line, key, wrong, remedy))

    def steps(self, sections: list[_Section]) -> Iterator[Step]:
        """Yields the steps of the sections, in order."""
        for index, section in enumerate(sections):
            key = f"#{section.sender}"
            pause = self._pause
            if section.sender not in (_ME, _BOT, *_HOOK_SECTIONS):
                remedy = "write its sections here" if section.sender == "include" else "use #me and #bot"
                self.report(section.line, key, f"{key!r} is no section of a conversation", remedy)
                continue
            if section.channel:
                self.report(section.line, key, f"channel {section.channel!r}: there is one voice", "take it out")
            text = self._text(section, key)
            begins = section.lines[0][0] if section.lines else section.line
            if section.sender == _ME:
                self._pause -= pause
                yield self._lifter(text, begins, pause)
            elif section.sender == _BOT:
                step = self._coach(text, begins)
                yield step
                if step.optional and [next_.sender for next_ in sections[index + 1 : index + 2]] != [_BOT]:
                    self.report(
                        begins, key, "what may be left out is followed by nothing", "write a #bot section below"
                    )

    def _text(self, section: _Section, key: str) -> str:
        """Returns the text of a section; carries out PAUSE and refuses other hooks."""
        kept: list[str] = []
        is_only_line = section.sender == _BOT and sum(not line.startswith("PAUSE ") for _, line in section.lines) == 1
        for number, line in section.lines:
            hook = _HOOK.fullmatch(line)
            if hook and is_only_line and _CONTAINS.fullmatch(hook["name"]) and hook["rest"] and "|" not in line:
                line, hook = line.replace(f"{hook['name']} ", "", 1), None  # noqa: PLW2901
            if hook is None and kept and line[0] in "?!":
                self.report(number, key, f"{line[0]!r} in the middle of a section", "begin another one with it")
            elif hook is None:
                self._check(number, key, line)
                kept.append(line)
            elif hook["name"] == "PAUSE" and re.fullmatch(r"[0-9]{1,7}", hook["rest"] or ""):
                self._pause += int(hook["rest"]) / 1000
            else:
                self.report(number, key, f"{hook['name']!r} is not read", self._remedy(hook["name"]))
        if section.sender in _HOOK_SECTIONS and kept:
            self.report(section.line, key, "text that nobody says", "put it into #me or #bot, or take it out")
        return " ".join(kept)

    def _check(self, number: int, key: str, line: str) -> None:
        """Adds a finding if the line cannot be spoken."""
        if re.search(r"\$\w", line):
            self.report(number, key, f"{line!r} has a variable of the scripting memory", "write the words themselves")
        elif line[0] in "{[":
            self.report(number, key, f"{line!r} is data", "write what is said")
        elif unspoken := _UNSPOKEN.search(BLANKS.sub(" ", line.lower().replace("\u2019", "'"))):
            self.report(number, key, f"{unspoken[0]!r} in {line!r} cannot be said", "write it in words")
        else:
            try:
                spoken_words(line)
            except ValueError as wrong:
                self.report(number, key, *str(wrong).rsplit(": ", 1))

    def _remedy(self, name: str) -> str:
        if name == "PAUSE":
            return "give milliseconds of three hours at most, such as PAUSE 3000"
        if name == "INCLUDE":
            return "write its sections here"
        if name == "WAITFORBOT":
            return "take it out: the coach is waited for; how soon it answers is for a YAML script (within)"
        if name.startswith("TEXT"):
            return "write the words, or TEXT_CONTAINS_ALL with one text and nothing beside it"
        if _HOOK.fullmatch(name) and "_" in name:
            return "write the words themselves: neither utterances nor asserters are looked up"
        return "take it out: the coach has a voice only"

    def _lifter(self, text: str, line: int, pause: float) -> Step:
        words = " ".join(self._words(text))
        if not words and not any(finding.line == line for finding in self.findings):
            self.report(line, "#me", "says nothing", "write what the lifter says")
        return Step(line, StepKind.LIFTER, words, seconds=pause)

    def _coach(self, text: str, line: int) -> Step:
        optional = text.startswith("?") and not text.startswith("??")
        text = text.removeprefix("?")
        negated = text.startswith("!") and not text.startswith("!!")
        words = " ".join(self._words(text.removeprefix("!")))
        if (optional or negated) and not words:
            self.report(line, "#bot", f"{text or '?'!r} without words", "write them")
        if optional and negated:
            self.report(line, "#bot", "both optional and negated", "keep one of ? and !")
        return Step(line, StepKind.ANSWER, words, negated=negated, optional=optional)

    def _words(self, text: str) -> list[str]:
        try:
            return spoken_words(text)
        except ValueError:
            # `_check` has added the finding: any word will do here.
            return ["x"]
