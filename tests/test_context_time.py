"""The date grammar against `eval/gold/time.jsonl`, and properties of the calendar (codebook, section 6)."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import diurna
from diurna.context import calendar as cal
from diurna.context.resolve import Anchor, interval_of, resolve
from diurna.context.time import find_expressions
from diurna.settings import Settings

EVAL = Path(__file__).resolve().parent.parent / "eval"
sys.path.insert(0, str(EVAL))

import timing  # noqa: E402

GOLD = Path(__file__).parent.parent / "eval" / "gold" / "time.jsonl"
CASES = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['published']} {c['text']}" for c in CASES])
def test_expression(case: dict[str, Any]) -> None:
    published = date.fromisoformat(case["published"]) if case["published"] else None
    found = find_expressions(case["text"])
    if not case["words"]:
        assert found == []
        return
    when = resolve(found[0], Anchor(published, None, case["forward"]))
    assert (when.words, when.start, when.end, when.precision) == tuple(case[k] for k in ("words", "start", "end", "precision"))


@pytest.mark.parametrize(
    ("words", "start", "end", "precision"),
    [
        ("that same year", "2015-01-01", "2015-12-31", "year"),
        ("later that year", "2015-01-01", "2015-12-31", "year"),
        ("the following day", "2015-03-04", "2015-03-04", "day"),
        ("the next day", "2015-03-04", "2015-03-04", "day"),
        ("the day before", "2015-03-02", "2015-03-02", "day"),
        ("a year later", "2016-01-01", "2016-12-31", "year"),
        ("two days earlier", "2015-03-01", "2015-03-01", "day"),
        ("the following month", "2015-04-01", "2015-04-30", "month"),
        ("in June", "2015-06-01", "2015-06-30", "month"),
    ],
)
def test_story_dates(words: str, start: str, end: str, precision: str) -> None:
    anchor = Anchor(date(2019, 3, 20), cal.day(date(2015, 3, 3)))
    (expression,) = find_expressions(f"They met {words}.")
    when = resolve(expression, anchor)
    assert (when.start, when.end, when.precision) == (start, end, precision)


@pytest.fixture(scope="module")
def coder() -> diurna.Coder:
    return diurna.Coder(Settings(model=False))


@pytest.mark.model
@pytest.mark.parametrize("row", [r for r in timing.rows() if r["part"] == "dev"], ids=lambda r: r["text"][:60])
def test_date_in_context(coder: diurna.Coder, row: timing.Row) -> None:
    when = timing.date_event(coder, row)
    assert (when.start, when.end, when.precision) == (row["start"], row["end"], row["precision"])


@pytest.mark.model
def test_dates_of_the_held_back_part(coder: diurna.Coder) -> None:
    held = [r for r in timing.rows() if r["part"] == "held"]
    assert sum(timing.right(r, timing.date_event(coder, r)) for r in held) >= 0.9 * len(held)


@given(st.text(max_size=60), st.dates(), st.booleans())
def test_any_text_and_day_resolve_without_error(text: str, published: date, forward: bool) -> None:
    for expression in find_expressions(text):
        assert text[expression.start : expression.end].strip()
        interval = interval_of(expression, Anchor(published, None, forward))
        assert interval is None or interval.start <= interval.end


@given(st.dates(), st.integers(0, 6), st.booleans(), st.booleans())
def test_weekdays_lie_within_a_week(anchor: date, weekday: int, forward: bool, strict: bool) -> None:
    found = cal.weekday_from(anchor, weekday, forward, strict).start
    assert abs((found - anchor).days) <= 7
    assert found in (date.min, date.max) or found.weekday() == weekday
