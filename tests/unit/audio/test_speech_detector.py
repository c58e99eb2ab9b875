"""A near speaker is told apart from the room, with a stand-in for the network for voices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from coach.audio.speech_detector import CHUNK, SpeechDetector
from coach.ports import Pcm

FRAME = 320
SECOND = 50
"""Frames in a second."""
NEAR = 2000.0
ROOM = 16.0
LATE = 2
"""Frames until a chunk is complete."""


@dataclass
class Said:
    """A `VoiceNetwork` that finds a voice where the sound is loud enough."""

    least: float = 0.0
    """Root mean square of a chunk with a voice."""
    likely: float = 1.0
    chunks: list[Pcm] = field(default_factory=list)

    def probability(self, chunk: Pcm) -> float:
        self.chunks.append(chunk)
        return self.likely if np.sqrt(np.mean(chunk.astype(np.float64) ** 2)) >= self.least else 0.0


NOBODY = 1e9


def noise(*levels: float, seed: int = 1) -> Pcm:
    """White noise, a second at each level."""
    chance = np.random.default_rng(seed)
    parts = [chance.standard_normal(SECOND * FRAME) * level for level in levels]
    return np.concatenate(parts).clip(-32768, 32767).astype(np.int16)


def talk(*levels: float) -> Pcm:
    """Noise that swings by 8 dB every 0.1 s, as people's talk does."""
    sound = noise(*levels)
    swing = np.repeat(np.resize([1.26, 0.5], len(sound) // (5 * FRAME)), 5 * FRAME)
    swung: Pcm = (sound * swing).astype(np.int16)
    return swung


def votes(sound: Pcm, voicing: Said | None = None) -> list[bool]:
    detector = SpeechDetector(voicing or Said(), FRAME)
    return [detector.is_speech(frame) for frame in sound.reshape(-1, FRAME)]


def test_a_voice_in_a_quiet_room_is_speech_until_it_ends() -> None:
    heard = votes(noise(ROOM, ROOM, NEAR, ROOM), Said(100))
    assert not any(heard[: 2 * SECOND])
    assert all(heard[2 * SECOND + LATE : 3 * SECOND])
    # A frame looks back over half of the frame before.
    assert not any(heard[3 * SECOND + 1 :])


def test_what_is_loud_without_a_voice_is_not_speech() -> None:
    assert not any(votes(noise(ROOM, NEAR, ROOM), Said(NOBODY)))


@pytest.mark.parametrize(("likely", "speech"), [(0.2, False), (0.4, True)])
def test_in_noise_a_likely_voice_is_enough_be_it_no_louder_than_the_noise(likely: float, speech: bool) -> None:
    # The sum of two equal powers is 3 dB higher.
    heard = votes(noise(300, 300, 424, 300), Said(360, likely))
    assert sum(heard[2 * SECOND : 3 * SECOND]) >= 40 * speech
    assert sum(heard) <= (SECOND + 5) * speech


def test_where_others_talk_their_voices_are_not_speech() -> None:
    assert not any(votes(talk(300, 300, 300)))


def test_where_others_talk_a_louder_voice_is_speech() -> None:
    heard = votes(talk(300, 300, 950, 300))
    assert not any(heard[: 2 * SECOND])
    assert sum(heard[2 * SECOND : 3 * SECOND]) > 25
    # The mean of 0.1 s lasts for a moment, and a near voice is held.
    assert not any(heard[3 * SECOND + 10 :])


def after(level: float, frames: int) -> int:
    """Frames of speech after a voice of this many frames at this level, in noise of 300."""
    sound = noise(300, 300, 300)
    first = 2 * SECOND * FRAME
    sound[first : first + frames * FRAME] = noise(level)[: frames * FRAME]
    return sum(votes(sound, Said(600))[2 * SECOND + frames :])


def test_in_noise_the_end_of_a_word_is_held() -> None:
    assert 4 <= after(950, 20) <= 6


def test_a_word_that_stands_out_ends_with_its_sound() -> None:
    assert after(9500, 20) <= 1


def test_a_single_frame_is_not_held() -> None:
    sound = noise(300, 300, 300, 300)
    first = 3 * SECOND * FRAME
    sound[first + 40 : first + 120] *= 8
    assert 1 <= sum(votes(sound)[3 * SECOND :]) <= 2


def test_a_loud_trace_of_a_voice_is_speech() -> None:
    """The trace of a "stop" in a loudspeaker's echo."""
    heard = votes(noise(ROOM, ROOM, NEAR, ROOM), Said(100, likely=0.1))
    assert all(heard[2 * SECOND + LATE : 3 * SECOND])


def test_talk_that_begins_and_never_pauses_becomes_the_room() -> None:
    heard = votes(noise(ROOM, ROOM, *[NEAR] * 3), Said(100))
    assert all(heard[2 * SECOND + LATE : 3 * SECOND])
    assert not any(heard[4 * SECOND :])


def test_after_loud_music_the_quiet_room_is_learnt() -> None:
    """The estimate follows by half a decibel a frame at most: 40 dB in four seconds."""
    heard = votes(noise(NEAR, NEAR, *[ROOM] * 4, 400, ROOM), Said(100, likely=0.0))
    assert not any(heard)
    heard = votes(noise(NEAR, NEAR, *[ROOM] * 4, 400, ROOM), Said(100))
    assert all(heard[6 * SECOND + LATE : 7 * SECOND])


def test_digital_silence_does_not_make_a_quiet_room_loud() -> None:
    assert not any(votes(noise(0, 4)))


def test_where_it_talks_every_sample_is_voiced_once_in_order() -> None:
    sound = talk(300, 300)
    said = Said()
    votes(sound, said)
    whole = np.concatenate(said.chunks)
    assert {len(chunk) for chunk in said.chunks} == {CHUNK}
    assert np.array_equal(whole, sound[: len(whole)])
    assert len(sound) - len(whole) < CHUNK


def test_the_network_sleeps_while_the_room_is_as_always() -> None:
    sound, said = noise(*[ROOM] * 6), Said()
    votes(sound, said)
    assert len(said.chunks) * CHUNK < 0.2 * len(sound)


def test_when_it_wakes_the_network_is_given_what_came_before() -> None:
    sound = noise(ROOM, ROOM, NEAR)
    said = Said()
    votes(sound[: 2 * SECOND * FRAME], said)
    asleep = len(said.chunks)
    said.chunks.clear()
    votes(sound, said)
    after = np.concatenate(said.chunks[asleep:])
    first = len(sound) - len(after) - (len(sound) - len(after)) % FRAME
    begins = 2 * SECOND * FRAME
    assert 0.15 * SECOND * FRAME < begins - first <= 0.2 * SECOND * FRAME
    at = next(at for at in range(begins - 4000, begins) if np.array_equal(sound[at : at + CHUNK], after[:CHUNK]))
    assert np.array_equal(sound[at : at + len(after)], after)


def test_its_level_is_a_mean() -> None:
    detector = SpeechDetector(Said(NOBODY), FRAME)
    levels = []
    for frame in noise(300, 949).reshape(-1, FRAME):
        detector.is_speech(frame)
        levels.append(detector.level)
    assert np.mean(levels[80:]) - np.mean(levels[30:50]) == pytest.approx(10, abs=0.5)
    assert np.std(levels[80:]) < 1
