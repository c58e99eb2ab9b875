"""Keeps rendered lines in memory and on disk, so that a line that was spoken once is spoken at once the next time.

Law: a file is played only when its digest proves that it is whole; otherwise its line is rendered again. The engine is
not touched while the store has the line. What another voice says meanwhile is kept as that voice's clip.
"""

from __future__ import annotations

import hashlib
import struct
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import numpy as np

from coach.adapters.files.atomic_write import write_atomically
from coach.adapters.files.folders import cache_folder
from coach.commands import Manner
from coach.ports import Clip, VoiceError

_KEPT = 256
"""Clips kept in memory: the usual lines are 174 (17 MB); what a lifter asks for in a day, at every pace, would be
more."""
_DIGEST = 16
_HEADER = struct.Struct("<II")
"""A clip's rate and onset; the samples follow, little-endian."""


class VoiceAwayError(VoiceError):
    """The voice cannot speak now, and may be able to later."""


class Engine(Protocol):
    """Renders text, and can say what its clips depend on."""

    rate: int
    """Samples a second of every clip."""

    def render(self, text: str, manner: Manner) -> Clip:
        """Render the whole text, trimmed; raises `VoiceError` with the remedy when that is impossible."""

    def fingerprint(self, manner: Manner) -> str:
        """Everything that a clip depends on, except the text; costs nothing."""


def clip_folder() -> Path:
    """Folder of the rendered lines."""
    return cache_folder() / "clips"


class ClipStore:
    """Renders every text once. Any thread may ask."""

    def __init__(
        self,
        engine: Engine,
        folder: Path | None = None,
        warn: Callable[[str], None] = lambda _: None,
        spare: Callable[[], Engine] | None = None,
        ahead: Engine | None = None,
        meanwhile: ClipStore | None = None,
    ) -> None:
        """`spare` makes the engine that speaks, at the same rate, once `engine` has failed.

        `ahead`: the same engine, for lines that are not needed yet: it may take longer. `meanwhile`: speaks, at the
        same rate, while the engine is away.
        """
        self.rate = engine.rate
        self._ahead = ahead
        self._meanwhile = meanwhile
        self._spare = spare
        self._engine = engine
        self._folder = folder if folder is not None else clip_folder()
        self._warn = warn
        self._keeps = True
        self._clips: dict[Path, Clip] = {}

    def render(self, text: str, manner: Manner) -> Clip:
        """The line from memory, disk or engine; raises `VoiceError`. The clip's samples are read-only."""
        return self._rendered(text, manner, self._engine)

    def _rendered(self, text: str, manner: Manner, engine: Engine) -> Clip:
        path = self._path(text, manner)
        clip = self._clips.get(path)
        if clip is None:
            clip = _read(path)
            if clip is None:
                try:
                    clip = engine.render(text, manner)
                except VoiceAwayError:
                    if self._meanwhile is None:
                        raise
                    return self._meanwhile.render(text, manner)
                except VoiceError as error:
                    self._replace_engine(error)
                    return self.render(text, manner)
                clip.pcm.setflags(write=False)
                self._keep(clip, path)
            self._clips[path] = clip
            if len(self._clips) > _KEPT:
                # The oldest clip leaves the memory; it is on the disk.
                self._clips.pop(next(iter(self._clips)), None)
        return clip

    def keeps(self, text: str, manner: Manner) -> bool:
        """Whether the line can be had without the engine."""
        path = self._path(text, manner)
        return path in self._clips or path.is_file()

    def prepare(
        self,
        lines: Iterable[tuple[str, Manner]],
        stop: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        """Write these lines to the disk; ends early when `stop` returns True. `progress` gets done and total."""
        wanted = list(dict.fromkeys(lines))
        for done, (text, manner) in enumerate(wanted, start=1):
            if stop():
                return
            if not self._path(text, manner).is_file():
                self._rendered(text, manner, self._ahead or self._engine)
            progress(done, len(wanted))

    def check_writable(self) -> None:
        """Raise `VoiceError` when clips cannot be kept on disk."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            raise VoiceError(self._not_writable(error)) from error

    def _replace_engine(self, fault: VoiceError) -> None:
        """Let the spare engine speak from now on; raises `fault` when no spare engine is left."""
        if self._spare is None:
            raise fault
        self._warn(f"{fault}; until then another voice speaks")
        self._engine, self._spare = self._spare(), None

    def _path(self, text: str, manner: Manner) -> Path:
        name = hashlib.sha256(f"{self._engine.fingerprint(manner)}\n{text}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.clip"

    def _keep(self, clip: Clip, path: Path) -> None:
        """Write the clip. When the disk cannot take it, say so once and keep clips in memory only."""
        if not self._keeps:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(clip, path)
        except OSError as error:
            self._keeps = False
            self._warn(self._not_writable(error))

    def _not_writable(self, fault: OSError) -> str:
        return (
            f"clip folder {str(self._folder)!r} is not writable: {fault.strerror}; "
            "free or own it, or set XDG_CACHE_HOME"
        )


def _write(clip: Clip, path: Path) -> None:
    body = _HEADER.pack(clip.rate, clip.onset) + clip.pcm.astype("<i2").tobytes()
    write_atomically(path, lambda file: file.write(_digest(body) + body))


def _read(path: Path) -> Clip | None:
    """The clip, if its file exists and is whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[_DIGEST:]
    if content[:_DIGEST] != _digest(body):
        return None
    rate, onset = _HEADER.unpack_from(body)
    return Clip(np.frombuffer(body, "<i2", offset=_HEADER.size), rate, onset)


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_DIGEST).digest()
