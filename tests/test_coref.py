"""Noun phrases and coreference on real parses."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

import diurna.language.coref
from diurna.actors.component import ActorFinder
from diurna.language.coref import Coreference
from diurna.language.notes import Notes, NounPhrase, notes_of

pytestmark = pytest.mark.model


def read(nlp: Language, text: str, day: str = "2018-06-14") -> tuple[Notes, dict[str, NounPhrase]]:
    """Return the notes and the last phrase of each head word."""
    doc = nlp(text)
    notes = notes_of(doc)
    notes.published = date.fromisoformat(day)
    Coreference()(ActorFinder()(doc))
    return notes, {doc[phrase.head].text: phrase for phrase in notes.phrases}


def country(phrase: NounPhrase) -> str:
    return phrase.participant.country if phrase.participant else ""


def test_names_adjectives_and_owners(nlp: Language) -> None:
    _, phrases = read(nlp, "Russian shelling killed 12 civilians in Kharkiv, and Tokyo's condemnation followed.", "2022-03-05")
    assert country(phrases["Russian"]) == "RUS"
    assert country(phrases["Tokyo"]) == "JPN"
    assert phrases["civilians"].participant is not None
    assert phrases["civilians"].participant.sectors == ("CVL",)


def test_family_name_of_the_article(nlp: Language) -> None:
    _, phrases = read(nlp, "Chilean lawmaker Rosa Quintana met farmers. Later Quintana criticised the president.")
    assert country(phrases["Quintana"]) == "CHL"


def test_she_and_he(nlp: Language) -> None:
    text = "Angela Merkel met Vladimir Putin in Berlin. She urged him to withdraw his troops."
    _, phrases = read(nlp, text, "2015-01-01")
    assert phrases["She"].participant is not None
    assert phrases["She"].participant.name == "Angela Merkel"
    assert country(phrases["him"]) == "RUS"


def test_regime_is_not_the_subjects_own(nlp: Language) -> None:
    _, phrases = read(nlp, "Vladimir Putin met a delegation from North Korea. Putin praised the regime.")
    assert country(phrases["regime"]) == "PRK"


def test_two_countries(nlp: Language) -> None:
    notes, phrases = read(nlp, "India fired on Pakistan on Sunday. The two countries later agreed to talk.")
    assert {country(notes.phrases[i]) for i in phrases["countries"].members} == {"IND", "PAK"}


def test_speaker_of_a_quotation(nlp: Language) -> None:
    _, phrases = read(nlp, "“We will not retreat,” Volodymyr Zelensky said on Monday.", "2022-03-05")
    assert country(phrases["We"]) == "UKR"


def test_relative_pronoun(nlp: Language) -> None:
    _, phrases = read(nlp, "Syrian soldiers who shelled the town withdrew.")
    assert country(phrases["who"]) == "SYR"


def test_surroundings_are_marked(nlp: Language) -> None:
    _, phrases = read(nlp, "KAMPALA, May 3 (Agency) - Police fired tear gas at students.", "2011-05-03")
    police = phrases["Police"].participant
    assert police is not None
    assert police.country == "UGA"
    assert police.resolved_by.startswith("surroundings")


def test_factories_are_registered() -> None:
    assert diurna.language.coref.make_coref
    assert Language.has_factory("diurna_actors")
    assert Language.has_factory("diurna_coref")


def test_the_north_is_the_state_of_that_name(nlp: Language) -> None:
    text = "North Korea fired missiles over South Korea. The North later warned that the South would regret its drills."
    _, phrases = read(nlp, text)
    assert (country(phrases["North"]), country(phrases["South"])) == ("PRK", "KOR")
    _, phrases = read(nlp, "Peru held a vote. Snow fell in the North.")
    assert "North" not in phrases or not country(phrases["North"])


def test_police_of_nowhere_belong_to_the_dateline_not_to_a_name_beside_them(nlp: Language) -> None:
    text = "LIMA, Peru (Agency) - Two airports in Peru were shut on Friday.\n\nPolice seized an American on the road."
    _, phrases = read(nlp, text)
    assert country(phrases["Police"]) == "PER"


def test_congress_is_the_one_at_home(nlp: Language) -> None:
    text = (
        "Peru voted on Sunday. Peru's president praised Peru's teachers. Peruvian troops left. Congress impeached the president."
    )
    _, phrases = read(nlp, text)
    assert country(phrases["Congress"]) == "PER"
    _, phrases = read(nlp, "Congress impeached the president of the United States.")
    assert country(phrases["Congress"]) == "USA"


def name(phrase: NounPhrase) -> str:
    return phrase.participant.name if phrase.participant else ""


def members(notes: Notes, phrase: NounPhrase) -> set[str]:
    return {name(notes.phrases[i]) for i in phrase.members}


@pytest.mark.parametrize(
    ("text", "day", "head", "expected"),
    [
        # an epithet with a country of its own
        ("Vladimir Putin met Emmanuel Macron. The French president left early.", "2022-02-08", "president", "Emmanuel Macron"),
        # a bare office means its holder, not the subject of its own clause
        ("Barack Obama met Angela Merkel. She said the president was tired.", "2015-06-08", "president", "Barack Obama"),
        # a body for "the alliance", a party for "the party"
        ("NATO and Russia met. The alliance sent ships.", "2016-04-20", "alliance", "NATO"),
        ("Robert Mugabe left ZANU-PF. The party chose another leader.", "2017-11-21", "party", "ZANU-PF"),
        # a name that a table calls a woman's goes before one that no table knows
        ("Barack Obama met Angela Merkel. She smiled.", "2015-06-08", "She", "Angela Merkel"),
        # a dateline is where the report was written
        ("VIENNA - Iran signed a deal. It will cut its stocks.", "2015-07-14", "It", "Iran"),
        # coordination does not make each of two plural
        ("Iran and France met on Monday. Later Turkey said it would join.", "2015-07-14", "it", "Turkey"),
        # "is ready to" has a real subject
        ("The European Union met on Monday. It is ready to impose sanctions.", "2014-03-18", "It", "European Union"),
        # the subject of a verb shared with an earlier one is no rival of its object
        ("Soldiers arrested Mohamed Morsi and took him to a barracks.", "2013-07-03", "him", "Mohamed Morsi"),
        # a possessive in an apposition is not its head
        ("Fernando Lugo resigned. Federico Franco, his deputy, was sworn in.", "2012-06-22", "his", "Fernando Lugo"),
        # a pronoun gives its gender to the name
        ("George Bush met Margaret Thatcher. He smiled, and she praised her hosts.", "1990-08-03", "her", "Margaret Thatcher"),
        # who has an apposition is introduced to be spoken of
        ("Yoweri Museveni left. He was tired. Police seized Jan Kos, a law student. He wept.", "2011-05-03", "He", "Jan Kos"),
        # the former holder is named first, the new one last
        (
            "President Suharto gave way to his deputy, B.J. Habibie. The new president spoke.",
            "1998-05-22",
            "president",
            "B. J. Habibie",
        ),
        # "former" makes a person of a noun for a band
        (
            "Daniel Ortega ordered the arrest of a bishop. The former guerrilla accused a priest.",
            "2022-08-20",
            "guerrilla",
            "Daniel Ortega",
        ),
        # nobody speaks of himself as the one who speaks
        (
            '"We will wait," Greek minister Yanis Varoufakis said. "Our country has suffered, and I told them so."',
            "2015-06-05",
            "I",
            "Yanis Varoufakis",
        ),
    ],
)
def test_who_is_meant(nlp: Language, text: str, day: str, head: str, expected: str) -> None:
    assert name(read(nlp, text, day)[1][head]) == expected


def test_two_leaders_are_named_persons(nlp: Language) -> None:
    text = "Vladimir Putin received Emmanuel Macron. A general stood by. The two leaders spoke for hours. They agreed on little."
    notes, phrases = read(nlp, text, "2022-02-08")
    assert members(notes, phrases["leaders"]) == {"Vladimir Putin", "Emmanuel Macron"}
    assert phrases["They"].members == phrases["leaders"].members


def test_both_sides_are_the_states_spoken_of(nlp: Language) -> None:
    text = "ISTANBUL - Russia said it would cut back its attacks. Ukraine wants guarantees. Both sides exchanged drafts."
    notes, phrases = read(nlp, text, "2022-03-30")
    assert members(notes, phrases["sides"]) == {"Russia", "Ukraine"}


def test_they_may_be_nobodies_people(nlp: Language) -> None:
    _, phrases = read(nlp, "NATO stopped its raids. Slobodan Milosevic told his compatriots that they had won.", "1999-06-10")
    assert phrases["they"].participant is None


def test_the_country_is_seldom_the_one_that_acts(nlp: Language) -> None:
    _, phrases = read(nlp, "Niger expelled a French envoy. France asked the country to think again.", "2023-08-25")
    assert phrases["country"].participant is not None
    assert phrases["country"].participant.country == "NER"


@pytest.mark.parametrize(
    ("text", "head", "antecedent"),
    [
        ("Gunmen seized a hotel in Bamako. The attackers shot two guards.", "attackers", "Gunmen"),
        ("Students occupied a hall in Taipei. The demonstrators opposed a pact.", "demonstrators", "Students"),
        ("Police in Lima seized two clerks. The demonstrators opposed a pact.", "demonstrators", ""),
    ],
)
def test_people_met_just_before(nlp: Language, text: str, head: str, antecedent: str) -> None:
    notes, phrases = read(nlp, text, "2014-03-20")
    earlier = phrases[head].antecedent
    assert (notes.phrases[earlier].participant.name if earlier >= 0 and notes.phrases[earlier].participant else "") == antecedent


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        ("Greece and Turkey sent ships. The rivals blamed each other.", "rivals", {"Greece", "Turkey"}),
        (
            "The Polisario Front accused Morocco of an attack. The two sides had agreed to wait.",
            "sides",
            {"Polisario Front", "Morocco"},
        ),
    ],
)
def test_opposed_sides(nlp: Language, text: str, head: str, expected: set[str]) -> None:
    notes, phrases = read(nlp, text, "1996-01-31")
    assert members(notes, phrases[head]) == expected


def test_people_at_home_are_from_where_they_act(nlp: Language) -> None:
    text = "MANAMA - Bahrain sealed off a square in the capital. In Saudi Arabia, hundreds marched on Tuesday."
    _, phrases = read(nlp, text, "2011-03-17")
    assert country(phrases["hundreds"]) == "SAU"


_ROUND_UP = """KAMPALA, March 3 (Agency) - Uganda's army said on Sunday that it had killed 12 rebels. Uganda praised its soldiers.

