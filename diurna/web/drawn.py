"""The drawings of the pages: charts in the colours of the style sheet, with links to the pages behind their dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from diurna.charts.drawing import SITE, Spec, svg
from diurna.charts.lanes import lanes as lanes_of
from diurna.charts.timeline import timeline as timeline_of
from diurna.charts.world import world as world_of
from diurna.ledger.filters import countries
from diurna.web.asking import address
from diurna.web.marks import seen

Row = Mapping[str, Any]


def timeline(periods: Sequence[Row], by: str) -> Markup:
    """Return the counts of a dyad over time; nothing where there are none."""
    return _markup(timeline_of(periods, by, SITE))


def lanes(threads: Sequence[Row], last: date | None) -> Markup:
    """Return threads over time, their stages linked to their events; nothing where none has a date."""
    return _markup(lanes_of(threads, last, lambda event: address(f"/events/{event}"), SITE))


def world(places: Sequence[Row], asked: list[tuple[str, Any]]) -> Markup:
    """Return the map, its dots linked to the events of their places that the filters let through."""

    def link(place: Row) -> str:
        country = place["place_country"] if place["place_country"] in countries().values() else ""
        return address("/events", ("place", place["place"]), ("place_country", country), asked)

    return _markup(world_of([{**row, "place": seen(row["place"] or "")} for row in places], link, SITE))


def _markup(chart: Spec | None) -> Markup:
    # Vega escapes the names that it writes.
    return Markup(svg(chart)) if chart else Markup("")
