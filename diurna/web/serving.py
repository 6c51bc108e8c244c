"""`diurna serve`: publish a copy of the ledger, answer requests, and take a newer copy when the ledger has changed."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import uvicorn

from diurna.charts.drawing import warm
from diurna.errors import StopRun
from diurna.ledger import index
from diurna.ledger.publish import Publisher
from diurna.web.app import LOCAL_NAMES, make_app
from diurna.web.guard import Guard

# Copying a large ledger costs something: at most a tenth of the time goes to it.
_SHARE = 10


@dataclass(frozen=True, slots=True)
class Site:
    """What to serve and where.

    refresh: seconds between looks at the ledger. copies: folder for them; a temporary one if None. token: what reviewers must
    know; empty: nobody may judge.
    """

    ledger: Path
    host: str = "127.0.0.1"
    port: int = 8765
    refresh: float = 15.0
    copies: Path | None = None
    token: str = ""


def serve(site: Site, say: Callable[[str], None]) -> None:
    """Serve until the process is told to stop.

    Raises:
        StopRun: there is no ledger, the address cannot be had, or the token is too short.
    """
    guard = Guard(site.token) if site.token else None
    listening = _listen(site)
    with listening:
        publisher = Publisher(site.ledger, index.build, site.copies)
        try:
            host, port = listening.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            if not ipaddress.ip_address(host).is_loopback:
                say("everybody who can reach this machine can read the ledger: there is no password")
                if guard:
                    say("the token travels unencrypted; let reviewers come through an SSH tunnel or a proxy with TLS")
            say(f"{site.ledger} at http://{shown}:{port}/  (Ctrl-C ends it)")
            if guard:
                say(f"review at http://{shown}:{port}/review with the token {site.token}")
            names = (*LOCAL_NAMES, shown) if ipaddress.ip_address(host).is_loopback else ("*",)
            config = uvicorn.Config(make_app(publisher, names, guard), log_level="warning", server_header=False)
            Thread(target=warm, name="diurna-charts", daemon=True).start()
            with Following(publisher, site.refresh):
                uvicorn.Server(config).run(sockets=[listening])
        finally:
            publisher.close()


class Following:
    """Take newer copies in a thread of its own for as long as the context lasts."""

    def __init__(self, publisher: Publisher, every: float) -> None:
        self._publisher = publisher
        self._every = every
        self._over = Event()
        self._thread = Thread(target=self._follow, name="diurna-copies", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._over.wait(max(self._every, _SHARE * self._publisher.edition.seconds)):
            self._publisher.refresh()


def _listen(site: Site) -> socket.socket:
    family = socket.AF_INET6 if ":" in site.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((site.host, site.port))
        listening.listen()  # whoever comes before the site has started waits
    except (OSError, OverflowError) as error:
        listening.close()
        why = getattr(error, "strerror", None) or str(error)
        raise StopRun(f"cannot listen on {site.host} port {site.port} ({why}); name another with --host or --port") from error
    return listening
