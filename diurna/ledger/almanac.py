"""What a site shows of a ledger beside the questions: a day by dyad, the pulse of a dyad, places, the busiest, one report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from diurna.ledger import layout, queries
from diurna.ledger.conditions import Condition, all_of, has_key
from diurna.ledger.dyads import DAILY, known, quads
from diurna.ledger.filters import EventFilter, first_day
from diurna.ledger.index import PLACES, paired
from diurna.ledger.questions import QUADS, SIDE
from diurna.ledger.store import Ledger
from diurna.records import Article, Event, Quote, Span, Thread, Versions

Pair = tuple[str, str]
SLICE = 1_000_000
_NEARLY_ALL = 0.8
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
    """Events with words in their sentences. total: of all that have them; reached: events looked through; left: those not yet."""

    events: pa.Table
    total: int
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


def day_asked(ledger: Ledger, words: str) -> date | None:
    """Return the day that words name, the last with an event when they name none.

    Raises:
        StopRun: they cannot be read.
    """
    return first_day(words) if words.strip() else last_day(ledger)


def of_day(day: date | None, chosen: EventFilter) -> Condition:
    """Return the condition that events begin on a day."""
    return all_of(Condition("when_start = ?", (day,)), chosen.condition())


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
    counts = _COUNTS
    if ledger.indexed and chosen.empty:
        condition = _within(days, Condition(), "day")
        source = "dyad_sums" if days == (None, None) else DAILY
        start = f"WITH pairs AS (SELECT * FROM {source} WHERE {condition.sql})"
        counts = ", ".join(f"sum({quad})::BIGINT AS {name}" for quad, name in zip(quads(), QUADS, strict=True))
        sums = "sum(events)::BIGINT AS events, round(sum(score) / sum(events), 3) AS mean_score"
    else:
        condition = ledger.where(_within(days, chosen.condition()))
        start = _paired(condition) if ledger.indexed else paired(condition.sql)
        sums = "count(*) AS events, round(avg(score), 3) AS mean_score"
    query = (
        f"{start} SELECT one, other, {counts}, {sums} FROM pairs "
        f"GROUP BY one, other ORDER BY events DESC, one, other LIMIT {int(limit)}"
    )
    return ledger.answer(query, condition.values)


def _paired(condition: Condition) -> str:
    """Return what `paired` does, where an index has the dyads of each event."""
    return (
        f"WITH hits AS (SELECT rowid AS number, quad, score FROM current_events WHERE {condition.sql}), "
        "pairs AS (SELECT one, other, quad, score FROM event_pairs JOIN hits USING (number))"
    )


def pulses(ledger: Ledger, pairs: Sequence[Pair], last: date, days: int) -> dict[Pair, tuple[list[int], list[int]]]:
    """Return for each dyad its cooperation and conflict, day by day, over so many days up to the last.

    What is known to a month or a year only is left out.
    """
    first = last - timedelta(days=days - 1)
    if ledger.indexed:
        condition = _within((first, last), Condition(), "day")
        query = f"SELECT one, other, day, quad1 + quad2, quad3 + quad4 FROM {DAILY} WHERE {condition.sql} AND day = latest"
    else:
        condition = _within((first, last), Condition())
        counts = "count(*) FILTER (quad < 3), count(*) FILTER (quad > 2)"
        pairs_of = paired(f"{condition.sql} AND {known('day')}")
        query = f"{pairs_of} SELECT one, other, when_start, {counts} FROM pairs GROUP BY one, other, when_start"
    both = f"SELECT * FROM ({query}) t(one, other, day, peace, strife) WHERE (one, other) IN (SELECT (unnest(?), unnest(?)))"
    wanted = [[one for one, _ in pairs], [other for _, other in pairs]]
    found: dict[Pair, tuple[list[int], list[int]]] = {pair: ([0] * days, [0] * days) for pair in pairs}
    for one, other, day, peace, strife in ledger.con.execute(both, [*condition.values, *wanted]).fetchall():
        found[one, other][0][(day - first).days] = peace
        found[one, other][1][(day - first).days] = strife
    return found


def parties(ledger: Ledger, limit: int) -> pa.Table:
    """Return the parties with most events: country or name, events as actor and as recipient."""
    if ledger.indexed:
        counted = "SELECT * FROM party_sums"
    else:
        counted = " UNION ALL ".join(
            f"SELECT unnest({SIDE.format(role)}) AS party, {first} AS as_actor, {1 - first} AS as_recipient FROM current_events"
            for role, first in (("actor", 1), ("recipient", 0))
        )
    query = (
        "SELECT party, sum(as_actor)::BIGINT AS as_actor, sum(as_recipient)::BIGINT AS as_recipient "
        f"FROM ({counted}) WHERE party != '' GROUP BY party ORDER BY sum(as_actor + as_recipient) DESC, party LIMIT {int(limit)}"
    )
    return ledger.answer(query, ())


def places(ledger: Ledger, chosen: EventFilter, limit: int) -> pa.Table:
    """Return places with their events by quad class, the busiest first; those without coordinates are left out."""
    condition = ledger.where(chosen.condition())
    found = "place_sums" if ledger.indexed and chosen.empty else f"({PLACES.format(condition.sql)})"
    query = f"SELECT * FROM {found} ORDER BY events DESC, place, place_country, lat, lon LIMIT {int(limit)}"
    return ledger.answer(query, condition.values)


def search(ledger: Ledger, words: str, part: int, limit: int) -> Found:
    """Return events whose sentences hold words, in one slice of an indexed copy: the newest events are in slice 0.

    A slice bounds the time of a search.
    """
    total = ledger.count()
    start, stop = part * SLICE, min(total, (part + 1) * SLICE)
    slice_of = Condition("rowid >= ? AND rowid < ?", (start, stop))
    events, found = ledger.page(all_of(slice_of, EventFilter(text=(words,)).condition()), limit=limit)
    return Found(events, found, min(stop, total), max(0, total - stop), part + 1)


def voices(ledger: Ledger, roles: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the names that speak for a party, of those in its role history.

    Names of people, offices and countries, but not "police" or "the ministry", which every country has; and only where nearly all
    events of that name are the party's.
    """
    known = {(row["name"], row["country"]) for row in roles if row["name"].split()[-1:] and row["name"].split()[-1][0].isupper()}
    if not ledger.indexed or not known:
        return tuple(sorted({name for name, _ in known}))
    query = (
        "SELECT name, country FROM (SELECT name, country, sum(events) AS here FROM party_roles "
        "WHERE code = country AND name IN (SELECT unnest(?::VARCHAR[])) GROUP BY name, country) "
        f"QUALIFY here >= {_NEARLY_ALL} * sum(here) OVER (PARTITION BY name)"
    )
    found = ledger.con.execute(query, [sorted({name for name, _ in known})]).fetchall()
    return tuple(sorted({name for name, country in found if (name, country) in known}))


