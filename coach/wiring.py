"""The one place that picks implementations. What is started here is stopped here, in reverse."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import numpy as np

from coach.adapters import portaudio
from coach.adapters.attendant import Attendant
from coach.adapters.clip_store import ClipStore
from coach.adapters.ears import ThreadedEars
from coach.adapters.inbox import LiveInbox
from coach.adapters.journal import FileJournal, journal_file
from coach.adapters.portaudio import Microphone, Speaker
from coach.adapters.sound_files import read_speech
from coach.adapters.synthesizer import EspeakSynthesizer
from coach.adapters.voice import MixedVoice
from coach.adapters.vosk_fetch import fetch
from coach.adapters.vosk_models import ListedModel, find, folder_to_fetch_into, health, list_models, verify
from coach.adapters.vosk_tuning import cache_folder, tuned_copy
from coach.audio.mixer import Mixer
from coach.audio.noises import Sound, babble, looped, music, pink, white
from coach.audio.own_voice import OwnVoice
from coach.audio.room import SimulatedRoom, as_spoken
from coach.commands import Manner
from coach.content.loader import load_pack
from coach.content.model import Pack
from coach.dialogue.conversation import Conversation
from coach.events import SessionStarted
from coach.language.grammar import Grammar
from coach.language.numbers import in_words
from coach.ports import HearingError, Pcm, Recognizer, ScriptError, SoundError, VoiceError
from coach.rehearsal.performance import Performance, perform_audio, perform_text
from coach.rehearsal.script import VOICES as SPEAKERS
from coach.rehearsal.script import Script, Step, StepKind, read_script
from coach.rehearsal.worlds import BLOCK_S
from coach.session import Ports, Witness, run
from coach.settings import NOISES, Devices, Engine, Hearing, Profile, Room
from coach.training.plan import Plan
from coach.training.tempo import Tempo

PROJECT = Path(__file__).parent.parent
"""The checkout the coach runs from, if it does: `voice_models/` is looked for beside the package."""
VOICES = Path(__file__).parent / "rehearsal" / "voices"
DEMO = Path(__file__).parent / "rehearsal" / "demo.yaml"

LEAD_IN_S = 0.5
"""Of silence on the open stream before the first word: what a Bluetooth sink swallows when it wakes."""

Warn = Callable[[str], None]
Progress = Callable[[int, int], None]


def exercise() -> tuple[Pack, Grammar, Plan]:
    """The bundled exercise: its words, its commands, its default plan."""
    pack = load_pack()
    defaults = pack.defaults
    plan = Plan(defaults.reps, defaults.sets, defaults.rest, Tempo.parse(defaults.tempo))
    return pack, Grammar(pack.commands), plan


def recognizer(hearing: Hearing, pack: Pack, grammar: Grammar, warn: Warn) -> Recognizer:
    """Vosk where a model is found or asked for, else the embedded one; HearingError names the remedy."""
    urgent = [phrase for name, group in pack.groups.items() if group == "safety" for phrase in grammar.spoken(name)]
    if hearing.engine is not Engine.POCKETSPHINX:
        model = find(hearing.model, os.environ, PROJECT)
        if model is not None:
            return _vosk(model, urgent, grammar, warn)
        if hearing.engine is Engine.VOSK:
            raise HearingError("no Vosk model found: run `coach models fetch`, or name one with --model")
    from coach.adapters.pocketsphinx_recognizer import PocketSphinxRecognizer  # noqa: PLC0415  only if needed

    return PocketSphinxRecognizer(urgent=urgent)


def _vosk(model: Path, urgent: list[str], grammar: Grammar, warn: Warn) -> Recognizer:
    from coach.adapters.vosk_recognizer import VoskRecognizer  # noqa: PLC0415  150 ms and 25 MB, only if needed

    hears = VoskRecognizer(tuned_copy(model, cache_folder(os.environ)), urgent=urgent)
    unknown = hears.unknown_words(grammar.vocabulary(grammar.intents))
    if unknown:
        warn(f"the model {model.name} does not know these words, phrases with them are not heard: {', '.join(unknown)}")
    return hears


def voice(warn: Warn) -> ClipStore:
    """The coach's voice with its cache."""
    return ClipStore(EspeakSynthesizer(), warn=warn)


def usual_lines(pack: Pack, plan: Plan) -> Iterator[tuple[str, Manner]]:
    """What will probably be said, soonest first, for rendering ahead; lines with slots are left to their moment."""
    prompts = pack.prompts
    yield prompts["greeting"].say[0], Manner.SENTENCE
    for number in range(1, plan.reps + 1):
        yield prompts["count.rep"].say[0].format(rep=in_words(number)), Manner.COUNT
    for number in range(2, 9):
        yield prompts["count.number"].say[0].format(number=in_words(number)), Manner.COUNT
    for line in pack.lines():
        for text in line.texts:
            if "{" not in text:
                yield text, line.manner


def lifter_clips(script: Script, rate: int) -> dict[Step, Pcm]:
    """The samples of the script's lifter lines: its own WAV file, or the clip of its voice saying these words.

    All are read before anything is performed; SoundError names the file that cannot be used.
    """
    return {
        step: read_speech(step.wav or VOICES / f"{script.voice}-{slug(step.text)}.flac", rate)
        for step in script.steps
        if step.kind is StepKind.LIFTER
    }


def slug(text: str) -> str:
    """The file name of a phrase: "it's too heavy" is its-too-heavy."""
    return text.replace("'", "").replace(" ", "-")


