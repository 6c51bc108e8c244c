"""Countries of large cities, for mentions such as "the Bombay High Court" or "protesters in Gdansk"."""

from __future__ import annotations

from diurna.actors.keys import key
from diurna.tables import sorted_table


def city_country(name: str) -> tuple[str, str] | None:
    """Return the ISO alpha-2 code of the largest city of that name (over 100,000 people) and its usual name."""
    found = sorted_table("places/cities.tsv").find(key(name))
    return (found[1], found[2]) if found is not None else None
