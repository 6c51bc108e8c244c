"""To which country phrases belong: what is weighed, over hand-built parses, and what the real weights make of it."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from diurna.actors.component import ActorFinder
from diurna.language import belonging
from diurna.language.belonging import Options, is_open
from diurna.language.coref import Coreference
from diurna.language.notes import Notes, NounPhrase, notes_of
from diurna.language.reading import Reading
from diurna.records import Participant

pytestmark = pytest.mark.model
POLICE = Participant("police", sectors=("COP",), confidence=0.5, resolved_by="agents.tsv: police")


def options_at(nlp: Language, text: str, word: str) -> Options:
    """Return what is weighed at the last phrase headed by a word, all phrases before it being met."""
    doc = nlp(text)
    notes = notes_of(doc)
    notes.published = date(2018, 6, 14)
    ActorFinder()(doc)
    coreference = Coreference()
    reading = Reading(doc, notes, coreference.cues, {}, coreference.resolver.base)
    index = next(i for i, p in reversed(list(enumerate(notes.phrases))) if doc[p.head].text == word)
    for earlier in sorted(range(len(notes.phrases)), key=lambda i: notes.phrases[i].head):
        if notes.phrases[earlier].head < notes.phrases[index].head:
            reading.meet(earlier)
    return Options(reading, index, notes.phrases[index].participant, "")


def read(nlp: Language, text: str) -> tuple[Notes, dict[str, Participant | None]]:
    """Return the notes after coreference, and who stands at each head, the last of a spelling."""
    doc = nlp(text)
    notes = notes_of(doc)
    notes.published = date(2018, 6, 14)
    Coreference()(ActorFinder()(doc))
    return notes, {doc[p.head].text: p.participant for p in notes.phrases}


def test_countries_named_before_and_after_are_weighed(nlp: Language) -> None:
    options = options_at(nlp, "France spoke. Troops fired at protesters near the border with Niger.", "protesters")
    assert options.countries() == ["", "FRA", "NER"]
    assert {"later in the sentence", "not yet named"} <= options.traits("NER")
    assert {"1 back", "subject, 1 back"} <= options.traits("FRA")


def test_who_acts_and_who_owns(nlp: Language) -> None:
    acted = options_at(nlp, "Niger expelled an envoy. France asked the country to think again.", "country")
    assert "a state of it acts above" in acted.traits("FRA")
    assert "a state of another acts above" in acted.traits("NER")
    owned = options_at(nlp, "Niger expelled an envoy. France recalled its troops.", "troops")
    assert owned.noun == "troop"
    assert owned.sector == "MIL"


def test_traits_are_told_apart_by_kind_sector_and_noun(nlp: Language) -> None:
    traits = options_at(nlp, "France spoke. The police fired.", "police").traits("FRA")
    assert {"1 back", "the noun: 1 back", "COP 1 back", "police: 1 back"} <= traits
    pronoun = options_at(nlp, "France spoke. It fired.", "It").traits("FRA")
    assert "thing: 1 back" in pronoun
    assert not any(t.startswith(("none ", "it: ")) for t in pronoun)


@pytest.mark.parametrize(
    ("phrase", "own", "open_"),
    [
        (NounPhrase(0, 1, 0, "pronoun"), None, True),
        (NounPhrase(0, 1, 0, "description"), None, False),
        (NounPhrase(0, 1, 0, "description"), POLICE, True),
        (NounPhrase(0, 1, 0, "description"), Participant("army", country="FRA", confidence=0.9), False),
        (NounPhrase(0, 1, 0, "description"), Participant("the ministry", country="FRA", confidence=0.55), True),
        (NounPhrase(0, 1, 0, "name"), Participant("France", entity_id="country:FRA", country="FRA", confidence=0.9), False),
    ],
)  # fmt: skip
def test_only_phrases_without_a_sure_country_are_open(phrase: NounPhrase, own: Participant | None, open_: bool) -> None:
    assert is_open(phrase, own, {"thing": ("singular", "")} if phrase.kind == "pronoun" else {}) is open_


def test_pronouns_without_a_person_are_not_open() -> None:
    assert not is_open(NounPhrase(0, 1, 0, "pronoun"), None, {})


def test_the_rules_stand_unless_another_country_weighs_clearly_more(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "France sent an envoy. Niger arrested him. Police fired."
    for lead, country in ((0.5, "FRA"), (1.5, "NER")):
        monkeypatch.setattr(belonging.Options, "weigh", lambda self, c, lead=lead: lead if c == "NER" else 0.0)
        _, found = read(nlp, text)
        police = found["Police"]
        assert police is not None
        assert police.country == country
        assert police.resolved_by.startswith("weighed: NER" if country == "NER" else "surroundings: FRA")
