"""Decides who may use the page: by the Host header, the Origin header, the token and the rate of requests.

Law: a request is refused unless every check accepts it. A page on a loopback address needs no token. On any other
address every client needs the token, also a client on this computer.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from coach.adapters.page.token import TokenFile

_MAX_CLIENTS = 512
"""Number of clients whose rates are stored. Beyond it the client that asked longest ago is forgotten."""


class RateLimits:
    """Limits how often each client may do something: a token bucket for each client."""

    def __init__(self, a_second: float, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Each client may make `at_once` requests at once, and `a_second` a second in the long run."""
        self._a_second = a_second
        self._at_once = at_once
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        """For each client: how many requests it had left, and the time at which it had them left."""

    def allow(self, client: str) -> bool:
        """Returns whether the client may make one more request now."""
        now = self._clock()
        left, at = self._left.pop(client, (float(self._at_once), now))
        left = min(self._at_once, left + (now - at) * self._a_second)
        allowed = left >= 1
        self._left[client] = (left - allowed, now)
        if len(self._left) > _MAX_CLIENTS:
            del self._left[next(iter(self._left))]
        return allowed


def own_names() -> frozenset[str]:
    """Returns the names of this computer in its network, lower case."""
    host = socket.gethostname().lower()
    short = host.partition(".")[0]
    return frozenset({host, short, f"{short}.local"}) - {"", ".local"}


@dataclass(frozen=True, slots=True)
class Access:
    """The checks of a page that is served at one port."""

    port: int
    token: TokenFile | None
    """File of the token; None: the page is on a loopback address and needs no token."""
    names: Collection[str] = ()
    """Other names that lead to the page, lower case, with any port, such as those of a container's host or a proxy."""
    own_names: Collection[str] = field(default_factory=own_names)
    """Names of this computer in its network, lower case."""

    @property
    def cookie(self) -> str:
        """Name of the cookie. It has the port, because a browser keeps one set of cookies for all ports of a host."""
        return f"coach-{self.port}"

    def accepts_host(self, host: str, reached: str) -> bool:
        """Returns whether a Host header names this page. `reached`: the address that the client connected to.

        This stops DNS rebinding: a foreign name that leads to this computer is not a name of this computer.
        """
        name, port = _split_host(host)
        if name in self.names:
            return True
        if port != str(self.port) and not (port == "" and self.port == 80):
            return False
        local = is_loopback(reached)
        if local and name in ("localhost", "127.0.0.1", "[::1]"):
            return True
        return self.token is not None and name != "" and (name == _as_in_url(reached) or name in self.own_names)

    def accepts_origin(self, origin: str, host: str) -> bool:
        """Returns whether an Origin header names this page."""
        scheme, slashes, rest = origin.partition("://")
        if not slashes or rest.lower() != host.lower():
            return False
        # The coach does not speak TLS, but a proxy in front of it may.
        return scheme == "http" or (scheme == "https" and _split_host(host)[0] in self.names)

    def accepts_cookies(self, cookies: Mapping[str, str]) -> bool:
        """Returns whether a client with these cookies may read the state and send commands."""
        return self.token is None or self.token.matches(cookies.get(self.cookie, ""))


def _split_host(host: str) -> tuple[str, str]:
    """Returns name and port, lower case; ("", "") if the text is no host."""
    host = host.lower()
    if host.startswith("["):
        name, bracket, port = host.partition("]")
        return (name + bracket, port.removeprefix(":")) if bracket else ("", "")
    name, _, port = host.partition(":")
    return name.removesuffix("."), port


def _as_in_url(address: str) -> str:
    """Returns the address as it stands in a URL; "" if it is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped) if found.ipv4_mapped else f"[{found}]"
    return str(found)


def is_loopback(address: str) -> bool:
    """Returns whether only this computer can reach an address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
