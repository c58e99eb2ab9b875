"""Small sounds: when they come, and never over a word; and the inaudible hiss."""

from __future__ import annotations

import numpy as np
import pytest

from coach.adapters.live.chimes import ChimePlayer
from coach.adapters.synthesis.voice import SOUND_GUARD_S, MixedVoice
from coach.audio.chimes import LISTENING, UNDERSTOOD, chime, hiss
from coach.audio.loudness import loudness
from coach.audio.mixer import Mixer
from coach.commands import Manner, Say
from coach.dialogue.conversation import Conversation
from coach.events import Event, Heard, SessionStarted, TimePassed
from coach.ports import Clip, Pcm
from coach.wiring.engines import exercise
from tests.unit.adapters.synthesis.test_clip_store import Beeper

RATE = 22050


class Beeps(Beeper):
    """A synthesiser of beeps."""

    def set_pace(self, percent: int) -> None:
        """Do nothing: all words are alike."""


class Heart:
    """A conversation with the small sounds beside it."""

    def __init__(self, wake_word: bool) -> None:
        pack, grammar, plan = exercise()
        self.played: list[Clip] = []
        self.said: list[str] = []
        self.watch = ChimePlayer(self.played.append, RATE)
        self.talk = Conversation(
            pack, grammar, plan, lambda text, manner: Beeper().render(text, manner).length, wake_word=wake_word
        )
        self.now = 0.0
        self.utterance = 0
        self.take(SessionStarted(0.0))

    def take(self, event: Event) -> None:
        self.watch(event)
        for command in self.talk.receive(event):
            self.watch(command)
            if isinstance(command, Say):
                self.said.append(command.text)
        self.watch(self.talk.snapshot())

    def hear(self, text: str, after: float) -> list[Clip]:
        """The clips that sound when the text is said."""
        self.now += after
        self.utterance += 1
        self.take(TimePassed(self.now))
        self.played.clear()
        self.said.clear()
        self.take(Heard(self.now, self.now - 0.5, text, 0.9, self.utterance, final=True))
        return list(self.played)


def same(clips: list[Clip], tones: tuple[tuple[float, float], ...]) -> bool:
    return [clip.pcm.tolist() for clip in clips] == [chime(tones, RATE).pcm.tolist()]


def test_what_is_understood_without_an_answer_sounds() -> None:
    heart = Heart(wake_word=False)
    # The words ask for nothing.
    assert same(heart.hear("that's fine", 30.0), UNDERSTOOD)
    assert heart.said == []


def test_what_is_answered_does_not() -> None:
    heart = Heart(wake_word=False)
    assert heart.hear("how deep should i go", 30.0) == []
    assert heart.said
    assert heart.hear("gibberish", 30.0) == []
    # Silence is wanted.
    assert heart.hear("stop", 1.0) == []


def test_the_name_alone_sounds_before_the_word() -> None:
    heart = Heart(wake_word=True)
    assert same(heart.hear("coach", 60.0), LISTENING)
    assert heart.said == ["Listening."]


def test_what_falls_due_by_itself_does_not_sound() -> None:
    heart = Heart(wake_word=False)
    heart.hear("start set", 30.0)
    for _ in range(200):
        heart.played.clear()
        heart.now += 0.25
        heart.take(TimePassed(heart.now))
        assert heart.played == []


class TestPlace:
    """Where sounds lie on the mixing timeline."""

    def test_it_is_not_laid_over_a_word_nor_close_to_one(self) -> None:
        sound = chime(UNDERSTOOD, RATE)
        for apart, sounds in ((0.0, False), (0.1, False), (len(sound.pcm) / RATE + SOUND_GUARD_S + 0.01, True)):
            mixer = Mixer(RATE)
            voice = MixedVoice(Beeps(), mixer, lambda _: None)
            onset = Beeper().render("two", Manner.COUNT).length.onset
            voice.say(Say(1, apart + onset, "two", Manner.COUNT))
            voice.sound(sound)
            mixer.mix(3 * RATE)
            assert [over.line for over in mixer.finished()] == ([0, 1] if sounds else [1])

    def test_it_sounds_once_the_word_is_over_or_taken_back(self) -> None:
        mixer = Mixer(RATE)
        posted: list[Event] = []
        voice = MixedVoice(Beeps(), mixer, posted.append)
        voice.say(Say(1, 0.1, "two", Manner.COUNT))
        voice.stop(0.0)
        voice.sound(chime(LISTENING, RATE))
        assert mixer.mix(RATE // 5).any()
        voice.report()
        # Sounds are not reported as lines.
        assert len(posted) == 1

    def test_the_beat_stays_where_it_is(self) -> None:
        plain, watched = Mixer(RATE), Mixer(RATE)
        for mixer in (plain, watched):
            voice = MixedVoice(Beeps(), mixer, lambda _: None)
            voice.say(Say(1, 1.0, "two", Manner.COUNT))
            if mixer is watched:
                voice.sound(chime(UNDERSTOOD, RATE))
        one, other = plain.mix(2 * RATE), watched.mix(2 * RATE)
        assert np.array_equal(one[RATE // 2 :], other[RATE // 2 :])
        assert other[: RATE // 2].any()


@pytest.mark.parametrize("tones", [LISTENING, UNDERSTOOD])
def test_sounds_are_soft_short_and_do_not_click(tones: tuple[tuple[float, float], ...]) -> None:
    clip = chime(tones, RATE)
    assert loudness(clip.pcm, RATE) == pytest.approx(-30, abs=0.2)
    assert clip.length.total <= 0.2
    assert np.abs(clip.pcm[[0, -1]]).max() < 10
    assert clip.pcm.tolist() == chime(tones, RATE).pcm.tolist()


@pytest.mark.parametrize("decibels", [-80.0, -60.0])
def test_the_hiss_is_as_loud_as_told(decibels: float) -> None:
    noise: Pcm = hiss(decibels, RATE)
    assert 10 * np.log10(np.mean(noise.astype(float) ** 2) / 32768**2) == pytest.approx(decibels, abs=0.2)
    # No block of the hiss is digital silence.
    assert all(block.any() for block in np.split(noise, RATE // 50))
