"""The readers of people's files, each with the files it gets and the errors it may raise for a broken one.

Law: a reader returns its value, or raises a `WorldError` whose lines say something. Anything else is a finding.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import soundfile
import yaml

from coach.adapters.files.sound import LONGEST_S, read_speech
from coach.adapters.journal.file import FileHistory, FileJournal, all_files, old_journal_file
from coach.content import nodes
from coach.content.hassil_files import read_grammar
from coach.content.plan_reading import check_plan, is_plan, plan_over, read_plan
from coach.content.plan_writing import written_out
from coach.dialogue.preferences import plan_values, preferred_plan
from coach.events import Event
from coach.formats import FORMATS
from coach.formats.conversion import export
from coach.ports import HistoryError, ScriptError, StoredSession, WorldError
from coach.records import PreferenceChanged, SetEnded, StopSaid
from coach.rehearsal.scripts.botium import read_convo
from coach.rehearsal.scripts.comments import comments_of
from coach.rehearsal.scripts.script import read_script
from coach.training import plan_text
from coach.training.log import workouts
from coach.training.sheet import seconds_in_all
from coach.training.structure import all_sets
from coach.wiring.configured import applied, settings
from coach.wiring.importing import read
from coach.wiring.inspection import check
from coach.wiring.settings_table import BY_NAME
from lab.fuzz import page_requests
from lab.fuzz.changes import changed, mistyped, restructured
from lab.rigs.sessions import MemoryArchive, any_sessions, random_training
from lab.rigs.talk import PACK, USUAL

TESTS = Path(__file__).parents[2] / "tests"
RATE = 16_000
CONVO = """\
A talk

#me
Start set!

#bot
Set one, ten reps

#me
92.5 kg, rest 90s

#bot
?Noted
#bot
!stop
PAUSE 500
"""
HASSIL = """\
language: en
skip_words: [please, "for me"]
intents:
  TurnOn:
    data:
      - sentences: ["(turn|switch) on [the] {name}", "<polite> {name} on"]
        slots: {kind: light}
        requires_context: {domain: light}
      - {sentences: ["(up;{n}) now"], lists: {n: {values: [a, b]}}, expansion_rules: {x: y}, metadata: {a: [1, 2.5]}}
  Set: {data: [{sentences: ["set to {n} [percent]", "in {1..5:m} minutes"]}]}
expansion_rules: {polite: "[can you|please]"}
lists:
  name: {values: [{in: "lamp[s]", out: 1, context: {domain: light}}, fan]}
  n: {range: {from: -2, to: 20, step: 1, fractions: halves, multiplier: 0.5}}
