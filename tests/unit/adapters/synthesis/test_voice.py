"""The voice: where lines and small sounds lie, how loud, and what is reported of a line that fails."""

from __future__ import annotations

import numpy as np

from coach.adapters.synthesis.voice import SOUND_GUARD_S, MixedVoice
from coach.audio.chimes import LISTENING_TONES, UNDERSTOOD_TONES, chime
from coach.audio.mixer import Mixer
from coach.audio.room import LIFTER_LEVEL
from coach.audio.shaping import shaped
from coach.audio.surroundings import Surroundings
from coach.commands import Manner, Say
from coach.events import Event, VoiceFailed
from coach.ports import Clip, Pcm, VoiceError
from tests.unit.adapters.synthesis.test_clip_store import Beeper


class Mute:
    """A synthesiser that cannot speak."""

    rate = 16000

    def render(self, text: str, manner: Manner) -> Clip:
        raise VoiceError(f"no voice for {text!r} as {manner.value}")

    def set_pace(self, percent: int) -> None:
        raise AssertionError(percent)


RATE = 22050
MICROPHONE_RATE = 16_000
CHANCE = np.random.default_rng(5)


def noise(seconds: float, decibels: float) -> Pcm:
    """White noise, this many decibels below the usual lifter between 200 and 4000 Hz."""
    level = LIFTER_LEVEL * 10 ** (-decibels / 20) * np.sqrt(8000 / 3800)
    made: Pcm = np.rint(CHANCE.standard_normal(round(seconds * MICROPHONE_RATE)) * level).astype(np.int16)
    return made


class _Beeps:
    """A synthesiser that has one line."""

    rate = 22_050

    def render(self, text: str, manner: Manner) -> Clip:
        """Two tones, the second one softer."""
        t = np.arange(4000) / self.rate
        tone = np.sin(2 * np.pi * 500 * t)
        return Clip(np.rint(np.concatenate([tone, 0.05 * tone]) * 9000).astype(np.int16), self.rate, 0)

    def set_pace(self, percent: int) -> None:
        """Do nothing: all lines have one pace."""


class Beeps(Beeper):
    """A synthesiser of beeps."""

    def set_pace(self, percent: int) -> None:
        """Do nothing: all words are alike."""


def test_a_line_that_fails_is_told_at_once_not_at_its_own_time() -> None:
    """A failed count that was dated seconds ahead moved the conversation ahead of the clock: deadlines were handled
    early.
    """
    posted: list[Event] = []
    mixer = Mixer(Mute.rate)
    mixer.mix(Mute.rate * 3)
    MixedVoice(Mute(), mixer, posted.append).say(Say(7, 9.0, "hold", Manner.COUNT))
    assert posted == [VoiceFailed(3.0, 7, "no voice for 'hold' as count")]


def test_a_line_is_shaped_for_the_room_in_which_it_is_laid() -> None:
    voice, room = _Beeps(), Surroundings(MICROPHONE_RATE)
    mixer = Mixer(voice.rate)
    speaks = MixedVoice(voice, mixer, lambda _: None, room)
    plain = voice.render("", Manner.COUNT).pcm
    speaks.say(Say(1, 1.0, "hold"))
    room.take(noise(5, 3))
    speaks.say(Say(2, 2.0, "hold"))
    mix = mixer.mix(3 * voice.rate)
    assert np.array_equal(mix[voice.rate :][: len(plain)], plain)
    loud = mix[round(1.9 * voice.rate) : round(2.5 * voice.rate)]
    assert np.abs(loud[loud != 0][-2000:]).max() == np.abs(shaped(plain, voice.rate, 3)[-2000:]).max()


class TestPlace:
    """Where sounds lie on the mixing timeline."""

    def test_it_is_not_laid_over_a_word_nor_close_to_one(self) -> None:
        sound = chime(UNDERSTOOD_TONES, RATE)
        for apart, sounds in ((0.0, False), (0.1, False), (len(sound.pcm) / RATE + SOUND_GUARD_S + 0.01, True)):
            mixer = Mixer(RATE)
            voice = MixedVoice(Beeps(), mixer, lambda _: None)
            onset = Beeper().render("two", Manner.COUNT).length.onset
            voice.say(Say(1, apart + onset, "two", Manner.COUNT))
            voice.sound(sound)
            mixer.mix(3 * RATE)
            assert [over.line_number for over in mixer.finished()] == ([0, 1] if sounds else [1])

    def test_it_sounds_once_the_word_is_over_or_taken_back(self) -> None:
        mixer = Mixer(RATE)
        posted: list[Event] = []
        voice = MixedVoice(Beeps(), mixer, posted.append)
        voice.say(Say(1, 0.1, "two", Manner.COUNT))
        voice.stop(0.0)
        voice.sound(chime(LISTENING_TONES, RATE))
        assert mixer.mix(RATE // 5).any()
        voice.report_finished()
        # Sounds are not reported as lines.
        assert len(posted) == 1

    def test_the_beat_stays_where_it_is(self) -> None:
        plain, watched = Mixer(RATE), Mixer(RATE)
        for mixer in (plain, watched):
            voice = MixedVoice(Beeps(), mixer, lambda _: None)
            voice.say(Say(1, 1.0, "two", Manner.COUNT))
            if mixer is watched:
                voice.sound(chime(UNDERSTOOD_TONES, RATE))
        one, other = plain.mix(2 * RATE), watched.mix(2 * RATE)
        assert np.array_equal(one[RATE // 2 :], other[RATE // 2 :])
        assert other[: RATE // 2].any()
