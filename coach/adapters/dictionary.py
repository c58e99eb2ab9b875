"""Which words have a pronunciation: the dictionary in PocketSphinx's wheel, read without the library."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from coach.ports import HearingError

_DICTIONARY = Path("model", "en-us", "cmudict-en-us.dict")


def known_words() -> frozenset[str]:
    """Every word whose pronunciation ships with the engine; HearingError where it is missing."""
    return frozenset(line.split(maxsplit=1)[0] for line in _lines() if line)


def _lines() -> list[str]:
    package = find_spec("pocketsphinx")
    if package is None or package.origin is None:
        raise HearingError("no dictionary: it comes with pocketsphinx, so pip install pocketsphinx")
    file = Path(package.origin).parent / _DICTIONARY
    try:
        return file.read_text("utf-8").splitlines()
    except OSError as error:
        raise HearingError(f"cannot read {str(file)!r} ({error.strerror}): install pocketsphinx again") from error
