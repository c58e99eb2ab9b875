"""Downloads files: a download continues where the last one ended, and is kept only if its digest is right.

Law: a file under its own name is whole. An incomplete download is a `.part` file beside it.
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
    file: RemoteFile, part: Path, by_hand: str, error_class: type[WorldError], progress: Progress = lambda *_: None
) -> None:
    """Download the whole file into `part` and check it. Raises `error_class`, in one line; OSError when the disk cannot
    take it.

    `by_hand`: what the user can do instead. Ctrl-C leaves `part` for the next try.
    """
    _fetch_rest(file, part, by_hand, error_class, progress)
    with part.open("rb") as content:
        found = hashlib.file_digest(content, file.algorithm).hexdigest()
    if found != file.digest:
        part.unlink()
        name = {"sha256": "SHA-256", "md5": "MD5"}[file.algorithm]
        raise error_class(f"{file.url} came damaged ({name} {found!r} instead of {file.digest!r}): fetch again")


def read_small(
    url: str, max_bytes: int, by_hand: str, error_class: type[WorldError], timeout: float = TIMEOUT_SECONDS
) -> bytes:
    """Read a small file of at most `most` bytes. Raises `error_class`, in one line."""
    with _open_url(url, 0, by_hand, error_class, timeout) as response:
        content = _read(response, max_bytes + 1, url, by_hand, error_class)
    if len(content) > max_bytes:
        raise error_class(f"{url} has more than {max_bytes} bytes: {by_hand}")
    return content


def _fetch_rest(file: RemoteFile, part: Path, by_hand: str, error_class: type[WorldError], progress: Progress) -> None:
    size, url = file.size, file.url
    received = part.stat().st_size if part.exists() else 0
    if received > size:
        part.unlink()
        received = 0
    if received == size:
        return
    with _open_url(url, received, by_hand, error_class, TIMEOUT_SECONDS) as response:
        if response.status != 206 or not response.headers.get("Content-Range", "").startswith(f"bytes {received}-"):
            # A server that does not support ranges sends the whole file.
            received = 0
            length = response.headers.get("Content-Length")
            if length is not None and int(length) != size:
                raise error_class(f"{url} is {length} bytes there, {size} were expected: {by_hand}")
        with part.open("ab" if received else "wb") as content:
            progress(received, size)
            while received < size:
                chunk = _read(response, min(_CHUNK_BYTES, size - received), url, by_hand, error_class)
                if not chunk:
                    break
                content.write(chunk)
                received += len(chunk)
                progress(received, size)
    if received < size:
        raise error_class(f"the download of {url} broke off at {received} of {size} bytes: fetch again to go on")


def _open_url(
    url: str, first: int, by_hand: str, error_class: type[WorldError], timeout: float
) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={"Range": f"bytes={first}-"} if first else {})
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            reason = f"the server answers {error.code} {error.reason}"
        raise _unreachable_error(url, by_hand, reason, error_class) from error
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable_error(url, by_hand, str(getattr(error, "reason", error)), error_class) from error
    return response


def _read(
    response: http.client.HTTPResponse, amount: int, url: str, by_hand: str, error_class: type[WorldError]
) -> bytes:
    try:
        return response.read(amount)
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable_error(url, by_hand, str(error), error_class) from error


def _unreachable_error(url: str, by_hand: str, reason: str, error_class: type[WorldError]) -> WorldError:
    return error_class(
        f"no network: {urlsplit(url).netloc} cannot be reached ({reason}); fetch again later, or {by_hand}"
    )
