"""Counts of the quad classes by period, cooperation above the line and conflict below, and the mean score beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from diurna.charts.drawing import Palette, Spec, spec, ticks
from diurna.ledger.questions import QUADS

MOST = 500  # periods
Row = Mapping[str, Any]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SIZE = {"height": 190, "width": 880}
_LEAST = 2  # pixels of a period, so that one in a century is seen
_COUNTS = 5  # steps on the axis of counts


def timeline(rows: Sequence[Row], by: str, palette: Palette, title: str = "") -> Spec | None:
    """Return the chart of the last `MOST` rows of `Ledger.dyad`; None where there are none.

    Args:
        rows: `period` (its first day), a count for each of `QUADS`, and `mean_score`; in order.
        by: the kind of period. title: with a title the classes are named, too.
    """
    if not rows:
        return None
    periods = _seen([(row, row["period"], _end(row["period"], by)) for row in rows[-MOST:]])
    first, last = periods[0][1], periods[-1][2]
    scale = {"type": "utc", "domain": [first.isoformat(), last.isoformat()]}
    axis = ticks((last - first).days, "year" if by == "year" else "month" if by in _MONTHS else "day")
    if by == "week":
        axis = {**axis, "values": [begun.isoformat() for _, begun, _ in periods[:: max(1, len(periods) // 9)]]}
    time = {"field": "day", "type": "temporal", "scale": scale, "title": None, "axis": axis}
    panes = [_counts(periods, time, palette, bool(title)), _scores(periods, time, palette)]
    return spec(palette, spacing=14, vconcat=panes, **_named(title, by, cut=len(rows) > MOST))


def _named(title: str, by: str, cut: bool) -> Spec:
    if not title:
        return {}
    return {"title": {"text": title, **({"subtitle": f"the last {MOST:,} {by}s that have events"} if cut else {})}}


def _seen(periods: Sequence[tuple[Row, date, date]]) -> list[tuple[Row, date, date]]:
    """Widen periods that would be thinner than can be seen, as far as the next one lets them."""
    least = timedelta(days=(periods[-1][2] - periods[0][1]).days * _LEAST // _SIZE["width"])
    follow = [first for _, first, _ in periods[1:]]
    wide = [max(last, first + least) if first <= date.max - least else last for _, first, last in periods]
    return [
        (row, first, min(last, after)) for (row, first, _), last, after in zip(periods, wide, [*follow, date.max], strict=True)
    ]


def _counts(periods: Sequence[tuple[Row, date, date]], time: Spec, palette: Palette, legend: bool) -> Spec:
    names = [quad.replace("_", " ") for quad in QUADS]
    values = []
    for day, row in _steps(periods):
        counts = [row[quad] if row else 0 for quad in QUADS]
        values += [
            {"day": day, "class": name, "place": place, "events": -count if place > 1 else count}
            for place, (name, count) in enumerate(zip(names, counts, strict=True))
        ]
    colour = {"scale": {"domain": names, "range": list(palette.quads)}, "title": None}
    # Conflict is drawn downwards and counted upwards.
    axis = {"values": _whole([row for row, _, _ in periods]), "labelExpr": "format(abs(datum.value), ',d')"}
    return {
        **_SIZE,
        "data": {"values": values},
        "mark": {"type": "area", "interpolate": "step-after"},
        "encoding": {
            "x": {**time, "axis": {**time["axis"], "labels": False, "ticks": False, "domain": False}},
            "y": {"field": "events", "type": "quantitative", "stack": "zero", "title": None, "axis": axis},
            "color": {"field": "class", "type": "nominal", **colour, "legend": {"orient": "top"} if legend else None},
            "order": {"field": "place", "type": "quantitative"},
        },
    }


def _scores(periods: Sequence[tuple[Row, date, date]], time: Spec, palette: Palette) -> Spec:
    """A step for each period, and no line where nothing was dated."""
    points: list[tuple[date, float | None]] = []
    for (row, first, last), after in zip(periods, [*(first for _, first, _ in periods[1:]), None], strict=True):
        points += [(first, row["mean_score"]), (last, row["mean_score"])]
        if after != last:
            points.append((last, None))
    values = [{"day": day.isoformat(), "score": score, "place": place} for place, (day, score) in enumerate(points)]
    score = {"field": "score", "type": "quantitative", "scale": {"domain": [-10, 10]}, "title": "mean score"}
    return {
        "width": _SIZE["width"],
        "height": 64,
        "data": {"values": values},
        "mark": {"type": "line", "color": palette.ink, "strokeWidth": 1.3, "invalid": "break-paths-show-domains"},
        "encoding": {
            "x": time,
            "y": {**score, "axis": {"values": [-10, 0, 10]}},
            "order": {"field": "place", "type": "quantitative"},
        },
    }


def _whole(rows: Sequence[Row]) -> list[int]:
    """Return whole numbers for the axis of counts: of steps of 1, 2 or 5 and their tens."""
    up = max(row[QUADS[0]] + row[QUADS[1]] for row in rows)
    down = max(row[QUADS[2]] + row[QUADS[3]] for row in rows)
    step = next(s * 10**tens for tens in range(12) for s in (1, 2, 5) if s * 10**tens * _COUNTS >= up + down)
    return [*range(-(down // step) * step, up + 1, step)]


def _steps(periods: Sequence[tuple[Row, date, date]]) -> list[tuple[str, Row | None]]:
    """Return the days on which the counts change: periods begin, and end where no other follows at once."""
    begun = {first for _, first, _ in periods}
    steps: dict[date, Row | None] = {first: row for row, first, _ in periods}
    steps |= {last: None for _, _, last in periods if last not in begun}
    return [(day.isoformat(), steps[day]) for day in sorted(steps)]


def _end(first: date, by: str) -> date:
    """Return the first day after a period."""
    if by not in _MONTHS:
        return first + timedelta(days=7 if by == "week" else 1) if first < date.max - timedelta(days=7) else date.max
    years, month = divmod(first.month - 1 + _MONTHS[by], 12)
    return date(first.year + years, month + 1, 1) if first.year + years <= date.max.year else date.max
