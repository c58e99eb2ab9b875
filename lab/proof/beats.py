"""Compares the counts with the plan: a second apart, in the words of the tempo, repetitions no closer than planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.content.model import Pack
from coach.language.grammar import Intent
from coach.language.numbers import in_words
from coach.training.tempo import LOWERING_S, BeatKind, Phase, Tempo
from lab.proof.laws import SLACK_S, Law, LawBroken, silent_past
from lab.rigs.said_lines import SaidLine

_LAID_AHEAD_S = 15.0
"""Largest time from the laying of a repetition to its start, in seconds: a repetition is laid when the phase before it
begins, the first repetition with the introduction of the set."""
_NAMES = {
    Phase.LOWERING: "count.lower",
    Phase.BOTTOM: "count.hold",
    Phase.PRESSING: "count.push",
    Phase.TOP: "count.hold",
}


@dataclass(frozen=True, slots=True)
class AnnouncedTempo:
    """A tempo that the lifter asked for."""

    at: float
    tempo: Tempo


class Beats:
    """Follows the counts that sounded."""

    def __init__(self, pack: Pack, tempo: Tempo) -> None:
        self._pack = pack
        self._tempos_asked: list[AnnouncedTempo] = [AnnouncedTempo(-_LAID_AHEAD_S, tempo)]
        self._before: list[Tempo] = []
        """Tempos that an undo restores: the tempo before each tempo that was read back."""
        self._later: Tempo | None = None
        """Tempo that was asked for in a set and does not hold yet."""
        self._last = float("-inf")
        self._rep: list[SaidLine] = []
        """The counts since the last repetition began."""

    def asked(self, at: float, intent: Intent, accepted: bool, sure: bool) -> None:
        """Notes that the lifter asks for another tempo. `sure`: it is known that the words were live."""
        now = self._tempos_asked[-1].tempo
        try:
            match intent.name:
                case "Slower" | "Faster":
                    seconds = now.lowering + (1 if intent.name == "Slower" else -1)
                    tempo = now.with_lowering(seconds) if seconds in LOWERING_S else now
                case "SetTempo":
                    slots = (int(intent.slots.get(name, 0)) for name in ("eccentric", "bottom", "concentric", "top"))
                    lowering, bottom, push, top = slots
                    tempo = Tempo(lowering, bottom, max(1, push), top)
                case _:
                    return
        except ValueError:
            return
        if intent.name == "SetTempo" and not accepted:
            self._later = tempo
        elif sure and at >= self._tempos_asked[-1].at:
            self._tempos_asked.append(AnnouncedTempo(at, tempo))

    def set_later(self, at: float) -> None:
        """Notes that a tempo is read back. A tempo that was asked for in a set holds from the set's end on."""
        self._before.append(self.tempo)
        if self._later is not None:
            self._tempos_asked.append(AnnouncedTempo(at, self._later))
            self._later = None

    def undone(self, at: float) -> None:
        """Notes that the tempo that was read back last was taken back."""
        if self._before:
            self._tempos_asked.append(AnnouncedTempo(at, self._before.pop()))

    def resumed(self, at: float, tempo: Tempo) -> None:
        """Notes the tempo of an earlier workout that is continued."""
        self._tempos_asked.append(AnnouncedTempo(at, tempo))

    @property
    def all_tempos(self) -> set[str]:
        """All tempos that were asked for."""
        return {str(asked.tempo) for asked in self._tempos_asked}

    @property
    def tempo(self) -> Tempo:
        """The tempo that was asked for last."""
        return self._tempos_asked[-1].tempo

    def halted(self) -> None:
        """Notes that the count was broken off."""
        self._rep = []

    def count(self, line: SaidLine) -> None:
        """Takes one count that sounded; counts come in order."""
        say = line.say
        if say.at - self._last < 1.0 - SLACK_S:
            saw = f"{say.text!r} {say.at - self._last:.3f} s after the count before it"
            raise LawBroken(Law.PLAN, say.at, saw, silent_past(say.at))
        self._last = say.at
        if say.source.startswith("countdown."):
            self._rep = []
        elif say.source == _NAMES[self._pack.order.first]:
            self._check(say.at)
            self._rep = [line]
        elif self._rep:
            self._rep.append(line)

    def _check(self, next_at: float) -> None:
        """Checks that the last repetition fits a tempo that was asked for."""
        if not self._rep:
            return
        began = self._rep[0].say.at
        tempos = self._tempos(began)
        words = [(round(line.say.at - began), line.say.text) for line in self._rep]
        if not any(tempo.rep_seconds <= next_at - began + SLACK_S and self._says(words, tempo) for tempo in tempos):
            saw = f"a repetition of {next_at - began:g} s, {words}, at {[str(tempo) for tempo in tempos]}"
            raise LawBroken(Law.PLAN, next_at, saw, silent_past(next_at))

    def _tempos(self, began: float) -> list[Tempo]:
        """Returns the tempos that may have held when the repetition that began at `began` was laid."""
        until = [*self._tempos_asked[1:], AnnouncedTempo(float("inf"), self._tempos_asked[-1].tempo)]
        pairs = zip(self._tempos_asked, until, strict=True)
        return [asked.tempo for asked, then in pairs if asked.at <= began and then.at >= began - _LAID_AHEAD_S]

    def _says(self, words: Sequence[tuple[int, str]], tempo: Tempo) -> bool:
        """Whether all words are counts of the tempo; after a stall some counts are left out."""
        beats = {beat.offset: beat for beat in tempo.beats(self._pack.order)}
        prompts = self._pack.prompts
        for offset, text in words:
            beat = beats.get(offset)
            if beat is None:
                return False
            match beat.kind:
                case BeatKind.STAY:
                    fits = text == prompts["count.hold"].say[0]
                case BeatKind.REP:
                    fits = text.startswith("rep ")
                case BeatKind.NAME:
                    fits = text == prompts[_NAMES[beat.phase]].say[0]
                case BeatKind.NUMBER:
                    fits = text == in_words(beat.index + 1)
            if not fits:
                return False
        return True
