"""Piper's public voices: which exist, under which licence, and how a voice is fetched.

Law: the address is Piper's own. The list is kept once it was fetched, so that it can be shown without a network.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from coach.adapters.files.download import Progress, RemoteFile, download, read
from coach.adapters.synthesis.piper.voices import SUMS, folder_of
from coach.ports import VoiceError

LANGUAGE = "en"
"""The coach's lines are English; a voice of another language would pronounce them by the rules of its language."""
_LIST = "voices.json"
_CARD = "MODEL_CARD"
_KEPT = "piper-voices.json"
_LIST_BYTES = 5_000_000
"""Most bytes of the list; it has 200,000."""
_CARD_BYTES = 20_000
"""Most bytes of a model card; a card has 300."""
_CARDS_AT_ONCE = 8
_LICENCE = re.compile(r"^\W*licen[cs]e\W+(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_TRAINING = re.compile(r"finetuned from (?:\w\.?\w?\.? )?(?:english )?(\w+) voice", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PublicVoice:
    """A voice that can be fetched."""

    name: str
    """Such as en_GB-alba-medium."""
    language: str
    """The voice's language for people: "English (Great Britain)"."""
    size: int
    """Bytes to download."""
    licence: str
    """Licence of the recordings, in the words of the voice's model card."""
    files: dict[str, tuple[int, str]]
    """The voice's files: path below the catalogue's address -> bytes, MD5."""


def catalogue(address: str, cache: Path, *, renew: bool = False, timeout: float = 5.0) -> tuple[PublicVoice, ...]:
    """The voices, by name: from the kept list, or from `address` (the list's folder); VoiceError without a network.

    The first time it takes some seconds: the licence stands in a file of each voice.
    """
    kept = cache / _KEPT
    if not renew and (found := _kept(kept)):
        return found
    found = _fetched(address, timeout)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(f".{kept.name}.part")
        part.write_text(json.dumps([asdict(voice) for voice in found]), encoding="utf-8")
        part.replace(kept)
    except OSError:
        # The next call fetches the list again.
        pass
    return found


def fetch(voice: PublicVoice, address: str, into: Path, progress: Progress = lambda *_: None) -> Path:
    """Download the voice into its folder in `into` and check it; continues where the last try ended. Raises
    `VoiceError`.
    """
    target = folder_of(voice.name, into)
    there = 0
    try:
        target.mkdir(parents=True, exist_ok=True)
        # The model comes last: a folder without a model does not count as a voice.
        for path, (size, digest) in sorted(voice.files.items(), key=lambda item: item[1][0]):
            file, part = target / PurePosixPath(path).name, target / f"{PurePosixPath(path).name}.part"
            if not _is_whole(file, digest):
                by_hand = f"download {address}{path} by hand into {str(target)!r}"
                remote = RemoteFile(address + path, size, digest, "md5")
                download(remote, part, by_hand, VoiceError, _behind(there, voice.size, progress))
                part.replace(file)
            there += size
            progress(there, voice.size)
        sums = [f"{digest}  {PurePosixPath(path).name}\n" for path, (_, digest) in sorted(voice.files.items())]
        (target / SUMS).write_text("".join(sums), encoding="utf-8")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise VoiceError(f"no space left in {str(into)!r}: free {voice.size // 1_000_000 + 1} MB") from error
        raise VoiceError(f"cannot write in {str(into)!r} ({error.strerror or error}): give another folder") from error
    return target


def _behind(there: int, total: int, progress: Progress) -> Progress:
    """Reports the progress of one file as part of all files."""
    return lambda done, _: progress(there + done, total)


def _is_whole(file: Path, digest: str) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "md5").hexdigest() == digest


def _kept(path: Path) -> tuple[PublicVoice, ...]:
    """The kept list; empty when there is no such file, or it is damaged."""
    try:
        listed = json.loads(path.read_text("utf-8"))
        return tuple(
            PublicVoice(
                **{**one, "files": {name: (int(size), str(digest)) for name, (size, digest) in one["files"].items()}}
            )
            for one in listed
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def _fetched(address: str, timeout: float) -> tuple[PublicVoice, ...]:
    by_hand = "put a voice's files into a folder piper-NAME of voice_models"
    try:
        listed: dict[str, Any] = json.loads(read(address + _LIST, _LIST_BYTES, by_hand, VoiceError, timeout))
        voices = [_voice(name, told) for name, told in sorted(listed.items()) if told["language"]["family"] == LANGUAGE]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceError(f"{address}{_LIST} is no list of Piper's voices: {by_hand}") from error

    def with_licence(voice: PublicVoice) -> PublicVoice:
        card = next((path for path in voice.files if PurePosixPath(path).name == _CARD), None)
        told = read(address + card, _CARD_BYTES, by_hand, VoiceError, timeout) if card else b""
        return PublicVoice(voice.name, voice.language, voice.size, licence(told.decode(errors="replace")), voice.files)

    with ThreadPoolExecutor(_CARDS_AT_ONCE) as pool:
        return tuple(pool.map(with_licence, voices))


def _voice(name: str, told: Mapping[str, Any]) -> PublicVoice:
    if not re.fullmatch(r"\w+-\w+-\w+", name):
        raise ValueError(name)
    files = {str(path): (int(one["size_bytes"]), str(one["md5_digest"])) for path, one in told["files"].items()}
    kept = {path: one for path, one in files.items() if PurePosixPath(path).name in _names(name)}
    language = f"{told['language']['name_english']} ({told['language']['country_english']})"
    return PublicVoice(name, language, sum(size for size, _ in kept.values()), "", kept)


def _names(name: str) -> frozenset[str]:
    return frozenset({f"{name}.onnx", f"{name}.onnx.json", _CARD})


def licence(card: str) -> str:
    """What a model card says about the licence of its recordings, and about the voice that its training began with."""
    found = _LICENCE.search(card)
    begun = _TRAINING.search(card)
    told = found.group(1) if found else "not told: read its MODEL_CARD"
    return f"{told}; trained further from {begun.group(1)}" if begun else told
