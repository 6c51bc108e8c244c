"""What a copy of a ledger that is only read knows beforehand: keys and their rows, dyads by day, parties, quotations in order.

Over millions of events these take seconds to work out for each question. Nothing here is a source: the same questions give the
same answers without the index, which the tests compare. The current events lie newest first in an indexed copy, so that the
smallest row numbers of a key are its newest events.
"""

from __future__ import annotations

from diurna.ledger.conditions import KEYED
from diurna.ledger.current import fold
from diurna.ledger.dyads import DAILY, LATEST, quads
from diurna.ledger.facts import MOST_ROLES, roles_of
from diurna.ledger.questions import IN_THREAD, LAST, NEWEST, QUADS, SIDE
from diurna.ledger.schema import CURRENT
from diurna.ledger.store import Ledger

_SPEAKER = f"' ' || {fold('speaker')} || ' '"
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
    for statement in (*_ordered(), *_newest(), "CHECKPOINT"):
        con.execute(statement)
    con.execute("BEGIN")
    for statement in (*_keys(), *_dyads(), *_parties()):
        con.execute(statement)
    con.execute("COMMIT")
    con.execute("CHECKPOINT")
    ledger.indexed = True


def names(ledger: Ledger, words: str, limit: int) -> list[str]:
    """Return names of parties that hold these words, the most frequent first; of an indexed copy only."""
    query = (
        f"SELECT trim(words) FROM names WHERE events > 0 AND contains(words, {fold('?')}) "
        f"ORDER BY events DESC, 1 LIMIT {int(limit)}"
    )
    return [row[0] for row in ledger.con.execute(query, [words]).fetchall()]


def _ordered() -> tuple[str, ...]:
    """Write the current events anew, newest first and without gaps between the numbers of rows."""
    return (
        CURRENT.replace("current_events", "ordered"),
        f"INSERT INTO ordered BY NAME SELECT * FROM current_events ORDER BY {NEWEST}",
        "DROP TABLE current_events",
        "ALTER TABLE ordered RENAME TO current_events",
    )


def _keys() -> tuple[str, ...]:
    """Everything that a party, speaker, place or outlet may be called by, events and articles by their ids."""
    split = "CASE WHEN {1} THEN list_distinct(string_split({0}, '|')) ELSE string_split({0}, '|') END"
    several = ("len(actors) > 1", "len(recipients) > 1", "len(said_by) > 1", "true")
    keys = [f"unnest({split.format(column, many)})" for column, many in zip(KEYED, several, strict=False)]
    outlets = f"(SELECT article_id, {fold('publisher')} AS outlet FROM articles) JOIN current_events c USING (article_id)"
    sources = [*((key, "current_events c") for key in keys), ("outlet", outlets), ("event_id", "current_events c"),
               ("article_id", "events c"), (_SPEAKER, "dated_quotes c"), ("article_id", "dated_quotes c")]  # fmt: skip
    listed = " UNION ALL ".join(
        f"SELECT {side}::UTINYINT AS side, hash({key}) AS key, c.rowid::UINTEGER AS number FROM {source}"
        for side, (key, source) in enumerate(sources)
    )
    words = " UNION ALL ".join(
        f"SELECT {key} AS words, {side < 2} AS of_party FROM {source}" for side, (key, source) in enumerate(sources[:4])
    )
    either = f"SELECT DISTINCT {KEYED.index('party')}::UTINYINT, key, number FROM listed WHERE side < 2 AND key IN ({_codes()})"
    return (
        f"CREATE TABLE key_rows AS WITH listed AS MATERIALIZED (SELECT * FROM ({listed}) WHERE key != hash('')) "
        f"FROM listed UNION ALL {either} ORDER BY side, key, number",
        f"CREATE TABLE names AS SELECT hash(words) AS key, words, count(*) FILTER (of_party) AS events FROM ({words} "
        f"UNION ALL SELECT DISTINCT {fold('publisher')}, false FROM (SELECT DISTINCT publisher FROM articles) "
        f"UNION ALL SELECT DISTINCT {_SPEAKER}, false FROM (SELECT DISTINCT speaker FROM dated_quotes)) "
        "WHERE regexp_matches(words, '[^A-Z:]') GROUP BY words ORDER BY words",
    )


def _codes() -> str:
    """The keys of codes, which hold so many rows that those of both sides are better brought together beforehand."""
    sides = " UNION ALL ".join(
        f"SELECT unnest({side}_countries) AS country, unnest({side}_sectors) AS sectors FROM current_events"
        for side in ("actor", "recipient")
    )
    return f"SELECT DISTINCT hash(unnest({_codes_of_one('country', 'sectors')})) FROM (SELECT DISTINCT * FROM ({sides}))"


def _newest() -> tuple[str, ...]:
    """Work out once what the views `latest` and `latest_quotes` work out for each question."""
    return (
        "CREATE TABLE newest AS SELECT * FROM latest",
        "DROP VIEW latest",
        "ALTER TABLE newest RENAME TO latest",
        "CREATE TABLE dated_quotes AS SELECT q.*, a.published FROM latest_quotes q "
        "JOIN articles a USING (article_id) ORDER BY a.published DESC NULLS LAST, q.article_id, q.quote_id",
        f"CREATE TABLE dated_threads AS SELECT *, {LAST} AS last, {IN_THREAD} AS told FROM latest_threads",
    )


