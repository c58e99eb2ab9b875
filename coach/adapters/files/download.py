"""Files from a server: a download continues where the last try ended, and keeps only what its hash proves whole.

Law: a file under its own name is whole; a half download is a `.part` beside it.
"""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from coach.ports import WorldError

TIMEOUT_SECONDS = 30.0
"""How long to wait for a silent server."""
_CHUNK = 1 << 18

Progress = Callable[[int, int], None]
"""Called with the bytes received so far and the bytes in all."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as its server publishes it."""

    url: str
    size: int
    """Length in bytes."""
    digest: str
    """Hexadecimal digest of the content."""
    algorithm: str = "sha256"


def download(
    file: RemoteFile, part: Path, by_hand: str, fault: type[WorldError], progress: Progress = lambda *_: None
) -> None:
    """Download the whole file into `part` and check it. Raises `fault`, in one line; OSError when the disk cannot take
    it.

    `by_hand`: how to do without this download. Ctrl-C leaves the `.part` for the next try.
    """
    _transfer(file, part, by_hand, fault, progress)
    with part.open("rb") as content:
        found = hashlib.file_digest(content, file.algorithm).hexdigest()
    if found != file.digest:
        part.unlink()
        name = {"sha256": "SHA-256", "md5": "MD5"}[file.algorithm]
        raise fault(f"{file.url} came damaged ({name} {found!r} instead of {file.digest!r}): fetch again")


def read(url: str, most: int, by_hand: str, fault: type[WorldError], timeout: float = TIMEOUT_SECONDS) -> bytes:
    """Read a small file of at most `most` bytes. Raises `fault`, in one line."""
    with _open(url, 0, by_hand, fault, timeout) as response:
        content = _read(response, most + 1, url, by_hand, fault)
    if len(content) > most:
        raise fault(f"{url} has more than {most} bytes: {by_hand}")
    return content


def _transfer(file: RemoteFile, part: Path, by_hand: str, fault: type[WorldError], progress: Progress) -> None:
    size, url = file.size, file.url
    have = part.stat().st_size if part.exists() else 0
    if have > size:
        part.unlink()
        have = 0
    if have == size:
        return
    with _open(url, have, by_hand, fault, TIMEOUT_SECONDS) as response:
        if response.status != 206 or not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            # A server that does not know ranges sends the whole file.
            have = 0
            length = response.headers.get("Content-Length")
            if length is not None and int(length) != size:
                raise fault(f"{url} is {length} bytes there, {size} were expected: {by_hand}")
        with part.open("ab" if have else "wb") as content:
            progress(have, size)
            while have < size and (piece := _read(response, min(_CHUNK, size - have), url, by_hand, fault)):
                content.write(piece)
                have += len(piece)
                progress(have, size)
    if have < size:
        raise fault(f"the download of {url} broke off at {have} of {size} bytes: fetch again to go on")


def _open(url: str, have: int, by_hand: str, fault: type[WorldError], timeout: float) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            reason = f"the server answers {error.code} {error.reason}"
        raise _unreachable(url, by_hand, reason, fault) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(url, by_hand, str(getattr(error, "reason", error)), fault) from error
    return response


def _read(response: http.client.HTTPResponse, amount: int, url: str, by_hand: str, fault: type[WorldError]) -> bytes:
    try:
        return response.read(amount)
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(url, by_hand, str(error), fault) from error


def _unreachable(url: str, by_hand: str, reason: str, fault: type[WorldError]) -> WorldError:
    return fault(f"no network: {urlsplit(url).netloc} cannot be reached ({reason}); fetch again later, or {by_hand}")
