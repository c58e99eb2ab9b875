"""The table of the coach's voices: what each is called, how it is made.

Law: a new voice is its file below `adapters/` and a row here. A row loads its modules when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.ports import VoiceError
from coach.settings import AUTO

if TYPE_CHECKING:
    from coach.adapters.clip_store import Engine


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One voice."""

    name: str
    """On the command line and in messages."""
    make: Callable[[], Engine | None]
    """The synthesiser; None: it is not installed here. VoiceError, with the remedy: it is, and cannot speak.

    Cheap: what is costly is done by the first `render`.
    """
    missing: str
    """Said when it is asked for by name and is not installed; with the remedy."""


def _espeak() -> Engine:
    from coach.adapters.synthesizer import EspeakSynthesizer

    return EspeakSynthesizer()


VOICES: tuple[VoiceRow, ...] = (
    # Without its library it is made all the same, and the first render raises the remedy.
    VoiceRow("espeak", _espeak, "no espeak-ng: pip install espeakng-loader, or apt install espeak-ng"),
)
"""In the order in which "auto" tries them."""


def names() -> list[str]:
    """What a voice can be called, "auto" first."""
    return [AUTO, *(row.name for row in VOICES)]


def choose(name: str, warn: Callable[[str], None]) -> tuple[str, Engine]:
    """The voice's name and its synthesiser; VoiceError names the remedy.

    "auto" passes over a voice that is damaged, with a warning. One that is asked for by name must be whole.
    """
    if name not in names():
        raise VoiceError(f"no voice {name!r}: choose of {', '.join(names())}")
    faults: list[str] = []
    for row in VOICES:
        if name not in (AUTO, row.name):
            continue
        try:
            made = row.make()
        except VoiceError as fault:
            faults.append(str(fault))
            continue
        if made is None:
            faults += [row.missing] if name == row.name else []
            continue
        for one in faults:
            warn(f"{one}; until then {row.name} speaks")
        return row.name, made
    raise VoiceError(faults[0] if faults else VOICES[-1].missing)
