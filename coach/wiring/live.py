"""Runs a live coach: devices, ears and voice, and one session after another.

Law: what is started here is stopped in reverse order.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from coach.adapters.files.folders import cache_folder
from coach.adapters.live.attendant import Attendant
from coach.adapters.live.chimes import ChimePlayer
from coach.adapters.live.ears import ThreadedEars
from coach.adapters.live.inbox import LiveInbox
from coach.adapters.live.signs_of_life import SignsOfLife
from coach.adapters.processes.child import Child
from coach.adapters.recognition.process import RecognizerProcess
from coach.adapters.recognition.vocabulary_cache import VocabularyCache
from coach.adapters.sound import streams
from coach.adapters.sound.devices import WAKING_SECONDS, Microphone, Speaker
from coach.adapters.sound.other_players import OtherPlayers
from coach.adapters.sound.server import SoundServer
from coach.adapters.synthesis.joined_lines import JoinedLines
from coach.adapters.synthesis.process import VoiceProcess
from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.audio.surroundings import Surroundings
from coach.commands import Manner
from coach.content.model import Pack
from coach.dialogue.conversation import NO_PREFERENCES
from coach.events import HearingRestarted, MicrophoneLost, Requested, SpeakerLost
from coach.language.grammar import Grammar
from coach.ports import Link, Observer, SessionAccess, VoiceError
from coach.settings import Settings
from coach.training.plan import Plan
from coach.wiring import stored_files
from coach.wiring.engines import exercise, live_recognizer, live_voice, urgent_phrases, warn_of_unknown_words
from coach.wiring.plans import ChosenPlan
from coach.wiring.recognizers import Warn, begin_to_load
from coach.wiring.recognizers import row_named as recognizer_row
from coach.wiring.servers import helped, look_after, second_ear
from coach.wiring.sessions import Sessions, SharedParts
from coach.wiring.usual_lines import first_lines, later_lines

START_QUIET_S = 3.0
"""Seconds in which a session begins. Rendering ahead starts after them, unless the greeting must be rendered."""
SETTINGS = Settings()


def why_not_live(settings: Settings = SETTINGS) -> str | None:
    """Why no live session can begin, in one line; None: the devices exist, or the session waits for them."""
    return None if settings.corner.stays and streams.LIBRARY_MISSING is None else streams.devices_missing()


def coach_live(
    chosen: ChosenPlan,
    settings: Settings = SETTINGS,
    observers: Sequence[Observer] = (),
    warn: Warn = lambda _: None,
    links: Sequence[Link] = (),
    child: Child | None = None,
    keep_audio: Path | None = None,
    wishes: Mapping[str, str] = NO_PREFERENCES,
    alive: Callable[[], None] = lambda: None,
    server: SoundServer | None = None,
) -> None:
    """Coach until the lifter ends the workout, or for ever (`settings.corner`). WorldError: that cannot begin or go on.

    In a corner, the coach begins even without its devices, and says so when a loudspeaker exists.

    `links`: join other programs. `child`: a process that already loads the recogniser. `keep_audio`: folder in which
    the microphone's sound is recorded. `wishes`: preferences that win over those in the journal. `alive`: called while
    ears, session and loudspeaker all work; at the first call the coach listens. `server`: a sound server that was
    already started.
    """
    with ExitStack() as stack:
        server = _started_server(server, settings, stack)
        child = child or begin_to_load(settings.hearing)
        stack.callback(child.end)
        helper = second_ear(settings.hearing, warn)
        clips, voice_process, voice_server = live_voice(warn, settings.voice)
        stack.callback(voice_process.close)
        mixer = Mixer(clips.rate)
        # The loudspeaker first, because the sink wakes up while the rest is loaded.
        speaker = Speaker(mixer, settings.devices.output, settings.output.hiss, server)
        stack.callback(speaker.close)
        speaker.start(patient=settings.corner.stays)
        pack, grammar, default_plan = exercise(chosen.folder, settings.wake.word, settings.corner.lifters)
        vocabularies = VocabularyCache(grammar, (pack.commands, settings.wake.word), cache_folder())
        greeting = pack.prompts["greeting"].say[0]
        if not clips.has(greeting, Manner.SENTENCE):
            voice_process.begin()
            warn("making the voice ready, once: the first words now, the others while you train")
        signs = SignsOfLife(alive)
        inbox = LiveInbox(speaker.now, signs.of("session"))

        def restarted(reason: str, lost: bool) -> None:
            inbox.put(HearingRestarted(speaker.now(), reason, lost))

        recognizer = live_recognizer(settings.hearing, pack, grammar, warn, restarted, child)
        stack.callback(recognizer.close)
        clips.render(greeting, Manner.SENTENCE)
        surroundings = Surroundings(recognizer.rate)
        voice = MixedVoice(clips, mixer, inbox.put, surroundings, settings.output.ceiling)
        recording = None
        if keep_audio is not None:
            recording = stack.enter_context(closing(stored_files.record(keep_audio, recognizer.rate, warn)))
            clips.render(pack.prompts["sound.kept"].say[0], Manner.SENTENCE)
        microphone = _open_microphone(recognizer.rate, settings, server, stack)
        ears = ThreadedEars(
            microphone,
            helped(recognizer, helper, urgent_phrases(grammar), grammar),
            lambda wanted: vocabularies.vocabulary(wanted.intents, wanted.after_wake_word),
            inbox.put,
            speaker.now,
            OwnVoice(mixer, recognizer.rate) if settings.profile.open_speaker else None,
            surroundings,
            None if recording is None else recording.take,
            signs.ears,
        )
        other_players = OtherPlayers(server, voice, settings.output.duck)
        attendant = Attendant(speaker, voice, inbox.put, signs.of("attendant"), other_players.update)
        stack.callback(attendant.close)
        sessions = Sessions(
            chosen,
            settings,
            (pack, grammar, default_plan),
            SharedParts(inbox, inbox.put, ears, voice, voice.measure, vocabularies.vocabulary),
            warn,
            wishes,
        )
        sessions.prepare()
        _wait_for(recognizer, grammar, warn)
        stack.callback(ears.close)
        ears.start((deaf := microphone.lost()) is not None)
        stack.callback(_render_ahead(clips, voice_process, pack, sessions.plan))
        joined = [stack.enter_context(link(_reach(inbox, speaker))) for link in links]
        joined += [
            stack.enter_context(look_after((helper.server if helper else None, voice_server), inbox.put, speaker.now))
        ]
        speaker_lost = speaker.lost()
        attendant.start(speaker_lost is not None)
        begins = max(speaker.now(), WAKING_SECONDS)
        if settings.output.small_sounds:
            joined.insert(0, ChimePlayer(voice.sound, mixer.rate))
        sessions.run(
            begins,
            [*observers, other_players.observe, *joined],
            recording is not None,
            _lost_devices(begins, speaker_lost, deaf),
        )


def _started_server(server: SoundServer | None, settings: Settings, stack: ExitStack) -> SoundServer:
    """The sound server, after its first report or the longest wait for it."""
    if server is None:
        server = SoundServer(settings.devices)
        server.start()
    stack.callback(server.close)
    server.answers()
    return server


def _open_microphone(rate: int, settings: Settings, server: SoundServer, stack: ExitStack) -> Microphone:
    """A microphone that gives `rate` samples a second; in a corner it may still be missing."""
    microphone = Microphone(rate, settings.devices.input, server)
    stack.callback(microphone.close)
    microphone.start(patient=settings.corner.stays)
    return microphone


def _wait_for(recognizer: RecognizerProcess, grammar: Grammar, warn: Warn) -> None:
    """Wait until the recogniser is ready, and warn of words that it does not know."""
    recognizer.wait_until_ready()
    if not recognizer_row(recognizer.name).any_word:
        warn_of_unknown_words(recognizer, grammar.vocabulary(grammar.intents), warn)


def _reach(inbox: LiveInbox, speaker: Speaker) -> SessionAccess:
    return SessionAccess(lambda text, source: inbox.put(Requested(speaker.now(), text, source)), speaker.now)


def _lost_devices(
    at: float, speaker_reason: str | None, microphone_reason: str | None
) -> list[MicrophoneLost | SpeakerLost]:
    """The events about missing devices for the first session."""
    lost = [
        None if speaker_reason is None else SpeakerLost(at, speaker_reason),
        None if microphone_reason is None else MicrophoneLost(at, microphone_reason),
    ]
    return [one for one in lost if one is not None]


def _render_ahead(clips: JoinedLines, voice_process: VoiceProcess, pack: Pack, plan: Plan) -> Callable[[], None]:
    """Start a thread that renders what may be said, the first minute's lines first. Returns a function that ends it."""
    stop = Flag()

    def render() -> None:
        if clips.has(pack.prompts["greeting"].say[0], Manner.SENTENCE) and stop.wait(START_QUIET_S):
            return
        try:
            clips.prepare(first_lines(pack, plan), stop.is_set)
            voice_process.lower_priority()
            clips.prepare(later_lines(pack), stop.is_set)
        except VoiceError as error:
            logging.getLogger(__name__).warning("%s", error)

    thread = Thread(target=render, name="rendering", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end
