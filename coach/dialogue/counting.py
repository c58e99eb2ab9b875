"""The running set: countdown, phases, repetitions, laid ahead on the sample clock.

Law: the words of a phase are placed when the phase before it begins, so that no count waits for anything. A repetition
is done on the beat that says its number. Everything that stops the count calls `halt` first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from coach.commands import Manner
from coach.content.counts import counts_of_rep, first_count
from coach.content.model import Line
from coach.dialogue import cueing
from coach.dialogue.context import Context
from coach.dialogue.lifting import Lifting
from coach.dialogue.states import Move
from coach.dialogue.workout import Verbosity
from coach.records import RepDone
from coach.snapshot import CountedPhase
from coach.training.pacing import CueWish, Laid, lay_out
from coach.training.plan import name_of
from coach.training.tempo import BeatKind, Phase

COUNTDOWN_GAP_S = 0.6
"""Seconds from the end of the introduction to the first word of the countdown."""
REACTION_S = 0.5
"""A lifter who expects a word may move this many seconds before it."""
BRACE_GAP_S = 0.3
"""Least seconds between the breath and the counts around it."""
_MOVES = {
    Phase.LOWERING: Move.LOWER,
    Phase.BOTTOM: Move.HOLD,
    Phase.PRESSING: Move.PUSH,
    Phase.TOP: Move.REACH_TOP,
}
_LAST = "countdown.one"
"""The prompt that is said when the breath has been taken."""


class Counting:
    """Counts repetitions until it is halted or the stage is over."""

    def __init__(self, context: Context, over: Callable[[float], None], lost: Callable[[float], None]) -> None:
        """`over` is called with the moment at which the last repetition of the stage ended; `lost` with the moment at
        which a lifter who moves without a beat has said nothing for long."""
        self._pack = context.pack
        self._order = context.pack.order
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._deadlines = context.deadlines
        self._focus = context.focus
        self._day = context.past.workouts
        self._phase = context.deadlines.timer()
        """When the next phase begins, or the stage is over."""
        self._rep_over = context.deadlines.timer()
        """When the number of the repetition is said."""
        self._over = over
        self.lifting = Lifting(context, self._rep_told, self._fulfilled, lost)
        self.tempo = context.workout.this_set.tempo
        """Tempo of the repetition that began last."""
        self._tempo = self.tempo
        """Tempo of the repetition that is laid out."""
        self._rep = 0
        """Number of the repetition that is laid out, from 1."""
        self._begins = 0.0
        """When the repetition that is laid out begins."""
        self._full = False
        """The repetition that is laid out begins on the big breath."""
        self._laid: tuple[Laid, ...] = ()
        self._word: CueWish | None = None
        """What must be said between the counts of the next repetition."""

    def begin(self, ready: float, *words: str) -> None:
        """Count down with these prompts, a second apart, once the introduction has been said at `ready`.

        Before the last prompt the lifter takes the big breath and braces.
        """
        at = ready + (COUNTDOWN_GAP_S if words else 1.0)
        for prompt in (*words, _LAST):
            if prompt == _LAST:
                at = self._brace(max(ready, at - 1), at)
            line = self._pack.prompts[prompt]
            self._saying.count(at, self._saying.words(line), Manner.COUNT, line.id)
            at += 1
        if self._workout.by_lifter:
            self._let_go(at)
            return
        self._prepare(self._workout.progress.rep + 1, at, full=True)
        self._lay(self._order.first)
        self._phase.set(self._begins, lambda then: self._enter(0, then))

    def tell(self, now: float, line: Line, *texts: str) -> None:
        """Say a word or two between the counts: in a gap that takes one of the texts, or in the next repetition.

        In the next repetition the word is said in the lowering, which has at least two beats and therefore a gap.
        """
        if self._workout.moving:
            self.lifting.tell(now, line, *texts)
        elif not any(self._saying.put_in(now, text, line.id) for text in texts):
            self._word = CueWish(Phase.LOWERING, texts, line.id)

    def moves_soon(self, now: float) -> bool:
        """Whether the lifter may have begun the next repetition, because the word for it comes in a moment."""
        return self._phase.is_set and self._begins - now < REACTION_S

    def halt(self, now: float) -> None:
        """Fall silent; nothing more is counted."""
        self._phase.cancel()
        self._rep_over.cancel()
        self.lifting.halt()
        self._word = None
        self._saying.silence(now)

    def catch_up(self, now: float) -> None:
        """After a stall: run the next phase and the number of the repetition if they are due, and nothing else.

        Their words were laid ahead and have been heard.
        """
        self._deadlines.run_once(now, self._phase, self._rep_over)

    def _let_go(self, at: float) -> None:
        """Name the first movement; from then on the lifter moves without a beat."""
        rep = self._workout.progress.rep + 1
        self._begins, self.tempo = at, self._workout.this_set.tempo
        count = first_count(0, self._order, self._wording)
        self._saying.count(at, count.text, Manner.COUNT, count.source, _beat(rep, self._order.first))
        self._phase.set(at, self.lifting.begin)

    def _brace(self, after: float, at: float) -> float:
        """Place the big breath after what is said at `after`; returns the first beat after it, `at` or later."""
        line = self._pack.prompts["set.brace"]
        text = self._saying.words(line)
        length = self._saying.measure(text, Manner.SENTENCE)
        begins = self._saying.floor.next_free(after) + BRACE_GAP_S
        self._saying.count(begins + length.onset, text, Manner.SENTENCE, line.id)
        return at + max(0, ceil(begins + length.total + BRACE_GAP_S - at))

    def _prepare(self, rep: int, begins: float, full: bool = False) -> None:
        """Lay out a repetition that begins at `begins`. Tempo and cues change only here."""
        self._rep, self._begins, self._tempo, self._full = rep, begins, self._workout.this_set.tempo, full
        counts, following = counts_of_rep(self._tempo, self._order, rep, self._wording)
        word = (self._word,) if self._word else ()
        self._word = None
        for choice in (*self._choices(), ()):
            self._laid = lay_out(counts, following, (*word, *choice), self._saying.measure)
            if any(wish.source == laid.source for wish in choice for laid in self._laid):
                break

    def _choices(self) -> Sequence[cueing.Choice]:
        workout = self._workout
        if self._rep == workout.stage.reps > 1:
            line = self._pack.prompts["set.last"]
            # A first movement of one beat may have no room for the line.
            return tuple((CueWish(phase, line.say, line.id),) for phase in (self._order.first, self._order.back))
        moment = cueing.Moment(
            rep=self._rep,
            set=len(workout.progress.working) + 1,
            day=self._day,
            tempo=self._tempo,
            verbosity=workout.verbosity,
            full=self._full,
            focus=self._focus.next(),
            watched=self._focus.watched,
            avoided=self._focus.avoided,
        )
        return cueing.choices(self._pack, moment)

    def _wording(self, prompt: str, slots: dict[str, str]) -> str:
        return self._pack.prompts[prompt].say[0].format(**slots)

    def _lay(self, phase: Phase) -> None:
        """Place the words of one phase of the prepared repetition."""
        beat = _beat(self._rep, phase)
        quiet = self._workout.verbosity is Verbosity.COUNTS_ONLY
        for line in self._laid:
            if line.phase is phase and not (quiet and line.source.startswith("cue.")):
                # The first count of a phase, and only that one, says which phase it is.
                self._saying.count(self._begins + line.at, line.text, line.manner, line.source, beat)
                beat = ""

    def _enter(self, index: int, at: float) -> None:
        """A phase begins: make the move, and place the words of what comes after it."""
        phases = self._tempo.phases(self._order)
        phase, seconds = phases[index]
        if not index:
            self.tempo = self._tempo
        self._workout.moves.fire(_MOVES[phase])
        self._workout.phase = CountedPhase(phase.value, at, seconds)
        if phase is self._order.home:
            self._workout.platform.is_back()
        elif not index:
            self._workout.platform.leaves()
        number = next(beat for beat in self._tempo.beats(self._order) if beat.kind is BeatKind.REP)
        if number.phase is phase:
            self._rep_over.set(self._begins + number.offset, self._rep_done)
        ends = at + seconds
        if index + 1 < len(phases):
            self._lay(phases[index + 1][0])
            self._phase.set(ends, lambda then: self._enter(index + 1, then))
        elif self._rep < self._workout.stage.reps:
            self._prepare(self._rep + 1, ends)
            self._lay(self._order.first)
            self._phase.set(ends, lambda then: self._enter(0, then))
        else:
            self._phase.set(ends, self._fulfilled)

    def _fulfilled(self, at: float) -> None:
        self._workout.platform.is_back()
        self._over(at)

    def _rep_done(self, at: float) -> None:
        progress = self._workout.progress = self._workout.progress.count_rep()
        self._outbox.write(RepDone(at, progress.set_number, progress.rep, name_of(progress.side)))

    def _rep_told(self, at: float) -> None:
        """The lifter has said a repetition, without a beat: count it. The next repetition begins."""
        self._rep_done(at)
        self.tempo = self._workout.this_set.tempo


def _beat(rep: int, phase: Phase) -> str:
    """The name of a phase's first beat in scripts."""
    return f"rep {rep} {'push' if phase is Phase.PRESSING else phase.value}"
