"""Checks the voice, and the folder of its rendered lines."""

from __future__ import annotations

from collections.abc import Iterator

from coach.adapters.synthesis.clip_store import ClipStore, clip_folder
from coach.commands import Manner
from coach.doctor.examination import Examination
from coach.doctor.finding import Finding, hint, ok
from coach.wiring import voices


def voice(examined: Examination) -> Iterator[Finding]:
    """Whether the voice renders a word. The word is not played."""
    faults: list[str] = []
    chosen = voices.choose(examined.settings.voice, faults.append)
    examined.spoken = chosen.engine.render("Ready.", Manner.SENTENCE)
    # A warning means that another voice speaks, or a server.
    yield from (hint(one) for one in faults)
    if not faults:
        yield ok(f"{chosen.name} speaks ({examined.spoken.length.total:.2f} s of sound)")


def cache(examined: Examination) -> Iterator[Finding]:
    """Whether the folder of rendered lines can be written."""
    ClipStore(voices.choose(examined.settings.voice, lambda _: None).engine).check_writable()
    yield ok(f"rendered lines are kept in {clip_folder()}")
