"""The scenes that carry out intents, in one place for the rows of `intents`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coach.dialogue.adjusting import Adjusting
from coach.dialogue.alarm import Alarm
from coach.dialogue.answering import Answering
from coach.dialogue.answering_in_set import AnsweringInSet
from coach.dialogue.confirming import Confirming, Request
from coach.dialogue.context import Context
from coach.dialogue.effort import Effort
from coach.dialogue.ending import Ending
from coach.dialogue.faults import Faults
from coach.dialogue.greeting import Greeting
from coach.dialogue.hurt import Hurt
from coach.dialogue.loading import Loading
from coach.dialogue.logbook import Logbook
from coach.dialogue.preferences import Preferences
from coach.dialogue.resting import Resting
from coach.dialogue.structuring import Structuring
from coach.dialogue.stuck import Stuck
from coach.dialogue.training_set import TrainingSet
from coach.dialogue.walkthrough import Walkthrough
from coach.training.plates import Machine


class Scenes:
    """The state of the workout, and the scenes. Each scene owns a part of the conversation."""

    def __init__(
        self, context: Context, preferences: Mapping[str, str], machine: Machine | None, wake_word: str | None
    ) -> None:
        """The parameters are those of `Conversation`; `wake_word`: None if commands need none."""
        self.workout = context.workout
        self.preferences = Preferences(context, preferences)
        self.logbook = logbook = Logbook(context)
        self.resting = Resting(context, logbook)
        self.answering = answering = Answering(context, self.resting, wake_word)
        self.training_set = training_set = TrainingSet(context, self.resting, answering)
        self.answering_in_set = AnsweringInSet(context, training_set, answering)
        self.faults = Faults(context, training_set)
        self.ending = Ending(context, training_set, answering, self.faults)
        self.confirming = Confirming(context, training_set, self.ending, logbook)
        self.adjusting = Adjusting(context, training_set.counting, logbook)
        self.loading = Loading(context, logbook, machine)
        self.effort = Effort(context, logbook, self.loading, self.confirming)
        training_set.on_fulfilled.append(self.effort.ask)
        self.structuring = Structuring(context, training_set, logbook)
        self.alarm = Alarm(context)
        self.hurt = hurt = Hurt(context, training_set, self.ending, self.alarm)
        self.stuck = Stuck(context, training_set, answering, self.alarm)
        self.walkthrough = Walkthrough(context)
        self.greeting = Greeting(context, answering, training_set, self.confirming, hurt, logbook, self.preferences)


Action = Callable[[Scenes, Request], None]
