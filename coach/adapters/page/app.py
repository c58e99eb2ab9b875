"""The web application of the page: its files, the stream of states (server-sent events) and the commands.

Law: `page_door.py` decides about every request before it is answered. The files hold nothing of the session.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach import page
from coach.adapters.page.door import Door, Rates
from coach.adapters.page.streams import Streams
from coach.page.buttons import BUTTONS, STOP, pressable
from coach.page.markup import filled

MOST_BODY = 512
"""Bytes of a request's body, which holds a token or the name of a button."""
BODY_S = 3.0
"""Seconds within which the body must arrive."""
_YEAR_S = 31_536_000
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""Media types; Starlette adds the charset."""


def app(door: Door, streams: Streams, request: Callable[[str], None]) -> Starlette:
    """Makes the application. `request` is called with the words of a button that was pressed."""
    desk = _Desk(door, streams, request)
    folder = Path(page.__file__).parent
    routes = [_file("/", folder / "page.html")]
    routes += [_file(f"/{name}", folder / name) for name in ("page.css", "page.js", "icon.svg")]
    routes += [
        Route("/events", desk.listen, methods=["GET"]),
        Route("/enter", desk.enter, methods=["POST"]),
        Route("/press", desk.press, methods=["POST"]),
    ]
    made = Starlette(routes=routes, middleware=[Middleware(_Guard, door=door)])
    # A redirect from "/events/" would repeat the Host header.
    made.router.redirect_slashes = False
    return made


def _file(path: str, file: Path) -> Route:
    text = file.read_text("utf-8")
    content = filled(text) if file.suffix == ".html" else text

    async def answer(_: Request) -> Response:
        return Response(content, media_type=_TYPES[file.suffix])

    return Route(path, answer, methods=["GET"])


class _Guard:
    """Checks host, origin and rate of every request, and adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door
        # A page is five requests; fifty pages may be opened at once on one computer.
        self._rates = Rates(a_second=20, at_once=300)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one ASGI request."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if message["status"] >= HTTPStatus.BAD_REQUEST or scope["method"] != "POST":
                    # The rest of a refused request is not read. A page that has its files leaves no idle connections;
                    # only a command keeps its connection, for the next one.
                    headers["connection"] = "close"
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, dressed)
        else:
            await self._app(scope, receive, dressed)

    def _refused(self, scope: Scope) -> Response | None:
        client, reached, headers = scope["client"], scope["server"], Headers(scope=scope)
        if client is None or reached is None or not self._rates.allow(client[0]):
            return _says(HTTPStatus.TOO_MANY_REQUESTS, "too many requests")
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._door.knows(hosts[0], reached[0]):
            return _says(HTTPStatus.FORBIDDEN, "the page has another address")
        origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
        sends = scope["method"] not in ("GET", "HEAD")
        if sends and len(origins) != 1:
            return _says(HTTPStatus.FORBIDDEN, "it is not known who sends this")
        if not all(self._door.is_own(origin, hosts[0]) for origin in origins):
            return _says(HTTPStatus.FORBIDDEN, "another page sends this")
        if (sends or scope["path"] == "/events") and not set(sites) <= {"same-origin", "none"}:
            return _says(HTTPStatus.FORBIDDEN, "another page sends this")
        return None


class _Desk:
    """Answers the requests that concern the session."""

    def __init__(self, door: Door, streams: Streams, request: Callable[[str], None]) -> None:
        self._door = door
        self._streams = streams
        self._request = request
        self._presses = Rates(a_second=5, at_once=10)
        # "Stop" has its own rate, so other commands never use it up.
        self._stops = Rates(a_second=10, at_once=20)
        self._all = Rates(a_second=20, at_once=40)
        """All clients together, because each command takes the session's thread a millisecond."""
        self._tokens = Rates(a_second=0.2, at_once=10)

    async def listen(self, request: Request) -> Response:
        """Sends the state, and every change of it."""
        if not self._door.lets_in(request.cookies):
            return _says(HTTPStatus.FORBIDDEN, "the token is missing")
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        messages = self._streams.enter()
        if messages is None:
            return _says(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open")
        return StreamingResponse(messages, media_type="text/event-stream")

    async def enter(self, request: Request) -> Response:
        """Exchanges the token for a cookie."""
        if not self._tokens.allow(_client(request)):
            return _says(HTTPStatus.TOO_MANY_REQUESTS, "too many tokens")
        sent = await _sent(request)
        if isinstance(sent, Response):
            return sent
        token, kept = sent.get("token"), self._door.token
        if kept is None or not isinstance(token, str) or not kept.opens(token):
            return _says(HTTPStatus.FORBIDDEN, "this is not the token")
        answer = Response(status_code=HTTPStatus.NO_CONTENT)
        answer.set_cookie(self._door.cookie, token, max_age=_YEAR_S, httponly=True, samesite="strict")
        return answer

    async def press(self, request: Request) -> Response:
        """Hands the words of a button to the session."""
        if not self._door.lets_in(request.cookies):
            return _says(HTTPStatus.FORBIDDEN, "the token is missing")
        sent = await _sent(request)
        if isinstance(sent, Response):
            return sent
        name = sent.get("button")
        button = BUTTONS.get(name) if isinstance(name, str) else None
        if button is None:
            return _says(HTTPStatus.BAD_REQUEST, "there is no such button")
        client = _client(request)
        if button.intent == STOP:
            allowed = self._stops.allow(client)
        else:
            allowed = self._presses.allow(client) and self._all.allow("")
        if not allowed:
            return _says(HTTPStatus.TOO_MANY_REQUESTS, "too many commands")
        view = self._streams.view
        if button.intent not in pressable(view.live, view.snapshot.state if view.snapshot is not None else "idle"):
            return _says(HTTPStatus.CONFLICT, "not now")
        self._request(button.words)
        return Response(status_code=HTTPStatus.NO_CONTENT)


async def _sent(request: Request) -> dict[str, Any] | Response:
    """Returns the JSON object of the body, or the answer that refuses it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _says(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON")
    body = b""
    try:
        async with asyncio.timeout(BODY_S):
            async for some in request.stream():
                body += some
                if len(body) > MOST_BODY:
                    return _says(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "that is too much")
    except (TimeoutError, ClientDisconnect):
        return _says(HTTPStatus.REQUEST_TIMEOUT, "that took too long")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return _says(HTTPStatus.BAD_REQUEST, "this is no JSON")
    return sent if isinstance(sent, dict) else _says(HTTPStatus.BAD_REQUEST, "send an object")


def _client(request: Request) -> str:
    return "" if request.client is None else request.client.host


def _says(status: HTTPStatus, text: str) -> Response:
    return Response(text, status_code=status, media_type="text/plain")
