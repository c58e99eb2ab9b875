"""Makes a `Pack` from an exercise's two files and the files that all exercises share, or reports all errors at once.

Law: rules for a single key are in `schema`; rules between keys and between files are checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.commands import Manner
from coach.content import schema
from coach.content.model import Answer, Correction, Cue, Defaults, Line, Pack, SetupStep
from coach.content.nodes import is_yaml
from coach.content.reading import Document, Finding, Key, did_you_mean, read
from coach.content.schema import Group, Intents
from coach.ports import ScriptError
from coach.training.tempo import Order, Tempo

BUNDLED = Path(__file__).parent / "leg_press"
"""The folder of the exercise that comes with the coach."""


COMMON = Path(__file__).parent / "common"
"""The folder of the prompts and commands that every pack inherits."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a pack as they were read, including inherited entries."""

    guidance: Document
    commands: Document

    @property
    def faults(self) -> list[Finding]:
        """The findings of both files, in the order of the files."""
        return sorted([*self.guidance.faults, *self.commands.faults])


def find_pack(name: str, beside: Path = Path()) -> Path:
    """The folder of a pack: a bundled pack, or a path relative to `beside`; ScriptError if no folder is found."""
    folders = [COMMON.parent / name] if re.fullmatch(schema.NAME.pattern, name) and name != COMMON.name else []
    try:
        for folder in (*folders, beside / name):
            if (folder / "guidance.yaml").is_file():
                return folder
        odd = guidance_files(beside / name)
    except OSError as fault:
        # For example, the name is too long.
        raise ScriptError(f"no pack {name[:40]!r}: {fault.strerror}") from fault
    if odd:
        raise ScriptError(f"no pack {name!r}: it has {odd[0].name}: call it guidance.yaml")
    bundled = sorted(file.parent.name for file in COMMON.parent.glob("*/guidance.yaml") if file.parent != COMMON)
    raise ScriptError(f"no pack {name!r}: name a folder with guidance.yaml and commands.yaml, or {', '.join(bundled)}")


