"""Devices by the names of a sound server, taken away and given back.

Order and samples are asserted, never milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from coach.adapters.live.attendant import Attendant
from coach.adapters.live.ears import ThreadedEars
from coach.adapters.sound.devices import Microphone, Speaker
from coach.adapters.sound.placement import DeviceKind
from coach.adapters.sound.server import SoundServer as Server
from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.commands import ListenFor
from coach.events import Event, Heard, MicrophoneFound, MicrophoneLost, SpeakerFound, SpeakerLost
from coach.ports import Clip, SoundError
from coach.settings import Devices
from lab.rigs.sound_server import SoundServer
from tests.live.test_portaudio import RATE, LevelRecognizer, Mute, find, noise, vocabulary_of, write_wav

pytestmark = pytest.mark.live

LOST: list[type[Event]] = [MicrophoneLost]
FOUND: list[type[Event]] = [MicrophoneLost, MicrophoneFound]


class Corner:
    """Ears and voice on chosen devices, and what they told."""

    def __init__(self, devices: Devices) -> None:
        self.told: list[Event] = []
        self.server = Server(devices)
        self.server.start()
        assert self.server.answers(30)
        self.mixer = Mixer(RATE)
        self.speaker = Speaker(self.mixer, devices.output, None, self.server)
        self.microphone = Microphone(16000, devices.input, self.server)
        self.recognizer = LevelRecognizer()
        put, now = self.told.append, self.speaker.now
        self.ears = ThreadedEars(self.microphone, self.recognizer, vocabulary_of, put, now)
        self.attendant = Attendant(self.speaker, MixedVoice(Mute(), self.mixer, put), put)

    def begin(self) -> None:
        self.speaker.start(patient=True)
        self.microphone.start(patient=True)
        self.ears.listen_for(ListenFor(frozenset({"stop"})))
        self.attendant.start(self.speaker.lost() is not None)
        self.ears.start(self.microphone.lost() is not None)

    def end(self) -> None:
        for part in (self.attendant, self.ears, self.microphone, self.speaker, self.server):
            part.close()

    def of(self, *kinds: type[Event]) -> list[type[Event]]:
        return [type(one) for one in self.told if type(one) in kinds]

    def microphones(self) -> list[type[Event]]:
        return self.of(MicrophoneLost, MicrophoneFound)

    def speakers(self) -> list[type[Event]]:
        return self.of(SpeakerLost, SpeakerFound)

    def wait(self, holds: Callable[[], bool], what: str) -> None:
        SoundServer.wait_until(holds, f"{what}; told: {self.told}")

    def expect(self, told: Callable[[], list[type[Event]]], events: list[type[Event]]) -> None:
        self.wait(lambda: told() == events, f"expected: {events}")

    def runs(self) -> None:
        self.wait(lambda: self.recognizer.heard > 0 and self.mixer.position > RATE // 2, "sound comes and goes")


@contextmanager
def corner(microphone: str | None = None, loudspeaker: str | None = None) -> Iterator[Corner]:
    one = Corner(Devices(microphone, loudspeaker))
    one.begin()
    try:
        yield one
    finally:
        one.end()


@pytest.fixture
def said(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "said.wav", np.full(4000, 9000, np.int16), 16000)


@pytest.fixture
def plugged(sound: SoundServer) -> Iterator[dict[str, str]]:
    """Two microphones and a second loudspeaker; the modules by name. What a test leaves is taken away."""
    modules = {
        "jabra": sound.plug_in("jabra", "Jabra Speak Mono", microphone=True),
        "webcam": sound.plug_in("webcam", "Webcam C270", microphone=True),
        "box": sound.plug_in("box", "Gym Box", microphone=False),
    }
    yield modules
    for module in modules.values():
        if module:
            sound.unplug(module)
    sound.choose("sink", "speaker")
    sound.choose("source", "feed.monitor")


def pull(sound: SoundServer, plugged: dict[str, str], name: str) -> None:
    sound.unplug(plugged[name])
    plugged[name] = ""


def test_the_named_one_of_two_microphones_is_pulled_and_comes_back_twice(
    sound: SoundServer, plugged: dict[str, str], said: Path
) -> None:
    with corner("jabra speak") as one:
        one.runs()
        for times in (1, 2):
            pull(sound, plugged, "jabra")
            one.expect(one.microphones, FOUND * (times - 1) + LOST)
            heard = one.recognizer.heard
            sound.say_into_microphone(said)
            assert one.recognizer.heard == heard, "the other microphone is not the one that was named"
            plugged["jabra"] = sound.plug_in("jabra", "Jabra Speak Mono", microphone=True)
            one.expect(one.microphones, FOUND * times)
        sound.say_into_microphone(said)
        one.wait(lambda: bool(one.of(Heard)), "it hears again")
    assert one.speakers() == [], one.told


def test_a_microphone_nobody_named_gives_way_to_another_but_not_to_the_loudspeakers_monitor(
    sound: SoundServer, plugged: dict[str, str], said: Path
) -> None:
    pull(sound, plugged, "webcam")
    sound.choose("source", "jabra")
    with corner() as one:
        one.runs()
        spare = sound.plug_in("spare", "Spare", microphone=True)
        pull(sound, plugged, "jabra")
        one.wait(lambda: one.microphones() == FOUND, "the other one hears, and that it is another is told")
        sound.say_into_microphone(said)
        one.wait(lambda: bool(one.of(Heard)), "it hears")
        # What is left are monitors; the server takes that of its usual sink.
        sound.choose("source", "speaker.monitor")
        sound.unplug(spare)
        one.wait(lambda: one.microphones() == [*FOUND, *LOST], "a monitor is no microphone")
        heard = one.recognizer.heard
        one.mixer.place(1, Clip(np.full(RATE // 2, 9000, np.int16), RATE, 0), one.mixer.position)
        one.wait(lambda: one.mixer.is_idle, "the coach has said something")
        assert one.recognizer.heard == heard, "it does not hear itself"
        plugged["jabra"] = sound.plug_in("jabra", "Jabra Speak Mono", microphone=True)
        sound.choose("source", "jabra")
        one.wait(lambda: one.microphones() == [*FOUND, *FOUND], "it is found")


def test_the_systems_choice_is_followed_without_a_word(sound: SoundServer, plugged: dict[str, str], said: Path) -> None:
    mark = noise(2000, seed=21)
    sound.choose("source", "jabra")
    with corner() as one:
        one.runs()
        sound.choose("source", "webcam")
        sound.choose("sink", "box")
        report = one.server

        def moved() -> bool:
            now = report.report
            places = [] if now is None else [now.stream(kind) for kind in DeviceKind]
            names = [
                now.device_with(kind, place[1]) for kind, place in zip(DeviceKind, places, strict=True) if now and place
            ]
            return [one.name for one in names if one is not None] == ["box", "webcam"]

        one.wait(moved, "the streams follow")
        sound.say_into_microphone(said)
        one.wait(lambda: bool(one.of(Heard)), "it hears")
        with sound.record_speaker("box") as recording:
            one.mixer.place(1, Clip(mark, RATE, 0), one.mixer.position)
            one.wait(lambda: find(mark, recording.samples()) is not None, "the other loudspeaker plays")
    assert one.microphones() == one.speakers() == []


def test_the_named_loudspeaker_is_pulled_and_nothing_is_said_on_another(
    sound: SoundServer, plugged: dict[str, str]
) -> None:
    before, meanwhile, after = (noise(2000, seed) for seed in (31, 32, 33))
    with corner(loudspeaker="gym box") as one:
        one.runs()
        with sound.record_speaker() as other:
            with sound.record_speaker("box") as recording:
                one.mixer.place(1, Clip(before, RATE, 0), one.mixer.position)
                one.wait(lambda: find(before, recording.samples()) is not None, "it plays")
            pull(sound, plugged, "box")
            one.wait(lambda: one.speakers() == [SpeakerLost], "it is lost")
            one.mixer.place(2, Clip(meanwhile, RATE, 0), one.mixer.position)
            one.wait(lambda: one.mixer.is_idle, "what is said is said to nobody")
            plugged["box"] = sound.plug_in("box", "Gym Box", microphone=False)
            one.wait(lambda: one.speakers() == [SpeakerLost, SpeakerFound], "it is found")
            with sound.record_speaker("box") as recording:
                one.mixer.place(3, Clip(after, RATE, 0), one.mixer.position)
                one.wait(lambda: find(after, recording.samples()) is not None, "it plays again")
            assert all(find(mark, other.samples()) is None for mark in (before, meanwhile, after))


def test_the_server_dies_hangs_and_comes_back_and_the_named_devices_with_it(sound: SoundServer, said: Path) -> None:
    everything = [SpeakerLost, SpeakerFound]
    sound.plug_in("jabra", "Jabra Speak Mono", microphone=True)
    with corner("jabra", "speaker") as one:
        one.runs()
        sound.end()
        one.wait(lambda: one.microphones() == LOST and one.speakers() == [SpeakerLost], "both are lost")
        sound.begin_again()
        module = sound.plug_in("jabra", "Jabra Speak Mono", microphone=True)
        one.wait(lambda: one.microphones() == FOUND and one.speakers() == everything, "both are found")
        with sound.hanging():
            one.wait(lambda: one.microphones() == [*FOUND, *LOST], "a server that hangs is a loss")
            one.wait(lambda: one.speakers() == [*everything, SpeakerLost], "and is told")
            one.wait(lambda: one.server.hangs, "it is known why")
        one.wait(lambda: one.microphones() == FOUND * 2 and one.speakers() == everything * 2, "both are found")
        sound.say_into_microphone(said)
        one.wait(lambda: bool(one.of(Heard)), "it hears again")
        with sound.hanging():
            one.wait(lambda: one.server.hangs, "it is known")
            ending = Thread(target=one.end, daemon=True)
            ending.start()
            ending.join(25)
            assert not ending.is_alive(), "the coach can end all the same"
    sound.unplug(module)


def test_a_device_that_is_not_there_yet_is_waited_for_or_refused_with_those_there_are(
    sound: SoundServer, plugged: dict[str, str], said: Path
) -> None:
    pull(sound, plugged, "jabra")
    pull(sound, plugged, "box")
    server = Server(Devices("jabra", "gym box"))
    server.start()
    assert server.answers(30)
    with pytest.raises(SoundError, match=r"(?s)'jabra'.*Webcam C270"):
        Microphone(16000, "jabra", server).start()
    with pytest.raises(SoundError, match=r"(?s)'gym box'.*\(speaker\)"):
        Speaker(Mixer(RATE), "gym box", None, server).start()
    server.close()
    with corner("jabra", "gym") as one:
        time.sleep(0.2)
        assert one.told == [], "who begins without devices has been told"
        plugged["box"] = sound.plug_in("box", "Gym Box", microphone=False)
        plugged["jabra"] = sound.plug_in("jabra", "Jabra Speak Mono", microphone=True)
        one.wait(lambda: one.microphones() == [MicrophoneFound] and one.speakers() == [SpeakerFound], "both come")
        sound.say_into_microphone(said)
        one.wait(lambda: bool(one.of(Heard)), "it hears")
