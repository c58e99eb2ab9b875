"""The table of the coach's voices: what each is called, how it is made.

Law: a new voice is a module below `adapters/` and a row here. A row loads its modules when `make` is called.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from coach.adapters.files.folders import cache_folder
from coach.adapters.files.model_folders import folder_to_fetch_into
from coach.adapters.synthesis import mac_voice
from coach.adapters.synthesis.clip_store import clip_folder
from coach.adapters.synthesis.piper import voices as piper_voices
from coach.adapters.synthesis.piper.voices import PiperVoice
from coach.adapters.wyoming.address import is_address
from coach.ports import VoiceError
from coach.settings import AUTO
from coach.wiring.models import PROJECT, Progress
from coach.wiring.servers import RemoteVoice, remote_voice

if TYPE_CHECKING:
    from coach.adapters.synthesis.clip_store import Engine
    from coach.adapters.synthesis.piper.catalogue import PublicVoice


ADDRESS_VARIABLE = "COACH_VOICES"
"""Environment variable that names another address with Piper's voices, laid out as at Piper's own: voices.json and
the files that it lists."""


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One voice that is installed."""

    name: str
    """Name on the command line and in messages."""
    make: Callable[[], Engine]
    """Make the synthesiser. VoiceError, with the remedy: it cannot speak.

    This is cheap: the first `render` does what is costly.
"""


@dataclass(frozen=True, slots=True)
class ChosenVoice:
    """The voice that speaks, and what may speak instead of it."""

    name: str
    engine: Engine
    make_spare: Callable[[], Engine] | None
    """Makes the engine that speaks, at the same rate, if `engine` is damaged; None: no other engine exists."""
    server: RemoteVoice | None = None
    """A server that speaks instead of `engine` while it is reachable; None: the setting names no server."""


def _espeak(rate: int | None = None) -> Engine:
    from coach.adapters.synthesis.espeak import RATE, EspeakSynthesizer

    return EspeakSynthesizer(rate=rate or RATE)


def _piper(voice: PiperVoice) -> Engine:
    from coach.adapters.synthesis.piper.synthesizer import PiperSynthesizer

    _need_piper()
    return PiperSynthesizer(voice)


def _need_piper() -> None:
    if any(find_spec(package) is None for package in ("piper", "onnxruntime")):
        raise VoiceError(
            "Piper is missing: pip install piper-tts; where it has no wheel, as on 32-bit ARM, espeak speaks"
        )


def _mac() -> Engine:
    from coach.adapters.synthesis.mac_voice import MacSynthesizer

    return MacSynthesizer()


MAC = VoiceRow("mac", _mac)
"""The Mac's own voice, on a Mac only."""
ESPEAK = VoiceRow("espeak", _espeak)
"""Can be made without its library; the first render then raises VoiceError with the remedy."""


def voices() -> list[VoiceRow]:
    """All installed voices, in the order in which "auto" tries them."""
    found = piper_voices.installed(PROJECT)
    piper = (VoiceRow(voice.name, partial(_piper, voice)) for voice in found)
    return [*piper, *([MAC] if mac_voice.is_available() else []), ESPEAK]


@dataclass(frozen=True, slots=True)
class ListedVoice:
    """A voice for people to choose."""

    name: str
    language: str
    size: int
    """Bytes of its files."""
    licence: str
    state: str
    """"good", or what is wrong with it; empty for one that can be fetched."""


def installed() -> list[ListedVoice]:
    """All voices that are installed, in the order in which "auto" tries them."""
    from coach.adapters.synthesis.piper.catalogue import licence

    listed = [
        ListedVoice(
            voice.name,
            piper_voices.language_of(voice),
            voice.model.stat().st_size if voice.model.exists() else 0,
            licence(piper_voices.model_card(voice)),
            piper_voices.finding(voice) or "good",
        )
        for voice in piper_voices.installed(PROJECT)
    ]
    if mac_voice.is_available():
        listed.append(ListedVoice(MAC.name, "as in the settings", 0, "Apple's, for use on a Mac", "good"))
    return [*listed, ListedVoice(ESPEAK.name, "English (United States)", 0, "GPL-3.0-or-later", "good")]


def fetchable(*, renew: bool = False) -> list[ListedVoice]:
    """Piper's public English voices that are not installed; VoiceError when no list is kept and no network exists."""
    here = {voice.name for voice in piper_voices.installed(PROJECT)}
    return [
        ListedVoice(voice.name, voice.language, voice.size, voice.licence, "")
        for voice in _public_voices(renew=renew)
        if voice.name not in here
    ]


def fetch(name: str, progress: Progress) -> Path:
    """Fetch one of Piper's public voices; VoiceError in one line."""
    from coach.adapters.synthesis.piper import catalogue as piper_catalogue

    found = next((voice for voice in _public_voices(renew=False) if voice.name == name), None)
    # The list that was kept may be older than the voice.
    found = found or next((voice for voice in _public_voices(renew=True) if voice.name == name), None)
    if found is None:
        raise VoiceError(f"Piper has no public English voice {name!r}: coach voices lists them")
    return piper_catalogue.fetch(found, _address(), folder_to_fetch_into(PROJECT), progress)


def _public_voices(*, renew: bool) -> tuple[PublicVoice, ...]:
    from coach.adapters.synthesis.piper.catalogue import catalogue

    return catalogue(_address(), cache_folder(), renew=renew)


def _address() -> str:
    if named := os.environ.get(ADDRESS_VARIABLE):
        return named.rstrip("/") + "/"
    _need_piper()
    from coach.adapters.synthesis.piper.driver import public_voices_url

    return public_voices_url()


def names() -> list[str]:
    """Names that a voice may have in a setting, "auto" first."""
    return [AUTO, *(row.name for row in voices())]


def choose(name: str, warn: Callable[[str], None], folder: Path | None = None) -> ChosenVoice:
    """The voice of this name; VoiceError when none has that name.

    If a voice is damaged, the next one speaks, with a warning; espeak last. For the address of a server, the voice is
    the one that "auto" gives, with the server in front of it. `folder`: the clips' folder; None: the user's.
    """
    chosen = _chosen(AUTO if is_address(name) else name, warn)
    return replace(chosen, server=remote_voice(name, chosen.engine.rate, folder or clip_folder(), warn))


def _chosen(name: str, warn: Callable[[str], None]) -> ChosenVoice:
    candidates = [row for row in voices() if name in (AUTO, row.name)]
    if not candidates:
        raise VoiceError(
            f"no voice {name!r}: choose of {', '.join(names())}, or fetch one of those that coach voices lists, "
            "or name a server: wyoming://HOST:PORT"
        )
    findings: list[str] = []
    for row in candidates:
        try:
            made = row.make()
        except VoiceError as error:
            findings.append(str(error))
            continue
        break
    else:
        row, made = ESPEAK, ESPEAK.make()
    for one in findings:
        warn(f"{one}; until then {row.name} speaks")
    return ChosenVoice(row.name, made, None if row is ESPEAK else partial(_espeak, made.rate))
