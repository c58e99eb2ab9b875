"""Writes a finding as a conversation file for `coach rehearse`: it fails until the defect is mended."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from coach.commands import Manner
from coach.rehearsal.scripts.script import StepKind
from coach.rehearsal.scripts.transcript import COACH, COUNT, LIFTER, Entry, script_text
from lab.proof.laws import SLACK_S
from lab.proof.search import Finding
from lab.proof.timeline import sounded
from lab.proof.walks import Kind

_SAID = {Kind.WORDS, Kind.NOISE, Kind.LATE}
"""What a lifter's line in a script can express; words that came late come in time in the script."""
_FAULTS = {
    Kind.MICROPHONE_LOST: "microphone lost",
    Kind.MICROPHONE_FOUND: "microphone back",
    Kind.SPEAKER_LOST: "speaker lost",
    Kind.SPEAKER_FOUND: "speaker back",
    Kind.HEARING_FAILED: "recogniser dies",
    Kind.STALL: "clock jumps",
}
"""Names of faults in scripts, if scripts know faults."""
_SCRIPTS_KNOW_FAULTS = "FAULT" in StepKind.__members__
_FAULT = "fault"


def script_of(finding: Finding) -> str:
    """Returns a script: the lines of lifter and coach up to the failing moment, then what should have happened."""
    broken, walk = finding.broken, finding.walk
    moment = broken.at
    happened = [one for one in finding.happened if one.at <= moment]
    entries = [Entry(one.at, LIFTER, one.text) for one in happened if one.what in _SAID]
    for line in finding.heard:
        if line.say.at < moment - SLACK_S and sounded(line):
            who = COUNT if line.say.manner is Manner.COUNT else COACH
            cut = None if line.cut is None else round(line.ends - line.begins, 3)
            entries.append(Entry(line.say.at, who, line.say.text, cut))
    unsaid = []
    for one in happened:
        if one.what in _FAULTS and _SCRIPTS_KNOW_FAULTS:
            entries.append(Entry(one.at, _FAULT, _FAULTS[one.what], one.seconds or None))
        elif one.what not in _SAID:
            unsaid.append(one)
    # At equal times the coach's lines come first.
    entries.sort(key=lambda entry: (entry.at, entry.who in (LIFTER, _FAULT)))
    head: dict[str, Any] = {
        "story": f"{broken.law.value[0].upper()}{broken.law.value[1:]}. At {moment:.3f}: {broken.saw}.",
        "plan": {"reps": walk.reps, "sets": walk.sets, "rest": walk.rest, "tempo": str(walk.plan.tempo)},
    }
    if walk.exercise.folder is not None:
        head["pack"] = str(walk.exercise.folder)
    if walk.open_speaker:
        head["open_speaker"] = True
    if walk.left is not None:
        left = walk.left
        unfinished: dict[str, object] = {
            "ago": left.age_s,
            "sets": [one.reps for one in left.sets],
            "pains": left.pain_count,
        }
        head["past"] = {"left": {**unfinished, "reps": left.reps} if left.reps else unfinished}
    if walk.wanted:
        head["past"] = {**head.get("past", {}), "wanted": walk.wanted}
    notes = "".join(f"# at {one.at:.3f}: {one.what.value} {one.text!r}: no script can say this\n" for one in unsaid)
    steps = "".join(f"  - {step if step.startswith('{') else '{' + step + '}'}\n" for step in broken.instead)
    # The seconds of a fault were given to `Entry` as `cut`, so `write` calls them `cut`.
    text = re.sub(r'(fault: "[a-z ]+"), cut: ', r"\1, seconds: ", script_text(entries, head))
    asks = "the law was broken" if steps else "the law was broken, which no step can ask for: tests/proof watches it"
    return f"{notes}{text}  # at {moment:.3f} {asks}\n{steps}"


def write_script(finding: Finding, folder: Path) -> Path:
    """Writes the script of a finding; the file's name has the law and the moment."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", finding.broken.law.name.lower())
    path = folder / f"{name}-{round(finding.broken.at * 1000)}.yaml"
    path.write_text(script_of(finding), encoding="utf-8")
    return path
