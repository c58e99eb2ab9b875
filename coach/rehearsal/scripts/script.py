"""Reads and checks a scripted conversation; lists every finding at once.

A script is YAML: a `story` (what it shows), a `plan` (what differs from the pack's plan), and the `script`, one step a
line. `plan` has the keys of a plan file (`content/plan_schema.py`), or is the path of one, relative to the script.

    story: The set is counted to its end.
    plan: {reps: 3, sets: 1, tempo: 4-1-2-0}
    script:
      - coach: Hamstring leg press. I count, you push. Say set up, or start set.
      - lifter: start set                     # half a second after the coach has ended
      - says: set.intro                       # a line of the coach by its id: any wording, any words in its slots
      - counts: three, two, one, lower        # counts, a second apart
      - {lifter: stop, after: 0.3}            # 0.3 s after the onset of the previous line: in the middle of that line
      - {says: stop.now, within: 0.3}         # its onset is at most 0.3 s after the lifter's last word (or a fault)
      - state: stopped                        # the state at that moment
      - silent: 4                             # the coach says nothing for four seconds
      - until: 60                             # the coach says nothing until session second 60
      - journal: stop set=1 rep=0             # this record was written
      - fault: microphone lost                # an injected fault; also: microphone back, speaker lost, speaker back,
                                              # recogniser stalls, recogniser restarts (what was being said is lost),
                                              # recogniser dies, voice fails (the next line cannot be rendered), disk
                                              # full, clock jumps; `seconds: 3` says how long a recogniser stalls and
                                              # how far the clock jumps

`past: {workouts: 4, sets: 3, reps: 10, load: 90 kg}` is what was trained before: four workouts, and the sets,
repetitions and load of the last workout. `past` may also have these keys:

    left: {ago: 600, sets: [10, 9], reps: 5, load: 90 kg}   # a workout was left 600 s ago, in the middle of its third
                                            # set; without `reps`: between two sets; `pains: 1` if something hurt in it
    wanted: {leg_press.reps: 8, volume: -6} # preferences that were changed by voice, by their names in the journal

Values in `plan` win over values in `wanted`, as options of the command line do.
`pack` names the exercise: a folder, relative to the script, or an exercise that comes with the coach.
`profile: speaker` is the gym corner: the microphone hears the coach, and commands begin with "coach". `open_speaker:
true` alone means that the microphone hears the coach.
A lifter's line is said, or a fault happens, half a second after the previous line has ended, or when one of these keys
says:

    at: 12.350               # at this second of the session
    after: 0.3               # this many seconds after the onset of the previous line
    while: Breathe in        # in the middle of this line of the coach (words or id): the line just said, or the next
                             # line of that name; with `after`: that many seconds after its onset
    in: rep 3 lowering       # on the first beat of this phase (lowering, bottom, push, top) of the current set;
                             # with `after`: that many seconds after the beat

In text mode this is the moment when the words have been understood, in audio mode the moment when the first word
begins. Beside the coach's lines, `at` is the audible onset, and `cut` is how many seconds are heard of a line that is
interrupted. Both are asserted to the millisecond, and in text mode only: in audio a recogniser decides when something
was heard. Everything else is asserted in both modes. `voice` names the speaker of the lifter's clips in audio mode;
`wav: FILE` beside a `lifter` line replaces the clip of that line.
`room: {snr: 10, noise: pink, echo: -10, delay: 120, reverb: 0.4, seed: 1}` is the room of audio mode, each key optional
(`coach.settings.Room`; `noise` may be a sound file beside the script); with an echo the speaker is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from coach.content.files import find_pack
from coach.content.plan_check import check as check_plan
from coach.content.plan_reading import PlanFile, is_plan, machine_of, plan_over, read_plan
from coach.content.plan_schema import INLINE
from coach.content.reading import Document, KeyPath, read
from coach.content.reading import Finding as Doubt
from coach.content.spec import Either, Fields, Flag, Integer, ListOf, Number, Seconds, Text, one_of
from coach.ports import ScriptError
from coach.rehearsal.scripts.faults import LASTING_FAULTS, MAX_FAULT_S, InjectedFault
from coach.rehearsal.scripts.past import PAST_FIELDS, past_of, preferences_of
from coach.settings import BUILT_IN_NOISES, Profile, Room
from coach.training.past import Past
from coach.training.plan import Plan
from coach.training.plates import Machine

VOICES = ("slt", "rms", "awb", "kal")
_QUIET_ROOM = Room()
_NO_PAST = Past()


class StepKind(Enum):
    """What a step is about; the value is its key in the file."""

    COACH = "coach"
    SAYS = "says"
    COUNTS = "counts"
    LIFTER = "lifter"
    FAULT = "fault"
    SILENT = "silent"
    UNTIL = "until"
    STATE = "state"
    JOURNAL = "journal"
    ANSWER = "answer"
    """Words among what the coach says: a section of BotiumScript, not a key of this format."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a script."""

    line: int
    kind: StepKind
    text: str = ""
    seconds: float = 0.0
    """Length of a silence or a fault; session second of an `until`; extra delay of a lifter's line (BotiumScript)."""
    at: float | None = None
    """Session seconds."""
    after: float | None = None
    """Seconds after the onset of the previous line, or of the line or beat that `spoken_over` or `phase` names."""
    wav: Path | None = None
    cut: float | None = None
    """Seconds of the line that are heard before the coach is interrupted in it."""
    within: float | None = None
    """Seconds from the lifter's last word to the audible onset, at most."""
    spoken_over: str = ""
    """The coach's line, by words or id, that the lifter speaks over."""
    phase: str = ""
    """A phase, such as "rep 3 lowering": the lifter speaks on the first beat of the phase."""
    negated: bool = False
    """Whether an answer is negated: any sentence without its words."""
    optional: bool = False
    """Whether an answer may be left out."""

    def __str__(self) -> str:
        if self.kind in (StepKind.SILENT, StepKind.UNTIL):
            return f"silence ({self.kind.value} {self.seconds:g})"
        if self.kind is StepKind.ANSWER:
            return f"the coach {'not ' if self.negated else ''}to say {repr(self.text) if self.text else 'something'}"
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
    """Keys of the file except `script`, with their values."""
    wake_word: bool = False
    pack: Path | None = None
    """The folder of the exercise; None: the script names no exercise."""
    room: Room = _QUIET_ROOM
    past: Past = _NO_PAST
    """What was trained before this session."""
    machine: Machine | None = None
    """The plates of the machine; None: the plan does not give them."""
    preferences: Mapping[str, str] = field(default_factory=dict)
    """Preferences that were changed by voice before this session, by name."""
    warnings: tuple[Doubt, ...] = ()
    """Likely mistakes in the plan."""
    turn_by_turn: bool = False
    """Whether the coach is compared with sections turn by turn, as in BotiumScript."""


