"""Charts: what stands in their specifications, and what Vega makes of them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from diurna.charts.drawing import PAPER, SITE, Spec, here, picture, spec, svg, ticks, warm
from diurna.charts.lanes import lanes
from diurna.charts.timeline import MOST, timeline
from diurna.charts.world import world
from diurna.ledger.questions import QUADS

COUNTS = st.integers(0, 10**6)
KINDS = st.sampled_from(["day", "week", "month", "quarter", "year"])
EVIL = '<script>alert("x")</script>&amp;"\'{{7*7}}'


def row(day: date, *counts: int, score: float | None = 1.0) -> dict[str, Any]:
    return {**dict(zip(QUADS, [*counts, 0, 0, 0, 0], strict=False)), "period": day, "mean_score": score}


def values(chart: Spec | None, pane: int) -> list[dict[str, Any]]:
    assert chart is not None
    found: list[dict[str, Any]] = chart["vconcat"][pane]["data"]["values"]
    return found


def tree_of(chart: Spec | None) -> Any:
    assert chart is not None
    return html.fragment_fromstring(svg(chart))


def test_nothing_to_draw_is_none() -> None:
    assert timeline([], "month", SITE) is None
    undated = {"kind": "visit", "state": "open", "stages": [{"name": "invite", "date": "", "event_id": "e"}]}
    assert lanes([undated], None, str, SITE) is None


def test_cooperation_is_drawn_up_and_conflict_down() -> None:
    found = values(timeline([row(date(2020, 1, 1), 3, 2, 1, 4)], "month", SITE), 0)
    assert [(value["day"], value["events"]) for value in found] == [
        *(("2020-01-01", count) for count in (3, 2, -1, -4)),
        *(("2020-02-01", 0) for _ in QUADS),
    ]  # fmt: skip


def test_periods_without_events_are_drawn_as_none_and_have_no_score() -> None:
    months = [date(2020, 1, 1), date(2020, 2, 1), date(2023, 7, 1)]
    chart = timeline([row(day, 1) for day in months], "month", SITE)
    counted = {value["day"]: value["events"] for value in values(chart, 0) if value["class"] == "verbal cooperation"}
    assert counted == {"2020-01-01": 1, "2020-02-01": 1, "2020-03-01": 0, "2023-07-01": 1, "2023-08-01": 0}
    scores = [(value["day"], value["score"]) for value in values(chart, 1)]
    assert scores[3:6] == [("2020-03-01", 1.0), ("2020-03-01", None), ("2023-07-01", 1.0)]
    assert tree_of(chart).xpath("//g[contains(@class, 'mark-line')]/path/@d")[0].count("M") == 2


@pytest.mark.parametrize(("by", "end"), [("day", "2020-12-02"), ("week", "2020-12-08"), ("month", "2021-01-01"),
                                         ("quarter", "2021-03-01"), ("year", "2021-12-01")])  # fmt: skip
def test_a_period_ends_where_the_next_begins(by: str, end: str) -> None:
    assert values(timeline([row(date(2020, 12, 1), 1)], by, SITE), 0)[-1]["day"] == end


@pytest.mark.parametrize("by", ["day", "week", "month", "quarter", "year"])
def test_the_last_day_of_the_calendar_can_be_drawn(by: str) -> None:
    assert "<svg" in svg(timeline([row(date.max, 1)], by, SITE) or {})


def test_only_the_last_periods_are_drawn() -> None:
    chart = timeline([row(date(2000, 1, 1) + timedelta(day), 1) for day in range(MOST + 5)], "day", SITE)
    assert values(chart, 0)[0]["day"] == "2000-01-06"


@pytest.mark.parametrize(
    ("up", "down", "told"), [(1, 0, [0, 1]), (1, 2, [-2, -1, 0, 1]), (0, 9, [-8, -6, -4, -2, 0]), (70, 30, [-20, 0, 20, 40, 60])]
)
def test_counts_are_told_in_whole_numbers(up: int, down: int, told: list[int]) -> None:
    chart = timeline([row(date(2020, 1, 1), up, 0, down)], "month", SITE)
    assert chart is not None
    assert chart["vconcat"][0]["encoding"]["y"]["axis"]["values"] == told


def test_a_day_in_a_century_is_wide_enough_to_be_seen() -> None:
    days = [date(1860, 1, 1), date(1860, 1, 3), date(1960, 1, 1)]
    found = values(timeline([row(day, 1) for day in days], "day", SITE), 1)
    widths = [
        (date.fromisoformat(b["day"]) - date.fromisoformat(a["day"])).days
        for a, b in pairwise(found)
        if a["score"] and b["score"]
    ]
    assert widths[0] == 2  # as far as the next one lets it
    assert widths[-1] > 60


def test_a_file_says_when_only_the_last_periods_are_drawn() -> None:
    rows = [row(date(2000, 1, 1) + timedelta(day), 1) for day in range(MOST + 1)]
    assert (timeline(rows, "day", PAPER, "Two") or {})["title"]["subtitle"] == "the last 500 days that have events"
    assert "subtitle" not in (timeline(rows[1:], "day", PAPER, "Two") or {})["title"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=12), KINDS, st.booleans())
def test_what_is_drawn_stays_in_its_frame(counts: list[tuple[int, ...]], by: str, titled: bool) -> None:
    rows = [row(date(2000, 1, 1) + timedelta(366 * n), *one, score=(-1) ** n * 10.0) for n, one in enumerate(counts)]
    tree = tree_of(timeline(rows, by, SITE, "A title" if titled else ""))
    width, height = float(tree.get("width")), float(tree.get("height"))
    for path in tree.xpath("//g[contains(@class, 'mark-area') or contains(@class, 'mark-line')]/path/@d"):
        points = re.findall(r"[ML](-?[\d.e-]+),(-?[\d.e-]+)", path)
        assert all(-1 <= float(x) <= width and -1 <= float(y) <= height for x, y in points)
        assert "NaN" not in path


@pytest.mark.parametrize(("days", "finest", "form"), [(3, "day", "%Y-%m-%d"), (200, "day", "%Y-%m"), (9000, "day", "%Y"), (0, "day", "%Y-%m-%d"),  # noqa: E501
                                                      (31, "month", "%Y-%m"), (366, "year", "%Y")])  # fmt: skip
def test_ticks_tell_apart_what_the_periods_do(days: int, finest: str, form: str) -> None:
    assert ticks(days, finest)["format"] == form


def test_stages_stand_on_their_lanes_and_lead_to_their_events() -> None:
    stages = [{"name": "invite", "date": "2015", "event_id": "e1"}, {"name": "hold", "date": "2018-06-14", "event_id": "e2"}]
    threads = [
        {"kind": "visit", "state": "fulfilled", "stages": stages},
        {"kind": "aid", "state": "open", "stages": [{"name": "pledge", "date": "2016-02", "event_id": "e3"}]},
    ]
    chart = lanes(threads, date(2020, 1, 1), lambda event: f"/events/{event}", SITE)
    assert chart is not None
    ends = [run["to"] for run in chart["layer"][0]["data"]["values"]]
    assert ends == ["2018-06-14", "2020-01-01"]  # what is open lasts until the ledger ends
    tree = tree_of(chart)
    assert tree.xpath("//a/@href") == ["/events/e1", "/events/e2", "/events/e3"]
    assert set(tree.xpath("//a/@tabindex")) == {"-1"}
    assert tree.xpath("//title/text()") == ["visit: invite, 2015", "visit: hold, 2018-06-14", "aid: pledge, 2016-02"]


def place(name: str, lat: float, lon: float, conflict: int) -> dict[str, Any]:
    counts = {**dict.fromkeys(QUADS, 0), QUADS[3]: conflict}
    return {"place": name, "place_country": "XXX", "lat": lat, "lon": lon, "events": 2, **counts}


def test_the_map_places_what_lies_on_earth() -> None:
    places = [place("Quito", -0.2, -78.5, 2), place("Seoul", 37.6, 127.0, 0), place("nowhere", 95.0, 400.0, 0)]
    tree = tree_of(world(places, lambda row: f"/events?place={row['place']}", SITE))
    dots = {path.findtext("title"): path for path in tree.xpath("//a/path")}
    where = {name: [float(part) for part in re.findall(r"[-\d.]+", str(path.get("transform")))] for name, path in dots.items()}
    assert set(where) == {"Quito: 2", "Seoul: 2"}
    assert where["Quito: 2"][0] < 500 < where["Seoul: 2"][0]
    assert where["Quito: 2"][1] > where["Seoul: 2"][1]
    assert (dots["Quito: 2"].get("fill"), dots["Seoul: 2"].get("fill")) == ("var(--q4)", "var(--q2)")


def test_land_is_land_and_not_the_sea_around_it() -> None:
    tree = tree_of(world([], lambda _: "/", SITE))
    land = tree.xpath("//path[@fill='var(--land)']/@d")[0]
    points = [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.-]+),([\d.-]+)", land)]
    assert all(-1 <= x <= 1001 and -1 <= y <= 447 for x, y in points)
    # A ring that ran the other way would bound the whole map, and its path would hold the map's left edge from top to bottom.
    assert len([1 for x, _ in points if x < 60]) < 40


def test_the_net_has_a_line_at_either_edge() -> None:
    tree = tree_of(world([], lambda _: "/", SITE))
    lines = " ".join(tree.xpath("//path[@stroke='var(--rule)']/@d"))
    across = [float(x) for x in re.findall(r"[ML]([\d.-]+),", lines)]
    assert min(across) + max(across) == pytest.approx(1000, abs=0.1)


def test_hostile_names_stay_names() -> None:
    chart = world([place(EVIL, 1.0, 1.0, 0)], lambda _: "/events?place=%3Cscript%3E", SITE)
    text = svg(chart)
    assert "<script" not in text
    etree.fromstring(text.encode())
    tree = tree_of(chart)
    assert tree.xpath("//title/text()") == [f"{EVIL}: 2"]
    assert tree.xpath("//a/@href") == ["/events?place=%3Cscript%3E"]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
@settings(max_examples=25, deadline=None)
def test_any_name_can_stand_for_a_dot(name: str) -> None:
    tree = tree_of(world([place(name or "x", 1.0, 1.0, 0)], lambda _: "/", SITE))
    known = ["a", "clippath", "defs", "g", "line", "path", "rect", "text", "title"]
    assert {item.tag for item in tree.iterdescendants()} <= set(known)
    assert tree.xpath("//title/text()") == [f"{name or 'x'}: 2"]


def test_a_drawing_names_no_other_host() -> None:
    chart = spec(PAPER, data={"values": [{"x": 1, "to": here("/a")}]}, mark="point", encoding={"href": {"field": "to"}})
    assert set(re.findall(r"https?://[^\"/]+", svg(chart))) == {"http://www.w3.org"}


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("html", b"<!DOCTYPE html>")])
def test_pictures(kind: str, begins: bytes) -> None:
    chart = timeline([row(date(2020, 1, 1), 1, 1)], "month", PAPER, "Two states")
    written = picture(chart or {}, kind)
    assert written.lstrip().startswith(begins)
    assert b'src="http' not in written
    assert (b'<meta charset="UTF-8"><meta name="viewport"' in written) == (kind == "html")
    warm()
