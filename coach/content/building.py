"""Makes a `Pack` from the values of its two files, which have no findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coach.commands import Manner
from coach.content import schema
from coach.content.model import Correction, Cue, Defaults, Line, Pack, SetupStep
from coach.content.templates import groups
from coach.training.tempo import Order


def build_pack(guidance: Mapping[str, Any], commands: Mapping[str, Any]) -> Pack:
    """The exercise that the values of guidance.yaml and commands.yaml describe, inherited entries among them."""
    about = guidance["pack"]
    return Pack(
        id=about["id"],
        name=about["name"],
        defaults=Defaults(**about["defaults"]),
        setup=tuple(
            SetupStep(
                _line(step["id"], step["say"], step.get("claims", ())),
                _line(f"{step['id']}.why", [step["why"]], step.get("why_claims", ())),
            )
            for step in guidance["setup"]
        ),
        cues=tuple(_cue(cue) for cue in guidance["cues"]),
        corrections={name: _correction(name, entry) for name, entry in guidance.get("corrections", {}).items()},
        answers={
            name: _line(f"answer.{name}", [entry["say"]], entry["claims"])
            for name, entry in guidance.get("answers", {}).items()
        },
        prompts={name: _prompt(name, entry) for name, entry in guidance["prompts"].items()},
        asks={
            name: Line(f"ask.{name}", (entry["say"],), Manner.SENTENCE, operational=True)
            for name, entry in guidance.get("asks", {}).items()
        },
        commands=commands,
        groups=dict(groups(commands)),
        order=order_of(about),
        topics=tuple(about["topics"]),
    )


def order_of(about: Mapping[str, Any]) -> Order:
    """The order of a repetition's phases that the section `pack` gives."""
    pull = about.get("begins_with") == schema.CONCENTRIC
    return Order.CONCENTRIC_FIRST if pull else Order.ECCENTRIC_FIRST


def _line(name: str, say: list[str], claims: Sequence[str]) -> Line:
    return Line(name, tuple(say), Manner.SENTENCE, tuple(claims), operational=not claims)


def _cue(cue: Mapping[str, Any]) -> Cue:
    line = Line(cue["id"], (cue["say"],), Manner.CUE, tuple(cue["claims"]), False, cue.get("short"), cue.get("long"))
    return Cue(line, cue["phase"], cue["topic"])


def _correction(name: str, entry: Mapping[str, Any]) -> Correction:
    def line(part: str) -> Line:
        return _line(f"correction.{name}.{part}", [entry[part]], entry.get(f"{part}_claims", entry["claims"]))

    fix = line("fix")
    again, remedy = (line(part) if part in entry else fix for part in ("again", "remedy"))
    return Correction(
        now=line("now"),
        fix=fix,
        why=line("why"),
        topic=entry["topic"],
        racked=entry.get("racked", False),
        again=again,
        remedy=remedy,
        name=entry.get("name", ""),
        hint=entry.get("hint", ""),
        avoid=frozenset(entry.get("avoid", ())),
    )


def _prompt(name: str, entry: Mapping[str, Any]) -> Line:
    manner = schema.PROMPTS[name].manner
    return Line(name, tuple(entry["say"]), manner, tuple(entry.get("claims", ())), entry.get("operational", False))
