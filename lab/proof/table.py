"""Walks the whole table: every sequence of intents from every state that a conversation can reach.

A situation is what a lifter can distinguish: the state, the live commands, whether the coach speaks, and what may still
come by itself. Situations are collected until no step leads to a new one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from coach.content.schema import Group
from coach.dialogue.saying import DANGER_LINES
from coach.dialogue.states import outermost_state
from coach.events import SessionStarted
from lab.proof.laws import Law, LawBroken
from lab.proof.player import PHRASES, Make, Player, conversation_of
from lab.proof.walks import Walk
from lab.rigs.talk import PACK

QUIET, DUE = "(the coach has ended)", "(the next deadline)"
"""Steps of time."""
_WALK = Walk((), reps=1, sets=2, rest=60, tempo="2-2-2-2")
"""Walk with a tempo that has all phases, each long enough for the lifter to speak in it."""
_BETWEEN_S = 0.3
AFTER_S = 20.0
"""Seconds within which the effect of a step shows: a set that is continued is counted again."""

Path = tuple[str, ...]
Situation = tuple[object, ...]


def one_word_each() -> tuple[str, ...]:
    """Returns one intent of each kind: questions, reports with and without the catches; each other intent is a kind."""
    kinds: dict[object, str] = {}
    for intent in PHRASES:
        group = PACK.groups[intent]
        racked = group == Group.REPORT and PACK.corrections[intent].racked
        kinds.setdefault((group, racked) if group in (Group.QUESTION, Group.REPORT) else intent, intent)
    return tuple(kinds.values())


@dataclass(slots=True)
class Table:
    """The result of a walk."""

    paths: dict[Situation, Path] = field(default_factory=dict)
    """A shortest path into every situation."""
    states: set[str] = field(default_factory=set)
    left: dict[str, set[str]] = field(default_factory=dict)
    """For each state, the states that words led to."""
    walked: int = 0
    """Number of sequences that were played."""


def walk_table(
    steps: Sequence[str] = tuple(PHRASES),
    most: int | None = None,
    make: Make = conversation_of,
    settle_s: float = AFTER_S,
    walk: Walk = _WALK,
) -> Table:
    """Tries every step from every situation, until no situation is new or `most` were found.

    After each sequence, `settle_s` seconds pass, so that the watch sees its effect.
    """
    table = Table()
    coming: deque[Path] = deque([()])
    while coming:
        path = coming.popleft()
        for step in (None, *steps, QUIET, DUE) if not path else (*steps, QUIET, DUE):
            longer = path if step is None else (*path, step)
            table.walked += 1
            with path_in_errors(longer):
                player, before = follow(longer, make, walk)
            after = player.conversation.state
            over = player.ended
            table.states.add(after)
            if step in PHRASES and after != before:
                table.left.setdefault(before, set()).add(after)
            situation = situation_of(player)
            with path_in_errors(longer):
                player.wait_until(player.now + settle_s)
            full = most is not None and len(table.paths) >= most
            if situation not in table.paths and not full and not over:
                table.paths[situation] = longer
                if longer:
                    coming.append(longer)
    return table


@contextmanager
def path_in_errors(path: Path) -> Iterator[None]:
    """Adds the path to a `LawBroken` that is raised inside."""
    try:
        yield
    except LawBroken as broken:
        broken.add_note(" > ".join(path))
        raise


def deeper(paths: Sequence[Path], steps: Sequence[str], depth: int) -> Iterator[Path]:
    """Yields every path with every sequence of `depth` more steps."""
    for path in paths:
        if depth == 0:
            yield path
        else:
            yield from deeper([(*path, step) for step in steps], steps, depth - 1)


def follow(path: Path, make: Make = conversation_of, walk: Walk = _WALK) -> tuple[Player, str]:
    """Plays the steps, watched; returns the player, and the state before the last word."""
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
    """Returns what can be distinguished from outside."""
    watch, due = player.watch, player.conversation.next_deadline()
    sounding = {line.say.source in DANGER_LINES for line in watch.coming() if line.cut is None}
    soon = None if due is None else due <= player.watch.busy_until()
    return (player.conversation.state, watch.live, True in sounding, bool(sounding), soon, *watch.bonds, *watch.done)


def check_leaving(states: Iterable[str], tables: Sequence[Table]) -> None:
    """Checks that from every state some words lead to another state."""
    for state in states:
        parents = {outermost_state(other) for table in tables for other in table.left.get(state, ())} - {
            outermost_state(state)
        }
        if not parents:
            raise LawBroken(Law.LEAVE, 0.0, f"no words lead out of {state!r}")
