"""In the gym corner the coach hears itself: no command phrase within the coach's own lines acts, in any state."""

from __future__ import annotations

import pytest

from coach.commands import Command, ListenFor
from coach.events import Heard, SessionStarted
from lab.rigs.echo import commands_in
from lab.rigs.said_lines import SaidLine
from lab.rigs.talk import GRAMMAR, Talk, plan_of

TALKS = {
    "setup and questions": [
        "set up",
        *["next", "why"] * 8,
        "next",
        "what can i say",
        "how many to go",
        "what set is this",
    ],
    "settings": ["ninety kilos", "ten reps", "three sets", "rest ninety seconds", "tempo four one two", "talk slower"],
    "the set": ["start set", "my back lifted", "what can i say", "continue", "pause", "how many left", "finish set"],
    "rest and end": [
        "start set",
        "finish set",
        "what can i say",
        "skip rest",
        "end workout",
        "no",
        "start set",
        "stop",
    ],
    "not understood": ["bananas", "apples", "skip rest", "i'm stuck", "it hurts", "what can i say"],
    "a whole plan": ["start set", "", "", "", "start set", "", "", "what can i say"],
}


class Parrot:
    """Says back every command that stands in a line of the coach, while the line sounds."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.said: set[str] = set()
        self._done: set[int] = set()
        self._utterance = 5000

    def listen(self, seconds: float) -> None:
        """Let time pass, with echo."""
        until = self.talk.now + seconds
        while line := self._next(until):
            self._done.add(line.say.line_number)
            self.talk.wait_until(max(self.talk.now, min(line.begins + 0.3, line.ends)))
            # In every state: a phrase that is not live must not even be answered.
            for phrase in sorted(commands_in(line.say.text, GRAMMAR, GRAMMAR.intents, GRAMMAR.intents)):
                self.said.add(phrase)
                for final in (False, True):
                    assert self._echo(line, phrase, final) == [], (line.say.text, phrase, self.talk.state)
        self.talk.wait_until(until)

    def _next(self, until: float) -> SaidLine | None:
        lines = (
            line for line in self.talk.lines if line.say.line_number not in self._done and line.ends > self.talk.now
        )
        coming = min(lines, key=lambda line: line.begins, default=None)
        if coming is None or coming.begins > until:
            due = self.talk.conversation.next_deadline()
            if due is None or due > until:
                return None
            self.talk.wait_until(due)
            return self._next(until)
        return coming

    def _echo(self, line: SaidLine, phrase: str, final: bool) -> list[Command]:
        self._utterance += final
        heard = Heard(self.talk.now, max(line.begins, 0.0), phrase, 1.0, self._utterance, final)
        return [one for one in self.talk.receive(heard) if not isinstance(one, ListenFor)]


@pytest.mark.parametrize("wake_word", [False, True])
@pytest.mark.parametrize("name", TALKS)
def test_the_coachs_own_words_do_nothing(name: str, wake_word: bool) -> None:
    talk = Talk(plan_of(reps=2, sets=2, rest=40), open_speaker=True, wake_word=wake_word, greeted=False)
    talk.receive(SessionStarted(0.0))
    parrot = Parrot(talk)
    parrot.listen(6)
    for words in TALKS[name]:
        if words:
            talk.hears(f"coach {words}" if wake_word else words)
        parrot.listen(12)
    # The greeting alone names two commands, and the hint names the wake word.
    assert len(parrot.said) >= 2 + wake_word
