"""The map: outlines of countries and dots for places, on Equal Earth, a projection that keeps areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from diurna.charts.drawing import Palette, Spec, here, spec
from diurna.ledger.questions import QUADS
from diurna.tables import load

Row = Mapping[str, Any]
_SIZE = {"width": 1000, "height": 446}
_PROJECTION = {"type": "equalEarth", "scale": 184.5, "translate": [500, 244], "precision": 0.4}
_EDGES = [[-180, -60], [180, 84]]
_LAST = {"type": "LineString", "coordinates": [[179.999, -60], [179.999, 0], [179.999, 84]]}  # the net ends before it


def world(places: Sequence[Row], link: Callable[[Row], str], palette: Palette) -> Spec:
    """Return the map with its places; the largest first, so that small ones lie above them.

    Args:
        places: `place`, `place_country`, `lat`, `lon`, `events` and a count for each of `QUADS`.
        link: gives the address of a place's events.
    """
    on_earth = [row for row in places if abs(row["lat"]) <= 90 and abs(row["lon"]) <= 180]
    dots = [_dot(row, link(row)) for row in sorted(on_earth, key=lambda row: -row["events"])]
    return spec(palette, **_SIZE, projection=_PROJECTION, layer=[*_ground(palette), _dots(dots, palette)])


def _dot(row: Row, link: str) -> Spec:
    name = row["place"] or row["place_country"]
    tilt = "conflict" if row[QUADS[2]] + row[QUADS[3]] > row["events"] / 2 else "cooperation"
    told = {"told": f"{name}: {row['events']}", "link": here(link)}
    return {
        **told,
        "lat": max(_EDGES[0][1], min(_EDGES[1][1], row["lat"])),
        "lon": row["lon"],
        "events": row["events"],
        "tilt": tilt,
    }


def _dots(dots: Sequence[Spec], palette: Palette) -> Spec:
    where = {"longitude": {"field": "lon", "type": "quantitative"}, "latitude": {"field": "lat", "type": "quantitative"}}
    size = {"domain": [0, max((dot["events"] for dot in dots), default=1)], "range": [24, 760]}
    colour = {"domain": ["cooperation", "conflict"], "range": [palette.quads[1], palette.quads[3]]}
    marks = {"type": "circle", "opacity": 0.72, "stroke": palette.ground, "strokeWidth": 0.8, "aria": True}
    return {
        "data": {"values": list(dots)},
        "mark": marks,
        "encoding": {
            **where,
            "size": {"field": "events", "type": "quantitative", "scale": size, "legend": None},
            "color": {"field": "tilt", "type": "nominal", "scale": colour, "legend": None},
            "href": {"field": "link", "type": "nominal"},
            "description": {"field": "told", "type": "nominal"},
        },
    }


def _ground(palette: Palette) -> list[Spec]:
    net = {"step": [30, 30], "extent": _EDGES}
    line = {"type": "geoshape", "filled": False, "stroke": palette.rule, "strokeWidth": 0.7}
    return [
        {"data": {"graticule": net}, "mark": line},
        {"data": {"values": [{"type": "Feature", "geometry": _LAST}]}, "mark": line},
        {
            "data": {"values": [_land()]},
            "mark": {"type": "geoshape", "fill": palette.land, "stroke": palette.ground, "strokeWidth": 0.8},
        },
    ]


@cache
def _land() -> Spec:
    """Return the outlines as one shape, without Antarctica."""
    rings = []
    for row in load("site/outlines.tsv", ("iso3", "rings")):
        for ring in row.items("rings"):
            points = [[int(part) / 10 for part in point.split(",")] for point in ring.split()]
            if max(y for _, y in points) > _EDGES[0][1]:
                rings.append(_clockwise([*points, points[0]]))
    return {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}}


def _clockwise(ring: list[list[float]]) -> list[list[float]]:
    """On a sphere a ring bounds what lies to its right: the other way round it would be all the world but the country."""
    turned = sum(x * below - left * y for (x, y), (left, below) in pairwise(ring))
    return ring[::-1] if turned > 0 else ring
