"""The exercise, the recogniser and the voice, as everything that runs them takes them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from coach.adapters.child_process import Child
from coach.adapters.clip_store import ClipStore
from coach.adapters.recognizer_process import RecognizerProcess
from coach.adapters.synthesizer import EspeakSynthesizer
from coach.adapters.vosk_models import find
from coach.adapters.vosk_tuning import cache_folder, tuned_copy
from coach.commands import Manner
from coach.content.loader import BUNDLED, load_pack
from coach.content.model import Pack
from coach.language.grammar import WAKE_WORD, Grammar
from coach.language.numbers import in_words
from coach.ports import HearingError, Recognizer
from coach.settings import Engine, Hearing
from coach.training.plan import Plan
from coach.training.tempo import Tempo

PROJECT = Path(__file__).parent.parent.parent
"""The checkout the coach runs from, if it does: `voice_models/` is looked for beside the package."""
Warn = Callable[[str], None]
Progress = Callable[[int, int], None]
Exercise = tuple[Pack, Grammar, Plan]
"""Its words, its commands, its default plan."""


def exercise(folder: Path = BUNDLED) -> Exercise:
    """What a pack's folder holds."""
    pack = load_pack(folder)
    defaults = pack.defaults
    plan = Plan(defaults.reps, defaults.sets, defaults.rest, Tempo.parse(defaults.tempo))
    return pack, Grammar(pack.commands), plan


def recognizer(hearing: Hearing, pack: Pack | None, grammar: Grammar, warn: Warn) -> Recognizer:
    """The chosen recogniser in this process, for rehearsals; HearingError names the remedy."""
    _, make = _choice(hearing, pack, grammar)
    hears = make()
    if hears.name == "vosk":
        _warn_of(hears.unknown_words(grammar.vocabulary(grammar.intents)), warn)
    return hears


def live_recognizer(
    hearing: Hearing, pack: Pack, grammar: Grammar, restarted: Callable[[str, bool], None], child: Child | None = None
) -> RecognizerProcess:
    """The same in a process of its own, which loads it while the caller goes on."""
    kind, make = _choice(hearing, pack, grammar)
    return RecognizerProcess(make, kind.name, kind.rate, restarted, child)


def tried_recognizer() -> RecognizerProcess:
    """What would hear in a live session, for a check-up."""
    pack, grammar, _ = exercise()
    return live_recognizer(Hearing(), pack, grammar, lambda *_: None)


def _choice(hearing: Hearing, pack: Pack | None, grammar: Grammar) -> tuple[type[Recognizer], Callable[[], Recognizer]]:
    """Vosk where a model is found or asked for, else the embedded one; what makes it can be sent to a process.

    Without a pack nothing is urgent.
    """
    groups = pack.groups if pack else {}
    urgent = [phrase for name, group in groups.items() if group == "safety" for phrase in grammar.spoken(name)]
    urgent += [f"{WAKE_WORD} {phrase}" for phrase in urgent]
    if hearing.engine is not Engine.POCKETSPHINX:
        model = find(hearing.model, os.environ, PROJECT)
        if model is not None:
            from coach.adapters.vosk_recognizer import VoskRecognizer  # noqa: PLC0415  only if needed

            tuned = tuned_copy(model, cache_folder(os.environ))
            return VoskRecognizer, partial(VoskRecognizer, tuned, urgent=urgent)
        if hearing.engine is Engine.VOSK:
            raise HearingError("no Vosk model found: run `coach models fetch`, or name one with --model")
    from coach.adapters.pocketsphinx_recognizer import PocketSphinxRecognizer  # noqa: PLC0415  only if needed

    return PocketSphinxRecognizer, partial(PocketSphinxRecognizer, urgent=urgent)


def _warn_of(unknown: tuple[str, ...], warn: Warn) -> None:
    if unknown:
        warn(f"the model does not know these words, phrases with them are not heard: {', '.join(unknown)}")


def voice(warn: Warn) -> ClipStore:
    """The coach's voice with its cache."""
    return ClipStore(EspeakSynthesizer(), warn=warn)


def usual_lines(pack: Pack, plan: Plan) -> Iterator[tuple[str, Manner]]:
    """What will probably be said, soonest first, for rendering ahead; lines with slots are left to their moment."""
    prompts = pack.prompts
    yield prompts["greeting"].say[0], Manner.SENTENCE
    for number in range(1, plan.reps + 1):
        yield prompts["count.rep"].say[0].format(rep=in_words(number)), Manner.COUNT
    for number in range(2, 9):
        yield prompts["count.number"].say[0].format(number=in_words(number)), Manner.COUNT
    for line in pack.lines():
        for text in line.texts:
            if "{" not in text:
                yield text, line.manner
