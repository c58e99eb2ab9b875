"""Compiled vocabularies on disk are those that would be compiled, and a damaged file is compiled again."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.adapters.recognition.vocabulary_cache import VocabularyCache
from coach.language.grammar import Grammar
from coach.language.habits import LIFTER_HABITS

COMMANDS = {
    "intents": {
        "Stop": {"data": [{"sentences": ["stop [it|now]"], "metadata": {"group": "safety"}}]},
        "SetLoad": {"data": [{"sentences": ["{load} (kilos|pounds)"]}]},
    },
    "lists": {"load": {"range": {"from": 1, "to": 300}}},
}
FEW = frozenset({"Stop", "SetLoad"})
MADE_OF = (COMMANDS, "coach")


class CountingGrammar(Grammar):
    """Counts how often a vocabulary is compiled."""

    compiled = 0

    def _vocabulary(self, intents, after_wake_word=frozenset()):  # type: ignore[no-untyped-def]
        self.compiled += 1
        return super()._vocabulary(intents, after_wake_word)


def grammar() -> CountingGrammar:
    return CountingGrammar(COMMANDS, LIFTER_HABITS)


@pytest.mark.parametrize("after_wake_word", [frozenset(), FEW])
def test_what_was_kept_is_what_is_compiled(tmp_path: Path, after_wake_word: frozenset[str]) -> None:
    first, second = grammar(), grammar()
    compiled = VocabularyCache(first, MADE_OF, tmp_path).vocabulary(FEW, after_wake_word)
    assert VocabularyCache(second, MADE_OF, tmp_path).vocabulary(FEW, after_wake_word) == compiled
    assert (first.compiled, second.compiled) == (1, 0)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_damaged_file_is_compiled_again(tmp_path: Path, share: float) -> None:
    compiled = VocabularyCache(grammar(), MADE_OF, tmp_path).vocabulary(FEW)
    [file] = tmp_path.rglob("*.npz")
    whole = file.read_bytes()
    file.write_bytes(whole[: round(len(whole) * share)])
    again = grammar()
    assert VocabularyCache(again, MADE_OF, tmp_path).vocabulary(FEW) == compiled
    assert again.compiled == 1
    third = grammar()
    assert VocabularyCache(third, MADE_OF, tmp_path).vocabulary(FEW) == compiled
    assert third.compiled == 0


def test_other_commands_are_compiled_and_the_old_ones_deleted(tmp_path: Path) -> None:
    VocabularyCache(grammar(), MADE_OF, tmp_path).vocabulary(FEW)
    [old] = tmp_path.rglob("*.npz")
    other = grammar()
    VocabularyCache(other, (COMMANDS, "arnold"), tmp_path).vocabulary(FEW)
    assert other.compiled == 1
    assert not old.exists()


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "vocabularies").write_text("in the way")
    assert VocabularyCache(grammar(), MADE_OF, tmp_path).vocabulary(FEW).phrases
