"""The one place that picks implementations. What is started here is stopped here, in reverse."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import numpy as np

from coach.adapters import echo_canceller, portaudio
from coach.adapters.attendant import Attendant
from coach.adapters.child_process import Child
from coach.adapters.clip_store import ClipStore
from coach.adapters.ears import ThreadedEars
from coach.adapters.inbox import LiveInbox
from coach.adapters.journal import FileJournal, journal_file
from coach.adapters.png import png
from coach.adapters.portaudio import Microphone, Speaker
from coach.adapters.pronouncing import pronunciations
from coach.adapters.pronunciation import guessed
from coach.adapters.recognizer_process import RecognizerProcess
from coach.adapters.sound_files import read_speech
from coach.adapters.synthesizer import EspeakSynthesizer, phonemes
from coach.adapters.voice import MixedVoice
from coach.adapters.vosk_fetch import fetch
from coach.adapters.vosk_models import ListedModel, find, folder_to_fetch_into, health, list_models, verify
from coach.adapters.vosk_tuning import cache_folder, tuned_copy
from coach.audio.mixer import Mixer
from coach.audio.noises import Sound, babble, looped, music, pink, white
from coach.audio.own_voice import OwnVoice
from coach.audio.room import SimulatedRoom, as_spoken
from coach.commands import Manner
from coach.content.check import Surroundings, check_pack
from coach.content.foreign import read_grammar
from coach.content.loader import BUNDLED, load_pack
from coach.content.model import Pack
from coach.content.reading import Fault
from coach.dialogue import policy, states
from coach.dialogue.conversation import Conversation
from coach.events import HearingRestarted, SessionStarted
from coach.hearing import Listener
from coach.language.alike import Pair, pairs
from coach.language.grammar import WAKE_WORD, Grammar, Intent
from coach.language.numbers import in_words
from coach.ports import Automaton, HearingError, Pcm, Recognizer, ScriptError, SoundError, Vocabulary, VoiceError
from coach.rehearsal.checking import check_script
from coach.rehearsal.files import read_conversation
from coach.rehearsal.performance import Performance, perform_audio, perform_text
from coach.rehearsal.picture import draw
from coach.rehearsal.script import VOICES as SPEAKERS
from coach.rehearsal.script import Script, Step, StepKind
from coach.rehearsal.updating import Changes, update
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


Exercise = tuple[Pack, Grammar, Plan]
"""Its words, its commands, its default plan."""


def exercise(folder: Path = BUNDLED) -> Exercise:
    """What a pack's folder holds."""
    pack = load_pack(folder)
    defaults = pack.defaults
    plan = Plan(defaults.reps, defaults.sets, defaults.rest, Tempo.parse(defaults.tempo))
    return pack, Grammar(pack.commands), plan


def check(folder: Path, model: Path | None) -> list[Fault]:
    """What is wrong with a pack; with a Vosk model also which words it lacks."""
    from coach.adapters.pocketsphinx_recognizer import dictionary  # noqa: PLC0415  only if needed

    def live(pack: Pack) -> dict[str, frozenset[str]]:
        return {state: policy.live(pack, state, set_is_open=True, asked=True) for state in states.PARENTS}

    with ExitStack() as stack:
        model_knows: Callable[[str], bool] | None = None
        if model is not None:
            from coach.adapters.vosk_recognizer import VoskRecognizer  # noqa: PLC0415  150 ms and 25 MB, only if needed

            hears = VoskRecognizer(tuned_copy(find(model, os.environ, PROJECT) or model, cache_folder(os.environ)))
            stack.callback(hears.close)
            no_graph = Automaton(0, 0, ())
            model_knows = lambda word: not hears.unknown_words(Vocabulary((word,), "", no_graph))  # noqa: E731
        return check_pack(folder, Surroundings(live, dictionary().__contains__, model_knows))


def recognizer(hearing: Hearing, pack: Pack | None, grammar: Grammar, warn: Warn) -> Recognizer:
    """The chosen recogniser in this process, for rehearsals; HearingError names the remedy."""
    _, make = _choice(hearing, pack, grammar)
    hears = make()
    if hears.name == "vosk":
        _warn_of(hears.unknown_words(grammar.vocabulary(grammar.intents)), warn)
    return hears


