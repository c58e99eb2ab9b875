"""Real streams on a private sound server: order and samples are asserted, never milliseconds."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from coach.adapters.live.attendant import LOOK_S, Attendant
from coach.adapters.live.ears import ThreadedEars
from coach.adapters.live.inbox import LiveInbox
from coach.adapters.sound.devices import WAKING_SECONDS, Microphone, Speaker
from coach.adapters.sound.streams import devices_missing, list_devices
from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import FinishedClip, Mixer
from coach.commands import ListenFor, Manner
from coach.events import (
    Event,
    Heard,
    HearingFailed,
    MicrophoneFound,
    MicrophoneLost,
    SpeakerFound,
    SpeakerLost,
    SpeechFinished,
    TimePassed,
)
from coach.ports import Automaton, Clip, Hypothesis, Pcm, SoundError, Vocabulary
from lab.rigs.sound_server import SoundServer

pytestmark = pytest.mark.live

RATE = 22050


class Mute:
    """A synthesiser that is never asked for a line."""

    rate = RATE

    def render(self, text: str, manner: Manner) -> Clip:
        raise AssertionError(text)

    def set_pace(self, percent: int) -> None:
        raise AssertionError(percent)


class LevelRecognizer:
    """Hears `loud` in a second of sound above a level, and fails when it must listen for `nonsense`."""

    name = "level"
    rate = 16000

    def __init__(self) -> None:
        self.heard = 0
        self.utterance = 0
        self.began: int | None = None
        self.vocabularies: list[Vocabulary] = []
        self.closed = False

    def listen_for(self, vocabulary: Vocabulary) -> None:
        if "nonsense" in vocabulary.phrases:
            raise RuntimeError("cannot compile 'nonsense'")
        self.vocabularies.append(vocabulary)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        assert len(pcm) <= 2 * self.rate // 50, "small blocks"
        first, self.heard = self.heard, self.heard + len(pcm)
        loud = bool((abs(pcm.astype(int)) > 3000).any())
        if loud and self.began is None:
            self.began, self.utterance = first, self.utterance + 1
            return [self._hypothesis("loud", final=False)]
        if not loud and self.began is not None:
            final = self._hypothesis("loud", final=True)
            self.began = None
            return [final]
        return []

    def _hypothesis(self, text: str, *, final: bool) -> Hypothesis:
        assert self.began is not None
        return Hypothesis(self.utterance, text, self.began / self.rate, self.heard / self.rate, 1.0, final)

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return ()

    def reset(self) -> None:
        self.heard = self.utterance = 0
        self.began = None

    def close(self) -> None:
        self.closed = True


def vocabulary_of(wanted: ListenFor) -> Vocabulary:
    return Vocabulary(tuple(sorted(wanted.intents)), Automaton(0, 0, ()))


def noise(samples: int, seed: int) -> Pcm:
    return np.random.default_rng(seed).integers(-12000, 12000, samples, dtype=np.int16)


def write_wav(path: Path, pcm: Pcm, rate: int) -> Path:
    """Write half a second of silence, then the sound: a sound server may swallow what comes while it wakes."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(rate) + pcm.tobytes())
    return path


def find(pattern: Pcm, within: Pcm) -> int | None:
    """Where the pattern begins; None when it is not there sample for sample, with a tolerance of one step
    of rounding.
    """
    if len(within) < len(pattern):
        return None
    size = 1 << (len(within) + len(pattern)).bit_length()
    spectrum = np.fft.rfft(within.astype(float), size) * np.conj(np.fft.rfft(pattern.astype(float), size))
    at = int(np.argmax(np.fft.irfft(spectrum, size)[: len(within) - len(pattern) + 1]))
    off = abs(within[at : at + len(pattern)].astype(int) - pattern.astype(int)).max()
    return at if off <= 1 else None


@contextmanager
def speaking() -> Iterator[tuple[Mixer, Speaker]]:
    mixer = Mixer(RATE)
    speaker = Speaker(mixer)
    speaker.start()
    try:
        yield mixer, speaker
    finally:
        speaker.close()


