"""The bundled exercise loads; all faults of a copy are reported at once: file, line, key, remedy."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from coach.commands import Manner
from coach.content.files import BUNDLED, COMMON, find_pack
from coach.content.loader import load_pack
from coach.dialogue.intents import INTENTS
from coach.ports import ScriptError
from coach.training.tempo import Order
from lab.rigs.folders import CALF_RAISE, LEG_CURL

PACK = load_pack(INTENTS)


class Copy:
    """The bundled files in a folder of their own, so that a test can change them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.common = folder / "common"
        shutil.copytree(BUNDLED, folder)
        shutil.copytree(COMMON, self.common)

    def spoil(self, file: str, old: str, new: str) -> int:
        """Replace a text that stands once in a file; return its line number."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        (self.folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def faults(self) -> list[str]:
        """The faults that loading reports, without folder names."""
        with pytest.raises(ScriptError) as error:
            load_pack(INTENTS, self.folder, self.common)
        return str(error.value).replace(f"{self.folder}/", "").splitlines()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "leg_press")


def test_the_bundled_exercise() -> None:
    assert (PACK.defaults.reps, PACK.defaults.sets, PACK.defaults.rest) == (10, 3, 90)
    assert PACK.defaults.tempo == "4-1-2-0"
    steps = ["load", "stops", "back", "feet_high", "stance", "knees", "whole_foot", "unrack", "brace"]
    assert [step.id for step in PACK.setup] == [f"setup.{step}" for step in steps]


def test_line_ids_are_unique() -> None:
    counted = Counter(line.id for line in PACK.lines())
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_phase_and_topic_has_a_cue() -> None:
    assert {cue.phase for cue in PACK.cues} == {"lowering", "bottom", "pressing", "top"}
    topics = {correction.topic for correction in PACK.corrections.values()}
    assert topics <= {cue.topic for cue in PACK.cues}


def test_cues_run_from_the_longest_wording_to_the_shortest() -> None:
    for cue in PACK.cues:
        lengths = [len(text) for text in cue.texts]
        assert lengths == sorted(lengths, reverse=True), cue.id


def test_manners() -> None:
    assert PACK.prompts["count.rep"].manner is Manner.COUNT
    assert PACK.prompts["set.last"].manner is Manner.CUE
    assert {cue.line.manner for cue in PACK.cues} == {Manner.CUE}
    assert PACK.prompts["stop.now"].manner is Manner.SENTENCE


# --- possible faults


@dataclass(frozen=True)
class Slip:
    """One fault put into a file, and the reports of it, without "file:line: "."""

    file: str
    old: str
    """The text to replace; it stands once in the file."""
    new: str
    told: tuple[str, ...]
    below: int | None
    """Lines from the replaced text to the line that is named; None: anywhere."""

    @classmethod
    def parse(cls, paragraph: str) -> Slip:
        """A slip from text: a file name, lines removed (-) and added (+), the reported line (@), and the reports."""
        file, *lines = re.sub(r"\n {4}", " ", paragraph).split("\n")
        marked = {mark: [line[2:] for line in lines if line.startswith(f"{mark} ")] for mark in "-+@"}
        where = (marked["@"] or ["0"])[0].split()[0]
        told = tuple(line for line in lines if line[:2] not in ("- ", "+ ", "@ "))
        below = None if where == "anywhere" else int(where)
        return cls(file, "\n".join(marked["-"]), "\n".join(marked["+"]), told, below)


SLIPS = r"""
guidance.yaml
- phase: bottom, topic: breath
+ fase: bottom, topic: breath
cues[7]: 'phase' is missing: add it
cues[7].fase: unknown key 'fase': did you mean 'phase'?

guidance.yaml
-     why: Toes alone hand the work to your quads.
+     why: One.
+     why: Two.
@ 1 below
corrections.Toes.why: 'why' stands here twice: keep one (first in line {before})

common/guidance.yaml
- say: Still with you.,
+ say: no,
prompts.end.cancelled.say: 'no' is read as true or false by YAML: put it in quotes

common/guidance.yaml
- {say: Standing by., operational: true}
+ {say: Standing by., operational: yes}
prompts.stop.quiet.operational: 'yes' is neither true nor false: write one of them, without quotes

guidance.yaml
- rest: 90,
+ rest: 1:30,
pack.defaults.rest: '1:30' is read as 90 by YAML: write plain digits, without zeros or colons in front

guidance.yaml
- tempo: 4-1-2-0
+ tempo: 1-1-2-0
pack.defaults.tempo: lowering of 1 s: give 2 to 8

