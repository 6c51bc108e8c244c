"""Join what a ledger's articles tell: one event with its reports, and threads over all of them.

The result is stored in `same_events`, `joined_events` and `joined_threads`, made anew in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from diurna.ledger import layout, queries
from diurna.ledger.copies import copies
from diurna.ledger.same_event import Joined, Report, join_events
from diurna.ledger.store import Ledger
from diurna.ledger.threads import build_threads
from diurna.records import Event, Thread, When

_ARTICLES = "SELECT article_id, coalesce(publisher, '') AS outlet, published, text FROM articles JOIN latest USING (article_id)"


@dataclass(frozen=True, slots=True)
class Join:
    """What was joined: counts for a line on the screen."""

    articles: int
    copied: int
    reports: int
    events: int
    threads: int


def join(ledger: Ledger) -> Join:
    """Join the latest codings of a ledger and store the result in it; the same ledger gives the same rows.

    Args:
        ledger: open for writing.
    """
    articles = ledger.con.execute(f"{_ARTICLES} ORDER BY published NULLS LAST, article_id").fetchall()
    copied = copies((row[0], row[3]) for row in articles)
    about = {row[0]: (row[1], row[2].isoformat() if row[2] else "") for row in articles}
    rows = queries.events_table(ledger).to_pylist()
    runs = {(row["article_id"], row["event_id"]): row["run_id"] for row in rows}
    reports = [Report(e, *about[e.article_id]) for e in map(layout.event_from_row, rows)]
    joined = join_events(reports, copied)
    threads = join_threads(joined)
    _store(ledger, joined, threads, runs, copied)
    return Join(len(articles), sum(a != b for a, b in copied.items()), len(reports), len(joined), len(threads))


def join_threads(joined: Sequence[Joined], today: date | None = None) -> list[Thread]:
    """Return the threads of events told by many articles.

    Args:
        joined: events with their reports, in any order.
        today: the day on which states are read; the latest publication when left out.
    """
    last = max((j.last_seen for j in joined if j.last_seen), default="")
    day = today or (date.fromisoformat(last) if last else None)
    return build_threads([_dated(spokesman(j)) for j in joined], day)


def spokesman(joined: Joined) -> Report:
    """Return the report that speaks for all: that with most parties, a stated day and the reporter's own word."""

    def worth(report: Report) -> tuple[int, bool, bool]:
        event = report.event
        return len(event.actors) + len(event.recipients), not event.when.assumed, not event.said_by

    return max(joined.reports, key=worth)


def _dated(report: Report) -> Event:
    """A current event without a day is of the day of its own report, not of the newest article."""
    event, day = report.event, report.published
    if event.when.start or not day or event.period != "current":
        return event
    return replace(event, when=When(day, day, "day", event.when.words, True))


def _store(
    ledger: Ledger,
    joined: Sequence[Joined],
    threads: Iterable[Thread],
    runs: Mapping[tuple[str, str], str],
    copied: Mapping[str, str],
) -> None:
    members = [
        (j.id, e.id, e.article_id, runs[e.article_id, e.id], copied.get(e.article_id, e.article_id))
        for j in joined
        for e in (r.event for r in j.reports)
    ]
    with ledger.transaction():
        for name in ("same_events", "joined_events", "joined_threads"):
            ledger.con.execute(f"DELETE FROM {name}")
        _insert(ledger, "same_events", ("same_id", "event_id", "article_id", "run_id", "copy_of"), members)
        _insert(
            ledger,
            "joined_events",
            ("same_id", "event_id", "reports", "outlets", "first_seen", "last_seen", "figures"),
            [_event_row(j) for j in joined],
        )
        _insert(ledger, "joined_threads", ("thread_id", "kind", "parties", "stages", "state", "rule"), map(_thread_row, threads))


def _event_row(joined: Joined) -> tuple[object, ...]:
    seen = [date.fromisoformat(d) if d else None for d in (joined.first_seen, joined.last_seen)]
    figures = json.dumps(joined.figures, ensure_ascii=False)
    return joined.id, spokesman(joined).event.id, len(joined.reports), list(joined.outlets), *seen, figures


def _thread_row(thread: Thread) -> tuple[object, ...]:
    stages = [{"event_id": s.event_id, "name": s.name, "date": s.date} for s in thread.stages]
    return thread.id, thread.kind, list(thread.parties), stages, thread.state, thread.rule


def _insert(ledger: Ledger, name: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    found = list(rows)
    if not found:
        return
    table = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in found])
    ledger.con.register("incoming", table)
    try:
        ledger.con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
    finally:
        ledger.con.unregister("incoming")
