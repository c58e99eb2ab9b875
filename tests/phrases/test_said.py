"""What people say in each moment of a session does what they mean: every line of `said/states.yaml`, performed."""

from __future__ import annotations

import pytest

from lab.rigs.effects import DANGER, EFFECTS, FILE, MOMENTS, Said, does, lines
from lab.rigs.talk import PACK

HELD_BACK = 0.9
"""Share of the held-back lines that must have the intended effect."""
HELD_BACK_DANGER = 0.97


def performed(said: Said) -> bool:
    return does(MOMENTS[said.moment](), said.words, said.effect)


@pytest.mark.parametrize("moment", FILE["tables"])
def test_what_was_not_understood_does_what_it_means(moment: str) -> None:
    wrong = [said for said in lines() if said.part == "tables" and said.moment == moment and not performed(said)]
    assert wrong == []


@pytest.mark.parametrize("part", [part for part in FILE if part != "tables"])
def test_so_do_words_that_were_held_back(part: str) -> None:
    held = [said for said in lines() if said.part == part]
    wrong = [said for said in held if not performed(said)]
    assert len(wrong) <= (1 - HELD_BACK) * len(held), wrong
    danger = [said for said in held if said.effect in DANGER]
    missed = [said for said in wrong if said.effect in DANGER]
    assert len(missed) <= (1 - HELD_BACK_DANGER) * len(danger), missed


def test_every_line_has_a_moment_and_an_effect() -> None:
    for said in lines():
        assert said.moment in MOMENTS, said
        assert said.effect in EFFECTS or said.effect in PACK.groups, said
