"""One request over HTTP, with bounds on all that the other side decides: where it leads, how long it takes, how much it sends."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, IncompleteRead
from urllib3.response import HTTPResponse
from urllib3.util import Url

from diurna.errors import SkipItem
from diurna.feeds.addresses import PORTS, parse, resolve
from diurna.feeds.config import Manners

_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_PIECE = 65536


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. url: where from, after redirects. headers: names in lower case. body: unpacked; empty for 304."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def leads_to(self) -> str:
        """Where a redirect leads; empty when it is none."""
        where = self.headers.get("location", "")
        if not where or self.status not in (301, 302, 303, 307, 308):
            return ""
        try:
            return urljoin(self.url, where)
        except ValueError:
            return where  # no address; whoever follows will be told so

    @property
    def kind(self) -> str:
        """The media type, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The character set that the server names; empty when it names none."""
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return found[1] if found else ""


def request(url: str, headers: Mapping[str, str], manners: Manners, private: bool = False) -> Response:
    """Make one request and follow nothing.

    Raises:
        SkipItem: no http or https address, an address that is not public, no answer in time, an answer too large or broken.
    """
    parsed = parse(url)
    port = parsed.port or PORTS[parsed.scheme or ""]
    host = (parsed.host or "").strip("[]")
    begun = time.monotonic()
    addresses = resolve(host, port, url, private)
    problem: Exception | None = None
    for address in addresses[:3]:
        try:
            return _ask(parsed, address, port, headers, manners, begun)
        except (HTTPError, OSError, ValueError) as error:
            problem = error
    if time.monotonic() - begun >= manners.total:
        raise SkipItem(url, f"no answer within {manners.total:g} seconds")
    raise SkipItem(url, f"cannot be fetched ({_short(problem)})") from problem


def _ask(parsed: Url, address: str, port: int, headers: Mapping[str, str], manners: Manners, begun: float) -> Response:
    connection = _connection(parsed, address, port, manners.timeout)
    named = parsed.host or ""
    host = named if port == PORTS[parsed.scheme or ""] else f"{named}:{port}"
    sent = {"Host": host, "Accept-Encoding": "gzip, deflate", **headers}
    url = parsed._replace(fragment=None, auth=None).url
    left = manners.total - (time.monotonic() - begun)
    with _cut_after(connection, left):
        connection.connect()
        with _cut_after(connection.sock, left):
            connection.request("GET", parsed.request_uri, headers=sent, preload_content=False)
            answer = connection.getresponse()
            got = {name.lower(): value for name, value in answer.headers.items()}
            body = _body(answer, url, manners) if answer.status == 200 else b""
    # Where no length was told, an answer that was cut looks like one that has ended.
    if time.monotonic() - begun >= manners.total:
        raise SkipItem(url, f"no answer within {manners.total:g} seconds")
    return Response(url, answer.status, got, body)


def _connection(parsed: Url, address: str, port: int, timeout: float) -> HTTPConnection:
    """Return a connection to the address that was checked; over TLS the certificate must still be the host's."""
    if parsed.scheme == "http":
        return HTTPConnection(address, port, timeout=timeout)
    host = (parsed.host or "").strip("[]")
    return HTTPSConnection(
        address,
        port,
        timeout=timeout,
        server_hostname=host,
        assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
    )


def _body(answer: HTTPResponse, url: str, manners: Manners) -> bytes:
    found = bytearray()
    while piece := answer.read1(_PIECE, decode_content=True):
        found += piece
        if len(found) > manners.max_bytes:
            raise SkipItem(url, f"more than {manners.max_bytes:,} bytes; given up")
    return bytes(found)


@contextmanager
def _cut_after(held: Any, seconds: float) -> Iterator[None]:
    """Cut a connection or socket when the time is over: a server that sends a byte now and then would hold it for ever."""

    def cut() -> None:
        with suppress(OSError, AttributeError):
            getattr(held, "sock", held).shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.01, seconds), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        held.close()


def _short(problem: Exception | None) -> str:
    cut = next((part for part in problem.args if isinstance(part, IncompleteRead)), None) if problem else None
    if cut is not None:
        return f"the answer breaks off after {cut.partial} bytes"
    words = str(problem).rpartition(": ")[2] if isinstance(problem, HTTPError) else str(problem)
    return " ".join((words or type(problem).__name__).split())[:160]
