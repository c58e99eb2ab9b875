"""Performs scripts: finds their clips and their room, and writes the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from coach.adapters.drawing.png import png
from coach.adapters.files.output import write_file
from coach.adapters.files.sound import read_speech
from coach.audio.noises import Sound, babble, looped, music, pink, white
from coach.audio.room import SimulatedRoom, as_spoken
from coach.content.files import BUNDLED
from coach.content.reading import Finding
from coach.ports import Pcm, ScriptError, SoundError
from coach.rehearsal.checking import check_script
from coach.rehearsal.performance import Performance, perform_audio, perform_text
from coach.rehearsal.performing.worlds import BLOCK_S
from coach.rehearsal.picture.drawing import draw
from coach.rehearsal.scripts.comments import comments_of
from coach.rehearsal.scripts.files import read_conversation
from coach.rehearsal.scripts.script import VOICES as SPEAKERS
from coach.rehearsal.scripts.script import Script, Step, StepKind
from coach.rehearsal.scripts.transcript import script_text
from coach.rehearsal.updating import Changes, update
from coach.settings import AUTO, BUILT_IN_NOISES, Hearing, Room
from coach.wiring.engines import Exercise, exercise, recognizer, voice, warn_of_unknown_words
from coach.wiring.recognizers import Warn

VOICES = Path(__file__).parent.parent / "rehearsal" / "voices"
DEMO = Path(__file__).parent.parent / "rehearsal" / "demo.yaml"
_ANY_RATE = 16_000


def lifter_clips(script: Script, rate: int) -> dict[Step, Pcm]:
    """The samples of the script's lifter lines: its own WAV file, or the clip of its voice saying these words.

    All files are read before anything is performed; SoundError names the file that cannot be used.
    """
    return {step: read_speech(clip_of(script, step), rate) for step in script.steps if step.kind is StepKind.LIFTER}


def clip_of(script: Script, step: Step) -> Path:
    """The sound file of a lifter's line."""
    return step.wav or VOICES / f"{script.voice}-{slug(step.text)}.flac"


def slug(text: str) -> str:
    """The file name of a phrase: "it's too heavy" is its-too-heavy."""
    return text.replace("'", "").replace(" ", "-")


def simulated(room: Room, rate: int, coach_rate: int) -> SimulatedRoom:
    """The room with its noise, for a microphone at `rate`; SoundError when the noise cannot be made."""
    return SimulatedRoom(room, _noise(room, rate), rate, coach_rate, round(rate * BLOCK_S))


def _noise(room: Room, rate: int) -> Sound | None:
    if room.noise is None and room.snr is None:
        return None
    kind, chance = room.noise or "pink", np.random.default_rng([room.seed, 2])
    match kind:
        case "white":
            return white(chance, rate)
        case "pink":
            return pink(chance, rate)
        case "music":
            return music(chance, rate)
        case "babble":
            sentences = (VOICES / "others.txt").read_text("utf-8").splitlines()
            return babble(
                chance,
                rate,
                [read_speech(VOICES / f"{who}-{slug(said)}.flac", rate) for who in SPEAKERS for said in sentences],
            )
    if not Path(kind).exists():
        raise SoundError(f"no noise {kind!r}: give {', '.join(BUILT_IN_NOISES)}, or a WAV or FLAC file")
    return looped(read_speech(Path(kind), rate, strict=False))


