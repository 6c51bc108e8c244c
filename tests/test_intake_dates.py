"""Publication dates: read, checked, refused with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.intake.dates import EARLIEST, choose_date, find_dateline, find_url_date, parse_date

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    "words",
    [
        "2018-06-14",
        "2018-06-14T23:10:00+02:00",
        "20180614",
        "14 June 2018",
        "June 14, 2018",
        "Thu, 14 Jun 2018 10:00:00 GMT",
        "Thursday 14 June 2018 10.00 BST",
        "14/06/2018",
        "06/14/2018",
        "1528970400",
        "1528970400000",
    ],
)
def test_explicit_dates(words: str) -> None:
    assert parse_date(words, TODAY) == ("2018-06-14", "")


def test_dates_of_parquet_columns() -> None:
    assert parse_date(date(2018, 6, 14), TODAY)[0] == "2018-06-14"
    assert parse_date(datetime(2018, 6, 14, 23, 59), TODAY)[0] == "2018-06-14"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("2018-02-31", "calendar"),
        ("0019-05-01", "1800"),
        ("2031-01-01", "after today"),
        ("yesterday", "YYYY-MM-DD"),
        ("06/07/2018", "told apart"),
        ("2018", "YYYY-MM-DD"),
    ],
)
def test_refused_dates_say_why(words: str, why: str) -> None:
    day, reason = parse_date(words, TODAY)
    assert day == ""
    assert why in reason


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("Truce holds\n\nGENEVA, March 3, 1994 (Agency) - Two armies", "March 3, 1994"),
        ("Truce holds\n\nBOGOTÁ, June 23, 2016 — Two armies", "June 23, 2016"),
        ("Truce holds\nBy A. Writer\n14 April 2023\nTwo armies", "14 April 2023"),
        ("Truce holds\nPublished: Thursday 14 April 2023, 10:15 GMT\nTwo armies", "14 April 2023"),
        ("Truce holds\n\nGENEVA, March 3 (Agency) - Two armies", ""),
        ("The war that began on 14 April 2023 goes on.", ""),
    ],
)
def test_datelines(head: str, found: str) -> None:
    assert find_dateline(head) == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.example/2018/06/14/talks", "2018-06-14"),
        ("https://a.example/world/2018/jun/14/talks", "2018-06-14"),
        ("https://a.example/talks-20180614.html", "2018-06-14"),
        ("https://a.example/talks-1234567890", ""),
    ],
)
def test_web_addresses(url: str, found: str) -> None:
    assert find_url_date(url) == found


def test_the_next_origin_is_asked_when_one_is_refused() -> None:
    day, remarks = choose_date([("column", "2018-02-31"), ("dateline", "14 June 2018")], TODAY)
    assert day == "2018-06-14"
    assert len(remarks) == 1
    assert "column" in remarks[0]


@given(st.dates(min_value=EARLIEST, max_value=TODAY + timedelta(days=1)))
def test_every_day_comes_back(day: date) -> None:
    for words in (day.isoformat(), f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}"):
        assert parse_date(words, TODAY) == (day.isoformat(), "")


@given(st.text(max_size=40))
def test_no_words_break_the_parser(words: str) -> None:
    day, why = parse_date(words, TODAY)
    assert bool(day) != bool(why)