_STEP = Fields(
    optional={
        "coach": Text(any_apostrophe=True),
        "says": Text(r"[a-z_]+(\.[A-Za-z_]+)*", "an id", "write it like stop.now or correction.BackLifted.fix"),
        "counts": Text(r"[a-z]+( [a-z]+)*(, [a-z]+( [a-z]+)*)*", "counts", "lower case, parted by a comma and a space"),
        "lifter": Text(
            r"[a-z' ]*", "spoken words", "lower case, numbers in words, no punctuation", any_apostrophe=True
        ),
        "fault": one_of(*(fault.value for fault in InjectedFault)),
        "seconds": Seconds(),
        "silent": Seconds(),
        "until": Seconds(),
        "state": Text(r"[a-z_.]+", "a state", "write it like set.lowering"),
        "journal": Text(),
        "at": Seconds(),
        "after": Seconds(),
        "while": Text(any_apostrophe=True),
        "in": Text(r"rep [1-9]\d? (lowering|bottom|push|top)", "a phase", "write it like rep 3 lowering"),
        "within": Seconds(),
        "cut": Seconds(),
        "wav": Text(),
    }
)
_KINDS = {kind.value for kind in StepKind} & _STEP.optional.keys()
SCRIPT = Fields(
    required={"story": Text(), "script": ListOf(_STEP, max_length=100_000)},
    optional={
        "plan": Either(Text(), INLINE),
        "past": PAST_FIELDS,
        "pack": Text(),
        "voice": one_of(*VOICES),
        "open_speaker": Flag(),
        "profile": one_of(*(profile.value for profile in Profile)),
        "room": Fields(
            optional={
                "snr": Number(),
                "noise": Text(),
                "echo": Number(),
                "delay": Number(),
                "reverb": Number(),
                "seed": Integer(0, 999_999),
            }
        ),
    },
)
_EXERCISE_KEYS = {("prompts",), ("setup",), ("cues",), ("intents",), ("expansion_rules",), ("lists",)}
"""Keys of guidance.yaml and commands.yaml."""
_COACH_KEYS = {"coach", "says", "counts"}
_ONLY_WITH = {
    "at": _COACH_KEYS | {"lifter", "fault", "journal"},
    "after": {"lifter", "fault"},
    "while": {"lifter", "fault"},
    "in": {"lifter", "fault"},
    "seconds": {"fault"},
    "within": _COACH_KEYS,
    "cut": _COACH_KEYS,
    "wav": {"lifter"},
}
_TIME_KEYS = ("at", "while", "in")
"""A step has at most one of these keys; `after` may stand beside each of them except `at`."""


