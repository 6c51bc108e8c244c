"""Where names are common: evidence for the nationality of persons whom no table knows, never a guess beyond what a text names."""

from __future__ import annotations

from functools import cache

from diurna.tables import load


def countries_of_name(name: str) -> frozenset[str]:
    """Return the countries where a full name is common, from its first word and the ending of its last; empty when unknown."""
    words = name.split()
    if len(words) < 2:
        return frozenset()
    given, ending = _origins("given").get(words[0].lower(), frozenset()), _of_ending(words[-1].lower())
    return (given & ending) or given or ending


def _of_ending(word: str) -> frozenset[str]:
    endings = _origins("ending")
    longest = next((word[-n:] for n in range(7, 1, -1) if len(word) > n + 1 and word[-n:] in endings), "")
    return endings.get(longest, frozenset())


@cache
def _origins(part: str) -> dict[str, frozenset[str]]:
    common = {
        row["origin"]: frozenset(row.items("countries")) for row in load("actors/name_countries.tsv", ("origin", "countries"))
    }
    found: dict[str, frozenset[str]] = {}
    for row in load("actors/name_origins.tsv", ("name", "part", "origin")):
        if row["part"] == part:
            found[row["name"].lower()] = found.get(row["name"].lower(), frozenset()) | common[row["origin"]]
    return found
