"""Rounds over the feeds: what is new or changed is fetched, coded and stored; what goes wrong with one leaves the others alone.

The ledger is open only while something is read from it or written to it, so that others can read it in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

from diurna.errors import SkipItem, StopRun
from diurna.feeds.config import Feed, Manners, Watched
from diurna.feeds.fetcher import Fetcher, Seen
from diurna.feeds.http import Response
from diurna.feeds.reading import Entry, Listing, entry_article, page_article, read_feed
from diurna.feeds.visits import side_by_side
from diurna.intake.items import Intake
from diurna.ledger import Ledger, pages
from diurna.ledger.pages import FeedMemory, PageMemory
from diurna.records import Article, Result

_LOCKED_FOR = 60.0
_LONGEST_REST = timedelta(days=1)

Code = Callable[[Article], Result | SkipItem]
Report = Callable[[SkipItem], None]


@dataclass(slots=True)
class Round:
    """What one round did: feeds read, feeds unchanged, pages fetched, new articles, changed ones, events, what went wrong."""

    feeds: int = 0
    unchanged: int = 0
    pages: int = 0
    new: int = 0
    changed: int = 0
    events: int = 0
    skipped: list[SkipItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Due:
    """A page that should be looked at, and what is known of it."""

    entry: Entry
    feed: Feed
    known: PageMemory
    response: Response | SkipItem | None = None


def watch_once(
    watched: Watched, ledger: Path, code: Code, fetcher: Fetcher, report: Report, now: datetime | None = None
) -> Round:
    """Go over all feeds once.

    Args:
        watched: feeds and manners.
        ledger: file of the ledger; made on first use.
        code: codes one article.
        fetcher: kept from round to round, for it knows when hosts may be asked again.
        report: told of each feed and page that could not be used.
        now: the moment of the round.

    Raises:
        StopRun: the ledger cannot be opened, for a minute or at all.
    """
    moment = now or datetime.now()
    done = Round()

    def skip(item: SkipItem) -> None:
        done.skipped.append(item)
        report(item)

    manners = watched.manners
    with _opened(ledger) as store:
        known = pages.feeds(store)
        silent = _unread(store, manners, moment)
    asked = [feed for feed in watched.feeds if not _resting(known.get(feed.url), manners, moment)]
    listed: dict[str, list[Entry]] = {}
    unread: list[SkipItem] = []
    read: list[FeedMemory] = []
    for feed, answer in _fetched(asked, fetcher, {url: memory for url, memory in known.items() if url not in silent}):
        listing, memory = _feed_answer(feed, answer, known.get(feed.url), manners, moment)
        listed[feed.url] = listing.entries
        unread += listing.unread
        read.append(memory)
        if memory.problem:
            skip(SkipItem(feed.url, memory.problem))
        done.feeds += not memory.failures
        done.unchanged += isinstance(answer, Response) and answer.status == 304
    with _opened(ledger) as store:
        # A feed says the same of such an entry in every round.
        for item in store.unlisted(unread):
            skip(item)
        store.add_skipped([*done.skipped, *unread])
        due = _due(store, watched, listed, moment)
        # An unchanged feed lists nothing anew, yet its young pages may have changed.
        due += _young(store, watched, {item.entry.url for item in due}, moment)
    with closing(_visited(due, fetcher)) as groups:
        for group in groups:
            _take(group, ledger, code, done, skip, moment)
    # Only now, for a server that is told of them says "unchanged": a round that was cut short must hear of its entries again.
    with _opened(ledger) as store:
        for memory in read:
            pages.remember(store, memory)
    return done


def watch(
    watched: Watched, ledger: Path, code: Code, fetcher: Fetcher, report: Report, told: Callable[[Round], None]
) -> NoReturn:
    """Go over the feeds again and again, until interrupted; a ledger that others keep locked only costs a round."""
    while True:
        begun = time.monotonic()
        try:
            told(watch_once(watched, ledger, code, fetcher, report))
        except StopRun as problem:
            report(SkipItem(str(ledger), f"this round was lost: {problem}"))
        time.sleep(max(1.0, watched.manners.every - (time.monotonic() - begun)))


def _resting(known: FeedMemory | None, manners: Manners, moment: datetime) -> bool:
    """A feed that fails is asked more and more seldom, at least once a day."""
    if known is None or not known.failures or known.checked_at is None:
        return False
    rest = min(timedelta(seconds=manners.every) * 2 ** min(known.failures - 1, 10), _LONGEST_REST)
    return known.failures > 1 and moment < known.checked_at + rest


def _unread(store: Ledger, manners: Manners, moment: datetime) -> set[str]:
    """Return the feeds that must be read in full: one of their pages could not be read and is due, and only they know its day."""
    found = pages.young(store, moment - timedelta(seconds=manners.recheck_for))
    return {memory.feed for memory in found if not memory.article_id and _again(memory, manners, moment)}


def _fetched(feeds: Sequence[Feed], fetcher: Fetcher, known: dict[str, FeedMemory]) -> Iterator[tuple[Feed, Response | SkipItem]]:
    """Yield the answer for each feed, hosts side by side."""

    def ask(feed: Feed) -> Response | SkipItem:
        memory = known.get(feed.url)
        seen = Seen(memory.etag, memory.last_modified) if memory else None
        return _try(fetcher, feed.url, seen)

    with closing(side_by_side(feeds, lambda feed: feed.url, ask)) as groups:
        for group in groups:
            yield from group


def _feed_answer(
    feed: Feed, answer: Response | SkipItem, known: FeedMemory | None, manners: Manners, moment: datetime
) -> tuple[Listing, FeedMemory]:
    before = known or FeedMemory(feed.url)
    if isinstance(answer, SkipItem):
        return Listing(), replace(before, checked_at=moment, failures=before.failures + 1, problem=answer.reason)
    if answer.status == 304:
        return Listing(), replace(before, checked_at=moment, failures=0, problem="")
    try:
        listing = read_feed(answer, manners.most)
    except SkipItem as problem:
        return Listing(), replace(before, checked_at=moment, failures=before.failures + 1, problem=problem.reason)
    # A feed cut short must not be answered "unchanged" the next time: the rest of it was never seen.
    validators = ("", "") if listing.problem else _validators(answer)
    return listing, FeedMemory(feed.url, *validators, moment, problem=listing.problem)


def _due(store: Ledger, watched: Watched, listed: dict[str, list[Entry]], moment: datetime) -> list[_Due]:
    """Return the entries to look at: new ones, those of which the feed says something new, and young ones from time to time.

    A page that several feeds list belongs to the one that listed it first, of new ones to the first in the file. The others may
    call and date it differently; were they heard too, the page would be another article in each round.
    """
    known = pages.pages(store, {entry.url for entries in listed.values() for entry in entries})
    watching = {feed.url for feed in watched.feeds}
    found: dict[str, _Due] = {}
    for feed in watched.feeds:
        for entry in listed.get(feed.url, ()):
            memory = known.get(entry.url, PageMemory(entry.url, feed.url, first_seen=moment))
            if entry.url in found or (memory.feed != feed.url and memory.feed in watching):
                continue
            again = feed.pages and _again(memory, watched.manners, moment)
            if entry.url not in known or memory.mark != entry.mark or again:
                found[entry.url] = _Due(entry, feed, replace(memory, feed=feed.url))
    return list(found.values())


def _again(memory: PageMemory, manners: Manners, moment: datetime) -> bool:
    first, last = memory.first_seen or moment, memory.checked_at or moment
    return moment - first <= timedelta(seconds=manners.recheck_for) and moment - last >= timedelta(seconds=manners.recheck)


def _young(store: Ledger, watched: Watched, taken: set[str], moment: datetime) -> list[_Due]:
    """Return the young pages that no feed listed in this round; what their feed said of them stands in their articles."""
    of = {feed.url: feed for feed in watched.feeds if feed.pages}
    known = [
        memory
        for memory in pages.young(store, moment - timedelta(seconds=watched.manners.recheck_for))
        if memory.feed in of and memory.url not in taken and _again(memory, watched.manners, moment)
    ]
    said = pages.said(store, {memory.article_id for memory in known})
    return [
        _Due(Entry(memory.url, *said.get(memory.article_id, ("", "")), memory.mark, ""), of[memory.feed], memory)
        for memory in known
    ]


def _visited(due: Sequence[_Due], fetcher: Fetcher) -> Generator[list[_Due], None, None]:
    """Yield what is due with its page, in groups: those that need no page first, then the others as their pages come."""
    ready = [item for item in due if not item.feed.pages]
    if ready:
        yield ready

    def visit(item: _Due) -> Response | SkipItem:
        return _try(fetcher, item.entry.url, Seen(item.known.etag, item.known.last_modified))

    wanted = [item for item in due if item.feed.pages]
    with closing(side_by_side(wanted, lambda item: item.entry.url, visit)) as groups:
        for group in groups:
            yield [replace(item, response=response) for item, response in group]


def _take(group: Sequence[_Due], ledger: Path, code: Code, done: Round, skip: Report, moment: datetime) -> None:
    """Code what is new in a group of pages, and store it with what is known of them now; if interrupted, what is coded."""
    taken: list[tuple[_Due, PageMemory, Result | None]] = []
    try:
        for item in group:
            done.pages += isinstance(item.response, Response)
            memory, found = _coded(item, code, moment)
            if isinstance(found, SkipItem):
                skip(found)
            taken.append((item, memory, None if isinstance(found, SkipItem) else found))
    finally:
        _store(taken, ledger, done)


def _coded(item: _Due, code: Code, moment: datetime) -> tuple[PageMemory, Result | SkipItem | None]:
    memory, article = _read(item, Intake(), moment)
    found = code(article) if isinstance(article, Article) else article
    if isinstance(found, SkipItem):
        memory = replace(memory, problem=found.reason)
    elif found is not None:
        memory = replace(memory, article_id=found.article.id)
    return memory, found


def _store(taken: Sequence[tuple[_Due, PageMemory, Result | None]], ledger: Path, done: Round) -> None:
    if not taken:
        return
    with _opened(ledger) as store:
        for item, memory, result in taken:
            _keep(store, item, memory, result, done)
        store.add_skipped(SkipItem(memory.url, memory.problem) for _, memory, _ in taken if memory.problem)


def _read(item: _Due, intake: Intake, moment: datetime) -> tuple[PageMemory, Article | SkipItem | None]:
    """Return what is known of a page now, and its article when it is another one than before."""
    memory = replace(item.known, mark=item.entry.mark, checked_at=moment, problem="")
    if isinstance(item.response, SkipItem):
        return memory, item.response
    if item.response is not None and item.response.status == 304:
        return memory, None
    if item.response is None:
        found = entry_article(item.entry, item.feed, intake)
    else:
        found = page_article(item.response, item.entry, item.feed, intake)
        etag, last_modified = _validators(item.response)
        memory = replace(memory, etag=etag, last_modified=last_modified)
    unchanged = isinstance(found, Article) and found.id == item.known.article_id
    return memory, None if unchanged else found


def _keep(store: Ledger, item: _Due, memory: PageMemory, result: Result | None, done: Round) -> None:
    if result is not None:
        added = store.add([result])
        done.events += added.events
        if item.known.article_id:
            pages.replace_article(store, item.known.article_id, result.article.id)
            done.changed += 1
        else:
            done.new += added.articles
    pages.remember(store, memory)


def _try(fetcher: Fetcher, url: str, seen: Seen | None) -> Response | SkipItem:
    try:
        return fetcher.fetch(url, seen)
    except SkipItem as problem:
        return SkipItem(url, problem.reason)


def _validators(response: Response) -> tuple[str, str]:
    return response.headers.get("etag", "")[:500], response.headers.get("last-modified", "")[:100]


@contextmanager
def _opened(path: Path) -> Iterator[Ledger]:
    """Open the ledger; where another program has it, wait for up to a minute."""
    until = time.monotonic() + _LOCKED_FOR
    while True:
        try:
            store = Ledger(path)
            break
        except StopRun as problem:
            if "is using this ledger" not in str(problem) or time.monotonic() > until:
                raise
            time.sleep(0.5)
    with store:
        yield store
