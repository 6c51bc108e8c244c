"""Threads one under another on one scale of time, a dot for each stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from diurna.charts.drawing import Palette, Spec, here, spec, ticks

Row = Mapping[str, Any]
_LANE = 34  # pixels


def lanes(threads: Sequence[Row], last: date | None, link: Callable[[str], str], palette: Palette) -> Spec | None:
    """Return the chart of the threads that have dates; None where there are none.

    Args:
        threads: rows of `Ledger.threads`. last: the last day of the ledger, to which open threads run.
        link: gives the address of an event by its id.
    """
    dated = [(row, stages) for row in threads if (stages := _dated(row["stages"]))]
    if not dated:
        return None
    runs, stops = [], []
    for number, (row, stages) in enumerate(dated):
        lane = {"lane": number, "state": row["state"], "name": f"{row['kind']}, {row['state']}"}
        days = [day for _, day in stages]
        # What is open lasts until the ledger ends.
        end = max([*days, *([last] if last and row["state"] == "open" else [])])
        runs.append({**lane, "from": min(days).isoformat(), "to": end.isoformat()})
        for stage, day in stages:
            told = {"told": f"{row['kind']}: {stage['name']}, {stage['date']}", "link": here(link(stage["event_id"]))}
            stops.append({**lane, **told, "day": day.isoformat()})
    y = {"field": "lane", "type": "ordinal", "axis": None}
    time = {"type": "temporal", "scale": {"type": "utc"}, "title": None}
    return spec(
        palette,
        width=780,
        height={"step": _LANE},
        layer=[
            {
                "data": {"values": runs},
                "mark": {"type": "rule", "color": palette.soft, "strokeWidth": 2},
                "encoding": {"x": {"field": "from", **time, "axis": ticks(_days(runs))}, "x2": {"field": "to"}, "y": y},
            },
            {
                "data": {"values": runs},
                "mark": {"type": "text", "align": "right", "font": palette.font, "fontSize": 12, "color": palette.ink},
                "encoding": {"x": {"value": -14}, "y": y, "text": {"field": "name"}},
            },
            {
                "data": {"values": stops},
                "mark": {"type": "circle", "size": 80, "opacity": 1, "stroke": palette.ground, "strokeWidth": 1.5, "aria": True},
                "encoding": {
                    "x": {"field": "day", **time},
                    "y": y,
                    "color": _colours(palette),
                    "href": {"field": "link", "type": "nominal"},
                    "description": {"field": "told", "type": "nominal"},
                },
            },
        ],
    )


def _colours(palette: Palette) -> Spec:
    """Open is awaited, fulfilled is good, refused and cancelled are not, lapsed is neither."""
    _, good, awaited, bad = palette.quads
    states = {"open": awaited, "fulfilled": good, "refused": bad, "cancelled": bad, "lapsed": palette.soft}
    scale = {"domain": list(states), "range": list(states.values())}
    return {"field": "state", "type": "nominal", "scale": scale, "legend": None}


def _days(runs: Sequence[Mapping[str, Any]]) -> int:
    first, last = min(run["from"] for run in runs), max(run["to"] for run in runs)
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _dated(stages: Sequence[Row]) -> list[tuple[Row, date]]:
    return [(stage, day) for stage in stages if (day := _day(stage["date"]))]


def _day(words: str) -> date | None:
    """Return the first day of a stage's date, which may be a year or a month."""
    parts = [int(part) for part in words[:10].split("-") if part.isdigit()]
    try:
        return date(*[*parts, 1, 1][:3]) if parts else None
    except ValueError:
        return None