def live_recognizer(
    hearing: Hearing, pack: Pack, grammar: Grammar, restarted: Callable[[str, bool], None], child: Child | None = None
) -> RecognizerProcess:
    """The same in a process of its own, which loads it while the caller goes on."""
    kind, make = _choice(hearing, pack, grammar)
    return RecognizerProcess(make, kind.name, kind.rate, restarted, child)


def tried_recognizer() -> RecognizerProcess:
    """What would hear in a live session, for a check-up."""
    pack, grammar, _ = exercise()
    return live_recognizer(Hearing(), pack, grammar, lambda *_: None)


def _choice(hearing: Hearing, pack: Pack | None, grammar: Grammar) -> tuple[type[Recognizer], Callable[[], Recognizer]]:
    """Vosk where a model is found or asked for, else the embedded one; what makes it can be sent to a process.

    Without a pack nothing is urgent.
    """
    groups = pack.groups if pack else {}
    urgent = [phrase for name, group in groups.items() if group == "safety" for phrase in grammar.spoken(name)]
    urgent += [f"{WAKE_WORD} {phrase}" for phrase in urgent]
    if hearing.engine is not Engine.POCKETSPHINX:
        model = find(hearing.model, os.environ, PROJECT)
        if model is not None:
            from coach.adapters.vosk_recognizer import VoskRecognizer  # noqa: PLC0415  only if needed

            tuned = tuned_copy(model, cache_folder(os.environ))
            return VoskRecognizer, partial(VoskRecognizer, tuned, urgent=urgent)
        if hearing.engine is Engine.VOSK:
            raise HearingError("no Vosk model found: run `coach models fetch`, or name one with --model")
    from coach.adapters.pocketsphinx_recognizer import PocketSphinxRecognizer  # noqa: PLC0415  only if needed

    return PocketSphinxRecognizer, partial(PocketSphinxRecognizer, urgent=urgent)


def _warn_of(unknown: tuple[str, ...], warn: Warn) -> None:
    if unknown:
        warn(f"the model does not know these words, phrases with them are not heard: {', '.join(unknown)}")


@dataclass(frozen=True, slots=True)
class Material:
    """Whose commands are heard, and which of them."""

    hearing: Hearing
    commands: Path | None = None
    """A commands file of other people; None: the coach's own."""
    state: str | None = states.IDLE
    """What is live in this state of the coach; None: all of it."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    grammar: Grammar
    live: frozenset[str]
    urgent: frozenset[str]

    def understand(self, text: str) -> Intent | None:
        return self.grammar.understand(text, self.live)

    def is_urgent(self, intent: str) -> bool:
        return intent in self.urgent


def listener(material: Material) -> Listener:
    """What hears recordings. WorldError when there is no engine, or the commands file cannot be used."""
    told: list[str] = []
    if material.commands is None:
        pack, grammar, _ = exercise()
        state = material.state or states.IDLE
        live = grammar.intents
        if material.state is not None:
            live = policy.live(pack, state, set_is_open=True, asked=False)
        urgent = frozenset(name for name in live if policy.is_urgent(pack, name, state))
        hears = recognizer(material.hearing, pack, grammar, told.append)
    else:
        grammar = read_grammar(material.commands)
        live, urgent = grammar.intents, frozenset()
        hears = recognizer(material.hearing, None, grammar, told.append)
    vocabulary = grammar.vocabulary(live)
    from coach.adapters.pocketsphinx_recognizer import PocketSphinxRecognizer  # noqa: PLC0415  only if needed

    if isinstance(hears, PocketSphinxRecognizer):
        found = guessed(hears.unknown_words(vocabulary), phonemes)
        if found:
            words = ", ".join(f"{word} ({sounds})" for word, sounds in found.items())
            told.append(f"guessed how these are pronounced, `pronunciations` in the file knows better: {words}")
        vocabulary = replace(vocabulary, pronunciations={**found, **vocabulary.pronunciations})
    return Listener(hears, vocabulary, _Meaning(grammar, live, urgent), told)


def cores() -> int:
    """How many processes can run at once here."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


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
    return {step: read_speech(clip_of(script, step), rate) for step in script.steps if step.kind is StepKind.LIFTER}


