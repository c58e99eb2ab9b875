"""Who speaks near is told from the room, with a voice that is said to be there or not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from coach.audio.speech_detector import CHUNK, SpeechDetector
from coach.ports import Pcm

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
    chunks: list[Pcm] = field(default_factory=list)

    def probability(self, chunk: Pcm) -> float:
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
    assert np.array_equal(whole, sound[: len(whole)])
    assert len(sound) - len(whole) < CHUNK
