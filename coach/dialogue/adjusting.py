"""What the lifter changes by voice: the plan, the volume, how much is said.

Law: a number that is kept is read back, outside a running set; inside one a word between the counts must do.
"""

from __future__ import annotations

from dataclasses import astuple, replace

from coach.commands import SetPace, SetVolume
from coach.dialogue.counting import Counting
from coach.dialogue.desk import Desk, Verbosity
from coach.dialogue.resting import Resting
from coach.dialogue.states import State
from coach.language.grammar import Intent
from coach.language.speech import digits, duration, load, repetitions, sets
from coach.training.plan import Load
from coach.training.tempo import LOWERING_S, Tempo

VOLUME_STEP_DB = 6.0
"""Clearly louder, not twice as loud to the ear (that is 10 dB)."""
QUIETEST_DB = -24.0
PACE_STEP = 15
PACES = range(70, 131)
"""Per cent: from 120 to 220 words a minute."""


class Adjusting:
    """Carries out the intents of the group `setting`."""

    def __init__(self, desk: Desk, counting: Counting, resting: Resting) -> None:
        self._desk = desk
        self._counting = counting
        self._resting = resting

    def carry_out(self, now: float, intent: Intent) -> None:  # noqa: PLR0912  one arm an intent
        """Every setting intent; the grammar has checked the ranges of the numbers."""
        slots = {name: value for name, value in intent.slots.items() if not isinstance(value, str)}
        match intent.name:
            case "SetReps":
                self._plan(now, "reps.set", reps=repetitions(int(slots["reps"])), change={"reps": int(slots["reps"])})
            case "SetSets":
                self._plan(now, "sets.set", sets=sets(int(slots["sets"])), change={"sets": int(slots["sets"])})
            case "SetRest":
                seconds = int(slots["seconds"])
                self._plan(now, "rest.set", seconds=duration(seconds), change={"rest": seconds})
                if self._desk.moves.parent == State.RESTING:
                    self._resting.change(now, seconds)
            case "SetLoad":
                before = self._desk.plan.load
                weight = Load(slots["load"], str(intent.slots.get("unit", before.unit if before else "kg")))
                self._plan(now, "load.set", load=load(weight.amount, weight.unit), change={"load": weight})
            case "SetTempo":
                self._set_tempo(now, intent)
            case "Slower":
                self._lower_for(now, self._desk.plan.tempo.lowering + 1, "tempo.slower")
            case "Faster":
                self._lower_for(now, self._desk.plan.tempo.lowering - 1, "tempo.faster")
            case "Louder":
                self._volume(now, VOLUME_STEP_DB, "louder")
            case "Quieter":
                self._volume(now, -VOLUME_STEP_DB, "quieter")
            case "TalkSlower":
                self._pace(now, -PACE_STEP, "pace.slower")
            case "TalkFaster":
                self._pace(now, PACE_STEP, "pace.faster")
            case "MoreCues":
                self._talk(now, Verbosity(min(self._desk.verbosity.value + 1, Verbosity.FULL.value)), "cues.more")
            case "FewerCues":
                self._talk(now, Verbosity(max(self._desk.verbosity.value - 1, 0)), "cues.fewer")
            case "CountsOnly":
                self._talk(now, Verbosity.COUNTS_ONLY, "cues.counts_only")

    def _plan(self, now: float, prompt: str, change: dict[str, int | Load], **slots: str) -> None:
        self._desk.plan = replace(self._desk.plan, **change)  # type: ignore[arg-type]
        self._desk.say(now, prompt, **slots)

    def _set_tempo(self, now: float, intent: Intent) -> None:
        lowering, bottom, push, top = (
            int(intent.slots.get(name, 0)) for name in ("eccentric", "bottom", "concentric", "top")
        )
        if lowering < LOWERING_S[0]:
            self._desk.say(now, "tempo.too_fast")
            return
        try:
            # "x", as fast as is safe, is a push of one beat.
            tempo = Tempo(lowering, bottom, max(1, push), top)
        except ValueError:
            self._desk.say(now, "tempo.limit")
            return
        self._desk.plan = replace(self._desk.plan, tempo=tempo)
        self._desk.say(now, "tempo.set", tempo=digits(*astuple(tempo)))

    def _lower_for(self, now: float, seconds: int, prompt: str) -> None:
        """A second more or less of lowering; in a set from the next repetition on."""
        desk = self._desk
        running = desk.moves.parent == State.SET
        if seconds not in LOWERING_S:
            line = desk.pack.prompts["tempo.too_fast" if seconds < LOWERING_S[0] else "tempo.limit"]
            if not running:
                desk.say_line(now, line)
            return
        tempo = desk.plan.tempo.with_lowering(seconds)
        desk.plan = replace(desk.plan, tempo=tempo)
        if running:
            line = desk.pack.prompts[prompt]
            self._counting.put_in(now, line.say[0], line.id)
        else:
            desk.say(now, "tempo.set", tempo=digits(*astuple(tempo)))

    def _volume(self, now: float, step: float, prompt: str) -> None:
        volume = min(0.0, max(QUIETEST_DB, self._desk.volume + step))
        if volume == self._desk.volume:
            prompt = "limit"
        self._desk.volume = volume
        self._desk.out.append(SetVolume(volume))
        # In a set the next count tells how loud it is.
        if self._desk.moves.parent != State.SET:
            self._desk.say(now, prompt)

    def _pace(self, now: float, step: int, prompt: str) -> None:
        pace = self._desk.pace + step
        if pace not in PACES:
            self._desk.say(now, "limit")
            return
        self._desk.pace = pace
        self._desk.out.append(SetPace(pace))
        self._desk.say(now, prompt)

    def _talk(self, now: float, verbosity: Verbosity, prompt: str) -> None:
        self._desk.verbosity = verbosity
        if self._desk.moves.parent != State.SET:
            self._desk.say(now, prompt)