def guidance_files(folder: Path) -> list[Path]:
    """Files in a folder that are guidance.yaml, or that have its name with other letter case or suffix."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [file for file in files if is_yaml(file) and file.stem.lower() == "guidance"]


def read_pack(intents: Intents, folder: Path = BUNDLED, common: Path = COMMON) -> Sources:
    """Both files of a pack with all their findings; `intents`: the intents that code carries out."""
    spec = schema.commands(intents)
    guidance = read(folder / "guidance.yaml", schema.GUIDANCE)
    commands = read(folder / "commands.yaml", spec)
    if guidance.value is not None:
        guidance.inherit(read(common / "guidance.yaml", schema.COMMON_GUIDANCE))
        _check_whole(guidance, "prompts", schema.PROMPTS)
        _check_claims(guidance)
        _check_ids(guidance)
        _check_tempo(guidance)
        _check_topics(guidance)
    if commands.value is not None:
        shared = read(common / "commands.yaml", spec)
        if shared.value is not None:
            _check_use(shared)
        commands.inherit(shared)
        _check_whole(commands, "intents", intents)
        _check_templates(commands, intents)
        _check_concepts(commands)
        _check_use(commands)
    if guidance.value is not None and commands.value is not None:
        _check_counterparts(guidance, commands)
    return Sources(guidance, commands)


def load_pack(intents: Intents, folder: Path = BUNDLED, common: Path = COMMON) -> Pack:
    """The exercise in a folder with guidance.yaml and commands.yaml; ScriptError lists every finding.

    `intents`: the intents that code carries out.
    """
    sources = read_pack(intents, folder, common)
    if faults := sources.faults:
        raise ScriptError("\n".join(map(str, faults)))
    return _pack(sources.guidance.value, sources.commands.value)


# --- rules between keys


def _check_whole(document: Document, section: str, needed: Iterable[str]) -> None:
    """Every entry that code needs exists, inherited or not."""
    for name in needed:
        if (section, name) not in document.lines:
            document.fault((section,), f"{name!r} is missing", "add it")


def _check_tempo(guidance: Document) -> None:
    tempo = guidance.value.get("pack", {}).get("defaults", {}).get("tempo")
    if tempo is not None and re.fullmatch(r"\d-\d-\d-\d", tempo):
        try:
            Tempo.parse(tempo)
        except ValueError as fault:
            wrong, remedy = str(fault).split(": ", 1)
            guidance.fault(("pack", "defaults", "tempo"), wrong, remedy)


def _check_topics(guidance: Document) -> None:
    """Every topic is in `pack.topics`. Another topic is a typing error: its cues would never be grouped."""
    topics = guidance.value.get("pack", {}).get("topics", ())
    told = [("cues", index, cue) for index, cue in enumerate(guidance.value.get("cues", ()))]
    told += [("corrections", name, correction) for name, correction in guidance.value.get("corrections", {}).items()]
    for section, name, entry in told:
        topic = entry.get("topic")
        if topics and topic is not None and topic not in topics:
            remedy = did_you_mean(topic, topics, "add it to pack.topics")
            guidance.fault((section, name, "topic"), f"{topic!r} is none of the pack's topics", remedy)
        for index, other in enumerate(entry.get("avoid", ())):
            if topics and other is not None and other not in topics:
                remedy = did_you_mean(other, topics, "add it to pack.topics")
                guidance.fault((section, name, "avoid", index), f"{other!r} is none of the pack's topics", remedy)


def _check_claims(guidance: Document) -> None:
    for index, step in enumerate(guidance.value.get("setup", ())):
        if bool(step.get("claims")) == bool(step.get("operational")):
            wrong = "cites claims and is operational" if step.get("claims") else "cites no claim"
            guidance.fault(("setup", index), wrong, "cite what it teaches, or mark it `operational: true`")
    for name, prompt in guidance.value.get("prompts", {}).items():
        cites = bool(prompt.get("claims")) or ("prompts", name, "claims") in guidance.lines
        marked = prompt.get("operational", ("prompts", name, "operational") in guidance.lines)
        if cites == marked:
            wrong = "cites claims and is operational" if cites else "cites no claim"
            guidance.fault(("prompts", name), wrong, "cite what it teaches, or mark it `operational: true`")


def _check_ids(guidance: Document) -> None:
    for section in ("setup", "cues"):
        ids = [entry.get("id") for entry in guidance.value.get(section, ())]
        for index, name in enumerate(ids):
            if name is not None and name in ids[:index]:
                guidance.fault((section, index, "id"), f"{name!r} stands here twice", "give each its own id")


def _check_counterparts(guidance: Document, commands: Document) -> None:
    """Every report has a correction, every question an answer and every concept a question, and vice versa."""
    of = dict(groups(commands.value))
    meant = commands.value.get("concepts", {})
    for name in meant:
        if ("asks", name) not in guidance.lines:
            guidance.fault(("asks",), f"{name!r} is missing", "add it: commands.yaml has this concept")
    for name in guidance.value.get("asks", {}):
        if name not in meant:
            remedy = did_you_mean(name, meant, "add it to commands.yaml, or take this out")
            guidance.fault(("asks", name), f"{name!r} is no concept of commands.yaml", remedy)
    for section, group in (("corrections", Group.REPORT), ("answers", Group.QUESTION)):
        told = guidance.value.get(section, {})
        wanted = [name for name, its in of.items() if its is group]
        for name in wanted:
            if (section, name) not in guidance.lines:
                guidance.fault((section,), f"{name!r} is missing", f"add it: commands.yaml has this {group}")
        for name in told:
            if name not in wanted:
                remedy = did_you_mean(name, wanted, "add it to commands.yaml, or take this out")
                guidance.fault((section, name), f"{name!r} is no {group} of commands.yaml", remedy)


def _check_templates(commands: Document, intents: Intents) -> None:
    """Brackets match, every list and rule that a template names exists, and the slots are those that code reads."""
    _check_circles(commands)
    for at, text in templates(commands.value):
        if not text.strip() or re.search(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>", text):
            commands.fault(at, f"nothing stands in {text!r}", "write words, or take the brackets out")
        elif re.search(r"[{}<>:_]", re.sub(r"\{[a-z_]+(:[a-z_]+)?\}|<[a-z_]+>", "", text)) and _balanced(text):
            commands.fault(at, f"{text!r} names no list or rule", "write {list}, {list:slot} or <rule>")
        if not _balanced(text):
            commands.fault(at, f"brackets do not match in {text!r}", "close each one that is opened")
        for section, name, slot in references(text):
            known = commands.value.get(section, {})
            if name not in known:
                remedy = did_you_mean(name, known, f"add it to {section}")
                commands.fault(at, f"{name!r} is not in {section}", remedy)
            if at[0] == "intents" and section == "lists" and slot not in _slots(str(at[1]), intents):
                commands.fault(at, f"slot {slot!r} is unknown to {at[1]}", "name one it has, as {list:slot}")


def _check_concepts(commands: Document) -> None:
    """Every concept belongs to an intent, and its groups of words exist."""
    words = commands.value.get("concept_words", {})
    for intent, ways in commands.value.get("concepts", {}).items():
        if intent not in commands.value.get("intents", {}):
            remedy = did_you_mean(intent, commands.value.get("intents", {}), "add it to intents")
            commands.fault(("concepts", intent), f"{intent!r} is no intent", remedy)
        for index, way in enumerate(ways):
            for name in way.split(" + "):
                if name not in words:
                    remedy = did_you_mean(name, words, "add it to concept_words")
                    commands.fault(("concepts", intent, index), f"{name!r} is not in concept_words", remedy)


def _slots(intent: str, intents: Intents) -> tuple[str, ...]:
    return intents[intent].slots if intent in intents else ()


def _check_circles(commands: Document) -> None:
    rules = commands.value.get("expansion_rules", {})
    for name in rules:
        seen, waiting = set[str](), [name]
        while waiting:
            used = {part for section, part, _ in references(rules.get(waiting.pop(), "")) if section != "lists"}
            waiting += used - seen
            seen |= used
        if name in seen:
            commands.fault(("expansion_rules", name), f"{name!r} is made of itself", "write it out")


def _check_use(commands: Document) -> None:
    """Every list and rule of this file itself is used, and every list of it can be spoken."""
    texts = [text for _, text in templates(commands.value)]
    used = {(section, name) for text in texts for section, name, _ in references(text)}
    for section in ("lists", "expansion_rules"):
        for name in commands.value.get(section, {}):
            if (section, name) not in used and (section, name) not in commands.inherited:
                commands.fault((section, name), f"{name!r} is used by no template", "use it or take it out")
    for name, definition in commands.value.get("lists", {}).items():
        if ("lists", name) in commands.inherited:
            continue
        bounds = definition.get("range", {})
        if len(definition) != 1:
            commands.fault(("lists", name), "has neither or both of range and values", "give it one of them")
        elif bounds.get("from", 0) > bounds.get("to", 999):
            commands.fault(("lists", name, "range"), "ends before it begins", "put the smaller number in `from`")


def templates(commands: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """Every template with its key."""
    for name, intent in commands.get("intents", {}).items():
        for block_index, block in enumerate(intent.get("data", ())):
            for index, text in enumerate(block.get("sentences", ())):
                yield ("intents", name, "data", block_index, "sentences", index), text
    for name, text in commands.get("expansion_rules", {}).items():
        yield ("expansion_rules", name), text


def references(text: str) -> Iterator[tuple[str, str, str]]:
    """The lists and rules that a template names: section, name, and the slot that a list fills."""
    for mark, name, slot in re.findall(r"([{<])([a-z_]+)(?::([a-z_]+))?[}>]", text):
        yield ("lists" if mark == "{" else "expansion_rules"), name, slot or name


def _balanced(text: str) -> bool:
    closers = {"(": ")", "[": "]", "{": "}", "<": ">"}
    waiting = []
    for mark in re.findall(r"[\[\](){}<>]", text):
        if mark in closers:
            waiting.append(closers[mark])
        elif not waiting or waiting.pop() != mark:
            return False
    return not waiting


def groups(commands: Mapping[str, Any]) -> Iterator[tuple[str, Group]]:
    """The intents that have a valid group, each with its group."""
    for name, intent in commands.get("intents", {}).items():
        for block in intent.get("data", ())[:1]:
            group = block.get("metadata", {}).get("group")
            # An invalid group was already reported.
            if group in list(Group):
                yield name, Group(group)


# --- the pack


def _pack(guidance: Mapping[str, Any], commands: Mapping[str, Any]) -> Pack:
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
        corrections={name: _correction(name, told) for name, told in guidance.get("corrections", {}).items()},
        answers={
            name: Answer(_line(f"answer.{name}", [told["say"]], told["claims"]))
            for name, told in guidance.get("answers", {}).items()
        },
        prompts={name: _prompt(name, told) for name, told in guidance["prompts"].items()},
        asks={
            name: Line(f"ask.{name}", (told["say"],), Manner.SENTENCE, operational=True)
            for name, told in guidance.get("asks", {}).items()
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


def _correction(name: str, told: Mapping[str, Any]) -> Correction:
    def line(part: str) -> Line:
        return _line(f"correction.{name}.{part}", [told[part]], told.get(f"{part}_claims", told["claims"]))

    fix = line("fix")
    again, remedy = (line(part) if part in told else fix for part in ("again", "remedy"))
    return Correction(
        now=line("now"),
        fix=fix,
        why=line("why"),
        topic=told["topic"],
        racked=told.get("racked", False),
        again=again,
        remedy=remedy,
        name=told.get("name", ""),
        hint=told.get("hint", ""),
        avoid=frozenset(told.get("avoid", ())),
    )


def _prompt(name: str, told: Mapping[str, Any]) -> Line:
    manner = schema.PROMPTS[name].manner
    return Line(name, tuple(told["say"]), manner, tuple(told.get("claims", ())), told.get("operational", False))
