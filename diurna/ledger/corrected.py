"""The corrected events of judged articles, in `corrected_events` and `corrected_threads`: worked out, never a source.

`latest_events` and `latest_threads` show them in the place of the machine's; `machine_events` shows what the machine says.
They are made anew when somebody judges, and when a judged article is coded again, each time in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb

from diurna.ledger import columns, current, layout
from diurna.ledger.changes import Changes
from diurna.ledger.replay import Claimed, Judgement, Standing, counted, replay
from diurna.ledger.threads import build_threads
from diurna.records import Event

_DERIVED = ("corrected_events", "corrected_threads", "judged_articles", "current_events")


def judgements(con: duckdb.DuckDBPyConnection, condition: str = "true", values: Sequence[Any] = ()) -> list[Judgement]:
    """Return the judgements that fit a condition over the table `judgements`, in the order in which they were made."""
    query = (
        "SELECT number, strftime(made_at, '%Y-%m-%dT%H:%M:%S'), judge, verdict, article_id, run_id, event_id, changes, note "
        f"FROM judgements WHERE {condition} ORDER BY number"
    )
    rows = con.execute(query, list(values)).fetchall()
    return [_judgement(row) for row in rows]


def _judgement(row: Sequence[Any]) -> Judgement:
    number, made_at, judge, verdict, article_id, run_id, event_id, changes, note = row
    return Judgement(number, made_at, judge, verdict, article_id, run_id, event_id, Changes.from_json(changes), note)


def standing(con: duckdb.DuckDBPyConnection, article_id: str, judge: str = "") -> list[Standing]:
    """Return every event of an article's newest coding with what was judged of it; by one person when `judge` is named."""
    run = con.execute("SELECT run_id FROM latest WHERE article_id = ?", [article_id]).fetchall()
    if not run:
        return []
    made = counted(judgements(con, "article_id = ?", (article_id,)), judge)
    found = replay(run[0][0], _machine(con, article_id), made, _seen(con, article_id))
    return [replace(item, judged=tuple(who for who in item.judged if judge in ("", who))) for item in found]


def refresh(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> None:
    """Work out anew what stands of these articles; to be called inside a transaction."""
    wanted = sorted(set(article_ids))
    judged = con.execute(
        "SELECT DISTINCT article_id FROM judgements WHERE article_id IN (SELECT unnest(?)) ORDER BY ALL", [wanted]
    ).fetchall()
    ids = [row[0] for row in judged]
    if not ids:
        return
    for name in _DERIVED:
        con.execute(f"DELETE FROM {name} WHERE article_id IN (SELECT unnest(?))", [ids])
    for article_id in ids:
        _store(con, article_id, standing(con, article_id))
    con.execute("INSERT INTO judged_articles SELECT unnest(?)", [ids])
    current.add(con, "(SELECT * FROM corrected_events WHERE article_id IN (SELECT unnest(?)))", [ids])


def _store(con: duckdb.DuckDBPyConnection, article_id: str, found: Sequence[Standing]) -> None:
    stands = [item for item in found if item.stands]
    if not stands:
        return
    _insert(con, "corrected_events", columns.of_events([s.event for s in stands], [s.run_id for s in stands]))
    published = con.execute("SELECT published FROM articles WHERE article_id = ?", [article_id]).fetchall()[0][0]
    threads = build_threads([item.event for item in stands], published if isinstance(published, date) else None)
    rows = [layout.thread_row(thread, article_id, stands[0].run_id) for thread in threads]
    _insert(con, "corrected_threads", layout.table(rows, layout.THREADS))


def _insert(con: duckdb.DuckDBPyConnection, name: str, rows: Any) -> None:
    if rows.num_rows:
        con.register("corrected_rows", rows)
        con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM corrected_rows")
        con.unregister("corrected_rows")


def _machine(con: duckdb.DuckDBPyConnection, article_id: str) -> list[Event]:
    return [event for event, _ in _events(con, "machine_events", article_id)]


def _seen(con: duckdb.DuckDBPyConnection, article_id: str) -> Mapping[Claimed, Event]:
    """Return the events of all codings, as they were judged: none is ever taken away."""
    return {(run_id, event.id): event for event, run_id in _events(con, "events", article_id)}


def _events(con: duckdb.DuckDBPyConnection, relation: str, article_id: str) -> list[tuple[Event, str]]:
    query = f"SELECT {', '.join(layout.EVENTS.names)} FROM {relation} WHERE article_id = ?"
    answer: Any = con.sql(query, params=[article_id])
    return [(layout.event_from_row(row), row["run_id"]) for row in answer.to_arrow_table().to_pylist()]
