"""Observations of a performance: the states, what the coach understood, and where the coach was stopped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coach.commands import Command, ListenFor, Say, StopSpeaking
from coach.events import Event, Heard

_REPROMPTS = ("not_understood", "not_now")
"""Ids of lines that say that nothing was done."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of the lifter as it was said; times are session seconds."""

    began: float
    ended: float
    """End of the last word."""
    text: str


@dataclass(frozen=True, slots=True)
class Hearing:
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
    spoken: list[Utterance] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)
    stops: list[tuple[float, int | None]] = field(default_factory=list)
    """Time of every `StopSpeaking`, and the index in `hearings` of the utterance that caused it."""
    _at: float = 0.0
    """Time of the current event."""
    _hearing: int | None = None
    """Index in `hearings` of the utterance that is the current event; None for other events."""

    def observe(self, observed: Event | Command, state: str) -> None:
        """Takes every event and command before it takes effect; `state`: the state before the effect."""
        if not self.states or self.states[-1][1] != state:
            self.states.append((self._at, state))
        match observed:
            case StopSpeaking(at):
                self.stops.append((at, self._hearing))
            case Heard():
                self._hear(observed)
            case _ if not isinstance(observed, Command):
                self._hearing = None
        if not isinstance(observed, Command):
            self._at = observed.at
        elif self._hearing is not None and not isinstance(observed, ListenFor):
            known = self.hearings[self._hearing]
            if isinstance(observed, Say) and observed.source in _REPROMPTS:
                self.hearings[self._hearing] = replace(known, reprompt=observed.source)
            else:
                self.hearings[self._hearing] = replace(known, acted=True)

    def _hear(self, heard: Heard) -> None:
        """Stores a hypothesis; partials and the final of one utterance share a place in `hearings`."""
        for index, known in enumerate(self.hearings[-3:], max(0, len(self.hearings) - 3)):
            if known.heard.utterance == heard.utterance:
                self._hearing = index
                if not known.acted:
                    self.hearings[index] = Hearing(heard, acted=False)
                return
        self._hearing = len(self.hearings)
        self.hearings.append(Hearing(heard, acted=False))
