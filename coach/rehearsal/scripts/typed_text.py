"""Turns typed text into spoken words: lower case, no punctuation, numbers and units in words.

Law: a number is spoken as it was meant, or refused. No part of a number is dropped: the rest would be another number.
"""

from __future__ import annotations

import re

from coach.language.numbers import in_words, ordinal

BLANKS = re.compile("[\u00a0\u2007\u2009\u202f]")
"""Blanks that do not break a line; they stand between a number and its unit."""
_DASHES = re.compile(r"(?<=\w)[-\u2013\u2014]+")
"""Dashes inside and after a word; a dash before a number is a minus."""
_PUNCTUATION = '.,;:!?"()\u2018\u201c\u201d\u2026'
_NUMBER = re.compile(r"(?P<minus>[-\u2212\u2013\u2014])?(?P<digits>\d+(?:[.,:]\d+)*)(?P<unit>[a-z]*)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_KILOS, _POUNDS, _SECONDS, _MINUTES = (
    ("kilo", "kilos"),
    ("pound", "pounds"),
    ("second", "seconds"),
    ("minute", "minutes"),
)
_ALWAYS_UNITS = {"kg": _KILOS, "kgs": _KILOS, "lb": _POUNDS, "lbs": _POUNDS}
_UNITS = {
    **_ALWAYS_UNITS,
    **dict.fromkeys(("s", "sec", "secs"), _SECONDS),
    **dict.fromkeys(("min", "mins"), _MINUTES),
    **{word: (word, word) for word in ("rep", "reps", "set", "sets", "kilo", "kilos", "pound", "pounds")},
    **{word: (word, word) for pair in (_SECONDS, _MINUTES) for word in pair},
}
"""Units after a number, with their spoken singular and plural."""


def spoken_words(text: str) -> list[str]:
    """Returns the words of a text as they are spoken.

    ValueError, "what is wrong: remedy": a number has no spoken form, or may mean two numbers.
    """
    words: list[str] = []
    number = ""
    """Words of the number just spoken, if its unit may still follow; else empty."""
    for chunk in BLANKS.sub(" ", text.lower().replace("\u2019", "'")).split():
        for piece in _DASHES.split(chunk.strip(_PUNCTUATION)):
            if any(letter.isdigit() for letter in piece):
                said, number = _spoken_number(piece.strip(_PUNCTUATION))
                words += said
                continue
            for word in filter(None, (word.strip("'") for word in re.sub(r"[^\w']+", " ", piece).split())):
                unit = (_UNITS if number else _ALWAYS_UNITS).get(word)
                words.append(word if unit is None else unit[number != "one"])
                number = ""
    return words


def _spoken_number(piece: str) -> tuple[list[str], str]:
    """Returns the words of a number with its sign and unit; and the number alone, if its unit may still follow."""
    found = _NUMBER.fullmatch(piece)
    if found is None:
        raise ValueError(f"{piece!r} cannot be said: write it in words")
    digits, unit = found["digits"], found["unit"]
    sign = ["minus"] if found["minus"] else []
    if unit in ("st", "nd", "rd", "th") and digits.isdecimal() and not sign:
        return ordinal(int(digits[:3])).split(), ""
    if unit and unit not in _UNITS:
        raise ValueError(f"{unit!r} behind the number in {piece!r} is no unit: write it in words")
    if clock := re.fullmatch(r"(\d{1,2}):([0-5]\d)", digits):
        minutes, seconds = int(clock[1]), int(clock[2])
        parts = [(minutes, _MINUTES), (seconds, _SECONDS)]
        return [*sign, *(word for count, names in parts if count for word in _counted(count, names))], ""
    number = _in_words(digits)
    if not unit:
        return [*sign, *number.split()], number
    return [*sign, *number.split(), _UNITS[unit][number != "one"]], ""


def _counted(count: int, names: tuple[str, str]) -> list[str]:
    return [*in_words(count).split(), names[count != 1]]


def _in_words(digits: str) -> str:
    decimal = digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
    if re.fullmatch(r"(0|[1-9]\d*)(\.\d+)?", decimal) is None:
        raise ValueError(f"{digits!r} is no number as people say it: write it in words")
    if re.fullmatch(r"\d{1,3}\.\d{3}", digits):
        raise ValueError(f"{digits!r} may be thousands or a fraction: write it in words")
    try:
        return in_words(float(decimal[:20]))
    except ValueError:
        raise ValueError(
            f"{digits[:20]!r} is not a whole number, half or quarter from 0 to 999999: give one that is"
        ) from None
