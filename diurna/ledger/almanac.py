"""What a site shows of a ledger beside the questions: a day by dyad, the pulse of a dyad, places, the busiest, one report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from diurna.ledger import layout, queries
from diurna.ledger.filters import Condition, EventFilter
from diurna.ledger.questions import QUADS
from diurna.ledger.store import Ledger
from diurna.records import Article, Event, Quote, Span, Thread, Versions

Pair = tuple[str, str]
SLICE = 1_000_000
_SIDE = "list_distinct(list_transform({0}s, lambda name, i: coalesce(nullif({0}_countries[i], ''), name)))"
_COUNTS = ", ".join(f"count(*) FILTER (quad = {number}) AS {name}" for number, name in enumerate(QUADS, start=1))


@dataclass(frozen=True, slots=True)
class Report:
    """One article with what its newest coding read in it."""

    article: Article
    versions: Versions
    events: tuple[Event, ...]
    quotes: tuple[Quote, ...]
    threads: tuple[Thread, ...]
    litter: tuple[Span, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Events with words in their sentences. reached: events looked through; left: events not yet looked through."""

    events: pa.Table
    reached: int
    left: int
    next_slice: int = field(default=0)


def last_day(ledger: Ledger) -> date | None:
    """Return the last day with an event, not later than the newest report: what is only planned lies behind it."""
    query = (
        "SELECT coalesce(max(when_start) FILTER (when_start <= (SELECT max(published) FROM current_events)), max(when_start)) "
        "FROM current_events"
    )
    found: date | None = ledger.con.execute(query).fetchall()[0][0]
    return found


def neighbours(ledger: Ledger, day: date) -> tuple[date | None, date | None]:
    """Return the last day with an event before a day, and the first after it."""
    query = "SELECT max(when_start) FILTER (when_start < $1), min(when_start) FILTER (when_start > $1) FROM current_events"
    before, after = ledger.con.execute(query, [day]).fetchall()[0]
    return before, after


def dyads(ledger: Ledger, days: tuple[date | None, date | None], chosen: EventFilter, limit: int) -> pa.Table:
    """Return dyads with their counts by quad class, events and mean score, the busiest first.

    Args:
        ledger: open for reading.
        days: first and last day of the events' beginnings; None: any.
        chosen: which events.
        limit: at most so many dyads. What one party did alone stands under it and an empty name.
    """
    condition = _within(days, chosen.condition())
    query = (
        f"{_paired(ledger, condition)} SELECT one, other, {_COUNTS}, count(*) AS events, round(avg(score), 3) AS mean_score "
        f"FROM pairs GROUP BY one, other ORDER BY events DESC, one, other LIMIT {int(limit)}"
    )
    return _table(ledger, query, condition.values)


def pulses(ledger: Ledger, pairs: Sequence[Pair], last: date, days: int) -> dict[Pair, tuple[list[int], list[int]]]:
    """Return for each dyad its cooperation and conflict, day by day, over so many days up to the last."""
    first = last - timedelta(days=days - 1)
    condition = _within((first, last), Condition())
    query = (
        f"{_paired(ledger, condition)} SELECT one, other, when_start, count(*) FILTER (quad < 3), count(*) FILTER (quad > 2) "
        "FROM pairs GROUP BY one, other, when_start"
    )
    found: dict[Pair, tuple[list[int], list[int]]] = {pair: ([0] * days, [0] * days) for pair in pairs}
    for one, other, day, peace, strife in ledger.con.execute(query, list(condition.values)).fetchall():
        if (one, other) in found:
            found[one, other][0][(day - first).days] = peace
            found[one, other][1][(day - first).days] = strife
    return found


def parties(ledger: Ledger, limit: int) -> pa.Table:
    """Return the parties with most events: country or name, events as actor and as recipient."""
    sides = " UNION ALL ".join(
        f"SELECT '{role}' AS side, unnest({_SIDE.format(role)}) AS party FROM current_events" for role in ("actor", "recipient")
    )
    query = (
        "SELECT party, count(*) FILTER (side = 'actor') AS as_actor, count(*) FILTER (side = 'recipient') AS as_recipient "
        f"FROM ({sides}) WHERE party != '' GROUP BY party ORDER BY count(*) DESC, party LIMIT {int(limit)}"
    )
    return _table(ledger, query, ())


