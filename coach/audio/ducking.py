"""When other players are turned down while the coach speaks, which volume they get, and which volume they had before.

Law: pure; seconds are passed in. No player is turned down twice. A volume that somebody else changes meanwhile stays.

A volume is a sound server's number, a whole one for each channel: its cube is the gain; 65536 is full volume.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

Volumes = tuple[int, ...]

AHEAD_S = 0.2
"""Seconds before a line at which other players are turned down; turning down takes 0.12 s."""
HOLD_S = 1.2
"""Seconds for which other players stay down after a line; the pause between two sentences of one turn is shorter."""
_TOLERANCE = 64
"""Largest difference of volumes that count as the same. Servers round volumes; this is a thousandth of full volume.
People change a volume by hundredths."""


class DuckingWindow:
    """Decides whether other players are turned down. Call `is_wanted` many times a second.

    A set counts as one long line: counts come every second, and music whose volume changes with each count is worse
    than music that stays loud or stays soft.
    """

    def __init__(self) -> None:
        self._until = -math.inf

    def is_wanted(self, now: float, speaking: bool, in_set: bool) -> bool:
        """Whether other players are to be soft now. `speaking`: a line sounds, or begins within `AHEAD_S`."""
        if speaking or in_set:
            self._until = now + HOLD_S
        return now < self._until


@dataclass(frozen=True, slots=True)
class Player:
    """A stream of another program, as the server reports it."""

    number: int
    """The server's number of the stream; a running server never uses a number again."""
    identity: str
    """The name under which the server remembers the volume for the player's next stream; empty: it remembers none."""
    volumes: Volumes


@dataclass(frozen=True, slots=True)
class LoweredPlayer:
    """A player that was turned down."""

    number: int
    identity: str
    usual_volumes: Volumes
    """The volumes before the player was turned down."""
    volumes: Volumes
    """The volumes that were set last."""


def lowered(volumes: Volumes, decibels: float) -> Volumes:
    """The volumes, changed by `decibels` (0 or less)."""
    return tuple(round(volume * 10 ** (decibels / 60)) for volume in volumes)


def same_volumes(one: Volumes, other: Volumes) -> bool:
    """Whether the volumes are the same, apart from the server's rounding."""
    return len(one) == len(other) and all(abs(a - b) <= _TOLERANCE for a, b in zip(one, other, strict=True))


def lies_between(volumes: Volumes, low: Volumes, high: Volumes) -> bool:
    """Whether every channel's volume is between the other two."""
    if not len(volumes) == len(low) == len(high):
        return False
    return all(
        least - _TOLERANCE <= one <= most + _TOLERANCE for one, least, most in zip(volumes, low, high, strict=True)
    )


class LoweredPlayers:
    """The players that are turned down, from the first step down to the last step up."""

    def __init__(self) -> None:
        self._lowered: dict[int, LoweredPlayer] = {}
        self._left_alone: set[int] = set()
        """Players whose volume somebody else has changed meanwhile."""
        self._ended: dict[str, LoweredPlayer] = {}
        """Players that ended while they were turned down, by identity."""

    @property
    def players(self) -> tuple[LoweredPlayer, ...]:
        """The players that are turned down now."""
        return tuple(self._lowered.values())

    def update(self, players: Iterable[Player], decibels: float) -> Mapping[int, Volumes]:
        """The volumes to set, by the player's number, so that every player is `decibels` down (0: as before).

        `players`: all players that exist now. Call `confirm` with the volumes that the server has then set.
        """
        existing = {player.number: player for player in players}
        for number, known in list(self._lowered.items()):
            # The identity is compared, too, because a restarted server begins its numbers again.
            if number in existing and existing[number].identity == known.identity:
                continue
            ended = self._lowered.pop(number)
            if ended.identity:
                self._ended[ended.identity] = ended
        self._left_alone &= existing.keys()
        for player in existing.values():
            self._observe(player)
        wanted = {one.number: lowered(one.usual_volumes, decibels) for one in self._lowered.values()}
        return {number: volumes for number, volumes in wanted.items() if volumes != self._lowered[number].volumes}

    def _observe(self, player: Player) -> None:
        known = self._lowered.get(player.number)
        if known is not None:
            if not same_volumes(known.volumes, player.volumes):
                del self._lowered[player.number]
                self._left_alone.add(player.number)
        elif player.number not in self._left_alone:
            usual = player.volumes
            # The server may have given the new player the lowered volume of the ended player.
            ended = self._ended.get(player.identity)
            if ended is not None and same_volumes(ended.volumes, usual):
                usual = self._ended.pop(player.identity).usual_volumes
            self._lowered[player.number] = LoweredPlayer(player.number, player.identity, usual, player.volumes)

    def confirm(self, number: int, volumes: Volumes) -> None:
        """The server has set these volumes; they may differ a little from the wanted ones."""
        known = self._lowered.get(number)
        if known is not None:
            self._lowered[number] = replace(known, volumes=volumes)

    def close(self) -> tuple[LoweredPlayer, ...]:
        """Forget all players, because their volumes are as before. Returns the players that ended while turned down:
        the volume that the server remembers for each of them must be corrected.
        """
        ended = tuple(self._ended.values())
        self._lowered, self._left_alone, self._ended = {}, set(), {}
        return ended
