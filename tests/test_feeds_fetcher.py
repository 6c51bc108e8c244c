"""Fetching: what is allowed, how long and how much; against a real server on loopback."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_server import Page, Site, serving

from diurna.errors import SkipItem
from diurna.feeds import addresses, http
from diurna.feeds.addresses import is_public, resolve
from diurna.feeds.config import Manners
from diurna.feeds.fetcher import Fetcher, Seen

QUICK = Manners(delay=0.0, timeout=5.0, total=10.0)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def fetcher(manners: Manners = QUICK, private: bool = True) -> Fetcher:
    return Fetcher(manners, private)


def test_an_answer_that_breaks_off_says_so(site: Site) -> None:
    site.pages["/feed"] = Page(b"<rss>", headers={"Content-Length": "900"})
    with pytest.raises(SkipItem, match=r"cannot be fetched \(the answer breaks off after 5 bytes\)"):
        fetcher().fetch(f"{site.url}/feed")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255",
        "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "::127.0.0.1",
    ],
)  # fmt: skip
def test_addresses_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1::1", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_addresses_outside(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_carried_by_another_is_as_public_as_itself(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]"])
def test_names_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises(SkipItem, match=r"not public|can be found"):
        http.request(f"http://{host}:9/", {}, QUICK)


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(SkipItem, match=r"10\.0\.0\.8, an address that is not public"):
        resolve("gull.example", 80, "http://gull.example")


def test_the_connection_goes_to_the_address_that_was_checked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere when it is asked again gains nothing: it is asked once."""
    real, asked = socket.getaddrinfo, []

    def resolver(host: str, port: int, *rest: object, **more: object) -> list[tuple[object, ...]]:
        if host == "gull.example":
            asked.append(host)
            assert len(asked) == 1
            host = "127.0.0.1"
        return real(host, port, *rest, **more)  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    site.pages["/a"] = Page(b"hello")
    port = site.url.rpartition(":")[2]
    assert http.request(f"http://gull.example:{port}/a", {}, QUICK, private=True).body == b"hello"
    assert site.asked[0][1]["host"] == f"gull.example:{port}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_over_tls_the_certificate_must_be_the_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=gull.example"]
    made = [*make, "-addext", "subjectAltName=DNS:gull.example", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: real("127.0.0.1", *rest, **more))
    with serving((certificate, key)) as site:
        site.pages["/a"] = Page(b"hello")
        port = site.url.rpartition(":")[2]
        with pytest.raises(SkipItem, match=r"cannot be fetched.*certificate"):
            http.request(f"https://gull.example:{port}/a", {}, QUICK, private=True)
        monkeypatch.setattr(http.certifi, "where", lambda: certificate)
        assert http.request(f"https://gull.example:{port}/a", {}, QUICK, private=True).body == b"hello"
        with pytest.raises(SkipItem, match=r"hostname 'other\.example' doesn't match"):
            http.request(f"https://other.example:{port}/a", {}, QUICK, private=True)


def test_a_redirect_is_checked_like_the_first_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    outside = {
        "/meta": "http://169.254.169.254/latest/",
        "/file": "file:///etc/passwd",
        "/gopher": "gopher://127.0.0.1:6379/x",
        "/odd": "http://[::1",
    }
    for path, target in outside.items():
        site.pages[path] = Page(status=302, headers={"Location": target})
        with pytest.raises(SkipItem, match=r"not public|no http|no address"):
            fetcher(private=False).fetch(site.url + path)
    with pytest.raises(SkipItem, match="not public"):
        Fetcher(QUICK).fetch("http://127.0.0.2:9/")


def test_redirects_are_followed_but_not_for_ever(site: Site) -> None:
    site.pages["/old"] = Page(status=301, headers={"Location": "/new"})
    site.pages["/new"] = Page(b"here")
    assert fetcher().fetch(f"{site.url}/old#part").url == f"{site.url}/new"
    site.pages["/loop"] = Page(status=302, headers={"Location": "/loop"})
    with pytest.raises(SkipItem, match="more than 5 redirects"):
        fetcher().fetch(f"{site.url}/loop")
    assert site.paths().count("/loop") == 6


def test_a_page_is_not_sent_twice(site: Site) -> None:
    site.pages["/a"] = Page(b"hello", etag='"v1"', headers={"Last-Modified": "Fri, 01 May 2020 00:00:00 GMT"})
    visitor = fetcher()
    first = visitor.fetch(f"{site.url}/a")
    again = visitor.fetch(f"{site.url}/a", Seen(first.headers["etag"], first.headers["last-modified"]))
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert site.asked[-1][1]["if-modified-since"] == "Fri, 01 May 2020 00:00:00 GMT"
    # A server may have sent anything as its tag; it does not become a header of ours.
    assert visitor.fetch(f"{site.url}/a", Seen("v\r\nX-Evil: 1")).status == 200


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_too_large_is_given_up(site: Site, packed: bool) -> None:
    body = b"a" * 3_000_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    site.pages["/a"] = Page(gzip.compress(body) if packed else body, headers=headers)
    with pytest.raises(SkipItem, match="more than 1,000,000 bytes"):
        fetcher(replace(QUICK, max_bytes=1_000_000)).fetch(f"{site.url}/a")
    assert len(fetcher().fetch(f"{site.url}/a").body) == 3_000_000