NAIROBI, March 3 (Agency) — The army arrested ten men on Monday.

DAR ES SALAAM, Tanzania (Agency) - Police detained two suspects."""


def test_under_another_dateline_nobody_refers_back(nlp: Language) -> None:
    _, phrases = read(nlp, _ROUND_UP)
    assert [country(phrases[word]) for word in ("soldiers", "army", "men", "Police")] == ["UGA", "KEN", "KEN", "TZA"]


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        ("KHARTOUM, March 3 (Agency) - Gunmen killed three soldiers in Chad. Sudan denied arming them.", "Gunmen", "TCD"),
        ("France spoke up. The army killed 20 rebels in northern Mali. France sent troops.", "army", "MLI"),
        ("Police in Berlin said the attack in Mali was carried out by rebels. Germany was silent.", "rebels", "MLI"),
        ("Police in Berlin said the attack in Mali was carried out by rebels. Germany was silent.", "Police", "DEU"),
        ("ANKARA - Turkey spoke to Iraq. In Iraq, militants attacked a convoy. Turkey blamed Iran.", "militants", "IRQ"),
        ("Saudi jets bombed a hospital in Yemen. Saudi Arabia said it was an error.", "hospital", "YEM"),
    ],
)
def test_the_place_of_its_own_clause_goes_before_home(nlp: Language, text: str, head: str, expected: str) -> None:
    _, phrases = read(nlp, text)
    assert country(phrases[head]) == expected


def test_a_counterpart_is_of_the_country_named_and_has_his_owners_role(nlp: Language) -> None:
    text = "Polish Foreign Minister Jacek Czaputowicz met his Lithuanian counterpart in Warsaw."
    found = read(nlp, text, "2018-09-12")[1]["counterpart"].participant
    assert found is not None
    assert (found.country, found.sectors[:1]) == ("LTU", ("GOV",))
    _, phrases = read(nlp, "Jair Bolsonaro scolded Emmanuel Macron. He accused his French counterpart of pride.", "2019-08-23")
    assert name(phrases["counterpart"]) == "Emmanuel Macron"
