"""When a coded place agrees with a gold one: the same name, the same spot, or a place inside it (docs/evaluation.md)."""

from __future__ import annotations

from collections.abc import Collection

from diurna.evaluate.names import same_name
from diurna.gazetteer import lookup
from diurna.records import Where

_NEAR = 0.25  # degrees: a suburb, an airport or a palace and its town


def same_place(gold: str, found: Where, countries: Collection[str] = ()) -> bool:
    """Tell whether a coded place is the gold one or lies in it; a country coded for a gold town is wrong.

    Args:
        gold: the place as the annotator wrote it.
        found: the coded place.
        countries: countries of the gold event's parties; they say which of several namesakes the annotator meant.
    """
    if not found.name:
        return False
    if same_name(gold, found.name):
        return True
    meant = lookup(gold, countries)
    if meant is None or not meant.country or meant.country != found.country:
        return False
    if meant.lat is None or meant.lon is None:
        return not meant.admin1 or meant.admin1 == found.admin1
    if found.lat is None or found.lon is None:
        return False
    return abs(meant.lat - found.lat) < _NEAR and abs(meant.lon - found.lon) < _NEAR


def same_country(gold: str, found: Where, countries: Collection[str] = ()) -> bool | None:
    """Tell whether a coded place lies in the country of the gold one; None when the gazetteer does not know the gold place."""
    meant = lookup(gold, countries)
    return None if meant is None or not meant.country else meant.country == found.country
