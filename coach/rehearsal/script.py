"""A scripted conversation as people write it: read, checked, every fault listed at once.

A script is YAML: a `story` (what it shows), what differs from the pack's `plan`, and the `script`, one step a line.

    story: The set is counted to its end.
    plan: {reps: 3, sets: 1, tempo: 4-1-2-0}
    script:
      - coach: Hamstring leg press. I count, you push. Say set up, or start set.
      - lifter: start set                     # half a second after the coach has ended
      - {coach: "Three reps. ...", at: 4.510} # the audible onset, to the millisecond; only in text mode
      - counts: three, two, one, lower        # counts, a second apart
      - {lifter: stop, after: 0.3}            # 0.3 s after the onset of the line before: in the middle of it
      - state: stopped                        # the state at that moment
      - wait: 4                               # nothing is said for four seconds
      - until: 60                             # nothing more is said until session second 60
      - journal: stop set=1 rep=0             # this was written down

`voice` names whose clips the lifter's lines are in audio mode; `wav: FILE` beside a `lifter` line replaces them.
`room: {snr: 10, noise: pink, echo: -10, delay: 120, reverb: 0.4, seed: 1}`, each of them optional, is where audio mode
takes place (`coach.settings.Room`; `noise` may be a sound file beside the script); with an echo the speaker is open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from coach.content.reading import Document, read
from coach.content.schema import Flag, Many, Number, Record, Seconds, Text, Whole, one_of
from coach.language.numbers import LARGEST
from coach.ports import ScriptError
from coach.settings import NOISES, Room
from coach.training.plan import REPS, REST_S, SETS, Load, Plan
from coach.training.tempo import Tempo

VOICES = ("slt", "rms", "awb", "kal")
_QUIET = Room()


class StepKind(Enum):
    """What a step is about; the value is its key in the file."""

    COACH = "coach"
    COUNTS = "counts"
    LIFTER = "lifter"
    WAIT = "wait"
    UNTIL = "until"
    STATE = "state"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a script."""

    line: int
    kind: StepKind
    text: str = ""
    seconds: float = 0.0
    """Of a wait; the moment of an until."""
    at: float | None = None
    """Session seconds."""
    after: float | None = None
    """Seconds after the onset of the line before."""
    wav: Path | None = None
    cut: float | None = None
    """Seconds of the line that are heard before the coach is interrupted in it."""

    def __str__(self) -> str:
        if self.kind in (StepKind.WAIT, StepKind.UNTIL):
            return f"silence ({self.kind.value} {self.seconds:g})"
        return f"{self.kind.value} {self.text!r}"

    @property
    def words(self) -> list[str]:
        """The single counts of a `counts` step."""
        return [word.strip() for word in self.text.split(",")]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole conversation."""

    file: str
    story: str
    plan: Plan
    voice: str
    open_speaker: bool
    steps: tuple[Step, ...]
    head: Mapping[str, Any]
    """What stands above the script in the file."""
    room: Room = _QUIET


_LOAD = r"(?P<amount>\d+(?:\.5)?) (?P<unit>kg|lb)"
_KINDS = {kind.value for kind in StepKind}
_STEP = Record(
    optional={
        "coach": Text(),
        "counts": Text(r"[a-z]+( [a-z]+)*(, [a-z]+( [a-z]+)*)*", "counts", "lower case, parted by a comma and a space"),
        "lifter": Text(r"[a-z' ]*", "spoken words", "lower case, numbers in words, no punctuation"),
        "wait": Seconds(),
        "until": Seconds(),
        "state": Text(r"[a-z_.]+", "a state", "write it like set.lowering"),
        "journal": Text(),
        "at": Seconds(),
        "after": Seconds(),
        "cut": Seconds(),
        "wav": Text(),
    }
)
_SCRIPT = Record(
    required={"story": Text(), "script": Many(_STEP, most=100_000)},
    optional={
        "plan": Record(
            optional={
                "reps": Whole(REPS[0], REPS[-1]),
                "sets": Whole(SETS[0], SETS[-1]),
                "rest": Whole(REST_S[0], REST_S[-1]),
                "tempo": Text(),
                "load": Text(_LOAD, "a load", "write it like 90 kg or 92.5 kg"),
            }
        ),
        "voice": one_of(*VOICES),
        "open_speaker": Flag(),
        "room": Record(
            optional={
                "snr": Number(),
                "noise": Text(),
                "echo": Number(),
                "delay": Number(),
                "reverb": Number(),
                "seed": Whole(0, 999_999),
            }
        ),
    },
)
_ONLY_WITH = {
    "at": {"coach", "counts", "lifter", "journal"},
    "after": {"lifter"},
    "wav": {"lifter"},
    "cut": {"coach", "counts"},
}


def read_script(path: Path, defaults: Plan) -> Script:
    """A script from its file; ScriptError lists every fault as `file:line: key: what is wrong: remedy`."""
    document = read(path, _SCRIPT)
    value: Mapping[str, Any] = document.value if isinstance(document.value, Mapping) else {}
    plan = _plan(document, value.get("plan", {}), defaults)
    room = _room(document, value.get("room", {}))
    steps = tuple(_step(document, index, step) for index, step in enumerate(value.get("script", ())))
    if document.faults:
        raise ScriptError("\n".join(map(str, sorted(document.faults))))
    return Script(
        file=str(path),
        story=value["story"],
        plan=plan,
        voice=value.get("voice", VOICES[0]),
        open_speaker=value.get("open_speaker", False),
        room=room,
        steps=steps,
        head={key: content for key, content in value.items() if key != "script"},
    )


def _plan(document: Document, changes: Mapping[str, Any], defaults: Plan) -> Plan:
    tempo, load = defaults.tempo, defaults.load
    if "tempo" in changes:
        try:
            tempo = Tempo.parse(changes["tempo"])
        except ValueError as wrong:
            document.fault(("plan", "tempo"), str(wrong), "write it like 4-1-2-0")
    if "load" in changes and (given := re.fullmatch(_LOAD, changes["load"])):
        load = Load(float(given["amount"]), given["unit"])
        if load.amount > LARGEST:
            document.fault(("plan", "load"), f"{changes['load']!r} is too much", f"give at most {LARGEST}")
    counts = {name: changes.get(name, getattr(defaults, name)) for name in ("reps", "sets", "rest")}
    return Plan(**counts, tempo=tempo, load=load)


def _room(document: Document, wanted: Mapping[str, Any]) -> Room:
    noise = wanted.get("noise")
    if noise is not None and noise not in NOISES:
        noise = str(Path(document.file).parent / noise)
    try:
        return Room(**{**wanted, "noise": noise})
    except ValueError as wrong:
        document.fault(("room",), str(wrong).partition(": ")[0] + " is out of bounds", str(wrong).partition(": ")[2])
        return Room()


def _step(document: Document, index: int, step: Mapping[str, Any]) -> Step:
    at = ("script", index)
    kinds = sorted(_KINDS & step.keys())
    if len(kinds) != 1:
        # A misspelt key has been told of already.
        if kinds or not any(fault.key.startswith(f"script[{index}].") for fault in document.faults):
            document.fault(at, f"{len(kinds)} of {', '.join(sorted(_KINDS))}", "give each step exactly one")
        return Step(0, StepKind.WAIT)
    for name, partners in _ONLY_WITH.items():
        if name in step and kinds[0] not in partners:
            document.fault((*at, name), f"{name!r} beside {kinds[0]!r}", f"use it with {' or '.join(sorted(partners))}")
    wav = None
    if "wav" in step:
        wav = Path(document.file).parent / step["wav"]
        if not wav.is_file():
            document.fault((*at, "wav"), f"no file {step['wav']!r}", "name it relative to the script")
    kind = StepKind(kinds[0])
    content = step[kind.value]
    return Step(
        line=document.lines[at],
        kind=kind,
        text="" if isinstance(content, float) else content,
        seconds=content if isinstance(content, float) else 0.0,
        at=step.get("at"),
        after=step.get("after"),
        wav=wav,
        cut=step.get("cut"),
    )
