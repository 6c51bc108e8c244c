"""Small words inside mentions, and orders of names, from their tables."""

from __future__ import annotations

from functools import cache

from diurna.tables import load


@cache
def words_of(kind: str) -> frozenset[str]:
    """Return the words that `words.tsv` gives a kind."""
    return frozenset(row["word"] for row in load("actors/words.tsv", ("word", "kind")) if row["kind"] == kind)


@cache
def calendar_names() -> frozenset[str]:
    """Return the full names of months and weekdays as they are printed: the longest of each in `cues/time.tsv`."""
    longest: dict[tuple[str, str], str] = {}
    for row in load("cues/time.tsv", ("cue", "kind", "value")):
        if row["kind"] in ("month", "weekday"):
            place = row["kind"], row["value"]
            longest[place] = max(longest.get(place, ""), row["cue"], key=len)
    return frozenset(name.title() for name in longest.values())


@cache
def entity_tables(kind: str) -> tuple[str, ...]:
    """Return the tables of "person" or "body", the one that counts most first."""
    return tuple(row["table"] for row in load("actors/entity_tables.tsv", ("table", "kind")) if row["kind"] == kind)


@cache
def countries_where(order: str) -> frozenset[str]:
    """Return the countries whose names are printed in an order of `name_order.tsv`."""
    return frozenset(row["country"] for row in load("actors/name_order.tsv", ("country", "order")) if row["order"] == order)
