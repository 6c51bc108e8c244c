"""Rounds over feeds: real feeds and pages on loopback, a real ledger; what fails leaves the rest alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_server import Page, Site, serving
from typer.testing import CliRunner

from diurna.cli import app
from diurna.errors import SkipItem, StopRun
from diurna.feeds.config import Feed, Manners, Watched, load_feeds
from diurna.feeds.fetcher import Fetcher
from diurna.feeds.http import Response
from diurna.feeds.reading import read_feed
from diurna.feeds.watch import Round, watch_once
from diurna.ledger import Ledger, pages
from diurna.ledger.judgements import judge
from diurna.records import Article, Event, Result, Versions, content_id

MANNERS = Manners(delay=0.0, timeout=5.0)
NOW = datetime(2026, 11, 20, 12)
LONG = "The government of Norway said on Friday that it had expelled two envoys of Peru. " * 4


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def rss(site: Site, *paths: str, updated: str = "") -> bytes:
    items = "".join(
        f"<item><title>Report {path}</title><link>{site.url}{path}</link><guid>{path}{updated}</guid>"
        "<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item>"
        for path in paths
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gull</title>{items}</channel></rss>'.encode()


def html(words: str, title: str = "Envoys expelled") -> bytes:
    body = f"<h1>{title}</h1><p>{words}</p><p>{LONG}</p>"
    return f"<html><head><title>{title}</title></head><body><article>{body}</article></body></html>".encode()


def code(article: Article) -> Result:
    """One event an article, so that what is stored can be counted; the real coder has its own tests."""
    event = Event(content_id("evt", article.id), article.id, "SANCTION")
    return Result(article, (event,), (), (), Versions("1", "sm", "t"))


def go(site: Site, ledger: Path, *feeds: Feed, now: datetime = NOW, manners: Manners = MANNERS) -> Round:
    return watch_once(Watched(feeds, manners), ledger, code, Fetcher(manners, True), lambda item: None, now)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "l.duckdb"


def titles(path: Path) -> list[str]:
    with Ledger(path, read_only=True) as ledger:
        return sorted(row["title"] for row in ledger.events().to_pylist())


def test_new_pages_are_stored_once(site: Site, path: Path) -> None:
    site.pages |= {
        "/feed": Page(rss(site, "/a", "/b"), etag='"f1"'),
        "/a": Page(html("One."), etag='"a1"'),
        "/b": Page(html("Two.", "Two")),
    }
    feed = Feed(f"{site.url}/feed", publisher="The Gull")
    first = go(site, path, feed)
    assert (first.feeds, first.pages, first.new, first.events, first.skipped) == (1, 2, 2, 2, [])
    assert sorted(site.paths()) == ["/a", "/b", "/feed"]
    again = go(site, path, feed, now=NOW + timedelta(minutes=15))
    assert (again.unchanged, again.pages, again.new) == (1, 0, 0)
    assert site.paths() == ["/feed"]
    with Ledger(path, read_only=True) as ledger:
        (row, _) = ledger.events(sort="event").to_pylist()
        assert (row["publisher"], str(row["published"]), row["title"]) == ("The Gull", "2026-11-20", "Envoys expelled")
        assert pages.feeds(ledger)[feed.url].etag == '"f1"'


def test_a_page_that_changes_is_a_new_version(site: Site, path: Path) -> None:
    site.pages |= {"/feed": Page(rss(site, "/a")), "/a": Page(html("One."), etag='"1"')}
    feed = Feed(f"{site.url}/feed")
    go(site, path, feed)
    with Ledger(path) as ledger:
        (old,) = ledger.events().column("article_id").to_pylist()
        judge(ledger, content_id("evt", old), "accept", "anna")
    # Too early to look again; then it is unchanged; then it has changed.
    assert go(site, path, feed, now=NOW + timedelta(hours=1)).pages == 0
    assert (go(site, path, feed, now=NOW + timedelta(hours=7)).changed, titles(path)) == (0, ["Envoys expelled"])
    site.pages["/a"] = Page(html("One, corrected.", "Corrected"), etag='"2"')
    assert go(site, path, feed, now=NOW + timedelta(hours=14)).changed == 1
    assert titles(path) == ["Corrected"]
    with Ledger(path, read_only=True) as ledger:
        assert ledger.con.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
        assert ledger.con.execute("SELECT article_id FROM replaced_articles").fetchall() == [(old,)]
        assert ledger.count() == len(ledger.con.execute("FROM latest_events").fetchall()) == 1
    # Back as it was: the first version counts again, with what was judged of it.
    site.pages["/a"] = Page(html("One."), etag='"3"')
    assert go(site, path, feed, now=NOW + timedelta(hours=21)).changed == 1
    with Ledger(path, read_only=True) as ledger:
        assert ledger.events().column("confidence").to_pylist() == [1.0]
    # After two days nobody looks any more.
    site.pages["/a"] = Page(html("Two."))
    assert go(site, path, feed, now=NOW + timedelta(hours=60)).pages == 0


def test_a_feed_that_says_something_new_of_a_page_has_it_fetched(site: Site, path: Path) -> None:
    site.pages |= {"/feed": Page(rss(site, "/a")), "/a": Page(html("One."))}
    feed = Feed(f"{site.url}/feed")
    go(site, path, feed)
    site.pages |= {"/feed": Page(rss(site, "/a", updated="2")), "/a": Page(html("Two.", "Two"))}
    assert go(site, path, feed, now=NOW + timedelta(minutes=15)).changed == 1
    assert titles(path) == ["Two"]


def test_what_fails_leaves_the_rest_alone(site: Site, path: Path) -> None:
    site.pages |= {
        "/good": Page(rss(site, "/a", "/missing", "/picture", "/short", "/a")),
        "/a": Page(html("One.")),
        "/picture": Page(b"\x89PNG", headers={"Content-Type": "image/png"}),
        "/short": Page(b"<html><body></body></html>"),
        "/bad": Page(b"<html><body>no feed</body></html>"),
        "/broken": Page(b"oops", 500),
        "/empty": Page(b""),
        "/robots.txt": Page(b"User-agent: *\nDisallow: /secret"),
    }
    feeds = [Feed(f"{site.url}/{name}") for name in ("bad", "broken", "empty", "secret", "good")]
    done = go(site, path, *feeds, Feed("http://[::1/odd"), Feed("http://gull.invalid/feed"))
    assert (done.feeds, done.new, done.pages) == (1, 1, 3)
    said = " ".join(item.reason for item in done.skipped)
    for words in (
        "no RSS or Atom",
        "answers 500",
        "robots.txt",
        "answers 404",
        "image/png",
        "no article found",
        "no address",
        "no host",
    ):
        assert words in said
    with Ledger(path, read_only=True) as ledger:
        assert pages.feeds(ledger)[f"{site.url}/broken"].failures == 1
        assert ledger.con.execute("SELECT count(*) FROM skipped").fetchall() == [(9,)]


def test_feeds_that_fail_are_listed_once(site: Site, path: Path) -> None:
    site.pages["/down"] = Page(b"", 500)
    for hours in (0, 1):
        done = go(site, path, Feed(f"{site.url}/down"), Feed("http://gull.invalid/feed"), now=NOW + timedelta(hours=hours))
        assert len(done.skipped) == 2
    with Ledger(path, read_only=True) as ledger:
        rows = ledger.con.execute("SELECT source, reason FROM skipped ORDER BY source").fetchall()
    assert [source for source, _ in rows] == [f"{site.url}/down", "http://gull.invalid/feed"]


def test_a_feed_cut_short_gives_its_whole_entries_and_is_read_again(site: Site, path: Path) -> None:
    whole = rss(site, "/a", "/b")
    site.pages |= {
        "/feed": Page(whole[: whole.rindex(b"</title>")], etag='"1"'),
        "/a": Page(html("One.")),
        "/b": Page(html("Two.", "B")),
    }
    feed = Feed(f"{site.url}/feed")
    done = go(site, path, feed)
    assert (done.feeds, done.new, [item.source for item in done.skipped]) == (1, 1, [feed.url])
    with Ledger(path, read_only=True) as ledger:
        assert (
            pages.feeds(ledger)[feed.url].problem
            == done.skipped[0].reason
            == "breaks off after 1 whole entries; read again next time"
        )
        assert pages.feeds(ledger)[feed.url].etag == ""
    site.pages["/feed"] = Page(whole, etag='"1"')
    done = go(site, path, feed, now=NOW + timedelta(minutes=15))
    assert (done.new, done.skipped) == (1, [])
    with Ledger(path, read_only=True) as ledger:
        assert pages.feeds(ledger)[feed.url].problem == ""


@pytest.mark.parametrize(
    ("body", "count", "cut"),
    [
        (b"<rss version='2.0'><channel><item><link>http://x/1</link></item><item><link>http://x/2</li", 1, True),
        (b"<rss version='2.0'><channel><item><link>http://x/1</link></item>", 1, True),
        (b"<rss version='2.0'><channel><item><link>http://x/1</link><title>A &nbsp; B</title></item></channel></rss>", 1, False),
        (b"<rss version='2.0'><channel><item><link>http://x/1</link></item></channel></rss><b>bytes", 1, False),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://x/1'/></entry><entry><title>B", 1, True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://x/1'/></entry></feed>", 1, False),
    ],
)
def test_what_is_whole_of_a_feed(body: bytes, count: int, cut: bool) -> None:
    found = read_feed(Response("http://gull.example/feed", 200, {"content-type": "text/xml"}, body), 10)
    assert (len(found.entries), bool(found.problem), found.unread) == (count, cut, [])


def test_entries_that_lead_nowhere_are_said_once(site: Site, path: Path) -> None:
    broken = b"<item><title>Odd</title><link>http://[::1/bad</link></item><item><title>Bare</title></item><item></item></channel>"
    site.pages |= {"/feed": Page(rss(site, "/a").replace(b"</channel>", broken)), "/a": Page(html("One."))}
    feed = Feed(f"{site.url}/feed")
    done = go(site, path, feed)
    said = [item.reason for item in done.skipped]
    assert said == [
        "entry 'Odd' has the address 'http://[::1/bad', which is none; passed over",
        "entry 'Bare' has no address; passed over",
        "an entry without title has no address; passed over",
    ]
    assert (done.new, {item.source for item in done.skipped}) == (1, {feed.url})
    assert go(site, path, feed, now=NOW + timedelta(minutes=15)).skipped == []
    with Ledger(path, read_only=True) as ledger:
        assert ledger.con.execute("SELECT count(*) FROM skipped").fetchall() == [(3,)]


def test_a_feed_that_goes_on_failing_is_asked_more_seldom(site: Site, path: Path) -> None:
    site.pages["/bad"] = Page(b"", 500)
    times = []
    for quarter in range(20):
        go(site, path, Feed(f"{site.url}/bad"), now=NOW + timedelta(minutes=15 * quarter))
        times += [quarter] * len(site.paths())
    assert times == [0, 1, 3, 7, 15]


def test_entries_that_hold_the_report_themselves(site: Site, path: Path) -> None:
    atom = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry>
    <title>Envoys &lt;b&gt;out&lt;/b&gt;</title><link href="/e/1#top"/><id>1</id><updated>2026-11-19T23:30:00Z</updated>
    <content type="html">&lt;p&gt;Oslo acted.&lt;/p&gt;
    &lt;script&gt;x()&lt;/script&gt;&lt;p&gt;{LONG}&lt;/p&gt;</content></entry></feed>"""
    site.pages["/atom"] = Page(atom.encode())
    done = go(site, path, Feed(f"{site.url}/atom", "Wire", pages=False))
    assert (done.new, done.pages, site.paths()) == (1, 0, ["/atom"])
    with Ledger(path, read_only=True) as ledger:
        ((text, url, day),) = ledger.con.execute("SELECT text, url, published::VARCHAR FROM articles").fetchall()
    assert text == f"Envoys out\n\nOslo acted.\n\n{LONG.strip()}"
    assert (url, day) == (f"{site.url}/e/1", "2026-11-19")


