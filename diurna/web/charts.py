"""The geometry of the site's charts: numbers in, paths of SVG out; the templates draw them and the style sheet colours them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

from diurna.ledger.questions import QUADS
from diurna.tables import load

Row = Mapping[str, Any]
_SPARK = (120, 26)
_TIMELINE = (960, 240)
_LANE = 34
_LANES = (960, 150)  # width, and how much of it the names take
_MAP = 1000
_LONGEST = {"year": 366, "quarter": 92, "month": 31, "week": 7, "day": 1}  # days from one period to the next
_A = (1.340264, -0.081106, 0.000893, 0.003796)


@dataclass(frozen=True, slots=True)
class Spark:
    """Cooperation above the line, conflict below."""

    width: int
    height: int
    up: str
    down: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars of the four quad classes by period, cooperation above the line and conflict below, and the mean score beneath."""

    width: int
    height: int
    zero: float
    bars: tuple[str, ...]
    score: str
    score_zero: float
    years: tuple[Tick, ...]
    counts: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage on a lane."""

    x: float
    name: str
    date: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One thread over time."""

    y: float
    kind: str
    state: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Threads one under another, on one scale of time."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    years: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map."""

    x: float
    y: float
    radius: float
    row: Row
    conflict: bool


@dataclass(frozen=True, slots=True)
class Map:
    """Outlines of countries and dots, on Equal Earth, a projection that keeps areas."""

    width: int
    height: int
    land: str
    grid: str
    dots: tuple[Dot, ...]


def spark(up: Sequence[int], down: Sequence[int]) -> Spark:
    """Return a sparkline of one bar a day."""
    width, height = _SPARK
    step, middle = width / max(1, len(up)), height / 2
    most = max([*up, *down, 1])

    def bars(counts: Sequence[int], sign: int) -> str:
        found = []
        for day, number in enumerate(counts):
            if number:
                size = max(1.5, number / most * (middle - 1)) * sign
                found.append(f"M{day * step:.1f} {middle}h{max(step, 1):.1f}v{size:.1f}h-{max(step, 1):.1f}z")
        return "".join(found)

    return Spark(width, height, bars(up, -1), bars(down, 1))


def timeline(rows: Sequence[Row], by: str) -> Timeline | None:
    """Return the chart of `Ledger.dyad`; None when there is nothing to draw."""
    if not rows:
        return None
    width, height = _TIMELINE
    first, last = rows[0]["period"], rows[-1]["period"] + timedelta(days={"year": 365, "quarter": 91, "month": 30}.get(by, 7))
    left, right, top, body = 40, 28, 8, height - 88
    scale = (width - left - right) / max(1, (last - first).days)
    bar = max(1.2, min(24.0, scale * {"year": 300, "quarter": 76, "month": 25, "week": 6}.get(by, 1)))
    above = max((row[QUADS[0]] + row[QUADS[1]] for row in rows), default=0)
    below = max((row[QUADS[2]] + row[QUADS[3]] for row in rows), default=0)
    unit = body / max(1, above + below)
    zero = top + above * unit
    paths: list[list[str]] = [[], [], [], []]
    points: list[tuple[date, float, float]] = []
    score_top, score_body = top + body + 22, 34
    for row in rows:
        x = left + (row["period"] - first).days * scale
        for order, sign in (((0, 1), -1), ((2, 3), 1)):
            base = zero
            for quad in order:
                size = row[QUADS[quad]] * unit * sign
                if size:
                    paths[quad].append(f"M{x:.1f} {base:.1f}h{bar:.1f}v{size:.1f}h-{bar:.1f}z")
                base += size
        points.append((row["period"], x + bar / 2, score_top + score_body * (10 - (row["mean_score"] or 0)) / 20))
    counts = [Tick(top, str(above)) if above else None, Tick(zero, "0"), Tick(top + body, str(below)) if below else None]
    return Timeline(
        width,
        height,
        round(zero, 1),
        tuple("".join(path) for path in paths),
        _score_line(points, by),
        score_top + score_body / 2,
        _years(first, last, left, scale),
        tuple(tick for tick in counts if tick),
    )


def _score_line(points: Sequence[tuple[date, float, float]], by: str) -> str:
    """Return the line of the scores, broken where periods have no events; a period alone is a short stroke."""
    runs: list[list[tuple[date, float, float]]] = []
    for point in points:
        if not runs or (point[0] - runs[-1][-1][0]).days > _LONGEST[by]:
            runs.append([])
        runs[-1].append(point)
    return "".join(_stroke([(x, y) for _, x, y in run]) for run in runs)


