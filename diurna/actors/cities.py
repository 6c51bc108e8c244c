"""Countries of large cities, for mentions such as "the Bombay High Court" or "protesters in Gdansk"."""

from __future__ import annotations

from diurna.actors.base import KnowledgeBase
from diurna.actors.keys import key
from diurna.tables import sorted_table


def city_country(name: str) -> tuple[str, str] | None:
    """Return the ISO alpha-2 code of the largest city of that name (over 100,000 people) and its usual name."""
    found = sorted_table("places/cities.tsv").find(key(name))
    return (found[1], found[2]) if found is not None else None


def country_of_place(base: KnowledgeBase, name: str) -> str:
    """Return the ISO alpha-3 code of the country of a name that stands for a place, never for a person; empty when unknown."""
    words = key(name.strip(" .,"))
    known = next((s.country for s in base.senses(words) if s.kind in ("country", "seat", "region") and s.country), "")
    if known or not words:
        return known
    found = city_country(words)
    return base.by_iso2.get(found[0], "") if found else ""
