"""A private copy of a Vosk model that answers sooner.

Law: the model itself is never written to.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from coach.adapters.recognition.vosk.model_files import MANIFEST, engine_finding, require
from coach.ports import HearingError

_log = logging.getLogger(__name__)


OPTIONS = {
    # Decodes every 120 ms. The engine's own value of 24 means every 240 ms. With 6, answers would come another 20 ms
    # sooner. A network of 4 million weights takes 2.8 % of a desktop core with 24, 3.6 % with 12 and 6.7 % with 6.
    "frames-per-chunk": "12",
    # A command ends sooner than dictation: after 0.3 s of silence where a phrase may end, after 0.8 s anywhere.
    "endpoint.rule2.min-trailing-silence": "0.3",
    "endpoint.rule3.min-trailing-silence": "0.5",
    "endpoint.rule4.min-trailing-silence": "0.8",
    # An utterance of mere silence ends after 2 s instead of 5: the time to end it grows with the square of its length
    # (10 against 46 ms), and silence takes 0.6 against 1.6 % of a desktop core. No word that begins at that moment is
    # lost (220 tried).
    "endpoint.rule1.min-trailing-silence": "2.0",
    # Not --determinize-max-delay. With it partials would have the times of their words, at 10 times the processor time.
}


def chunk_seconds(model: Path) -> float:
    """Seconds of sound between two decodings of the engine with this model."""
    option = re.search(r"^--frames-per-chunk=(\d+)", (model / "conf/model.conf").read_text("utf-8"), re.MULTILINE)
    return (int(option[1]) if option else 24) * 0.01


def tuned_copy(model: Path, cache: Path, options: Mapping[str, str] = OPTIONS) -> Path:
    """A folder of links to the model's files, with options for quick commands.

    An engine may refuse the options, so the copy is tried once, and the result is kept. If the engine refuses it, a
    warning says so and the model itself is returned. `HearingError` when the model cannot be used at all.
    """
    require(model)
    copy = cache / f"{model.name}-{_fingerprint(model, options)}"
    refused = copy.with_name(copy.name + ".refused")
    if copy.is_dir():
        return copy
    try:
        if refused.is_file():
            reason = refused.read_text("utf-8").strip()
        elif reason := _make_copy(model, copy, options):
            if finding := engine_finding(model):
                raise HearingError(finding)
            refused.write_text(reason + "\n", encoding="utf-8")
        else:
            return copy
    except OSError as error:
        reason = f"{error.strerror} in {str(cache)!r}"
    _log.warning("answers come up to half a second later, from the model as it is: %s", reason)
    return model


def _make_copy(model: Path, copy: Path, options: Mapping[str, str]) -> str:
    """Make the copy; return why the engine refuses it; empty: the engine accepts it."""
    new = copy.with_name(f".{copy.name}.{os.getpid()}")
    try:
        _fill_copy(model, new, options)
        reason = engine_finding(new) or ""
        if not reason:
            new.rename(copy)
        return reason
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _fill_copy(model: Path, copy: Path, options: Mapping[str, str]) -> None:
    for file in sorted(model.rglob("*")):
        if not file.is_file() or file.name == MANIFEST:
            continue
        twin = copy / file.relative_to(model)
        twin.parent.mkdir(parents=True, exist_ok=True)
        if twin.relative_to(copy) == Path("conf/model.conf"):
            lines = file.read_text("utf-8").splitlines()
            kept = [line for line in lines if line.strip().removeprefix("--").partition("=")[0] not in options]
            tuned = [f"--{name}={value}" for name, value in options.items()]
            twin.write_text("\n".join([*kept, *tuned, ""]), encoding="utf-8")
            continue
        try:
            twin.symlink_to(file.resolve())
        except OSError:
            # This file system has no links, or the user may not make them (Windows).
            shutil.copy2(file, twin)


def _fingerprint(model: Path, options: Mapping[str, str]) -> str:
    """A text that changes with the model, the options and the engine."""
    try:
        engine = metadata.version("vosk")
    except metadata.PackageNotFoundError:
        engine = ""
    parts = [str(model.resolve()), engine, *map(str, options.items())]
    for file in sorted(model.rglob("*")):
        state = file.stat()
        parts.append(f"{file.relative_to(model)} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
