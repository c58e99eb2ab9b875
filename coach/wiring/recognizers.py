"""The table of recognisers: what each is called, which models it takes, how it is made.

Law: a new recogniser is a module below `adapters/` and a row here. A row loads its modules when its functions are
called, so `coach --help` and a rehearsal in text load no engine.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from coach.adapters.files.folders import cache_folder
from coach.adapters.processes.child import Child
from coach.adapters.recognition.process import recognizer_child
from coach.adapters.wyoming.address import is_address
from coach.language.same_meaning import SameMeaning
from coach.ports import HearingError, Recognizer
from coach.settings import AUTO, Hearing
from coach.wiring import models
from coach.wiring.models import ModelRow

if TYPE_CHECKING:
    from coach.adapters.recognition.moonshine.judge import Judge

_log = logging.getLogger(__name__)

EMBEDDED = "moonshine"
"""The recogniser that hears unless somebody fetched or named another model; tests and benchmarks measure with it."""

Warn = Callable[[str], None]
Phrases = tuple[str, ...]
Make = Callable[[Path, Phrases, SameMeaning | None], Recognizer]
"""Makes a recogniser from a model, the urgent phrases, and the function that says which phrases mean the same. Raises
HearingError with the remedy."""


@dataclass(frozen=True, slots=True)
class RecognizerRow:
    """One recogniser. Only `make` loads its library."""

    name: str
    """Name on the command line and in messages; equal to the recogniser's own `name`."""
    rate: int
    """Samples a second; equal to the recogniser's own `rate`."""
    library: str
    """The package that the recogniser needs, by the name that is imported."""
    models: ModelRow
    """Where the recogniser's model is, and what is wrong with it."""
    make: Make
    """Makes the recogniser. Its results depend on the sound and the phrases alone, not on the speed of the machine."""
    missing: str
    """Message with the remedy, for a recogniser that was asked for by name and has no model."""
    unusable: str
    """Message with the remedy, for a recogniser whose package is missing."""
    any_word: bool = False
    """The recogniser can hear any word, so it has no unknown words."""
    load: Callable[[Path], None] | None = None
    """Loads ahead, into this process, what `make_live` will need of this model."""
    make_live: Make | None = None
    """Makes the recogniser for a live session. It looks at an utterance as often as this machine can; None: `make`."""
    speed: Callable[[Path], str] | None = None
    """How well this machine keeps up with the recogniser, for people; takes a second. None: every machine does."""
    judge: str = ""
    """Name of the row whose model decides again what this recogniser heard, if that model is found."""


def _vosk(model: Path, urgent: Phrases, same: SameMeaning | None) -> Recognizer:
    from coach.adapters.recognition.vosk.recognizer import VoskRecognizer
    from coach.adapters.recognition.vosk.tuning import tuned_copy

    return VoskRecognizer(
        tuned_copy(model, cache_folder() / "tuned_models"), urgent=urgent, judge=partial(moonshine_judge, urgent, same)
    )


def moonshine_judge(urgent: Phrases, same: SameMeaning | None = None) -> Judge | None:
    """Moonshine as Vosk's judge; None where it cannot be used: Vosk then hears alone."""
    from coach.adapters.recognition.moonshine.judge import Judge

    model = models.MOONSHINE.find()
    if model is None:
        return None
    try:
        return Judge(model, urgent, same)
    except HearingError as error:
        _log.warning("nothing judges what vosk hears: %s", error)
        return None


def _moonshine(model: Path, urgent: Phrases, same: SameMeaning | None) -> Recognizer:
    from coach.adapters.recognition.moonshine.recognizer import MoonshineRecognizer

    return MoonshineRecognizer(model, urgent=urgent, same=same, cache=cache_folder())


def _moonshine_load(model: Path) -> None:
    from coach.adapters.recognition.moonshine.recognizer import load_ahead

    load_ahead(model, cache_folder())


def _moonshine_live(model: Path, urgent: Phrases, same: SameMeaning | None) -> Recognizer:
    from coach.adapters.recognition.moonshine.recognizer import MoonshineRecognizer

    return MoonshineRecognizer(model, urgent=urgent, same=same, look=None, learns=True, cache=cache_folder())


def _moonshine_speed(model: Path) -> str:
    from coach.adapters.recognition.moonshine.reader import Reader
    from coach.adapters.recognition.moonshine.recognizer import LOOK_S, look_seconds

    look = look_seconds(Reader(model, ()).computing_seconds())
    if look == LOOK_S:
        return f"this computer is fast enough: it looks every {look:.1f} s while somebody speaks"
    return f"this computer is slow: it looks every {look:.1f} s while somebody speaks, instead of {LOOK_S:.1f}"


