"""Who speaks near is told from the room, with a voice that is said to be there or not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from coach.audio.speech_detector import SpeechDetector
from coach.audio.voice_network import CHUNK, SHAPES, VoiceNetwork
from coach.ports import HearingError, Pcm

FRAME = 320
SECOND = 50
"""Frames."""
NEAR = 2000.0
ROOM = 16.0


@dataclass
class Said:
    """Says there is a voice from one sample to another."""

    start: int = 0
    end: int = 1 << 30
    chunks: list[npt.NDArray[np.float32]] = field(default_factory=list)

    def probability(self, chunk: npt.NDArray[np.float32]) -> float:
        self.chunks.append(chunk)
        return float(self.start <= (len(self.chunks) - 1) * CHUNK < self.end)


def noise(*levels: float, seed: int = 1) -> Pcm:
    """White, a second at each level."""
    chance = np.random.default_rng(seed)
    parts = [chance.standard_normal(SECOND * FRAME) * level for level in levels]
    return np.concatenate(parts).clip(-32768, 32767).astype(np.int16)


def votes(sound: Pcm, voicing: Said | None = None) -> list[bool]:
    detector = SpeechDetector(voicing or Said(), FRAME)
    return [detector.is_speech(frame) for frame in sound.reshape(-1, FRAME)]


def test_a_voice_that_stands_out_is_speech_until_it_ends() -> None:
    heard = votes(noise(ROOM, NEAR, ROOM))
    assert not any(heard[:SECOND])
    assert all(heard[SECOND + 1 : 2 * SECOND])
    # A frame looks back over half of the one before.
    assert not any(heard[2 * SECOND + 1 :])


def test_what_is_loud_without_a_voice_is_not_speech() -> None:
    assert not any(votes(noise(ROOM, NEAR, ROOM), Said(end=0)))


def test_a_voice_no_louder_than_the_room_is_not_speech() -> None:
    assert not any(votes(noise(300, 400, 300)))


def test_a_voice_ten_decibels_above_the_room_is_speech() -> None:
    heard = votes(noise(300, 300, 950, 300))
    assert all(heard[2 * SECOND + 1 : 3 * SECOND])
    assert sum(heard) <= SECOND + 1


def test_a_voice_is_known_a_chunk_later() -> None:
    heard = votes(noise(ROOM, NEAR, NEAR), Said(start=2 * SECOND * FRAME))
    assert 0 <= heard.index(True) - 2 * SECOND <= 2


def test_talk_that_begins_and_never_pauses_becomes_the_room() -> None:
    heard = votes(noise(ROOM, *[NEAR] * 3))
    assert all(heard[SECOND + 1 : 2 * SECOND])
    assert not any(heard[3 * SECOND :])


def test_after_loud_music_the_room_is_learnt_anew() -> None:
    """Half a decibel a frame at most: 40 dB in four seconds."""
    heard = votes(noise(NEAR, NEAR, *[ROOM] * 4, 400, ROOM), Said(start=6 * SECOND * FRAME - CHUNK))
    assert heard[6 * SECOND + 2 : 7 * SECOND] == [True] * (SECOND - 2)


def test_digital_silence_does_not_make_a_quiet_room_loud() -> None:
    assert not any(votes(noise(0, 4)))


def test_every_sample_is_voiced_once_in_order() -> None:
    sound = noise(ROOM)
    said = Said()
    votes(sound, said)
    whole = np.concatenate(said.chunks)
    assert {len(chunk) for chunk in said.chunks} == {CHUNK}
    assert np.array_equal(whole, sound[: len(whole)].astype(np.float32) / 32768)
    assert len(sound) - len(whole) < CHUNK


def weights() -> dict[str, npt.NDArray[np.float32]]:
    chance = np.random.default_rng(5)
    return {name: (chance.standard_normal(shape) * 0.1).astype(np.float32) for name, shape in SHAPES.items()}


def chunks() -> list[npt.NDArray[np.float32]]:
    return list(np.random.default_rng(6).standard_normal((6, CHUNK)).astype(np.float32) * 0.1)


def convolved(
    values: npt.NDArray[np.float64], layer: int, stride: int, given: dict[str, npt.NDArray[np.float32]]
) -> npt.NDArray[np.float64]:
    """Columns, features -> columns, features, written out tap by tap."""
    kernel = given[f"_model.encoder.{layer}.reparam_conv.weight"]
    padded = np.pad(values, ((1, 1), (0, 0)))
    columns = [sum(kernel[:, :, tap] @ padded[at + tap] for tap in range(3)) for at in range(0, len(values), stride)]
    sums: npt.NDArray[np.float64] = np.array(columns) + given[f"_model.encoder.{layer}.reparam_conv.bias"]
    return np.maximum(sums, 0.0)


def test_the_network_is_what_its_layers_say() -> None:
    given = weights()
    network = VoiceNetwork(given)
    window: npt.NDArray[np.float64] = np.hanning(257)[:-1]
    context: npt.NDArray[np.float32] = np.zeros(64, np.float32)
    hidden: npt.NDArray[np.float64] = np.zeros(128)
    memory: npt.NDArray[np.float64] = np.zeros(128)
    for chunk in chunks():
        sound = np.concatenate((context, chunk, chunk[::-1][1:65]))
        context = chunk[-64:]
        values = np.array([np.abs(np.fft.rfft(sound[at : at + 256] * window)) for at in (0, 128, 256, 384)])
        for layer, stride in enumerate((1, 2, 2, 1)):
            values = convolved(values, layer, stride, given)
        gates = given["_model.decoder.rnn.weight_ih"] @ values[0] + given["_model.decoder.rnn.bias_ih"]
        gates += given["_model.decoder.rnn.weight_hh"] @ hidden + given["_model.decoder.rnn.bias_hh"]
        enter, keep, leave = (1 / (1 + np.exp(-gates[part : part + 128])) for part in (0, 128, 384))
        memory = keep * memory + enter * np.tanh(gates[256:384])
        hidden = leave * np.tanh(memory)
        out = np.maximum(hidden, 0) @ given["_model.decoder.decoder.2.weight"]
        expected = 1 / (1 + np.exp(-(out + given["_model.decoder.decoder.2.bias"])))
        assert network.probability(chunk) == pytest.approx(float(expected), abs=1e-5)


def test_a_reset_network_answers_as_new() -> None:
    network = VoiceNetwork(weights())
    first = [network.probability(chunk) for chunk in chunks()]
    assert [network.probability(chunk) for chunk in chunks()] != first
    network.reset()
    assert [network.probability(chunk) for chunk in chunks()] == first


def test_other_weights_are_refused_by_name() -> None:
    given = weights()
    given["_model.decoder.rnn.bias_hh"] = np.zeros(3, np.float32)
    with pytest.raises(HearingError, match=r"'_model.decoder.rnn.bias_hh' has the shape \(3,\)"):
        VoiceNetwork(given)
    del given["_model.decoder.rnn.bias_hh"]
    with pytest.raises(HearingError, match="None"):
        VoiceNetwork(given)
