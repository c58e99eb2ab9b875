"""Checks the entries of a pack's guidance against each other.

Law: only the parts of an entry that exist are checked; the reader has already reported missing parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from coach.commands import Manner
from coach.content import schema
from coach.content.building import order_of
from coach.content.commands_check import Phrases, parts
from coach.content.counts import counts_of_rep
from coach.content.reading import Document, KeyPath
from coach.content.schema import Group
from coach.language.speaking_time import speaking_time
from coach.training.pacing import Count, CueWish, lay_out
from coach.training.tempo import Order, Phase, Tempo

_SET = "set"
_IN_SET = (
    *(
        "cue.",
        "count.",
        "countdown.three",
        "countdown.two",
        "countdown.one",
        "set.last",
        "lifter.",
        "set.later",
        "set.after",
    ),
    *("status.left_cue", "status.set_cue", "status.last_set", "tempo.slower", "tempo.faster"),
)
"""Beginnings of the ids of lines that are said only while a set runs."""


@dataclass(frozen=True, slots=True)
class SpokenText:
    """One text that can be spoken."""

    at: KeyPath
    source: str
    """Id of the text's line."""
    text: str


def check_claims(guidance: Document) -> None:
    """Every claim that the pack lists is cited, and no other claim is. A pack without a list is not checked."""
    claims = guidance.value.get("pack", {}).get("claims")
    if not claims:
        return
    cited = set()
    for at, claim in _cited(guidance.value):
        cited.add(claim)
        if claim not in claims:
            guidance.report(at, f"claim {claim!r} is not in pack.claims", "cite one that is, or add it there")
    for index, claim in enumerate(claims):
        if claim in claims[:index]:
            guidance.report(("pack", "claims", index), f"claim {claim!r} stands here twice", "keep one")
        elif claim and claim not in cited:
            guidance.report(("pack", "claims", index), f"claim {claim!r} is never spoken", "cite it where it is taught")


def check_cues(guidance: Document) -> None:
    """Every cue fits a gap of its phase at the pack's tempo, and every wording of a cue can be used.

    A pause of zero seconds counts as two seconds here, because its cues are for other tempos.
    """
    cues: list[tuple[KeyPath, Any]] = [
        (("cues", index), cue) for index, cue in enumerate(guidance.value.get("cues", ()))
    ]
    cues = [(at, cue) for at, cue in cues if cue.keys() >= {"id", "phase", "topic", "say"}]
    for at, cue in cues:
        _check_wordings(guidance, at, cue)
    try:
        tempo = Tempo.parse(guidance.value["pack"]["defaults"]["tempo"])
    except (KeyError, ValueError):
        return
    lengthened = Tempo(tempo.lowering, tempo.bottom or 2, tempo.push, tempo.top or 2)
    order = order_of(guidance.value["pack"])
    counts, following = _counts(guidance.value.get("prompts", {}), lengthened, order)
    last = guidance.value.get("prompts", {}).get("set.last", {}).get("say", ())
    wishes: list[tuple[KeyPath, str, CueWish]] = [
        ((*at, "say"), cue["topic"], _wish(cue)) for at, cue in cues if cue["phase"] in schema.PHASES
    ]
    wishes += [(("prompts", "set.last", "say"), "", CueWish(Phase.LOWERING, (text,), text)) for text in last]
    breath = [wish for _, topic, wish in wishes if topic == schema.BREATH]
    for at, topic, wish in wishes:
        # The breathing cues share a repetition; every other cue is the only one in its repetition.
        together = breath if topic == schema.BREATH else [wish]
        if wish.source not in {laid.source for laid in lay_out(counts, following, together, speaking_time)}:
            shortest = wish.texts[-1]
            guidance.report(
                at, f"{shortest!r} fits no gap of {wish.phase.value} at {tempo}", "give it a shorter wording"
            )


def check_use(guidance: Document) -> None:
    """Every topic and prompt of the pack itself is used. Inherited entries may be unused."""
    value = guidance.value
    topics = value.get("pack", {}).get("topics", ())
    with_cues = {cue.get("topic") for cue in value.get("cues", ())}
    for index, topic in enumerate(topics):
        if topic not in with_cues:
            guidance.report(("pack", "topics", index), f"no cue is about {topic!r}", "write one, or take it out")
    corrections = value.get("corrections", {}).values()
    pull = order_of(value.get("pack", {})) is Order.CONCENTRIC_FIRST
    never = {
        "help.correcting": not corrections and "there are no corrections",
        "set.push_on_number": pull and "a pull ends with the lowering, and that is two beats at least",
    }
    for name, why in never.items():
        own = ("prompts", name) in guidance.lines and ("prompts", name) not in guidance.inherited
        if why and own:
            guidance.report(("prompts", name), f"it can never be said: {why}", "take it out")


