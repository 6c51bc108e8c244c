"""Codes of other data sets as the ledger's: the way back of `diurna/exports/codes.py`, from the same tables."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from diurna.exports import codes
from diurna.ledger.filters import countries, folded, places
from diurna.ontology import ontology
from diurna.tables import load

_NO_COUNTRY = ""


def plover_of(cameo: str) -> tuple[str, str]:
    """Return the PLOVER root and mode of a CAMEO code; empty where the crosswalk has none, as for statements (01).

    Raises:
        ValueError: no such code, nor any that it refines.
    """
    scheme = ontology()
    for code in (cameo, cameo[:3], cameo[:2]):
        if code in scheme.crosswalk:
            return scheme.crosswalk[code], scheme.cameo_modes[code]
    raise ValueError(f"no CAMEO code {cameo!r}")


@cache
def cameo_country(code: str) -> str:
    """Return the PLOVER code of a country as CAMEO writes it; empty for regions and what is not known."""
    strange = _strangers()
    return strange[code] if code in strange else countries().get(code.casefold(), "")


@cache
def is_region(code: str) -> bool:
    """Tell whether a CAMEO code stands for a region, which is no country of a party."""
    return code in _strangers() and not _strangers()[code]


@cache
def named_country(name: str) -> str:
    """Return the code of a country by English name or code; empty for what is not known."""
    code = places().get(name.strip().casefold(), "")
    return folded().get(code, code)


@cache
def fips_country(code: str) -> str:
    """Return the ISO code of a FIPS 10-4 country."""
    return {fips: iso3 for iso3, fips in codes.fips().items()}.get(code, "")


@cache
def body(group: str, types: tuple[str, ...]) -> str:
    """Return the PLOVER code of an international body by known group and types; empty when it is none."""
    by_group = {item.group: country for country, item in codes.bodies().items() if item.group}
    by_type = {item.type: country for country, item in codes.bodies().items() if not item.group}
    return by_group.get(group) or next((by_type[item] for item in types if item in by_type), _NO_COUNTRY)


@cache
def sectors_of_types(types: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sectors of CAMEO types, in their order."""
    known = {letters: sector for sector, (letters, _) in codes.sector_table().items() if letters}
    extra = {row["type"]: row["sector"] for row in load("imports/cameo_types.tsv", ("type", "sector"))}
    return _unique(known.get(item) or extra.get(item, "") for item in types)


@cache
def sectors_of_words(words: str) -> tuple[str, ...]:
    """Return the sectors of ICEWS's words, which are joined by commas, in their order."""
    known = {row["words"]: row.items("sectors") for row in load("imports/icews_sectors.tsv", ("words", "sectors"))}
    known |= {words: (sector,) for sector, (_, words) in codes.sector_table().items()}
    return _unique(sector for word in words.split(",") for sector in known.get(word.strip(), ()))


@cache
def quad_of_words(words: str) -> int:
    """Return the quad class of POLECAT's words; 0 when there is none."""
    return next((number for number in range(1, 5) if codes.quad_words(number) == words.strip().upper()), 0)


@cache
def _strangers() -> dict[str, str]:
    return {row["code"]: row["country"] for row in load("imports/cameo_countries.tsv", ("code", "country"))}


def items(words: str) -> tuple[str, ...]:
    """Return the items of a cell, which are joined by ; or by commas, each once."""
    return _unique(item.strip() for item in words.replace(",", ";").split(";"))


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))
