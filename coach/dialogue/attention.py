"""Whether what is said is meant for the coach.

Law: with a wake word, speech without it counts while a set runs, as a safety word, as the answer the coach waits for,
and in the seconds after the coach has spoken. A reprompt answers somebody: never a room that no lifter has spoken in.
"""

from __future__ import annotations

from coach.commands import ListenFor, Manner
from coach.dialogue import policy
from coach.dialogue.context import Context
from coach.dialogue.going_on import GoingOn
from coach.events import Heard

WINDOW_S = 9.0
"""After the coach has spoken, what is decided until then counts without the wake word: eight seconds to begin to
speak, one to be understood."""
_ANNOUNCEMENTS = frozenset({"rest.half", "rest.ten"})
"""They come by themselves, and nobody is asked anything."""


class Attention:
    """What is listened for, and whether what was not understood is to be answered."""

    def __init__(self, context: Context, going_on: GoingOn, open_speaker: bool, wake_word: str | None) -> None:
        """`wake_word`: None: all talk is for the coach."""
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._window = context.deadlines.timer()
        """The seconds after the coach's words end."""
        self._going_on = going_on
        self._open_speaker = open_speaker
        self._wake_word = wake_word
        self._greeted_until = 0.0
        self._known = False
        """Something of the lifter has been understood."""

    def wanted(self, asked: bool, answers: frozenset[str] = frozenset()) -> ListenFor:
        """What is live now; the moment at which that changes by itself becomes a deadline.

        `asked`: a yes-or-no question waits; `answers`: what else answers it.
        """
        state = self._workout.state
        live = policy.live(self._pack, state, asked, answers, self._workout.moving, self._workout.corner)
        if self._wake_word is None:
            return ListenFor(live)
        closes = self._closes()
        if closes > self._outbox.now:
            self._window.set(closes, _nothing)
            return ListenFor(live, live)
        return ListenFor(policy.without_wake_word(self._pack, live, state) | (live & answers), live)

    def understood(self) -> None:
        """There is a lifter who talks to the coach."""
        self._known = True

    def greeted(self, until: float) -> None:
        """The greeting is over then."""
        self._greeted_until = until

    def expects(self, heard: Heard) -> bool:
        """Whether somebody waits for an answer to this, which was not understood.

        Not in a set, nor where the platform is being brought up, nor over the coach's own voice from an open speaker.
        With the wake word, only what begins with it or follows the coach's words. Sound that is like no phrase is
        answered only after the coach has spoken to a lifter it has understood before, and never when it began before
        the greeting was over: that is the room.
        """
        if self._workout.in_set or self._going_on.will_speak:
            return False
        if self._open_speaker and self._saying.floor.speaking(heard.began):
            return False
        nearest = heard.text or heard.guess
        if not self._known and not heard.text and heard.began < self._greeted_until:
            return False
        called = nearest.split(" ")[0] == self._wake_word
        after_words = heard.at <= self._closes()
        if self._wake_word is not None:
            return called or (after_words and bool(nearest or self._known))
        return bool(nearest) or (after_words and self._known)

    def _closes(self) -> float:
        """When the coach's last words to the lifter are so long ago that the wake word is needed again."""
        return WINDOW_S + self._saying.floor.last_end(Manner.SENTENCE, _ANNOUNCEMENTS)


def _nothing(_: float) -> None:
    """Nothing to do: after every deadline the conversation looks again at what is to be listened for."""