class Rehearsals:
    """Performs scripts one after the other; loads what is costly once."""

    def __init__(
        self,
        audio: bool,
        hearing: Hearing,
        warn: Warn,
        folder: Path = BUNDLED,
        room: Mapping[str, float | str] | None = None,
        voice_name: str = AUTO,
    ) -> None:
        """`folder`: the pack of scripts that name none. `room`: values that replace those of each script's room."""
        self._folder = folder
        self._packs = {folder: exercise(folder)}
        self.plan = self._packs[folder][2]
        self._hearing = hearing
        self._warn = warn
        self._room = room or {}
        self._clips = voice(warn, voice_name) if audio else None
        self.engine = "text"
        """Name of what hears: "text", or the recogniser's."""
        self.rate = self._clips.rate if self._clips else 0
        """Samples a second of the sound that is performed."""

    def perform(self, file: Path, *, recording: bool) -> tuple[Script, Performance]:
        """Perform one script; ScriptError lists what is wrong with the file."""
        script = self.read(file)
        return script, self.perform_script(script, recording=recording)

    def read(self, file: Path) -> Script:
        """Read one script; ScriptError lists what is wrong with the file."""
        script = read_conversation(file, self.plan, lambda folder: self._exercise(folder)[2])
        try:
            room = replace(script.room, **self._room)  # type: ignore[arg-type]
        except ValueError as error:
            raise ScriptError(str(error)) from error
        return replace(script, room=room, open_speaker=script.open_speaker or room.echo is not None)

    def check(self, file: Path) -> list[Finding]:
        """What is wrong with a script that can be read; ScriptError lists why it cannot be read."""
        script = self.read(file)
        return check_script(script, self._exercise(script.pack or self._folder)[0], partial(clip_of, script), why_unfit)

    def update(self, file: Path) -> tuple[Changes, Performance] | None:
        """Rewrite the coach's lines of a script that fails; None when it goes as written.

        Returns what was changed, and the performance of the file as it is now.
        """
        script = self.read(file)
        try:
            if self.perform_script(script, recording=False).failure is None:
                return None
        except ScriptError:
            # The script names a line that the pack no longer has: the update replaces it.
            pass
        if script.turn_by_turn:
            raise ScriptError(f"{file} does not go as written, and BotiumScript is not rewritten: edit it")
        followed = self.perform_script(script, recording=False, following=True).follower
        if followed is None:
            raise AssertionError("a script that is followed leaves what was said")
        old = file.read_bytes().decode()
        changes = update(old, script, followed)
        if changes.text != old:
            write_text(file, changes.text)
        return changes, self.perform(file, recording=False)[1]

    def perform_script(self, script: Script, *, recording: bool, following: bool = False) -> Performance:
        """Perform one script that has been read."""
        pack, grammar, _ = self._exercise(script.pack or self._folder)
        if self._clips is None:
            return perform_text(script, pack, grammar, recording=recording, following=following)
        # The pace of an earlier performance must not matter.
        self._clips.set_pace(100)
        engine = recognizer(self._hearing, pack, grammar, self._warn)
        warn_of_unknown_words(engine, grammar.vocabulary(grammar.intents), self._warn)
        self.engine = engine.name
        try:
            clips = lifter_clips(script, engine.rate)
            room = None
            if script.room != Room():
                clips = {step: as_spoken(clip) for step, clip in clips.items()}
                room = simulated(script.room, engine.rate, self._clips.rate)
            return perform_audio(
                script, pack, grammar, engine, self._clips, clips, recording=recording, following=following, room=room
            )
        finally:
            engine.close()

    def _exercise(self, folder: Path) -> Exercise:
        if folder not in self._packs:
            self._packs[folder] = exercise(folder)
        return self._packs[folder]


def write_picture(
    path: Path, script: Script, played: Performance, rate: int, begin: float = 0.0, end: float | None = None
) -> None:
    """Write a performance as SVG or PNG, by the file's name; `rate`: of its sound; `begin`, `end`: seconds of the
    session.
    """
    svg = draw(played, script.story, rate=rate, begin=begin, end=end)
    write_file(path, png(svg) if path.suffix.lower() == ".png" else svg.encode())


def write_transcript(path: Path, file: Path, script: Script, played: Performance, *, recording: bool) -> None:
    """Write a performance as a script. A recording keeps the comments of its script and, written over it, its line
    ends.
    """
    comments, newline = None, "\n"
    if recording and not script.turn_by_turn:
        source = file.read_bytes().decode()
        comments = comments_of(source, script)
        if path.exists() and path.samefile(file) and "\r\n" in source:
            newline = "\r\n"
    write_text(path, script_text(played.entries, script.head, comments).replace("\n", newline))


def write_text(path: Path, text: str) -> None:
    """Write the text as UTF-8."""
    write_file(path, text.encode())


def why_unfit(path: Path, strict: bool) -> str | None:
    """Why `read_speech` refuses a recording, and the remedy; None when it does not."""
    try:
        read_speech(path, _ANY_RATE, strict=strict)
    except SoundError as error:
        return str(error)
    return None
