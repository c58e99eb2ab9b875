"""Rules between the keys and between the files of a pack. What breaks one keeps the pack from loading.

Law: rules for a single key are in `schema`. What would show only when the pack is spoken is checked by `pack_check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.content import schema
from coach.content.reading import Document, did_you_mean
from coach.content.schema import Group, Intents
from coach.content.templates import brackets_match, groups, references, templates
from coach.training.tempo import Tempo


def check_guidance(guidance: Document) -> None:
    """The guidance with what it inherits."""
    _check_whole(guidance, "prompts", schema.PROMPTS)
    _check_claims(guidance)
    _check_ids(guidance)
    _check_tempo(guidance)
    _check_topics(guidance)


def check_commands(commands: Document, intents: Intents) -> None:
    """The commands with what they inherit; `intents`: the intents that code carries out."""
    _check_whole(commands, "intents", intents)
    _check_templates(commands, intents)
    _check_concepts(commands)
    check_use(commands)


def _check_whole(document: Document, section: str, needed: Iterable[str]) -> None:
    """Every entry that code needs exists, inherited or not."""
    for name in needed:
        if (section, name) not in document.lines:
            document.report((section,), f"{name!r} is missing", "add it")


def _check_tempo(guidance: Document) -> None:
    tempo = guidance.value.get("pack", {}).get("defaults", {}).get("tempo")
    if tempo is not None and re.fullmatch(r"\d-\d-\d-\d", tempo):
        try:
            Tempo.parse(tempo)
        except ValueError as error:
            wrong, remedy = str(error).split(": ", 1)
            guidance.report(("pack", "defaults", "tempo"), wrong, remedy)


def _check_topics(guidance: Document) -> None:
    """Every topic is in `pack.topics`. Another topic is a typing error: its cues would never be grouped."""
    topics = guidance.value.get("pack", {}).get("topics", ())
    entries = [("cues", index, cue) for index, cue in enumerate(guidance.value.get("cues", ()))]
    entries += [("corrections", name, correction) for name, correction in guidance.value.get("corrections", {}).items()]
    for section, name, entry in entries:
        topic = entry.get("topic")
        if topics and topic is not None and topic not in topics:
            remedy = did_you_mean(topic, topics, "add it to pack.topics")
            guidance.report((section, name, "topic"), f"{topic!r} is none of the pack's topics", remedy)
        for index, other in enumerate(entry.get("avoid", ())):
            if topics and other is not None and other not in topics:
                remedy = did_you_mean(other, topics, "add it to pack.topics")
                guidance.report((section, name, "avoid", index), f"{other!r} is none of the pack's topics", remedy)


def _check_claims(guidance: Document) -> None:
    for index, step in enumerate(guidance.value.get("setup", ())):
        if bool(step.get("claims")) == bool(step.get("operational")):
            wrong = "cites claims and is operational" if step.get("claims") else "cites no claim"
            guidance.report(("setup", index), wrong, "cite what it teaches, or mark it `operational: true`")
    for name, prompt in guidance.value.get("prompts", {}).items():
        cites = bool(prompt.get("claims")) or ("prompts", name, "claims") in guidance.lines
        marked = prompt.get("operational", ("prompts", name, "operational") in guidance.lines)
        if cites == marked:
            wrong = "cites claims and is operational" if cites else "cites no claim"
            guidance.report(("prompts", name), wrong, "cite what it teaches, or mark it `operational: true`")


def _check_ids(guidance: Document) -> None:
    for section in ("setup", "cues"):
        ids = [entry.get("id") for entry in guidance.value.get(section, ())]
        for index, name in enumerate(ids):
            if name is not None and name in ids[:index]:
                guidance.report((section, index, "id"), f"{name!r} stands here twice", "give each its own id")


def check_counterparts(guidance: Document, commands: Document) -> None:
    """Every report has a correction, every question an answer and every concept a question, and vice versa."""
    of = dict(groups(commands.value))
    meant = commands.value.get("concepts", {})
    for name in meant:
        if ("asks", name) not in guidance.lines:
            guidance.report(("asks",), f"{name!r} is missing", "add it: commands.yaml has this concept")
    for name in guidance.value.get("asks", {}):
        if name not in meant:
            remedy = did_you_mean(name, meant, "add it to commands.yaml, or take this out")
            guidance.report(("asks", name), f"{name!r} is no concept of commands.yaml", remedy)
    for section, group in (("corrections", Group.REPORT), ("answers", Group.QUESTION)):
        entries = guidance.value.get(section, {})
        wanted = [name for name, its in of.items() if its is group]
        for name in wanted:
            if (section, name) not in guidance.lines:
                guidance.report((section,), f"{name!r} is missing", f"add it: commands.yaml has this {group}")
        for name in entries:
            if name not in wanted:
                remedy = did_you_mean(name, wanted, "add it to commands.yaml, or take this out")
                guidance.report((section, name), f"{name!r} is no {group} of commands.yaml", remedy)


def _check_templates(commands: Document, intents: Intents) -> None:
    """Brackets match, every list and rule that a template names exists, and the slots are those that code reads."""
    _check_circles(commands)
    for at, text in templates(commands.value):
        if not text.strip() or re.search(r"\(\s*\)|\[\s*\]|\{\s*\}|<\s*>", text):
            commands.report(at, f"nothing stands in {text!r}", "write words, or take the brackets out")
        elif re.search(r"[{}<>:_]", re.sub(r"\{[a-z_]+(:[a-z_]+)?\}|<[a-z_]+>", "", text)) and brackets_match(text):
            commands.report(at, f"{text!r} names no list or rule", "write {list}, {list:slot} or <rule>")
        if not brackets_match(text):
            commands.report(at, f"brackets do not match in {text!r}", "close each one that is opened")
        for section, name, slot in references(text):
            known = commands.value.get(section, {})
            if name not in known:
                remedy = did_you_mean(name, known, f"add it to {section}")
                commands.report(at, f"{name!r} is not in {section}", remedy)
            if at[0] == "intents" and section == "lists" and slot not in _slots(str(at[1]), intents):
                commands.report(at, f"slot {slot!r} is unknown to {at[1]}", "name one it has, as {list:slot}")


def _check_concepts(commands: Document) -> None:
    """Every concept belongs to an intent, and its groups of words exist."""
    words = commands.value.get("concept_words", {})
    for intent, ways in commands.value.get("concepts", {}).items():
        if intent not in commands.value.get("intents", {}):
            remedy = did_you_mean(intent, commands.value.get("intents", {}), "add it to intents")
            commands.report(("concepts", intent), f"{intent!r} is no intent", remedy)
        for index, way in enumerate(ways):
            for name in way.split(" + "):
                if name not in words:
                    remedy = did_you_mean(name, words, "add it to concept_words")
                    commands.report(("concepts", intent, index), f"{name!r} is not in concept_words", remedy)


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
            commands.report(("expansion_rules", name), f"{name!r} is made of itself", "write it out")


def check_use(commands: Document) -> None:
    """Every list and rule of this file itself is used, and every list of it can be spoken."""
    texts = [text for _, text in templates(commands.value)]
    used = {(section, name) for text in texts for section, name, _ in references(text)}
    for section in ("lists", "expansion_rules"):
        for name in commands.value.get(section, {}):
            if (section, name) not in used and (section, name) not in commands.inherited:
                commands.report((section, name), f"{name!r} is used by no template", "use it or take it out")
    for name, definition in commands.value.get("lists", {}).items():
        if ("lists", name) in commands.inherited:
            continue
        bounds = definition.get("range", {})
        if len(definition) != 1:
            commands.report(("lists", name), "has neither or both of range and values", "give it one of them")
        elif bounds.get("from", 0) > bounds.get("to", 999):
            commands.report(("lists", name, "range"), "ends before it begins", "put the smaller number in `from`")
