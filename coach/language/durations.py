"""Spans of time as people say them.

Law: "one thirty" is not a spoken form here: it may mean 130 seconds or a minute and a half.
"""

from __future__ import annotations

from coach.language.numbers import spoken_forms

_AMBIGUOUS_FROM = 101
"""Smallest number for which `spoken_forms` has forms like "one thirty"."""


def in_seconds(seconds: float) -> tuple[str, ...]:
    """The number of seconds without a unit: "ninety", "a hundred and twenty". 0 to 999."""
    forms = spoken_forms(seconds)
    return forms if seconds < _AMBIGUOUS_FROM else tuple(form for form in forms if "hundred" in form)


def in_minutes(seconds: float) -> tuple[str, ...]:
    """The forms with "minute": "one minute thirty", "a minute and a half". From half a minute on; else no form."""
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return ("half a minute", "a half minute") if rest == 30 else ()
    if minutes == 1:
        heads = ["one minute", "a minute"]
    else:
        heads = [f"{number} {noun}" for number in spoken_forms(minutes) for noun in ("minutes", "minute")]
    if not rest:
        return tuple(heads)
    tails = [f"{number}{unit}" for number in spoken_forms(rest) for unit in ("", " seconds")]
    forms = [f"{head} {join}{tail}" for head in heads for join in ("", "and ") for tail in tails]
    if rest == 30:
        forms += [f"{head} and a half" for head in heads]
        forms += [f"{number} and a half minutes" for number in spoken_forms(minutes)]
    return tuple(forms)