def clip_of(script: Script, step: Step) -> Path:
    """Where the sound of a lifter's line is."""
    return step.wav or VOICES / f"{script.voice}-{slug(step.text)}.flac"


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
    return looped(read_speech(Path(kind), rate, as_it_is=False))


class Rehearsals:
    """Performs scripts one after the other; what is costly to load is loaded once."""

    def __init__(
        self,
        audio: bool,
        hearing: Hearing,
        warn: Warn,
        folder: Path = BUNDLED,
        room: Mapping[str, float | str] | None = None,
    ) -> None:
        """`folder`: the pack of scripts that name none. `room`: what is to be other than each script has it."""
        self._folder = folder
        self._packs = {folder: exercise(folder)}
        self.plan = self._packs[folder][2]
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
        script = self.read(file)
        return script, self.perform_script(script, recording=recording)

    def read(self, file: Path) -> Script:
        """One script; ScriptError lists what is wrong with the file."""
        script = read_conversation(file, self.plan, lambda folder: self._exercise(folder)[2])
        try:
            room = replace(script.room, **self._room)  # type: ignore[arg-type]
        except ValueError as fault:
            raise ScriptError(str(fault)) from fault
        return replace(script, room=room, open_speaker=script.open_speaker or room.echo is not None)

    def check(self, file: Path) -> list[Fault]:
        """What is wrong with a script that can be read; ScriptError lists what keeps it from being read."""
        script = self.read(file)
        return check_script(script, self._exercise(script.pack or self._folder)[0], partial(clip_of, script))

    def update(self, file: Path) -> tuple[Changes, Performance] | None:
        """Rewrites the coach's lines of a script that fails; None when it goes as written.

        Returns what was changed, and the performance of the file as it is now.
        """
        script = self.read(file)
        try:
            if self.perform_script(script, recording=False).failure is None:
                return None
        except ScriptError:
            # It names a line the pack no longer has: that is for the update to mend.
            pass
        if script.turns:
            raise ScriptError(f"{file} does not go as written, and BotiumScript is not rewritten: edit it")
        followed = self.perform_script(script, recording=False, following=True).followed
        if followed is None:
            raise AssertionError("a script that is followed leaves what was said")
        old = file.read_bytes().decode()
        changes = update(old, script, followed)
        if changes.text != old:
            write_text(file, changes.text)
        return changes, self.perform(file, recording=False)[1]

    def perform_script(self, script: Script, *, recording: bool, following: bool = False) -> Performance:
        """One script that has been read."""
        pack, grammar, _ = self._exercise(script.pack or self._folder)
        if self._clips is None:
            return perform_text(script, pack, grammar, recording=recording, following=following)
        # What was performed before must not matter.
        self._clips.set_pace(100)
        hears = recognizer(self._hearing, pack, grammar, self._warn)
        self.engine = hears.name
        try:
            clips = lifter_clips(script, hears.rate)
            room = None
            if script.room != Room():
                clips = {step: as_spoken(clip) for step, clip in clips.items()}
                room = simulated(script.room, hears.rate, self._clips.rate)
            return perform_audio(
                script, pack, grammar, hears, self._clips, clips, recording=recording, following=following, room=room
            )
        finally:
            hears.close()

    def render_ahead(self, progress: Progress) -> None:
        """Have the usual lines ready before the performance: the first time that takes some seconds."""
        if self._clips is not None:
            self._clips.prepare(usual_lines(self._packs[self._folder][0], self.plan), progress=progress)

    def _exercise(self, folder: Path) -> Exercise:
        if folder not in self._packs:
            self._packs[folder] = exercise(folder)
        return self._packs[folder]


def write_picture(
    path: Path, script: Script, played: Performance, rate: int, begin: float = 0.0, end: float | None = None
) -> None:
    """A performance as SVG or PNG, by the file's name; `rate`: of its sound; `begin`, `end`: seconds of the session."""
    svg = draw(played, script.story, rate=rate, begin=begin, end=end)
    _write(path, png(svg) if path.suffix == ".png" else svg.encode())


