"""Mentions on their own: who they stand for on a day (codebook, section 3)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diurna.actors.keys import key, singular, skeleton
from diurna.actors.resolve import Resolver
from diurna.actors.segments import split_words
from diurna.evaluate.actors import evaluate_actors

RESOLVER = Resolver()


def resolved(text: str, day: str = "2018-06-14") -> tuple[str, str]:
    found = RESOLVER.resolve(text, date.fromisoformat(day))
    return (found.country, found.sectors[0] if found.sectors else "") if found else ("", "")


@pytest.mark.parametrize(
    ("text", "day", "country", "sector"),
    [
        ("Russian President Vladimir Putin", "2018-06-14", "RUS", "GOV"),
        ("Turkey's foreign minister", "2010-01-01", "TUR", "GOV"),
        ("the US-backed Syrian Democratic Forces", "2018-01-01", "SYR", "REB"),
        ("Iranian-backed militias", "2018-01-01", "", "UAF"),
        ("ousted Honduran president Manuel Zelaya", "2009-07-05", "HND", "ELI"),
        ("London-based Amnesty International", "2018-01-01", "NGO", "NGO"),
        ("ethnic Albanian rebels in Macedonia", "2001-04-01", "MKD", "REB"),
        ("Houthi fighters", "2018-01-01", "YEM", "REB"),
        ("a Turkish court", "2018-01-01", "TUR", "JUD"),
        ("Seoul's defence ministry", "2018-01-01", "KOR", "GOV"),
        ("South Korean navy", "2018-01-01", "KOR", "MIL"),
        ("protesters in Minsk", "2020-08-10", "BLR", "CVL"),
        ("12 civilians", "2018-01-01", "", "CVL"),
        ("About 120,000 Lithuanians", "1991-01-01", "LTU", "CVL"),
        ("over 40 French soldiers", "2018-01-01", "FRA", "MIL"),
        ("the Bombay High Court", "2018-01-01", "IND", "JUD"),
        ("Kim Jong-un's sister", "2018-01-01", "PRK", "ELI"),
        ("UN peacekeepers", "2018-01-01", "UNO", "MIL"),
        ("forces loyal to Bashar al-Assad", "2013-01-01", "SYR", "MIL"),
        ("the Bush administration", "2003-03-17", "USA", "GOV"),
        ("the Australian government", "2001-08-29", "AUS", "GOV"),
        ("Zaire", "1992-01-01", "COD", "GOV"),
        ("Israelis", "1996-01-01", "ISR", "CVL"),
        ("Dutch peacekeepers", "1995-07-11", "NLD", "MIL"),
        ("Pakistan's Supreme Court", "2012-06-19", "PAK", "JUD"),
    ],
)
def test_composite_mentions(text: str, day: str, country: str, sector: str) -> None:
    assert resolved(text, day) == (country, sector)


def test_role_follows_the_day() -> None:
    assert resolved("Angela Merkel", "2015-01-01") == ("DEU", "GOV")
    assert resolved("Angela Merkel", "2023-01-01") == ("DEU", "ELI")


def test_title_in_the_text_beats_the_table() -> None:
    assert resolved("former Chancellor Angela Merkel", "2015-01-01") == ("DEU", "ELI")


def test_family_name_needs_the_day() -> None:
    first = RESOLVER.resolve("President Bush", date(1991, 1, 1))
    second = RESOLVER.resolve("President Bush", date(2003, 1, 1))
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("George H. W. Bush", "George W. Bush")


@pytest.mark.parametrize("spelling", ["Muammar Gaddafi", "Moammar Gadhafi", "Muammar al-Qaddafi", "Moammar Kadafi"])
def test_transliterations_meet(spelling: str) -> None:
    found = RESOLVER.resolve(spelling, date(1988, 1, 1))
    assert found is not None
    assert found.name == "Muammar Gaddafi"


@pytest.mark.parametrize("text", ["us", "the meeting", "", "'s", ",", "vital economic support"])
def test_nobody_is_nobody(text: str) -> None:
    found = RESOLVER.resolve(text, date(2018, 1, 1))
    assert found is None or found.confidence < 0.4


def test_a_shared_family_name_is_not_enough() -> None:
    found = RESOLVER.resolve("Quentin Putin", date(2018, 1, 1))
    assert found is None or found.name != "Vladimir Putin"


def test_resolution_names_its_row() -> None:
    found = RESOLVER.resolve("Russian President Vladimir Putin", date(2005, 1, 1))
    assert found is not None
    assert found.resolved_by.startswith("leaders.tsv: president")


def test_keys() -> None:
    assert key("Kim Jong-Un") == key("Kim Jong Un")
    assert key("Recep Tayyip Erdoğan") == "recep tayyip erdogan"
    assert key("Bashar al-Assad") == key("Bashar Assad")
    assert singular("riot policemen") == "riot policeman"
    assert skeleton("gadhafi") == skeleton("qaddafi")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    RESOLVER.resolve(text, date(2000, 1, 1))
    assert all(word.key for word in split_words(text))


def test_variants_of_names_and_composite_mentions_stay_right() -> None:
    file = Path(__file__).parent.parent / "eval" / "gold" / "actors_variants.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    def resolve(text: str, day: str) -> tuple[str, tuple[str, ...]]:
        found = RESOLVER.resolve(text, date.fromisoformat(day))
        return (found.country, found.sectors) if found else ("", ())

    measures, errors = evaluate_actors(rows, resolve)
    assert measures["both"]["n"] >= 130
    assert measures["both"]["accuracy"] >= 0.97, errors


@pytest.mark.parametrize("mention", ["World Food Program", "World Food Programme"])
def test_british_and_american_spelling(mention: str) -> None:
    found = RESOLVER.resolve(mention, date(2010, 1, 1))
    assert found is not None
    assert found.country == "UNO"


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("Assad", "1995-03-01", "Hafez al-Assad"),
        ("President Assad", "1995-03-01", "Hafez al-Assad"),
        ("Assad", "2015-03-01", "Bashar al-Assad"),
        ("Trudeau", "1975-03-01", "Pierre Trudeau"),
    ],
)
def test_a_family_name_is_whose_bearer_held_office_that_day(text: str, day: str, name: str) -> None:
    found = RESOLVER.resolve(text, date.fromisoformat(day))
    assert found is not None
    assert (found.name, found.sectors) == (name, ("GOV",))


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("the SDF", "2018-01-01", "; or "),  # of Syria and of Japan
        ("Angela Merkel", "1985-01-01", "before the first spell known"),
        ("the Coalition Provisional Authority", "2005-06-01", "not of that day"),
    ],
)
def test_doubt_shows(text: str, day: str, words: str) -> None:
    found = RESOLVER.resolve(text, date.fromisoformat(day))
    assert found is not None
    assert found.confidence <= 0.6
    assert words in found.resolved_by
    known = RESOLVER.resolve("NATO", date.fromisoformat(day))
    assert known is not None
    assert known.confidence > 0.9


@pytest.mark.parametrize(
    ("text", "day", "name", "country", "sure"),
    [
        ("Burma", "1980-01-01", "Burma", "MMR", True),
        ("Burma", "2020-01-01", "Myanmar", "MMR", True),
        ("Upper Volta", "1983-01-01", "Upper Volta", "BFA", True),
        ("Biafra", "1968-01-01", "Biafra", "NGA", True),
        ("Biafra", "2020-01-01", "Biafra", "NGA", False),
        ("Bonn", "2015-01-01", "West Germany", "DEU", False),
    ],
)
def test_states_by_the_name_of_their_day(text: str, day: str, name: str, country: str, sure: bool) -> None:
    found = RESOLVER.resolve(text, date.fromisoformat(day))
    assert found is not None
    assert (found.name, found.country, found.confidence > 0.9) == (name, country, sure)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Kim Jong-hoon", ""), ("Kim Jong-eun", "Kim Jong-un"), ("Park Geun-ho", ""), ("Ali Saleh", "")],
)
def test_another_given_name_is_another_person(text: str, name: str) -> None:
    found = RESOLVER.resolve(text, date(2018, 6, 14))
    assert (found.name if found is not None and found.entity_id else "") == name


def test_an_ordinary_word_before_a_noun_is_no_leader() -> None:
    assert resolved("Young protesters") == ("", "CVL")
    assert resolved("the Brown government", "2009-01-01") == ("GBR", "GOV")


def test_a_body_of_another_country_than_the_one_named_is_doubtful() -> None:
    found = RESOLVER.resolve("the Belgian ANC", date(2018, 6, 14))
    assert found is None or found.confidence < 0.6
