"""What a copy of a ledger that is only read knows beforehand: names and their rows, dyads by day, parties, quotations in order.

Over millions of events these take seconds to work out for each question. Nothing here is a source: the same questions give the
same answers without the index, which the tests compare.
"""

from __future__ import annotations

import duckdb

from diurna.ledger.current import fold
from diurna.ledger.questions import MOST_ROLES, QUADS, SIDE
from diurna.ledger.store import Ledger

COLUMNS = ("actor_keys", "recipient_keys", "speaker_keys")


# Places with their events by quad class, under a condition.
PLACES = (
    "SELECT place, place_country, round(lat, 3) AS lat, round(lon, 3) AS lon, "
    + ", ".join(f"count(*) FILTER (quad = {number}) AS {name}" for number, name in enumerate(QUADS, start=1))
    + ", count(*) AS events, round(avg(score), 3) AS mean_score FROM current_events "
    "WHERE lat IS NOT NULL AND lon IS NOT NULL AND {} GROUP BY place, place_country, round(lat, 3), round(lon, 3)"
)


def build(ledger: Ledger) -> None:
    """Make the index; the ledger must be open for writing, and nothing may be added to it afterwards."""
    con = ledger.con
    # Rows have their lasting numbers only after the transaction that wrote them.
    for statement in _whole(con):
        con.execute(statement)
    con.execute("BEGIN")
    for statement in (*_names(), *_newest(), *_dyads(), *_parties()):
        con.execute(statement)
    con.execute("COMMIT")
    con.execute("CHECKPOINT")
    ledger.indexed = True


def names(ledger: Ledger, words: str, limit: int) -> list[str]:
    """Return names of parties that hold these words, the most frequent first; of an indexed copy only."""
    query = (
        f"WITH fitting AS (SELECT * FROM names WHERE contains(words, {fold('?')})) "
        "SELECT trim(any_value(words)) FROM fitting JOIN name_rows USING (name) WHERE side < 2 "
        f"GROUP BY name ORDER BY count(*) DESC, 1 LIMIT {int(limit)}"
    )
    return [row[0] for row in ledger.con.execute(query, [words]).fetchall()]


