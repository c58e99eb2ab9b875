"""Which volume other players get while the coach speaks, and which they had before.

Law: no player is turned down twice, and whatever somebody else does to a player's volume meanwhile stays.

A volume is a sound server's number, a whole one for each channel: its cube is the gain, 65536 changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Volumes = tuple[int, ...]

_ALIKE = 64
"""Servers round what they are given: a thousandth of the whole way. People move it by hundredths."""


@dataclass(frozen=True, slots=True)
class Player:
    """A stream of somebody else, as the server tells of it."""

    number: int
    """The server's, never given twice."""
    identity: str
    """What the server remembers a volume by when the player begins its next song; empty: by nothing."""
    volumes: Volumes


@dataclass(frozen=True, slots=True)
class Lowered:
    """What was done to a player."""

    number: int
    identity: str
    before: Volumes
    now: Volumes


def lower(volumes: Volumes, decibels: float) -> Volumes:
    """The volumes so many decibels (0 or less) below these."""
    return tuple(round(volume * 10 ** (decibels / 60)) for volume in volumes)


def alike(one: Volumes, other: Volumes) -> bool:
    """The server's rounding apart, the same."""
    return len(one) == len(other) and all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))


def between(volumes: Volumes, low: Volumes, high: Volumes) -> bool:
    """Whether they lie on the way from one to the other."""
    if not len(volumes) == len(low) == len(high):
        return False
    return all(least - _ALIKE <= one <= most + _ALIKE for one, least, most in zip(volumes, low, high, strict=True))


class Ledger:
    """What was done to whom, from the first step down to the last step up."""

    def __init__(self) -> None:
        self._lowered: dict[int, Lowered] = {}
        self._left_alone: set[int] = set()
        """Players whose volume somebody has changed meanwhile."""
        self._gone: dict[str, Lowered] = {}
        """Players that ended while they were turned down, by their identity."""

    @property
    def lowered(self) -> tuple[Lowered, ...]:
        """Those that are turned down now."""
        return tuple(self._lowered.values())

    def step(self, players: Iterable[Player], decibels: float) -> Mapping[int, Volumes]:
        """What to set, by the player's number, so that all of them are so many decibels down (0: as before).

        `players`: all that there are now. Tell `done` what the server made of each.
        """
        there = {player.number: player for player in players}
        for number, held in list(self._lowered.items()):
            # A server that was started anew counts anew.
            if number in there and there[number].identity == held.identity:
                continue
            gone = self._lowered.pop(number)
            if gone.identity:
                self._gone[gone.identity] = gone
        self._left_alone &= there.keys()
        for player in there.values():
            self._look_at(player)
        wanted = {one.number: lower(one.before, decibels) for one in self._lowered.values()}
        return {number: volumes for number, volumes in wanted.items() if volumes != self._lowered[number].now}

    def _look_at(self, player: Player) -> None:
        held = self._lowered.get(player.number)
        if held is not None:
            if not alike(held.now, player.volumes):
                del self._lowered[player.number]
                self._left_alone.add(player.number)
        elif player.number not in self._left_alone:
            before = player.volumes
            # The server gave it the volume that we gave to the one before it.
            last = self._gone.get(player.identity)
            if last is not None and alike(last.now, before):
                before = self._gone.pop(player.identity).before
            self._lowered[player.number] = Lowered(player.number, player.identity, before, player.volumes)

    def done(self, number: int, volumes: Volumes) -> None:
        """The server has set these; they may differ a little from what was asked for."""
        held = self._lowered.get(number)
        if held is not None:
            self._lowered[number] = Lowered(held.number, held.identity, held.before, volumes)

    def close(self) -> tuple[Lowered, ...]:
        """All is as before; returns those that ended while they were down, whose remembered volume is to be mended."""
        gone = tuple(self._gone.values())
        self._lowered, self._left_alone, self._gone = {}, set(), {}
        return gone
