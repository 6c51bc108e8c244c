"""Small words inside mentions, and orders of names, from their tables."""

from __future__ import annotations

from functools import cache

from diurna.tables import load


@cache
def words_of(kind: str) -> frozenset[str]:
    """Return the words that `words.tsv` gives a kind."""
    return frozenset(row["word"] for row in load("actors/words.tsv", ("word", "kind")) if row["kind"] == kind)


@cache
def countries_where(order: str) -> frozenset[str]:
    """Return the countries whose names are printed in an order of `name_order.tsv`."""
    return frozenset(row["country"] for row in load("actors/name_order.tsv", ("country", "order")) if row["order"] == order)
