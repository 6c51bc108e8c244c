"""Bodies and their people: someone of a body, who heads it, and abbreviations that are small words, too (codebook, section 3)."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from diurna.actors.component import ActorFinder
from diurna.actors.judgement import Resolution
from diurna.actors.keys import key
from diurna.actors.resolve import Resolver
from diurna.actors.whole_names import WholeNames
from diurna.language.notes import notes_of
from diurna.records import Participant

RESOLVER = Resolver()


def resolved(text: str, day: str = "2021-03-01") -> Resolution:
    found = RESOLVER.resolve(text, date.fromisoformat(day))
    assert found is not None, text
    return found


def read(nlp: Language, text: str, day: str = "2021-03-01") -> dict[str, Participant | None]:
    doc = nlp.make_doc(text)
    notes_of(doc).published = date.fromisoformat(day)
    doc = WholeNames()(doc)
    for _, component in nlp.pipeline:
        doc = component(doc)
    doc = ActorFinder()(doc)
    return {doc[p.start : p.end].text: p.participant for p in notes_of(doc).phrases}


@pytest.mark.parametrize(
    ("text", "country", "sectors"),
    [
        ("FSB personnel", "RUS", ("SPY",)),
        ("army personnel", "", ("MIL",)),
        ("Russian army personnel", "RUS", ("MIL",)),
        ("UN personnel", "UNO", ("IGO",)),
        ("FSB officers", "RUS", ("SPY",)),
        ("officers of the Royal Navy", "GBR", ("MIL",)),
        ("FBI officials", "USA", ("COP",)),
        ("Hezbollah members", "LBN", ("REB", "PTY")),
        ("UNHCR employees", "UNO", ("IGO", "REF")),
        ("World Bank staff", "IGO", ("IGO", "BUS")),
        ("Foreign Ministry employees", "", ("GOV",)),
        ("US embassy personnel", "USA", ("GOV",)),
        ("NATO troops", "IGO", ("MIL",)),
        ("EU delegation", "EUR", ("IGO",)),
        ("Google employees", "USA", ("LAB",)),
    ],
)
def test_someone_of_a_body_has_its_country_and_sectors(text: str, country: str, sectors: tuple[str, ...]) -> None:
    found = resolved(text)
    assert (found.country, found.sectors) == (country, sectors)


def test_members_and_officers_of_nothing_are_nobody() -> None:
    assert [resolved(word).sectors for word in ("members", "officers")] == [(), ()]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("NZDF", "New Zealand Defence Force", "NZL"),
        ("Canadian Forces", "Canadian Armed Forces", "CAN"),
        ("Australian Defense Force", "Australian Defence Force", "AUS"),
        ("the Ground Self-Defence Force", "Ground Self-Defense Force", "JPN"),
        ("SAPS", "South African Police Service", "ZAF"),
        ("Victoria Police", "Victoria Police", "AUS"),
    ],
)
def test_forces_and_services_by_name(text: str, name: str, country: str) -> None:
    found = resolved(text)
    assert (found.name, found.country, found.kind) == (name, country, "body")


def test_the_noun_behind_an_abbreviation_says_which_body_is_meant() -> None:
    assert (resolved("ADF rebels").country, resolved("ADF troops").country) == ("COD", "AUS")
    assert resolved("ADF personnel").confidence < 0.6


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WHO director Tedros", "Tedros Adhanom Ghebreyesus"),
        ("UN chief Guterres", "António Guterres"),
        ("NATO chief Stoltenberg", "Jens Stoltenberg"),
        ("EU foreign policy chief Borrell", "Josep Borrell"),
        ("IAEA head Grossi", "Rafael Grossi"),
        ("WTO chief Okonjo-Iweala", "Ngozi Okonjo-Iweala"),
        ("Arab League chief Aboul Gheit", "Ahmed Aboul Gheit"),
        ("Fed chair Powell", "Jerome Powell"),
    ],
)
def test_who_heads_a_body_on_that_day(text: str, name: str) -> None:
    assert resolved(text).name == name


def test_a_head_of_another_day_or_name_is_nobody_known() -> None:
    assert resolved("IAEA head Grossi", "2005-01-01").entity_id == ""
    assert resolved("IAEA head Lindqvist").entity_id == ""


def test_head_of_a_body_is_no_title_of_its_own() -> None:
    assert resolved("FBI director Wray").sectors == ("COP",)
    assert resolved("Mossad chief Cohen").sectors == ("SPY",)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "phrase", "name"),
    [
        ("The WHO accused Tanzania of silence.", "The WHO", "World Health Organization"),
        ("WHO director Tedros urged Brazil to close its bars.", "Tedros", "Tedros Adhanom Ghebreyesus"),
        ("WHO experts left Lagos.", "WHO experts", "experts"),
    ],
)
def test_an_abbreviation_in_capitals_is_no_pronoun(nlp: Language, text: str, phrase: str, name: str) -> None:
    found = read(nlp, text)[phrase]
    assert found is not None
    assert (found.name, found.country) == (name, "UNO")


@pytest.mark.model
def test_a_pronoun_stays_one(nlp: Language) -> None:
    for text, pronoun in (("Police held the farmer who fled.", "who"), ("FARMER WHO FLED HELD", "WHO")):
        found = read(nlp, text)[pronoun]
        assert found is not None
        assert key(found.name) == "farmer"


@pytest.mark.model
def test_the_report_says_which_body_its_people_are_of(nlp: Language) -> None:
    found = read(nlp, "Congo sent soldiers to Beni. ADF members had burned three villages in Congo.")["ADF members"]
    assert found is not None
    assert (found.country, found.sectors, found.name) == ("COD", ("REB",), "members")