"""
JOURNAL = b"""\
{"session": "2026-01-01T10:00:00+01:00", "at": 12.5, "kind": "rep", "set": 1, "rep": 3}
{"session": "2026-01-01T10:00:00+01:00", "at": 60.0, "kind": "set", "set": 1, "reps": 8, "load": 90.0, "unit": "kg"}
{"session": "2026-01-01T10:00:00+01:00", "at": 70.0, "kind": "stop", "set": 2, "rep": 0}
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of files."""

    make: Callable[[Random], bytes]
    """Makes a file, more or less broken."""
    read: Callable[[Path, Random], None]
    """Reads the file. Raises any exception of the reader; AssertionError when the reader returned what it must not."""
    name: str = "file"
    """Name of the file."""
    slow: int = 1
    """How many times longer this reader takes than the quickest one."""


def accepts(reader: Reader, folder: Path, content: bytes, chance: Random) -> bool:
    """Read a file; return whether it was accepted. Raises AssertionError or another exception for a finding."""
    path = folder / reader.name
    path.write_bytes(content)
    try:
        reader.read(path, chance)
    except WorldError as error:
        lines = str(error).splitlines()
        assert lines, "it says nothing"
        assert all(line.strip() for line in lines), f"it says nothing in {lines}"
        assert len(lines) < 2000, "nobody reads so much"
        return False
    return True


# --- sound


@cache
def _sounds() -> Sequence[bytes]:
    """Small files in every format that libsndfile writes."""
    chance = np.random.default_rng(1)
    sound = (chance.standard_normal((1200, 1)) * 3000).astype(np.int16)
    kinds = [
        ("WAV", "PCM_16"),
        ("WAV", "FLOAT"),
        ("WAV", "GSM610"),
        ("WAV", "MS_ADPCM"),
        ("WAV", "ULAW"),
        ("FLAC", "PCM_16"),
    ]
    kinds += [
        ("AIFF", "PCM_24"),
        ("AU", "DOUBLE"),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("CAF", "ALAC_16"),
        ("W64", "PCM_16"),
    ]
    kinds += [("MP3", "MPEG_LAYER_III"), ("VOC", "PCM_16"), ("NIST", "PCM_16"), ("RF64", "PCM_32"), ("SVX", "PCM_16")]
    files = []
    for kind, subtype in kinds:
        for channels in (1, 2):
            file = io.BytesIO()
            try:
                soundfile.write(file, np.repeat(sound, channels, axis=1), RATE, format=kind, subtype=subtype)
            except (soundfile.LibsndfileError, ValueError):
                # Some pairs are impossible, or not in every build.
                continue
            files.append(file.getvalue())
    return files


def _make_sound(chance: Random) -> bytes:
    return changed(chance.choice(_sounds()), _sounds(), chance)


def _read_sound(path: Path, chance: Random) -> None:
    heard = read_speech(path, RATE, strict=chance.random() < 0.5)
    assert heard.dtype == np.int16
    assert heard.ndim == 1
    assert 0 < len(heard) <= LONGEST_S * RATE + RATE


# --- text


@cache
def _scripts() -> Sequence[str]:
    files = sorted((TESTS / "conversations").rglob("*.yaml"), key=lambda file: file.stat().st_size)[:30]
    return [file.read_text("utf-8") for file in files]


def _loader(chance: Random) -> object:
    return chance.choice((nodes.LOADER, yaml.SafeLoader))


def _make_yaml(texts: Sequence[str], chance: Random) -> bytes:
    text = chance.choice(texts)
    match chance.randrange(4):
        case 0:
            return changed(text.encode(), [one.encode() for one in texts], chance)
        case 1 | 2:
            return restructured(yaml.load(text, nodes.LOADER), chance).encode("utf-8", "surrogatepass")
    return mistyped(text, chance).encode("utf-8", "surrogatepass")


def _read_script(path: Path, _: Random) -> None:
    script = read_script(path, USUAL)
    script.story.encode()
    comments_of(path.read_bytes().decode(), script)


@cache
def _plans() -> Sequence[str]:
    return [file.read_text("utf-8") for file in sorted((TESTS / "plans").glob("*.yaml"))]


def _read_plan(path: Path, _: Random) -> None:
    """A plan that was accepted can be trained, kept and shown."""
    is_plan(path)
    assert all(fault.wrong and fault.remedy and fault.line >= 1 for fault in check_plan(path))
    plan = read_plan(path).over(USUAL)
    begun = replace(USUAL, reps=plan.reps, sets=plan.sets, rest=plan.rest, tempo=plan.tempo)
    assert plan_text.read(begun, plan_text.write(plan)) == plan
    kept = {f"{PACK.id}.{plan.name}.{name}": text for name, text in plan_values(plan).items()}
    assert plan_values(preferred_plan(plan, PACK.id, kept)) == plan_values(plan)
    sets = all_sets(plan)
    assert all_sets(plan_over(USUAL, written_out(plan))) == sets
    assert seconds_in_all(sets) > 0
    assert all(one.reps >= 1 and one.rest >= 0 for one in sets)


def _make_convo(chance: Random) -> bytes:
    if chance.random() < 0.3:
        return changed(CONVO.encode(), [CONVO.encode()], chance)
    return mistyped(CONVO, chance).encode()


def _read_convo(path: Path, _: Random) -> None:
    for step in read_convo(path, USUAL).steps:
        assert step.text == " ".join(step.text.split())


def _read_hassil(path: Path, chance: Random) -> None:
    grammar = read_grammar(path, _loader(chance)).grammar
    grammar.vocabulary(grammar.intents)
    for text in ("turn on the lamp", "please set to five point five percent", "up a now", "x"):
        grammar.understand(text, grammar.intents)


@cache
def _pack() -> Mapping[str, str]:
    folder = TESTS / "packs" / "calf_raise"
    return {name: (folder / name).read_text("utf-8") for name in ("guidance.yaml", "commands.yaml")}


def _make_pack(chance: Random) -> bytes:
    return _make_yaml([_pack()[chance.choice(("guidance.yaml", "commands.yaml"))]], chance)


def _read_pack(path: Path, _: Random) -> None:
    """The content decides which of the pack's files it replaces; the pack's other file is whole."""
    content = path.read_bytes()
    broken = "commands.yaml" if b"intents" in content else "guidance.yaml"
    for name, text in _pack().items():
        (path.parent / name).write_bytes(content if name == broken else text.encode())
    faults = check(path.parent, None, lambda _: None)
    assert all(fault.wrong and fault.remedy and fault.line >= 1 for fault in faults)
    if faults:
        raise ScriptError("\n".join(map(str, faults)))


# --- the journal


def _read_lines(path: Path, _: Random) -> None:
    """Read the JSON lines of the first version, which a new journal takes over."""
    file = path.with_name("journal.sqlite3")
    for one in all_files(file):
        if one != path:
            one.unlink(missing_ok=True)
    assert path == old_journal_file(file)
    _read_history(file)


@cache
def _databases() -> Sequence[bytes]:
    """A small database, and one of many pages."""
    files = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (9, 900):
            path = Path(folder) / str(count)
            records = [
                SetEnded(at, 1, at, 90.0, "kg") if at % 9 else PreferenceChanged(at, "volume", "-3")
                for at in range(count)
            ]
            FileHistory(path).add([StoredSession("2026-01-01T10:00:00+01:00", 0.0, tuple(records))])
            files.append(path.read_bytes())
    return files


def _read_database(path: Path, _: Random) -> None:
    """A database that cannot be read is not written to."""
    for one in all_files(path):
        if one != path:
            one.unlink(missing_ok=True)
    before = path.read_bytes()
    failed: list[Event] = []
    try:
        _read_history(path)
    except HistoryError:
        with closing(FileJournal(path, datetime(2026, 1, 2, tzinfo=UTC), failed.append)) as journal:
            journal.write(StopSaid(1.0, 1, 1))
        assert failed
        assert path.read_bytes() == before
        raise


def _read_history(path: Path) -> None:
    history = FileHistory(path)
    for workout in workouts(history.sessions()):
        assert workout.last_record_at >= workout.began
    assert history.count_workouts() >= 0
    assert all(isinstance(one, str) for pair in history.preferences().items() for one in pair)


# --- files of sets


def _make_sets(chance: Random) -> bytes:
    name = chance.choice(FORMATS)
    text = export(name, random_training(chance) or any_sessions(chance))
    if chance.random() < 0.5:
        return changed(text.encode(), [text.encode()], chance)
    return mistyped(text, chance).encode("utf-8", "surrogatepass")


def _read_sets(path: Path, _: Random) -> None:
    """Sets that were accepted can be written, and read again."""
    name, found = read(path, None, "kg")
    text = export(name, MemoryArchive(found.sessions).sessions())
    path.write_text(text, "utf-8")
    assert export(name, MemoryArchive(read(path, name, "kg")[1].sessions).sessions()) == text


# --- settings

SETTINGS_FILE = """\
# A gym corner
profile = "speaker"
exercise = 'leg_press'
page.on = true

