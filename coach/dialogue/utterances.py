"""When an utterance acts: one law for the live conversation, for `coach hear` and for the benchmarks.

Law: a final acts; a partial acts only on what is urgent. An utterance does not act twice on the same intent. If its
last words no longer mean what it has acted on, it adds only what is urgent. The coach's own voice never acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.commands import ListenFor
from coach.language.grammar import WAKE_INTENT, Grammar, Intent


@dataclass(frozen=True, slots=True)
class MeantIntent:
    """One intent in the words of an utterance."""

    intent: Intent
    urgent: bool
    """A stable partial is enough to act."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Finds what words mean while these intents are live."""

    grammar: Grammar
    live: ListenFor
    is_urgent: Callable[[str], bool]
    """Whether an intent is urgent, by its name; not called for the wake word alone."""
    in_set: bool = False
    """A set runs: words that no template holds act at once if they clearly mean something urgent."""

    def interpret(self, text: str) -> tuple[MeantIntent, ...] | None:
        """The intents in the order in which they were said; empty when nothing is wanted ("okay", "i'm not dizzy").

        None: the words are no live phrase.
        """
        meant = self.grammar.meanings(text, self.live.intents, self.live.after_wake_word)
        if meant is None:
            return None
        urgent = frozenset(one.name for one in meant if one.name != WAKE_INTENT and self.is_urgent(one.name))
        if urgent and self.grammar.is_alone_only(text, self.live.intents):
            # "I can't" alone is a danger, but "i can't feel my hamstrings" may follow.
            urgent = frozenset()
        return tuple(MeantIntent(intent, intent.name in urgent) for intent in meant)

    def find_subject(self, text: str) -> tuple[Intent, bool] | None:
        """What words that no template holds are clearly about, and whether to act now; if not, the coach asks."""
        name = self.grammar.concepts.about(text, self.live.intents)
        return None if name is None else (Intent(name), self.in_set and self.is_urgent(name))


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about one hypothesis."""

    acts: tuple[Intent, ...] = ()
    """Intents to carry out now, in this order."""
    not_understood: bool = False
    """The utterance is over, and none of its hypotheses was understood."""


class UtteranceTracker:
    """Follows the hypotheses of one recogniser in the order in which they come."""

    def __init__(self) -> None:
        self._utterance: int | None = None
        """The last utterance that acted on a partial. If its final never came because the recogniser was replaced, it
        is forgotten when another utterance acts."""
        self._acted: frozenset[str] = frozenset()
        """Names of the intents that this utterance has acted on, as far as its last words still held them."""

    def decide(
        self, utterance: int, meant: tuple[MeantIntent, ...] | None, *, final: bool, own_voice: bool = False
    ) -> Decision:
        """Decide about a partial or a final of an utterance.

        `meant`: None if the words are no live phrase. `own_voice`: the coach heard itself.
        """
        acted = self._acted if utterance == self._utterance else frozenset()
        if final and acted:
            self._utterance, self._acted = None, frozenset()
        if final and meant is None and not acted:
            return Decision(not_understood=True)
        names = {one.intent.name for one in meant or ()}
        nothing_taken_back = final and acted <= names
        acts = tuple(
            one.intent for one in meant or () if one.intent.name not in acted and (one.urgent or nothing_taken_back)
        )
        if own_voice or not acts:
            return Decision()
        if not final:
            self._utterance, self._acted = utterance, frozenset({intent.name for intent in acts} | (acted & names))
        return Decision(acts)
