"""How present candidates still are: what circumstances make of the choice, over hand-built parses and with the real weights."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from diurna.actors.component import ActorFinder
from diurna.language.coref import Coreference
from diurna.language.notes import notes_of
from diurna.language.reading import Reading, referring

pytestmark = pytest.mark.model


def meant(nlp: Language, text: str, word: str) -> str:
    """Return the name that the last pronoun of a spelling stands for."""
    doc = nlp(text)
    notes = notes_of(doc)
    notes.published = date(2018, 6, 14)
    Coreference()(ActorFinder()(doc))
    found = [p.participant for p in notes.phrases if doc[p.head].text == word]
    return found[-1].name if found and found[-1] is not None else ""


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Vladimir Putin opened the talks. “Kim Jong-un is a good host,” he said.", "he", "Vladimir Putin"),
        ("Vladimir Putin spoke. “Emmanuel Macron was here,” said Putin. He added: “I like him.”", "He", "Vladimir Putin"),
        ("Angela Merkel told Emmanuel Macron that she would not come.", "she", "Angela Merkel"),
        ("Emmanuel Macron received Viktor Orban in Paris. He praised him.", "He", "Emmanuel Macron"),
    ],
)  # fmt: skip
def test_who_speaks_and_what_is_quoted_decide(nlp: Language, text: str, word: str, name: str) -> None:
    assert meant(nlp, text, word) == name


def test_kinds_of_referring_words() -> None:
    cues = Coreference().cues
    assert [referring(cues.get(w, {})) for w in ("she", "them", "its", "general")] == ["person", "plural", "thing", "description"]


def test_places_tell_how_far_and_how_often(nlp: Language) -> None:
    doc = nlp("Angela Merkel met Vladimir Putin. Putin smiled. It rained. He left.")
    notes = notes_of(doc)
    ActorFinder()(doc)
    coreference = Coreference()
    reading = Reading(doc, notes, coreference.cues, {}, coreference.resolver.base)
    for index in range(len(notes.phrases)):
        reading.meet(index)
    head = next(t for t in doc if t.text == "He")
    found = [c for c in reading.met if c.person]
    places = {(c.participant.name, c.head.i): reading.places(head, found)[c.index] for c in found}
    first, second, third = (places[key] for key in sorted(places, key=lambda key: key[1]))
    assert [p.gap for p in (first, second, third)] == [3, 3, 2]
    assert [p.nearer for p in (first, second, third)] == [1, 0, 0]
    assert [p.mentions for p in (first, second, third)] == [1, 2, 2]
