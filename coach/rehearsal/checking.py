"""Checks a script that can be read: names that its exercise does not have, lines that no voice can speak.

Law: a finding is an error if it fails every performance, or if it is about a file that the script names. Any other
thing that only a performance in audio lacks is a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from coach.content.model import Pack
from coach.content.reading import Finding, did_you_mean
from coach.dialogue import states
from coach.dialogue.states import State
from coach.rehearsal.performing.following import ids_of
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.settings import BUILT_IN_NOISES


def check_script(
    script: Script, pack: Pack, clip_of: Callable[[Step], Path], why_unusable: Callable[[Path, bool], str | None]
) -> list[Finding]:
    """Returns errors and warnings, in the order of the file.

    `clip_of`: path where the clip of a lifter's line should be. `why_unfit`: why a recording cannot be used, or None;
    its second argument is true for a lifter's line, which must be mono, and false for noise.
    """
    findings = [
        *script.warnings,
        *unknown_ids(script, pack),
        *_unknown_lines(script, pack),
        *_unknown_states(script, pack),
    ]
    noise = script.room.noise
    if noise is not None and noise not in BUILT_IN_NOISES and (reason := why_unusable(Path(noise), False)) is not None:
        findings.append(_bad_sound_file(script, 1, "room.noise", reason))
    for step in script.steps:
        if step.wav is not None and (reason := why_unusable(step.wav, True)) is not None:
            findings.append(_bad_sound_file(script, step.line, "wav", reason))
        elif step.kind is StepKind.LIFTER and not clip_of(step).is_file():
            wrong = f"{script.voice!r} has no clip of {step.text!r}, so it cannot be performed in audio"
            remedy = "choose other words" if script.turn_by_turn else "add `wav: FILE`"
            findings.append(Finding(script.file, step.line, "lifter", wrong, remedy, warning=True))
    return sorted(findings)


def _bad_sound_file(script: Script, line: int, key: str, reason: str) -> Finding:
    wrong, _, remedy = reason.rpartition(": ")
    return Finding(script.file, line, key, wrong, remedy)


def unknown_ids(script: Script, pack: Pack) -> list[Finding]:
    """Returns a finding for each id that the pack does not have: the file is wrong then, not the conversation."""
    known = {line.id for line in pack.lines()}
    unknown = [step for step in script.steps if step.kind is StepKind.SAYS and step.text not in known]
    remedy = "use one of the pack's guidance"
    return [_no_such("line", script, step, "says", step.text, known, remedy) for step in unknown]


def _unknown_lines(script: Script, pack: Pack) -> Iterator[Finding]:
    """Finds names in `while` that the coach never says: nobody can speak over such a line."""
    ids = ids_of(pack)
    spoken = (step for step in script.steps if step.kind in (StepKind.COACH, StepKind.COUNTS))
    said = {text for step in spoken for text in (step.text, *step.words)}
    for step in script.steps:
        # A spoken line may join several wordings of the pack: then a step of the script has its words.
        if step.spoken_over and step.spoken_over not in said and not ids(step.spoken_over):
            known = {name for line in pack.lines() for name in (line.id, *line.texts)}
            remedy = "write the coach's words, or the id of its line"
            yield _no_such("line", script, step, "while", step.spoken_over, known, remedy)


def _unknown_states(script: Script, pack: Pack) -> Iterator[Finding]:
    steps = [step.line.id.split(".", 1)[1] for step in pack.setup]
    known = {State.IDLE, *(target for _, _, target in states.all_moves(steps))}
    for step in script.steps:
        if step.kind is StepKind.STATE and step.text not in known:
            yield _no_such("state", script, step, "state", step.text, known, "`coach diagram` shows them all")


def _no_such(what: str, script: Script, step: Step, key: str, name: str, known: set[str], remedy: str) -> Finding:
    return Finding(script.file, step.line, key, f"no {what} {name!r}", did_you_mean(name, known, remedy))