def _whole(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Write the current events anew where some were taken away: a checkpoint may close the gaps, and numbers would be others."""
    rows, last = con.execute("SELECT count(*), coalesce(max(rowid) + 1, 0) FROM current_events").fetchall()[0]
    if rows == last:
        return ()
    return (
        "CREATE TABLE whole AS SELECT * FROM current_events ORDER BY when_start NULLS FIRST",
        "DROP TABLE current_events",
        "ALTER TABLE whole RENAME TO current_events",
    )


def _names() -> tuple[str, ...]:
    parts = " UNION ALL ".join(
        f"SELECT {side}::UTINYINT AS side, rowid::UBIGINT AS number, unnest(string_split({column}, '|')) AS words "
        "FROM current_events"
        for side, column in enumerate(COLUMNS)
    )
    return (
        "CREATE TEMP TABLE found AS SELECT side, hash(words) AS name, words, number "
        f"FROM ({parts}) WHERE starts_with(words, ' ') AND strlen(words) > 2",
        "CREATE TABLE names AS SELECT any_value(name) AS name, words FROM found GROUP BY words ORDER BY words",
        "CREATE TABLE name_rows AS SELECT side, name, number FROM found ORDER BY side, name, number",
        "DROP TABLE found",
    )


def _newest() -> tuple[str, ...]:
    """Work out once what the views `latest` and `latest_quotes` work out for each question."""
    return (
        "CREATE TABLE newest AS SELECT * FROM latest",
        "DROP VIEW latest",
        "ALTER TABLE newest RENAME TO latest",
        "CREATE TABLE dated_quotes AS SELECT q.*, a.published FROM latest_quotes q JOIN articles a USING (article_id) "
        "ORDER BY a.published DESC NULLS LAST, q.article_id, q.quote_id",
    )


def _dyads() -> tuple[str, ...]:
    return (
        f"CREATE TABLE dyad_days AS {paired('true')} SELECT one, other, when_start AS day, "
        "count(*) FILTER (quad = 1) AS q1, count(*) FILTER (quad = 2) AS q2, count(*) FILTER (quad = 3) AS q3, "
        "count(*) FILTER (quad = 4) AS q4, count(*) AS events, sum(score) AS score "
        "FROM pairs GROUP BY one, other, when_start ORDER BY day, one, other",
        "CREATE TABLE dyad_sums AS SELECT one, other, sum(q1)::BIGINT AS q1, sum(q2)::BIGINT AS q2, sum(q3)::BIGINT AS q3, "
        "sum(q4)::BIGINT AS q4, sum(events)::BIGINT AS events, sum(score) AS score FROM dyad_days GROUP BY one, other",
        f"CREATE TABLE place_sums AS {PLACES.format('true')}",
    )


def _parties() -> tuple[str, ...]:
    sides = " UNION ALL ".join(
        f"SELECT '{role}' AS side, unnest({SIDE.format(role)}) AS party, event FROM current_events"
        for role in ("actor", "recipient")
    )
    tally = "count(*) FILTER (side = 'actor') AS as_actor, count(*) FILTER (side = 'recipient') AS as_recipient"
    both = " UNION ALL ".join(
        f"SELECT '{role}' AS side, {SIDE.format(role)} AS own, {SIDE.format(other)} AS others, score FROM current_events"
        for role, other in (("actor", "recipient"), ("recipient", "actor"))
    )
    roles = " UNION ALL ".join(
        f"SELECT {role}s AS names, {role}_countries AS countries, {role}_sectors AS sectors, when_start FROM current_events"
        for role in ("actor", "recipient")
    )
    return (
        f"CREATE TABLE party_events AS SELECT party, event, {tally} FROM ({sides}) WHERE party != '' "
        "GROUP BY party, event ORDER BY party",
        "CREATE TABLE party_partners AS WITH met AS (SELECT side, score, others, unnest(own) AS party FROM "
        f"({both})), one AS (SELECT side, score, party, unnest(others) AS partner FROM met) "
        f"SELECT party, partner, {tally}, round(avg(score), 3) AS mean_score FROM one WHERE party != '' "
        "GROUP BY party, partner ORDER BY party",
        "CREATE TABLE party_roles AS WITH one AS (SELECT unnest(names) AS name, unnest(countries) AS country, "
        f"unnest(sectors) AS sectors, when_start FROM ({roles})) "
        "SELECT name, country, sectors, min(when_start) AS first, max(when_start) AS last, count(*) AS events FROM one "
        "WHERE country != '' GROUP BY name, country, sectors "
        "QUALIFY row_number() OVER (PARTITION BY country ORDER BY events DESC, name, sectors) "
        f"<= {MOST_ROLES} ORDER BY country",
    )


def paired(condition: str) -> str:
    """Return the beginning of a query over `pairs`: each event once under each of its dyads, in order of the alphabet.

    What one party did alone, or what was done to it by nobody named, stands under it and an empty name.
    """
    return (
        f"WITH sided AS (SELECT rowid AS number, quad, score, when_start, {SIDE.format('actor')} AS a, "
        f"{SIDE.format('recipient')} AS r, reciprocal FROM current_events WHERE {condition}), "
        "there AS (SELECT number, quad, score, when_start, unnest(CASE WHEN len(a) > 0 THEN a ELSE [''] END) AS x, "
        "CASE WHEN len(r) > 0 THEN r WHEN reciprocal AND len(a) > 1 THEN a ELSE [''] END AS ys, "
        "len(r) = 0 AND reciprocal AND len(a) > 1 AS mutual FROM sided), "
        "crossed AS (SELECT *, unnest(ys) AS y FROM there), "
        "pairs AS (SELECT DISTINCT number, quad, score, when_start, "
        "CASE WHEN x = '' OR y = '' THEN x || y ELSE least(x, y) END AS one, "
        "CASE WHEN x = '' OR y = '' THEN '' ELSE greatest(x, y) END AS other "
        "FROM crossed WHERE x || y != '' AND NOT (mutual AND x = y))"
    )
