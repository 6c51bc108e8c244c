"""Who is meant where an event's own words name nobody (weights of `data/implied_weights.tsv`, over the real pipeline)."""

from __future__ import annotations

import pytest

import diurna
from diurna.events import implied
from diurna.settings import Settings


@pytest.fixture(scope="module")
def coder() -> diurna.Coder:
    return diurna.Coder(Settings(model=False))


def sides(coder: diurna.Coder, text: str, root: str) -> tuple[list[str], list[str]]:
    result = coder.code(diurna.Article(text=text, published="2019-05-14"))
    event = next(e for e in result.events if e.event == root)
    return [p.country for p in event.actors], [p.country for p in event.recipients]


def test_an_accusation_without_addressee_goes_to_whom_the_report_speaks_of(coder: diurna.Coder) -> None:
    text = "Turkey jailed two Dutch journalists on Monday. The Netherlands condemned the ruling."
    assert sides(coder, text, "ACCUSE") == (["NLD"], ["TUR"])


def test_the_explanation_says_that_the_context_named_the_participant(coder: diurna.Coder) -> None:
    text = "Turkey jailed two Dutch journalists on Monday. The Netherlands condemned the ruling."
    result = coder.code(diurna.Article(text=text, published="2019-05-14"))
    event = next(e for e in result.events if e.event == "ACCUSE" and e.recipients)
    reasons = [r for r in event.explanation if r.field == "recipients"]
    assert any(r.rule.startswith("from the context") and r.words == "Turkey" for r in reasons)


def test_nobody_is_made_up_where_nobody_is_named(coder: diurna.Coder) -> None:
    assert sides(coder, "Two Mexican journalists were shot dead on Monday.", "ASSAULT") == ([], ["MEX"])


def test_nothing_is_filled_below_the_threshold(coder: diurna.Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(implied, "least", lambda side: 99.0)
    text = "Turkey jailed two Dutch journalists on Monday. The Netherlands condemned the ruling."
    assert sides(coder, text, "ACCUSE") == (["NLD"], [])
