"""Vosk's model folders: where they are looked for, and what is wrong with them.

Law: nothing here imports the engine. A child process runs the engine if it is needed, because the engine may abort.
"""

from __future__ import annotations

import importlib.util
import json
import re
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from coach.adapters.files import model_folders
from coach.adapters.files.model_folders import ListedModel, size_of
from coach.ports import HearingError

NAME = "vosk-model-small-en-us-0.15"
"""The model that the coach is made for: English, small, takes grammars; 40 MB to fetch, about 68 MB on disk."""


def places(environ: Mapping[str, str], project_folder: Path | None) -> tuple[Path, ...]:
    """The places that are searched, first choice first. Each may be a model or a folder of models."""
    named = environ.get("VOSK_MODEL_PATH")
    return (
        *([Path(named).expanduser()] if named else []),
        *model_folders.places(project_folder),
        Path.home() / ".cache/vosk",
        Path("/usr/share/vosk"),
    )


def find(explicit: Path | None, environ: Mapping[str, str], project_folder: Path | None) -> Path | None:
    """The model to hear with: `explicit`, or without it the first English model of `places`. HearingError if `explicit`
    is damaged.

    The first whole model is returned. If no model is whole, the first damaged one is, so that the damage is reported
    instead of "no model".
    """
    if explicit is not None:
        require(explicit)
        return explicit
    models = [model for place in places(environ, project_folder) for model in _models_in(place)]
    # A model of another language would hear its own words in all talk. A user who wants such a model names it.
    english = [model for model in models if not re.match(r"vosk-model-(small-)?(?!en-)[a-z]{2}-", model.name)]
    whole = (model for model in english if not verify(model))
    return next(whole, next(iter(english), None))


def _models_in(place: Path) -> list[Path]:
    if is_model(place):
        return [place]
    try:
        inside = [child for child in place.iterdir() if not child.name.startswith(".")]
    except OSError:
        return []
    small_first = sorted(inside, key=lambda child: (child.name != NAME, "small" not in child.name, child.name))
    return [child for child in small_first if is_model(child)]


def is_model(folder: Path) -> bool:
    """Whether the folder is a Vosk model, whole or not."""
    return sum((folder / part).is_dir() for part in ("am", "conf", "graph")) >= 2


def list_models(environ: Mapping[str, str], project_folder: Path | None) -> list[ListedModel]:
    """Every model of `places`, in the order of the search, damaged ones and other languages too."""
    return [
        ListedModel(name=model.name, path=model, size=size_of(model), state="; ".join(verify(model)) or "good")
        for place in places(environ, project_folder)
        for model in _models_in(place)
    ]


