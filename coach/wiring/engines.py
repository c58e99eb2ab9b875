"""Makes the exercise, the recogniser and the voice for every caller."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coach.adapters.processes.child import Child
from coach.adapters.recognition.process import RecognizerProcess
from coach.adapters.synthesis.clip_store import ClipStore, Engine
from coach.adapters.synthesis.joined_lines import JoinedLines
from coach.adapters.synthesis.process import VoiceProcess
from coach.content.files import BUNDLED
from coach.content.loader import load_pack
from coach.content.model import Pack
from coach.dialogue.intents import INTENTS
from coach.language.grammar import Grammar
from coach.language.habits import lifter_habits
from coach.language.same_meaning import SameMeaning, read_commands
from coach.ports import Recognizer, Vocabulary
from coach.settings import AUTO, WAKE_WORD, Hearing
from coach.training.plan import Plan
from coach.training.tempo import Tempo
from coach.wiring import recognizers, servers, voices
from coach.wiring.recognizers import RecognizerRow, Warn
from coach.wiring.voices import ChosenVoice

if TYPE_CHECKING:
    from coach.adapters.wyoming.server import Server

Exercise = tuple[Pack, Grammar, Plan]
"""An exercise's pack, its commands and its default plan."""


def exercise(folder: Path = BUNDLED, wake_word: str = WAKE_WORD, lifters: Sequence[str] = ()) -> Exercise:
    """Load the exercise in a pack's folder. `lifters`: names that a lifter may give."""
    pack = load_pack(INTENTS, folder)
    if lifters:
        lists = pack.commands["lists"]
        named = [*lists["lifter"]["values"], *lifters]
        pack = replace(pack, commands={**pack.commands, "lists": {**lists, "lifter": {"values": named}}})
    defaults = pack.defaults
    plan = Plan(defaults.reps, defaults.sets, defaults.rest, Tempo.parse(defaults.tempo))
    return pack, Grammar(pack.commands, lifter_habits(wake_word)), plan


def recognizer(
    hearing: Hearing, pack: Pack | None, grammar: Grammar, warn: Warn, *, as_live: bool = False
) -> Recognizer:
    """The chosen recogniser in this process, for rehearsals; HearingError names the remedy.

    Without a pack no phrase is urgent. `as_live`: made as for a live session on this computer.
    """
    row, model, urgent = _choice(hearing, pack, grammar, warn)
    make = row.make_live or row.make if as_live else row.make
    second_ear = servers.find_second_ear(hearing, warn, files=True)
    local = make(model, urgent, SameMeaning(lambda: grammar))
    return servers.with_second_ear(local, second_ear, urgent, grammar, waits=True)


def live_recognizer(
    hearing: Hearing,
    pack: Pack,
    grammar: Grammar,
    warn: Warn,
    restarted: Callable[[str, bool], None] = lambda *_: None,
    child: Child | None = None,
) -> RecognizerProcess:
    """The chosen recogniser in a process of its own, which loads it while the caller continues."""
    row, model, urgent = _choice(hearing, pack, grammar, warn)
    # The child process gets what it needs to read the commands itself.
    same = SameMeaning(partial(read_commands, pack.commands, lifter_habits(grammar.wake_word)))
    make = partial(row.make_live or row.make, model, urgent, same)
    return RecognizerProcess(make, row.name, row.rate, restarted, child)


def _choice(
    hearing: Hearing, pack: Pack | None, grammar: Grammar, warn: Warn
) -> tuple[RecognizerRow, Path, tuple[str, ...]]:
    """The recogniser's row of the table, its model, and the urgent phrases."""
    row, model = recognizers.choose(hearing, warn)
    return row, model, urgent_phrases(grammar) if pack else ()


def urgent_phrases(grammar: Grammar) -> tuple[str, ...]:
    """The safety phrases, and the same phrases behind the wake word."""
    urgent = grammar.anywhere()
    return (*urgent, *(f"{grammar.wake_word} {phrase}" for phrase in urgent))


def warn_of_unknown_words(recognizer: Recognizer, vocabulary: Vocabulary, warn: Warn) -> None:
    """Warn of words that this recogniser cannot hear, if the vocabulary has such words."""
    unknown = recognizer.unknown_words(vocabulary)
    if unknown:
        warn(f"{recognizer.name} does not know these words, phrases with them are not heard: {', '.join(unknown)}")


def voice(warn: Warn, name: str = AUTO, folder: Path | None = None) -> JoinedLines:
    """The coach's voice with its cache, in `folder` or the user's; VoiceError names the remedy."""
    chosen = voices.choose(name, warn, folder)
    return JoinedLines(_clip_store(chosen, chosen.engine, folder, warn, live=False))


def live_voice(warn: Warn, name: str = AUTO) -> tuple[JoinedLines, VoiceProcess, Server | None]:
    """The coach's voice, its process, and the server that speaks; None: no server does."""
    chosen = voices.choose(name, warn)
    process = VoiceProcess(chosen.engine)
    server = None if chosen.server is None else chosen.server.server
    return JoinedLines(_clip_store(chosen, process, None, warn, live=True)), process, server


def _clip_store(chosen: ChosenVoice, engine: Engine, folder: Path | None, warn: Warn, *, live: bool) -> ClipStore:
    """The store of a voice's clips. `engine`: renders on this computer. `live`: a line must not wait for a server."""
    clips = ClipStore(engine, folder, warn, chosen.make_spare)
    if chosen.server is None:
        return clips
    hurried = chosen.server.engine
    ahead = hurried.for_later(gives_way=live)
    return ClipStore(hurried if live else ahead, folder, warn, engine_ahead=ahead, stand_in=clips)
