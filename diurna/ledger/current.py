"""The current events: one flat row for each event of the newest coding of its article as judgement left it, in `current_events`.

The table holds nothing of its own: it is worked out from `events` and `articles`, kept up by every insert, and rebuilt after a
migration. It is there because questions over millions of events must not open nested lists of participants row by row.
`actor_keys` and `recipient_keys` hold everything one may call a side by, between bars: `|RUS|RUS:GOV|:GOV| vladimir putin |`;
`actor_sector_keys` and `recipient_sector_keys` hold the sectors alone, which are few and so found ten times faster: `|GOV|MIL|`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

_NOW = "current_localtimestamp()"  # the same throughout a transaction, and so that of the articles
# Columns that `events` has under the same name.
_COPIED = (
    "run_id, article_id, event_id, event, modes, contexts, cameo, quad, score, reciprocal, polarity, modality, period, ongoing, "
    "said_by, source, when_start, when_end, when_precision, when_assumed, place, place_country, place_admin1, lat, lon, "
    "geonames_id, stage, thread_kind, confidence"
)


def fold(words: str) -> str:
    """Return the SQL for words as they are compared: no case, no accents, no bars and commas, single spaces."""
    # Single spaces, which are nearly all there is to find, are left alone: that takes half the time.
    odd = "[\\t\\n\\f\\r|,()][\\s|,()]*| [\\s|,()]+"
    return f"trim(regexp_replace(lower(strip_accents({words})), '{odd}', ' ', 'g'))"


def newest_of(articles: str) -> str:
    """Return the query for the newest coding of the articles that a query names: article_id, run_id.

    The view `latest` would look through the codings of all articles.
    """
    return (
        "SELECT article_id, arg_max(run_id, number) AS run_id FROM codings ANTI JOIN replaced_articles USING (article_id) "
        f"WHERE article_id IN ({articles}) GROUP BY article_id"
    )


SECTOR_KEYS = ", ".join(
    f"'|' || array_to_string({side}_sectors, '|') || '|' AS {side}_sector_keys" for side in ("actor", "recipient")
)


def _words(words: str) -> str:
    return f"' ' || {fold(words)} || ' '"


def _keys(side: str) -> str:
    sector = "':' || s || '|' || p.country || ':' || s"
    parts = (
        "p.country",
        f"array_to_string(list_transform(p.sectors, lambda s: {sector}), '|')",
        _words("p.name"),
        f"CASE WHEN p.text = p.name THEN '' ELSE {_words('p.text')} END",
        f"CASE WHEN p.entity_id = '' THEN '' ELSE {_words('p.entity_id')} END",
    )
    one = " || '|' || ".join(parts)
    return f"'|' || array_to_string(list_transform(e.{side}, lambda p: {one}), '|') || '|' AS {side[:-1]}_keys"


def _columns(side: str) -> str:
    role = side[:-1]
    label = "coalesce(nullif(p.name, ''), trim(regexp_replace(p.text, '\\s+', ' ', 'g')))"
    return (
        f"list_transform(e.{side}, lambda p: {label}) AS {side}, "
        f"list_transform(e.{side}, lambda p: p.country) AS {role}_countries, "
        f"list_transform(e.{side}, lambda p: array_to_string(p.sectors, '|')) AS {role}_sectors"
    )


def _flatten(events: str, articles: str = "articles") -> str:
    """Return the query that makes rows of `current_events` from a relation with the columns of `events`, and their articles."""
    return f"SELECT *, {SECTOR_KEYS} FROM ({_flattened(events, articles)})"


def _flattened(events: str, articles: str) -> str:
    """Return the same without `SECTOR_KEYS`, as archives hold it."""
    sentence = "substring(a.text, m.sentence_span.start + 1, m.sentence_span.end - m.sentence_span.start)"
    told = f"array_to_string(list_transform(e.mentions, lambda m: {fold(sentence)}), chr(10))"
    return (
        f"SELECT {', '.join(f'e.{name}' for name in _COPIED.split(', '))}, a.published, a.added_at, "
        f"{_columns('actors')}, {_columns('recipients')}, e.quantities::VARCHAR AS quantities, "
        "e.mentions[1].sentence_span AS sentence_span, e.mentions[1].trigger_spans AS trigger_spans, "
        f"{_keys('actors')}, {_keys('recipients')}, "
        f"'|' || array_to_string(list_transform(e.said_by, lambda s: {_words('s')}), '|') || '|' AS speaker_keys, "
        f"'|' || concat_ws('|', {_words('e.place')}, {_words('e.place_admin1')}) || '|' AS place_keys, {told} AS told "
        f"FROM {events} e JOIN {articles} a USING (article_id)"
    )


def flat(events: pa.Table, articles: pa.Table) -> pa.Table:
    """Return the rows of `current_events` for rows of events and of all their articles, outside any ledger."""
    with duckdb.connect() as con:
        con.register("made", events)
        con.register("texts", articles)
        articles = "(SELECT *, NULL::TIMESTAMP AS added_at FROM texts)"
        relation: Any = con.sql(f"{_flattened('made', articles)} ORDER BY e.when_start NULLS FIRST, e.article_id, e.event_id")
        return relation.to_arrow_table()


def rebuild(con: duckdb.DuckDBPyConnection) -> None:
    """Work the whole table out anew, in order of the days, so that questions about a time skip what lies outside it."""
    con.execute("DELETE FROM current_events")
    con.execute(f"INSERT INTO current_events BY NAME {_flatten('latest_events')} ORDER BY when_start NULLS FIRST")


def put(con: duckdb.DuckDBPyConnection, events: str, recoded: list[str]) -> None:
    """Add the rows of new events, and take away those of articles that have been coded before.

    Args:
        con: inside a transaction in which the articles are already stored.
        events: a relation with the columns of `events`: of each article its newest coding only.
        recoded: ids of the articles that may have rows here already.
    """
    if recoded:
        con.execute("DELETE FROM current_events WHERE article_id IN (SELECT unnest(?))", [recoded])
    add(con, events)


def put_first(con: duckdb.DuckDBPyConnection, events: str, articles: str) -> None:
    """Add the rows of the first coding of articles that are all at hand, without a look at those in the ledger."""
    con.execute(f"INSERT INTO current_events BY NAME {_flatten(events, f'(SELECT *, {_NOW} AS added_at FROM {articles})')}")


def add(con: duckdb.DuckDBPyConnection, events: str, values: Sequence[Any] = ()) -> None:
    """Add the rows of a relation with the columns of `events`; `values` are those of its parameters."""
    con.execute(f"INSERT INTO current_events BY NAME {_flatten(events)}", list(values))
