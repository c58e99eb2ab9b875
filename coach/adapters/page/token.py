"""The token that opens the page from other devices: one line in a file that only its owner can read.

Law: the token is made with `secrets` and compared in constant time. A new token takes effect at once, also in a coach
that is running.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from coach.adapters.files.folders import data_folder
from coach.ports import WorldError

_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""Form of a token: 32 bytes in URL-safe base64."""
MAX_LENGTH = 200
"""Most characters of a token; a longer one is refused without a comparison."""


def token_file() -> Path:
    """Returns the path of the token, in the user's data folder."""
    return data_folder() / "page-token"


class TokenFile:
    """Reads the token, and reads it again after the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state: tuple[int, int] | None = None
        """Inode and change time (nanoseconds) of the file when it was read last. A change of the mode counts."""
        self._token = ""
        self._known: str | None = None
        """The token at the last call of `has_changed` or `read_or_make`; None: neither was called."""

    def read_or_make(self) -> str:
        """Returns the token of the file, or makes one. Raises WorldError if the file cannot be written."""
        self._known = self._read() or self.renew()
        return self._known

    def renew(self) -> str:
        """Makes a new token and returns it. Raises WorldError if the file cannot be written."""
        token = secrets.token_urlsafe(_BYTES)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileNotFoundError):
                beside.unlink()
            # The file has this mode from the start, so that nobody else can ever read it.
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(token + "\n")
            beside.replace(self._path)
        except OSError as error:
            raise WorldError(
                f"the page's token cannot be kept in {str(self._path)!r} ({error.strerror}): own the folder (chown), or"
                " serve the page to this computer only (page.address=127.0.0.1)"
            ) from error
        return token

    def has_changed(self) -> bool:
        """Returns whether the token has changed since the last call of this method or of `read_or_make`."""
        before, self._known = self._known, self._read()
        return before is not None and before != self._known

    def matches(self, token: str) -> bool:
        """Returns whether a text is the token."""
        expected = self._read()
        may_be = len(token) <= MAX_LENGTH and token.isascii()
        return bool(expected) and may_be and secrets.compare_digest(token.encode(), expected.encode())

    def _read(self) -> str:
        """Returns the token; "" if there is none, or if other users can read the file."""
        try:
            found = self._path.stat()
            state = (found.st_ino, found.st_ctime_ns)
            if state != self._state:
                text = self._path.read_text("ascii").strip()
                safe = not found.st_mode & 0o077 and _TOKEN.fullmatch(text) is not None
                self._state, self._token = state, text if safe else ""
        except (OSError, UnicodeDecodeError):
            self._state, self._token = None, ""
        return self._token
