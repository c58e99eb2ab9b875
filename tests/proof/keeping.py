"""A finding as a conversation file that `coach rehearse` performs: it fails while the fault is there, and passes after."""

from __future__ import annotations

import re
from pathlib import Path

from coach.commands import Manner
from coach.rehearsal.transcript import COACH, COUNT, LIFTER, Entry, write
from tests.proof.laws import SLACK_S
from tests.proof.search import Finding
from tests.proof.walks import What

_SAID = {What.WORDS, What.NOISE, What.LATE}
"""What a script can say; words that came late come in time there."""


def script_of(finding: Finding) -> str:
    """The lifter's lines and the coach's up to the failing moment, and there what ought to have been."""
    broken, walk = finding.broken, finding.walk
    moment = broken.at
    entries = [Entry(one.at, LIFTER, one.text) for one in finding.happened if one.what in _SAID]
    for line in finding.heard:
        if line.say.at < moment - SLACK_S and line.sounded():
            who = COUNT if line.say.manner is Manner.COUNT else COACH
            cut = None if line.cut is None else round(line.ends - line.begins, 3)
            entries.append(Entry(line.say.at, who, line.say.text, cut))
    # What the coach says at the moment it is told something is said first.
    entries.sort(key=lambda entry: (entry.at, entry.who == LIFTER))
    head: dict[str, object] = {
        "story": f"{broken.law.value[0].upper()}{broken.law.value[1:]}. At {moment:.3f}: {broken.saw}.",
        "plan": {"reps": walk.reps, "sets": walk.sets, "rest": walk.rest, "tempo": str(walk.plan.tempo)},
    }
    if walk.open_speaker:
        head["open_speaker"] = True
    unsaid = [one for one in finding.happened if one.what not in _SAID]
    notes = "".join(f"# at {one.at:.3f}: {one.what.value} {one.text!r}: no script can say this\n" for one in unsaid)
    steps = "".join(f"  - {step if step.startswith('{') else '{' + step + '}'}\n" for step in broken.instead)
    return notes + write(entries, head) + f"  # at {moment:.3f} the law was broken\n" + steps


def keep(finding: Finding, folder: Path) -> Path:
    """Write it; the name tells the law and the moment."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", finding.broken.law.name.lower())
    path = folder / f"{name}-{round(finding.broken.at * 1000)}.yaml"
    path.write_text(script_of(finding), encoding="utf-8")
    return path
