"""An exercise is a folder: it is found, performed, and checked; every fault is reported where it stands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from coach.content.files import BUNDLED
from coach.content.model import Pack
from coach.content.pack_check import CheckContext, check_pack
from coach.dialogue import policy
from coach.dialogue.intents import INTENTS
from coach.dialogue.states import State
from lab.rigs.folders import CALF_RAISE, LEG_CURL


def test_a_pull_that_is_written_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "leg_curl"
    shutil.copytree(LEG_CURL, folder)
    guidance = folder / "guidance.yaml"
    around = CheckContext(
        INTENTS, lambda pack: {state: policy.ever_live(pack, state, question_waits=True) for state in State}
    )
    right = guidance.read_text(encoding="utf-8")
    guidance.write_text(right.replace("begins_with: concentric", "begins_with: the pull"), encoding="utf-8")
    wrong = "'the pull' is not one of eccentric, concentric: write concentric for a pull, whose weight comes down last"
    assert list(map(str, check_pack(folder, around))) == [f"{guidance}:7: pack.begins_with: {wrong}"]
    never = "  set.push_on_number: {say: Now., operational: true}\n"
    guidance.write_text(right.replace("  count.push:", f"{never}  count.push:"), encoding="utf-8")
    (fault,) = map(str, check_pack(folder, around))
    assert "prompts.set.push_on_number: it can never be said: a pull ends with the lowering" in fault


# --- faults of a pack


FAULTS = r"""
guidance.yaml
- claims: [C1, C2, C3, C4, C5, C6]
+ claims: [C1, C2, C3, C4, C5, C6, C7, C1]
pack.claims[6]: claim 'C7' is never spoken: cite it where it is taught
pack.claims[7]: claim 'C1' stands here twice: keep one

guidance.yaml
- id: calf_raise
+ id: calf raise
pack.id: 'calf raise' is not a name: lower case letters, like leg_press

guidance.yaml
- topics: [breath, heels, calves]
+ topics: [breath, heels, calves, posture]
pack.topics[3]: no cue is about 'posture': write one, or take it out

guidance.yaml
-     say: Keep one hand on the rail.
-     why: What your hand balances, your calves need not.
+     say: Keep one hand on the rail.
+     names_commands: true
@ -1
setup[1]: 'why' is missing: add it
@ 1
setup[1].names_commands: it names no command: take the mark out

guidance.yaml
- say: Breathe in, claims: [C6]
+ say: Breathe in, short: Breathe in, claims: [C9]
cues[0].claims[0]: claim 'C9' is not in pack.claims: cite one that is, or add it there
cues[0].short: 'Breathe in' can never be said: it takes as long as 'Breathe in': make it shorter, or take it out

guidance.yaml
- topic: heels, say: Heels sink
+ topic: heals, say: Heels sink
cues[2].topic: 'heals' is none of the pack's topics: did you mean 'heels'?

guidance.yaml
- topic: calves, say: Squeeze
+ topic: heels, say: Squeeze it hard
cues[4].say: 'Squeeze it hard' fits no gap of top at 3-1-1-1: give it a shorter wording

guidance.yaml
-     now: Finish this rise.
+     now: Hold on. Rise.
corrections.NotLow.now[0]: 'Hold on. Rise.' has the command 'hold on' of Pause in it: say it otherwise

guidance.yaml
- As low as your heels sink with ease.
+ As low as your heels sink in pain.
answers.HowLow.say[0]: 'As low as your heels sink in pain.' has the lifter's safety phrase 'in pain' in it:
    say it otherwise: the coach could silence itself

guidance.yaml
- set.dropped: {say: Nothing counted., operational: true}
+ set.dropped: {say: Nothing counted. Start set., operational: true}
prompts.set.dropped.say[0]: 'Nothing counted. Start set.' has the command 'start set' of StartSet in it: say it
    otherwise; or, where the lifter is to choose, add `names_commands: true`

guidance.yaml
-   pause.now: {say: Keep your heels level., operational: true}
+   pause.now: {say: Keep your heels level., operational: true}
+   help.ready: {say: Shall we, operational: true}
@ 1
prompts.help.ready.say: 'Shall we' is not a sentence for the ear: capital first, full stop or question
    mark last, numbers in words; quote a text with commas inside [ ]

