"""What is wrong with a script that can be read: names its exercise does not have, lines nobody can speak.

Law: a fault fails every performance, or is in what the script itself names; what else is missing in audio only is a
warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from coach.content.model import Pack
from coach.content.reading import Fault, did_you_mean
from coach.dialogue import states
from coach.dialogue.states import State
from coach.rehearsal.following import ids_of
from coach.rehearsal.script import Script, Step, StepKind
from coach.settings import NOISES


def check_script(
    script: Script, pack: Pack, clip_of: Callable[[Step], Path], why_unfit: Callable[[Path, bool], str | None]
) -> list[Fault]:
    """Faults and warnings, in the order of the file.

    `clip_of`: where the sound of a lifter's line is looked for; `why_unfit`: why a recording cannot be used, as it is
    or with any channels.
    """
    faults = [
        *script.warnings,
        *unknown_ids(script, pack),
        *_unknown_lines(script, pack),
        *_unknown_states(script, pack),
    ]
    noise = script.room.noise
    if noise is not None and noise not in NOISES and (reason := why_unfit(Path(noise), False)) is not None:
        faults.append(_unfit(script, 1, "room.noise", reason))
    for step in script.steps:
        if step.wav is not None and (reason := why_unfit(step.wav, True)) is not None:
            faults.append(_unfit(script, step.line, "wav", reason))
        elif step.kind is StepKind.LIFTER and not clip_of(step).is_file():
            wrong = f"{script.voice!r} has no clip of {step.text!r}, so it cannot be performed in audio"
            remedy = "choose other words" if script.turns else "add `wav: FILE`"
            faults.append(Fault(script.file, step.line, "lifter", wrong, remedy, warning=True))
    return sorted(faults)


def _unfit(script: Script, line: int, key: str, reason: str) -> Fault:
    wrong, _, remedy = reason.rpartition(": ")
    return Fault(script.file, line, key, wrong, remedy)


def unknown_ids(script: Script, pack: Pack) -> list[Fault]:
    """A misspelt id is the file's fault, not the conversation's."""
    known = {line.id for line in pack.lines()}
    return [
        Fault(
            script.file,
            step.line,
            "says",
            f"no line {step.text!r}",
            did_you_mean(step.text, known, "use one of the pack's guidance"),
        )
        for step in script.steps
        if step.kind is StepKind.SAYS and step.text not in known
    ]


def _unknown_lines(script: Script, pack: Pack) -> Iterator[Fault]:
    """Nobody can speak over a line that is never said."""
    ids = ids_of(pack)
    spoken = (step for step in script.steps if step.kind in (StepKind.COACH, StepKind.COUNTS))
    said = {text for step in spoken for text in (step.text, *step.words)}
    for step in script.steps:
        # A line may be put together of several wordings: then it stands in the script as well.
        if step.over and step.over not in said and not ids(step.over):
            known = {name for line in pack.lines() for name in (line.id, *line.texts)}
            remedy = did_you_mean(step.over, known, "write the coach's words, or the id of its line")
            yield Fault(script.file, step.line, "while", f"no line {step.over!r}", remedy)


def _unknown_states(script: Script, pack: Pack) -> Iterator[Fault]:
    steps = [step.line.id.split(".", 1)[1] for step in pack.setup]
    known = {State.IDLE, *(target for _, _, target in states.table(steps))}
    for step in script.steps:
        if step.kind is StepKind.STATE and step.text not in known:
            remedy = did_you_mean(step.text, known, "`coach diagram` shows them all")
            yield Fault(script.file, step.line, "state", f"no state {step.text!r}", remedy)
