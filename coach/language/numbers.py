"""Numbers as people say them: every spoken form of a number, and the one form the coach says.

Law: recognition and understanding both take their number words from `spoken_forms`, so that the words that can be heard
are the words that can be understood.
"""

from __future__ import annotations

# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
# fmt: on
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
_ORDINALS |= {"twelve": "twelfth"}
NUMBER_WORDS = frozenset({*_UNITS, *_TENS[2:], "oh", "hundred", "thousand", "point", "half", "quarter", "quarters"})
"""All words of numbers, except "a" and "and", which also stand outside numbers."""
LARGEST = 999
"""Largest number that can be said to the coach."""
_QUARTERS = ("", "a quarter", "a half", "three quarters")
_POINTS = ("", "two five", "five", "seven five")
"""The decimals of 0, 1, 2 and 3 quarters, as said behind "point"."""
_MAX_NUMBER = 999_999
"""Largest number that the coach can say: a gym corner counts its thousandth repetition in an afternoon."""


def in_words(value: float) -> str:
    """The form the coach says: 92.5 is "ninety two and a half", 105 "one hundred and five".

    Whole numbers, halves and quarters from 0 to 999,999; anything else raises ValueError.
    """
    whole, quarters = divmod(value * 4, 4)
    if quarters not in (0, 1, 2, 3) or not 0 <= whole <= _MAX_NUMBER:
        raise ValueError(f"{value!r} is not a whole number, half or quarter from 0 to {_MAX_NUMBER}")
    words, part = _whole(int(whole), " and "), _QUARTERS[int(quarters)]
    if not part:
        return words
    return f"{words} and {part}" if whole else part


def spoken_forms(value: float) -> tuple[str, ...]:
    """Every form a person may say for a number, without duplicates. The coach's own form comes first.

    Whole numbers, quarters and tenths from -999,999 to 999,999; anything else raises ValueError.
    """
    if value < 0:
        return tuple(f"{sign} {form}" for form in spoken_forms(-value) for sign in ("minus", "negative"))
    if value >= LARGEST + 1:
        return _from_thousand(value)
    whole, quarters = divmod(value * 4, 4)
    if quarters not in (0, 1, 2, 3):
        if abs(value * 10 - round(value * 10)) > 1e-6:
            raise ValueError(f"{value!r} has no spoken form: give tenths or quarters at most")
        return tuple(f"{form} point {_UNITS[round(value * 10) % 10]}" for form in spoken_forms(int(value)))
    number, part = int(whole), _QUARTERS[int(quarters)]
    if part and not number:
        return (part, part.removeprefix("a "))
    forms = [in_words(number), _whole(number, " ")]
    if number == 0:
        forms.append("oh")
    if 100 <= number < 200:
        forms += ["a" + form.removeprefix("one") for form in forms]
    if number > 100 and number % 100:
        # "one twenty five", "two oh five": how plates are added up aloud.
        rest = number % 100
        forms.append(f"{_UNITS[number // 100]} {'oh ' if rest < 10 else ''}{_below_hundred(rest)}")
    if part:
        tails = [f"and {part}", f"point {_POINTS[int(quarters)]}"]
        if part.endswith("quarters"):
            # "Forty one and three quarter kilos".
            tails.append(f"and {part[:-1]}")
        forms = [f"{form} {tail}" for form in forms for tail in tails]
    return tuple(dict.fromkeys(forms))


def _from_thousand(value: float) -> tuple[str, ...]:
    """The spoken forms of a number from 1000 on."""
    whole, tenths = int(value), round(value * 10) % 10
    thousands, rest = divmod(whole, 1000)
    if thousands > LARGEST:
        raise ValueError(f"{value!r} is too large to be said: give at most {LARGEST},{LARGEST}")
    heads = [f"{form} thousand" for form in spoken_forms(thousands)]
    tails = ["", *(f" and {form}" for form in spoken_forms(rest) if rest < 100), *(f" {f}" for f in spoken_forms(rest))]
    forms = [head + tail for head in heads for tail in (tails[1:] if rest else tails[:1])]
    hundreds, below = divmod(whole, 100)
    if whole < 10_000 and hundreds % 10:
        # "nineteen eighty four", "fifteen hundred".
        tail = f"{'oh ' if below < 10 else ''}{_below_hundred(below)}" if below else "hundred"
        forms.append(f"{_below_hundred(hundreds)} {tail}")
    if tenths:
        forms = [f"{form} point {_UNITS[tenths]}" for form in forms]
    return tuple(dict.fromkeys(forms))


def ordinal(number: int) -> str:
    """The ordinal of a number from 1 to 99: "first", "twenty second"; ValueError for others."""
    if not 1 <= number <= 99:
        raise ValueError(f"{number!r} has no ordinal here: write it in words")
    head, _, last = _below_hundred(number).rpartition(" ")
    ending = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{head} {ending}".strip()


def _whole(number: int, join: str) -> str:
    if number < 100:
        return _below_hundred(number)
    if number > LARGEST:
        thousands, rest = divmod(number, 1000)
        words = f"{_whole(thousands, join)} thousand"
        # "one thousand and five", but "one thousand two hundred".
        return f"{words}{join if rest < 100 else ' '}{_whole(rest, join)}" if rest else words
    hundreds, rest = divmod(number, 100)
    words = f"{_UNITS[hundreds]} hundred"
    return f"{words}{join}{_below_hundred(rest)}" if rest else words


def _below_hundred(number: int) -> str:
    if number < 20:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{_TENS[tens]} {_UNITS[unit]}" if unit else _TENS[tens]
