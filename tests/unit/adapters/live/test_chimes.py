"""When the small sounds come."""

from __future__ import annotations

from coach.adapters.live.chimes import ChimePlayer
from coach.audio.chimes import LISTENING_TONES, UNDERSTOOD_TONES, chime
from coach.commands import Say
from coach.dialogue.conversation import Conversation
from coach.events import Event, Heard, SessionStarted, TimePassed
from coach.ports import Clip
from coach.wiring.engines import exercise
from tests.unit.adapters.synthesis.test_clip_store import Beeper

RATE = 22050


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
    assert same(heart.hear("that's fine", 30.0), UNDERSTOOD_TONES)
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
    assert same(heart.hear("coach", 60.0), LISTENING_TONES)
    assert heart.said == ["Listening."]


def test_what_falls_due_by_itself_does_not_sound() -> None:
    heart = Heart(wake_word=False)
    heart.hear("start set", 30.0)
    for _ in range(200):
        heart.played.clear()
        heart.now += 0.25
        heart.take(TimePassed(heart.now))
        assert heart.played == []