def read_script(path: Path, defaults: Plan, plan_of: Callable[[Path], Plan] | None = None) -> Script:
    """Reads a script from its file; ScriptError lists every finding as `file:line: key: what is wrong: remedy`.

    `plan_of`: returns the plan of a pack that the script names; it replaces `defaults`.
    """
    document = read(path, SCRIPT)
    if ("script",) not in document.lines and document.lines.keys() & _EXERCISE_KEYS:
        raise ScriptError(f"{path}:1: the file: is part of an exercise, no conversation: name the folder it is in")
    if ("script",) not in document.lines and is_plan(path):
        raise ScriptError(f"{path}:1: the file: is a plan, no conversation: a script names it: `plan: {path.name}`")
    value: Mapping[str, Any] = document.value if isinstance(document.value, Mapping) else {}
    pack = _pack(document, value["pack"]) if "pack" in value else None
    plan_value = value.get("plan", {})
    file = _plan_file(document, plan_value, pack) if isinstance(plan_value, str) else None
    pack = file.folder if file is not None and pack is None else pack
    if pack is not None and plan_of is not None:
        defaults = plan_of(pack)
    plan = _plan(document, plan_value, defaults) if file is None else file.over(defaults)
    room = _room(document, value.get("room", {}))
    past_value = value.get("past", {})
    past, wanted = past_of(past_value, plan), preferences_of(document, past_value.get("wanted", {}))
    steps = tuple(_step(document, index, step) for index, step in enumerate(value.get("script", ())))
    if wrong := [fault for fault in document.findings if not fault.warning]:
        raise ScriptError("\n".join(map(str, sorted(wrong))))
    is_gym_corner = value.get("profile") == Profile.SPEAKER.value
    return Script(
        file=str(path),
        story=value["story"],
        plan=plan,
        voice=value.get("voice", VOICES[0]),
        open_speaker=value.get("open_speaker", is_gym_corner),
        wake_word=is_gym_corner,
        room=room,
        steps=steps,
        head={key: content for key, content in value.items() if key != "script"},
        pack=pack,
        past=past,
        machine=machine_of(plan_value) if file is None else file.machine,
        preferences=wanted,
        warnings=tuple(document.findings),
    )


