"""Dyads summed beforehand, so that a plain series is looked up and not counted anew: in an archive by month, in a copy by day.

The sums say what `Questions.dyad` counts: each event once for each pair of countries that act on one another in it, either way.
"""

from __future__ import annotations

from diurna.ledger.filters import countries

SUMMED, DAILY = "dyad_months", "dyad_days"
_COLUMNS = {SUMMED: "month", DAILY: "day"}
_PERIODS = {SUMMED: ("month", "quarter", "year"), DAILY: ("day", "week", "month", "quarter", "year")}
_QUADS = range(1, 5)


def quads() -> tuple[str, ...]:
    """Return the columns of sums by quad class."""
    return tuple(f"quad{quad}" for quad in _QUADS)


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
        f"SELECT pair[1] AS one, pair[2] AS other, date_trunc('month', when_start)::DATE AS month, {counts}, "
        "count(*) AS events, sum(score) AS score "
        f"FROM (SELECT {each} AS pair, quad, score, when_start FROM {events} WHERE when_start IS NOT NULL) "
        "WHERE pair[1] != '' AND pair[2] != '' GROUP BY ALL ORDER BY one, other, month"
    )


def series(table: str, pair: tuple[str, str], by: str, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """Return the query for a series and its values; None where the sums do not tell, for they know countries and periods only.

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
    query = (
        f"SELECT date_trunc('{by}', {day})::DATE AS period, {counts}, sum(events)::BIGINT AS events, "
        f"round(sum(score) / sum(events), 3) AS mean_score FROM {table} WHERE one = ? AND other = ? AND {day} IS NOT NULL "
        "GROUP BY 1 ORDER BY 1"
    )
    return query, (min(codes), max(codes))


def _pairs(others: str) -> str:
    one = f"list_transform({others}, lambda b: [least(a, b), greatest(a, b)])"
    return f"flatten(list_transform(actor_countries, lambda a: {one}))"
