"""The running set: countdown, phases, repetitions, laid ahead on the sample clock.

Law: the words of a phase are placed before the phase before it begins, so that no count waits for anything; a
repetition is done on the beat that says its number. Whatever stops the count calls `halt` first.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.commands import Manner
from coach.dialogue import cueing
from coach.dialogue.desk import Desk
from coach.dialogue.states import Move
from coach.language.numbers import in_words
from coach.records import Rep
from coach.snapshot import CountedPhase
from coach.training.pacing import GUARD_S, Count, CueWish, Laid, lay_out
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


class Counting:
    """Counts repetitions until told to halt or the plan is fulfilled."""

    def __init__(self, desk: Desk, over: Callable[[float], None]) -> None:
        """`over` is called with the moment the last repetition of the plan ended."""
        self._desk = desk
        self._over = over
        self._focus: str | None = None
        self._focus_reps = 0
        self._tempo = desk.plan.tempo
        self._rep = 0
        """The repetition that is laid out, from 1."""
        self._begins = 0.0
        """When it begins."""
        self._laid: tuple[Laid, ...] = ()
        self.phase: CountedPhase | None = None
        """The phase that was counted last."""

    def begin(self, ready: float, *words: str) -> None:
        """Count down with these prompts, a second apart, once the introduction has been said at `ready`."""
        desk = self._desk
        first = ready + COUNTDOWN_GAP_S
        for index, prompt in enumerate(words):
            line = desk.pack.prompts[prompt]
            desk.count(first + index, desk.words(line), Manner.COUNT, line.id)
        self._prepare(desk.progress.rep + 1, first + len(words))
        self._lay(Phase.LOWERING)
        desk.deadlines.set("phase", self._begins, lambda at: self._enter(0, at))

    def halt(self, now: float) -> None:
        """Fall silent; nothing more is counted."""
        self._desk.deadlines.cancel("phase", "rep")
        self._desk.silence(now)

    def focus_on(self, topic: str) -> None:
        """Make this the one cue of the next repetitions."""
        self._focus, self._focus_reps = topic, FOCUS_REPS

    def put_in(self, now: float, text: str, source: str) -> bool:
        """Say a short answer between the counts that are already placed; False when no gap takes it."""
        length = self._desk.measure(text, Manner.CUE)
        begins = self._desk.floor.gap_after(now, length.total, GUARD_S)
        if begins is None:
            return False
        self._desk.count(begins + length.onset, text, Manner.CUE, source)
        return True

    def _prepare(self, rep: int, begins: float) -> None:
        """Lay out the repetition that begins then. Tempo and cues change only here."""
        self._rep, self._begins, self._tempo = rep, begins, self._desk.plan.tempo
        counts = [self._count(beat, rep) for beat in self._tempo.beats()]
        following = self._count(Beat(self._tempo.rep_seconds, Phase.LOWERING, 0, BeatKind.NAME), rep + 1)
        self._laid = lay_out(counts, following, self._wishes(), self._desk.measure)

    def _wishes(self) -> tuple[CueWish, ...]:
        desk = self._desk
        if self._rep == desk.plan.reps > 1:
            line = desk.pack.prompts["set.last"]
            return (CueWish(Phase.LOWERING, line.say, line.id),)
        focus = self._focus if self._focus_reps else None
        self._focus_reps = max(0, self._focus_reps - 1)
        return cueing.wishes(desk.pack, self._rep, desk.progress.set_number, desk.verbosity, focus)

    def _count(self, beat: Beat, rep: int) -> Count:
        prompts = self._desk.pack.prompts
        match beat.kind:
            case BeatKind.NAME:
                line = prompts[f"count.{_MOVES[beat.phase]}"]
                text = line.say[0]
            case BeatKind.NUMBER:
                line = prompts["count.number"]
                text = line.say[0].format(number=in_words(beat.index + 1))
            case BeatKind.REP:
                line = prompts["count.rep"]
                text = line.say[0].format(rep=in_words(rep))
        return Count(beat.offset, beat.phase, text, line.id)

    def _lay(self, phase: Phase) -> None:
        """Place the words of one phase of the prepared repetition."""
        beat = f"rep {self._rep} {'push' if phase is Phase.PRESSING else phase.value}"
        for line in self._laid:
            if line.phase is phase:
                # A phase begins with a count, and only that one says which phase it is.
                self._desk.count(self._begins + line.at, line.text, line.manner, line.source, beat)
                beat = ""

    def _enter(self, index: int, at: float) -> None:
        """A phase begins: make the move, and place the words of what comes after it."""
        desk = self._desk
        phases = self._tempo.phases()
        phase, seconds = phases[index]
        desk.moves.fire(_MOVES[phase])
        self.phase = CountedPhase(phase.value, at, seconds)
        number = next(beat for beat in self._tempo.beats() if beat.kind is BeatKind.REP)
        if number.phase is phase:
            desk.deadlines.set("rep", self._begins + number.offset, self._rep_done)
        ends = at + seconds
        if index + 1 < len(phases):
            self._lay(phases[index + 1][0])
            desk.deadlines.set("phase", ends, lambda then: self._enter(index + 1, then))
        elif self._rep < desk.plan.reps:
            self._prepare(self._rep + 1, ends)
            self._lay(Phase.LOWERING)
            desk.deadlines.set("phase", ends, lambda then: self._enter(0, then))
        else:
            desk.deadlines.set("phase", ends, self._over)

    def _rep_done(self, at: float) -> None:
        desk = self._desk
        desk.progress = desk.progress.count_rep()
        desk.record(Rep(at, desk.progress.set_number, desk.progress.rep))
