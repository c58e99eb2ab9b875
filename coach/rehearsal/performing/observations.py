"""Observations of a performance: the states, what the coach understood, and where the coach was stopped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coach.commands import Command, ListenFor, Say, StopSpeaking
from coach.events import Event, Heard

_REPROMPTS = ("not_understood", "not_now")
"""Ids of lines that say that nothing was done."""


@dataclass(frozen=True, slots=True)
class LifterLine:
    """A line of the lifter as it was said; times are session seconds."""

    began: float
    ended: float
    """End of the last word."""
    text: str


@dataclass(frozen=True, slots=True)
class HeardUtterance:
    """What the coach made of an utterance."""

    heard: Heard
    """The utterance's first hypothesis that the coach acted on; its last hypothesis if the coach never acted."""
    acted: bool
    """Whether the coach said, stopped or wrote something because of the utterance."""
    reprompt: str = ""
    """Id of the line that said that nothing was done; empty if there was none."""


@dataclass(slots=True)
class Observations:
    """Observations that are collected while the performance runs."""

    states: list[tuple[float, str]] = field(default_factory=list)
    """Start and name of every state."""
    lifter_lines: list[LifterLine] = field(default_factory=list)
    heard_utterances: list[HeardUtterance] = field(default_factory=list)
    stops: list[tuple[float, int | None]] = field(default_factory=list)
    """Time of every `StopSpeaking`, and the index in `heard_utterances` of the utterance that caused it."""
    _at: float = 0.0
    """Time of the current event."""
    _current: int | None = None
    """Index in `heard_utterances` of the utterance that is the current event; None for other events."""

    def observe(self, observed: Event | Command, state: str) -> None:
        """Takes every event and command before it takes effect; `state`: the state before the effect."""
        if not self.states or self.states[-1][1] != state:
            self.states.append((self._at, state))
        match observed:
            case StopSpeaking(at):
                self.stops.append((at, self._current))
            case Heard():
                self._note_heard(observed)
            case _ if not isinstance(observed, Command):
                self._current = None
        if not isinstance(observed, Command):
            self._at = observed.at
        elif self._current is not None and not isinstance(observed, ListenFor):
            known = self.heard_utterances[self._current]
            if isinstance(observed, Say) and observed.source in _REPROMPTS:
                self.heard_utterances[self._current] = replace(known, reprompt=observed.source)
            else:
                self.heard_utterances[self._current] = replace(known, acted=True)

    def _note_heard(self, heard: Heard) -> None:
        """Stores a hypothesis; partials and the final of one utterance share a place in `heard_utterances`."""
        for index, known in enumerate(self.heard_utterances[-3:], max(0, len(self.heard_utterances) - 3)):
            if known.heard.utterance == heard.utterance:
                self._current = index
                if not known.acted:
                    self.heard_utterances[index] = HeardUtterance(heard, acted=False)
                return
        self._current = len(self.heard_utterances)
        self.heard_utterances.append(HeardUtterance(heard, acted=False))
