"""Phrases that two templates share.

Law: exact, also for lists. Only beginnings that two owners share are followed, so lists are spelled out only there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coach.language.phrases import Phrase


def overlaps(
    templates: Sequence[Sequence[Phrase]], owners: Sequence[str], lists: Mapping[str, Sequence[Phrase]]
) -> dict[tuple[int, int], list[str]]:
    """The phrases that two templates of different owners share, by the numbers of both templates, the lower first."""
    found: dict[tuple[int, int], list[str]] = {}
    begun: list[tuple[Phrase, dict[int, set[Phrase]]]] = [((), {n: set(said) for n, said in enumerate(templates)})]
    while begun:
        words, tails = begun.pop()
        endings = {number: _spelled(left, lists) for number, left in tails.items()}
        ends = [number for number, left in endings.items() if () in left and words]
        for one in ends:
            for other in ends:
                if one < other and owners[one] != owners[other]:
                    found.setdefault((one, other), []).append(" ".join(words))
        takers: dict[str, set[str]] = {}
        for number, left in endings.items():
            for word in {ending[0] for ending in left if ending}:
                takers.setdefault(word, set()).add(owners[number])
        further: dict[str, dict[int, set[Phrase]]] = {}
        for number, left in endings.items():
            for ending in left:
                if ending and len(takers[ending[0]]) > 1:
                    further.setdefault(ending[0], {}).setdefault(number, set()).add(ending[1:])
        begun += [((*words, word), tails) for word, tails in further.items()]
    return {pair: sorted(said) for pair, said in sorted(found.items())}


def _spelled(endings: Iterable[Phrase], lists: Mapping[str, Sequence[Phrase]]) -> set[Phrase]:
    """These endings, where each list that stands first is replaced by its values."""
    spelled: set[Phrase] = set()
    for ending in endings:
        if ending and ending[0].startswith("{"):
            spelled.update(value + ending[1:] for value in lists[ending[0].strip("{}")])
        else:
            spelled.add(ending)
    return spelled
