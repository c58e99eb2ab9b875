"""The web application of the page: its files, the stream of states (server-sent events) and the commands.

Law: `access.py` decides about every request before the request is answered. The files hold nothing of the session.
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
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach import page
from coach.adapters.page.access import Access, RateLimits
from coach.adapters.page.streams import Streams
from coach.page.buttons import BUTTONS, STOP, shown_buttons
from coach.page.markup import with_buttons

MAX_BODY_BYTES = 512
"""Bytes of a request's body, which holds a token or the name of a button."""
BODY_S = 3.0
"""Seconds within which the body must arrive."""
_YEAR_S = 31_536_000
"""Lifetime of the cookie."""
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


def app(access: Access, streams: Streams, request: Callable[[str], None]) -> Starlette:
    """Makes the application. `request`: called with the words of a button that was pressed."""
    endpoints = _Endpoints(access, streams, request)
    folder = Path(page.__file__).parent
    routes = [_file("/", folder / "page.html")]
    routes += [_file(f"/{name}", folder / name) for name in ("page.css", "page.js", "icon.svg")]
    routes += [
        Route("/events", endpoints.listen, methods=["GET"]),
        Route("/enter", endpoints.enter, methods=["POST"]),
        Route("/press", endpoints.press, methods=["POST"]),
    ]
    made = Starlette(routes=routes, middleware=[Middleware(_AccessMiddleware, access=access)])
    # A redirect from "/events/" would repeat the Host header.
    made.router.redirect_slashes = False
    return made


def _file(path: str, file: Path) -> Route:
    text = file.read_text("utf-8")
    content = with_buttons(text) if file.suffix == ".html" else text

    async def answer(_: Request) -> Response:
        return Response(content, media_type=_TYPES[file.suffix])

    return Route(path, answer, methods=["GET"])


class _AccessMiddleware:
    """Checks host, origin and rate of every request, and adds the security headers to every response."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access
        # A page is five requests; fifty pages may be opened at once on one computer.
        self._rates = RateLimits(a_second=20, at_once=300)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one ASGI request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if message["status"] >= HTTPStatus.BAD_REQUEST or scope["method"] != "POST":
                    # The rest of a refused request is not read. A page that has its files leaves no idle connections;
                    # only a command keeps its connection, for the next one.
                    headers["connection"] = "close"
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        client, reached, headers = scope["client"], scope["server"], Headers(scope=scope)
        if client is None or reached is None or not self._rates.allow(client[0]):
            return PlainTextResponse("too many requests", HTTPStatus.TOO_MANY_REQUESTS)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._access.accepts_host(hosts[0], reached[0]):
            return PlainTextResponse("the page has another address", HTTPStatus.FORBIDDEN)
        origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
        sends = scope["method"] not in ("GET", "HEAD")
        if sends and len(origins) != 1:
            return PlainTextResponse("the Origin header is missing", HTTPStatus.FORBIDDEN)
        if not all(self._access.accepts_origin(origin, hosts[0]) for origin in origins):
            return PlainTextResponse("another page sends this", HTTPStatus.FORBIDDEN)
        if (sends or scope["path"] == "/events") and not set(sites) <= {"same-origin", "none"}:
            return PlainTextResponse("another page sends this", HTTPStatus.FORBIDDEN)
        return None


class _Endpoints:
    """Answers the requests that concern the session."""

    def __init__(self, access: Access, streams: Streams, request: Callable[[str], None]) -> None:
        self._access = access
        self._streams = streams
        self._request = request
        self._presses = RateLimits(a_second=5, at_once=10)
        # "Stop" has its own rate, so other commands never use it up.
        self._stops = RateLimits(a_second=10, at_once=20)
        self._all_clients = RateLimits(a_second=20, at_once=40)
        """All clients together, because each command takes the session's thread a millisecond."""
        self._tokens = RateLimits(a_second=0.2, at_once=10)

    async def listen(self, request: Request) -> Response:
        """Sends the state, and every change of it."""
        if not self._access.accepts_cookies(request.cookies):
            raise HTTPException(HTTPStatus.FORBIDDEN, "the token is missing")
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        messages = self._streams.open()
        if messages is None:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open")
        return StreamingResponse(messages, media_type="text/event-stream")

    async def enter(self, request: Request) -> Response:
        """Sets a cookie that holds the token, if the token is right."""
        if not self._tokens.allow(_client(request)):
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, "too many tokens")
        sent = await _json_body(request)
        token, file = sent.get("token"), self._access.token
        if file is None or not isinstance(token, str) or not file.matches(token):
            raise HTTPException(HTTPStatus.FORBIDDEN, "this is not the token")
        answer = Response(status_code=HTTPStatus.NO_CONTENT)
        answer.set_cookie(self._access.cookie, token, max_age=_YEAR_S, httponly=True, samesite="strict")
        return answer

    async def press(self, request: Request) -> Response:
        """Hands the words of a button to the session."""
        if not self._access.accepts_cookies(request.cookies):
            raise HTTPException(HTTPStatus.FORBIDDEN, "the token is missing")
        sent = await _json_body(request)
        name = sent.get("button")
        button = BUTTONS.get(name) if isinstance(name, str) else None
        if button is None:
            raise HTTPException(HTTPStatus.BAD_REQUEST, "there is no such button")
        client = _client(request)
        if button.intent == STOP:
            allowed = self._stops.allow(client)
        else:
            allowed = self._presses.allow(client) and self._all_clients.allow("")
        if not allowed:
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, "too many commands")
        view = self._streams.view
        if button.intent not in shown_buttons(view.live, view.snapshot.state if view.snapshot is not None else "idle"):
            raise HTTPException(HTTPStatus.CONFLICT, "not now")
        self._request(button.words)
        return Response(status_code=HTTPStatus.NO_CONTENT)


async def _json_body(request: Request) -> dict[str, Any]:
    """Returns the JSON object of the body. Raises HTTPException if the body is refused."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON")
    body = b""
    try:
        async with asyncio.timeout(BODY_S):
            async for part in request.stream():
                body += part
                if len(body) > MAX_BODY_BYTES:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "that is too much")
    except (TimeoutError, ClientDisconnect) as error:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "that took too long") from error
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "this is not JSON") from error
    if not isinstance(sent, dict):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "send an object")
    return sent


def _client(request: Request) -> str:
    return "" if request.client is None else request.client.host
