"""What two ears heard in one utterance, as one answer.

Law: a guess stays a guess. A phrase is believed that both heard; where they heard two that mean different things,
nothing was understood. What only one heard is as sure as it was: the second ear alone is never believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from coach.ports import Hypothesis

AGREED_CONFIDENCE, RESCUED_CONFIDENCE = 0.9, 0.6
"""Confidence of what both heard: where the own ear believed it, sure; where it did not, enough to act, but what would
lose something is asked (`conversation.SURE_CONFIDENCE`)."""


def combined(final: Hypothesis, phrase: str, written: str, alike: Callable[[str, str], bool]) -> Hypothesis:
    """The own ear's final, after the second one wrote `written`, which is the live phrase `phrase`, or none.

    `alike`: whether two phrases mean the same. Safety phrases that were believed are not to be asked about.
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