def simulated(room: Room, rate: int, coach_rate: int) -> SimulatedRoom:
    """The room with its noise, for a microphone at `rate`; SoundError when the noise cannot be had."""
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
    if not Path(kind).is_file():
        raise SoundError(f"no noise {kind!r}: give {', '.join(NOISES)}, or a WAV or FLAC file")
    return looped(read_speech(Path(kind), rate, mix_down=True))


class Rehearsals:
    """Performs scripts one after the other; what is costly to load is loaded once."""

    def __init__(
        self, audio: bool, hearing: Hearing, warn: Warn, room: Mapping[str, float | str] | None = None
    ) -> None:
        """`room`: what is to be other than each script has it, by the names of `Room`."""
        self._pack, self._grammar, self.plan = exercise()
        self._hearing = hearing
        self._warn = warn
        self._room = room or {}
        self._clips = voice(warn) if audio else None
        self.engine = "text"
        """What hears."""
        self.rate = self._clips.rate if self._clips else 0
        """Samples a second of the sound performed."""

    def perform(self, file: Path, *, recording: bool) -> tuple[Script, Performance]:
        """One script; ScriptError lists what is wrong with the file."""
        script = read_script(file, self.plan)
        try:
            room = replace(script.room, **self._room)  # type: ignore[arg-type]
        except ValueError as fault:
            raise ScriptError(str(fault)) from fault
        script = replace(script, room=room, open_speaker=script.open_speaker or room.echo is not None)
        return script, self.perform_script(script, recording=recording)

    def perform_script(self, script: Script, *, recording: bool) -> Performance:
        """One script that has been read."""
        if self._clips is None:
            return perform_text(script, self._pack, self._grammar, recording=recording)
        # What was performed before must not matter.
        self._clips.set_pace(100)
        hears = recognizer(self._hearing, self._pack, self._grammar, self._warn)
        self.engine = hears.name
        try:
            clips = lifter_clips(script, hears.rate)
            room = None
            if script.room != Room():
                clips = {step: as_spoken(clip) for step, clip in clips.items()}
                room = simulated(script.room, hears.rate, self._clips.rate)
            return perform_audio(
                script, self._pack, self._grammar, hears, self._clips, clips, recording=recording, room=room
            )
        finally:
            hears.close()

    def render_ahead(self, progress: Progress) -> None:
        """Have the usual lines ready before the performance: the first time that takes some seconds."""
        if self._clips is not None:
            self._clips.prepare(usual_lines(self._pack, self.plan), progress=progress)


def write_text(path: Path, text: str) -> None:
    """Under another name first, so that nothing half-written is left."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as fault:
        raise ScriptError(f"cannot write {str(path)!r} ({fault.strerror}): give a folder you can write to") from fault


def fetch_model(progress: Progress) -> Path:
    """The small English Vosk model, in `voice_models/` or the user's data folder."""
    return fetch(folder_to_fetch_into(os.environ, PROJECT), progress=progress)


def found_models() -> list[ListedModel]:
    """Every model that is found, in the order they are looked for."""
    return list_models(os.environ, PROJECT)


def verify_models(path: Path | None) -> list[tuple[Path, str | None]]:
    """What is wrong with a model, or with each that is found; None: it hears."""
    paths = [path] if path is not None else [model.path for model in found_models()]
    return [(model, "; ".join(verify(model)) or health(model)) for model in paths]


def setup_steps() -> list[str]:
    """The names of the setup steps, for the diagram."""
    return [step.id.split(".", 1)[1] for step in load_pack().setup]


def why_not_live() -> str | None:
    """None when there is a microphone and a loudspeaker; else one line."""
    return portaudio.available()


def coach_live(
    plan: Plan | None, hearing: Hearing, devices: Devices, profile: Profile, witness: Witness, warn: Warn
) -> None:
    """A live session until the lifter ends it; WorldError when it cannot begin."""
    clips = voice(warn)
    mixer = Mixer(clips.rate)
    with ExitStack() as stack:
        # First of all: the sink wakes while the rest is loaded.
        speaker = Speaker(mixer, devices.output)
        stack.callback(speaker.close)
        speaker.start()
        pack, grammar, usual_plan = exercise()
        plan = plan or usual_plan
        clips.render(pack.prompts["greeting"].say[0], Manner.SENTENCE)
        hears = recognizer(hearing, pack, grammar, warn)
        inbox = LiveInbox(speaker.now)
        speaks = MixedVoice(clips, mixer, inbox.put)
        microphone = Microphone(hears.rate, devices.input)
        ears = ThreadedEars(
            microphone,
            hears,
            lambda wanted: grammar.vocabulary(wanted.intents),
            inbox.put,
            speaker.now,
            OwnVoice(mixer, hears.rate) if profile is Profile.SPEAKER else None,
        )
        attendant = Attendant(speaker, speaks, inbox.put)
        for part in (microphone, ears, attendant):
            stack.callback(part.close)
            part.start()
        stack.callback(_render_ahead(clips, pack, plan))
        inbox.put(SessionStarted(max(speaker.now(), LEAD_IN_S)))
        conversation = Conversation(pack, grammar, plan, speaks.measure, profile is Profile.SPEAKER)
        journal = FileJournal(journal_file(), datetime.now().astimezone(), warn)
        run(conversation, Ports(inbox, ears, speaks, journal), witness)


def _render_ahead(clips: ClipStore, pack: Pack, plan: Plan) -> Callable[[], None]:
    """Renders the usual lines in a thread of their own; returns what ends it."""
    stop = Flag()

    def render() -> None:
        try:
            clips.prepare(usual_lines(pack, plan), stop.is_set)
        except VoiceError as fault:
            logging.getLogger(__name__).warning("%s", fault)

    thread = Thread(target=render, name="rendering", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end
