"""The learned model in whole reports: what it changes of the tables' drafts, and when it may propose one of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from diurna.events.compose import Code
from diurna.events.frames import lexicon
from diurna.events.implicit import carry_over
from diurna.events.opinion import Vote, load_opinion
from diurna.events.second import SURE, propose, weigh_drafts
from diurna.language.notes import Draft, Notes, NounPhrase
from diurna.records import Participant

pytestmark = pytest.mark.model


class Heard:
    """A learned model that gives every pair the same vote and points at one word."""

    def __init__(self, root: str, share: float, word: str = "") -> None:
        self.root, self.share, self.word = root, share, word
        self.asked: list[Any] = []

    def votes(self, rows: list[Any]) -> list[Vote]:
        self.asked += rows
        pointed = rows[0][0].find(self.word)
        return [
            Vote(((Code(self.root), self.share),), round(1 - self.share, 2), (pointed, pointed + len(self.word))) for _ in rows
        ]


def read(nlp: Language, text: str, **countries: str) -> tuple[Doc, Notes]:
    """Return a parsed text in which the named words are participants of the given countries."""
    doc = nlp(text)
    heads = [t.i for t in doc if t.text in countries]
    phrases = [
        NounPhrase(i, i + 1, i, "name", Participant("", name=doc[i].text, country=countries[doc[i].text], confidence=0.9))
        for i in heads
    ]
    return doc, Notes(phrases=phrases, phrase_at={p.head: k for k, p in enumerate(phrases)})


def draft(doc: Doc, root: str, trigger: str, actors: list[str], recipients: list[str], **more: Any) -> Draft:
    at = {t.text: t.i for t in doc}
    sides = [at[a] for a in actors], [at[r] for r in recipients]
    word = doc[at[trigger]]
    sentence = [s.start for s in doc.sents].index(word.sent.start)
    return Draft(root, "", "", (word.i,), sentence, *sides, confidence=0.8, **more)


def test_agreement_leaves_confidence_and_doubt_lowers_it(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima shelled Quito.", Lima="PER", Quito="ECU")
    for root, expected in (("ASSAULT", 0.8), ("AID", 0.48)):
        notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], ["Quito"])]
        weigh_drafts(doc, notes, Heard(root, 1.0))  # type: ignore[arg-type]
        assert notes.drafts[0].confidence == pytest.approx(expected)
        assert notes.drafts[0].root == "ASSAULT", "the model never recodes what the tables found"
        assert notes.drafts[0].reasons[-1].field == "confidence"


def test_model_is_asked_with_the_marked_spans(nlp: Language) -> None:
    doc, notes = read(nlp, "It rained. Lima shelled Quito.", Lima="PER", Quito="ECU")
    notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], ["Quito"])]
    model = Heard("ASSAULT", 0.9)
    weigh_drafts(doc, notes, model)  # type: ignore[arg-type]
    ((text, actor, recipient),) = model.asked
    assert [text[a:b] for a, b in (*actor, *recipient)] == ["Lima", "Quito"]


@pytest.mark.parametrize(("share", "proposed"), [(SURE, ["AID"]), (SURE - 0.01, [])])
def test_only_a_sure_model_proposes(nlp: Language, share: float, proposed: list[str]) -> None:
    doc, notes = read(nlp, "Lima blorted Quito with rice.", Lima="PER", Quito="ECU")
    propose(doc, notes, Heard("AID", share, "blorted"), lexicon())  # type: ignore[arg-type]
    assert [d.root for d in notes.drafts] == proposed
    assert [doc[d.trigger[0]].text for d in notes.drafts] == ["blorted"][: len(proposed)]


def test_nothing_is_proposed_where_the_tables_speak(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima shelled Quito.", Lima="PER", Quito="ECU")
    notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], ["Quito"])]
    propose(doc, notes, Heard("AID", 1.0, "shelled"), lexicon())  # type: ignore[arg-type]
    assert [d.root for d in notes.drafts] == ["ASSAULT"]


def test_a_denial_is_never_proposed_as_an_event(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima denied shelling Quito.", Lima="PER", Quito="ECU")
    propose(doc, notes, Heard("REJECT", 1.0, "denied"), lexicon())  # type: ignore[arg-type]
    assert notes.drafts == []


def test_nothing_is_proposed_between_participants_known_only_by_surroundings(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima blorted Quito with rice.", Lima="PER", Quito="ECU")
    for phrase in notes.phrases:
        assert phrase.participant is not None
        phrase.participant = replace(phrase.participant, confidence=0.35)
    propose(doc, notes, Heard("AID", 1.0, "blorted"), lexicon())  # type: ignore[arg-type]
    assert notes.drafts == []


def test_nothing_is_proposed_from_page_litter(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima blorted Quito with rice.", Lima="PER", Quito="ECU")
    notes.boilerplate = ((0, len(doc.text)),)
    propose(doc, notes, Heard("AID", 1.0, "blorted"), lexicon())  # type: ignore[arg-type]
    assert notes.drafts == []


def test_recipient_is_carried_over_within_an_undertaking(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima invited Quito. Lima later cancelled the trip.", Lima="PER", Quito="ECU")
    second = [t.i for t in doc if t.text == "Lima"][1]
    first = draft(doc, "AGREE", "invited", ["Lima"], ["Quito"], thread_kind="visit", stage="invite")
    later = draft(doc, "REJECT", "cancelled", [], [], thread_kind="visit", stage="cancel")
    later.actors, first.actors = [second], [0]
    notes.drafts = [first, later]
    carry_over(doc, notes)
    assert [doc[i].text for i in later.recipients] == ["Quito"]
    later.recipients, later.thread_kind = [], "aid"
    carry_over(doc, notes)
    assert later.recipients == []


@pytest.mark.skipif(load_opinion() is None, reason="this checkout has no learned model")
def test_shipped_model_votes_on_marked_sentences() -> None:
    model = load_opinion()
    assert model is not None
    text = "Lima accused Quito of arming smugglers."
    vote = model.vote(text, [(0, 4)], [(13, 18)])
    assert vote.best.root == "ACCUSE"
    assert sum(p for _, p in vote.ranked) + vote.none == pytest.approx(1, abs=0.01)
    assert text[slice(*vote.trigger)]
    assert model.votes([(text, [(0, 4)], [(13, 18)])] * 2)[1].ranked[0][1] == pytest.approx(vote.ranked[0][1], abs=0.01)


@pytest.mark.skipif(load_opinion() is None, reason="this checkout has no learned model")
def test_a_long_text_is_cut_around_the_marks() -> None:
    model = load_opinion()
    assert model is not None
    filler = "The weather was fine in every valley. " * 60
    text = filler + "Lima accused Quito of arming smugglers."
    at = len(filler)
    assert model.vote(text, [(at, at + 4)], [(at + 13, at + 18)]).best.root == "ACCUSE"
