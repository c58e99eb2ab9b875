"""What a performance shows beside its lines: the states, what became of the lifter's words, where it was stopped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coach.commands import Command, ListenFor, Say, StopSpeaking
from coach.events import Event, Heard

_REPROMPTS = ("not_understood", "not_now")
"""Lines that tell the lifter that nothing was done."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of the lifter as it was said; session seconds."""

    began: float
    ended: float
    """End of its last word."""
    text: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the coach made of an utterance."""

    heard: Heard
    """The first that it acted on; if it never did, the last."""
    acted: bool
    """Something was said, stopped or noted because of it."""
    reprompt: str = ""
    """Id of the line that told the lifter that nothing was done."""


@dataclass(slots=True)
class Seen:
    """Collected while the performance runs."""

    states: list[tuple[float, str]] = field(default_factory=list)
    """Every state and when it began."""
    spoken: list[Utterance] = field(default_factory=list)
    hearings: list[Hearing] = field(default_factory=list)
    stops: list[tuple[float, int | None]] = field(default_factory=list)
    """Every `StopSpeaking`: when, and for which of the `hearings`."""
    _at: float = 0.0
    """Of the event being received."""
    _hearing: int | None = None
    """Which of the `hearings` is being received."""

    def observe(self, happened: Event | Command, state: str) -> None:
        """Every event and command, before it takes effect; `state` is the one until then."""
        if not self.states or self.states[-1][1] != state:
            self.states.append((self._at, state))
        match happened:
            case StopSpeaking(at):
                self.stops.append((at, self._hearing))
            case Heard():
                self._hear(happened)
            case _ if not isinstance(happened, Command):
                self._hearing = None
        if not isinstance(happened, Command):
            self._at = happened.at
        elif self._hearing is not None and not isinstance(happened, ListenFor):
            known = self.hearings[self._hearing]
            if isinstance(happened, Say) and happened.source in _REPROMPTS:
                self.hearings[self._hearing] = replace(known, reprompt=happened.source)
            else:
                self.hearings[self._hearing] = replace(known, acted=True)

    def _hear(self, heard: Heard) -> None:
        """Partials and the final of one utterance share a place."""
        for index, known in enumerate(self.hearings[-3:], max(0, len(self.hearings) - 3)):
            if known.heard.utterance == heard.utterance:
                self._hearing = index
                if not known.acted:
                    self.hearings[index] = Hearing(heard, acted=False)
                return
        self._hearing = len(self.hearings)
        self.hearings.append(Hearing(heard, acted=False))
