"""Downloads files: a download continues where the last one ended, and is kept only if its digest is right.

Law: a file under its own name is whole. An incomplete download is a `.part` file beside it.
"""

from __future__ import annotations

import errno
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from coach.adapters.files.model_folders import digest_of
from coach.ports import WorldError

TIMEOUT_SECONDS = 30.0
"""How long to wait for a server that sends nothing."""
_CHUNK_BYTES = 1 << 18

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
    file: RemoteFile, part: Path, by_hand: str, error_type: type[WorldError], progress: Progress = lambda *_: None
) -> None:
    """Download the whole file into `part` and check it. Raises `error_type`, in one line; OSError when the disk cannot
    take it.

    `by_hand`: what the user can do instead. Ctrl-C leaves `part` for the next try.
    """
    _fetch_rest(file, part, by_hand, error_type, progress)
    found = digest_of(part, file.algorithm)
    if found != file.digest:
        part.unlink()
        name = {"sha256": "SHA-256", "md5": "MD5"}[file.algorithm]
        raise error_type(f"{file.url} came damaged ({name} {found!r} instead of {file.digest!r}): fetch again")


def read_small(url: str, max_bytes: int, by_hand: str, error_type: type[WorldError], timeout: float) -> bytes:
    """Read a file of at most `max_bytes` bytes. Raises `error_type`, in one line."""
    with _reaching(url, by_hand, error_type), urllib.request.urlopen(url, timeout=timeout) as response:
        content: bytes = response.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise error_type(f"{url} has more than {max_bytes} bytes: {by_hand}")
    return content


@contextmanager
def writing_into(folder: Path, needed_mb: int, error_type: type[WorldError]) -> Iterator[None]:
    """Turn a failure of the disk into `error_type` with the remedy."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise error_type(f"no space left in {str(folder)!r}: free {needed_mb} MB and fetch again") from error
        raise error_type(f"cannot write in {str(folder)!r} ({error.strerror or error}): give another folder") from error


def _fetch_rest(file: RemoteFile, part: Path, by_hand: str, error_type: type[WorldError], progress: Progress) -> None:
    size, url = file.size, file.url
    received = part.stat().st_size if part.exists() else 0
    if received > size:
        part.unlink()
        received = 0
    if received == size:
        return
    request = urllib.request.Request(url, headers={"Range": f"bytes={received}-"} if received else {})
    with _reaching(url, by_hand, error_type):
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    with response:
        if response.status != 206 or not response.headers.get("Content-Range", "").startswith(f"bytes {received}-"):
            # A server that does not support ranges sends the whole file.
            received = 0
            length = response.headers.get("Content-Length")
            if length is not None and int(length) != size:
                raise error_type(f"{url} is {length} bytes there, {size} were expected: {by_hand}")
        with part.open("ab" if received else "wb") as content:
            progress(received, size)
            while received < size:
                with _reaching(url, by_hand, error_type):
                    chunk = response.read(min(_CHUNK_BYTES, size - received))
                if not chunk:
                    break
                content.write(chunk)
                received += len(chunk)
                progress(received, size)
    if received < size:
        raise error_type(f"the download of {url} broke off at {received} of {size} bytes: fetch again to go on")


@contextmanager
def _reaching(url: str, by_hand: str, error_type: type[WorldError]) -> Iterator[None]:
    """Turn a failure of the network or the server into `error_type` with the remedy."""
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        reason = str(error.reason if isinstance(error, urllib.error.URLError) else error)
        if isinstance(error, urllib.error.HTTPError):
            error.close()
            reason = f"the server answers {error.code} {error.reason}"
        host = urlsplit(url).netloc
        raise error_type(f"no network: {host} cannot be reached ({reason}); fetch again later, or {by_hand}") from error