def places(ledger: Ledger, chosen: EventFilter, limit: int) -> pa.Table:
    """Return places with their events by quad class, the busiest first; those without coordinates are left out."""
    condition = chosen.condition()
    query = (
        f"SELECT place, place_country, round(lat, 3) AS lat, round(lon, 3) AS lon, {_COUNTS}, count(*) AS events, "
        "round(avg(score), 3) AS mean_score "
        f"FROM current_events WHERE lat IS NOT NULL AND lon IS NOT NULL AND {ledger.where(condition)} "
        f"GROUP BY ALL ORDER BY events DESC, place, place_country LIMIT {int(limit)}"
    )
    return _table(ledger, query, condition.values)


def search(ledger: Ledger, words: str, part: int, limit: int) -> Found:
    """Return events whose sentences hold words, in one slice of the ledger: the events added last are in slice 0.

    A slice bounds the time of a search; rows are numbered in the order in which they were added.
    """
    # A rebuilt ledger lies in order of the days, so there the last rows are the newest days.
    total = int(ledger.con.execute("SELECT coalesce(max(rowid) + 1, 0) FROM current_events").fetchall()[0][0])
    stop = max(0, total - part * SLICE)
    start = max(0, stop - SLICE)
    text = EventFilter(text=(words,)).condition()
    events = ledger.chosen(Condition(f"rowid >= ? AND rowid < ? AND {text.sql}", (start, stop, *text.values)), limit)
    return Found(events, total - start, start, part + 1)


def report(ledger: Ledger, article_id: str) -> Report:
    """Return an article with the events, quotations and threads of its newest coding.

    Raises:
        StopRun: there is no such article.
    """
    article = queries.find_article(ledger, article_id)
    codings = "SELECT * FROM codings WHERE article_id = ? ORDER BY number DESC LIMIT 1"
    coding = _table(ledger, codings, (article_id,)).to_pylist()[0]
    versions = _table(ledger, "SELECT * FROM versions WHERE run_id = ?", (coding["run_id"],)).to_pylist()[0]
    columns = ", ".join(layout.EVENTS.names)
    rows = _table(
        ledger, f"SELECT {columns} FROM events WHERE article_id = ? AND run_id = ?", (article_id, coding["run_id"])
    ).to_pylist()
    events = sorted(map(layout.event_from_row, rows), key=_position)
    return Report(
        article,
        layout.versions_from_row(versions),
        tuple(events),
        tuple(queries.quotes(ledger, article_id)),
        tuple(queries.threads(ledger, article_id)),
        tuple((span["start"], span["end"]) for span in coding["boilerplate"] or ()),
        tuple(coding["notes"] or ()),
    )


def heads(ledger: Ledger, event_ids: Sequence[str]) -> dict[str, str]:
    """Return the id of the article of each event that is current."""
    query = "SELECT event_id, article_id FROM current_events WHERE event_id IN (SELECT unnest(?::VARCHAR[]))"
    return dict(ledger.con.execute(query, [list(event_ids)]).fetchall())


def _position(event: Event) -> tuple[int, str]:
    spans = [span for mention in event.mentions[:1] for span in mention.trigger_spans]
    return (min(spans)[0] if spans else 0), event.id


def _within(days: tuple[date | None, date | None], condition: Condition) -> Condition:
    parts, values = [], []
    for day, sign in zip(days, (">=", "<="), strict=True):
        if day is not None:
            parts.append(f"when_start {sign} ?")
            values.append(day)
    return Condition(" AND ".join([*parts, f"({condition.sql})"]), (*values, *condition.values))


def _paired(ledger: Ledger, condition: Condition) -> str:
    """Return the beginning of a query over `pairs`: each event once under each of its dyads, in order of the alphabet."""
    return (
        f"WITH sided AS (SELECT rowid AS number, quad, score, when_start, {_SIDE.format('actor')} AS a, "
        f"{_SIDE.format('recipient')} AS r, reciprocal FROM current_events WHERE {ledger.where(condition)}), "
        "there AS (SELECT * EXCLUDE (a, r, reciprocal), unnest(a) AS x, "
        "CASE WHEN len(r) > 0 THEN r WHEN reciprocal AND len(a) > 1 THEN a ELSE [''] END AS ys, "
        "len(r) = 0 AND reciprocal AND len(a) > 1 AS mutual FROM sided), "
        "crossed AS (SELECT *, unnest(ys) AS y FROM there), "
        "pairs AS (SELECT DISTINCT number, quad, score, when_start, "
        "CASE WHEN y = '' THEN x ELSE least(x, y) END AS one, CASE WHEN y = '' THEN '' ELSE greatest(x, y) END AS other "
        "FROM crossed WHERE x != '' AND NOT (mutual AND x = y))"
    )


def _table(ledger: Ledger, query: str, values: Sequence[Any]) -> pa.Table:
    relation: Any = ledger.con.sql(query, params=list(values))
    return relation.to_arrow_table()
