"""A web server on this machine, for downloads; it can break off, ignore ranges and refuse."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """Serves the content that `body_of` returns; `ranges`, `cut` and `status` make it fail."""

    def __init__(self) -> None:
        self.ranges = True
        self.cut: int | None = None
        """Number of bytes after which an answer breaks off."""
        self.status = 200
        self.requests: list[tuple[str, str | None]] = []
        """Path and range of each request, in order."""
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, wanted = self.path.lstrip("/"), self.headers.get("Range")
                server.requests.append((path, wanted))
                whole = server.body_of(path)
                if whole is None:
                    self.send_error(404)
                    return
                start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and server.ranges else 0
                self.send_response(206 if start else server.status)
                if start:
                    self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
                self.send_header("Content-Length", str(len(whole) - start))
                self.end_headers()
                self.wfile.write(whole[start:][: server.cut])

            def log_message(self, format: str, *arguments: object) -> None:
                """Print nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}/"

    def body_of(self, path: str) -> bytes | None:
        """The content at this path; None: the path does not exist."""
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[None]:
        """The server answers within the block."""
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            self._http.shutdown()
            thread.join()
            self._http.server_close()