class Collector:
    """Collects the events that the ears put."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@contextmanager
def listening(recognizer: LevelRecognizer, now: Callable[[], float]) -> Iterator[tuple[ThreadedEars, Collector]]:
    collector = Collector()
    microphone = Microphone()
    ears = ThreadedEars(microphone, recognizer, vocabulary_of, collector.events.append, now)
    microphone.start()
    try:
        ears.start()
        yield ears, collector
    finally:
        ears.close()
        microphone.close()


def test_the_devices_are_there(sound: SoundServer) -> None:
    assert devices_missing() is None
    assert "default" in list_devices()


def test_an_unknown_device_is_refused_with_the_ones_there_are(sound: SoundServer) -> None:
    with pytest.raises(SoundError, match=r"(?s)'kettle'.*pulse"):
        Microphone(device="kettle").start()
    with pytest.raises(SoundError, match=r"(?s)'kettle'.*pulse"):
        Speaker(Mixer(RATE), device="kettle").start()


def test_clips_leave_as_far_apart_as_they_were_laid(sound: SoundServer) -> None:
    first, second, third = (noise(2000, seed) for seed in (1, 2, 3))
    with speaking() as (mixer, _), sound.record_speaker() as recording:
        sound.wait_until(lambda: mixer.position > RATE // 2, "the device runs")
        at = mixer.position + RATE // 2
        mixer.place(2, Clip(second, RATE, 0), at + 12345)
        mixer.place(1, Clip(first, RATE, 0), at)
        mixer.place(3, Clip(third, RATE, 0), at + 12345 + 2001)
        sound.wait_until(lambda: find(third, recording.samples()) is not None, "the last clip was recorded")
        pcm = recording.samples()
        assert mixer.finished() == [
            FinishedClip(1, at + 2000, 2000, 2000),
            FinishedClip(2, at + 14345, 2000, 2000),
            FinishedClip(3, at + 16346, 2000, 2000),
        ]
    begins = [find(clip, pcm) for clip in (first, second, third)]
    assert begins[0] is not None
    assert begins == [begins[0], begins[0] + 12345, begins[0] + 12345 + 2001]


def test_a_cut_silences(sound: SoundServer) -> None:
    mark = noise(2000, seed=9)
    with speaking() as (mixer, _), sound.record_speaker() as recording:
        mixer.place(1, Clip(np.full(30 * RATE, 8000, np.int16), RATE, 0), 0)
        mixer.place(2, Clip(np.full(RATE, 8000, np.int16), RATE, 0), 31 * RATE)
        sound.wait_until(lambda: bool((recording.samples() == 8000).any()), "the line sounds")
        mixer.cut(441)
        sound.wait_until(lambda: mixer.is_idle, "both lines are over")
        ended = mixer.finished()
        mixer.place(3, Clip(mark, RATE, 0), 0)
        sound.wait_until(lambda: find(mark, recording.samples()) is not None, "what is said afterwards sounds")
        pcm = recording.samples()
    assert [(end.line_number, end.heard_samples > 0) for end in ended] == [(2, False), (1, True)]
    at = find(mark, pcm)
    assert at is not None
    last_full = int(np.flatnonzero(pcm[:at] == 8000)[-1])
    assert (np.diff(pcm[last_full : last_full + 442].astype(int)) <= 0).all()
    assert not pcm[last_full + 441 : at].any()


def hear(microphone: Microphone, sound: SoundServer, wav: Path) -> tuple[Pcm, list[int]]:
    """All samples until a second after `wav` was played, and the number of each block's first sample."""
    player = Thread(target=sound.say_into_microphone, args=(wav,))
    samples: list[Pcm] = []
    firsts: list[int] = []
    microphone.start()
    try:
        after = 0
        while after < microphone.rate:
            block = microphone.take(timeout=30)
            assert block is not None, "the microphone fell silent"
            samples.append(block.pcm)
            firsts.append(block.first)
            if player.ident is None:
                player.start()
            after += 0 if player.is_alive() else len(block.pcm)
    finally:
        microphone.close()
    return np.concatenate(samples), firsts


def test_the_microphone_gives_every_sample(sound: SoundServer, tmp_path: Path) -> None:
    said = noise(16000, seed=4)
    microphone = Microphone()
    heard, firsts = hear(microphone, sound, write_wav(tmp_path / "said.wav", said, 16000))
    assert find(said, heard) is not None
    assert firsts == list(range(0, len(heard), 320))
    assert microphone.overflows == 0


