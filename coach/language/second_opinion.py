"""Combines what the own recogniser and a second one heard in one utterance.

Law: a phrase that both recognisers heard is accepted. If they heard phrases of different meanings, nothing was
understood. What only the own recogniser heard keeps its confidence. The second ear alone is never accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from coach.ports import Hypothesis

AGREED_CONFIDENCE, RESCUED_CONFIDENCE = 0.9, 0.6
"""Confidence of a phrase that both recognisers heard: if the own one accepted it, and if the own one rejected it. The
second value is enough to act, but a command that would lose something is confirmed first
(`conversation.SURE_CONFIDENCE`)."""


def combined(final: Hypothesis, phrase: str, written: str, alike: Callable[[str, str], bool]) -> Hypothesis:
    """The own recogniser's final, changed by what the second ear wrote.

    `written`: the second ear's text. `phrase`: the live phrase in that text, or empty. `alike`: whether two
    phrases mean the same. Do not call this for accepted safety phrases: they need no second opinion.
    """
    own = final.text or final.nearest
    if not phrase or not own:
        return final
    if alike(own, phrase):
        sure = max(AGREED_CONFIDENCE, final.confidence) if final.text else RESCUED_CONFIDENCE
        return replace(final, text=own, confidence=sure, nearest="", reason="", free_text="")
    if not final.text:
        return final
    return replace(final, text="", nearest=own, reason=f"another ear heard {written.strip()[:60]!r}", free_text="")
