"""A polite visitor: one request to a host at a time and not too often, nothing that robots.txt forbids, nothing twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from protego import Protego

from diurna.errors import SkipItem
from diurna.feeds.addresses import NoWay, parse
from diurna.feeds.config import Manners
from diurna.feeds.http import Response, request

_ROBOTS_FOR = 86400.0
_LONGEST_DELAY = 60.0
_LONGEST_PAUSE = 3600.0
_ROBOTS_BYTES = 500_000
_UNREADABLE = "robots.txt of this host cannot be read, so nothing is fetched ({})"
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,text/plain;q=0.8"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a server said of a page the last time, so that it need not send it again."""

    etag: str = ""
    last_modified: str = ""


@dataclass(slots=True)
class _Host:
    """What is known of one host. next: when it may be asked again (monotonic seconds). lock: one request at a time.

    reading: one thread at a time reads robots.txt. closed: why nothing is fetched, when it cannot be read.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    reading: threading.Lock = field(default_factory=threading.Lock)
    next: float = 0.0
    robots: Protego | None = None
    robots_at: float | None = None
    closed: str = ""


class Fetcher:
    """Fetches pages of many hosts; may be used by several threads.

    Args:
        manners: delays and limits.
        private: fetch from addresses that are not public.
        clock: seconds that only go forward. sleep: waits.
    """

    def __init__(
        self,
        manners: Manners,
        private: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.manners, self.private, self.clock, self.sleep = manners, private, clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str, seen: Seen | None = None) -> Response:
        """Return the page of an address: status 200 with its body, or 304 when it is as `seen`.

        Raises:
            SkipItem: forbidden by robots.txt, another status, or the reasons of `http.request`.
        """
        headers = {"User-Agent": self.manners.agent, "Accept": _ACCEPT}
        asked = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified} if seen else {}
        conditional = {name: value for name, value in asked.items() if value and value.isascii() and value.isprintable()}
        response = self._followed(url, {**headers, **conditional}, robots=True)
        if response.status not in (200, 304) or (response.status == 304 and not conditional):
            raise SkipItem(url, f"the server answers {response.status}")
        return response

    def _followed(self, url: str, headers: dict[str, str], robots: bool) -> Response:
        """Ask, and follow redirects; each step is checked like the first."""
        target = url
        for _ in range(self.manners.redirects + 1):
            host = self._host(target)
            if robots:
                self._check_robots(host, target)
            response = self._ask(host, target, headers)
            if not response.leads_to:
                return response
            target = response.leads_to
        raise SkipItem(url, f"more than {self.manners.redirects} redirects; given up")

    def _ask(self, host: _Host, url: str, headers: dict[str, str]) -> Response:
        """Make one request when the host's turn has come."""
        with host.lock:
            wait = host.next - self.clock()
            if wait > _LONGEST_DELAY:
                raise SkipItem(url, f"the server asked for a pause of {wait:.0f} more seconds")
            if wait > 0:
                self.sleep(wait)
            try:
                response = request(url, headers, self.manners, self.private)
            finally:
                host.next = self.clock() + self._delay(host)
            if response.status in (429, 503):
                host.next = self.clock() + _pause(response)
        return response

    def _delay(self, host: _Host) -> float:
        asked = host.robots.crawl_delay(self.manners.agent) if host.robots else None
        return max(self.manners.delay, min(float(asked or 0), _LONGEST_DELAY))

    def _check_robots(self, host: _Host, url: str) -> None:
        """Raise what robots.txt says against a page: one that cannot be read forbids, one that is not there allows (RFC 9309)."""
        with host.reading:
            if host.robots_at is None or self.clock() - host.robots_at > _ROBOTS_FOR:
                self._read_robots(host, url)
        if host.closed:
            raise SkipItem(url, host.closed)
        if host.robots is not None and not host.robots.can_fetch(url, self.manners.agent):
            raise SkipItem(url, "robots.txt of this host forbids it")

    def _read_robots(self, host: _Host, url: str) -> None:
        host.robots, host.closed = None, ""
        robots = urljoin(url, "/robots.txt")
        try:
            answer = self._followed(robots, {"User-Agent": self.manners.agent}, robots=False)
        except SkipItem as problem:
            # Not remembered: the next page asks again. A host that cannot be gone to at all is no matter of its robots.txt.
            at_once = isinstance(problem, NoWay) and problem.source == robots
            host.closed = problem.reason if at_once else _UNREADABLE.format(problem.reason)
            return
        if answer.status == 200:
            host.robots = Protego.parse(answer.body[:_ROBOTS_BYTES].decode("utf-8", "replace"))
        elif answer.status >= 500 or answer.status == 429:
            host.closed = _UNREADABLE.format(f"the server answers {answer.status}")
            return
        host.robots_at = self.clock()

    def _host(self, url: str) -> _Host:
        parsed = parse(url)
        with self._lock:
            return self._hosts.setdefault(f"{parsed.scheme}://{parsed.netloc}", _Host())


def _pause(response: Response) -> float:
    """Return the seconds that a server asks to be left alone for."""
    words = response.headers.get("retry-after", "").strip()
    if words.isascii() and words.isdigit():
        return min(float(words[:9]), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(words)
        return min(max(0.0, until.timestamp() - time.time()), _LONGEST_PAUSE)
    except (ValueError, TypeError, OverflowError):
        return _LONGEST_DELAY
