"""Which role an entity has on a day: the spell that contains the day, a title in the text before it, ELI outside all spells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from diurna.actors.base import Entry, Sense

FORMER = ("ELI",)
# Out of office a person belongs to a state again, not to the body once served.
ABROAD = frozenset(("UNO", "EUR", "IGO", "NGO", "MNC"))


def pick_entity(
    senses: Iterable[Sense], when: date | None, country: str = "", office: str = "", sectors: Sequence[str] = ()
) -> Sense | None:
    """Return the entity that fits best: country named beside it, office named beside it, in office on the day, prominence."""

    def score(sense: Sense) -> tuple[int, int, int, int, int, int]:
        entries = sense.entries
        same_country = int(bool(country) and any(e.country == country for e in entries))
        same_office = int(bool(office) and any(office in e.office or e.office in office for e in entries if e.office))
        same_sector = int(bool(sectors) and any(e.sectors[:1] == tuple(sectors[:1]) for e in entries))
        in_office = int(when is not None and any(e.covers(when) for e in entries))
        distance = min(e.distance(when) for e in entries) if when is not None else 0
        rank = min(e.rank for e in entries)
        users_own = int(any(e.own_on(when) for e in entries) and (same_country or not country))
        return (
            users_own,
            same_country * 4 + same_office * 3 + same_sector + in_office * 3,
            in_office,
            -(distance // 3650),
            -rank,
            -distance,
        )

    known = [sense for sense in senses if sense.entries]
    return max(known, key=score) if known else None


def spell_on(sense: Sense, when: date | None, country: str = "", office: str = "") -> tuple[Entry, bool]:
    """Return the spell of an entity to use, and whether it contains the day (always true without a day or for no person)."""
    pool = sense.entries
    if country and any(e.country == country for e in pool):
        pool = [e for e in pool if e.country == country]
    current = [e for e in pool if when is None or e.covers(when)]

    def fit(entry: Entry) -> tuple[bool, bool, bool, int, int]:
        named = bool(office) and bool(entry.office) and (office in entry.office or entry.office in office)
        dated = entry.start is not None or entry.end is not None
        return (entry.own_on(when), named, dated, -entry.rank, entry.start.toordinal() if entry.start else 0)

    if current:
        return max(current, key=fit), True
    assert when is not None
    nearest = min(pool, key=lambda entry: (entry.country in ABROAD, entry.distance(when), entry.rank))
    return nearest, nearest.kind != "person"


def role_sectors(entry: Entry, in_spell: bool) -> tuple[str, ...]:
    """Return the sectors of a spell, ELI for a person outside all of them (codebook, section 3)."""
    return entry.sectors if in_spell else FORMER
