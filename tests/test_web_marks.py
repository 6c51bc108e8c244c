"""Texts cut into pieces, links that are safe, charts: whatever goes in."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.ledger.questions import QUADS
from diurna.records import Event, Mention, Participant, Quote
from diurna.web import charts, marks
from diurna.web.asking import address
from diurna.web.words import party_key, party_name, safe_link

TEXTS = st.text(max_size=120) | st.sampled_from(["One.\n\nTwo two.\nThree.", "\n\n", "a\r\n\r\nb", "\u202eevil\x00\ud800"])
SPANS = st.tuples(st.integers(0, 130), st.integers(0, 130))
MARKS = st.lists(st.builds(marks.Mark, SPANS, st.sampled_from(["trigger", "actor", "quote"]), st.sampled_from(["", "e1", "e2"])))


@given(TEXTS, MARKS)
def test_every_word_is_shown_once_and_in_order(text: str, made: list[marks.Mark]) -> None:
    shown = "".join(piece.words for pieces in marks.paragraphs(text, made) for piece in pieces)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", marks.seen(text))


@given(TEXTS, MARKS)
def test_what_is_marked_is_what_the_spans_say(text: str, made: list[marks.Mark]) -> None:
    pieces, at = marks.pieces(text, (0, len(text)), made), 0
    for piece in pieces:
        inside = {mark.kind for mark in made if mark.span[0] <= at and mark.span[1] >= at + len(piece.words) > at}
        assert set(piece.kinds) == inside
        at += len(piece.words)
    assert at == len(text)


@given(st.text())
def test_what_is_seen_has_the_same_length_and_no_control_characters(text: str) -> None:
    assert len(marks.seen(text)) == len(text)
    marks.seen(text).encode("utf-8")
    assert not re.search("[\x00-\x08\u202a-\u202e]", marks.seen(text))


def test_marks_of_a_report() -> None:
    text = "Quito accused Lima. “No,” said Lima."
    event = Event("evt-1", "art-1", "ACCUSE", quad=3, mentions=(Mention(0, (0, 19), ((6, 13),)),),
                  actors=(Participant("Quito", ((0, 5),)),), recipients=(Participant("Lima", ((14, 18),)),))  # fmt: skip
    (pieces,) = marks.paragraphs(text, marks.of_article([event], [Quote("q", "art-1", ((21, 24),), "No,")], [(25, 36)]))
    shown = {piece.words: piece for piece in pieces}
    assert shown["Quito"].kinds == ("party",)
    assert shown["accused"].events == shown["accused"].first == ("evt-1",)
    assert (shown["accused"].quad, shown["No,"].kinds, shown["” said Lima."[1:]].kinds) == (3, ("quote",), ("litter",))
    one = marks.pieces(text, (0, 19), marks.of_event(event))
    assert [(piece.words, piece.kinds) for piece in one if piece.kinds] == [
        ("Quito", ("actor",)), ("accused", ("trigger",)), ("Lima", ("recipient",))]  # fmt: skip


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org", " https://example.org/x "])
def test_web_addresses_are_linked(url: str) -> None:
    assert safe_link(url) == url.strip()


@pytest.mark.parametrize("url", ["javascript:alert(1)", " JaVaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//evil",  # noqa: E501
                                 "file:///etc/passwd", "vbscript:x", "http:", "https://", "http://[::1", "ftp://example.org",
                                 "https://a b", "", "\x01javascript:alert(1)", "http\n://x"])  # fmt: skip
def test_other_addresses_are_never_linked(url: str) -> None:
    assert safe_link(url) == ""


@given(st.text(max_size=40))
def test_only_web_addresses_are_linked(url: str) -> None:
    found = safe_link(url)
    assert not found or re.match(r"https?://[^/\s]", found, re.IGNORECASE)


@given(st.text(max_size=30), st.text(max_size=30))
def test_addresses_of_this_site_stay_on_it(name: str, value: str) -> None:
    found = address("/events/" + name, ("q", value))
    assert found.startswith("/events/")
    assert found.isascii()
    assert not re.search(r'[\s"<>]', found)


def test_names_of_parties() -> None:
    assert (party_name("KOR"), party_name("LKA REB"), party_name("EUR"), party_name("Ada X")) == (
        "South Korea", "Sri Lanka REB", "European Union", "Ada X")  # fmt: skip
    assert (party_key("LKA REB"), party_key("LKA"), party_key("Ada X")) == ("LKA:REB", "LKA", "Ada X")


COUNTS = st.integers(0, 10**6)
PERIODS = st.lists(
    st.builds(lambda *n: dict(zip(QUADS, n, strict=True)), COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=30
)


@given(PERIODS, st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_charts_stay_in_their_frame(counts: list[dict[str, int]], by: str) -> None:
    rows = [
        {**row, "period": date(2000, 1, 1) + timedelta(31 * i), "mean_score": (-1) ** i * 10.0} for i, row in enumerate(counts)
    ]
    chart = charts.timeline(rows, by)
    assert chart is not None
    for path in (*chart.bars, chart.score):
        for x, y in re.findall(r"[ML]?(-?[\d.]+) (-?[\d.]+)", path):
            assert -1 <= float(x) <= chart.width + 1
            assert -1 <= float(y) <= chart.height + 1


def test_the_line_of_scores_breaks_where_nothing_was_dated() -> None:
    months = [date(2020, 1, 1), date(2020, 2, 1), date(2023, 7, 1), date(2024, 1, 1), date(2024, 2, 1)]
    chart = charts.timeline([{**dict.fromkeys(QUADS, 1), "period": day, "mean_score": 1.0} for day in months], "month")
    assert chart is not None
    assert [part.count("L") for part in chart.score.split("M")[1:]] == [1, 0, 1]


def test_a_chart_of_nothing_is_none() -> None:
    assert charts.timeline([], "month") is None
    assert (
        charts.lanes([{"kind": "visit", "state": "open", "stages": [{"name": "invite", "date": "", "event_id": "e"}]}], None)
        is None
    )
    assert charts.spark([0, 0], [0, 0]).up == ""


def test_the_map_places_what_lies_on_earth() -> None:
    def place(name: str, lat: float, lon: float, conflict: int) -> dict[str, object]:
        return {"place": name, "lat": lat, "lon": lon, "events": 2, **dict.fromkeys(QUADS, 0), QUADS[3]: conflict}

    drawn = charts.world([place("Quito", -0.2, -78.5, 2), place("Seoul", 37.6, 127.0, 0), place("nowhere", 95.0, 400.0, 0)])
    found = {dot.row["place"]: dot for dot in drawn.dots}
    assert set(found) == {"Quito", "Seoul"}
    assert found["Quito"].conflict
    assert found["Quito"].x < drawn.width / 2 < found["Seoul"].x
    assert found["Quito"].y > found["Seoul"].y
    for x, y in re.findall(r"(-?\d+) (-?\d+)", drawn.land):
        assert -1 <= int(x) <= drawn.width + 1
        assert int(y) >= -1
