"""Rules of coreference, each on a sentence or two with real parses."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from diurna.actors.component import ActorFinder
from diurna.language.coref import Coreference
from diurna.language.notes import Notes, NounPhrase, notes_of

pytestmark = pytest.mark.model


def read(nlp: Language, text: str, day: str) -> tuple[Notes, dict[str, NounPhrase]]:
    """Return the notes and the last phrase of each head word."""
    doc = nlp(text)
    notes = notes_of(doc)
    notes.published = date.fromisoformat(day)
    Coreference()(ActorFinder()(doc))
    return notes, {doc[phrase.head].text: phrase for phrase in notes.phrases}


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
