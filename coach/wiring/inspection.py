"""Examines what can be said and heard: packs, other people's commands, recordings, models."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from coach.adapters.synthesis.espeak import ipa
from coach.commands import ListenFor
from coach.content.files import BUNDLED
from coach.content.hassil_files import read_grammar
from coach.content.loader import load_pack
from coach.content.model import Pack
from coach.content.pack_check import CheckContext, check_pack
from coach.content.reading import Finding
from coach.dialogue import policy
from coach.dialogue.intents import INTENTS
from coach.dialogue.states import State
from coach.dialogue.utterances import Interpreter
from coach.hearing import Listener
from coach.language.phones import phones
from coach.language.similar_phrases import SimilarPair, similar_pairs
from coach.ports import Automaton, HearingError, Vocabulary
from coach.settings import Hearing
from coach.wiring import recognizers
from coach.wiring.engines import exercise, recognizer, warn_of_unknown_words
from coach.wiring.models import MODELS
from coach.wiring.recognizers import Warn


def check(folder: Path, model: Path | None, warn: Warn) -> list[Finding]:
    """What is wrong with a pack; with a recogniser's model, also which words the model lacks."""

    def live(pack: Pack) -> dict[str, frozenset[str]]:
        return {state: policy.ever_live(pack, state, question_waits=True) for state in State}

    with ExitStack() as stack:
        model_knows: Callable[[str], bool] | None = None
        if model is not None:
            row, found = recognizers.choose(Hearing(model=model), warn)
            engine = row.make(found, (), None)
            stack.callback(engine.close)
            no_graph = Automaton(0, 0, ())
            model_knows = lambda word: not engine.unknown_words(Vocabulary((word,), no_graph))  # noqa: E731
        return check_pack(folder, CheckContext(INTENTS, live, model_knows))


@dataclass(frozen=True, slots=True)
class HearingTask:
    """Whose commands are heard, and which of them are live."""

    hearing: Hearing
    commands: Path | None = None
    """A commands file of other people; None: the coach's own commands."""
    state: State | None = State.IDLE
    """The coach's state whose commands are live; None: the commands of all states. Answers to a question are never
    live."""


def listener(task: HearingTask) -> Listener:
    """The listener for recordings. WorldError when no engine can be used, or the commands file cannot be used."""
    messages: list[str] = []
    if task.commands is None:
        pack, grammar, _ = exercise()
        state = task.state or State.IDLE
        live = (
            policy.live_unasked(pack) if task.state is None else policy.live_intents(pack, state, question_waits=False)
        )
        running = state is State.SET
        urgent = frozenset(name for name in live if policy.is_urgent(pack, name, state))
        engine = recognizer(task.hearing, pack, grammar, messages.append)
    else:
        foreign = read_grammar(task.commands)
        grammar = foreign.grammar
        messages += foreign.messages
        live, urgent, running = grammar.intents, frozenset(), False
        engine = recognizer(task.hearing, None, grammar, messages.append)
    vocabulary = grammar.vocabulary(live)
    warn_of_unknown_words(engine, vocabulary, messages.append)
    return Listener(engine, vocabulary, Interpreter(grammar, ListenFor(live), urgent.__contains__, running), messages)


def cores() -> int:
    """How many processes can run at once on this computer."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def verify_models(path: Path | None) -> list[tuple[Path, str | None]]:
    """What is wrong with a model folder, or with each one that is found; None: it can hear. HearingError: not a model
    folder.
    """
    if path is None:
        return [(model.path, row.health(model.path)) for row in MODELS for model in row.listed()]
    owner = next((row for row in MODELS if row.owns(path)), None)
    if owner is None:
        raise HearingError(f"no model in {str(path)!r}: name a model's folder, or run: coach models fetch")
    return [(path, owner.health(path))]


def sounding_alike(state: State | None = None, folder: Path = BUNDLED) -> list[SimilarPair]:
    """Phrases that mean different things, may be live together (in this state) and sound alike, the nearest first."""
    pack, grammar, _ = exercise(folder)
    words = {word for intent in grammar.intents for phrase in grammar.plain_phrases(intent) for word in phrase.split()}
    sounds = {word: phones(ipa(word)) for word in words}
    named = State if state is None else (state,)
    together = [policy.ever_live(pack, name, question_waits=True) for name in named]
    return sorted(
        pair
        for pair in similar_pairs(grammar, frozenset().union(*together), sounds)
        if any({pair.intent, pair.other_intent} <= live for live in together)
    )


def setup_steps() -> list[str]:
    """The names of the setup steps, for the diagram."""
    return [step.id.split(".", 1)[1] for step in load_pack(INTENTS).setup]
