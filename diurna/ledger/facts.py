"""What a ledger knows of one party: the roles that it had, its partners, what it did and had done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from diurna.ledger.conditions import all_of
from diurna.ledger.filters import EventFilter, either_side, is_party, party, party_codes, party_values

if TYPE_CHECKING:
    from diurna.ledger.questions import Questions

MOST_ROLES = 200  # of each country in an index
_WHEN = "when_start, when_end, when_precision, when_assumed"
# Of the events that begin on one day, the one of which most is known says when it was.
_VAGUE = (
    "(CASE when_precision WHEN 'day' THEN 0 WHEN 'week' THEN 2 WHEN 'month' THEN 4 WHEN 'year' THEN 6 WHEN 'decade' THEN 8 "
    "ELSE 10 END + when_assumed::INTEGER)"
)
_ROLE = "name, country, sectors, first, last, events, " + ", ".join(
    f"{side}_{what}" for side in ("first", "last") for what in ("end", "precision", "assumed")
)
_OF_ACTOR = f"event, score, {_WHEN}, " + ", ".join(
    f"{side}{what}" for side in ("actor", "recipient") for what in ("s", "_countries", "_sectors")
)


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """What a ledger knows of a party. All tables are Arrow.

    roles: name, country, sectors, first and last day, events, and of both days what is known of them: end, precision, whether
    assumed, each of the event that tells the day best; partners: country or name, events as actor and as recipient, mean score;
    roots: event, events as actor and as recipient.
    """

    roles: pa.Table
    partners: pa.Table
    roots: pa.Table


def facts(ledger: Questions, name: str, chosen: EventFilter, limit: int) -> ActorFacts:
    """Return roles, partners and roots of a party.

    Raises:
        StopRun: as `events`.
    """
    codes = party_codes(name)
    if ledger.indexed and len(codes) == 1 and chosen.empty and limit <= MOST_ROLES:
        return _known(ledger, codes[0], limit)
    both = " UNION ALL ".join(
        f"SELECT '{side}' AS side, {side}s AS names, {side}_countries AS own, {side}_sectors AS sectors, "
        f"list_transform({other}s, lambda o, i: coalesce(nullif({other}_countries[i], ''), o)) AS others, "
        f"event, score, {_WHEN} FROM hits WHERE as_{side}"
        for side, other in (("actor", "recipient"), ("recipient", "actor"))
    )
    tally = "count(*) FILTER (side = 'actor') AS as_actor, count(*) FILTER (side = 'recipient') AS as_recipient"
    roles = f"{roles_of('found', is_party(name))} ORDER BY events DESC, name, country, sectors LIMIT {limit}"
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


def roles_of(sides: str, condition: str) -> str:
    """Return the query for roles with what is known of their first and last days.

    Args:
        sides: a relation of names, own (countries) and sectors of the same length, and when an event of them was.
        condition: over name, country and sectors.
    """
    parts = "clear := {}, till := when_end, precision := when_precision, assumed := when_assumed"
    days = ", ".join(
        f"{pick}(struct_pack(day := when_start, {parts.format(clear)})) FILTER (WHERE when_start IS NOT NULL) AS {side}"
        for side, pick, clear in (("one_end", "min", _VAGUE), ("other_end", "max", f"-{_VAGUE}"))
    )
    known = ", ".join(
        f"{end}.till AS {side}_end, coalesce({end}.precision, 'unknown') AS {side}_precision, "
        f"coalesce({end}.assumed, false) AS {side}_assumed"
        for side, end in (("first", "one_end"), ("last", "other_end"))
    )
    people = f"SELECT unnest(names) AS name, unnest(own) AS country, unnest(sectors) AS sectors, {_WHEN} FROM {sides}"
    return (
        f"SELECT name, country, sectors, one_end.day AS first, other_end.day AS last, events, {known} FROM "
        f"(SELECT name, country, sectors, {days}, count(*) AS events FROM ({people}) WHERE {condition} "
        "GROUP BY name, country, sectors)"
    )


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
    """Return of a party by its code what the index has worked out beforehand."""
    parts = {
        "roles": f"{_ROLE} FROM party_roles WHERE code = ? ORDER BY events DESC, name, country, sectors",
        "partners": "partner, as_actor, as_recipient, mean_score FROM party_partners WHERE code = ? "
        "ORDER BY as_actor + as_recipient DESC, partner",
    }
    found = {part: ledger.answer(f"SELECT {query} LIMIT {int(limit)}", (code,)) for part, query in parts.items()}
    roots = "SELECT event, as_actor, as_recipient FROM party_events WHERE code = ? ORDER BY as_actor + as_recipient DESC, event"
    return ActorFacts(roots=ledger.answer(roots, (code,)), **found)
