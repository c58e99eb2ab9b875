"""A live coach: devices, ears and voice, and one session after another. What is started here is stopped in reverse."""

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
from coach.wiring.plans import Chosen
from coach.wiring.recognizers import Warn, begin_to_load
from coach.wiring.recognizers import row_named as recognizer_row
from coach.wiring.servers import helped, look_after, second_ear
from coach.wiring.sessions import Parts, Sessions
from coach.wiring.usual_lines import first_lines, later_lines

START_QUIET_S = 3.0
"""In which a session begins: what is kept is not looked through meanwhile."""
SETTINGS = Settings()


def why_not_live(settings: Settings = SETTINGS) -> str | None:
    """None when there is a microphone and a loudspeaker, or they are waited for; else one line."""
    return None if settings.corner.stays and streams.library_missing() is None else streams.devices_missing()


def coach_live(
    chosen: Chosen,
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
    """Until the lifter ends the workout, or for ever (`settings.corner`); WorldError when it cannot begin or go on.

    A coach that nobody starts begins without its devices, and says so when there is a loudspeaker.

    `links`: join other programs to it. `child`: loads the recogniser already. `keep_audio`: the folder where the sound
    of the microphone is kept. `wishes`: preferences that win over those kept. `alive` is called while ears, session and
    loudspeaker are all at work; the first time, the coach listens. `server`: is asked already.
    """
    with ExitStack() as stack:
        server = _started_server(server, settings, stack)
        child = child or begin_to_load(settings.hearing)
        stack.callback(child.end)
        helper = second_ear(settings.hearing, warn)
        clips, rendering, speaking = live_voice(warn, settings.voice)
        stack.callback(rendering.close)
        mixer = Mixer(clips.rate)
        # First of all: the sink wakes while the rest is loaded.
        speaker = Speaker(mixer, settings.devices.output, settings.output.hiss, server)
        stack.callback(speaker.close)
        speaker.start(patient=settings.corner.stays)
        pack, grammar, usual = exercise(chosen.folder, settings.wake.word, settings.corner.lifters)
        vocabularies = VocabularyCache(grammar, (pack.commands, settings.wake.word), cache_folder())
        greeting = pack.prompts["greeting"].say[0]
        if not clips.has(greeting, Manner.SENTENCE):
            rendering.begin()
            warn("making the voice ready, once: the first words now, the others while you train")
        signs = SignsOfLife(alive)
        inbox = LiveInbox(speaker.now, signs.of("session"))

        def restarted(reason: str, lost: bool) -> None:
            inbox.put(HearingRestarted(speaker.now(), reason, lost))

        hears = live_recognizer(settings.hearing, pack, grammar, warn, restarted, child)
        stack.callback(hears.close)
        clips.render(greeting, Manner.SENTENCE)
        surroundings = Surroundings(hears.rate)
        speaks = MixedVoice(clips, mixer, inbox.put, surroundings, settings.output.ceiling)
        recording = None
        if keep_audio is not None:
            recording = stack.enter_context(closing(stored_files.record(keep_audio, hears.rate, warn)))
            clips.render(pack.prompts["sound.kept"].say[0], Manner.SENTENCE)
        microphone = _open_microphone(hears.rate, settings, server, stack)
        ears = ThreadedEars(
            microphone,
            helped(hears, helper, urgent_phrases(grammar), grammar),
            lambda wanted: vocabularies.vocabulary(wanted.intents, wanted.after_wake_word),
            inbox.put,
            speaker.now,
            OwnVoice(mixer, hears.rate) if settings.profile.open_speaker else None,
            surroundings,
            None if recording is None else recording.take,
            signs.ears,
        )
        others = OtherPlayers(server, speaks, settings.output.duck)
        attendant = Attendant(speaker, speaks, inbox.put, signs.of("attendant"), others.update)
        stack.callback(attendant.close)
        sessions = Sessions(
            chosen,
            settings,
            (pack, grammar, usual),
            Parts(inbox, inbox.put, ears, speaks, speaks.measure, vocabularies.vocabulary),
            warn,
            wishes,
        )
        sessions.prepare()
        _wait_for(hears, grammar, warn)
        stack.callback(ears.close)
        ears.start((deaf := microphone.lost()) is not None)
        stack.callback(_render_ahead(clips, rendering, pack, sessions.plan))
        joined = [stack.enter_context(link(_reach(inbox, speaker))) for link in links]
        joined += [
            stack.enter_context(look_after((helper.server if helper else None, speaking), inbox.put, speaker.now))
        ]
        mute = speaker.lost()
        attendant.start(mute is not None)
        begins = max(speaker.now(), WAKING_SECONDS)
        if settings.output.small_sounds:
            joined.insert(0, ChimePlayer(speaks.sound, mixer.rate))
        sessions.run(
            begins, [*observers, others.observe, *joined], recording is not None, _lost_devices(begins, mute, deaf)
        )


def _started_server(server: SoundServer | None, settings: Settings, stack: ExitStack) -> SoundServer:
    """A sound server of which is known what there is to know."""
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


def _wait_for(hears: RecognizerProcess, grammar: Grammar, warn: Warn) -> None:
    """The recogniser is ready; words that it does not know were told."""
    hears.wait_until_ready()
    if not recognizer_row(hears.name).any_word:
        warn_of_unknown_words(hears, grammar.vocabulary(grammar.intents), warn)


def _reach(inbox: LiveInbox, speaker: Speaker) -> SessionAccess:
    return SessionAccess(lambda text, source: inbox.put(Requested(speaker.now(), text, source)), speaker.now)


def _lost_devices(at: float, mute: str | None, deaf: str | None) -> list[MicrophoneLost | SpeakerLost]:
    """What the first session is told of devices that are not there."""
    lost = [None if mute is None else SpeakerLost(at, mute), None if deaf is None else MicrophoneLost(at, deaf)]
    return [one for one in lost if one is not None]


def _render_ahead(clips: JoinedLines, rendering: VoiceProcess, pack: Pack, plan: Plan) -> Callable[[], None]:
    """Renders what may be said in a thread of its own, the first minute's before all else; returns what ends it."""
    stop = Flag()

    def render() -> None:
        if clips.has(pack.prompts["greeting"].say[0], Manner.SENTENCE) and stop.wait(START_QUIET_S):
            return
        try:
            clips.prepare(first_lines(pack, plan), stop.is_set)
            rendering.lower_priority()
            clips.prepare(later_lines(pack), stop.is_set)
        except VoiceError as error:
            logging.getLogger(__name__).warning("%s", error)

    thread = Thread(target=render, name="rendering", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end
