"""What the next set's load could be, by how many repetitions were left in the last one.

The rule in one sentence, as `in_a_sentence` makes it: with none left one step less, with 1 left no other load, with 2
left the same load or one step more, with 3 or more left one step more. It is the gym's, not the article's, and only a
proposal.

Law: never more than one step, never up where `may_rise` says no.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.training.plan import HEAVIEST, Load
from coach.training.structure import step_of


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    left: int
    """From so many repetitions in reserve on, up to the next row."""
    steps: tuple[int, ...]
    """What is proposed, in steps of load; none: nothing."""


_STEPS = {-1: "one step less", 0: "the same load", 1: "one step more"}
RULES = (Rule(0, (-1,)), Rule(1, ()), Rule(2, (0, 1)), Rule(3, (1,)))


def proposals(left: int, load: Load, may_rise: bool) -> tuple[Load, ...]:
    """The loads that are proposed for the next set; none: nothing is proposed.

    `left`: repetitions that could still have been done. `may_rise`: nothing was told that forbids more load.
    """
    rule = max((rule for rule in RULES if rule.left <= left), key=lambda rule: rule.left)
    found = tuple(moved(load, steps) for steps in rule.steps)
    if any(one is None or (one.amount > load.amount and not may_rise) for one in found):
        return ()
    return tuple(one for one in found if one is not None)


def moved(load: Load, steps: int) -> Load | None:
    """So many steps up or down from a load; None: no load is left, or more than can be said."""
    amount = load.amount + steps * step_of(load)
    return replace(load, amount=amount) if 0 < amount <= HEAVIEST else None


def in_a_sentence() -> str:
    """The whole table."""
    parts = []
    for row, rule in enumerate(RULES):
        left = str(rule.left) if rule.left else "none"
        more = " or more" if row == len(RULES) - 1 else ""
        steps = " or ".join(_STEPS[step] for step in rule.steps) or "no other load"
        parts.append(f"with {left}{more} left {steps}")
    return ", ".join(parts)