guidance.yaml
- set.push_on_number: {say: Rise
+ set.push_on_numbers: {say: Rise
prompts.set.push_on_numbers: unknown key 'set.push_on_numbers': did you mean 'set.push_on_number'?

commands.yaml
- "how low [do i go]"
+ "how low [do i go]"
+           - "next one"
+           - "(skip|leave) it"
+           - "{reps} reps"
+           - "how far down in pain"
+           - "[so low]"
+           - "how <far>"
+           - "why () low"
+           - "how {zeta}"
+           - "how low_er"
+           - "(kind|cold)er"
+           - "okay next"
@ 1
intents.HowLow.data[0].sentences[1]: every phrase of it is one of Next too (common/commands.yaml:{Next}): keep it in
    one of them
@ 2
intents.HowLow.data[0].sentences[2]: 'skip it' is a phrase of Skip too (common/commands.yaml:{Skip}): keep it in one of
    them
@ 3
intents.HowLow.data[0].sentences[3]: slot 'reps' is unknown to HowLow: name one it has, as {list:slot}
@ 4
intents.HowLow.data[0].sentences[4]: 'how far down in pain' has the safety phrase 'in pain' of Pain in it: put it in
    other words
@ 5
intents.HowLow.data[0].sentences[5]: it can be said with no word at all: leave one word outside the brackets
@ 7
intents.HowLow.data[0].sentences[7]: nothing stands in 'why () low': write words, or take the brackets out
@ 8
intents.HowLow.data[0].sentences[8]: 'zeta' is not in lists: add it to lists
intents.HowLow.data[0].sentences[8]: slot 'zeta' is unknown to HowLow: name one it has, as {list:slot}
@ 9
intents.HowLow.data[0].sentences[9]: 'how low_er' names no list or rule: write {list}, {list:slot} or <rule>
@ 10
intents.HowLow.data[0].sentences[10]: warning: 'colder' is not in the Vosk model: it is not heard there: say it with
    other words too, or take another model
@ 11
intents.HowLow.data[0].sentences[11]: 'okay next' is 'next' of Next with the filler 'okay': put it in other words

commands.yaml
- "my heels stayed high"
+ "my heels stayed high"
+           - "my heels stayed up"
@ 0
intents.NotLow.data[0].sentences[0]: warning: 'stayed' is not in the Vosk model: it is not heard there: say it with
    other words too, or take another model

commands.yaml
- intents:
+ expansion_rules:
+   far: "far [<far>]"
+ pronunciations: {gastrocnemius: G AE S T R AA K N IY M IY AH S, soleus: S OW L IY AH S}
+ intents:
@ 1
expansion_rules.far: 'far' is made of itself: write it out
@ 2
pronunciations: warning: no recogniser uses them: take them out

commands.yaml
-   WhatWorks:
+   WhatWorks:
intents.WhatWorks: 'WhatWorks' is live in no state: take it out
"""


def live(pack: Pack) -> dict[str, frozenset[str]]:
    """The live intents of a coach that never asks one of the questions."""
    return {state: policy.ever_live(pack, state, question_waits=True) - {"WhatWorks"} for state in State}


def spoil(folder: Path) -> list[str]:
    """Put every fault into the files at once; return the expected reports, as "file:line: key: ..." """
    slips = re.sub(r"\n {4}(?! )", " ", FAULTS).strip().split("\n\n")
    changes: list[tuple[str, str, list[str]]] = []
    for slip in slips:
        name, *lines = slip.split("\n")
        old, new = ("\n".join(line[2:] for line in lines if line.startswith(f"{mark} ")) for mark in "-+")
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
        changes.append((name, new, [line for line in lines if not line.startswith(("- ", "+ "))]))
    told = []
    for name, new, lines in changes:
        text = (folder / name).read_text(encoding="utf-8")
        first = text[: text.index(new)].count("\n") + 1
        below = 0
        for line in lines:
            if line.startswith("@ "):
                below = int(line[2:])
            else:
                told.append(f"{name}:{first + below}: {line}")
    return told


def line_of(template: str) -> int:
    """The template's line in the commands file that every pack inherits."""
    common = (BUNDLED.parent / "common" / "commands.yaml").read_text(encoding="utf-8")
    return common[: common.index(template)].count("\n") + 1


def test_every_kind_of_fault_is_found_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "calf_raise"
    shutil.copytree(CALF_RAISE, folder)
    places = {"{Next}": line_of('"next [one|step]"'), "{Skip}": line_of('"skip (it|that|this)"')}
    expected = spoil(folder)
    for place, line in places.items():
        expected = [told.replace(place, str(line)) for told in expected]
    around = CheckContext(INTENTS, live, lambda word: word not in ("stayed", "colder"))
    told = [str(fault).replace(f"{folder}/", "") for fault in check_pack(folder, around)]
    assert sorted(told) == sorted(expected)


def test_groups_that_do_not_exist_do_not_end_the_check(tmp_path: Path) -> None:
    pack = tmp_path / "mine"
    shutil.copytree(CALF_RAISE, pack)
    file = pack / "commands.yaml"
    commands = file.read_text("utf-8")
    for group in ("nonsense", "true", "[report]"):
        commands = re.sub(r"group: (question|report)\}", f"group: {group}}}", commands, count=1)
    file.write_text(commands, "utf-8")

    def live_everywhere(pack: Pack) -> dict[str, frozenset[str]]:
        return {state: frozenset(pack.groups) for state in State}

    findings = [str(finding) for finding in check_pack(pack, CheckContext(INTENTS, live_everywhere))]
    assert sum("metadata.group" in finding for finding in findings) == 3, findings
