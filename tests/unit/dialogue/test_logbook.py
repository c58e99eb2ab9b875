"""Taking back what was said."""

from __future__ import annotations

from dataclasses import replace

from coach.training.plan import Load, SetKind
from lab.rigs.talk import Talk, plan_of

PLAN = replace(plan_of(reps=2, sets=2), load=Load(100, "kg"))


def resting(talk: Talk) -> Talk:
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    return talk


def test_an_undo_leaves_what_was_changed_in_another_way() -> None:
    talk = Talk(PLAN)
    talk.hears("warm up first")
    talk.wait_until_quiet()
    talk.hears("no warm up")
    talk.wait_until_quiet()
    talk.in_set()
    talk.hears("slower")
    talk.wait_for("resting")
    for expected in ("I took back, set one, two reps.", "That is as it was."):
        talk.wait_until_quiet()
        assert talk.hears("scratch that") == [expected]
    planned = talk.conversation.snapshot().plan
    assert (planned.kind, planned.tempo) == (SetKind.WARM_UP, "5-1-2-0")