def check_commands(guidance: Document, phrases: Phrases, live: Mapping[str, frozenset[str]]) -> None:
    """No line contains a command that is live where the line is said: the coach could obey itself."""
    anywhere = frozenset().union(*live.values())
    for section, name, entry in _entries(guidance.value):
        marked, named = bool(entry.get("names_commands")), False
        for said in _lines(section, name, entry):
            intents = live[_SET] if said.source.startswith(_IN_SET) else anywhere
            whole = " ".join(_words(said.text))
            held = [
                text
                for text in parts(_words(said.text))
                if phrases.owners.get(text) in intents and (text == whole or text not in phrases.alone_only)
            ]
            alarm = next((text for text in held if phrases.groups[phrases.owners[text]] == Group.SAFETY), None)
            named = named or bool(held)
            if alarm is not None and said.source not in schema.NOT_UNDER_LOAD:
                wrong = f"{said.text!r} has the lifter's safety phrase {alarm!r} in it"
                guidance.report(said.at, wrong, "say it otherwise: the coach could silence itself")
            elif (
                held and alarm is None and not (marked and said.at[2] == "say") and not said.source.startswith("help.")
            ):
                wrong = f"{said.text!r} has the command {held[-1]!r} of {phrases.owners[held[-1]]} in it"
                may = section in ("setup", "prompts")
                remedy = "; or, where the lifter is to choose, add `names_commands: true`" if may else ""
                guidance.report(said.at, wrong, f"say it otherwise{remedy}")
        if marked and not named:
            guidance.report((section, name, "names_commands"), "it names no command", "take the mark out")


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", re.sub(r"\{\w+\}", "slot", text.lower()))


def _entries(value: Mapping[str, Any]) -> Iterator[tuple[str, str | int, Mapping[str, Any]]]:
    """Every entry with texts: section, name or number, and the entry."""
    for section in ("setup", "cues"):
        for index, entry in enumerate(value.get(section, ())):
            yield section, index, entry
    for section in ("corrections", "answers", "prompts", "asks"):
        for name, entry in value.get(section, {}).items():
            yield section, name, entry


def _lines(section: str, name: str | int, entry: Mapping[str, Any]) -> Iterator[SpokenText]:
    """Every text of an entry."""
    source = str(name) if section == "prompts" else str(entry.get("id", f"{section}.{name}"))
    for part in ("say", "short", "long", "now", "fix", "again", "remedy", "why"):
        texts = entry.get(part, ())
        for index, text in enumerate([texts] if isinstance(texts, str) else texts):
            yield SpokenText((section, name, part, index), source, text)


def _cited(value: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    for section, name, entry in _entries(value):
        for part in ("claims", "why_claims", "remedy_claims"):
            for index, claim in enumerate(entry.get(part, ())):
                yield (section, name, part, index), claim


def _check_wordings(guidance: Document, at: KeyPath, cue: Mapping[str, Any]) -> None:
    """Each wording is shorter than the one before. The coach says the first that fits, so others are never said."""
    texts = [(part, cue[part]) for part in ("long", "say", "short") if part in cue]
    for (_, longer), (part, text) in pairwise(texts):
        if speaking_time(text, Manner.CUE).total >= speaking_time(longer, Manner.CUE).total:
            wrong = f"{text!r} can never be said: it takes as long as {longer!r}"
            guidance.report((*at, part), wrong, "make it shorter, or take it out")


def _wish(cue: Mapping[str, Any]) -> CueWish:
    texts = tuple(cue[part] for part in ("long", "say", "short") if part in cue)
    return CueWish(Phase(cue["phase"]), texts, cue["id"])


def _counts(prompts: Mapping[str, Any], tempo: Tempo, order: Order) -> tuple[list[Count], Count]:
    """The counts of a repetition with a long number, and the first count of the next repetition."""

    def wording(prompt: str, slots: dict[str, str]) -> str:
        said: list[str] = prompts.get(prompt, {}).get("say", [])
        return re.sub(r"\{(\w+)\}", lambda slot: slots.get(slot[1], ""), said[0]) if said else ""

    return counts_of_rep(tempo, order, 7, wording)
