"""Checks that safety lines which were cut are said again, before any other sentence."""

from __future__ import annotations

from collections.abc import Sequence

from coach.commands import FADE_S, Command, DropLines, Manner, Say, StopSpeaking
from coach.content.model import Pack
from coach.dialogue.saying import DANGER_LINES
from lab.proof.exercises import WORDS
from lab.proof.laws import SLACK_S, Law, LawBroken, silent_past
from lab.rigs.said_lines import SaidLine


class SafetyLines:
    """Remembers the safety lines that the lifter did not hear whole."""

    def __init__(self, pack: Pack) -> None:
        words = WORDS[pack.id]
        self._words = (*words.rack, *words.home)
        self._unheard: list[str] = []
        """Safety lines that were cut and have not been said again."""
        self.repeated: set[int] = set()
        """Numbers of lines that are said again because the lifter asked for it."""

    def check(self, now: float, command: Command, coming: Sequence[SaidLine]) -> None:
        """Notes safety lines that the command cuts; the next sentence must repeat them."""
        match command:
            case StopSpeaking() | DropLines():
                dropped = command.line_numbers if isinstance(command, DropLines) else None
                if dropped is not None and is_danger_said(coming, dropped):
                    # A danger line that goes on says everything that the dropped lines say.
                    return
                for line in coming:
                    gone = (line.say.line_number in dropped and line.begins >= now) if dropped is not None else True
                    if line.say.line_number in self.repeated:
                        continue
                    if gone and line.ends > now + FADE_S + SLACK_S and line.cut is None and self._is_safety(line.say):
                        self._unheard.append(line.say.text)
            case Say() if command.manner is Manner.SENTENCE and self._unheard:
                if command.source in DANGER_LINES:
                    self._unheard.clear()
                elif command.text in self._unheard:
                    self._unheard.remove(command.text)
                else:
                    saw = f"{command.text!r} is said, and {self._unheard[0]!r} was not heard"
                    raise LawBroken(Law.OWED, command.at, saw, silent_past(command.at))
            case _:
                pass

    def _is_safety(self, say: Say) -> bool:
        """Whether a line says where the platform must go."""
        text = say.text.lower()
        answers = say.source.startswith(("answer.", "status."))
        return say.manner is Manner.SENTENCE and not answers and any(word in text for word in self._words)


def is_danger_said(lines: Sequence[SaidLine], dropped: frozenset[int] = frozenset()) -> bool:
    """Whether a danger line that is not among `dropped` will be said whole."""
    return any(
        line.say.source in DANGER_LINES and line.cut is None and line.say.line_number not in dropped for line in lines
    )
