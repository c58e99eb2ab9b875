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
from coach.ports import Link, Observer, SessionAccess, VoiceError
from coach.settings import Settings
from coach.training.plan import Plan
from coach.wiring import stored_files
from coach.wiring.engines import exercise, live_recognizer, live_voice, urgent_phrases, warn_of_unknown_words
from coach.wiring.plans import ChosenPlan
from coach.wiring.recognizers import Warn, begin_to_load
from coach.wiring.recognizers import row_named as recognizer_row
from coach.wiring.servers import find_second_ear, look_after, with_second_ear
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
        if server is None:
            server = SoundServer(settings.devices)
            server.start()
        stack.callback(server.close)
        server.answers()
        child = child or begin_to_load(settings.hearing)
        stack.callback(child.end)
        coach = _LiveCoach(chosen, settings, warn, server, stack)
        coach.listen(child, keep_audio, alive)
        coach.run(observers, links, wishes)


class _LiveCoach:
    """The devices, ears and voice of a live coach, opened in the order of the methods. The stack closes them."""

    def __init__(
        self, chosen: ChosenPlan, settings: Settings, warn: Warn, server: SoundServer, stack: ExitStack
    ) -> None:
        """Open what speaks, and load the exercise."""
        self._chosen, self._settings, self._warn, self._server, self._stack = chosen, settings, warn, server, stack
        self._second_ear = find_second_ear(settings.hearing, warn)
        self._clips, self._voice_process, self._voice_server = live_voice(warn, settings.voice)
        stack.callback(self._voice_process.close)
        self._mixer = Mixer(self._clips.rate)
        # The loudspeaker first, because the sink wakes up while the rest is loaded.
        self._speaker = Speaker(self._mixer, settings.devices.output, settings.output.hiss, server)
        stack.callback(self._speaker.close)
        self._speaker.start(patient=settings.corner.stays)
        self._exercise = exercise(chosen.folder, settings.wake.word, settings.corner.lifters)
        self._pack, self._grammar, _ = self._exercise
        self._greeting = self._pack.prompts["greeting"].say[0]
        if not self._clips.has(self._greeting, Manner.SENTENCE):
            self._voice_process.begin()
            warn("making the voice ready, once: the first words now, the others while you train")

    def listen(self, child: Child, keep_audio: Path | None, alive: Callable[[], None]) -> None:
        """Make what hears, and the threads that look after it; they do not run yet."""
        settings, speaker, grammar = self._settings, self._speaker, self._grammar
        signs = SignsOfLife(alive)
        self._inbox = LiveInbox(speaker.now, signs.of("session"))
        put = self._inbox.put

        def restarted(reason: str, lost: bool) -> None:
            put(HearingRestarted(speaker.now(), reason, lost))

        self._recognizer = live_recognizer(settings.hearing, self._pack, grammar, self._warn, restarted, child)
        rate = self._recognizer.rate
        self._stack.callback(self._recognizer.close)
        self._clips.render(self._greeting, Manner.SENTENCE)
        surroundings = Surroundings(rate)
        self._voice = MixedVoice(self._clips, self._mixer, put, surroundings, settings.output.ceiling)
        self._recording = None
        if keep_audio is not None:
            self._recording = self._stack.enter_context(closing(stored_files.record(keep_audio, rate, self._warn)))
            self._clips.render(self._pack.prompts["sound.kept"].say[0], Manner.SENTENCE)
        self._microphone = Microphone(rate, settings.devices.input, self._server)
        self._stack.callback(self._microphone.close)
        self._microphone.start(patient=settings.corner.stays)
        vocabularies = VocabularyCache(grammar, (self._pack.commands, settings.wake.word), cache_folder())
        self._vocabulary = vocabularies.vocabulary
        self._ears = ThreadedEars(
            self._microphone,
            with_second_ear(self._recognizer, self._second_ear, urgent_phrases(grammar), grammar),
            lambda wanted: vocabularies.vocabulary(wanted.intents, wanted.after_wake_word),
            put,
            speaker.now,
            OwnVoice(self._mixer, rate) if settings.profile.open_speaker else None,
            surroundings,
            None if self._recording is None else self._recording.take,
            signs.ears,
        )
        self._other_players = OtherPlayers(self._server, self._voice, settings.output.music_db)
        self._attendant = Attendant(speaker, self._voice, put, signs.of("attendant"), self._other_players.update)
        self._stack.callback(self._attendant.close)

    def run(self, observers: Sequence[Observer], links: Sequence[Link], wishes: Mapping[str, str]) -> None:
        """Start the threads, join the other programs, and run the sessions."""
        put, now, stack = self._inbox.put, self._speaker.now, self._stack
        parts = SharedParts(self._inbox, put, self._ears, self._voice, self._voice.measure, self._vocabulary)
        sessions = Sessions(self._chosen, self._settings, self._exercise, parts, self._warn, wishes)
        sessions.prepare()
        self._recognizer.wait_until_ready()
        if not recognizer_row(self._recognizer.name).any_word:
            warn_of_unknown_words(self._recognizer, self._grammar.vocabulary(self._grammar.intents), self._warn)
        stack.callback(self._ears.close)
        deaf = self._microphone.lost()
        self._ears.start(deaf is not None)
        stack.callback(_render_ahead(self._clips, self._voice_process, self._pack, sessions.plan))
        access = SessionAccess(lambda text, source: put(Requested(now(), text, source)), now)
        joined = [stack.enter_context(link(access)) for link in links]
        servers = (self._second_ear.server if self._second_ear else None, self._voice_server)
        joined.append(stack.enter_context(look_after(servers, put, now)))
        mute = self._speaker.lost()
        self._attendant.start(mute is not None)
        begins = max(now(), WAKING_SECONDS)
        if self._settings.output.small_sounds:
            joined.insert(0, ChimePlayer(self._voice.sound, self._mixer.rate))
        lost: list[MicrophoneLost | SpeakerLost] = [] if mute is None else [SpeakerLost(begins, mute)]
        lost += [] if deaf is None else [MicrophoneLost(begins, deaf)]
        sessions.run(begins, [*observers, self._other_players.observe, *joined], self._recording is not None, lost)


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
