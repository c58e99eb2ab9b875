"""Decides whether what is said is meant for the coach.

Law: with a wake word, speech without it counts only in four cases: while a set runs, as a safety word, as the answer to
a question of the coach, and in the seconds after the coach has spoken. The coach asks again only where somebody waits
for it (`is_answer_expected`), never in a room in which no lifter has spoken.
"""

from __future__ import annotations

from coach.commands import ListenFor, Manner
from coach.dialogue import policy
from coach.dialogue.context import Context, Scene
from coach.dialogue.continuation import Continuation
from coach.events import Heard

ATTENTION_S = 9.0
"""Seconds after the coach has spoken within which the recogniser must have decided on an utterance that counts without
the wake word: eight seconds to begin to speak, one to be understood."""
_ANNOUNCEMENTS = frozenset({"rest.half", "rest.ten"})
"""Sources of lines that the coach says without being asked, and that ask nobody anything."""


class Attention(Scene):
    """Decides what is listened for, and whether words that were not understood are answered."""

    def __init__(self, context: Context, continuation: Continuation, open_speaker: bool, wake_word: str | None) -> None:
        """`wake_word`: None: all speech is for the coach."""
        super().__init__(context)
        self._end_timer = context.deadlines.timer()
        """When the seconds after the coach's words end."""
        self._continuation = continuation
        self._open_speaker = open_speaker
        self._wake_word = wake_word
        self.greeted_until = 0.0
        """When the greeting will have been said."""
        self.has_understood = False
        """Something that the lifter said was understood."""

    def what_to_hear(self, question_waits: bool, answer_intents: frozenset[str] = frozenset()) -> ListenFor:
        """What is live now. The moment at which this changes by itself becomes a deadline.

        `question_waits`: for yes or no. `answer_intents`: intents that answer the question besides yes and no.
        """
        state = self._workout.state
        live = policy.live_intents(
            self._pack, state, question_waits, answer_intents, self._workout.without_beat, self._workout.several_lifters
        )
        if self._wake_word is None:
            return ListenFor(live)
        ends = self._ends()
        if ends > self._outbox.now:
            self._end_timer.set(ends, _nothing)
            return ListenFor(live, live)
        return ListenFor(policy.without_wake_word(self._pack, live, state) | (live & answer_intents), live)

    def is_answer_expected(self, heard: Heard) -> bool:
        """Whether somebody waits for an answer to an utterance that was not understood.

        Nobody waits in a set, while the platform is brought up, or during the coach's own voice from an open speaker.
        With the wake word, somebody waits only if the utterance begins with it or follows the coach's words. Sound that
        is like no phrase is answered only after the coach's words to a lifter whom the coach has understood before. As
        long as the coach has understood nobody, sound without text that began before the end of the greeting is never
        answered: it is the room's.
        """
        if self._workout.in_set or self._continuation.will_speak:
            return False
        if self._open_speaker and self._saying.floor.is_taken(heard.began):
            return False
        nearest = heard.text or heard.nearest
        if not self.has_understood and not heard.text and heard.began < self.greeted_until:
            return False
        called = nearest.split(" ")[0] == self._wake_word
        after_words = heard.at <= self._ends()
        if self._wake_word is not None:
            return called or (after_words and bool(nearest or self.has_understood))
        return bool(nearest) or (after_words and self.has_understood)

    def _ends(self) -> float:
        """When the coach's last words to the lifter are so long ago that the wake word is needed again."""
        return ATTENTION_S + self._saying.floor.last_end(Manner.SENTENCE, _ANNOUNCEMENTS)


def _nothing(_: float) -> None:
    """Does nothing: after every deadline the conversation decides again what to listen for."""
