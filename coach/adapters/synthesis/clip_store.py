"""Keeps rendered lines in memory and on disk, so that each line is rendered only once.

Law: a file is played only if its digest proves that it is whole; otherwise its line is rendered again. The engine is
not used if the store has the line. A line that a stand-in speaks is kept as the stand-in's clip.
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

_MAX_CLIPS = 256
"""Clips kept in memory. The usual lines are 174 (17 MB); all that a lifter asks for in a day would be more."""
_DIGEST_BYTES = 16
_HEADER = struct.Struct("<II")
"""A clip's rate and onset. The samples follow, little-endian."""


class VoiceAwayError(VoiceError):
    """The voice cannot speak now, but may be able to later."""


class Engine(Protocol):
    """Renders text, and knows what its clips depend on."""

    rate: int
    """Samples a second of every clip."""

    def render(self, text: str, manner: Manner) -> Clip:
        """Render the whole text, trimmed; raises `VoiceError` with the remedy when that is impossible."""

    def fingerprint(self, manner: Manner) -> str:
        """Everything that a clip depends on, except the text. Does not start the engine."""


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
        make_spare: Callable[[], Engine] | None = None,
        engine_ahead: Engine | None = None,
        stand_in: ClipStore | None = None,
    ) -> None:
        """`make_spare` makes the engine that speaks, at the same rate, once `engine` has failed.

        `engine_ahead`: the same engine, with more patience, for lines that are not needed yet. `stand_in`: speaks, at
        the same rate, while the engine is away.
        """
        self.rate = engine.rate
        self._engine_ahead = engine_ahead
        self._stand_in = stand_in
        self._make_spare = make_spare
        self._engine = engine
        self._folder = folder if folder is not None else clip_folder()
        self._warn = warn
        self._is_writable = True
        self._clips: dict[Path, Clip] = {}

    def render(self, text: str, manner: Manner) -> Clip:
        """The line from memory, disk or engine; raises `VoiceError`. The clip's samples are read-only."""
        return self._render_with(text, manner, self._engine)

    def _render_with(self, text: str, manner: Manner, engine: Engine) -> Clip:
        path = self._path(text, manner)
        clip = self._clips.get(path)
        if clip is None:
            clip = _read(path)
            if clip is None:
                try:
                    clip = engine.render(text, manner)
                except VoiceAwayError:
                    if self._stand_in is None:
                        raise
                    return self._stand_in.render(text, manner)
                except VoiceError as error:
                    self._replace_engine(error)
                    return self.render(text, manner)
                clip.pcm.setflags(write=False)
                self._write_clip(clip, path)
            self._clips[path] = clip
            if len(self._clips) > _MAX_CLIPS:
                # Drop the oldest clip, which is also on disk.
                self._clips.pop(next(iter(self._clips)), None)
        return clip

    def has(self, text: str, manner: Manner) -> bool:
        """Whether the line's clip exists, in memory or on disk."""
        path = self._path(text, manner)
        return path in self._clips or path.is_file()

    def prepare(
        self,
        lines: Iterable[tuple[str, Manner]],
        stop: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        """Render the lines that are not on disk; end early when `stop` returns True. `progress` gets done and total."""
        wanted = list(dict.fromkeys(lines))
        for done, (text, manner) in enumerate(wanted, start=1):
            if stop():
                return
            if not self._path(text, manner).is_file():
                self._render_with(text, manner, self._engine_ahead or self._engine)
            progress(done, len(wanted))

    def check_writable(self) -> None:
        """Raise `VoiceError` if clips cannot be kept on disk."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            raise VoiceError(self._write_failure(error)) from error

    def _replace_engine(self, error: VoiceError) -> None:
        """Let the spare engine speak from now on; raises `error` when no spare engine is left."""
        if self._make_spare is None:
            raise error
        self._warn(f"{error}; until then another voice speaks")
        self._engine, self._make_spare = self._make_spare(), None

    def _path(self, text: str, manner: Manner) -> Path:
        name = hashlib.sha256(f"{self._engine.fingerprint(manner)}\n{text}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.clip"

    def _write_clip(self, clip: Clip, path: Path) -> None:
        """Write the clip. If the disk cannot take it, warn once, and keep clips in memory only from now on."""
        if not self._is_writable:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            body = _HEADER.pack(clip.rate, clip.onset) + clip.pcm.astype("<i2").tobytes()
            write_atomically(path, lambda file: file.write(_digest(body) + body))
        except OSError as error:
            self._is_writable = False
            self._warn(self._write_failure(error))

    def _write_failure(self, error: OSError) -> str:
        return (
            f"clip folder {str(self._folder)!r} is not writable: {error.strerror}; "
            "free or own it, or set XDG_CACHE_HOME"
        )


def _read(path: Path) -> Clip | None:
    """The clip, if its file exists and is whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[_DIGEST_BYTES:]
    if content[:_DIGEST_BYTES] != _digest(body):
        return None
    rate, onset = _HEADER.unpack_from(body)
    return Clip(np.frombuffer(body, "<i2", offset=_HEADER.size), rate, onset)


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest()
