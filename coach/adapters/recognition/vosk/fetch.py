"""Fetches the small English model of Vosk: downloads, checks and unpacks it.

Law: a folder that has a model's name is complete. An incomplete download is a `.part` file, an incomplete unpacking a
hidden folder.
"""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit

from coach.adapters.files.download import Progress, RemoteFile, download, writing_into
from coach.adapters.recognition.vosk.model_files import MANIFEST, NAME, verify
from coach.ports import HearingError

ARCHIVE = RemoteFile(
    f"https://alphacephei.com/vosk/models/{NAME}.zip",
    size=41_205_931,
    digest="30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
)
"""Licence of the model: Apache-2.0, Alpha Cephei Inc."""

_MAX_GROWTH = 20
"""The unpacked files may have this many times the archive's size; those of the real model have less than twice."""


def fetch(into: Path, archive: RemoteFile = ARCHIVE, progress: Progress = lambda *_: None) -> Path:
    """The model folder in `into`, downloaded unless it exists and is whole. A download continues where the last ended.

    Raises `HearingError`, one line with the remedy. Ctrl-C leaves only the `.part` file, for the next try.
    """
    name = PurePosixPath(urlsplit(archive.url).path).stem
    target, part = into / name, into / f"{name}.zip.part"
    if target.is_dir() and not verify(target):
        return target
    # The archive and the unpacked model together have less than three times the archive's size.
    needed_mb = max(1, archive.size * 3 // 1_000_000)
    with writing_into(into, needed_mb, HearingError):
        into.mkdir(parents=True, exist_ok=True)
        by_hand = f"download {archive.url} by hand and unpack it into {str(into)!r}"
        download(archive, part, by_hand, HearingError, progress)
        _unpack(part, target, archive.size)
        part.unlink()
    return target


def _unpack(archive: Path, target: Path, size: int) -> None:
    """Unpack into a hidden folder, check the model in it, and rename it to `target`."""
    new, old = (target.with_name(f".{target.name}.{state}") for state in ("new", "old"))
    for left_over in (new, old):
        shutil.rmtree(left_over, ignore_errors=True)
    try:
        new.mkdir()
        with zipfile.ZipFile(archive) as zipped:
            entries = zipped.infolist()
            for entry in entries:
                _check_entry(entry)
            if sum(entry.file_size for entry in entries) > _MAX_GROWTH * size:
                raise HearingError(f"{archive.name} would unpack to more than {_MAX_GROWTH} times its size: not done")
            for entry in entries:
                _unpack_entry(zipped, entry, new)
        inside = list(new.iterdir())
        model = inside[0] if len(inside) == 1 else new
        if findings := verify(model):
            raise HearingError(f"{archive.name} holds no usable model ({findings[0]}): not unpacked")
        sizes = {str(file.relative_to(model)): file.stat().st_size for file in model.rglob("*") if file.is_file()}
        (model / MANIFEST).write_text(json.dumps(sizes, indent=1, sort_keys=True), encoding="utf-8")
        if target.exists():
            target.rename(old)
        model.rename(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        archive.unlink()
        raise HearingError(f"{archive.name} is a damaged zip file ({error}): fetch again") from error
    finally:
        for left_over in (new, old):
            shutil.rmtree(left_over, ignore_errors=True)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Raise `HearingError` for a name that leads out of the folder, and for links."""
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        raise HearingError(f"the archive's entry {entry.filename!r} leads out of the model folder: nothing unpacked")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise HearingError(f"the archive's entry {entry.filename!r} is a link, not a file: nothing unpacked")


def _unpack_entry(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    file = folder / entry.filename
    if entry.is_dir():
        file.mkdir(parents=True, exist_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    source: BinaryIO
    # "x" fails if the file exists: two entries of one name are an attack.
    with zipped.open(entry) as source, file.open("xb") as copy:  # type: ignore[assignment]
        shutil.copyfileobj(source, copy)
