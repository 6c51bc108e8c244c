"""What people ask a ledger: events that fit a filter, a dyad over time, an actor, quotations, threads, what is new.

Every answer is an Arrow table: `.to_pandas()` makes it a pandas frame, `polars.from_arrow(table)` a polars one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from diurna.errors import StopRun
from diurna.ledger import dyads, facts, layout, quotations
from diurna.ledger.conditions import Condition, all_of, given
from diurna.ledger.current import fold, newest_of
from diurna.ledger.filters import WORDS_IN, EventFilter, countries, first_day, several
from diurna.ledger.quotations import FEW, QuoteFilter
from diurna.ledger.threads import rules

PERIODS = ("day", "week", "month", "quarter", "year")
SORTS = {"when": "when_start", "published": "published", "added": "added_at", "confidence": "confidence", "score": "score",
         "event": "event"}  # fmt: skip
QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
THREAD_STATES = ("open", "fulfilled", "refused", "cancelled", "lapsed")
_BY_QUAD = ", ".join(f"count(*) FILTER (quad = {number}) AS {name}" for number, name in enumerate(QUADS, start=1))
_ALL = EventFilter()
# Only for looking in, and long.
_KEYS = "actor_keys, recipient_keys, speaker_keys, place_keys, told, actor_sector_keys, recipient_sector_keys"
_THREADS = (
    f"SELECT * FROM threads JOIN ({newest_of('SELECT article_id FROM threads')}) USING (article_id, run_id) "
    "ANTI JOIN judged_articles USING (article_id) UNION ALL BY NAME SELECT * FROM corrected_threads"
)
LAST = "list_max(list_transform(stages, lambda s: s.date))"
_PARTIES = "array_to_string(parties, ' | ')"
IN_THREAD = f"' ' || {fold(_PARTIES)} || ' '"
_JOINED = f"(SELECT *, '' AS article_id, {LAST} AS last, {IN_THREAD} AS told FROM joined_threads)"
NEWEST = "when_start DESC NULLS LAST, event_id"  # and so the current events lie in an indexed copy
# The parties of a side: its countries, and the names of those that have none.
SIDE = "list_distinct(list_transform({0}s, lambda name, i: coalesce(nullif({0}_countries[i], ''), name)))"
_FROM_ARTICLE = {
    **{name: f"a.{name}" for name in ("publisher", "title", "url", "source_file")},
    "id": "h.event_id",
    "trigger": "list_transform(h.trigger_spans, lambda s: substring(a.text, s.start + 1, s.end - s.start))",
    "sentence": "coalesce(trim(regexp_replace(substring(a.text, h.sentence_span.start + 1, "
    "h.sentence_span.end - h.sentence_span.start), '\\s+', ' ', 'g')), '')",
}
_SHOWN = ", ".join(f"{_FROM_ARTICLE.get(name, f'h.{name}')} AS {name}" for name in layout.FLAT.names)


@dataclass(frozen=True, slots=True)
class ThreadFilter:
    """What threads must be like: parties (all of them), kind, state, last news not before a day, last stage one of some.

    events: at least one event of theirs is among these.
    joined: those that `diurna join` found over all reports, in the place of those within single reports; they have no article.
    """

    parties: tuple[str, ...] = ()
    kind: str = ""
    state: str = ""
    since: str = ""
    last_stages: tuple[str, ...] = ()
    joined: bool = False
    events: EventFilter = _ALL

    def __post_init__(self) -> None:
        """Take one party for a list of one."""
        object.__setattr__(self, "parties", several(self.parties))


class Series(NamedTuple):
    """Events by period. left_out: how many are in none: it is not known in which they began, or they began before the time."""

    periods: pa.Table
    left_out: int


class Questions:
    """The questions, as methods of `Ledger`."""

    con: duckdb.DuckDBPyConnection
    indexed: bool
    numbered = True  # whether rows have numbers: those of an archive's views have none
    summed = False  # whether the ledger has its dyads summed by month

    def events(self, chosen: EventFilter = _ALL, sort: str = "-when", limit: int | None = None, skip: int = 0) -> pa.Table:
        """Return events as rows of `layout.FLAT`.

        Args:
            chosen: which events.
            sort: one of `SORTS`, with a minus for the latest or largest first.
            limit: at most so many.
            skip: leave out so many at the beginning.

        Raises:
            StopRun: a value of the filter or `sort` that does not exist.
        """
        return self._events(chosen.condition(), _order(sort), limit, skip)

    def page(self, condition: Condition, sort: str = "-when", limit: int = 50, skip: int = 0) -> tuple[pa.Table, int]:
        """Return some events under a condition as rows of `layout.FLAT`, and how many there are in all.

        The ledger is looked through once for both.

        Raises:
            StopRun: as `events`.
        """
        order = _order(sort)
        if condition.sql == "true" or limit > FEW or not self.numbered:
            return self._events(condition, order, limit, skip), self.tally(condition)
        found = self.answer(*self._page_of(self.where(condition), order, f"LIMIT {int(limit)} OFFSET {int(skip)}", limit + skip))
        total = found["total"][0].as_py() if found.num_rows else self.tally(condition) if skip else 0
        return self._numbered(found["number"].to_pylist(), order, limit), total

    def _page_of(self, known: Condition, order: str, page: str, upto: int) -> tuple[str, tuple[Any, ...]]:
        """Return the query for the numbers of the rows on a page, each with how many there are in all, and its values.

        Args:
            known: the condition as this ledger is asked.
            order: of the rows. page: the part of them that is shown, up to the row `upto`.
        """
        if self.indexed and order == NEWEST and known.rows:
            told = f"WITH hits AS MATERIALIZED ({known.rows}) SELECT number, (SELECT count(*) FROM hits) AS total FROM hits"
            return f"{told} ORDER BY number {page}", known.values
        # Ids tell the order of rows that are alike, so they are read only of those not behind the last one shown.
        key, way = order.split()[:2]
        query = (
            f"WITH hits AS MATERIALIZED (SELECT rowid AS number, {key} AS key FROM current_events WHERE {known.sql}), "
            f"edge AS (SELECT key FROM hits ORDER BY key {way} NULLS LAST LIMIT 1 OFFSET {max(upto, 1) - 1}), "
            "near AS (SELECT number FROM hits WHERE (SELECT key FROM edge) IS NULL "
            f"OR key {'>=' if way == 'DESC' else '<='} (SELECT key FROM edge)) "
            "SELECT rowid AS number, (SELECT count(*) FROM hits) AS total FROM current_events WHERE rowid IN (FROM near)"
        )
        return f"{query} ORDER BY {order} {page}", known.values

    def count(self, chosen: EventFilter = _ALL) -> int:
        """Return how many events fit."""
        return self.tally(chosen.condition())

    def tally(self, condition: Condition) -> int:
        """Return how many events there are under a condition."""
        condition = self.where(condition)
        rows = f"({condition.rows})" if condition.rows else f"current_events WHERE {condition.sql}"
        query = f"SELECT count(*) FROM {rows}"
        return int(self.con.execute(query, list(condition.values)).fetchall()[0][0])

    def new(self, since: str, chosen: EventFilter = _ALL, limit: int | None = None) -> pa.Table:
        """Return the events of reports that entered the ledger since a moment, newest first, as rows of `layout.FLAT`.

        Args:
            since: a date as in filters, or a moment as 2024-05-31T06:00 or 6h.
            chosen: which of them.
            limit: at most so many.

        Raises:
            StopRun: as `events`; a moment that cannot be read.
        """
        added = Condition("added_at >= ?", (_moment(since),))
        return self._events(all_of(added, chosen.condition()), "added_at DESC, event_id", limit)

    def dyad(self, one: str, other: str, by: str = "month", chosen: EventFilter = _ALL) -> pa.Table:
        """Return the events between two parties, either way, by period: counts of each quad class, all of them, mean score.

        Periods without events are left out, and so are events of which the period is not known (a year says no month). Weeks
        begin on Monday.

        Raises:
            StopRun: as `events`; `by` is none of `PERIODS`.
        """
        return self.dyad_series(one, other, by, chosen).periods

    def dyad_series(self, one: str, other: str, by: str = "month", chosen: EventFilter = _ALL) -> Series:
        """Return what `dyad` does, with the number of events left out."""
        table = dyads.DAILY if self.indexed else dyads.SUMMED if self.summed else ""
        if table and chosen.empty and (known := dyads.series(table, (one, other), by, QUADS)):
            return _series(self.answer(*known))
        return self.series(replace(chosen, dyad=(one, other)), by)

    def timeline(self, chosen: EventFilter = _ALL, by: str = "month") -> pa.Table:
        """Return the events that fit by period, in the columns of `dyad`.

        Raises:
            StopRun: as `dyad`.
        """
        return self.series(chosen, by).periods

    def series(self, chosen: EventFilter = _ALL, by: str = "month") -> Series:
        """Return what `timeline` does, with the number of events left out."""
        _check("period", by, PERIODS)
        condition = self.where(chosen.condition())
        known, days = dyads.known(by), []
        if chosen.since:  # an event that lasts into the time began before it
            known, days = f"{known} AND date_trunc('{by}', when_start) >= date_trunc('{by}', ?::DATE)", [first_day(chosen.since)]
        query = (
            f"SELECT CASE WHEN {known} THEN date_trunc('{by}', when_start)::DATE END AS period, {_BY_QUAD}, "
            "count(*) AS events, round(avg(score), 3) AS mean_score "
            f"FROM current_events WHERE {condition.sql} GROUP BY 1 ORDER BY 1"
        )
        return _series(self.answer(query, (*days, *condition.values)))

    def dyads(self, chosen: EventFilter = _ALL, limit: int = 20) -> pa.Table:
        """Return the pairs of countries with most events that fit, either way: one, other, counts, mean score, last day.

        Raises:
            StopRun: as `events`.
        """
        condition = self.where(chosen.condition())
        query = (
            "WITH found AS (SELECT article_id, event_id, quad, score, when_start, actor_countries AS own, "
            "CASE WHEN reciprocal THEN list_concat(recipient_countries, actor_countries) ELSE recipient_countries END AS theirs "
            f"FROM current_events WHERE {condition.sql}), "
            "sides AS (SELECT * EXCLUDE own, unnest(own) AS a FROM found), "
            "pairs AS (SELECT * EXCLUDE theirs, unnest(theirs) AS b FROM sides), "
            "counted AS (SELECT DISTINCT article_id, event_id, quad, score, when_start, least(a, b) AS one, "
            "greatest(a, b) AS other FROM pairs WHERE a != b AND a != '' AND b != '') "
            f"SELECT one, other, {_BY_QUAD}, count(*) AS events, round(avg(score), 3) AS mean_score, max(when_start) AS last "
            f"FROM counted GROUP BY one, other ORDER BY events DESC, one, other LIMIT {int(limit)}"
        )
        return self.answer(query, condition.values)

    def actor(self, name: str, chosen: EventFilter = _ALL, limit: int = 20) -> facts.ActorFacts:
        """Return roles, partners and roots of a party.

        Raises:
            StopRun: as `events`.
        """
        return facts.facts(self, name, chosen, limit)

    def quotes(self, chosen: QuoteFilter | None = None, limit: int | None = None) -> pa.Table:
        """Return quotations of the newest codings: report's day first, speaker, text, cue, addressee, title, url, ids.

        Raises:
            StopRun: a date that cannot be read.
        """
        return quotations.quotes(self, chosen or QuoteFilter(), limit)

    def threads(self, chosen: ThreadFilter | None = None, limit: int | None = None) -> pa.Table:
        """Return threads of the newest codings, open ones first, then by last news.

        Raises:
            StopRun: a kind, state or date that does not exist.
        """
        chosen = chosen or ThreadFilter()
        kinds = sorted({kind for kind, _ in rules()})
        conditions = [_in_thread(name) for name in chosen.parties]
        conditions += given("kind = ?", _check("kind", chosen.kind, kinds) if chosen.kind else "")
        conditions += given("state = ?", _check("state", chosen.state, THREAD_STATES) if chosen.state else "")
        conditions += given("list_contains(?, stages[len(stages)].name)", list(chosen.last_stages))
        conditions += given("last >= ?", first_day(chosen.since).isoformat() if chosen.since else "")
        within = "dated_threads" if self.indexed else f"(SELECT *, {LAST} AS last, {IN_THREAD} AS told FROM ({_THREADS}))"
        within = _JOINED if chosen.joined else within
        if not chosen.events.empty:
            conditions.append(_with_events(within, self.where(chosen.events.condition())))
        condition = all_of(*conditions)
        query = (
            f"SELECT thread_id, kind, parties, state, last, stages, rule, article_id FROM {within} "
            f"WHERE {condition.sql} ORDER BY state != 'open', last DESC, thread_id, article_id {_limit(limit)}"
        )
        return self.answer(query, condition.values)

    def chosen(self, condition: Condition, limit: int) -> pa.Table:
        """Return the events under a condition, newest first, as rows of `layout.FLAT`."""
        return self._events(condition, NEWEST, limit)

    def stream(self, chosen: EventFilter, at_once: int) -> pa.RecordBatchReader:
        """Return the events that fit as batches of rows of `layout.FLAT`, by day, article and id; few are held at a time.

        Raises:
            StopRun: as `events`.
        """
        condition = self.where(chosen.condition())
        query = (
            f"SELECT {_SHOWN} FROM (SELECT * FROM current_events WHERE {condition.sql}) h JOIN articles a USING (article_id) "
            "ORDER BY coalesce(h.when_start, h.published) NULLS LAST, h.article_id, h.event_id"
        )
        relation: Any = self.con.sql(query, params=list(condition.values))
        return relation.to_arrow_reader(at_once)

    def where(self, condition: Condition) -> Condition:
        """Return the condition as this ledger is best asked: by the index where it has one."""
        return condition.indexed if self.indexed else Condition(condition.sql, condition.values)

    def _events(self, condition: Condition, order: str, limit: int | None, skip: int = 0) -> pa.Table:
        condition = self.where(condition)
        page = f"{_limit(limit)} OFFSET {int(skip)}"
        if limit is None or limit > FEW or not self.numbered:
            chosen = f"SELECT * FROM current_events WHERE {condition.sql} ORDER BY {order} {page}"
            told = f"ORDER BY {', '.join(f'h.{part}' for part in order.split(', '))}"
            query = f"WITH h AS ({chosen}) SELECT {_SHOWN} FROM h JOIN articles a USING (article_id) {told}"
            return self.answer(query, condition.values).cast(layout.FLAT)
        # A few rows are chosen first by what orders them, then read whole, then their articles: the rest is left alone.
        return self._numbered(self._numbers(condition, order, page), order, limit)

    def _numbered(self, numbers: list[int], order: str, limit: int) -> pa.Table:
        """Return the rows of these numbers, in order, as rows of `layout.FLAT`."""
        whole = f"SELECT * EXCLUDE ({_KEYS}) FROM current_events WHERE rowid IN (SELECT unnest(?::BIGINT[]))"
        return self.with_articles(self.answer(whole, (numbers,)), _SHOWN, order, limit).cast(layout.FLAT)

    def _numbers(self, condition: Condition, order: str, page: str) -> list[int]:
        """Return the numbers of the rows on a page."""
        rows = f"SELECT rowid AS number FROM current_events WHERE {condition.sql}"
        query = f"{rows} ORDER BY {order} {page}"
        if self.indexed and order == NEWEST:
            query = f"SELECT number FROM ({condition.rows or rows}) ORDER BY number {page}"
        found: list[int] = self.answer(query, condition.values)["number"].to_pylist()
        return found

    def with_articles(self, hits: pa.Table, columns: str, order: str, limit: int | None) -> pa.Table:
        """Return columns of rows `h` and their articles `a`, in order; of few rows, only their articles are looked at."""
        ids = sorted(set(hits["article_id"].to_pylist())) or [""]
        few = limit is not None and limit <= FEW and self.numbered
        articles = f"(SELECT * FROM articles WHERE article_id IN ({', '.join('?' * len(ids))}))" if few else "articles"
        told = ", ".join(f"h.{part}" for part in order.split(", "))
        self.con.register("hits", hits)
        try:
            query = f"SELECT {columns} FROM hits h JOIN {articles} a USING (article_id) ORDER BY {told}"
            return self.answer(query, tuple(ids) if few else ())
        finally:
            self.con.unregister("hits")

    def answer(self, query: str, values: Sequence[Any] = ()) -> pa.Table:
        """Return the rows of a query with its values."""
        # A relation gives Arrow without the extra copy that a cursor makes.
        relation: Any = self.con.sql(query, params=list(values))
        return relation.to_arrow_table()


def _order(sort: str) -> str:
    name = _check("order", sort.removeprefix("-"), SORTS)
    return f"{SORTS[name]} {'DESC' if sort.startswith('-') else 'ASC'} NULLS LAST, event_id"


def _limit(limit: int | None) -> str:
    return "" if limit is None else f"LIMIT {int(limit)}"


def _check(name: str, value: str, allowed: Any) -> str:
    if value not in allowed:
        raise StopRun(f"no {name} {value!r}; known are {', '.join(allowed)}")
    return value


def _series(found: pa.Table) -> Series:
    """Part the periods from the row without one."""
    unknown = pc.is_null(found["period"])
    left_out = pc.sum(found.filter(unknown)["events"]).as_py() or 0
    return Series(found.filter(pc.invert(unknown)), left_out)


def _with_events(threads: str, events: Condition) -> Condition:
    stages = f"SELECT thread_id, unnest(stages).event_id AS event_id FROM {threads}"
    fit = f"SELECT event_id FROM current_events WHERE {events.sql}"
    return Condition(f"thread_id IN (SELECT thread_id FROM ({stages}) WHERE event_id IN ({fit}))", events.values)


def _in_thread(name: str) -> Condition:
    """Threads name a party by its country, and by its name where it has none."""
    code = countries().get(name.strip().casefold())
    if code:
        return Condition("list_contains(parties, ?)", (code,))
    return Condition(WORDS_IN.format("told"), (name,))


def _moment(words: str) -> datetime:
    text = words.strip().lower()
    if text.endswith("h") and text[:-1].isdigit() and len(text) < 8:
        return datetime.now() - timedelta(hours=int(text[:-1]))
    try:
        if "t" in text or ":" in text:
            found = datetime.fromisoformat(text)
            return found.astimezone().replace(tzinfo=None) if found.tzinfo else found
    except ValueError as error:
        raise StopRun(f"cannot read the moment {words!r}; write 2024-05-31, 2024-05-31T06:00, 7d or 6h") from error
    return datetime.combine(first_day(words, date.today()), datetime.min.time())
