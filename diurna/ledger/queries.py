"""What readers ask a ledger: its events, one event with its article and versions, quotations, counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from diurna.errors import StopRun
from diurna.ledger import layout
from diurna.ledger.conditions import Condition, has_key
from diurna.ledger.store import Ledger
from diurna.records import Article, Event, Quote, Thread, Versions


@dataclass(frozen=True, slots=True)
class Stored:
    """An event as the ledger holds it, with the article it was read in, and the run and versions that coded it."""

    event: Event
    article: Article
    versions: Versions
    run_id: str


def events_table(ledger: Ledger, run_id: str = "") -> pa.Table:
    """Return events as an Arrow table of `layout.EVENTS`: those of each article's latest run, or those of the run named."""
    columns = ", ".join(layout.EVENTS.names)
    order = "ORDER BY when_start, article_id, event_id"
    if run_id:
        return ledger.answer(f"SELECT {columns} FROM events WHERE run_id = ? {order}", [run_id])
    return ledger.answer(f"SELECT {columns} FROM latest_events {order}", [])


def events(ledger: Ledger, run_id: str = "") -> list[Event]:
    """Return the records that `events_table` gives as rows."""
    return [layout.event_from_row(row) for row in events_table(ledger, run_id).to_pylist()]


def find_event(ledger: Ledger, id_or_prefix: str) -> Stored:
    """Return the event with this id, or the only one whose id begins so (with or without its letters).

    As it stands after judgement, where it stands; else as the newest coding has it that has it at all.

    Raises:
        StopRun: no such event, or several.
    """
    wanted = id_or_prefix.strip()
    columns = ", ".join(layout.EVENTS.names)
    whole, beginning = "event_id = ?", "starts_with(event_id, ?) OR starts_with(split_part(event_id, '-', 2), ?)"
    query = (
        f"SELECT {columns}, NULL AS number FROM corrected_events WHERE {{fits}} UNION ALL "
        f"SELECT {columns}, number FROM events JOIN codings USING (article_id, run_id) WHERE {{fits}} "
        "ORDER BY number DESC NULLS FIRST"
    )
    rows = _at(ledger, wanted, columns) if ledger.indexed else []
    rows = rows or (_rows(ledger, query.format(fits=whole), [wanted] * 2) if wanted else [])
    rows = rows or (_rows(ledger, query.format(fits=beginning), [wanted] * 4) if wanted else [])
    ids = sorted({row["event_id"] for row in rows})
    if not ids:
        raise StopRun(f"{ledger.path}: no event {wanted!r}; the ids stand in the first column of diurna code … --ledger")
    if len(ids) > 1 and wanted not in ids:
        raise StopRun(f"{ledger.path}: {wanted!r} fits {len(ids)} events ({', '.join(ids[:5])}); give more of the id")
    row = next(row for row in rows if len(ids) == 1 or row["event_id"] == wanted)
    versions = _rows(ledger, "SELECT * FROM versions WHERE run_id = ?", [row["run_id"]])[0]
    article = find_article(ledger, row["article_id"])
    return Stored(layout.event_from_row(row), article, layout.versions_from_row(versions), row["run_id"])


def _at(ledger: Ledger, event_id: str, columns: str) -> list[layout.Row]:
    """Return the row of a current event as the machine coded it, by the index; none where its article was judged."""
    at = (
        f"SELECT event_id, article_id, run_id FROM current_events WHERE rowid IN ({has_key('event_id', event_id).rows}) "
        "AND article_id NOT IN (SELECT article_id FROM judged_articles)"
    )
    found = []
    for head in _rows(ledger, at, [event_id]):
        told = has_key("article_events", head["article_id"])
        rows = _rows(ledger, f"SELECT {columns} FROM events WHERE rowid IN ({told.rows})", list(told.values))
        found += [row for row in rows if head.items() <= row.items() and row["event_id"] == event_id]
    return found


def find_article(ledger: Ledger, article_id: str) -> Article:
    """Return the article with this id.

    Raises:
        StopRun: there is none.
    """
    rows = _rows(ledger, "SELECT * FROM articles WHERE article_id = ?", [article_id])
    if not rows:
        raise StopRun(f"{ledger.path}: no article {article_id!r}")
    return layout.article_from_row(rows[0])


def quotes(ledger: Ledger, article_id: str = "") -> list[Quote]:
    """Return the quotations of the latest runs, of one article when it is named."""
    told = ledger.where(has_key("article_quotes", article_id, "article_id = ?") if article_id else Condition())
    query = f"SELECT * FROM {'dated_quotes' if ledger.indexed else 'latest_quotes'} WHERE {told.sql} ORDER BY article_id, spans"
    return [layout.quote_from_row(row) for row in _rows(ledger, query, list(told.values))]


def threads(ledger: Ledger, article_id: str = "") -> list[Thread]:
    """Return the threads within articles of the latest runs, of one article when it is named."""
    where = "WHERE article_id = ?" if article_id else ""
    query = f"SELECT * FROM {'dated_threads' if ledger.indexed else 'latest_threads'} {where} ORDER BY article_id, thread_id"
    return [layout.thread_from_row(row) for row in _rows(ledger, query, [article_id] if article_id else [])]


def counts(ledger: Ledger) -> dict[str, int]:
    """Return how many rows each table holds; `events` and `quotes` count the latest runs only."""
    names = {
        "articles": "articles",
        "runs": "versions",
        "events": "current_events",
        "quotes": "dated_quotes" if ledger.indexed else "latest_quotes",
        "skipped": "skipped",
    }
    found = {}
    for name, relation in names.items():
        found[name] = int(ledger.con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
    return found


def _rows(ledger: Ledger, query: str, values: list[Any]) -> list[layout.Row]:
    rows: list[layout.Row] = ledger.answer(query, values).to_pylist()
    return rows