RECOGNIZERS: tuple[RecognizerRow, ...] = (
    RecognizerRow(
        name="vosk",
        rate=16_000,
        library="vosk",
        models=models.VOSK,
        make=_vosk,
        missing="no Vosk model found: run `coach models fetch vosk`, or name one with --model",
        judge="moonshine",
        unusable="the vosk package is missing: pip install vosk, or choose another --engine",
    ),
    RecognizerRow(
        name="moonshine",
        rate=16_000,
        library="onnxruntime",
        models=models.MOONSHINE,
        make=_moonshine,
        missing="no Moonshine model found: run `coach models fetch`, or name one with --model",
        unusable=models.NO_ONNXRUNTIME,
        any_word=True,
        load=_moonshine_load,
        make_live=_moonshine_live,
        speed=_moonshine_speed,
    ),
)
"""In the order in which "auto" tries them."""

NO_MODEL = "no recogniser has a model here: run: coach models fetch"


def names() -> list[str]:
    """Names that an engine may have in a setting, "auto" first."""
    return [AUTO, *(row.name for row in RECOGNIZERS)]


def choose(hearing: Hearing, warn: Warn) -> tuple[RecognizerRow, Path]:
    """The recogniser to hear with, and its model; HearingError names the remedy.

    "auto" passes over a damaged model, with a warning. A recogniser that is asked for by name must have a whole model.
    If a server helps (`servers.py`), the recogniser is the one that "auto" gives.
    """
    row, model = _chosen(replace(hearing, engine=AUTO) if is_address(hearing.engine) else hearing, warn)
    judging = judge_of(row)
    if judging is not None and (problem := finding_of(*judging)) is not None:
        warn(f"{problem}; until then nothing judges what {row.name} hears")
    return row, model


def _chosen(hearing: Hearing, warn: Warn) -> tuple[RecognizerRow, Path]:
    if hearing.engine not in names():
        raise HearingError(f"no recogniser {hearing.engine!r}: choose of {', '.join(names())}, or wyoming://HOST:PORT")
    if hearing.model is not None:
        return _by_folder(hearing.engine, hearing.model)
    findings: list[str] = []
    for row in RECOGNIZERS:
        if hearing.engine not in (AUTO, row.name):
            continue
        model = row.models.find()
        if model is None:
            continue
        problem = finding_of(row, model)
        if problem is None:
            for one in findings:
                warn(f"{one}; until then {row.name} hears")
            return row, model
        findings.append(problem)
    missing = next((row.missing for row in RECOGNIZERS if row.name == hearing.engine), NO_MODEL)
    raise HearingError(findings[0] if findings else missing)


def begin_to_load(hearing: Hearing) -> Child:
    """A process that loads what the chosen recogniser needs, before the phrases to hear are known.

    A wrong choice is reported by `choose`, when the recogniser is made.
    """
    child = recognizer_child()
    try:
        row, model = choose(hearing, lambda _: None)
    except HearingError:
        return child
    if row.load is not None:
        child.send(partial(row.load, model))
    return child


def row_named(name: str) -> RecognizerRow:
    """The row of this name."""
    return next(row for row in RECOGNIZERS if row.name == name)


def _by_folder(engine: str, model: Path) -> tuple[RecognizerRow, Path]:
    """The recogniser that a model folder is for. "auto" takes the row that owns the folder; a recogniser that is asked
    for by name must be able to use the folder.
    """
    row = next((row for row in RECOGNIZERS if engine == row.name or (engine == AUTO and row.models.owns(model))), None)
    if row is None:
        raise HearingError(f"no model in {str(model)!r}: name another with --model, or run: coach models fetch")
    problem = finding_of(row, model)
    if problem is not None:
        raise HearingError(problem)
    return row, model


def judge_of(row: RecognizerRow) -> tuple[RecognizerRow, Path] | None:
    """The row whose model decides again what this recogniser heard, and that model, whole or not; None: no row does, or
    no model is found.
    """
    judge = next((other for other in RECOGNIZERS if other.name == row.judge), None)
    model = judge.models.find() if judge is not None else None
    return None if judge is None or model is None else (judge, model)


def finding_of(row: RecognizerRow, model: Path) -> str | None:
    """Why the recogniser cannot hear with this model, with the remedy; None: a quick check finds nothing wrong."""
    if find_spec(row.library) is None:
        return row.unusable
    return row.models.finding(model)