def test_a_device_that_refuses_the_rate_is_resampled(sound: SoundServer, tmp_path: Path) -> None:
    """No device takes 200 kHz, so this device is opened at its own rate."""
    tone = (8000 * np.sin(np.arange(32000) * 2 * np.pi * 1010 / 16000)).astype(np.int16)
    heard, firsts = hear(Microphone(rate=200_000), sound, write_wav(tmp_path / "tone.wav", tone, 16000))
    assert firsts == sorted(firsts)
    loud = np.flatnonzero(abs(heard.astype(int)) > 4000)
    assert abs(loud[-1] - loud[0] - 400_000) < 400, "two seconds, as they were played"
    spectrum = abs(np.fft.rfft(heard.astype(float)))
    assert abs(np.argmax(spectrum) * 200_000 / len(heard) - 1010) < 2


def test_the_clock_counts_the_samples_that_left(sound: SoundServer) -> None:
    with speaking() as (mixer, speaker):
        times = [speaker.now()]
        while mixer.position < 2 * RATE:
            times.append(speaker.now())
            time.sleep(0.001)
        assert times[0] == 0.0
        assert times == sorted(times)
        assert abs(mixer.position / RATE - times[-1]) < 1.0, "no more apart than a busy machine explains"


def test_a_speaker_that_is_unplugged_is_noticed_and_found_again(sound: SoundServer) -> None:
    mark = noise(2000, seed=6)
    with speaking() as (mixer, speaker):
        sound.wait_until(lambda: speaker.lost() is None and mixer.position > RATE // 2, "the device runs")
        mixer.place(1, Clip(np.full(60 * RATE, 1, np.int16), RATE, 0), 0)
        sound.unplug_all()
        try:
            sound.wait_until(lambda: speaker.lost() is not None, "the loss is noticed")
            at_loss = speaker.now()
            sound.wait_until(lambda: speaker.lost() is not None and speaker.now() > at_loss + 0.5, "the clock goes on")
            mixer.place(2, Clip(mark, RATE, 0), 0)
            assert speaker.lost() is not None
            ended = mixer.finished()
            assert [end.line_number for end in ended] == [1, 2], "nothing waits for a device that is not there"
            assert ended[1].heard_samples == 0
            assert abs(mixer.position / RATE - speaker.now()) < 0.5
        finally:
            sound.plug_in_all(sleepy=True)

        def found() -> bool:
            speaker.reopen()
            return speaker.lost() is None

        sound.wait_until(found, "it is found again")
        with sound.record_speaker() as recording:
            mixer.place(3, Clip(mark, RATE, 0), 0)
            sound.wait_until(lambda: find(mark, recording.samples()) is not None, "it sounds again")
    sound.unplug_all()
    sound.plug_in_all()


@pytest.mark.parametrize("floor", [None, -60.0])
def test_the_floor_stands_in_place_of_digital_silence(sound: SoundServer, floor: float | None) -> None:
    mixer = Mixer(RATE)
    speaker = Speaker(mixer, hiss_dbfs=floor)
    speaker.start()
    try:
        sound.wait_until(lambda: speaker.lost() is None and mixer.position > RATE // 2, "the device runs")
        with sound.record_speaker() as recording:
            sound.wait_until(lambda: len(recording.samples()) > 44100, "a second of it")
            played = recording.samples()[-22050:].astype(float)
    finally:
        speaker.close()
    if floor is None:
        assert not played.any()
    else:
        # The server resamples and the band becomes wider: most of the power stays.
        assert 10 * np.log10(np.mean(played**2) / 32768**2) == pytest.approx(floor, abs=4)


def test_who_is_told_that_the_speaker_is_back_may_speak_at_once(sound: SoundServer) -> None:
    """The first word waits until a device that was asleep is awake."""
    told: list[Event] = []
    runs: list[float] = []
    with speaking() as (mixer, speaker):
        sound.wait_until(lambda: speaker.lost() is None and mixer.position > RATE // 2, "the device runs")
        attendant = Attendant(speaker, MixedVoice(Mute(), mixer, told.append), told.append)
        attendant.start()
        try:
            sound.unplug_all()
            try:
                sound.wait_until(lambda: any(isinstance(one, SpeakerLost) for one in told), "the loss is told")
            finally:
                sound.plug_in_all(sleepy=True)

            def back() -> bool:
                if speaker.lost() is None:
                    runs.append(speaker.now())
                else:
                    runs.clear()
                return any(isinstance(one, SpeakerFound) for one in told)

            sound.wait_until(back, "it is told that it is back")
        finally:
            attendant.close()
    [found] = [one for one in told if isinstance(one, SpeakerFound)]
    assert found.at - runs[0] >= WAKING_SECONDS - 2 * LOOK_S
    sound.unplug_all()
    sound.plug_in_all()


def test_ears_hear_lose_and_find_the_microphone(sound: SoundServer, tmp_path: Path) -> None:
    said = write_wav(tmp_path / "said.wav", np.full(8000, 9000, np.int16), 16000)
    recognizer = LevelRecognizer()
    with speaking() as (_, speaker), listening(recognizer, speaker.now) as (ears, collector):
        ears.listen_for(ListenFor(frozenset({"rest"})))
        ears.listen_for(ListenFor(frozenset({"stop", "ready"})))
        sound.wait_until(lambda: recognizer.heard > 0, "sound comes")
        sound.say_into_microphone(said)
        sound.wait_until(lambda: len(collector.of(Heard)) >= 2, "the word was heard")
        sound.suspend_microphone(True)
        sound.wait_until(lambda: bool(collector.of(MicrophoneLost)), "the silence is reported")
        sound.suspend_microphone(False)
        sound.wait_until(lambda: bool(collector.of(MicrophoneFound)), "it is found again")
        sound.say_into_microphone(said)
        sound.wait_until(lambda: len(collector.of(Heard)) >= 4, "the word was heard again")
        assert speaker.lost() is None
    assert recognizer.closed
    assert recognizer.vocabularies[-1].phrases == ("ready", "stop")
    kinds = [type(event) for event in collector.events]
    assert kinds == [Heard, Heard, MicrophoneLost, MicrophoneFound, Heard, Heard]
    times = [event.at for event in collector.events]
    assert times == sorted(times)
    heard = [event for event in collector.events if isinstance(event, Heard)]
    assert [(event.text, event.utterance, event.final) for event in heard] == [
        ("loud", 1, False),
        ("loud", 1, True),
        ("loud", 2, False),
        ("loud", 2, True),
    ]
    for partial, final in (heard[:2], heard[2:]):
        assert partial.began <= partial.at
        # On the session's clock the word is as long as in samples, with a tolerance of one block at either end.
        assert abs(final.at - final.began - 0.5) < 0.05


def test_a_recogniser_that_fails_is_reported(sound: SoundServer) -> None:
    recognizer = LevelRecognizer()
    with listening(recognizer, lambda: 3.5) as (ears, collector):
        ears.listen_for(ListenFor(frozenset({"nonsense"})))
        sound.wait_until(lambda: bool(collector.events), "the failure is reported")
    assert collector.events == [HearingFailed(3.5, "RuntimeError: cannot compile 'nonsense'")]
    assert recognizer.closed


def test_the_inbox_keeps_time_on_the_speaker_clock(sound: SoundServer) -> None:
    with speaking() as (_, speaker):
        inbox = LiveInbox(speaker.now)
        inbox.put(SpeechFinished(0.3, line_number=1, played=0.2, length=0.2))
        inbox.put(MicrophoneFound(0.0))
        assert inbox.next(None) == MicrophoneFound(0.0)
        assert inbox.next(0.2) == TimePassed(0.2)
        inbox.put(MicrophoneLost(0.1, "late"))
        assert inbox.next(None) == MicrophoneLost(0.2, "late"), "time does not go back"
        assert inbox.next(0.4) == SpeechFinished(0.3, line_number=1, played=0.2, length=0.2)
        assert speaker.now() >= 0.3, "an event waits for its time"
        Thread(target=inbox.put, args=(MicrophoneFound(0.0),)).start()
        assert inbox.next(1000.0) == MicrophoneFound(0.3)
