"""Proposes the next set's load by the repetitions in reserve: how many more the lifter could have done in the last set.

The rule in one sentence, as `in_a_sentence` makes it: with none left one step less, with 1 left no other load, with 2
left the same load or one step more, with 3 or more left one step more. The rule is common in gyms and does not come
from the article. It is only a proposal.

Law: never more than one step; never more load if `may_rise` is false.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.training.plan import Load
from coach.training.structure import load_step


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    in_reserve: int
    """Least number of repetitions in reserve for this row; the last row whose number is reached counts."""
    steps: tuple[int, ...]
    """The proposed changes, in steps of load; empty: nothing is proposed."""


_STEPS = {-1: "one step less", 0: "the same load", 1: "one step more"}
RULES = (Rule(0, (-1,)), Rule(1, ()), Rule(2, (0, 1)), Rule(3, (1,)))


def proposals(in_reserve: int, load: Load, may_rise: bool) -> tuple[Load, ...]:
    """The loads that are proposed for the next set; empty: nothing is proposed.

    `in_reserve`: repetitions that the lifter could still have done. `may_rise`: the lifter reported nothing that
    forbids more load.
    """
    rule = max((rule for rule in RULES if rule.in_reserve <= in_reserve), key=lambda rule: rule.in_reserve)
    found = tuple(stepped(load, steps) for steps in rule.steps)
    if any(one is None or (one.amount > load.amount and not may_rise) for one in found):
        return ()
    return tuple(one for one in found if one is not None)


def stepped(load: Load, steps: int) -> Load | None:
    """The load changed by this many steps; None if the result is zero or less, or more than can be said."""
    found = replace(load, amount=load.amount + steps * load_step(load))
    return found if found.is_sayable else None


def in_a_sentence() -> str:
    """The whole table in one sentence."""
    parts = []
    for row, rule in enumerate(RULES):
        left = str(rule.in_reserve) if rule.in_reserve else "none"
        more = " or more" if row == len(RULES) - 1 else ""
        steps = " or ".join(_STEPS[step] for step in rule.steps) or "no other load"
        parts.append(f"with {left}{more} left {steps}")
    return ", ".join(parts)