def _pack(document: Document, name: str) -> Path | None:
    try:
        return find_pack(name, Path(document.file).parent)
    except ScriptError as error:
        wrong, remedy = str(error).split(": ", 1)
        document.report(("pack",), wrong, remedy)
        return None


def _plan_file(document: Document, name: str, pack: Path | None) -> PlanFile | None:
    try:
        file = read_plan(Path(document.file).parent / name)
    except ScriptError as error:
        for line in str(error).splitlines():
            wrong, _, remedy = line.rpartition(": ")
            document.report(("plan",), wrong, remedy)
        return None
    if pack is not None and file.folder is not None and file.folder.resolve() != pack.resolve():
        document.report(("pack",), f"{name!r} is a plan of another exercise", "take the pack out")
    return file


def _plan(document: Document, value: Any, defaults: Plan) -> Plan:
    if not isinstance(value, Mapping):
        return defaults
    check_plan(document, value, ("plan",))
    return defaults if any(not fault.warning for fault in document.findings) else plan_over(defaults, value)


def _room(document: Document, value: Mapping[str, Any]) -> Room:
    noise = value.get("noise")
    if noise is not None and noise not in BUILT_IN_NOISES:
        noise = str(Path(document.file).parent / noise)
    try:
        return Room(**{**value, "noise": noise})
    except ValueError as wrong:
        document.report(("room",), str(wrong).partition(": ")[0] + " is out of bounds", str(wrong).partition(": ")[2])
        return Room()


def _step(document: Document, index: int, step: Mapping[str, Any]) -> Step:
    at = ("script", index)
    kinds = sorted(_KINDS & step.keys())
    if len(kinds) != 1:
        # A misspelt key has been reported already.
        if kinds or not any(fault.key.startswith(f"script[{index}].") for fault in document.findings):
            document.report(at, f"{len(kinds)} of {', '.join(sorted(_KINDS))}", "give each step exactly one")
        return Step(0, StepKind.SILENT)
    for name, partners in _ONLY_WITH.items():
        if name in step and kinds[0] not in partners:
            document.report(
                (*at, name), f"{name!r} beside {kinds[0]!r}", f"use it with {' or '.join(sorted(partners))}"
            )
    moments = [name for name in _TIME_KEYS if name in step] + ["after"] * ("at" in step and "after" in step)
    if len(moments) > 1:
        document.report((*at, moments[1]), f"{moments[1]!r} beside {moments[0]!r}", "keep one: each says when")
    if "fault" in step:
        _check_seconds(document, at, step)
    wav = None
    if "wav" in step:
        wav = Path(document.file).parent / step["wav"]
        if not wav.is_file():
            document.report((*at, "wav"), f"no file {step['wav']!r}", "name it relative to the script")
    kind = StepKind(kinds[0])
    content = step[kind.value]
    return Step(
        line=document.lines[at],
        kind=kind,
        text="" if isinstance(content, float) else content,
        seconds=content if isinstance(content, float) else step.get("seconds", 0.0),
        at=step.get("at"),
        after=step.get("after"),
        wav=wav,
        cut=step.get("cut"),
        within=step.get("within"),
        spoken_over=step.get("while", ""),
        phase=step.get("in", ""),
    )


def _check_seconds(document: Document, at: KeyPath, step: Mapping[str, Any]) -> None:
    """Adds a finding if a fault that lasts has no good `seconds`, or if another fault has `seconds`."""
    name = step["fault"]
    if (name in LASTING_FAULTS) != ("seconds" in step):
        wrong, remedy = ("beside", "take it out") if "seconds" in step else ("is missing beside", "add it")
        document.report((*at, "seconds"), f"'seconds' {wrong} {name!r}", remedy)
    elif not 0 < step.get("seconds", MAX_FAULT_S) <= MAX_FAULT_S:
        document.report((*at, "seconds"), f"{step['seconds']:g} is out of bounds", f"give up to {MAX_FAULT_S:g}")
