"""Dyads summed beforehand, so that a plain series is looked up and not counted anew: in an archive by month, in a copy by day.

The sums say what `Questions.dyad` counts: each event once for each pair of countries that act on one another in it, either way.
`latest` is the last day or month in which the event may have begun: a question takes the events of which the period is known.
"""

from __future__ import annotations

from diurna.ledger.filters import countries

SUMMED, DAILY = "dyad_spans", "dyad_days"  # archives of before have months without `latest`, by another name
# An event known to a week, month, year or decade may have begun on any day of it; one known to the day began on its first.
LATEST = "CASE WHEN when_precision = 'day' THEN when_start ELSE coalesce(when_end, when_start) END"
_COLUMNS = {SUMMED: "month", DAILY: "day"}
_PERIODS = {SUMMED: ("month", "quarter", "year"), DAILY: ("day", "week", "month", "quarter", "year")}
_QUADS = range(1, 5)


def quads() -> tuple[str, ...]:
    """Return the columns of sums by quad class."""
    return tuple(f"quad{quad}" for quad in _QUADS)


def known(by: str, first: str = "when_start", latest: str = f"({LATEST})") -> str:
    """Return the condition that an event lies in one period for certain: in 1960 does not say in which month."""
    return f"date_trunc('{by}', {first}) = date_trunc('{by}', {latest})"


def summary(events: str) -> str:
    """Return the query that sums a relation with the columns of `current_events`; no two rows may be one event."""
    mutual = _pairs("actor_countries")
    pairs = (
        _pairs("recipient_countries"),
        f"CASE WHEN reciprocal THEN list_filter({mutual}, lambda p: p[1] != p[2]) ELSE [] END",
    )
    each = f"unnest(list_distinct(list_concat({', '.join(pairs)})))"
    counts = ", ".join(f"count(*) FILTER (quad = {quad}) AS quad{quad}" for quad in _QUADS)
    return (
        f"SELECT pair[1] AS one, pair[2] AS other, date_trunc('month', when_start)::DATE AS month, "
        f"date_trunc('month', latest)::DATE AS latest, {counts}, count(*) AS events, sum(score) AS score "
        f"FROM (SELECT {each} AS pair, quad, score, when_start, {LATEST} AS latest FROM {events}) "
        "WHERE pair[1] != '' AND pair[2] != '' GROUP BY ALL ORDER BY one, other, month, latest"
    )


def series(table: str, pair: tuple[str, str], by: str, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """Return the query for a series and its values; None where the sums do not tell, for they know countries and periods only.

    A row without a period has the events of which it is not known.

    Args:
        table: `SUMMED` or `DAILY`.
        pair: two parties.
        by: the period.
        names: of the four columns of quad classes.
    """
    codes = [countries().get(name.strip().casefold(), "") for name in pair]
    if by not in _PERIODS[table] or not all(codes):
        return None
    counts = ", ".join(f"sum({quad})::BIGINT AS {name}" for quad, name in zip(quads(), names, strict=True))
    day = _COLUMNS[table]
    period = f"CASE WHEN {known(by, day, 'latest')} THEN date_trunc('{by}', {day})::DATE END"
    query = (
        f"SELECT {period} AS period, {counts}, sum(events)::BIGINT AS events, "
        f"round(sum(score) / sum(events), 3) AS mean_score FROM {table} WHERE one = ? AND other = ? "
        "GROUP BY 1 ORDER BY 1"
    )
    return query, (min(codes), max(codes))


def _pairs(others: str) -> str:
    one = f"list_transform({others}, lambda b: [least(a, b), greatest(a, b)])"
    return f"flatten(list_transform(actor_countries, lambda a: {one}))"