@pytest.mark.parametrize("packed", [False, True])
def test_a_server_that_drips_is_left(site: Site, packed: bool) -> None:
    body = b"slow and slower" * 4
    site.pages["/robots.txt"] = Page(b"")
    site.pages["/a"] = Page(
        gzip.compress(body) if packed else body, headers={"Content-Encoding": "gzip"} if packed else {}, drip=0.1
    )
    with pytest.raises(SkipItem, match="no answer within 1 seconds"):
        fetcher(replace(QUICK, total=1.0)).fetch(f"{site.url}/a")


def test_broken_answers_are_one_line(site: Site) -> None:
    site.pages["/a"] = Page(b"no gzip at all", headers={"Content-Encoding": "gzip"})
    site.pages["/b"] = Page(b"gone", 410)
    site.pages["/c"] = Page(b"short", headers={"Content-Length": "500"})
    for path, says in (("/a", "cannot be fetched"), ("/b", "answers 410"), ("/c", "cannot be fetched")):
        with pytest.raises(SkipItem, match=says) as caught:
            fetcher(replace(QUICK, total=2.0)).fetch(site.url + path)
        assert "\n" not in str(caught.value)
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    with pytest.raises(SkipItem, match="cannot be fetched"):
        fetcher().fetch(f"http://127.0.0.1:{closed.getsockname()[1]}/")
    closed.close()


def test_robots_are_heeded(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /private\nDisallow: /*?print=\n\nUser-agent: other\nDisallow: /")
    for path in ("/a", "/private/a", "/a?print=1"):
        site.pages[path] = Page(b"words")
    site.pages["/to"] = Page(status=302, headers={"Location": "/private/a"})
    visitor = fetcher()
    assert visitor.fetch(f"{site.url}/a").body == b"words"
    for path in ("/private/a", "/a?print=1", "/to"):
        with pytest.raises(SkipItem, match="robots"):
            visitor.fetch(site.url + path)
    assert site.paths() == ["/a", "/to"]


def test_robots_that_cannot_be_read_forbid_and_are_asked_again(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"oops", 500)
    site.pages["/a"] = Page(b"words")
    visitor = fetcher()
    with pytest.raises(SkipItem, match=r"cannot be read, so nothing is fetched \(the server answers 500"):
        visitor.fetch(f"{site.url}/a")
    del site.pages["/robots.txt"]
    assert visitor.fetch(f"{site.url}/a").body == b"words"


def test_a_host_that_may_not_be_gone_to_is_no_matter_of_its_robots(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SkipItem) as caught:
        fetcher(private=False).fetch("http://127.0.0.1:9/a")
    assert caught.value.reason == "127.0.0.1 is an address that is not public; --allow-private lets it pass"
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    site.pages["/robots.txt"] = Page(status=302, headers={"Location": "http://169.254.169.254/"})
    with pytest.raises(SkipItem, match=r"robots\.txt of this host cannot be read.*not public"):
        fetcher(private=False).fetch(f"{site.url}/a")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def test_hosts_are_asked_seldom(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 7\n")
    site.pages["/a"] = Page(b"words")
    clock = Clock()
    visitor = Fetcher(Manners(delay=3.0), True, clock, clock.sleep)
    for _ in range(3):
        visitor.fetch(f"{site.url}/a")
    assert clock.slept == [3.0, 7.0, 7.0]  # after robots.txt, which said to wait longer


@pytest.mark.parametrize(("words", "wait"), [("30", 30.0), ("", 60.0), ("soon", 60.0)])
def test_a_host_that_asks_for_a_pause_gets_it(site: Site, words: str, wait: float) -> None:
    site.pages["/a"] = Page(b"", 429, {"Retry-After": words} if words else {})
    clock = Clock()
    visitor = Fetcher(Manners(delay=1.0), True, clock, clock.sleep)
    with pytest.raises(SkipItem, match="answers 429"):
        visitor.fetch(f"{site.url}/a")
    site.pages["/a"] = Page(b"words")
    visitor.fetch(f"{site.url}/a")
    assert clock.slept[-1] == wait


def test_a_long_pause_is_not_waited_for(site: Site) -> None:
    site.pages["/a"] = Page(b"", 503, {"Retry-After": "9999999999999999"})
    clock = Clock()
    visitor = Fetcher(Manners(delay=1.0), True, clock, clock.sleep)
    for says in ("answers 503", "pause of 3600 more seconds"):
        with pytest.raises(SkipItem, match=says):
            visitor.fetch(f"{site.url}/a")
