"""What a plan file must look like: the plan of one workout as a lifter writes it, without a manual.

    exercise: leg_press          # a name or a folder; left out: the leg press, or --pack
    reps: 10
    sets: 3
    load: 80 kg
    rest: 2 min                  # or 120, or 2:00
    tempo: 4-1-2-0               # seconds of lowering, pause, push, pause
    warm up: usual               # or a list: [{reps: 8, load: 40 kg}, {reps: 4, load: 60 kg, rest: 60}]
    one side: left first
    switch: 10                   # seconds from one side to the other
    last set: drop               # or rest-pause
    machine: {empty: 20 kg, plates: [20, 10, 5, 2.5]}    # its weight without plates, and the kinds of plates

Every line may be left out; then the exercise's value holds. If the sets differ, `sets` is a list. A set of the list
that does not give its reps, load, rest or tempo has the values above the list:

    sets:
      - {kind: warm-up, reps: 8, load: 40 kg}
      - {reps: 10, times: 2}
      - kind: drop
        reps: 8
        load: 70 kg
        then: [{reps: 4, load: 55 kg}, {reps: 4, load: 40 kg, break: 20}]
"""

from __future__ import annotations

from dataclasses import replace

from coach.content.spec import Either, Fields, Integer, ListOf, Number, Span, Text
from coach.training.plan import BREAK_S, REPS, REST_S, SETS

LOAD = r"(?P<amount>\d{1,3}(?:\.(?:00?|50?|25|75))?) ?(?P<unit>kg|lb)s?"
MOST_LATER = 5
"""Largest number of further stages of a set."""
MOST_WARM_UPS = 8
WARM_UP, WORKING, DROP, REST_PAUSE = "warm-up", "working", "drop", "rest-pause"
_LOAD = Text(LOAD, "a load", "write it like 80 kg, 92.5 kg or 41.25 kg", yaml_types=())
_REPS = Integer(REPS[0], REPS[-1])
_REST = Span(REST_S[0], REST_S[-1])
_BREAK = Span(BREAK_S[0], BREAK_S[-1])
_TEMPO = Text(r"[0-9xX][0-9xX -]*", "a tempo", "write it like 4-1-2-0", yaml_types=("integer",))


def _words(*words: str, yaml_types: tuple[str, ...] = ()) -> Text:
    """One of these words, also if YAML reads it as another type."""
    remedy = f"write {', '.join(words[:-1])} or {words[-1]}"
    return Text("|".join(words), f"one of {', '.join(words)}", remedy, yaml_types=yaml_types)


_LATER = Fields({"reps": _REPS}, {"load": _LOAD, "break": _BREAK}, example="{reps: 4, load: 55 kg}")
_SET = Fields(
    optional={
        "kind": _words(WORKING, WARM_UP, DROP, REST_PAUSE),
        "reps": _REPS,
        "load": _LOAD,
        "tempo": _TEMPO,
        "rest": _REST,
        "then": ListOf(_LATER, MOST_LATER),
        "times": Integer(1, SETS[-1]),
    },
    example="{reps: 10, load: 80 kg}",
)
_RAMP_STEP = Fields({"reps": _REPS, "load": _LOAD}, {"rest": _REST, "tempo": _TEMPO}, example="{reps: 8, load: 40 kg}")
_USUAL = replace(
    _words("usual", "yes", "none", "no", yaml_types=("boolean",)),
    remedy="write usual or none, or a list like [{reps: 8, load: 40 kg}]",
)
INLINE = Fields(
    optional={
        "reps": _REPS,
        "sets": Either(Integer(SETS[0], SETS[-1]), ListOf(_SET, SETS[-1] + MOST_WARM_UPS)),
        "load": _LOAD,
        "rest": _REST,
        "tempo": _TEMPO,
        "warm up": Either(_USUAL, ListOf(_RAMP_STEP, MOST_WARM_UPS)),
        "one side": _words("left first", "right first", "none", "no", yaml_types=("boolean",)),
        "switch": _BREAK,
        "last set": _words(WORKING, DROP, REST_PAUSE),
        "machine": Fields({"empty": _LOAD, "plates": ListOf(Number())}, example="{empty: 20 kg, plates: [20, 10, 5]}"),
    },
    example="{reps: 10, sets: 3, load: 80 kg}",
)
"""A plan inside another file; that file names the exercise."""
PLAN = Fields(optional={"exercise": Text(), **INLINE.optional}, example="reps: 10, sets: 3, load: 80 kg")
