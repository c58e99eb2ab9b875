"""Makes a `Pack` from an exercise's two files and the files that all exercises share, or reports all errors at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coach.content import rules, schema
from coach.content.building import build_pack
from coach.content.files import BUNDLED, COMMON
from coach.content.model import Pack
from coach.content.reading import Document, Finding, read
from coach.content.schema import Intents
from coach.ports import ScriptError


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a pack as they were read, including inherited entries."""

    guidance: Document
    commands: Document

    @property
    def findings(self) -> list[Finding]:
        """The findings of both files, in the order of the files."""
        return sorted([*self.guidance.findings, *self.commands.findings])


def read_pack(intents: Intents, folder: Path = BUNDLED, common: Path = COMMON) -> Sources:
    """Both files of a pack with all their findings; `intents`: the intents that code carries out."""
    spec = schema.commands_spec(intents)
    guidance = read(folder / "guidance.yaml", schema.GUIDANCE)
    commands = read(folder / "commands.yaml", spec)
    if guidance.value is not None:
        guidance.inherit(read(common / "guidance.yaml", schema.COMMON_GUIDANCE))
        rules.check_guidance(guidance)
    if commands.value is not None:
        shared = read(common / "commands.yaml", spec)
        if shared.value is not None:
            rules.check_use(shared)
        commands.inherit(shared)
        rules.check_commands(commands, intents)
    if guidance.value is not None and commands.value is not None:
        rules.check_counterparts(guidance, commands)
    return Sources(guidance, commands)


def load_pack(intents: Intents, folder: Path = BUNDLED, common: Path = COMMON) -> Pack:
    """The exercise in a folder with guidance.yaml and commands.yaml; ScriptError lists every finding.

    `intents`: the intents that code carries out.
    """
    sources = read_pack(intents, folder, common)
    if findings := sources.findings:
        raise ScriptError("\n".join(map(str, findings)))
    return build_pack(sources.guidance.value, sources.commands.value)