guidance.yaml
- reps: 10,
+ reps: 010,
pack.defaults.reps: '010' is read as 8 by YAML: write plain digits, without zeros or colons in front

guidance.yaml
- sets: 3,
+ sets: 11,
pack.defaults.sets: 11 is out of bounds: give 1 to 10

guidance.yaml
- sets: 3,
+ sets: three,
pack.defaults.sets: 'three' is not a whole number: give 1 to 10, without quotes

guidance.yaml
-   set.finished: {say: "{reps}.", operational: true}
@ anywhere
prompts: 'set.finished' is missing: add it

common/guidance.yaml
- {say: One step up., operational: true}
+ {say: One step up.}
prompts.louder: cites no claim: cite what it teaches, or mark it `operational: true`

common/guidance.yaml
- {say: One step up., operational: true}
+ {say: One step up., claims: [E2], operational: true}
prompts.louder: cites claims and is operational: cite what it teaches, or mark it `operational: true`

guidance.yaml
- claims: [B1, B6, F5]
+ claims: [B1, biomechanics]
answers.WhatWorks.claims[1]: 'biomechanics' is not a claim id: write a letter and a number, like F1

guidance.yaml
- claims: [B1, B6, F5]
+ claims: []
answers.WhatWorks.claims: 0 entries: write at least one

common/guidance.yaml
- Set number {set} of {sets}.
+ Set {set} of {reps}.
prompts.status.set.say: slot 'reps' is not offered here: use set, sets

common/guidance.yaml
- say: Half your rest is gone.
+ say: "Half of {seconds} is gone."
prompts.rest.half.say: slot 'seconds' is not offered here: write it without slots

guidance.yaml
- say: Resist,
+ say: Resist gravity entirely,
cues[4].say: 'Resist gravity entirely' has about 9 syllables: say it in 4: the gap is half a second

guidance.yaml
-       - Move your feet up the platform.
+       - Move your feet up 2 inches.
setup[3].say[1]: 'Move your feet up 2 inches.' is not a sentence for the ear: capital first, full stop or
    question mark last, numbers in words; quote a text with commas inside [ ]

guidance.yaml
-     now: Push up, soft knees.
+     now: Push up, knees soft, and keep them soft always.
corrections.LockedKnees.now: 'Push up, knees soft, and keep them soft always.' has 9 words: say it in 7

guidance.yaml
- id: cue.stay_flat
+ id: cue.back_flat
cues[10].id: 'cue.back_flat' stands here twice: give each its own id

guidance.yaml
-   HeldBreath:
-     now: Push up, breathe
+   HeltBreath:
+     now: Push up, breathe
corrections.HeltBreath: 'HeltBreath' is no report of commands.yaml: did you mean 'HeldBreath'?

guidance.yaml
- setup:
-   - id: setup.load
+ setup: none
+ x:
+   - id: setup.load
setup: 'none' stands where a list must: write a list

common/commands.yaml
-   "Yes":
+   Yes:
intents.Yes: 'Yes' is read as true or false by YAML: put it in quotes

commands.yaml
- "what mistakes"
+ "what 2 mistakes"
intents.WhatMistakes.data[0].sentences[0]: 'what 2 mistakes' is not a template: lower case words and
    [optional] (a|b) {list} <rule>; numbers in words

commands.yaml
- "what mistakes"
+ "what (mistakes"
intents.WhatMistakes.data[0].sentences[0]: brackets do not match in 'what (mistakes': close each one that is
    opened

common/commands.yaml
- "[(do|make it|i want)] {sets} sets"
+ "[(do|make it|i want)] {set} sets"
intents.SetSets.data[0].sentences[0]: 'set' is not in lists: did you mean 'sets'?
intents.SetSets.data[0].sentences[0]: slot 'set' is unknown to SetSets: name one it has, as {list:slot}

common/commands.yaml
- "(tempo [of]|(set|change) the tempo to) <beats>"
+ "(tempo [of]|(set|change) the tempo to) <digits>"
intents.SetTempo.data[0].sentences[0]: 'digits' is not in expansion_rules: add it to expansion_rules

common/commands.yaml
- lists:
+ lists:
+   plates:
+     range: {from: 1, to: 9}
@ 1 below
lists.plates: 'plates' is used by no template: use it or take it out

common/commands.yaml
- reps:
-     range: {from: 1, to: 30}
+ reps:
+     range: {from: 30, to: 1}
@ 1 below
lists.reps.range: ends before it begins: put the smaller number in `from`

