"""How sure a name is: bodies or rulers of several countries bear it, or it is not of that day (codebook, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from diurna.actors.base import Sense
from diurna.actors.judgement import Resolution
from diurna.actors.roles import role_sectors, spell_on

AMBIGUOUS = 0.55  # "Supreme Court" without a country: the table knows one, the article may mean another
_SURE, _OUTSIDE, _BY_REPORT = 0.95, 0.6, 0.8
_RIVAL = "; or "
_LONG = 20 * 365  # days out of office after which a name alone may well be a younger namesake's
_LONG_OUT, _NAMESAKE = 0.6, 0.35
_COMMON = 4  # known bearers of a family name that many others bear, too


def rivals(senses: Iterable[Sense], chosen: Sense, when: date | None, country: str) -> list[Sense]:
    """Return who else of other countries bears the same name on a day: bodies, and rulers in office ("King Abdullah").

    None where a country is named beside it, or where who was chosen is a person out of office.
    """
    if chosen.kind not in ("body", "person") or country or any(entry.own_on(when) for entry in chosen.entries):
        return []
    if chosen.kind == "person" and (when is None or not any(entry.covers(when) for entry in chosen.entries)):
        return []
    there = [s for s in senses if s.kind == chosen.kind and s.country != chosen.country]
    return [s for s in there if when is None or any(entry.covers(when) for entry in s.entries)]


def certainty(sense: Sense, when: date | None, others: Iterable[Sense], abroad: bool = False) -> tuple[float, str]:
    """Return the confidence of a sense on a day, and words for `resolved_by` where there is doubt.

    Args:
        sense: what a name is taken for.
        when: the day.
        others: what else it may mean.
        abroad: another country is named beside it.
    """
    if abroad:
        return AMBIGUOUS, "; of another country than the one named"
    if named := [s.name for s in others]:
        return AMBIGUOUS, _RIVAL + ", ".join(named)
    if when is None or any(e.covers(when) for e in sense.entries):
        return _SURE, ""
    if sense.kind == "person":  # whoever has left office is known to be out of it; what he did before is not told
        begun = [e.start for e in sense.entries]
        early = all(start is not None and when < start for start in begun)
        return (AMBIGUOUS, "; before the first spell known") if early else (_SURE, "")
    return _OUTSIDE, "; not of that day"


def long_out(sense: Sense, when: date | None, bearers: int) -> tuple[float, str] | None:
    """Return confidence and words for a person named without title or country long after the last office; None for others.

    A common name that no leader bore is then somebody else's: its confidence is so low that nobody is recorded.
    """
    if sense.kind != "person" or when is None or any(e.distance(when) <= _LONG or e.own_on(when) for e in sense.entries):
        return None
    if any(e.start is None or when < e.start for e in sense.entries):
        return None
    common = bearers >= _COMMON and all(e.origin != "leaders.tsv" for e in sense.entries)
    return (_NAMESAKE if common else _LONG_OUT), "; long out of office"


def is_doubtful(rule: str) -> bool:
    """Tell whether a resolution says that bodies of several countries bear the name."""
    return _RIVAL in rule


def by_report(found: Resolution, senses: Iterable[Sense], when: date | None, named: Mapping[str, int]) -> Resolution:
    """Return whom a name means in a report that names some countries: the body of the one that it names most, if it names one.

    Args:
        found: what the name alone gave; someone of the body ("ADF personnel") stays nameless.
        senses: what it can mean.
        when: the day.
        named: how often the report names each country, without this name.
    """
    bodies = [s for s in senses if s.kind in ("body", "person") and (when is None or any(e.covers(when) for e in s.entries))]
    best = max(bodies, key=lambda s: named.get(s.country, 0), default=None)
    if best is None or not named.get(best.country):
        return found
    entry, in_spell = spell_on(best, when)
    rule = f"{entry.origin}: {entry.office or entry.name} {entry.spell()}; the report names {entry.country}"
    sectors = role_sectors(entry, in_spell)
    told = replace(found, country=entry.country, sectors=sectors, resolved_by=rule, confidence=_BY_REPORT)
    return replace(told, name=entry.name, entity_id=entry.entity_id) if found.entity_id else told
