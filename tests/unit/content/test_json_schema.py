"""The schemas for editors accept the coach's own files, and refuse what the reader refuses."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from coach import cli
from coach.content.files import BUNDLED
from coach.content.json_schema import json_schema
from coach.content.plan_schema import PLAN
from coach.content.schema import COMMON_GUIDANCE, GUIDANCE, commands_spec
from coach.content.spec import Either, Fields, Flag, Integer, ListOf, Seconds, Span, Text, WordOrNumber
from coach.dialogue.intents import INTENTS
from coach.rehearsal.scripts.script import SCRIPT
from coach.wiring import rehearsing
from lab.rigs.folders import CALF_RAISE, CONVERSATIONS, PLANS

SPECS = {"guidance": GUIDANCE, "common": COMMON_GUIDANCE, "commands": commands_spec(INTENTS)}
SPECS |= {"script": SCRIPT, "plan": PLAN}
CHECKS = {name: Draft202012Validator(json_schema(spec, name)) for name, spec in SPECS.items()}
FILES = [
    ("guidance", BUNDLED / "guidance.yaml"),
    ("commands", BUNDLED / "commands.yaml"),
    ("common", BUNDLED.parent / "common" / "guidance.yaml"),
    ("commands", BUNDLED.parent / "common" / "commands.yaml"),
    ("guidance", CALF_RAISE / "guidance.yaml"),
    ("commands", CALF_RAISE / "commands.yaml"),
    ("script", rehearsing.DEMO),
    ("script", CONVERSATIONS / "stop.yaml"),
    ("script", CALF_RAISE / "conversations" / "audio" / "bounced.yaml"),
    ("plan", PLANS / "monday.yaml"),
    ("plan", PLANS / "sides.yaml"),
]


def faults(name: str, value: object) -> list[str]:
    """Places where the schema refuses the value, such as "cues.0.phase"."""
    return [".".join(map(str, error.absolute_path)) for error in CHECKS[name].iter_errors(value)]


def loaded(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.mark.parametrize(("name", "path"), FILES, ids=lambda value: getattr(value, "stem", value))
def test_our_files_are_good(name: str, path: Path) -> None:
    assert faults(name, loaded(path)) == []


@pytest.mark.parametrize(
    ("name", "where", "value"),
    [
        ("guidance", "pack.defaults.reps", 31),
        ("guidance", "pack.defaults.tempo", "3-1"),
        ("guidance", "setup.0.say", "no full stop"),
        ("guidance", "cues.1.phase", "middle"),
        ("guidance", "cues.1.fase", "top"),
        ("guidance", "corrections.NotLow.why", None),
        ("guidance", "prompts.goodby", {"say": "Bye."}),
        ("guidance", "prompts.greeting.say", ["One.", "Two.", "Three.", "Four."]),
        ("guidance", "prompts.greeting.operational", "yes"),
        ("guidance", "answers.HowLow.claims", []),
        ("commands", "language", "de"),
        ("commands", "intents.HowLow.data.0.metadata.group", "safety"),
    ],
)
def test_a_slip_is_refused_where_it_is(name: str, where: str, value: object) -> None:
    """`value` None: the key is removed."""
    spoilt = copy.deepcopy(loaded(CALF_RAISE / f"{name}.yaml"))
    *path, last = _steps(where)
    inner = spoilt
    for step in path:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    told = faults(name, spoilt)
    assert len(told) == 1, told
    assert where.startswith(told[0])


def _steps(where: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in where.split(".")]


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        (Text(), "a", ""),
        (Text(r"(?P<amount>\d+) (?P<unit>kg|lb)"), "90 kg", "90"),
        (Integer(1, 3), 3, 4),
        (Seconds(), 0.5, -1),
        (Span(10, 600), 90, 601),
        (Span(10, 600), "2 min", "two min"),
        (Text("yes|usual", yaml_types=("boolean",)), True, 1),
        (Either(Integer(1, 3), ListOf(Flag())), [True], [1]),
        (WordOrNumber(), "kg", 0.5),
        (Flag(), False, "false"),
        (ListOf(Flag(), 2), [True], [True, True, True]),
        (ListOf(Flag(), or_one=True), True, []),
        (Fields({"a": Flag()}, {"b": Flag()}), {"a": True}, {"b": True}),
        (Fields(other_keys=Flag()), {"any": True}, {"any": 1}),
        (Fields(optional={"a": Flag()}), {}, {"b": True}),
    ],
    ids=lambda value: re.sub(r"\W+", " ", str(value))[:30],
)
def test_each_kind(spec: Any, good: object, bad: object) -> None:
    schema = json_schema(spec, "one kind")
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    assert check.is_valid(good)
    assert not check.is_valid(bad)


@pytest.mark.parametrize(
    ("plan", "where"),
    [
        ({"reps": 31}, "reps"),
        ({"rest": 5000}, "rest"),
        ({"load": 80}, "load"),
        ({"load": "80 stone"}, "load"),
        ({"sets": [{"kind": "rest pause"}]}, "sets"),
        ({"warmup": "usual"}, ""),
    ],
)
def test_a_slip_in_a_plan_is_refused(plan: object, where: str) -> None:
    assert faults("plan", plan) == [where]


@pytest.mark.parametrize("name", ["guidance", "commands", "script", "plan"])
def test_it_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--schema", name]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == f"coach {name}"
