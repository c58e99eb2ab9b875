"""Who may come in to the page: the names it is called by, the origin of what is sent, the token, and how often.

Law: whatever is not known to be right is refused. With an address of this computer alone nobody needs a token; with any
other everybody does, on this computer too.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from coach.adapters.page_token import TokenFile

Headers = Sequence[tuple[bytes, bytes]]
_MOST_CLIENTS = 512
"""Whose rates are remembered; the one that was heard of longest ago is forgotten."""


class Rates:
    """How often each client may do something."""

    def __init__(self, a_second: float, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        """What each may do still, and when that was so."""

    def allow(self, client: str) -> bool:
        """Whether it may do it once more, now."""
        now = self._clock()
        left, at = self._left.pop(client, (float(self._at_once), now))
        left = min(self._at_once, left + (now - at) * self._a_second)
        allowed = left >= 1
        self._left[client] = (left - allowed, now)
        if len(self._left) > _MOST_CLIENTS:
            del self._left[next(iter(self._left))]
        return allowed


def own_names() -> frozenset[str]:
    """What this computer is called in its network."""
    host = socket.gethostname().lower()
    short = host.partition(".")[0]
    return frozenset({host, short, f"{short}.local"}) - {"", ".local"}


@dataclass(frozen=True, slots=True)
class Door:
    """Of a page that is served at one port."""

    port: int
    token: TokenFile | None
    """None: it is served to this computer alone."""
    names: Collection[str] = ()
    """Other names it is opened by, lower case, with any port: a container's, a proxy's."""
    own_names: Collection[str] = field(default_factory=own_names)

    @property
    def cookie(self) -> str:
        """Cookies are the same for all ports of a computer, so its name has the port."""
        return f"coach-{self.port}"

    def knows(self, host: str, reached: str) -> bool:
        """Whether the page may be called so. `host`: the header; `reached`: the address that was connected to.

        A name that somebody else had lead here (DNS rebinding) is none of this computer's.
        """
        name, port = _parted(host)
        if name in self.names:
            return True
        if port != str(self.port) and not (port == "" and self.port == 80):
            return False
        local = is_loopback(reached)
        if local and name in ("localhost", "127.0.0.1", "[::1]"):
            return True
        return self.token is not None and name != "" and (name == _in_address(reached) or name in self.own_names)

    def is_own(self, origin: str, host: str) -> bool:
        """Whether what is sent comes from this page. `origin`: the header."""
        scheme, slashes, rest = origin.partition("://")
        if not slashes or rest.lower() != host.lower():
            return False
        # A proxy in front may speak TLS; the coach does not.
        return scheme == "http" or (scheme == "https" and _parted(host)[0] in self.names)

    def lets_in(self, cookies: Mapping[str, str]) -> bool:
        """Whether the client may see and do something."""
        return self.token is None or self.token.opens(cookies.get(self.cookie, ""))


def _parted(host: str) -> tuple[str, str]:
    """Name and port, lower case; ("", "") for what is no host."""
    host = host.lower()
    if host.startswith("["):
        name, bracket, port = host.partition("]")
        return (name + bracket, port.removeprefix(":")) if bracket else ("", "")
    name, _, port = host.partition(":")
    return name.removesuffix("."), port


def _in_address(address: str) -> str:
    """As it stands in a URL."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped) if found.ipv4_mapped else f"[{found}]"
    return str(found)


def is_loopback(address: str) -> bool:
    """Whether only this computer reaches it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
