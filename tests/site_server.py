"""A real web server on loopback that serves what a test puts into it, and notes what was asked."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What is answered for a path. drip: seconds between two bytes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    drip: float = 0.0


@dataclass
class Site:
    """Pages by path, and what was asked for, in order: path and headers in lower case."""

    url: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The paths asked for since the last time, but for robots.txt."""
        found = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return found


@contextmanager
def serving(tls: tuple[str, str] | None = None) -> Iterator[Site]:
    """Serve a site until the end of the block; over TLS with a certificate and its key."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site = Site(f"http://127.0.0.1:{server.server_port}")
    server.site = site  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        headers = {name.lower(): value for name, value in self.headers.items()}
        site.asked.append((self.path, headers))
        page = site.pages.get(self.path, Page(b"not here", 404))
        same = page.etag and headers.get("if-none-match") == page.etag
        self.send_response(304 if same else page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        if page.etag:
            self.send_header("ETag", page.etag)
        self.end_headers()
        if not same:
            self._send(page)

    def _send(self, page: Page) -> None:
        try:
            for byte in [page.body] if not page.drip else [page.body[i : i + 1] for i in range(len(page.body))]:
                self.wfile.write(byte)
                self.wfile.flush()
                time.sleep(page.drip)
        except OSError:
            pass  # the visitor went away

    def log_message(self, *_: object) -> None:
        pass
