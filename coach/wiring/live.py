"""A live coach: devices, ears and voice, and one session after another. What is started here is stopped in reverse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from coach.adapters import portaudio
from coach.adapters.attendant import Attendant
from coach.adapters.child_process import Child
from coach.adapters.ears import ThreadedEars
from coach.adapters.inbox import LiveInbox
from coach.adapters.joined_lines import JoinedLines
from coach.adapters.portaudio import WAKING_SECONDS, Microphone, Speaker
from coach.adapters.signs_of_life import SignsOfLife
from coach.adapters.sounds import Sounds
from coach.adapters.voice import MixedVoice
from coach.adapters.voice_process import VoiceProcess
from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.audio.surroundings import Surroundings
from coach.commands import Manner
from coach.content.model import Pack
from coach.dialogue.conversation import NOTHING_WANTED
from coach.events import HearingRestarted, Requested
from coach.ports import Link, Observer, Reach, VoiceError
from coach.settings import Settings
from coach.training.plan import Plan
from coach.wiring import kept
from coach.wiring.engines import exercise, live_recognizer, live_voice, urgent_phrases, warn_of_unknown_words
from coach.wiring.helpers import helped, look_after, second_ear
from coach.wiring.plans import Chosen
from coach.wiring.recognizers import Warn, begin_to_load
from coach.wiring.recognizers import of as recognizer_row
from coach.wiring.sessions import Parts, Sessions
from coach.wiring.usual_lines import first_lines, later_lines

QUIET_S = 3.0
"""In which a session begins: what is kept is not looked through meanwhile."""
SETTINGS = Settings()


def why_not_live() -> str | None:
    """None when there is a microphone and a loudspeaker; else one line."""
    return portaudio.available()


def coach_live(
    chosen: Chosen,
    settings: Settings = SETTINGS,
    observers: Sequence[Observer] = (),
    warn: Warn = lambda _: None,
    links: Sequence[Link] = (),
    child: Child | None = None,
    keep_audio: Path | None = None,
    wishes: Mapping[str, str] = NOTHING_WANTED,
    alive: Callable[[], None] = lambda: None,
) -> None:
    """Until the lifter ends the workout, or for ever (`settings.corner`); WorldError when it cannot begin or go on.

    `links`: join other programs to it. `child`: loads the recogniser already. `keep_audio`: the folder where the sound
    of the microphone is kept. `wishes`: preferences that win over those kept. `alive` is called while ears, session and
    loudspeaker are all at work; the first time, the coach listens.
    """
    with ExitStack() as stack:
        child = child or begin_to_load(settings.hearing)
        stack.callback(child.end)
        helper = second_ear(settings.hearing, warn)
        clips, rendering, speaking = live_voice(warn, settings.voice)
        stack.callback(rendering.close)
        mixer = Mixer(clips.rate)
        # First of all: the sink wakes while the rest is loaded.
        speaker = Speaker(mixer, settings.devices.output, settings.output.floor)
        stack.callback(speaker.close)
        speaker.start()
        pack, grammar, usual = exercise(chosen.folder, settings.wake.word, settings.corner.lifters)
        greeting = pack.prompts["greeting"].say[0]
        if not clips.keeps(greeting, Manner.SENTENCE):
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
            recording = kept.record(keep_audio, hears.rate, warn)
            stack.callback(recording.close)
            clips.render(pack.prompts["sound.kept"].say[0], Manner.SENTENCE)
        open_speaker = settings.profile.open_speaker
        microphone = Microphone(hears.rate, settings.devices.input)
        ears = ThreadedEars(
            microphone,
            helped(hears, helper, urgent_phrases(grammar), grammar),
            lambda wanted: grammar.vocabulary(wanted.intents, wanted.after_wake),
            inbox.put,
            speaker.now,
            OwnVoice(mixer, hears.rate) if open_speaker else None,
            surroundings,
            None if recording is None else recording.take,
            signs.ears,
        )
        attendant = Attendant(speaker, speaks, inbox.put, signs.of("attendant"))
        for part in (microphone, attendant):
            stack.callback(part.close)
            part.start()
        parts = Parts(inbox, inbox.put, ears, speaks, speaks.measure)
        sessions = Sessions(chosen, settings, (pack, grammar, usual), parts, warn, wishes)
        sessions.prepare()
        hears.wait_until_ready()
        if not recognizer_row(hears.name).any_word:
            warn_of_unknown_words(hears, grammar.vocabulary(grammar.intents), warn)
        stack.callback(ears.close)
        ears.start()
        stack.callback(_render_ahead(clips, rendering, pack, sessions.plan))
        reach = Reach(lambda text, source: inbox.put(Requested(speaker.now(), text, source)), speaker.now)
        joined = [stack.enter_context(link(reach)) for link in links]
        joined += [
            stack.enter_context(look_after((helper.server if helper else None, speaking), inbox.put, speaker.now))
        ]
        sounds = [Sounds(speaks.sound, mixer.rate)] if settings.output.sounds else []
        sessions.run(max(speaker.now(), WAKING_SECONDS), [*observers, *sounds, *joined], recording is not None)


def _render_ahead(clips: JoinedLines, rendering: VoiceProcess, pack: Pack, plan: Plan) -> Callable[[], None]:
    """Renders what may be said in a thread of its own, the first minute's before all else; returns what ends it."""
    stop = Flag()

    def render() -> None:
        if clips.keeps(pack.prompts["greeting"].say[0], Manner.SENTENCE) and stop.wait(QUIET_S):
            return
        try:
            clips.prepare(first_lines(pack, plan), stop.is_set)
            rendering.step_back()
            clips.prepare(later_lines(pack), stop.is_set)
        except VoiceError as fault:
            logging.getLogger(__name__).warning("%s", fault)

    thread = Thread(target=render, name="rendering", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end
