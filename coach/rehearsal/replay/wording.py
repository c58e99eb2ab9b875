"""Finds what a lifter says so that a record is written: words that the grammar of the pack understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from coach.dialogue.workout import Verbosity
from coach.language.grammar import Grammar
from coach.language.numbers import in_words
from coach.records import (
    FaultReported,
    GotStuck,
    ImportedExtra,
    PainReported,
    PreferenceChanged,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)
from coach.training.tempo import Tempo

_USUAL_SPEED = 100
"""Speed of the coach's voice (preference `pace`) before any change, in percent."""
_LAST_SET_PHRASES = {
    "working": "make the last set a plain set",
    "drop": "make the last set a drop set",
    "rest_pause": "make the last set a cluster set",
}
"""Phrases by the kind of the last set; lifters call a working set plain."""
_VERBOSITIES = tuple(level.name.lower() for level in sorted(Verbosity, key=lambda level: level.value))
"""Values of the preference `verbosity`, the least talkative first."""
_UNITS = {"kg": "kilos", "lb": "pounds"}
_INTENTS: Mapping[type[Record], str] = {
    SetBegan: "StartSet",
    SetEnded: "FinishSet",
    StopSaid: "Stop",
    GotStuck: "Stuck",
    WorkoutEnded: "EndWorkout",
}
_PREFERRED_PHRASES = {
    "Stop": "stop",
    "Resume": "continue",
    "Better": "i'm fine",
    "StartSet": "start set",
    "FinishSet": "finish set",
    "EndWorkout": "end workout",
    "Stuck": "i'm stuck",
    "Pain": "it hurts",
    "Dizzy": "i feel dizzy",
}
"""Preferred phrase of an intent; used if the pack understands it."""
_ROLE_INTENTS = {
    ("begins", "lifter"): "OwnPace",
    ("begins", "coach"): "Countdown",
    ("counts", "lifter"): "LifterPace",
    ("counts", "beat"): "BeatPace",
}
"""Preferences about who begins a set and who counts, each value with the intent that asks for it."""


@dataclass(slots=True)
class Wording:
    """Finds words; some depend on the log and the preferences so far."""

    grammar: Grammar
    logged: dict[int, list[tuple[int, float | None, int | None]]] = field(default_factory=dict)
    """Log of each finished set, oldest version first: repetitions, load, and how many repetitions were left."""
    preferences: dict[str, str] = field(default_factory=dict)
    """The latest value of each preference."""

    def words_for(self, record: Record) -> str:
        """Returns words that lead to the record; empty if no words do."""
        match record:
            case SetBegan() | SetEnded() | StopSaid() | GotStuck() | WorkoutEnded():
                return self.phrase_of(_INTENTS[type(record)])
            case FaultReported(_, what) | PainReported(_, what):
                return self.phrase_of(what)
            case PreferenceChanged(_, name, value):
                return self._words_for_preference(name.rpartition(".")[2], value, self.preferences.get(name))
            case SetAmended():
                return self._log_change(record)
            case SessionBegan() | SessionResumed() | RepDone() | ImportedExtra():
                return ""
        assert_never(record)

    def phrase_of(self, intent: str) -> str:
        """Returns a phrase that means this intent when all intents are live; empty if there is none."""
        if intent not in self.grammar.intents:
            return ""
        phrases = (_PREFERRED_PHRASES.get(intent, ""), *self.grammar.plain_phrases(intent))
        return next((phrase for phrase in phrases if self._means(phrase, intent)), "")

    def note(self, record: Record) -> None:
        """Notes that the record was written."""
        match record:
            case SetEnded(_, number, reps, load):
                versions = self.logged.get(number, [(0, None, None)])
                # A set with several loads or sides has a record for each part: their repetitions add up.
                self.logged[number] = [(versions[0][0] + reps, load, None)]
            case SetAmended(_, number, reps, load, _, left):
                versions = self.logged.setdefault(number, [])
                if (reps, load, left) in versions[-2:-1]:
                    versions.pop()
                else:
                    versions.append((reps, load, left))
            case PreferenceChanged(_, name, value):
                self.preferences[name] = value

    def _means(self, phrase: str, intent: str) -> bool:
        meant = self.grammar.understand(phrase, self.grammar.intents) if phrase else None
        return meant is not None and meant.name == intent

    def _words_for_preference(self, name: str, value: str, before: str | None) -> str:
        # Sets that differ have a part each ("90 kg, 90 kg, 80 kg"). The last part is for the sets to come: those are
        # nearly always what the lifter changes.
        value = value.rpartition(", ")[2]
        try:
            match name:
                case "reps" | "sets":
                    return f"{in_words(int(value))} {name}"
                case "rest":
                    return f"rest {in_words(int(value))} seconds"
                case "tempo":
                    tempo = Tempo.parse(value)
                    if before and tempo == (known := Tempo.parse(before)).with_lowering(tempo.lowering):
                        step = tempo.lowering - known.lowering
                        if abs(step) == 1:
                            # In a set, "slower" and "faster" act at once; a tempo in numbers waits for the set's end.
                            return self.phrase_of("Slower" if step > 0 else "Faster")
                    digits = (tempo.lowering, tempo.bottom, tempo.push, tempo.top)
                    return f"tempo {' '.join(map(in_words, digits))}"
                case "load" | "unit":
                    amount, _, unit = value.rpartition(" ")
                    return f"{in_words(float(amount)) if amount else 'switch to'} {_UNITS[unit]}"
                case _:
                    return self._words_for_choice(name, value, before)
        except (ValueError, KeyError):
            # An undone load leaves an empty value: the words are "undo". Other values are from a later version.
            pass
        return self.phrase_of("Undo")

    def _words_for_choice(self, name: str, value: str, before: str | None) -> str:
        """Returns words for a preference that the lifter changes without a number."""
        match name:
            case "volume":
                return self.phrase_of("Louder" if int(value) > int(before or 0) else "Quieter")
            case "pace":
                return self.phrase_of("TalkFaster" if int(value) > int(before or _USUAL_SPEED) else "TalkSlower")
            case "warm_up":
                return self.phrase_of("WarmUp" if value == "on" else "NoWarmUp")
            case "side":
                return self.phrase_of("BothSides") if value == "both" else f"{value} side first"
            case "last":
                return _LAST_SET_PHRASES[value]
            case "effort":
                return self.phrase_of("AskEffort" if value == "asked" else "DontAsk")
            case "begins" | "counts":
                return self.phrase_of(_ROLE_INTENTS[name, value])
            case "verbosity":
                if value == _VERBOSITIES[0]:
                    return self.phrase_of("CountsOnly")
                more = _VERBOSITIES.index(value) > _VERBOSITIES.index(before or _VERBOSITIES[-1])
                return self.phrase_of("MoreCues" if more else "FewerCues")
        return self.phrase_of("Undo")

    def _log_change(self, record: SetAmended) -> str:
        versions = self.logged.get(record.set, [(0, None, None)])
        reps, load, left = versions[-1]
        try:
            if not record.reps and reps == 1 and len(versions) > 1:
                # An undo would first take back what was said about the set.
                return "one less"
            if not record.reps or (record.reps, record.load, record.left) in versions[-2:-1]:
                return self.phrase_of("Undo")
            if record.left is not None and record.left != left:
                return f"{in_words(record.left)} left"
            if record.load != load and record.load is not None:
                unit = _UNITS.get(record.unit or "kg", "kilos")
                return f"last set was {in_words(record.reps)} with {in_words(record.load)} {unit}"
            if record.reps != reps:
                return f"i did {in_words(record.reps)}"
        except ValueError:
            pass
        return self.phrase_of("Undo")
