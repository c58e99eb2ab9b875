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
from coach.dialogue.context import Context, Scene
from coach.dialogue.lifter_counting import LifterCounting
from coach.dialogue.states import Move
from coach.dialogue.workout import Verbosity
from coach.records import RepDone
from coach.snapshot import CountedPhase
from coach.training.pacing import CueWish, PlacedLine, lay_out
from coach.training.plan import side_name
from coach.training.tempo import BeatKind, Phase

COUNTDOWN_GAP_S = 0.6
"""Seconds from the end of the introduction to the first word of the countdown."""
REACTION_S = 0.5
"""A lifter who expects a word may move this many seconds before it."""
BRACE_GAP_S = 0.3
"""Least seconds between the breath and the counts around it."""
_MOVES = {Phase.LOWERING: Move.LOWER, Phase.BOTTOM: Move.HOLD, Phase.PRESSING: Move.PUSH, Phase.TOP: Move.REACH_TOP}
_LAST_COUNT = "countdown.one"
"""The prompt that is said when the breath has been taken."""


class Counting(Scene):
    """Counts repetitions until it is halted or the stage is over."""

    def __init__(
        self, context: Context, on_stage_over: Callable[[float], None], on_no_answer: Callable[[float], None]
    ) -> None:
        """`on_stage_over` is called with the moment at which the last repetition of the stage ended, `on_no_answer`
        with the moment at which a lifter who moves without a beat has said nothing for long."""
        super().__init__(context)
        self._order = context.pack.order
        self._phase_timer = context.deadlines.timer()
        """When the next phase begins, or the stage is over."""
        self._rep_timer = context.deadlines.timer()
        """When the number of the repetition is said."""
        self._on_stage_over = on_stage_over
        self.lifter_counting = LifterCounting(context, self._log_lifter_rep, self._end_stage, on_no_answer)
        self.tempo = context.workout.this_set.tempo
        """Tempo of the repetition that began last."""
        self._laid_tempo = self.tempo
        """Tempo of the repetition that is laid out."""
        self._laid_rep = 0
        """Number of the repetition that is laid out, from 1."""
        self._laid_begins = 0.0
        """When the repetition that is laid out begins."""
        self._full_lungs = False
        """The repetition that is laid out begins on the big breath."""
        self._laid_words: tuple[PlacedLine, ...] = ()
        """Counts and cues of the repetition that is laid out."""
        self._wanted_word: CueWish | None = None
        """What must be said between the counts of the next repetition."""

    def begin(self, after: float, *prompts: str) -> None:
        """Count down with these prompts, a second apart, once the introduction has been said at `after`.

        Before the last prompt the lifter takes the big breath and braces.
        """
        at = after + (COUNTDOWN_GAP_S if prompts else 1.0)
        for prompt in (*prompts, _LAST_COUNT):
            if prompt == _LAST_COUNT:
                at = self._brace(max(after, at - 1), at)
            line = self._pack.prompts[prompt]
            self._saying.say_at(at, self._saying.wording(line), Manner.COUNT, line.id)
            at += 1
        if self._workout.lifter_counts:
            self._hand_over(at)
            return
        self._prepare(self._workout.progress.rep + 1, at, full_lungs=True)
        self._place_phase(self._order.first)
        self._phase_timer.set(self._laid_begins, lambda then: self._enter_phase(0, then))

    def say_between(self, now: float, line: Line, *texts: str) -> None:
        """Say a word or two between the counts: in a gap that takes one of the texts, or in the next repetition.

        In the next repetition the word is said in the lowering, which has at least two beats and therefore a gap.
        """
        if self._workout.without_beat:
            self.lifter_counting.say(now, line, *texts)
        elif not any(self._saying.say_in_gap(now, text, line.id) for text in texts):
            self._wanted_word = CueWish(Phase.LOWERING, texts, line.id)

    def moves_soon(self, now: float) -> bool:
        """Whether the lifter may have begun the next repetition, because the word for it comes in a moment."""
        return self._phase_timer.is_set and self._laid_begins - now < REACTION_S

    def halt(self, now: float) -> None:
        """Fall silent; nothing more is counted."""
        self._phase_timer.cancel()
        self._rep_timer.cancel()
        self.lifter_counting.halt()
        self._wanted_word = None
        self._saying.silence(now)

    def catch_up(self, now: float) -> None:
        """After a stall: run the next phase and the number of the repetition if they are due, and nothing else.

        Their words were laid ahead and have been heard.
        """
        self._deadlines.run_once(now, self._phase_timer, self._rep_timer)

    def _hand_over(self, at: float) -> None:
        """Name the first movement; from then on the lifter moves without a beat."""
        rep = self._workout.progress.rep + 1
        self._laid_begins, self.tempo = at, self._workout.this_set.tempo
        count = first_count(0, self._order, self._wording)
        self._saying.say_at(at, count.text, Manner.COUNT, count.source, _beat_label(rep, self._order.first))
        self._phase_timer.set(at, self.lifter_counting.begin)

    def _brace(self, after: float, at: float) -> float:
        """Place the big breath after what is said at `after`; returns the first beat after it, `at` or later."""
        line = self._pack.prompts["set.brace"]
        text = self._saying.wording(line)
        length = self._saying.measure(text, Manner.SENTENCE)
        begins = self._saying.floor.next_free(after) + BRACE_GAP_S
        self._saying.say_at(begins + length.onset, text, Manner.SENTENCE, line.id)
        return at + max(0, ceil(begins + length.total + BRACE_GAP_S - at))

    def _prepare(self, rep: int, begins: float, full_lungs: bool = False) -> None:
        """Lay out a repetition that begins at `begins`. Tempo and cues change only here."""
        self._laid_rep, self._laid_begins = rep, begins
        self._laid_tempo, self._full_lungs = self._workout.this_set.tempo, full_lungs
        counts, following = counts_of_rep(self._laid_tempo, self._order, rep, self._wording)
        word = (self._wanted_word,) if self._wanted_word else ()
        self._wanted_word = None
        for choice in (*self._cue_choices(), ()):
            self._laid_words = lay_out(counts, following, (*word, *choice), self._saying.measure)
            if any(wish.source == laid.source for wish in choice for laid in self._laid_words):
                break

    def _cue_choices(self) -> Sequence[cueing.Choice]:
        workout = self._workout
        if self._laid_rep == workout.stage.reps > 1:
            line = self._pack.prompts["set.last"]
            # A first movement of one beat may have no room for the line.
            return tuple((CueWish(phase, line.say, line.id),) for phase in (self._order.first, self._order.back))
        situation = cueing.CueSituation(
            rep=self._laid_rep,
            set=len(workout.progress.working_sets) + 1,
            earlier_workouts=self._past.workout_count,
            tempo=self._laid_tempo,
            verbosity=workout.verbosity,
            full_lungs=self._full_lungs,
            focus_topic=self._focus.take_topic(),
            watched_topic=self._focus.watched_topic,
            avoided_topics=self._focus.avoided_topics,
        )
        return cueing.choices(self._pack, situation)

    def _wording(self, prompt: str, slots: dict[str, str]) -> str:
        return self._pack.prompts[prompt].say[0].format(**slots)

    def _place_phase(self, phase: Phase) -> None:
        """Place the words of one phase of the prepared repetition."""
        beat_label = _beat_label(self._laid_rep, phase)
        quiet = self._workout.verbosity is Verbosity.COUNTS_ONLY
        for line in self._laid_words:
            if line.phase is phase and not (quiet and line.source.startswith("cue.")):
                # The first count of a phase, and only that one, says which phase it is.
                self._saying.say_at(self._laid_begins + line.at, line.text, line.manner, line.source, beat_label)
                beat_label = ""

    def _enter_phase(self, index: int, at: float) -> None:
        """A phase begins: make the move, and place the words of what comes after it."""
        phases = self._laid_tempo.phases(self._order)
        phase, seconds = phases[index]
        if not index:
            self.tempo = self._laid_tempo
        self._workout.state_machine.fire(_MOVES[phase])
        self._workout.latest_phase = CountedPhase(phase.value, at, seconds)
        if phase is self._order.home:
            self._workout.platform.mark_back()
        elif not index:
            self._workout.platform.mark_away()
        number = next(beat for beat in self._laid_tempo.beats(self._order) if beat.kind is BeatKind.REP)
        if number.phase is phase:
            self._rep_timer.set(self._laid_begins + number.offset, self._log_rep)
        ends = at + seconds
        if index + 1 < len(phases):
            self._place_phase(phases[index + 1][0])
            self._phase_timer.set(ends, lambda then: self._enter_phase(index + 1, then))
        elif self._laid_rep < self._workout.stage.reps:
            self._prepare(self._laid_rep + 1, ends)
            self._place_phase(self._order.first)
            self._phase_timer.set(ends, lambda then: self._enter_phase(0, then))
        else:
            self._phase_timer.set(ends, self._end_stage)

    def _end_stage(self, at: float) -> None:
        self._workout.platform.mark_back()
        self._on_stage_over(at)

    def _log_rep(self, at: float) -> None:
        progress = self._workout.progress = self._workout.progress.count_rep()
        self._outbox.write(RepDone(at, progress.set_number, progress.rep, side_name(progress.side)))

    def _log_lifter_rep(self, at: float) -> None:
        """The lifter has said a repetition, without a beat: count it. The next repetition begins."""
        self._log_rep(at)
        self.tempo = self._workout.this_set.tempo


def _beat_label(rep: int, phase: Phase) -> str:
    """The name of a phase's first beat in scripts."""
    return f"rep {rep} {'push' if phase is Phase.PRESSING else phase.value}"
