"""Finds everything that is wrong with a pack: what keeps it from loading, and what would show only when it is spoken.

Law: what the coach does and what an engine knows is passed by the caller. Each file is checked as far as it is sound,
so that one error does not hide the next. An error is something that the lifter would miss or mishear; a warning is
something that depends on more than the pack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coach.content import commands_check, guidance_check
from coach.content.files import COMMON
from coach.content.loader import read_pack
from coach.content.model import Pack
from coach.content.reading import Finding
from coach.content.schema import Intents

LiveByState = Mapping[str, frozenset[str]]
"""By state, the intents that may be live in it."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a pack is checked against."""

    intents: Intents
    """The intents that code carries out."""
    live: Callable[[Pack], LiveByState]
    """Returns which intents may be live in each state, with this pack."""
    model_knows: Callable[[str], bool] | None = None
    """Whether a Vosk model has a word; None: no model is available."""


def check_pack(folder: Path, context: CheckContext) -> list[Finding]:
    """All findings, errors and warnings, in the order of the files."""
    sources = read_pack(context.intents, folder, COMMON)
    commands, guidance = sources.commands, sources.guidance
    phrases: commands_check.Phrases | None = None
    live: LiveByState = {}
    if commands.value is not None:
        phrases = commands_check.Phrases(commands)
        live = context.live(phrases.silent_pack)
        commands_check.check_reach(commands, phrases, live)
        commands_check.check_overlaps(commands, phrases, live)
        commands_check.check_safety(commands, phrases)
        commands_check.check_fillers(commands, phrases)
        commands_check.check_pronunciations(commands)
        if context.model_knows is not None:
            commands_check.check_words(commands, phrases, context.model_knows)
    if guidance.value is not None:
        guidance_check.check_claims(guidance)
        guidance_check.check_cues(guidance)
        guidance_check.check_use(guidance)
        if phrases is not None:
            guidance_check.check_commands(guidance, phrases, live)
    return sources.findings
