"""Words that nobody wrote templates for."""

from __future__ import annotations

from pathlib import Path

import yaml

from lab.rigs import effects
from lab.rigs.talk import GRAMMAR

HELD_BACK = yaml.safe_load((Path(effects.__file__).parent / "said" / "free.yaml").read_text())
ABOUT = [(text, intent) for part in HELD_BACK.values() for intent, texts in part["about"].items() for text in texts]
NOTHING = [text for part in HELD_BACK.values() for text in part["nothing"]]
MOST_ACTED_ON = 0.008


def about(text: str) -> str | None:
    return GRAMMAR.concepts.about(text, GRAMMAR.intents)


def test_words_nobody_wrote_templates_for_are_understood() -> None:
    wrong = []
    for text, intent in ABOUT:
        meant = GRAMMAR.meanings(text, GRAMMAR.intents)
        found = [one.name for one in meant] if meant else [about(text)]
        wrong += [(text, intent, found)] if intent not in found else []
    assert len(wrong) <= 0.1 * len(ABOUT), wrong


def test_what_others_say_and_what_is_denied_is_about_nothing() -> None:
    acted = [
        (text, found) for text in NOTHING if GRAMMAR.meanings(text, GRAMMAR.intents) is None and (found := about(text))
    ]
    assert len(acted) <= MOST_ACTED_ON * len(NOTHING), acted
