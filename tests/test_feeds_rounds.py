"""From round to round: what is unchanged stays the article it was, and a round that is cut short loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal

import pytest
from site_server import Page, Site, serving
from test_feeds_watch import LONG, MANNERS, NOW, code, go, html, rss

from diurna.feeds.config import Feed, Watched
from diurna.feeds.fetcher import Fetcher
from diurna.feeds.visits import side_by_side
from diurna.feeds.watch import watch_once
from diurna.ledger import Ledger, pages
from diurna.ledger.judgements import judge
from diurna.records import Article, Result, content_id

BARE = f"<html><body><article><p>One.</p><p>{LONG}</p></article></body></html>".encode()
LATER = NOW + timedelta(hours=7)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "l.duckdb"


def told(path: Path) -> list[tuple[str, str, float]]:
    """Title, day and confidence of the events that questions find."""
    with Ledger(path, read_only=True) as ledger:
        return [(row["title"], str(row["published"]), row["confidence"]) for row in ledger.events(sort="event").to_pylist()]


def test_a_page_that_reads_as_before_stays_the_article_it_was(site: Site, path: Path) -> None:
    """What the page leaves open its feed has said, and a feed that answers "unchanged" does not say it again."""
    site.pages |= {"/feed": Page(rss(site, "/a"), etag='"f"'), "/a": Page(BARE)}
    go(site, path, Feed(f"{site.url}/feed"))
    with Ledger(path) as ledger:
        (article,) = ledger.events().column("article_id").to_pylist()
        judge(ledger, content_id("evt", article), "accept", "anna")
    before = told(path)
    again = go(site, path, Feed(f"{site.url}/feed"), now=LATER)
    assert (again.unchanged, again.pages, again.new, again.changed) == (1, 1, 0, 0)
    assert told(path) == before == [("Report /a", "2026-11-20", 1.0)]


def test_a_page_that_could_not_be_read_at_first_has_the_day_of_its_feed(site: Site, path: Path) -> None:
    site.pages |= {"/feed": Page(rss(site, "/a"), etag='"f"'), "/a": Page(b"oops", 500)}
    assert go(site, path, Feed(f"{site.url}/feed")).new == 0
    assert go(site, path, Feed(f"{site.url}/feed"), now=NOW + timedelta(minutes=15)).unchanged == 1
    site.pages["/a"] = Page(BARE)
    assert go(site, path, Feed(f"{site.url}/feed"), now=LATER).new == 1
    assert [row[:2] for row in told(path)] == [("Report /a", "2026-11-20")]


def test_a_page_of_two_feeds_belongs_to_the_first(site: Site, path: Path) -> None:
    other = rss(site, "/a", updated="g").replace(b"Report", b"Note").replace(b"20 Nov", b"19 Nov")
    site.pages |= {"/f": Page(rss(site, "/a")), "/g": Page(other), "/a": Page(BARE)}
    feeds = [Feed(f"{site.url}/f"), Feed(f"{site.url}/g")]
    for hours in (0, 1, 2, 9):
        done = go(site, path, *feeds, now=NOW + timedelta(hours=hours))
        assert (done.new, done.changed) == (hours == 0, 0)
        assert [row[:2] for row in told(path)] == [("Report /a", "2026-11-20")]
    # The first is no longer watched: the page is the other's now.
    assert go(site, path, feeds[1], now=NOW + timedelta(hours=10)).changed == 1
    assert [row[:2] for row in told(path)] == [("Note /a", "2026-11-19")]


def test_a_round_that_is_interrupted_ends_soon_and_loses_nothing(site: Site, path: Path) -> None:
    site.pages |= {
        "/feed": Page(rss(site, "/a", "/b", "/c"), etag='"f"'),
        "/a": Page(html("One.")),
        "/b": Page(html("Two.", "Two")),
        "/c": Page(html("Three.", "Three"), drip=0.1),
    }
    feed = Feed(f"{site.url}/feed")

    def interrupted(article: Article) -> Result:
        if article.title == "Two":
            raise KeyboardInterrupt
        return code(article)

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        watch_once(Watched((feed,), MANNERS), path, interrupted, Fetcher(MANNERS, True), lambda item: None, NOW)
    assert time.monotonic() - begun < 10
    assert [row[0] for row in told(path)] == ["Envoys expelled"]
    with Ledger(path, read_only=True) as ledger:
        assert pages.feeds(ledger) == {}
    site.pages["/c"] = Page(html("Three.", "Three"))
    assert go(site, path, feed, now=NOW + timedelta(minutes=1)).new == 2
    with Ledger(path, read_only=True) as ledger:
        assert pages.feeds(ledger)[feed.url].etag == '"f"'


def test_pages_of_one_host_are_stored_as_they_come(site: Site, path: Path) -> None:
    site.pages |= {
        "/feed": Page(rss(site, "/a", "/b")),
        "/a": Page(html("One.")),
        "/b": Page(html("Two.", "Two"), drip=0.005),
    }
    stored: list[list[str]] = []

    def noted(article: Article) -> Result:
        stored.append([row[0] for row in told(path)])
        return code(article)

    watched = Watched((Feed(f"{site.url}/feed"),), MANNERS)
    watch_once(watched, path, noted, Fetcher(MANNERS, True), lambda item: None, NOW)
    assert stored == [[], ["Envoys expelled"]]


def test_nobody_waits_for_what_is_under_way_when_the_work_is_left() -> None:
    begun, free = [], Signal()

    def do(url: str) -> str:
        begun.append(url)
        if url != "http://a/1":
            free.wait(30)
        return url

    work = side_by_side(["http://a/1", "http://a/2", "http://a/3"], str, do)
    assert next(work) == [("http://a/1", "http://a/1")]
    start = time.monotonic()
    work.close()
    assert time.monotonic() - start < 5
    free.set()
    time.sleep(0.1)
    assert "http://a/3" not in begun


def test_an_error_of_one_thread_reaches_who_waits() -> None:
    with pytest.raises(ZeroDivisionError):
        list(side_by_side([1, 0], lambda number: f"http://host{number}/", lambda number: 1 // number))
