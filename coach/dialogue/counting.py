"""The running set: countdown, phases, repetitions, laid ahead on the sample clock.

Law: the words of a phase are placed before the phase before it begins, so that no count waits for anything; a
repetition is done on the beat that says its number. Whatever stops the count calls `halt` first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from coach.commands import Manner
from coach.dialogue import cueing
from coach.dialogue.context import Context
from coach.dialogue.states import Move
from coach.language.numbers import in_words
from coach.records import Rep
from coach.snapshot import CountedPhase
from coach.training.pacing import Count, CueWish, Laid, lay_out
from coach.training.tempo import Beat, BeatKind, Phase

COUNTDOWN_GAP_S = 0.6
"""From the end of the introduction to the first word of the countdown."""
FOCUS_REPS = 2
"""For how many repetitions a correction stays the one cue."""
_MOVES = {
    Phase.LOWERING: Move.LOWER,
    Phase.BOTTOM: Move.HOLD,
    Phase.PRESSING: Move.PUSH,
    Phase.TOP: Move.REACH_TOP,
}
_NAMES = {Phase.LOWERING: "count.lower", Phase.BOTTOM: "count.hold", Phase.PRESSING: "count.push"}
"""The prompt that names a phase on its first beat; the first beat at the top says the repetition's number."""


class Counting:
    """Counts repetitions until it is halted or the plan is fulfilled."""

    def __init__(self, context: Context, over: Callable[[float], None]) -> None:
        """`over` is called with the moment the last repetition of the plan ended."""
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._deadlines = context.deadlines
        self._phase = context.deadlines.timer()
        """The next phase begins, or the set is over."""
        self._rep_over = context.deadlines.timer()
        """The number of the repetition is said."""
        self._over = over
        self._focus: str | None = None
        self._focus_reps = 0
        self._tempo = context.workout.plan.tempo
        self._rep = 0
        """The repetition that is laid out, from 1."""
        self._begins = 0.0
        """When it begins."""
        self._laid: tuple[Laid, ...] = ()

    def begin(self, ready: float, *words: str) -> None:
        """Count down with these prompts, a second apart, once the introduction has been said at `ready`."""
        first = ready + COUNTDOWN_GAP_S
        for index, prompt in enumerate(words):
            line = self._pack.prompts[prompt]
            self._saying.count(first + index, self._saying.words(line), Manner.COUNT, line.id)
        self._prepare(self._workout.progress.rep + 1, first + len(words))
        self._lay(Phase.LOWERING)
        self._phase.set(self._begins, lambda at: self._enter(0, at))

    def halt(self, now: float) -> None:
        """Fall silent; nothing more is counted."""
        self._phase.cancel()
        self._rep_over.cancel()
        self._saying.silence(now)

    def focus_on(self, topic: str) -> None:
        """Make this the one cue of the next repetitions."""
        self._focus, self._focus_reps = topic, FOCUS_REPS

    def catch_up(self, now: float) -> None:
        """After a stall: the next phase and the number of the repetition happen if they are due, nothing else.

        Their words were laid ahead and have been heard.
        """
        self._deadlines.run_once(now, self._phase, self._rep_over)

    def _prepare(self, rep: int, begins: float) -> None:
        """Lay out the repetition that begins then. Tempo and cues change only here."""
        self._rep, self._begins, self._tempo = rep, begins, self._workout.plan.tempo
        counts = [self._count(beat, rep) for beat in self._tempo.beats()]
        following = self._count(Beat(self._tempo.rep_seconds, Phase.LOWERING, 0, BeatKind.NAME), rep + 1)
        self._laid = lay_out(counts, following, self._wishes(), self._saying.measure)

    def _wishes(self) -> tuple[CueWish, ...]:
        workout = self._workout
        if self._rep == workout.plan.reps > 1:
            line = self._pack.prompts["set.last"]
            return (CueWish(Phase.LOWERING, line.say, line.id),)
        focus = self._focus if self._focus_reps else None
        self._focus_reps = max(0, self._focus_reps - 1)
        return cueing.wishes(self._pack, self._rep, workout.progress.set_number, workout.verbosity, focus)

    def _count(self, beat: Beat, rep: int) -> Count:
        prompts = self._pack.prompts
        match beat.kind:
            case BeatKind.NAME:
                line = prompts[_NAMES[beat.phase]]
                text = line.say[0]
            case BeatKind.NUMBER:
                line = prompts["count.number"]
                text = line.say[0].format(number=in_words(beat.index + 1))
            case BeatKind.REP:
                line = prompts["count.rep"]
                text = line.say[0].format(rep=in_words(rep))
            case _:
                assert_never(beat.kind)
        return Count(beat.offset, beat.phase, text, line.id)

    def _lay(self, phase: Phase) -> None:
        """Place the words of one phase of the prepared repetition."""
        beat = f"rep {self._rep} {'push' if phase is Phase.PRESSING else phase.value}"
        for line in self._laid:
            if line.phase is phase:
                # A phase begins with a count, and only that one says which phase it is.
                self._saying.count(self._begins + line.at, line.text, line.manner, line.source, beat)
                beat = ""

    def _enter(self, index: int, at: float) -> None:
        """A phase begins: make the move, and place the words of what comes after it."""
        phases = self._tempo.phases()
        phase, seconds = phases[index]
        self._workout.moves.fire(_MOVES[phase])
        self._workout.phase = CountedPhase(phase.value, at, seconds)
        number = next(beat for beat in self._tempo.beats() if beat.kind is BeatKind.REP)
        if number.phase is phase:
            self._rep_over.set(self._begins + number.offset, self._rep_done)
        ends = at + seconds
        if index + 1 < len(phases):
            self._lay(phases[index + 1][0])
            self._phase.set(ends, lambda then: self._enter(index + 1, then))
        elif self._rep < self._workout.plan.reps:
            self._prepare(self._rep + 1, ends)
            self._lay(Phase.LOWERING)
            self._phase.set(ends, lambda then: self._enter(0, then))
        else:
            self._phase.set(ends, self._over)

    def _rep_done(self, at: float) -> None:
        progress = self._workout.progress = self._workout.progress.count_rep()
        self._outbox.write(Rep(at, progress.set_number, progress.rep))