FEEDS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(
        lambda words: f"<rss version='2.0'><channel><item><link>{words}</link></item></channel></rss>".encode()
    ),
)


@given(FEEDS)
def test_no_feed_brings_the_reader_down(body: bytes) -> None:
    try:
        found = read_feed(Response("http://gull.example/feed", 200, {"content-type": "text/xml; charset=odd"}, body), 10)
    except SkipItem:
        return
    assert all(entry.url for entry in found.entries)


def test_a_feed_of_a_file_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("<rss><channel><item><link>http://x/</link></item></channel></rss>")
    with pytest.raises(SkipItem, match="no RSS"):
        read_feed(Response("http://gull.example/feed", 200, {}, str(tmp_path / "secret").encode()), 10)


CONFIG = """
[fetch]
delay = "2s"
every = 600
[[feed]]
url = "https://gull.example/feed"
publisher = "The Gull"
pages = false
"""


def test_the_file_of_feeds(tmp_path: Path) -> None:
    file = tmp_path / "feeds.toml"
    file.write_text(CONFIG)
    found = load_feeds(file)
    assert found.feeds == (Feed("https://gull.example/feed", "The Gull", False),)
    assert (found.manners.delay, found.manners.every, found.manners.timeout) == (2.0, 600.0, 20.0)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("[fetch", "no TOML"),
        ("", "no feed"),
        ("feed = 3", "no feed"),
        ("[feeds]", "unknown part 'feeds'"),
        ("[[feed]]\nname = 'x'", "unknown 'name'; known are url"),
        ("[[feed]]\npages = true", "feed 1: has no url"),
        ("[[feed]]\nurl = 'file:///etc/passwd'", "no http or https"),
        ("[[feed]]\nurl = 'http://a/'\n[[feed]]\nurl = 'http://a/'", "listed twice"),
        ("[[feed]]\nurl = 'http://a/'\npages = 'no'", "must be true or false"),
        ("[fetch]\ndelay = '2 weeks'\n[[feed]]\nurl = 'http://a/'", "a time as 30s"),
        ("[fetch]\nagent = 'a\\nb'\n[[feed]]\nurl = 'http://a/'", "agent"),
        ("[fetch]\nagent = 'Чайка'\n[[feed]]\nurl = 'http://a/'", "Latin letters only"),
        ("[fetch]\ntimeout = 0\n[[feed]]\nurl = 'http://a/'", "timeout is 0"),
        ("[fetch]\nevery = inf\n[[feed]]\nurl = 'http://a/'", "ten years at most"),
        ("[fetch]\nrecheck_for = '999999999d'\n[[feed]]\nurl = 'http://a/'", "ten years at most"),
        ("[fetch]\nmost = 2.5\n[[feed]]\nurl = 'http://a/'", "a whole number"),
        ("[[feed]]\nurl = 'http://'", "no http or https"),
        ("[[feed]]\nurl = 'http://a b/'", "no http or https"),
        ("[[feed]]\nurl = 'http://[::1/'", "no http or https"),
    ],
)
def test_a_bad_file_of_feeds_is_one_line(tmp_path: Path, words: str, says: str) -> None:
    (tmp_path / "feeds.toml").write_text(words.replace("'", '"'))
    with pytest.raises(StopRun, match=says) as caught:
        load_feeds(tmp_path / "feeds.toml")
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_a_watch_that_is_stopped_while_models_load_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("diurna.batch.solo.Solo.__init__", stopped)
    (tmp_path / "feeds.toml").write_text(CONFIG)
    done = CliRunner().invoke(app, ["watch", str(tmp_path / "feeds.toml"), "--ledger", str(tmp_path / "l.duckdb")])
    assert (done.exit_code, done.stderr) == (
        130,
        "diurna: stopped; what was coded is stored, the rest comes with the next round\n",
    )


def test_from_the_shell_with_the_real_coder(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/feed": Page(rss(site, "/a")), "/a": Page(html("Norway expelled three Russian diplomats on Thursday."))}
    (tmp_path / "feeds.toml").write_text(f'[fetch]\ndelay = 0\n[[feed]]\nurl = "{site.url}/feed"\n')
    words = ["watch", str(tmp_path / "feeds.toml"), "--ledger", str(tmp_path / "l.duckdb"), "--once", "--no-model"]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"skipped {site.url}/feed: 127.0.0.1 is an address that is not public; --allow-private lets it pass\n"
    )
    done = CliRunner().invoke(app, [*words, "--allow-private"])
    assert "1 feeds read, 1 pages; 1 new articles" in done.stdout
    with Ledger(tmp_path / "l.duckdb", read_only=True) as ledger:
        assert "SANCTION" in ledger.events().column("event").to_pylist()
