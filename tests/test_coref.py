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
