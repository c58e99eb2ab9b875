"""The token that opens the page from other devices: one line in a file of its owner's.

Law: it is made by chance of the system (`secrets`), compared in constant time, and never printed by accident. A new one
shuts the old one out at once, also of a coach that runs.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from coach.adapters.journal import journal_file
from coach.ports import WorldError

_BYTES = 32
_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes in base64 for addresses."""
MOST_LENGTH = 200
"""Letters of a token that is compared at all."""


def token_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Beside the journal, in the user's data folder."""
    return journal_file(environ).with_name("page-token")


class TokenFile:
    """The token as the file has it now."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state: tuple[int, int] | None = None
        """Of the file when it was read last: its number, and when it or its mode was changed, in nanoseconds."""
        self._token = ""
        self._known: str | None = None
        """As it was when `renewed` was asked last; None: it was not."""

    def kept(self) -> str:
        """The one that is there, or a new one; WorldError when there can be none."""
        self._known = self._read() or self.renew()
        return self._known

    def renew(self) -> str:
        """A new one; WorldError when it cannot be kept."""
        token = secrets.token_urlsafe(_BYTES)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileNotFoundError):
                beside.unlink()
            # Nobody else may read it, from its first moment.
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(token + "\n")
            beside.replace(self._path)
        except OSError as fault:
            raise WorldError(
                f"the page's token cannot be kept in {str(self._path)!r} ({fault.strerror}): own the folder (chown), or"
                " serve the page to this computer only (page.address=127.0.0.1)"
            ) from fault
        return token

    def renewed(self) -> bool:
        """Whether it is another one than when this was asked last."""
        before, self._known = self._known, self._read()
        return before is not None and before != self._known

    def opens(self, token: str) -> bool:
        """Whether this is it."""
        kept = self._read()
        may_be = len(token) <= MOST_LENGTH and token.isascii()
        return bool(kept) and may_be and secrets.compare_digest(token.encode(), kept.encode())

    def _read(self) -> str:
        """Empty: there is none, or others could have read it."""
        try:
            found = self._path.stat()
            state = (found.st_ino, found.st_ctime_ns)
            if state != self._state:
                text = self._path.read_text("ascii").strip()
                safe = not found.st_mode & 0o077 and _FORM.fullmatch(text) is not None
                self._state, self._token = state, text if safe else ""
        except (OSError, UnicodeDecodeError):
            self._state, self._token = None, ""
        return self._token
