"""What the scenes of one conversation share."""

from __future__ import annotations

from dataclasses import dataclass

from coach.content.model import Pack
from coach.dialogue.deadlines import Deadlines
from coach.dialogue.focus import Focus
from coach.dialogue.outbox import Outbox
from coach.dialogue.saying import Saying
from coach.dialogue.states import StateMachine
from coach.dialogue.workout import Workout
from coach.ports import Measure
from coach.training.past import Past
from coach.training.plan import Plan


@dataclass(frozen=True, slots=True)
class Context:
    """Made once for a conversation; each scene keeps the parts that it uses."""

    pack: Pack
    workout: Workout
    saying: Saying
    focus: Focus
    past: Past
    deadlines: Deadlines
    outbox: Outbox

    @classmethod
    def begin(cls, pack: Pack, plan: Plan, measure: Measure, past: Past) -> Context:
        """A context in which nothing was done and nothing was said."""
        outbox = Outbox()
        moves = StateMachine([step.id.split(".", 1)[1] for step in pack.setup])
        return cls(pack, Workout(plan, moves), Saying(pack, measure, outbox), Focus(pack), past, Deadlines(), outbox)


class Scene:
    """A part of the dialogue. It has at hand what all parts share."""

    def __init__(self, context: Context) -> None:
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._focus = context.focus
        self._past = context.past
        self._deadlines = context.deadlines
        self._outbox = context.outbox
