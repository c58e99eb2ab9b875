"""Rendered lines kept in memory and on disk, so that a line once spoken is spoken at once.

Law: a file is played only when its digest proves it whole; one that is not is rendered anew.
The engine is not touched while the store has the line.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from coach.commands import Manner
from coach.ports import Clip, Length, Synthesizer, VoiceError

_KEPT = 256
"""Clips in memory: the usual lines are 174 (17 MB); what a lifter asks for in a day, at every pace, would be more."""
_DIGEST = 16
_HEADER = struct.Struct("<II")
"""Rate and onset; the samples follow, little-endian."""


class Engine(Synthesizer, Protocol):
    """A synthesiser that can say what its clips depend on."""

    def fingerprint(self, manner: Manner) -> str:
        """Everything but the text; costs nothing."""


def clip_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The user's cache folder for clips. It may be deleted at any time."""
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "coach" / "clips"
    named = Path(environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification has relative values ignored.
    return (named if named.is_absolute() else Path.home() / ".cache") / "coach" / "clips"


class ClipStore:
    """A `Synthesizer` that renders every line once. Any thread may ask."""

    def __init__(
        self, engine: Engine, folder: Path | None = None, warn: Callable[[str], None] = lambda _: None
    ) -> None:
        self.rate = engine.rate
        self._engine = engine
        self._folder = folder if folder is not None else clip_folder()
        self._warn = warn
        self._keeps = True
        self._clips: dict[Path, Clip] = {}

    def render(self, text: str, manner: Manner) -> Clip:
        """The line from memory, disk or engine; raises `VoiceError`. Its samples are read-only."""
        path = self._path(text, manner)
        clip = self._clips.get(path)
        if clip is None:
            clip = _read(path)
            if clip is None:
                clip = self._engine.render(text, manner)
                clip.pcm.setflags(write=False)
                self._keep(clip, path)
            self._clips[path] = clip
            if len(self._clips) > _KEPT:
                # The oldest; it is on the disk.
                self._clips.pop(next(iter(self._clips)), None)
        return clip

    def set_pace(self, percent: int) -> None:
        """Sentences at this share of their usual speed; each speed has clips of its own."""
        self._engine.set_pace(percent)

    def measure(self, text: str, manner: Manner) -> Length:
        """How long the line takes; a `ports.Measure`."""
        return self.render(text, manner).length

    def prepare(
        self,
        lines: Iterable[tuple[str, Manner]],
        stop: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        """Have these lines ready; ends early when `stop` says so. `progress` gets done and total."""
        wanted = list(dict.fromkeys(lines))
        for done, (text, manner) in enumerate(wanted, start=1):
            if stop():
                return
            self.render(text, manner)
            progress(done, len(wanted))

    def check_writable(self) -> None:
        """Raise `VoiceError` when clips cannot be kept on disk."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder):
                pass
        except OSError as fault:
            raise VoiceError(self._not_writable(fault)) from fault

    def _path(self, text: str, manner: Manner) -> Path:
        name = hashlib.sha256(f"{self._engine.fingerprint(manner)}\n{text}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.clip"

    def _keep(self, clip: Clip, path: Path) -> None:
        """Write the clip; when the disk will not have it, say so once and go on in memory."""
        if not self._keeps:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(clip, path)
        except OSError as fault:
            self._keeps = False
            self._warn(self._not_writable(fault))

    def _not_writable(self, fault: OSError) -> str:
        return (
            f"clip folder {str(self._folder)!r} is not writable: {fault.strerror}; "
            "free or own it, or set XDG_CACHE_HOME"
        )


def _write(clip: Clip, path: Path) -> None:
    """All of it or nothing: under another name first."""
    body = _HEADER.pack(clip.rate, clip.onset) + clip.pcm.astype("<i2").tobytes()
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_digest(body) + body)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _read(path: Path) -> Clip | None:
    """The clip, if it is there and whole."""
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
