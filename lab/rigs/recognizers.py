"""The recognisers that can hear on this machine."""

from __future__ import annotations

from coach.settings import Hearing
from coach.wiring.recognizers import EMBEDDED, RECOGNIZERS, finding_of


def usable() -> list[Hearing]:
    """A choice for every recogniser that can hear here, the embedded one first."""
    choices = []
    for row in RECOGNIZERS:
        model = row.models.find()
        if model is not None and finding_of(row, model) is None:
            choices.append(Hearing(row.name))
    return sorted(choices, key=lambda one: one.engine != EMBEDDED)
