"""The running set without a beat: the lifter moves at his own pace and says each repetition, "up" or its number.

Law: a word at the end of a repetition counts it, and the coach answers with its number at once. A number ahead of the
count counts all repetitions up to it, because words are missed in a gym. A number that is not ahead changes nothing and
is not answered: it may be the coach's own voice. Nobody sees the platform, so until the last repetition it may be
anywhere.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.commands import Manner
from coach.content.model import Line
from coach.dialogue import cueing
from coach.dialogue.context import Context, Scene
from coach.dialogue.states import Move
from coach.dialogue.workout import Verbosity
from coach.language.numbers import in_words

MAX_MISSED_REPS = 3
"""A number is believed if it is ahead of the count by at most this many. A number further ahead was heard wrongly, but
a word was said: it counts one repetition."""
HURRIED_SHARE = 0.2
"""A repetition is hurried if it is shorter than the tempo by this share. Without a beat people keep an interval to
about a tenth; twice that is haste."""
HURRIED_S = 1.0
"""A hurried repetition is also shorter by at least this many seconds: the tempo is in whole seconds, and the word comes
about half a second before or after the end of the repetition. Slower than the tempo is never too slow, because a lifter
breathes between two repetitions."""
REMARK_EVERY_REPS = 2
"""Repetitions from one remark about the tempo to the next."""
SILENT_REPS = 3
SILENT_S = 20.0
"""A lifter who says nothing for the time of `SILENT_REPS` repetitions and for `SILENT_S` is asked for the number."""
ANSWER_S = 10.0
"""Seconds for the answer; a lifter who does not answer is told to bring the platform up. A leg press can be held for
this long without effort."""


class LifterCounting(Scene):
    """Counts what the lifter says until it is halted or the stage is over."""

    def __init__(
        self,
        context: Context,
        on_rep: Callable[[float], None],
        on_stage_over: Callable[[float], None],
        on_no_answer: Callable[[float], None],
    ) -> None:
        """Each is called with a moment: `on_rep` when a repetition was said, `on_stage_over` when it was the stage's
        last one, `on_no_answer` when nobody answers."""
        super().__init__(context)
        self._silence_timer = context.deadlines.timer()
        """When nothing was said for too long."""
        self._on_rep = on_rep
        self._on_stage_over = on_stage_over
        self._on_no_answer = on_no_answer
        self._rep_began = 0.0
        """When the repetition under way began, or when the lifter began the word for the repetition before it."""
        self._remarked_at_rep = 0
        """Number of the repetition after which the coach last remarked on the tempo."""

    def begin(self, at: float) -> None:
        """The first movement of a repetition was counted: from here on the lifter says the repetitions."""
        self._workout.state_machine.fire(Move.MOVE)
        self._workout.platform.mark_away()
        self._rep_began, self._remarked_at_rep = at, -REMARK_EVERY_REPS
        self._wait(at)

    def count_one(self, now: float, began: float) -> None:
        """A repetition is done; `began`: when the lifter began to say so."""
        self._count(now, began, 1)

    def count_to(self, now: float, began: float, rep: int) -> None:
        """The lifter says that `rep` repetitions are done; `began`: when the lifter began to say so."""
        ahead = rep - self._workout.progress.rep
        if ahead > 0:
            self._count(now, began, ahead if ahead <= MAX_MISSED_REPS else 1)
        else:
            self._wait(now)

    def say(self, now: float, line: Line, *texts: str) -> None:
        """Say a word or two as soon as the floor is free."""
        self._saying.say_when_free(now, texts[0], Manner.CUE, line.id)
        self._wait(now)

    def halt(self) -> None:
        """Count nothing more, and ask nobody."""
        self._silence_timer.cancel()

    def _count(self, now: float, began: float, reps: int) -> None:
        workout = self._workout
        reps = min(reps, workout.reps_left)
        seconds = (began - self._rep_began) / reps
        self._rep_began = began
        for _ in range(reps):
            self._on_rep(now)
        line = self._pack.prompts["count.rep"]
        self._saying.say_when_free(now, line.say[0].format(rep=in_words(workout.progress.rep)), Manner.COUNT, line.id)
        if not workout.reps_left:
            self.halt()
            self._on_stage_over(now)
            return
        remark = self._remark(seconds)
        if remark is not None:
            self._saying.say_when_free(now, remark.texts[-1], Manner.CUE, remark.id)
        self._wait(now)

    def _remark(self, seconds: float) -> Line | None:
        """What is said after the number, if anything: one repetition is left, a fault from before, or haste."""
        workout, rep = self._workout, self._workout.progress.rep
        quiet = workout.verbosity is Verbosity.COUNTS_ONLY
        topic = self._focus.take_topic() or (self._focus.watched_topic if rep % REMARK_EVERY_REPS else None)
        if workout.reps_left == 1:
            return self._pack.prompts["set.last"]
        if topic is not None and not quiet and (cue := cueing.cue_without_beat(self._pack, topic, rep)):
            return cue
        wanted = workout.this_set.tempo.rep_seconds
        hurried = seconds < wanted - max(HURRIED_S, HURRIED_SHARE * wanted)
        if not hurried or rep - self._remarked_at_rep < REMARK_EVERY_REPS or quiet:
            return None
        self._remarked_at_rep = rep
        return self._pack.prompts["lifter.hurried"]

    def _wait(self, now: float) -> None:
        patience = max(SILENT_S, SILENT_REPS * self._workout.this_set.tempo.rep_seconds)
        self._silence_timer.set(now + patience, self._ask)

    def _ask(self, at: float) -> None:
        ends = self._saying.say_unrepeated(at, "lifter.number")
        self._silence_timer.set(ends + ANSWER_S, self._on_no_answer)