def report(ledger: Ledger, article_id: str) -> Report:
    """Return an article with the events, quotations and threads of its newest coding, as judgement left them.

    Raises:
        StopRun: there is no such article.
    """
    article = queries.find_article(ledger, article_id)
    codings = "SELECT * FROM codings WHERE article_id = ? ORDER BY number DESC LIMIT 1"
    coding = ledger.answer(codings, (article_id,)).to_pylist()[0]
    versions = ledger.answer("SELECT * FROM versions WHERE run_id = ?", (coding["run_id"],)).to_pylist()[0]
    columns = ", ".join(layout.EVENTS.names)
    judged = "SELECT 1 FROM judged_articles JOIN latest USING (article_id) WHERE article_id = ?"
    if ledger.con.execute(judged, [article_id]).fetchall():
        rows = ledger.answer(f"SELECT {columns} FROM corrected_events WHERE article_id = ?", (article_id,)).to_pylist()
    else:
        told = ledger.where(
            all_of(has_key("article_events", article_id, "article_id = ?"), Condition("run_id = ?", (coding["run_id"],)))
        )
        rows = ledger.answer(f"SELECT {columns} FROM events WHERE {told.sql}", told.values).to_pylist()
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


def _within(days: tuple[date | None, date | None], condition: Condition, column: str = "when_start") -> Condition:
    bounds = [Condition(f"{column} {sign} ?", (day,)) for day, sign in zip(days, (">=", "<="), strict=True) if day is not None]
    return all_of(*bounds, condition)
