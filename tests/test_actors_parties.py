"""Parties inside whole reports: where a name ends, what is no party, whose people somebody is (codebook, section 3)."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from diurna.actors.base import knowledge
from diurna.actors.component import ActorFinder
from diurna.actors.origins import countries_of_name
from diurna.actors.resolve import Resolver
from diurna.actors.then import in_role_then
from diurna.actors.whole_names import WholeNames
from diurna.language.coref import Coreference
from diurna.language.notes import Notes, NounPhrase, notes_of
from diurna.records import Event, Participant, When

pytestmark = pytest.mark.model


def read(nlp: Language, text: str, day: str = "2018-06-14") -> tuple[Doc, Notes]:
    doc = nlp.make_doc(text)
    notes_of(doc).published = date.fromisoformat(day)
    doc = WholeNames()(doc)
    for _, component in nlp.pipeline:
        doc = component(doc)
    return Coreference()(ActorFinder()(doc)), notes_of(doc)


def at(nlp: Language, text: str, head: str, day: str = "2018-06-14") -> tuple[str, str, str]:
    """Country, first sector and name of the last phrase with that head."""
    doc, notes = read(nlp, text, day)
    phrase = [p for p in notes.phrases if doc[p.head].text == head][-1]
    found = phrase.participant
    return (found.country, found.sectors[0] if found.sectors else "", found.name) if found else ("", "", "")


def phrases(nlp: Language, text: str, day: str = "2018-06-14") -> dict[str, NounPhrase]:
    doc, notes = read(nlp, text, day)
    return {doc[p.start : p.end].text: p for p in notes.phrases}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The Organization of American States sent observers to Managua.", "The Organization of American States"),
        ("Save the Children urged Rome to let the ships in.", "Save the Children"),
        ("Aid reached Doctors Without Borders in Juba.", "Doctors Without Borders"),
    ],
)
def test_a_name_of_several_words_is_one_party(nlp: Language, text: str, whole: str) -> None:
    found = phrases(nlp, text)
    assert found[whole].participant is not None
    assert "the Children" not in found
    assert "American States" not in found


def test_joining_tokens_keeps_text_and_sentence_starts(nlp: Language) -> None:
    doc = nlp.make_doc("Rome refused.\nSave the Children protested.")
    starts = [token for token in doc if token.text == "Save"]
    starts[0].is_sent_start = True
    joined = WholeNames()(doc)
    assert joined.text == "Rome refused.\nSave the Children protested."
    assert next(t for t in joined if t.text == "Save the Children").is_sent_start is True


def test_given_names_that_go_on_in_a_small_letter_are_one_token(nlp: Language) -> None:
    text = "His predecessor, Roh Moo-hyun, held talks with Chiang Kai-shek on the Seoul-based bank and anti-tank guns, and Co-op."
    words = [token.text for token in WholeNames()(nlp.make_doc(text))]
    assert {"Moo-hyun", "Kai-shek", "Seoul", "anti", "Co"} <= set(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She starred in a film called Hunting Hamas, about a spy.", "Hamas"),
        ("Critics praised the documentary Inside North Korea on Monday.", "North Korea"),
    ],
)
def test_titles_of_works_are_no_parties(nlp: Language, text: str, words: str) -> None:
    assert all(words not in text or phrase.participant is None for text, phrase in phrases(nlp, text).items())


@pytest.mark.parametrize("text", ["The Oslo agreement was never carried out.", "The Mexico City policy was dropped on Friday."])
def test_where_an_accord_was_made_is_no_party(nlp: Language, text: str) -> None:
    assert all(p.participant is None for p in phrases(nlp, text).values())


def test_joined_nationalities_are_two_parties_in_the_role_of_the_noun(nlp: Language) -> None:
    doc, notes = read(nlp, "French and British warplanes hit a depot near Homs.")
    phrase = next(p for p in notes.phrases if doc[p.head].text == "warplanes")
    members = [notes.phrases[i] for i in phrase.members]
    assert {(m.participant.country, m.participant.sectors[0]) for m in members if m.participant} == {
        ("FRA", "MIL"),
        ("GBR", "MIL"),
    }
    assert {doc[m.start : m.end].text for m in members} == {"French and British warplanes"}


@pytest.mark.parametrize(
    ("text", "head", "day", "country", "sector"),
    [
        ("Saudi jets bombed Houthi positions on Sunday.", "positions", "2018-06-14", "YEM", "REB"),
        ("Troops shelled rebel-held positions in Syria.", "positions", "2018-06-14", "SYR", "REB"),
        ("Colonel Muammar Gaddafi received the envoy.", "Gaddafi", "2000-08-30", "LBY", "GOV"),
        ("Moon called the statement senseless.", "Moon", "2020-06-17", "KOR", "GOV"),
        ("A church delegation flew to Juba.", "delegation", "2018-06-14", "SSD", "REL"),
        ("Gunmen loyal to Joseph Kony burned a village.", "Gunmen", "2010-06-14", "IMG", "REB"),
        ("Joseph Kony sent his fighters across the river.", "fighters", "2010-06-14", "IMG", "REB"),
        ("Oxfam said that looters had emptied two of its trucks.", "trucks", "2018-06-14", "NGO", "NGO"),
        ("Finance Ministers Ana Prado of Peru and Leo Castro of Ecuador signed it.", "Castro", "2018-06-14", "ECU", "GOV"),
        ("Chile counts on its allies.", "allies", "2018-06-14", "", "GOV"),
        ("ACCRA, May 3 - Ghana hired a London firm. The army jailed the foreigners.", "foreigners", "2018-06-14", "GBR", "BUS"),
        ("Kenyan peacekeepers guard the port. Gunmen fired on the Kenyans.", "Kenyans", "2018-06-14", "KEN", "MIL"),
        ("Lebanon shut out Syrians. It has taken in a million refugees.", "refugees", "2018-06-14", "SYR", "REF"),
        ("Two Canadians have been arrested in China, where agents seized them.", "agents", "2018-06-14", "CHN", "COP"),
    ],
)
def test_whose_people_they_are(nlp: Language, text: str, head: str, day: str, country: str, sector: str) -> None:
    assert at(nlp, text, head, day)[:2] == (country, sector)


@pytest.mark.parametrize(
    ("text", "head", "country"),
    [
        # the sentence before tells whose minister he is
        ("Washington wants a vote. Berlin wants to wait. Trade minister Uwe Krantz asked for a month.", "Krantz", "DEU"),
        # he accuses soldiers of the other side
        ("Ukraine denied it. Ukraine is silent. Russia is not. Governor Vadim Orlov accused Ukrainian soldiers.", "Orlov", "RUS"),
        # his name
        ("Turkey shelled Serbia. Turkey fired first. The mayor, Dragan Petrović, left.", "mayor", "SRB"),
        # an envoy is not from where he is
        ("KYIV, May 3 - Ukraine waits. Ottawa is patient. Ambassador Glenn Harper said so.", "Harper", "CAN"),
    ],
)
def test_nationality_of_persons_nobody_knows(nlp: Language, text: str, head: str, country: str) -> None:
    assert at(nlp, text, head)[0] == country


def test_names_tell_where_they_are_common() -> None:
    assert countries_of_name("Volodymyr Kravchenko") == {"UKR", "BLR"}
    assert "FIN" in countries_of_name("Aku Virtanen")
    assert countries_of_name("Kravchenko") == frozenset()
    assert countries_of_name("Zzyq Bbb") == frozenset()


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        ("Peru and Ecuador fired again. Both presidents appealed for calm.", "presidents", {"PER", "ECU"}),
        ("Chad fought Libya for years. The parties met on Monday.", "parties", {"TCD", "LBY"}),
        ("The three guarantors - Russia, Turkey and Iran - rejected the list.", "guarantors", {"RUS", "TUR", "IRN"}),
    ],
)
def test_sets(nlp: Language, text: str, head: str, expected: set[str]) -> None:
    doc, notes = read(nlp, text)
    phrase = next(p for p in notes.phrases if doc[p.head].text == head)
    assert {p.country for i in phrase.members if (p := notes.phrases[i].participant)} == expected


def test_who_has_left_is_the_former(nlp: Language) -> None:
    text = "Soldiers toppled President Marcos Vela on Monday. Judge Luis Paz took the oath. The former president fled by sea."
    assert at(nlp, text, "president")[2] == "Marcos Vela"


def event(when: When, participant: Participant, period: str = "historical") -> Event:
    return Event("e", "a", "ASSAULT", actors=(participant,), when=when, period=period)


def saddam(day: str) -> Participant:
    found = Resolver().resolve("Saddam Hussein", date.fromisoformat(day))
    assert found is not None
    return Participant(
        "Saddam Hussein", ((0, 14),), found.name, found.entity_id, found.country, found.sectors, "", found.resolved_by
    )


def test_role_on_the_day_of_a_past_event() -> None:
    base = knowledge()
    then = When("1988-03-16", "1988-03-16", "day")
    assert saddam("2017-01-01").sectors == ("ELI",)
    assert in_role_then(event(then, saddam("2017-01-01")), base).actors[0].sectors[0] == "GOV"
    assert in_role_then(event(When(), saddam("2017-01-01")), base).actors[0].sectors[0] == "GOV"
    later = When("2005-10-19", "2005-10-19", "day")
    assert in_role_then(event(later, saddam("2017-01-01")), base).actors[0].sectors == ("ELI",)
    assumed = When("2017-01-01", "2017-01-01", "day", assumed=True)
    assert in_role_then(event(assumed, saddam("2017-01-01"), "current"), base).actors[0].sectors == ("ELI",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The SDF captured a village in Syria on Friday. Syrian troops attacked the SDF.", "Syrian Democratic Forces"),
        ("Japan praised the SDF. The Japanese prime minister visited the SDF.", "Self-Defense Forces"),
    ],
)
def test_a_name_that_several_bodies_bear_is_of_the_country_that_the_report_names(nlp: Language, text: str, name: str) -> None:
    assert at(nlp, text, "SDF")[2] == name


def test_a_korean_family_name_alone_is_whom_the_report_names_in_full(nlp: Language) -> None:
    text = "Defence analyst Park Chang-kwon met Japanese officials on Monday in Seoul. Park criticised Tokyo."
    assert at(nlp, text, "Park", "2015-03-05")[2] == "Park Chang-kwon"


def test_who_is_told_to_be_ousted_is_no_government(nlp: Language) -> None:
    text = "Soldiers seized Honduran President Manuel Zelaya on Sunday. The ousted president condemned the coup."
    assert at(nlp, text, "president", "2009-06-29") == ("HND", "ELI", "Manuel Zelaya")


def test_whoever_belongs_to_a_named_person_is_somebody_new(nlp: Language) -> None:
    assert at(nlp, "Putin's wife sued Medvedev's lawyer.", "lawyer")[2] != "Vladimir Putin"


def test_a_common_name_long_out_of_office_is_somebody_else() -> None:
    resolver = Resolver()
    found = {
        text: resolver.resolve(text, date(2020, 1, 1))
        for text in ("John Smith", "Mikhail Gorbachev", "former minister John Smith")
    }
    sure = {text: one.confidence for text, one in found.items() if one is not None}
    assert sure["John Smith"] < 0.4 < sure["Mikhail Gorbachev"] < 0.95
    assert sure["former minister John Smith"] > 0.4
    then = resolver.resolve("John Smith", date(1993, 1, 1))
    assert then is not None
    assert then.confidence > 0.9


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Laura Bush visited Rangoon on Friday. Bush urged the generals to free their prisoners.", "Laura Bush"),
        ("Bush in Rangoon\n\nLaura Bush visited Rangoon on Friday. The generals thanked Bush.", "Laura Bush"),
        ("President Bush praised Laura Bush on Friday. The generals thanked Bush.", "George W. Bush"),
    ],
)
def test_whom_the_report_names_in_full_bears_the_family_name(nlp: Language, text: str, name: str) -> None:
    assert at(nlp, text, "Bush", "2007-10-10")[2] == name


def test_a_titled_president_keeps_the_family_name(nlp: Language) -> None:
    text = "President Clinton recalled his envoy to Haiti. Clinton accused its officers. Senators spoke of Mr. Clinton's war."
    found = [
        p.participant for p in phrases(nlp, text, "1994-09-18").values() if p.participant and "Clinton" in p.participant.text
    ]
    assert {(one.name, one.country) for one in found} == {("Bill Clinton", "USA")}


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        ("Wang Yi, a nurse in Toronto, was arrested. China protested. Later Wang was freed.", "Wang", ("CAN", "MED", "Wang Yi")),
        ("Kim Yong-chol, a farmer in Busan, sued the army.", "Yong-chol", ("KOR", "AGR", "Kim Yong-chol")),
        ("Sergei Lavrov, a guest in Beijing, spoke.", "Lavrov", ("RUS", "GOV", "Sergei Lavrov")),
    ],
)
def test_a_trade_and_a_place_tell_a_namesake(nlp: Language, text: str, head: str, expected: tuple[str, str, str]) -> None:
    assert at(nlp, text, head, "2018-06-14") == expected


def test_a_given_name_taken_for_a_preposition_is_joined_to_the_family_name(nlp: Language) -> None:
    found = phrases(nlp, "Brazil's foreign minister accused Barack Obama of spying on Friday.")
    assert found["Barack Obama"].participant is not None
    assert "Barack" not in found
