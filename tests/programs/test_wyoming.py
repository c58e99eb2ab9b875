"""Remote ears and a remote voice, with servers of the real `wyoming` package: reachable, gone, hanging and back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.files.sound import read_speech
from coach.adapters.recognition import helped_recognizer
from coach.adapters.recognition.helped_recognizer import HelpedRecognizer
from coach.adapters.synthesis.clip_store import ClipStore, VoiceAwayError
from coach.adapters.synthesis.espeak import EspeakSynthesizer
from coach.adapters.wyoming import recognizer as wyoming_ears
from coach.adapters.wyoming import server as wyoming_server
from coach.adapters.wyoming import voice as wyoming_voice
from coach.adapters.wyoming.address import parse
from coach.adapters.wyoming.client import Connection, ServerError, resolve
from coach.adapters.wyoming.recognizer import WyomingSecondEar, transcribe
from coach.adapters.wyoming.server import Server
from coach.adapters.wyoming.voice import WyomingSynthesizer, keep_identity, synthesize, try_voice
from coach.commands import Manner
from coach.events import Event, HelperFound, HelperLost, SessionStarted
from coach.language.phrases import WordGraph, automaton
from coach.language.transcripts import phrase_of
from coach.ports import HearingError, Pcm, VoiceError
from coach.settings import AUTO, Hearing, Settings
from coach.wiring import engines, servers, voices
from coach.wiring.rehearsing import VOICES
from lab.rigs.wyoming_server import Process, free_port, running

RATE = 22_050
STOP = VOICES / "kal-stop.flac"
LIVE = WordGraph(automaton([("stop",)]))


@pytest.fixture(scope="module")
def server() -> Iterator[Process]:
    with running("asr", "tts") as one:
        yield one


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the client wait tenths of a second instead of minutes."""
    monkeypatch.setattr(wyoming_server, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(wyoming_server, "FIRST_SECONDS", 0.05)
    monkeypatch.setattr(wyoming_server, "START_SECONDS", 0.4)
    monkeypatch.setattr(wyoming_voice, "HURRY_TIMEOUT_S", 0.4)


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "not within 10 s"
        time.sleep(0.01)


def _sound(file: Path) -> Pcm:
    return read_speech(file, wyoming_ears.RATE)


def _synthesizer(process: Process, rate: int = RATE) -> WyomingSynthesizer:
    server = Server(parse(process.address), "tts", try_voice, 5.0)
    return WyomingSynthesizer(server, rate, server.find())


def test_words_and_speech_come_from_a_real_server(server: Process) -> None:
    at = resolve(parse(server.address))
    with Connection(at, 5.0) as connection:
        assert phrase_of(transcribe(connection, _sound(STOP)), LIVE) == "stop"
    with Connection(at, 5.0) as connection:
        pcm, rate = synthesize(connection, "Three. Two. One.")
    assert rate == RATE
    assert 0.5 < len(pcm) / rate < 3


def test_a_server_tells_who_it_is(server: Process) -> None:
    address = parse(server.address)
    assert Server(address, "asr", try_voice, 1.0).find() == "moonshine 1"
    assert Server(address, "tts", try_voice, 1.0).find() == "espeak 1"
    with pytest.raises(wyoming_server.WrongServerError, match="it offers no wake, only asr, tts"):
        Server(address, "wake", try_voice, 1.0).find()


def test_an_utterance_is_heard_by_both(server: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is asked about every final that is not sure: here every one without safety words. A server that hears
    too little does not make the coach understand less.
    """
    monkeypatch.setattr(helped_recognizer, "SURE_CONFIDENCE", 1.01)
    pack, grammar, _ = engines.exercise()
    messages: list[str] = []
    hears = engines.recognizer(Hearing(server.address), pack, grammar, messages.append)
    try:
        assert isinstance(hears, HelpedRecognizer)
        address = f"127.0.0.1:{server.port}"
        assert messages == [f"what is said here is sent to {address}, if this computer does not understand it"]
        hears.listen_for(grammar.vocabulary(frozenset({"Stop", "StartSet"})))
        quiet = np.zeros(16_000, np.int16)
        asked = []
        for name in ("stop", "start-set"):
            heard = hears.hear(np.concatenate([quiet, _sound(VOICES / f"slt-{name}.flac"), quiet]))
            assert [one.text for one in heard if one.final] == [name.replace("-", " ")]
            question = hears._second_ear._question  # type: ignore[attr-defined]
            asked.append(question and question.words)
        assert asked[0] is None
        assert asked[1]
    finally:
        hears.close()


@pytest.mark.parametrize("manner", list(Manner))
def test_what_it_says_is_a_clip_like_any_other(server: Process, manner: Manner) -> None:
    """The clip is trimmed and levelled and has an onset; a count fits its beat, although the server knows no beats."""
    text = "Rep twenty seven." if manner is Manner.COUNT else "Hips down."
    clip = _synthesizer(server, 16_000).render(text, manner)
    own = EspeakSynthesizer(rate=16_000).render(text, manner)
    assert clip.rate == 16_000
    assert 0 <= clip.onset < len(clip.pcm)
    assert manner is Manner.SENTENCE or clip.length.total <= 0.65
    levels = [np.sqrt(np.mean(one.pcm.astype(float) ** 2)) for one in (clip, own)]
    assert 0.6 < levels[0] / levels[1] < 1.6


def test_a_line_is_rendered_once_and_spoken_while_the_server_is_gone(server: Process, tmp_path: Path) -> None:
    lines = engines.voice(lambda _: None, server.address, tmp_path)
    clip = lines.render("Brace.", Manner.SENTENCE)
    gone = f"wyoming://127.0.0.1:{free_port()}"
    messages: list[str] = []
    other = engines.voice(messages.append, gone, tmp_path / "other")
    assert other.render("Brace.", Manner.COUNT).rate == clip.rate
    assert "is it running? until it is, this computer does without" in messages[0]
    with running("tts") as second:
        kept = engines.voice(lambda _: None, second.address, tmp_path).render("Hold.", Manner.COUNT)
        second.kill()
        again = engines.voice(lambda _: None, second.address, tmp_path)
        assert np.array_equal(again.render("Hold.", Manner.COUNT).pcm, kept.pcm)
        own = engines.voice(lambda _: None, AUTO, tmp_path).render("Push.", Manner.COUNT)
        assert np.array_equal(again.render("Push.", Manner.COUNT).pcm, own.pcm)


def test_what_another_voice_says_meanwhile_is_not_kept_as_the_servers(server: Process, tmp_path: Path) -> None:
    remote = _synthesizer(server)
    clips = ClipStore(remote, tmp_path, stand_in=ClipStore(EspeakSynthesizer(), tmp_path))
    remote._server.lose("it was pulled")
    clips.render("Push.", Manner.COUNT)
    assert not clips.has("Push.", Manner.COUNT)
    assert ClipStore(EspeakSynthesizer(), tmp_path).has("Push.", Manner.COUNT)


def test_gone_is_told_once_and_so_is_back() -> None:
    happened: list[Event] = []
    with running("tts") as process:
        voice = Server(parse(process.address), "tts", try_voice, 5.0)
        voice.find()
        with servers.look_after([voice, None], happened.append, lambda: 7.0) as observer:
            observer(SessionStarted(7.0))
            observer(SessionStarted(7.0))
            process.kill()
            _until(lambda: bool(happened))
            time.sleep(0.3)
            (lost,) = happened
            assert isinstance(lost, HelperLost)
            assert lost.reason.startswith(f"the voice at 127.0.0.1:{process.port}: ")
            process.start()
            _until(lambda: len(happened) > 1)
            assert happened == [lost, HelperFound(7.0)]
            assert WyomingSynthesizer(voice, RATE, "").render("Brace.", Manner.SENTENCE).rate == RATE


def test_a_server_that_hangs_is_waited_for_twice_and_no_more() -> None:
    with running("asr", "tts") as process:
        ears = WyomingSecondEar(parse(process.address), 0.3)
        ears.server.find()
        voice = _synthesizer(process)
        process.pause()
        for _ in range(2):
            assert ears.server.gone is None
            assert _words(ears) is None
            with pytest.raises(VoiceAwayError, match="does not answer in time"):
                voice.render("Brace.", Manner.SENTENCE)
        assert ears.server.gone
        began = time.monotonic()
        assert ears.ask(_sound(STOP)) is None
        with pytest.raises(VoiceAwayError):
            voice.render("Brace.", Manner.SENTENCE)
        assert time.monotonic() - began < 0.1


def test_killed_in_the_middle_of_an_utterance_and_of_a_line() -> None:
    with running("asr", "tts") as process:
        ears = WyomingSecondEar(parse(process.address), 5.0)
        ears.server.find()
        voice = _synthesizer(process).for_later()
        process.pause()
        with ThreadPoolExecutor() as pool:
            line = pool.submit(voice.render, "Brace.", Manner.SENTENCE)
            question = ears.ask(_sound(STOP))
            time.sleep(0.2)
            process.kill()
            assert question is not None
            assert question.answered.wait(10)
            assert question.words is None
            with pytest.raises(VoiceAwayError, match="cannot be used"):
                line.result()
        assert ears.server.gone


def _words(ears: WyomingSecondEar) -> str | None:
    """What the server hears in "stop", when it has answered or given up."""
    question = ears.ask(_sound(STOP))
    assert question is not None
    assert question.answered.wait(10)
    return question.words


def test_wrong_addresses_are_one_line() -> None:
    pack, grammar, _ = engines.exercise()
    for engine, remedy in (
        ("wyoming://pi", "names no port; write wyoming://HOST:PORT"),
        (f"wyoming://127.0.0.1:{free_port()}", "start it, or choose another --engine"),
    ):
        with pytest.raises(HearingError, match=remedy) as error:
            engines.recognizer(Hearing(engine), pack, grammar, print)
        assert "\n" not in str(error.value)
    with pytest.raises(VoiceError, match="names no port; write wyoming://HOST:PORT"):
        voices.choose("wyoming://pi", print)


def test_a_server_that_cannot_do_it_ends_the_start() -> None:
    with running("tts") as process, pytest.raises(HearingError, match="it offers no asr, only tts; choose another"):
        servers.find_second_ear(Hearing(process.address), print)


def test_both_are_tried_for_the_doctor(server: Process) -> None:
    settings = Settings(hearing=Hearing(server.address), voice=server.address)
    ears, voice = servers.try_servers(settings)
    assert ears[0]
    assert ears[1].startswith(f"the ears at 127.0.0.1:{server.port} (moonshine 1) did a test in ")
    assert voice[0]
    gone = f"wyoming://127.0.0.1:{free_port()}"
    told = [*servers.try_servers(Settings(hearing=Hearing(gone), voice="wyoming://pi"))]
    assert [good for good, _ in told] == [False, False]
    assert "connection refused; start it or name another" in told[0][1]
    assert "names no port" in told[1][1]
    assert [*servers.try_servers(Settings())] == []


def test_all_must_be_back_before_that_is_told() -> None:
    happened: list[Event] = []
    ears, voice = (Server(parse("wyoming://pi:1"), service, try_voice, 1.0) for service in ("asr", "tts"))
    for one in (ears, voice):
        one._gone = None
    with servers.look_after([ears, voice], happened.append, lambda: 7.0) as observer:
        observer(SessionStarted(0.0))
        tell = [one._watchers[0] for one in (ears, voice)]
        for told in tell:
            told("it hung up")
        tell[0](None)
        assert [type(one) for one in happened] == [HelperLost, HelperLost]
        tell[1](None)
        assert happened[2:] == [HelperFound(7.0)]


def test_who_a_server_is_is_known_while_it_is_gone(tmp_path: Path) -> None:
    address = parse("wyoming://pi:10200?voice=joe")
    folder = tmp_path / "new"
    assert keep_identity(folder, address, "") == ""
    assert keep_identity(folder, address, "piper 2.5") == "piper 2.5"
    assert keep_identity(folder, address, "") == "piper 2.5"
    assert keep_identity(folder, parse("wyoming://pi:10200?voice=amy"), "") == ""


def test_nobody_connects_where_nothing_is_named() -> None:
    assert servers.find_second_ear(Hearing(AUTO), pytest.fail) is None
    assert servers.remote_voice(AUTO, RATE, Path(), pytest.fail) is None
    with pytest.raises(ServerError, match="nobody has asked for it yet"):
        Server(parse("wyoming://pi:1"), "asr", try_voice, 1.0).open(1.0)