[devices]
microphone = "USB"
loudspeaker = "3"

[voice]
ceiling_db = -6.5
small_sounds = false

[corner]
lifters = [
  "anna",
  "ben",
]

[broker]
host = "broker.lan"
port = 8883
tls = true
"""


def _make_settings(chance: Random) -> bytes:
    if chance.random() < 0.5:
        return changed(SETTINGS_FILE.encode(), [SETTINGS_FILE.encode()], chance)
    return mistyped(SETTINGS_FILE, chance).encode("utf-8", "surrogatepass")


def _read_settings(path: Path, _: Random) -> None:
    """Every setting of an accepted file has a value and a source."""
    found = applied({}, path, {})
    assert [one.setting.name for one in found] == list(BY_NAME)
    assert all(one.source for one in found)
    assert settings({}, path, {}).output.ceiling <= 0


READERS: Mapping[str, Reader] = {
    "sound": Reader(_make_sound, _read_sound),
    "script": Reader(lambda chance: _make_yaml(_scripts(), chance), _read_script, "talk.yaml", 4),
    "plan": Reader(lambda chance: _make_yaml(_plans(), chance), _read_plan, "monday.yaml", 2),
    "convo": Reader(_make_convo, _read_convo, "talk.convo.txt"),
    "hassil": Reader(lambda chance: _make_yaml([HASSIL], chance), _read_hassil, "commands.yml", 6),
    "pack": Reader(_make_pack, _read_pack, "broken", 120),
    "journal": Reader(lambda chance: changed(JOURNAL, [JOURNAL], chance), _read_lines, "journal.jsonl", 20),
    "database": Reader(
        lambda chance: changed(chance.choice(_databases()), _databases(), chance), _read_database, "journal.sqlite3", 10
    ),
    "sets": Reader(_make_sets, _read_sets, "sets.csv", 4),
    "settings": Reader(_make_settings, _read_settings, "settings.toml"),
    "page": Reader(page_requests.make_requests, page_requests.send_requests, "request", 8),
}
