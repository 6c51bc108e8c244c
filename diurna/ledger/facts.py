"""What a ledger knows of one party: the roles that it had, its partners, what it did and had done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from diurna.ledger.conditions import all_of
from diurna.ledger.filters import EventFilter, countries, either_side, is_party, party, party_values

if TYPE_CHECKING:
    from diurna.ledger.questions import Questions

MOST_ROLES = 200  # of each country in an index
_OF_ACTOR = "event, score, when_start, " + ", ".join(
    f"{side}{what}" for side in ("actor", "recipient") for what in ("s", "_countries", "_sectors")
)


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """What a ledger knows of a party. All tables are Arrow.

    roles: name, country, sectors, first and last day, events; partners: country or name, events as actor and as recipient, mean
    score; roots: event, events as actor and as recipient.
    """

    roles: pa.Table
    partners: pa.Table
    roots: pa.Table


def facts(ledger: Questions, name: str, chosen: EventFilter, limit: int) -> ActorFacts:
    """Return roles, partners and roots of a party.

    Raises:
        StopRun: as `events`.
    """
    code = countries().get(name.strip().casefold())
    if ledger.indexed and code and chosen.empty and limit <= MOST_ROLES:
        return _known(ledger, code, limit)
    both = " UNION ALL ".join(
        f"SELECT '{side}' AS side, {side}s AS names, {side}_countries AS own, {side}_sectors AS sectors, "
        f"list_transform({other}s, lambda o, i: coalesce(nullif({other}_countries[i], ''), o)) AS others, "
        f"event, score, when_start FROM hits WHERE as_{side}"
        for side, other in (("actor", "recipient"), ("recipient", "actor"))
    )
    tally = "count(*) FILTER (side = 'actor') AS as_actor, count(*) FILTER (side = 'recipient') AS as_recipient"
    roles = (
        "WITH one AS (SELECT unnest(names) AS name, unnest(own) AS country, unnest(sectors) AS sectors, when_start "
        "FROM found) "
        "SELECT name, country, sectors, min(when_start) AS first, max(when_start) AS last, count(*) AS events "
        f"FROM one WHERE {is_party(name)} GROUP BY ALL ORDER BY events DESC, name, country, sectors LIMIT {limit}"
    )
    partners = (
        "WITH one AS (SELECT side, unnest(list_distinct(others)) AS partner, score FROM found) "
        f"SELECT partner, {tally}, round(avg(score), 3) AS mean_score FROM one GROUP BY partner "
        f"ORDER BY count(*) DESC, partner LIMIT {limit}"
    )
    roots = f"SELECT event, {tally} FROM found GROUP BY event ORDER BY count(*) DESC, event"
    # The ledger is looked through once, for all three.
    hits, values = _of_party(ledger, name, chosen)
    ledger.con.execute(f"CREATE TEMP TABLE found AS WITH hits AS MATERIALIZED ({hits}) {both}", values)
    try:
        return ActorFacts(ledger.answer(roles, party_values(name)), ledger.answer(partners, ()), ledger.answer(roots, ()))
    finally:
        ledger.con.execute("DROP TABLE found")


def _of_party(ledger: Questions, name: str, chosen: EventFilter) -> tuple[str, list[Any]]:
    """Return the query for the events of a party with the sides on which it stands, and its values."""
    either = ledger.where(all_of(either_side(name), chosen.condition()))
    sides = {side: ledger.where(party(f"{side}_keys", name)) for side in ("actor", "recipient")}
    flags = ", ".join(f"{condition.sql} AS as_{side}" for side, condition in sides.items())
    flag_values = [value for condition in sides.values() for value in condition.values]
    if not ledger.numbered:
        return f"SELECT {_OF_ACTOR}, {flags} FROM current_events WHERE {either.sql}", [*flag_values, *either.values]
    # Rows are found by the columns that tell it, and only then read whole.
    numbers = either.rows or f"SELECT rowid FROM current_events WHERE {either.sql}"
    whole = f"SELECT {_OF_ACTOR}, {flags} FROM current_events WHERE rowid IN ({numbers})"
    return whole, [*flag_values, *either.values]


def _known(ledger: Questions, code: str, limit: int) -> ActorFacts:
    """Return of a country what the index has worked out beforehand."""
    parts = {
        "roles": "name, country, sectors, first, last, events FROM party_roles WHERE country = ? "
        "ORDER BY events DESC, name, country, sectors",
        "partners": "partner, as_actor, as_recipient, mean_score FROM party_partners WHERE party = ? "
        "ORDER BY as_actor + as_recipient DESC, partner",
    }
    found = {part: ledger.answer(f"SELECT {query} LIMIT {int(limit)}", (code,)) for part, query in parts.items()}
    roots = "SELECT event, as_actor, as_recipient FROM party_events WHERE party = ? ORDER BY as_actor + as_recipient DESC, event"
    return ActorFacts(roots=ledger.answer(roots, (code,)), **found)