_NEEDED_FILES = ("am/final.mdl", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst")
_NEEDED_IVECTOR_FILES = ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")
MANIFEST = ".coach-files.json"
"""File with the sizes of a model's files, written when the coach fetched the model: without it a text file that is
cut at the end of a line looks whole."""


def verify(model: Path) -> list[str]:
    """What is wrong with the folder, one line for each file; empty: nothing that shows without the engine."""
    if not model.is_dir():
        return ["not a folder"]
    if (model / "graph/HCLG.fst").is_file() and not (model / "graph/HCLr.fst").exists():
        return ["graph/HCLG.fst: a static graph, which takes no grammar; take a small or an lgraph model"]
    needed = list(_NEEDED_FILES)
    needed.append("conf/mfcc.conf" if not (model / "conf/fbank.conf").exists() else "conf/fbank.conf")
    if not _names_words(model / "graph/Gr.fst") or (model / "graph/words.txt").exists():
        needed.append("graph/words.txt")
    if (model / "ivector").is_dir():
        needed += [f"ivector/{name}" for name in _NEEDED_IVECTOR_FILES]
    findings = {name: found for name in needed if (found := _file_finding(model / name))}
    # This file may be empty, but the engine needs it.
    if not (model / "graph/disambig_tid.int").is_file():
        findings["graph/disambig_tid.int"] = "missing"
    if cut := _cut_phones(model):
        findings["graph/phones/word_boundary.int"] = cut
    for name, size in _manifest(model).items():
        file = model / name
        if name not in findings and (not file.is_file() or file.stat().st_size != size):
            findings[name] = f"not the {size} bytes that were fetched"
    return [f"{name}: {found}" for name, found in findings.items()]


def finding(model: Path) -> str | None:
    """What `verify` finds, in one line with the remedy; None: nothing."""
    findings = verify(model)
    if not findings:
        return None
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return (
        f"no usable vosk model in {str(model)!r}: {findings[0]}{more}; "
        "name another with --model, or run: coach models fetch vosk"
    )


def require(model: Path) -> None:
    """Raise `HearingError` with the remedy unless `verify` finds nothing."""
    if message := finding(model):
        raise HearingError(message)


def _manifest(model: Path) -> dict[str, int]:
    try:
        return {str(name): int(size) for name, size in json.loads((model / MANIFEST).read_bytes()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _file_finding(file: Path) -> str | None:
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            head = stream.read(100)
            stream.seek(max(0, size - 100))
            tail = stream.read()
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if size == 0:
        return "empty"
    if head.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer, not the file"
    match file.name:
        case "final.mdl":
            damaged = not head.startswith((b"\0B", b"<TransitionModel>"))
        case "HCLr.fst" | "Gr.fst":
            damaged = _fst_size(head) is None or size < (_fst_size(head) or 0)
        case "words.txt":
            damaged = re.search(rb"\S+\s+\d+\r?\n\Z", tail) is None
        case "model.conf":
            # Without this option the engine aborts the process at the first sound.
            named = re.search(rb"^--endpoint\.silence-phones=\d", file.read_bytes(), re.MULTILINE)
            return None if named else "no --endpoint.silence-phones; it is not whole"
        case _:
            damaged = False
    return "truncated or damaged" if damaged else None


def _fst_size(head: bytes) -> int | None:
    """Least bytes of an OpenFst file, computed from its first bytes; None: it is not an OpenFst file."""
    try:
        magic, length = struct.unpack_from("<ii", head)
        kind = head[8 : 8 + length]
        # Magic, two names with their lengths, version, flags, properties, start, numbers of states and arcs.
        (name_length,) = struct.unpack_from("<i", head, 8 + length)
        states, arcs = struct.unpack_from("<qq", head, 12 + length + name_length + 24)
    except struct.error:
        return None
    if magic != 2125659606:
        return None
    return 12 + length + name_length + 40 + 12 * states + 16 * arcs if kind == b"vector" else 1


def _names_words(graph: Path) -> bool:
    """Whether the graph itself holds the word list, as in the small models, which have no `words.txt`."""
    try:
        with graph.open("rb") as stream:
            head = stream.read(100)
        (length,) = struct.unpack_from("<i", head, 4)
        (name_length,) = struct.unpack_from("<i", head, 8 + length)
        (flags,) = struct.unpack_from("<i", head, 16 + length + name_length)
    except (OSError, struct.error):
        return False
    output_symbols = 2
    return bool(flags & output_symbols)


def _cut_phones(model: Path) -> str | None:
    """The finding that `word_boundary.int` lacks the last phones of the network's list; None: it lacks none, as far as
    is known. A phone that it lacks aborts the process when it is heard.
    """
    try:
        lines = (model / "graph/phones/word_boundary.int").read_bytes().split(b"\n")
        with (model / "am/final.mdl").open("rb") as stream:
            head = stream.read(1 << 16)
    except OSError:
        # If the file is missing, words have no exact times: no other harm.
        return None
    if listed := re.match(rb"<TransitionModel>\s+<Topology>\s+<TopologyEntry>\s+<ForPhones>([\d\s]+)<", head):
        phones = [int(number) for number in listed[1].split()]
    elif listed := re.match(rb"\0B<TransitionModel> <Topology> \x04(.{4})", head, re.DOTALL):
        (count,) = struct.unpack("<i", listed[1])
        available = (len(head) - listed.end()) // 4
        phones = list(struct.unpack_from(f"<{min(count, available)}i", head, listed.end())) if count > 0 else []
    else:
        return None
    placed = [int(line.split()[0]) for line in lines if line[:1].isdigit()]
    last, highest = max(placed, default=0), max(phones, default=0)
    return f"ends with phone {last} of {highest}; it is not whole" if last < highest else None


_PATIENCE_S = 60
"""Seconds until the child must have answered; a Raspberry Pi 4 loads the small model in a few seconds."""


def engine_finding(model: Path) -> str | None:
    """What prevents the engine from hearing with this model, in one line with the remedy; None: nothing.

    A child process loads the model and hears three seconds: some damage shows only then, or by an abort.
    """
    if importlib.util.find_spec("vosk") is None:
        return "the vosk package is missing: pip install vosk, or choose another --engine"
    command = [sys.executable, "-m", "coach.adapters.recognition.vosk.recognizer", str(model)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return (
            f"the model in {str(model)!r} takes more than {_PATIENCE_S} s for three; "
            "take a small one: coach models fetch vosk"
        )
    if child.returncode == 0:
        return None
    lines = [line.strip() for line in child.stderr.decode(errors="replace").splitlines() if line.strip()]
    reported = [line for line in lines if line.startswith(("ERROR (", "ASSERTION_FAILED ("))] or lines[-1:]
    # In "ERROR (VoskAPI:Model():model.cc:122) Folder ..." only the part behind the bracket is for users.
    reason = re.sub(r"^\w+ \(\S+\) ", "", reported[0]) if reported else f"it ended with code {child.returncode}"
    return f"vosk cannot use the model in {str(model)!r}: {reason}; run: coach models fetch vosk"