def write_text(path: Path, text: str) -> None:
    """As UTF-8."""
    _write(path, text.encode())


def _write(path: Path, content: bytes) -> None:
    """Under another name first, so that nothing half-written is left."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
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


def alike(state: str | None = None) -> list[Pair]:
    """Phrases that mean different things, may be live together (in this state) and sound alike, the nearest first."""
    pack, grammar, _ = exercise()
    words = {word for intent in grammar.intents for phrase in grammar.plain(intent) for word in phrase.split()}
    phones = pronunciations(words, pack.commands["pronunciations"])
    named = states.PARENTS if state is None else (state,)
    together = [policy.live(pack, name, set_is_open=True, asked=True) for name in named]
    return sorted(
        pair
        for pair in pairs(grammar, grammar.intents, phones)
        if any({pair.intent, pair.other_intent} <= live for live in together)
    )


def setup_steps() -> list[str]:
    """The names of the setup steps, for the diagram."""
    return [step.id.split(".", 1)[1] for step in load_pack().setup]


def why_not_live() -> str | None:
    """None when there is a microphone and a loudspeaker; else one line."""
    return portaudio.available()


def coach_live(
    plan: Plan | None,
    hearing: Hearing,
    devices: Devices,
    profile: Profile,
    witness: Witness,
    warn: Warn,
    folder: Path = BUNDLED,
) -> None:
    """A live session until the lifter ends it; WorldError when it cannot begin."""
    clips = voice(warn)
    mixer = Mixer(clips.rate)
    with ExitStack() as stack:
        child = Child()
        stack.callback(child.end)
        if profile is Profile.SPEAKER and devices == Devices():
            stack.callback(_connect_to_echo_canceller())
        # First of all: the sink wakes while the rest is loaded.
        speaker = Speaker(mixer, devices.output)
        stack.callback(speaker.close)
        speaker.start()
        pack, grammar, usual_plan = exercise(folder)
        plan = plan or usual_plan
        inbox = LiveInbox(speaker.now)

        def restarted(reason: str, lost: bool) -> None:
            inbox.put(HearingRestarted(speaker.now(), reason, lost))

        hears = live_recognizer(hearing, pack, grammar, restarted, child)
        stack.callback(hears.close)
        clips.render(pack.prompts["greeting"].say[0], Manner.SENTENCE)
        speaks = MixedVoice(clips, mixer, inbox.put)
        microphone = Microphone(hears.rate, devices.input)
        ears = ThreadedEars(
            microphone,
            hears,
            lambda wanted: grammar.vocabulary(wanted.intents, wanted.after_wake),
            inbox.put,
            speaker.now,
            OwnVoice(mixer, hears.rate) if profile is Profile.SPEAKER else None,
        )
        attendant = Attendant(speaker, speaks, inbox.put)
        for part in (microphone, attendant):
            stack.callback(part.close)
            part.start()
        hears.wait_until_ready()
        if hears.name == "vosk":
            _warn_of(hears.unknown_words(grammar.vocabulary(grammar.intents)), warn)
        stack.callback(ears.close)
        ears.start()
        stack.callback(_render_ahead(clips, pack, plan))
        inbox.put(SessionStarted(max(speaker.now(), LEAD_IN_S)))
        open_speaker = profile is Profile.SPEAKER
        conversation = Conversation(pack, grammar, plan, speaks.measure, open_speaker, wake_word=open_speaker)
        journal = FileJournal(journal_file(), datetime.now().astimezone(), inbox.put)
        run(conversation, Ports(inbox, ears, speaks, journal), witness)


def _connect_to_echo_canceller() -> Callable[[], None]:
    """Streams opened from now on go through the system's, if there is one; returns what undoes it."""
    canceller = None if echo_canceller.chosen_by_user(os.environ) else echo_canceller.find()
    names = canceller.environment if canceller is not None else {}
    if names:
        os.environ.update(names)
        # PortAudio may have asked for the names already.
        portaudio.renew_devices()

    def undo() -> None:
        for name in names:
            del os.environ[name]

    return undo


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
