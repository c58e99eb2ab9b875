"""The address of a Wyoming server, as a setting holds it: wyoming://host:port, with an optional ?voice=NAME."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

SCHEME = "wyoming"
_REMEDY = f"write {SCHEME}://HOST:PORT, such as {SCHEME}://192.168.1.20:10300"
_HOST = re.compile(r"[0-9A-Za-z._:%-]{1,253}")
_VOICE = re.compile(r"[\w .+-]{1,80}")


@dataclass(frozen=True, slots=True)
class Address:
    """A server's host and port, and the voice that is wanted from it."""

    host: str
    port: int
    voice: str = ""
    """The wanted voice; empty: the server's default voice."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def is_address(name: str) -> bool:
    """Whether a setting names a server, even with a mistake, and not an engine or voice of this computer."""
    return name.partition(":")[0].strip().lower() == SCHEME


def parse(name: str) -> Address:
    """Read an address. ValueError, in one line with the remedy: the text is not an address."""
    try:
        parts = urlsplit(name.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(f"address {name!r}: {str(error).lower()}; {_REMEDY}") from error
    if not parts.netloc or not _HOST.fullmatch(host):
        raise ValueError(f"address {name!r} names no host; {_REMEDY}")
    if not port:
        raise ValueError(f"address {name!r} names no port; {_REMEDY}")
    wanted = parse_qs(parts.query, keep_blank_values=True)
    voice = wanted.pop("voice", [""])
    if wanted or parts.path not in ("", "/") or parts.fragment or "@" in parts.netloc or len(voice) > 1:
        raise ValueError(f"address {name!r} has more than host, port and ?voice=NAME; {_REMEDY}")
    if "voice" in parts.query and not _VOICE.fullmatch(voice[0]):
        raise ValueError(f"address {name!r} names no voice behind ?voice=; {_REMEDY}?voice=NAME")
    return Address(host, port, voice[0])
