"""When an utterance acts: the one law for the live conversation, for `coach hear` and for the benchmarks.

Law: a final acts; a partial acts only on what is urgent. An utterance that has acted on a partial acts again only if it
grows into another intent that is urgent. The coach's own voice never acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.commands import ListenFor
from coach.language.grammar import WAKE, Grammar, Intent


@dataclass(frozen=True, slots=True)
class Meant:
    """One intent that the words of an utterance hold."""

    intent: Intent
    urgent: bool
    """A stable partial is enough."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words mean while these intents are live."""

    grammar: Grammar
    live: ListenFor
    is_urgent: Callable[[str], bool]
    """By the intent's name; not asked about the wake word alone."""

    def of(self, text: str) -> tuple[Meant, ...]:
        """The intents in the order in which they were said; empty when the words are no live phrase."""
        intent = self.grammar.understand(text, self.live.intents, self.live.after_wake)
        if intent is None:
            return ()
        return (Meant(intent, intent.name != WAKE and self.is_urgent(intent.name)),)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about one hypothesis."""

    acts: tuple[Intent, ...] = ()
    """Carry these out now, in this order."""
    missed: bool = False
    """The utterance is over and nothing in it was understood, now or before."""


class Utterances:
    """Follows the hypotheses of one recogniser in the order in which they come."""

    def __init__(self) -> None:
        self._utterance: int | None = None
        """The last one that acted on a partial. One whose final never came, because the recogniser was replaced, is
        forgotten when another acts."""
        self._acted: frozenset[str] = frozenset()
        """Names of the intents that it acted on, as far as its last words still held them."""

    def take(self, utterance: int, meant: tuple[Meant, ...], *, final: bool, own: bool = False) -> Decision:
        """Decide about a partial or a final of an utterance. `own`: what was heard is the coach's own voice."""
        acted = self._acted if utterance == self._utterance else frozenset()
        if final and acted:
            self._utterance, self._acted = None, frozenset()
        if final and not (meant or acted):
            return Decision(missed=True)
        calm = final and not acted
        acts = tuple(one.intent for one in meant if one.intent.name not in acted and (one.urgent or calm))
        if own or not acts:
            return Decision()
        if not final:
            names = {one.intent.name for one in meant}
            self._utterance, self._acted = utterance, frozenset({intent.name for intent in acts} | (acted & names))
        return Decision(acts)
