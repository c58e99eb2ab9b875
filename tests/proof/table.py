"""Every sequence of intents, from every state a conversation can be brought into: a walk of the whole table.

A situation is what a lifter can tell apart: the state, the live commands, whether the coach speaks, and what may still
come by itself. Situations are collected until no step leads to a new one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from coach.content.schema import Group
from coach.dialogue.saying import DANGER
from coach.events import SessionStarted
from tests.proof.laws import Broken, Law
from tests.proof.player import PHRASES, Make, Player, conversation_of
from tests.proof.walks import Walk
from tests.proof.watch import states_of
from tests.talk import PACK

QUIET, DUE = "(the coach has ended)", "(the next deadline)"
"""Steps of time."""
_WALK = Walk((), reps=1, sets=2, rest=60, tempo="2-2-2-2")
"""A tempo with all phases, each long enough to be spoken into."""
_BETWEEN_S = 0.3
AFTER_S = 20.0
"""What was set off shows within this: a set that is taken up again is counted."""

Path = tuple[str, ...]
Situation = tuple[object, ...]


def alike() -> tuple[str, ...]:
    """One intent of each kind that is handled alike: questions, and reports with and without the catches."""
    kinds: dict[object, str] = {}
    for intent in PHRASES:
        group = PACK.groups[intent]
        racked = group == Group.REPORT and PACK.corrections[intent].racked
        kinds.setdefault((group, racked) if group in (Group.QUESTION, Group.REPORT) else intent, intent)
    return tuple(kinds.values())


@dataclass(slots=True)
class Table:
    """What was found."""

    paths: dict[Situation, Path] = field(default_factory=dict)
    """A shortest way into every situation."""
    states: set[str] = field(default_factory=set)
    left: dict[str, set[str]] = field(default_factory=dict)
    """State -> what it became at a word."""
    walked: int = 0
    """Sequences."""


def walk_table(
    steps: Sequence[str] = tuple(PHRASES),
    most: int | None = None,
    make: Make = conversation_of,
    settle_s: float = AFTER_S,
    walk: Walk = _WALK,
) -> Table:
    """Every step from every situation, until there is no new one or `most` were found; then what comes of it."""
    table = Table()
    coming: deque[Path] = deque([()])
    while coming:
        path = coming.popleft()
        for step in (None, *steps, QUIET, DUE) if not path else (*steps, QUIET, DUE):
            longer = path if step is None else (*path, step)
            table.walked += 1
            with told(longer):
                player, before = follow(longer, make, walk)
            after = player.conversation.state
            over = player.ended
            table.states.add(after)
            if step in PHRASES and after != before:
                table.left.setdefault(before, set()).add(after)
            situation = situation_of(player)
            with told(longer):
                player.wait_until(player.now + settle_s)
            full = most is not None and len(table.paths) >= most
            if situation not in table.paths and not full and not over:
                table.paths[situation] = longer
                if longer:
                    coming.append(longer)
    return table


@contextmanager
def told(path: Path) -> Iterator[None]:
    """A law that is broken tells the way that led there."""
    try:
        yield
    except Broken as broken:
        broken.add_note(" > ".join(path))
        raise


def deeper(paths: Sequence[Path], steps: Sequence[str], depth: int) -> Iterator[Path]:
    """Every sequence of that many steps after each path."""
    for path in paths:
        if depth == 0:
            yield path
        else:
            yield from deeper([(*path, step) for step in steps], steps, depth - 1)


def follow(path: Path, make: Make = conversation_of, walk: Walk = _WALK) -> tuple[Player, str]:
    """Play the steps, watched; the player, and the state before the last step."""
    player = Player(walk, make)
    player.receive(SessionStarted(0.0))
    before = player.conversation.state
    for step in path:
        if player.ended:
            break
        match step:
            case "(the coach has ended)":
                player.wait_until(player.watch.busy_until())
            case "(the next deadline)":
                player.wait_until(player.conversation.next_deadline() or player.now)
            case _:
                player.wait_until(player.now + _BETWEEN_S)
                before = player.conversation.state
                player.hears(PHRASES[step][0])
    return player, before


def situation_of(player: Player) -> Situation:
    """What can be told apart from outside."""
    watch, due = player.watch, player.conversation.next_deadline()
    sounding = {line.say.source in DANGER for line in watch.coming() if line.cut is None}
    soon = None if due is None else due <= player.watch.busy_until()
    return (player.conversation.state, watch.live, True in sounding, bool(sounding), soon, *watch.bonds, *watch.done)


def check_leaving(states: Iterable[str], tables: Sequence[Table]) -> None:
    """No state keeps the lifter: from each some words lead to another one."""
    for state in states:
        parents = {states_of(other) for table in tables for other in table.left.get(state, ())} - {states_of(state)}
        if not parents:
            raise Broken(Law.LEAVE, 0.0, f"no words lead out of {state!r}")
