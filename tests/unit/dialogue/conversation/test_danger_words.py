"""A danger word silences everything in every state."""

from __future__ import annotations

import pytest

from coach.commands import FADE_S
from coach.dialogue.saying import DANGER_LINES
from coach.dialogue.states import State
from lab.rigs.talk import talk_in

LEADS_TO = {"stop": "stopped", "i'm stuck": "stuck", "it hurts": "hurt", "i feel dizzy": "hurt"}
OPEN = {"set", "break", "correcting", "paused", "stopped"}
"""States in which a set has begun and is not over."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("words", LEADS_TO)
@pytest.mark.parametrize("final", [True, False])
def test_a_danger_word_silences_everything_in_every_state(state: State, words: str, final: bool) -> None:
    talk = talk_in(state)
    before = talk.state
    if state != "set":
        talk.hears("how deep")
    placed = talk.lines[-1].say.line_number
    talk.hears(words, final=final)
    if words == "stop":
        assert talk.state == ("stopped" if state in OPEN else before)
    elif words == "i'm stuck":
        assert talk.state == ("stuck" if state in OPEN | {"stuck", "hurt"} else before)
    else:
        assert talk.state == "hurt"
    for line in talk.lines:
        assert line.ends <= talk.now + FADE_S + 1e-9 or line.say.line_number > placed or line.say.source in DANGER_LINES
    at = talk.now
    talk.wait(600)
    assert talk.counts_since(at) == []
