"""A live session. What is started here is stopped here, in reverse."""

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
from coach.adapters.sounds import Sounds
from coach.adapters.voice import MixedVoice
from coach.adapters.voice_process import VoiceProcess
from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.audio.surroundings import Surroundings
from coach.commands import Manner
from coach.content.model import Pack
from coach.dialogue import policy
from coach.dialogue.conversation import NOTHING_WANTED, Conversation
from coach.dialogue.states import State
from coach.events import HearingRestarted, SessionStarted
from coach.ports import Observer, VoiceError
from coach.session import Ports, run
from coach.settings import AUTO, Devices, Hearing, Output, Profile
from coach.training.plan import Plan
from coach.wiring import kept
from coach.wiring.engines import exercise, live_recognizer, live_voice, warn_of_unknown_words
from coach.wiring.journal import begin as begin_journal
from coach.wiring.journal import history
from coach.wiring.past import before
from coach.wiring.plans import Chosen
from coach.wiring.recognizers import Warn, begin_to_load
from coach.wiring.recognizers import of as recognizer_row
from coach.wiring.usual_lines import first_lines, later_lines

OUTPUT = Output()
QUIET_S = 3.0
"""In which a session begins: what is kept is not looked through meanwhile."""


def why_not_live() -> str | None:
    """None when there is a microphone and a loudspeaker; else one line."""
    return portaudio.available()


def coach_live(
    chosen: Chosen,
    hearing: Hearing,
    devices: Devices,
    profile: Profile,
    observers: Sequence[Observer],
    warn: Warn,
    voice_name: str = AUTO,
    child: Child | None = None,
    output: Output = OUTPUT,
    keep_audio: Path | None = None,
    wishes: Mapping[str, str] = NOTHING_WANTED,
) -> None:
    """A live session until the lifter ends it; WorldError when it cannot begin.

    `child`: loads the recogniser already. `keep_audio`: the folder where the sound of the microphone is kept.
    `wishes`: preferences that win over those kept.
    """
    with ExitStack() as stack:
        child = child or begin_to_load(hearing)
        stack.callback(child.end)
        clips, rendering = live_voice(warn, voice_name)
        stack.callback(rendering.close)
        mixer = Mixer(clips.rate)
        # First of all: the sink wakes while the rest is loaded.
        speaker = Speaker(mixer, devices.output, output.floor)
        stack.callback(speaker.close)
        speaker.start()
        pack, grammar, usual = exercise(chosen.folder)
        greeting = pack.prompts["greeting"].say[0]
        if not clips.keeps(greeting, Manner.SENTENCE):
            rendering.begin()
            warn("making the voice ready, once: the first words now, the others while you train")
        inbox = LiveInbox(speaker.now)

        def restarted(reason: str, lost: bool) -> None:
            inbox.put(HearingRestarted(speaker.now(), reason, lost))

        hears = live_recognizer(hearing, pack, grammar, warn, restarted, child)
        stack.callback(hears.close)
        clips.render(greeting, Manner.SENTENCE)
        surroundings = Surroundings(hears.rate)
        speaks = MixedVoice(clips, mixer, inbox.put, surroundings)
        recording = None
        if keep_audio is not None:
            recording = kept.record(keep_audio, hears.rate, warn)
            stack.callback(recording.close)
            clips.render(pack.prompts["sound.kept"].say[0], Manner.SENTENCE)
        microphone = Microphone(hears.rate, devices.input)
        ears = ThreadedEars(
            microphone,
            hears,
            lambda wanted: grammar.vocabulary(wanted.intents, wanted.after_wake),
            inbox.put,
            speaker.now,
            OwnVoice(mixer, hears.rate) if profile is Profile.SPEAKER else None,
            surroundings,
            None if recording is None else recording.take,
        )
        attendant = Attendant(speaker, speaks, inbox.put)
        for part in (microphone, attendant):
            stack.callback(part.close)
            part.start()
        open_speaker = profile is Profile.SPEAKER
        plan, past, wanted = before(history(), pack.id, chosen.over(usual), chosen.options, warn)
        # What is heard first is compiled while the recogniser is loaded: 0.1 s.
        asked = past.left is not None or (past.asks and not plan.name)
        first = policy.live(pack, State.IDLE, asked=asked)
        grammar.vocabulary(first, first if open_speaker else frozenset())
        hears.wait_until_ready()
        if not recognizer_row(hears.name).any_word:
            warn_of_unknown_words(hears, grammar.vocabulary(grammar.intents), warn)
        stack.callback(ears.close)
        ears.start()
        stack.callback(_render_ahead(clips, rendering, pack, plan))
        inbox.put(SessionStarted(max(speaker.now(), WAKING_SECONDS), recording is not None))
        conversation = Conversation(
            pack,
            grammar,
            plan,
            speaks.measure,
            open_speaker,
            wake_word=open_speaker,
            past=past,
            wanted={**wanted, **wishes},
            machine=chosen.machine,
        )
        journal = begin_journal(inbox.put)
        stack.callback(journal.close)
        sounds = [Sounds(speaks.sound, mixer.rate)] if output.sounds else []
        run(conversation, Ports(inbox, ears, speaks, journal), [*observers, *sounds])


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
