"""The voice reports a line that it cannot render."""

from __future__ import annotations

from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.commands import Manner, Say
from coach.events import (
    Event,
    VoiceFailed,
)
from coach.ports import Clip, VoiceError


class Mute:
    """A synthesiser that cannot speak."""

    rate = 16000

    def render(self, text: str, manner: Manner) -> Clip:
        raise VoiceError(f"no voice for {text!r} as {manner.value}")

    def set_pace(self, percent: int) -> None:
        raise AssertionError(percent)


def test_a_line_that_fails_is_told_at_once_not_at_its_own_time() -> None:
    """A failed count that was dated seconds ahead moved the conversation ahead of the clock: deadlines were handled
    early.
    """
    posted: list[Event] = []
    mixer = Mixer(Mute.rate)
    mixer.mix(Mute.rate * 3)
    MixedVoice(Mute(), mixer, posted.append).say(Say(7, 9.0, "hold", Manner.COUNT))
    assert posted == [VoiceFailed(3.0, 7, "no voice for 'hold' as count")]
