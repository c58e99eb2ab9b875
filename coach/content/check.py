"""Finds everything that is wrong with a pack: what keeps it from loading, and what would show only when it is spoken.

Law: what the coach does and what an engine knows is passed by the caller. Each file is checked as far as it is sound,
so that one error does not hide the next. An error is something that the lifter would miss or mishear; a warning is
something that depends on more than the pack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coach.content import heard, said
from coach.content.loader import COMMON, read_pack
from coach.content.model import Pack
from coach.content.reading import Finding
from coach.content.schema import Intents

Live = Mapping[str, frozenset[str]]
"""By state, the intents that may be live in it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a pack is checked against."""

    intents: Intents
    """The intents that code carries out."""
    live: Callable[[Pack], Live]
    """Returns which intents may be live in each state, with this pack."""
    model_knows: Callable[[str], bool] | None = None
    """Whether a Vosk model has a word; None: no model is available."""


def check_pack(folder: Path, around: Surroundings, common: Path = COMMON) -> list[Finding]:
    """All findings, errors and warnings, in the order of the files."""
    sources = read_pack(around.intents, folder, common)
    commands, guidance = sources.commands, sources.guidance
    phrases: heard.Phrases | None = None
    live: Live = {}
    if commands.value is not None:
        phrases = heard.Phrases(commands)
        live = around.live(phrases.pack)
        heard.check_reach(commands, phrases, live)
        heard.check_overlaps(commands, phrases, live)
        heard.check_safety(commands, phrases)
        heard.check_fillers(commands, phrases)
        heard.check_pronunciations(commands)
        if around.model_knows is not None:
            heard.check_words(commands, phrases, around.model_knows)
    if guidance.value is not None:
        said.check_claims(guidance)
        said.check_cues(guidance)
        said.check_use(guidance)
        if phrases is not None:
            said.check_commands(guidance, phrases, live)
    return sources.faults
