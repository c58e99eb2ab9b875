"""The scenes that carry out intents, in one place for the rows of `intents`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.dialogue.adjusting import Adjusting
from coach.dialogue.answering import Answering
from coach.dialogue.answering_in_set import AnsweringInSet
from coach.dialogue.confirming import Confirming, Request
from coach.dialogue.effort import Effort
from coach.dialogue.greeting import Greeting
from coach.dialogue.hurt import Hurt
from coach.dialogue.loading import Loading
from coach.dialogue.logbook import Logbook
from coach.dialogue.resting import Resting
from coach.dialogue.structuring import Structuring
from coach.dialogue.stuck import Stuck
from coach.dialogue.training_set import TrainingSet
from coach.dialogue.walkthrough import Walkthrough
from coach.dialogue.workout import Workout


@dataclass(frozen=True, slots=True)
class Scenes:
    """The state of the workout, and the scenes. Each scene owns a part of the conversation."""

    workout: Workout
    greeting: Greeting
    walkthrough: Walkthrough
    training_set: TrainingSet
    resting: Resting
    answering: Answering
    answering_in_set: AnsweringInSet
    adjusting: Adjusting
    loading: Loading
    logbook: Logbook
    effort: Effort
    structuring: Structuring
    confirming: Confirming
    hurt: Hurt
    stuck: Stuck


Action = Callable[[Scenes, Request], None]
