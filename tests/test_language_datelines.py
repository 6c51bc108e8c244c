"""Datelines: whose country they give, in openings and in round-ups."""

from __future__ import annotations

import pytest
from spacy.language import Language

from diurna import Article, Coder
from diurna.actors.base import knowledge
from diurna.actors.cities import country_of_place
from diurna.actors.component import ActorFinder
from diurna.language.datelines import Datelines, dateline_end
from diurna.language.notes import notes_of
from diurna.settings import Settings

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(Settings(model=False))


def doers(coder: Coder, text: str) -> list[str]:
    """The countries of those who act, event by event."""
    events = coder.code(Article(text=text, published="2018-06-14")).events
    return [p.country for event in events for p in event.actors]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("KARACHI (AFP) -", "PAK"),
        ("LAGOS (AFP) -", "NGA"),  # nor is it Ricardo Lagos
        ("GUAYAQUIL (Reuters) -", "ECU"),
        ("KANO, May 3 (BBC) -", "NGA"),
        ("Istanbul, Aug 3 (Xinhua) --", "TUR"),
        ("Lagos, (AFP) –", "NGA"),
        ("Quito, 3 Jun (EFE).-", "ECU"),
        ("Accra (dpa) -", "GHA"),
    ],
)
def test_a_dateline_is_of_the_country_of_its_town(coder: Coder, head: str, expected: str) -> None:
    text = f"{head} Soldiers arrested ten students on Monday, officials told reporters."
    assert set(doers(coder, text)) == {expected}


def test_an_agency_gives_no_country_where_the_town_is_unknown(coder: Coder) -> None:
    text = "QWERVILLE (AFP) - Soldiers arrested ten students on Monday. Police told AFP that gunmen killed a farmer."
    assert "FRA" not in doers(coder, text)


@pytest.mark.parametrize("rest", [", Tanzania -", ", Tanzania —", ", May 4 (Xinhua) --", " (AFP) -", ", Tanzania, May 4 (AP) -"])
def test_a_second_dateline_holds_in_many_shapes(coder: Coder, rest: str) -> None:
    text = f"KAMPALA, Uganda (AP) - Soldiers arrested ten men on Monday.\n\nMWANZA{rest} Police detained two students."
    assert doers(coder, text) == ["UGA", "TZA"]


def test_a_headline_in_capitals_goes_before_the_dateline(nlp: Language) -> None:
    doc = nlp("PERU'S REBELS ATTACK, KILL TEN\n\nQUITO, Ecuador, June 3 - Guerrillas killed ten farmers on Monday.")
    ActorFinder()(doc)
    assert Datelines(doc, notes_of(doc), knowledge()).countries == [(0, "PER")]


def test_places_are_no_persons() -> None:
    base = knowledge()
    names = ("GOMA", "Lagos", "Accra", "Tanzania", "Merkel", "")
    assert [country_of_place(base, name) for name in names] == ["COD", "NGA", "GHA", "TZA", "", ""]


@pytest.mark.parametrize("head", ["Accra (dpa) - ", "Quito, 3 Jun (EFE).- ", "Lagos, (AFP) – ", "KYIV/LIMA, May 3 (Wire) - "])
def test_the_report_begins_after_its_dateline(head: str) -> None:
    assert dateline_end(f"{head}Police met.", 0) == len(head)
    assert dateline_end("Police met.", 0) == -1
