"""Piper's public voices: which exist, under which licence, and how a voice is fetched.

Law: the address is Piper's own. A fetched list is kept, so that it can be shown without a network.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from coach.adapters.files.atomic_write import write_atomically
from coach.adapters.files.download import Progress, RemoteFile, download, read_small, writing_into
from coach.adapters.files.model_folders import digest_of
from coach.adapters.synthesis.piper.voices import SUMS, folder_of
from coach.ports import VoiceError

LANGUAGE = "en"
"""Language of the voices that are listed: other voices would pronounce the coach's English by their own rules."""
_LIST = "voices.json"
_CARD = "MODEL_CARD"
_CACHED_LIST = "piper-voices.json"
_MAX_LIST_BYTES = 5_000_000
"""Most bytes of the list, which has 200,000."""
_MAX_CARD_BYTES = 20_000
"""Most bytes of a model card; a card has 300."""
_CARDS_AT_ONCE = 8
"""Number of cards that are fetched at the same time."""
_TIMEOUT_S = 5.0
"""How long to wait for the list or a card: somebody looks at the screen."""
_LICENCE = re.compile(r"^\W*licen[cs]e\W+(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_TRAINING = re.compile(r"finetuned from (?:\w\.?\w?\.? )?(?:english )?(\w+) voice", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PublicVoice:
    """A voice that can be fetched."""

    name: str
    """The voice's name, such as en_GB-alba-medium."""
    language: str
    """The voice's language for people: "English (Great Britain)"."""
    size: int
    """Bytes to download."""
    licence: str
    """Licence of the recordings, in the words of the voice's model card."""
    files: dict[str, tuple[int, str]]
    """The voice's files: path below the catalogue's address -> bytes, MD5."""


def catalogue(address: str, cache: Path, *, renew: bool = False) -> tuple[PublicVoice, ...]:
    """The voices by name, from the kept list, or from the folder `address`; VoiceError without a network.

    Fetching the list takes some seconds, because each voice has its licence in a file of its own.
    """
    path = cache / _CACHED_LIST
    if not renew and (voices := _read_cached(path)):
        return voices
    voices = _fetch_list(address)
    # If the list cannot be kept, the next call fetches it again.
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda file: file.write(json.dumps([asdict(voice) for voice in voices]).encode()))
    return voices


def fetch(voice: PublicVoice, address: str, into: Path, progress: Progress = lambda *_: None) -> Path:
    """Download the voice into its folder in `into` and check it. A download continues where the last one ended. Raises
    `VoiceError`.
    """
    target = folder_of(voice.name, into)
    done_bytes = 0
    with writing_into(into, voice.size // 1_000_000 + 1, VoiceError):
        target.mkdir(parents=True, exist_ok=True)
        # The model comes last: a folder without a model does not count as a voice.
        for path, (size, digest) in sorted(voice.files.items(), key=lambda item: item[1][0]):
            file, part = target / PurePosixPath(path).name, target / f"{PurePosixPath(path).name}.part"
            if not file.is_file() or digest_of(file, "md5") != digest:
                by_hand = f"download {address}{path} by hand into {str(target)!r}"
                remote = RemoteFile(address + path, size, digest, "md5")
                download(remote, part, by_hand, VoiceError, _progress_of_all(done_bytes, voice.size, progress))
                part.replace(file)
            done_bytes += size
            progress(done_bytes, voice.size)
        sums = [f"{digest}  {PurePosixPath(path).name}\n" for path, (_, digest) in sorted(voice.files.items())]
        (target / SUMS).write_text("".join(sums), encoding="utf-8")
    return target


def _progress_of_all(done_before: int, total: int, progress: Progress) -> Progress:
    """Turns the progress of one file into the progress of all files."""
    return lambda done, _: progress(done_before + done, total)


def _read_cached(path: Path) -> tuple[PublicVoice, ...]:
    """The kept list; empty if the file does not exist or is damaged."""
    try:
        listed = json.loads(path.read_text("utf-8"))
        return tuple(
            PublicVoice(
                **{**entry, "files": {path: (int(size), str(md5)) for path, (size, md5) in entry["files"].items()}}
            )
            for entry in listed
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def _fetch_list(address: str) -> tuple[PublicVoice, ...]:
    by_hand = "put a voice's files into a folder piper-NAME of voice_models"
    try:
        content = read_small(address + _LIST, _MAX_LIST_BYTES, by_hand, VoiceError, _TIMEOUT_S)
        listed: dict[str, Any] = json.loads(content)
        voices = [
            _voice(name, entry) for name, entry in sorted(listed.items()) if entry["language"]["family"] == LANGUAGE
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceError(f"{address}{_LIST} is no list of Piper's voices: {by_hand}") from error

    def with_licence(voice: PublicVoice) -> PublicVoice:
        path = next((path for path in voice.files if PurePosixPath(path).name == _CARD), None)
        card = read_small(address + path, _MAX_CARD_BYTES, by_hand, VoiceError, _TIMEOUT_S) if path else b""
        return PublicVoice(voice.name, voice.language, voice.size, licence(card.decode(errors="replace")), voice.files)

    with ThreadPoolExecutor(_CARDS_AT_ONCE) as pool:
        return tuple(pool.map(with_licence, voices))


def _voice(name: str, entry: Mapping[str, Any]) -> PublicVoice:
    if not re.fullmatch(r"\w+-\w+-\w+", name):
        raise ValueError(name)
    listed = {str(path): (int(file["size_bytes"]), str(file["md5_digest"])) for path, file in entry["files"].items()}
    names = (f"{name}.onnx", f"{name}.onnx.json", _CARD)
    files = {path: file for path, file in listed.items() if PurePosixPath(path).name in names}
    language = f"{entry['language']['name_english']} ({entry['language']['country_english']})"
    return PublicVoice(name, language, sum(size for size, _ in files.values()), "", files)


def licence(card: str) -> str:
    """What a model card says about the licence of its recordings, and about the voice that its training began with."""
    found = _LICENCE.search(card)
    begun = _TRAINING.search(card)
    text = found.group(1) if found else "not told: read its MODEL_CARD"
    return f"{text}; trained further from {begun.group(1)}" if begun else text
