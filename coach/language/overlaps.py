"""Phrases that two templates share.

Law: exact, also for lists. Only beginnings that two owners share are followed, so lists are spelled out only there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from coach.language.phrases import Phrase

_Tails = frozenset[tuple[int, frozenset[Phrase]]]
"""What can follow a beginning: the number of each template that has the beginning, with its endings."""
_Shared = frozenset[tuple[int, int, Phrase]]
"""Two templates and an ending that both have."""


def overlaps(
    templates: Sequence[Sequence[Phrase]], owners: Sequence[str], lists: Mapping[str, Sequence[Phrase]]
) -> dict[tuple[int, int], list[str]]:
    """The phrases that two templates of different owners share, by the numbers of both templates, the lower first."""
    # Most values of a list are followed by the same words, so the same tails come again and again.
    known: dict[_Tails, _Shared] = {}

    def shared(tails: _Tails) -> _Shared:
        if tails not in known:
            known[tails] = frozenset(endings(tails))
        return known[tails]

    def endings(tails: _Tails) -> Iterator[tuple[int, int, Phrase]]:
        ends: set[int] = set()
        further: dict[str, dict[int, set[Phrase]]] = {}
        for number, left in tails:
            for ending in _spelled(left, lists):
                if ending:
                    further.setdefault(ending[0], {}).setdefault(number, set()).add(ending[1:])
                else:
                    ends.add(number)
        for one, other in combinations(sorted(ends), 2):
            if owners[one] != owners[other]:
                yield one, other, ()
        for word, following in further.items():
            if len({owners[number] for number in following}) > 1:
                following_tails = frozenset((number, frozenset(left)) for number, left in following.items())
                yield from ((one, other, (word, *ending)) for one, other, ending in shared(following_tails))

    found: dict[tuple[int, int], list[str]] = {}
    for one, other, phrase in shared(frozenset((number, frozenset(said)) for number, said in enumerate(templates))):
        if phrase:
            found.setdefault((one, other), []).append(" ".join(phrase))
    return {pair: sorted(said) for pair, said in sorted(found.items())}


def _spelled(endings: Iterable[Phrase], lists: Mapping[str, Sequence[Phrase]]) -> Iterator[Phrase]:
    """These endings, where each list that stands first is replaced by its values."""
    for ending in endings:
        if ending and ending[0].startswith("{"):
            yield from (value + ending[1:] for value in lists[ending[0].strip("{}")])
        else:
            yield ending
