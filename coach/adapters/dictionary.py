"""How words are said: the dictionary in PocketSphinx's wheel, read without the library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from coach.ports import HearingError

_DICTIONARY = Path("model", "en-us", "cmudict-en-us.dict")


def known_words() -> frozenset[str]:
    """Every word whose pronunciation ships with the engine; HearingError where it is missing."""
    return frozenset(line.split(maxsplit=1)[0] for line in _lines() if line)


def pronunciations(words: Iterable[str], own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """ARPAbet phones of each word, `own` before the dictionary's first; HearingError for words that neither has."""
    wanted = set(words)
    found = {word: tuple(phones.split()) for word, phones in own.items() if word in wanted}
    for line in _lines():
        word, _, phones = line.partition(" ")
        if word in wanted and word not in found:
            found[word] = tuple(phones.split())
    if unknown := sorted(wanted - found.keys()):
        raise HearingError(f"no pronunciation of {', '.join(map(repr, unknown))}: give it under `pronunciations`")
    return found


def _lines() -> list[str]:
    package = find_spec("pocketsphinx")
    if package is None or package.origin is None:
        raise HearingError("no dictionary: it comes with pocketsphinx, so pip install pocketsphinx")
    file = Path(package.origin).parent / _DICTIONARY
    try:
        return file.read_text("utf-8").splitlines()
    except OSError as error:
        raise HearingError(f"cannot read {str(file)!r} ({error.strerror}): install pocketsphinx again") from error