def _stroke(points: Sequence[tuple[float, float]]) -> str:
    if len(points) == 1:
        return f"M{points[0][0] - 5:.1f} {points[0][1]:.1f}h10"
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def lanes(threads: Sequence[Row], last: date | None) -> Lanes | None:
    """Return the threads that have dates as lanes; None when there are none."""
    dated = [(row, [(stage, _day(stage["date"])) for stage in row["stages"]]) for row in threads]
    days = [day for _, stages in dated for _, day in stages if day]
    if not days:
        return None
    width, left = _LANES
    # What is open lasts until the ledger ends; what is over needs no empty years behind it.
    lasting = [last] if last and any(row["state"] == "open" for row in threads) else []
    first, end = min(days), max([*days, *lasting])
    scale = (width - left - 44) / max(1, (end - first).days)
    found: list[Lane] = []
    for row, stages in dated:
        stops = [(stage, day) for stage, day in stages if day]
        if stops:
            placed = tuple(
                Stop(round(left + 10 + (day - first).days * scale, 1), stage["name"], stage["date"], stage["event_id"])
                for stage, day in stops
            )
            found.append(Lane(26 + len(found) * _LANE, row["kind"], row["state"], placed))
    return Lanes(width, 44 + len(found) * _LANE, tuple(found), _years(first, end, left + 10, scale))


def world(places: Sequence[Row]) -> Map:
    """Return the map with its places; the largest first, so that small ones lie above them."""
    most = max((row["events"] for row in places), default=1)
    dots = []
    for row in sorted(places, key=lambda row: -row["events"]):
        if abs(row["lat"]) <= 90 and abs(row["lon"]) <= 180:
            x, y = _project(row["lon"], row["lat"])
            conflict = row[QUADS[2]] + row[QUADS[3]] > row["events"] / 2
            dots.append(Dot(x, y, round(2.5 + 13 * sqrt(row["events"] / most), 1), row, conflict))
    return Map(_MAP, round(_project(0, -60)[1]), _land(), _grid(), tuple(dots))


@cache
def _land() -> str:
    paths = []
    for row in load("site/outlines.tsv", ("iso3", "rings")):
        for ring in row.items("rings"):
            points = [tuple(int(part) / 10 for part in point.split(",")) for point in ring.split()]
            if max(y for _, y in points) > -60:
                placed = [_project(x, y) for x, y in points]
                paths.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in placed) + "z")
    return "".join(paths)


@cache
def _grid() -> str:
    lines = [[(lon, lat) for lat in range(-60, 85, 5)] for lon in range(-180, 181, 30)]
    lines += [[(lon, lat) for lon in range(-180, 181, 10)] for lat in range(-60, 90, 30)]
    return "".join("M" + "L".join("{:.0f} {:.0f}".format(*_project(x, y)) for x, y in line) for line in lines)


def _project(lon: float, lat: float) -> tuple[float, float]:
    """Equal Earth (Šavrič, Patterson and Jenny 2018), scaled to the width of the map and cut at 84 degrees north."""
    edge, _ = _equal_earth(180, 0)
    _, top = _equal_earth(0, 84)
    x, y = _equal_earth(lon, min(lat, 84))
    scale = _MAP / (2 * edge)
    return round((x + edge) * scale, 1), round((top - y) * scale, 1)


def _equal_earth(lon: float, lat: float) -> tuple[float, float]:
    t = asin(sqrt(3) / 2 * sin(radians(lat)))
    a, b, c, d = _A
    slope = 9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a
    return 2 * sqrt(3) * radians(lon) * cos(t) / (3 * slope), t * (a + b * t**2 + t**6 * (c + d * t**2))


def _years(first: date, last: date, left: float, scale: float) -> tuple[Tick, ...]:
    """Return ticks at the beginnings of years, or of months where the time is short; some ten of them."""
    if (last - first).days > 700:
        step = max(1, -(-(last.year - first.year) // 10))
        days = [(date(year, 1, 1), str(year)) for year in range(first.year, last.year + 1) if year % step == 0]
    else:
        months = [divmod(number, 12) for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)]
        step = max(1, -(-len(months) // 8))
        days = [(date(year, month + 1, 1), f"{year}-{month + 1:02}") for year, month in months[::step]]
    return tuple(Tick(round(left + (day - first).days * scale, 1), label) for day, label in days if first <= day <= last)


def _day(words: str) -> date | None:
    parts = [int(part) for part in words[:10].split("-") if part.isdigit()]
    try:
        return date(*[*parts, 1, 1][:3]) if parts else None
    except ValueError:
        return None
