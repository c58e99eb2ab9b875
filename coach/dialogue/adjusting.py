"""What the lifter changes by voice: the plan, the volume, how much is said.

Law: outside a running set every number that is set is read back. In a running set one word between the counts must be
enough.
"""

from __future__ import annotations

from dataclasses import astuple, replace

from coach.commands import SetPace, SetVolume
from coach.dialogue.context import Context, Scene
from coach.dialogue.counting import Counting
from coach.dialogue.logbook import Logbook
from coach.dialogue.workout import Verbosity
from coach.language.grammar import Intent
from coach.language.numbers import in_words
from coach.language.speech import digits, repetitions, sets
from coach.training.tempo import LOWERING_S, Tempo

VOLUME_STEP_DB = 6.0
"""Step of the volume in decibels: clearly louder, but not twice as loud to the ear (that is 10 dB)."""
QUIETEST_DB = -24.0
PACE_STEP = 15
PACE_RANGE = range(70, 131)
"""Per cent of the usual speed: 120 to 220 words a minute."""


class Adjusting(Scene):
    """Carries out the intents of the group `setting`; the grammar has checked the ranges of their numbers."""

    def __init__(self, context: Context, counting: Counting, logbook: Logbook) -> None:
        super().__init__(context)
        self._counting = counting
        self._logbook = logbook

    def set_reps(self, now: float, intent: Intent) -> None:
        """Set the repetitions of a set."""
        count = _whole_number(intent, "reps")
        self._logbook.change_plan(self._workout.plan.with_reps(count), "undo.reps", reps=repetitions(count))
        self._saying.say(now, "reps.set", reps=repetitions(count))

    def set_sets(self, now: float, intent: Intent) -> None:
        """Set the sets of the workout."""
        count = _whole_number(intent, "sets")
        self._logbook.change_plan(replace(self._workout.plan, sets=count), "undo.sets", sets=sets(count))
        self._saying.say(now, "sets.set", sets=sets(count))

    def set_tempo(self, now: float, intent: Intent) -> None:
        """Set the four beats of a repetition."""
        lowering, bottom, push, top = (
            int(intent.slots.get(name, 0)) for name in ("eccentric", "bottom", "concentric", "top")
        )
        if lowering < LOWERING_S[0]:
            self._saying.say(now, "tempo.too_fast")
            return
        try:
            # "x" means as fast as is safe: a push of one beat.
            tempo = Tempo(lowering, bottom, max(1, push), top)
        except ValueError:
            self._saying.say(now, "tempo.limit")
            return
        self._replace_tempo(now, tempo)

    def change_lowering(self, now: float, seconds: int) -> None:
        """Make the lowering longer by these seconds, or shorter; in a set from the next repetition on."""
        lowering = self._workout.this_set.tempo.lowering + seconds
        running = self._workout.in_set
        if lowering not in LOWERING_S:
            if not running:
                self._saying.say(now, "tempo.too_fast" if lowering < LOWERING_S[0] else "tempo.limit")
            return
        tempo = self._workout.this_set.tempo.with_lowering(lowering)
        if running:
            self._workout.plan = self._workout.plan.with_tempo(tempo)
            line = self._pack.prompts["tempo.slower" if seconds > 0 else "tempo.faster"]
            self._counting.say_between(now, line, line.say[0].format(beats=in_words(lowering).capitalize()))
        else:
            self._replace_tempo(now, tempo)

    def change_volume(self, now: float, steps: int) -> None:
        """Turn the volume up by these steps, or down."""
        before = self._workout.volume
        self._workout.volume = volume = min(0.0, max(QUIETEST_DB, before + steps * VOLUME_STEP_DB))
        self._outbox.put(SetVolume(volume))
        # In a set the loudness of the next count is the answer.
        if not self._workout.in_set:
            self._saying.say(now, "limit" if volume == before else "louder" if steps > 0 else "quieter")

    def change_pace(self, now: float, steps: int) -> None:
        """Say sentences faster by these steps, or slower; counts keep their speed."""
        pace = self._workout.speaking_pace + steps * PACE_STEP
        if pace not in PACE_RANGE:
            self._saying.say(now, "limit")
            return
        self._workout.speaking_pace = pace
        self._outbox.put(SetPace(pace))
        self._saying.say(now, "pace.faster" if steps > 0 else "pace.slower")

    def change_cues(self, now: float, steps: int) -> None:
        """Say more cues by these steps, up to all of them, or fewer, down to none."""
        value = max(0, min(self._workout.verbosity.value + steps, Verbosity.FULL.value))
        self._set_verbosity(now, Verbosity(value), "cues.more" if steps > 0 else "cues.fewer")

    def counts_only(self, now: float) -> None:
        """Say no cues, not even those that are already placed."""
        self._saying.drop_cues(now)
        self._set_verbosity(now, Verbosity.COUNTS_ONLY, "cues.counts_only")

    def watch_topic(self, now: float, topic: str) -> None:
        """The lifter picks the topic that is cued."""
        if topic in self._pack.topics:
            self._focus.watched_topic = topic
        if not self._workout.in_set:
            self._saying.say(now, "watch.on")

    def unwatch_topic(self, now: float) -> None:
        """The coach picks the topics again."""
        topic, self._focus.watched_topic = self._focus.watched_topic, None
        if topic is not None and not self._workout.in_set:
            self._saying.say(now, "watch.off")

    def set_lifter_begins(self, now: float, lifter_begins: bool) -> None:
        """The lifter says when a set begins, or the coach counts down to it."""
        self._workout.lifter_begins = lifter_begins
        self._saying.say(now, "own.on" if lifter_begins else "own.off")

    def let_lifter_count(self, now: float) -> None:
        """The lifter says each repetition; there is no beat."""
        self._set_lifter_counts(True)
        # A lifter who starts the set during these words must hear them first.
        self._saying.say_until_heard(now, "lifter.on")

    def let_coach_count(self, now: float) -> None:
        """The coach counts the beats."""
        self._set_lifter_counts(False)
        self._saying.say(now, "lifter.off")

    def _set_lifter_counts(self, lifter_counts: bool) -> None:
        before, self._workout.lifter_counts = self._workout.lifter_counts, lifter_counts

        def restore(_: float) -> None:
            self._workout.lifter_counts = before

        if before is not lifter_counts:
            self._logbook.note("undo.pace", restore)

    def _replace_tempo(self, now: float, tempo: Tempo) -> None:
        self._logbook.change_plan(self._workout.plan.with_tempo(tempo), "undo.tempo")
        self._saying.say(now, "tempo.set", tempo=digits(*astuple(tempo)))

    def _set_verbosity(self, now: float, verbosity: Verbosity, prompt: str) -> None:
        self._workout.verbosity = verbosity
        if not self._workout.in_set:
            self._saying.say(now, prompt)


def _whole_number(intent: Intent, slot: str) -> int:
    value = intent.slots[slot]
    if isinstance(value, str):
        raise TypeError(f"slot {slot!r} of {intent.name} is {value!r}: give it numbers in commands.yaml")
    return int(value)