def _dyads() -> tuple[str, ...]:
    counts = ", ".join(f"count(*) FILTER (quad = {number}) AS {name}" for number, name in enumerate(quads(), start=1))
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in (*quads(), "events"))
    return (
        f"CREATE TABLE event_pairs AS {paired('true')} SELECT number::UINTEGER AS number, one, other FROM pairs ORDER BY number",
        f"CREATE TABLE {DAILY} AS SELECT one, other, when_start AS day, {LATEST} AS latest, {counts}, "
        "count(*) AS events, sum(score) AS score "
        "FROM event_pairs JOIN current_events c ON number = c.rowid GROUP BY one, other, day, latest ORDER BY day, one, other",
        f"CREATE TABLE dyad_sums AS SELECT one, other, {sums}, sum(score) AS score FROM {DAILY} GROUP BY one, other",
        f"CREATE TABLE place_sums AS {PLACES.format('true')}",
    )


def _parties() -> tuple[str, ...]:
    """What is known of each party that may be asked for by codes: country, country and sector, sector."""
    sides = " UNION ALL ".join(
        f"SELECT {role == 'actor'} AS acts, {SIDE.format(role)} AS own, {SIDE.format(other)} AS others, "
        f"{_codes_of(role)} AS codes, event, score FROM current_events"
        for role, other in (("actor", "recipient"), ("recipient", "actor"))
    )
    tally = "count(*) FILTER (acts) AS as_actor, count(*) FILTER (NOT acts) AS as_recipient"
    roles = " UNION ALL ".join(
        f"SELECT {role}s AS names, {role}_countries AS own, {role}_sectors AS sectors, when_start, when_end, when_precision, "
        "when_assumed FROM current_events"
        for role in ("actor", "recipient")
    )
    return (
        f"CREATE TEMP TABLE met AS {sides}",
        f"CREATE TABLE party_sums AS SELECT party, {tally} FROM (SELECT acts, unnest(own) AS party FROM met) WHERE party != '' "
        "GROUP BY party ORDER BY party",
        f"CREATE TABLE party_events AS SELECT code, event, {tally} FROM (SELECT acts, event, unnest(codes) AS code FROM met) "
        "GROUP BY code, event ORDER BY code",
        "CREATE TABLE party_partners AS WITH one AS (SELECT acts, score, codes, unnest(others) AS partner FROM met), "
        "each AS (SELECT acts, score, partner, unnest(codes) AS code FROM one) "
        f"SELECT code, partner, {tally}, round(avg(score), 3) AS mean_score FROM each GROUP BY code, partner ORDER BY code",
        "DROP TABLE met",
        f"CREATE TABLE party_roles AS WITH r AS MATERIALIZED ({roles_of(f'({roles})', 'true')}) "
        f"SELECT * FROM (SELECT *, unnest({_codes_of_one('country', 'sectors')}) AS code FROM r) "
        "QUALIFY row_number() OVER (PARTITION BY code ORDER BY events DESC, name, country, sectors) "
        f"<= {MOST_ROLES} ORDER BY code",
    )


def _codes_of(role: str) -> str:
    """The codes of a side, in SQL."""
    each = f"list_transform({role}_countries, lambda c, i: {_codes_of_one('c', f'{role}_sectors[i]')})"
    return f"list_distinct(flatten({each}))"


def _codes_of_one(country: str, sectors: str) -> str:
    """The codes by which one party may be asked for, in SQL: FRA, :GOV and FRA:GOV."""
    held = f"list_filter(string_split({sectors}, '|'), lambda s: s != '')"
    of_sector = f"flatten(list_transform({held}, lambda s: [':' || s, {country} || ':' || s]))"
    return f"list_filter(list_distinct(list_concat([{country}], {of_sector})), lambda k: k != '')"


def paired(condition: str) -> str:
    """Return the beginning of a query over `pairs`: each event once under each of its dyads, in order of the alphabet.

    What one party did alone, or what was done to it by nobody named, stands under it and an empty name. What is mutual stands
    under each two of those who do it.
    """
    return (
        f"WITH sided AS (SELECT rowid AS number, quad, score, when_start, {SIDE.format('actor')} AS a, "
        f"{SIDE.format('recipient')} AS r, reciprocal FROM current_events WHERE {condition}), "
        "there AS (SELECT *, unnest(CASE WHEN len(a) > 0 THEN a ELSE [''] END) AS x FROM sided), "
        "faced AS (SELECT number, quad, score, when_start, x, "
        "CASE WHEN reciprocal AND len(a) > 1 THEN list_concat(r, list_filter(a, lambda z: z != x)) ELSE r END AS ys FROM there), "
        "crossed AS (SELECT *, unnest(CASE WHEN len(ys) > 0 THEN ys ELSE [''] END) AS y FROM faced), "
        "pairs AS (SELECT DISTINCT number, quad, score, when_start, "
        "CASE WHEN x = '' OR y = '' THEN x || y ELSE least(x, y) END AS one, "
        "CASE WHEN x = '' OR y = '' THEN '' ELSE greatest(x, y) END AS other "
        "FROM crossed WHERE x || y != '')"
    )
