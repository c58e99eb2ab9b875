"""Searches for a conversation that breaks a law, and makes it small."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from lab.proof.laws import Law, LawBroken
from lab.proof.player import Make, PlayedEvent, Player, conversation_of
from lab.proof.walks import Kind, Walk, walks
from lab.rigs.said_lines import SaidLine


@dataclass(frozen=True, slots=True)
class Finding:
    """A small conversation and the law that it breaks."""

    walk: Walk
    broken: LawBroken
    happened: tuple[PlayedEvent, ...]
    heard: tuple[SaidLine, ...]
    """The coach's lines up to the failing moment, in the order in which they were said."""


def search(number: int, conversations: int, make: Make = conversation_of, *, shrink: bool = True) -> Finding | None:
    """Plays random conversations from a seed; returns the first that breaks a law, made small, or None."""
    failing: list[Walk] = []

    def attempt(walk: Walk) -> None:
        try:
            Player(walk, make).play()
        except LawBroken:
            failing.append(walk)
            raise

    test = given(walks)(attempt)
    test = settings(
        max_examples=conversations,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
    )(test)
    try:
        seed(number)(test)()
    except LawBroken:
        # Hypothesis tries the smallest failing walk last.
        return examine(failing[-1], make)
    return None


def examine(walk: Walk, make: Make = conversation_of) -> Finding | None:
    """Plays one walk; returns the law that it breaks, or None."""
    walk = replace(walk, turns=tuple(turn for turn in walk.turns if turn.what is not Kind.NOTHING))
    player = Player(walk, make)
    player.heard = []
    try:
        player.play()
    except LawBroken as broken:
        if broken.law is not Law.CRASH:
            # A forbidden count is found when it is laid, before it sounds: the lines up to its onset are played too.
            player.watched = False
            player.wait_until(broken.at)
        return Finding(walk, broken, tuple(player.happened), tuple(player.heard))
    return None