common/commands.yaml
- language: en
+ language: de
language: 'de' is not one of en: choose one of them
"""


@pytest.mark.parametrize(
    "slip", [Slip.parse(paragraph) for paragraph in SLIPS.strip().split("\n\n")], ids=lambda slip: slip.told[0][:50]
)
def test_one_thing_is_wrong(copy: Copy, slip: Slip) -> None:
    at = copy.spoil(slip.file, slip.old, slip.new) + (slip.below or 0)
    told = copy.faults()
    here = [fault for fault in told if slip.below is None or fault.startswith(f"{slip.file}:{at}: ")]
    assert tuple(fault.split(": ", 1)[1] for fault in here) == tuple(
        fault.replace("{before}", str(at - 1)) for fault in slip.told
    )
    # A misspelt name is also reported where the right spelling is now missing or unused; nothing more follows.
    elsewhere = [fault for fault in told if fault not in here]
    assert len(elsewhere) <= 1
    assert all(re.search("is missing|unknown key|used by no template", fault) for fault in elsewhere)


def test_every_fault_of_both_files_is_told_at_once(copy: Copy) -> None:
    here = copy.spoil("guidance.yaml", "    topic: depth\n", "    topic: dept\n")
    there = copy.spoil("commands.yaml", '"what mistakes"', '"What mistakes"')
    also = copy.spoil(
        "common/guidance.yaml", "  limit: {say: That is the limit., operational: true}", "  limit: {say: }"
    )
    told = copy.faults()
    assert [fault.split(": ")[0] for fault in told] == [
        f"commands.yaml:{there}",
        f"common/guidance.yaml:{also}",
        f"common/guidance.yaml:{also}",
        f"guidance.yaml:{here}",
    ]
    assert told[-1].endswith("corrections.NotDeep.topic: 'dept' is none of the pack's topics: did you mean 'depth'?")
    assert told[-2].endswith("prompts.limit.say: '' is read as nothing by YAML: write some text")


def test_broken_yaml_names_the_line(copy: Copy) -> None:
    line = copy.spoil("guidance.yaml", "id: leg_press\n", "id: [leg_press\n")
    (fault,) = copy.faults()
    assert fault.startswith(f"guidance.yaml:{line + 1}: the file: is not YAML: ")
    assert fault.endswith(": look at this line and the one before it")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "commands.yaml:1: the file: cannot be read (No such file or directory): check the name"),
        (b"", "commands.yaml:1: the file: is empty: write it"),
        (b"- a\n", "commands.yaml:1: the file: a list stands where a mapping must: write a mapping"),
        (b"language: caf\xe9\n", "commands.yaml:1: the file: is not UTF-8 at byte 13: save it as UTF-8"),
    ],
)
def test_a_file_that_is_none(copy: Copy, content: bytes | None, expected: str) -> None:
    if content is None:
        (copy.folder / "commands.yaml").unlink()
    else:
        (copy.folder / "commands.yaml").write_bytes(content)
    assert copy.faults() == [expected]


def test_yaml_makes_no_objects(copy: Copy) -> None:
    copy.spoil("guidance.yaml", "id: leg_press\n", "id: !!python/object/apply:os.getcwd []\n")
    (fault,) = copy.faults()
    assert "pack.id: a list stands where a single value must" in fault


def test_a_folder_is_a_pack_and_so_is_the_name_of_one_that_comes_with_the_coach(tmp_path: Path) -> None:
    assert find_pack("leg_press") == find_pack("leg_press", tmp_path) == BUNDLED
    assert find_pack("calf_raise", CALF_RAISE.parent) == find_pack(str(CALF_RAISE)) == CALF_RAISE
    for name in ("nowhere", "common", str(tmp_path)):
        with pytest.raises(ScriptError, match=r"no pack '.*': name a folder with guidance.yaml .*, or leg_press$"):
            find_pack(name)


def test_which_movement_comes_first_is_the_packs() -> None:
    assert load_pack(INTENTS, CALF_RAISE).order is load_pack(INTENTS).order is Order.ECCENTRIC_FIRST
    assert load_pack(INTENTS, LEG_CURL).order is Order.CONCENTRIC_FIRST


def test_what_a_pack_says_itself_replaces_what_it_inherits() -> None:
    own, bundled = load_pack(INTENTS, CALF_RAISE).prompts, load_pack(INTENTS).prompts
    assert own["count.push"].say == ("rise",)
    assert own["count.lower"] == bundled["count.lower"]
    assert list(own)[:3] == list(bundled)[:3]
