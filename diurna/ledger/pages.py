"""What a ledger remembers of feeds and pages: when they were looked at, and which article a page was last time.

A page that changed is a new article. The old one stays in the ledger with what was coded from it, but `latest` no longer names
it, so that questions see each page once, as it reads now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from diurna.ledger import corrected, current
from diurna.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """What is known of a feed. failures: how often in a row it could not be read."""

    url: str
    etag: str = ""
    last_modified: str = ""
    checked_at: datetime | None = None
    failures: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PageMemory:
    """What is known of a page. mark: what the feed said of it. article_id: empty when it never was an article."""

    url: str
    feed: str = ""
    mark: str = ""
    etag: str = ""
    last_modified: str = ""
    article_id: str = ""
    first_seen: datetime | None = None
    checked_at: datetime | None = None
    problem: str = ""


def feeds(ledger: Ledger) -> dict[str, FeedMemory]:
    """Return all feeds by address."""
    rows = ledger.con.execute(f"SELECT {_names(FeedMemory)} FROM feeds").fetchall()
    return {row[0]: FeedMemory(*row) for row in rows}


def pages(ledger: Ledger, urls: Iterable[str]) -> dict[str, PageMemory]:
    """Return those of these pages that are known, by address."""
    query = f"SELECT {_names(PageMemory)} FROM pages WHERE url IN (SELECT unnest(?))"
    return {row[0]: PageMemory(*row) for row in ledger.con.execute(query, [sorted(urls)]).fetchall()}


def young(ledger: Ledger, since: datetime) -> list[PageMemory]:
    """Return the pages first seen since a moment."""
    query = f"SELECT {_names(PageMemory)} FROM pages WHERE first_seen >= ? ORDER BY url"
    return [PageMemory(*row) for row in ledger.con.execute(query, [since]).fetchall()]


def said(ledger: Ledger, article_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return title and ISO day of articles, by id; empty where there is none."""
    columns = "article_id, coalesce(title, ''), coalesce(CAST(published AS VARCHAR), '')"
    query = f"SELECT {columns} FROM articles WHERE article_id IN (SELECT unnest(?))"
    return {row[0]: (row[1], row[2]) for row in ledger.con.execute(query, [sorted(article_ids)]).fetchall()}


def remember(ledger: Ledger, item: FeedMemory | PageMemory) -> None:
    """Store what is known of a feed or page, in the place of what was known."""
    table = "feeds" if isinstance(item, FeedMemory) else "pages"
    names = [entry.name for entry in fields(item)]
    marks = ", ".join("?" * len(names))
    values = [getattr(item, name) for name in names]
    ledger.con.execute(f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({marks})", values)


def replace_article(ledger: Ledger, old: str, new: str) -> None:
    """Say that an article of a page is now another one; a page that reads again as it did brings its old article back."""
    if old == new:
        return
    with ledger.transaction():
        ledger.con.execute("DELETE FROM replaced_articles WHERE article_id = ?", [new])
        ledger.con.execute("INSERT OR REPLACE INTO replaced_articles (article_id, replaced_by) VALUES (?, ?)", [old, new])
        for article_id in (old, new):
            ledger.con.execute("DELETE FROM current_events WHERE article_id = ?", [article_id])
        current.add(ledger.con, "(SELECT * FROM latest_events WHERE article_id = ?)", [new])
        corrected.refresh(ledger.con, [old, new])


def _names(kind: type[FeedMemory] | type[PageMemory]) -> str:
    return ", ".join(entry.name for entry in fields(kind))
