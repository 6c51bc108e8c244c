"""The learned model in whole reports: how it weighs and completes the tables' drafts, and when it proposes one of its own."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from diurna.events.belief import belief, least, odds
from diurna.events.compose import Code
from diurna.events.frames import lexicon
from diurna.events.implicit import carry_over
from diurna.events.opinion import Glimpse, Passage, Telling, load_opinion
from diurna.events.passages import Passages
from diurna.events.second import SURE_OF, SecondOpinion
from diurna.language.notes import Draft, Notes, NounPhrase
from diurna.records import Participant

pytestmark = pytest.mark.model


class Heard:
    """A learned model that notices one word with one code, and sees given words as actor and recipient."""

    def __init__(self, word: str, code: Code, share: float = 1.0, actor: str = "Lima", recipient: str = "Quito") -> None:
        self.word, self.code, self.share = word, code, share
        self.sure = 1.0  # how sure it is of the code; the rest goes to nothing (code without a root)
        self.parties = (actor, recipient)
        self.asked: list[tuple[str, Any, Any]] = []
        self.texts: dict[tuple[Any, ...], str] = {}

    def read(self, texts: list[str]) -> list[Passage]:
        return [self._passage(text) for text in texts]

    def _passage(self, text: str) -> Passage:
        at = text.find(self.word)
        noticed = (Glimpse((at, at + len(self.word)), self.share, self.code.root),) if at >= 0 and self.word else ()
        offsets = tuple(m.span() for m in re.finditer(r"\w+", text))
        self.texts[offsets] = text
        return Passage(noticed, offsets, np.zeros((len(offsets), 1)))

    def tellings(self, passage: Passage, asked: list[Any]) -> list[Telling]:
        text = self.texts[passage.offsets]
        self.asked += [(text, *question) for question in asked]
        ranked = ((self.code, self.sure), (Code(""), 1 - self.sure))
        starts, ends = zip(*passage.offsets, strict=True)
        roles = [[float(text[a:b] == party) for party in self.parties] for a, b in passage.offsets]
        return [Telling(ranked, {}, starts, ends, roles) for _ in asked]


def read(nlp: Language, text: str, **countries: str) -> tuple[Doc, Notes]:
    """Return a parsed text in which the named words are participants of the given countries."""
    doc = nlp(text)
    heads = [t.i for t in doc if t.text in countries]
    phrases = [
        NounPhrase(i, i + 1, i, "name", Participant("", name=doc[i].text, country=countries[doc[i].text], confidence=0.9))
        for i in heads
    ]
    return doc, Notes(text=doc.text, phrases=phrases, phrase_at={p.head: k for k, p in enumerate(phrases)})


def draft(doc: Doc, root: str, trigger: str, actors: list[str], recipients: list[str], **more: Any) -> Draft:
    at = {t.text: t.i for t in doc}
    sides = [at[a] for a in actors], [at[r] for r in recipients]
    word = doc[at[trigger]]
    sentence = [s.start for s in doc.sents].index(word.sent.start)
    return Draft(root, "", "", (word.i,), sentence, *sides, confidence=0.8, frame="assault:1", **more)


def speak(doc: Doc, notes: Notes, model: Heard) -> None:
    second = SecondOpinion(doc, notes, Passages(doc, notes, model), lexicon())  # type: ignore[arg-type]
    second.speak()
    second.judge()


def words(doc: Doc, indices: Any) -> list[str]:
    return [doc[i].text for i in indices]


def test_agreement_is_believed_more_than_doubt(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima shelled Quito.", Lima="PER", Quito="ECU")
    believed = []
    for code, share in ((Code("ASSAULT"), 1.0), (Code("ASSAULT"), 0.3), (Code("AID"), 0.3)):
        notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], ["Quito"])]
        model = Heard("shelled", code, share)
        model.sure = 0.5
        speak(doc, notes, model)
        believed.append(notes.drafts[0].confidence if notes.drafts else 0.0)
        assert not notes.drafts or "confidence" in {r.field for r in notes.drafts[0].reasons}
    assert believed[0] > believed[1] > believed[2]


def test_the_tables_root_stands_unless_the_model_is_nearly_certain(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima shelled Quito.", Lima="PER", Quito="ECU")
    for sure, root in ((SURE_OF - 0.01, "ASSAULT"), (SURE_OF + 0.01, "AID")):
        notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], ["Quito"])]
        model = Heard("shelled", Code("AID"))
        model.sure = sure
        second = SecondOpinion(doc, notes, Passages(doc, notes, model), lexicon())  # type: ignore[arg-type]
        second.speak()
        assert [d.root for d in notes.drafts] == [root]


def test_belief_adds_the_odds_of_its_evidence() -> None:
    assert belief({"seen": odds(0.9)}) > belief({"seen": odds(0.5)}) > belief({"seen": odds(0.1)})
    assert belief({"unheard of": 9.0}) == belief({})
    assert odds(0.0) == pytest.approx(-odds(1.0))
    assert 0 < least() < 1


def test_model_is_asked_with_the_trigger_marked(nlp: Language) -> None:
    doc, notes = read(nlp, "It rained. Lima shelled Quito.", Lima="PER", Quito="ECU")
    notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], ["Quito"])]
    model = Heard("shelled", Code("ASSAULT"))
    speak(doc, notes, model)
    ((text, trigger, (start, end)),) = model.asked
    assert [text[a:b] for a, b in trigger] == ["shelled"]
    assert (text, text[start:end]) == ("It rained. Lima shelled Quito.", "Lima shelled Quito.")


def test_the_model_says_who_takes_part_only_where_it_has_read(nlp: Language) -> None:
    long = "Cali " + "slept and " * 80 + "slept."
    doc, notes = read(nlp, f"{long} It rained on Quito. Lima shelled it.", Lima="PER", Quito="ECU", Cali="COL")
    notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], [])]
    passages = Passages(doc, notes, Heard("shelled", Code("ASSAULT")))  # type: ignore[arg-type]
    second = SecondOpinion(doc, notes, passages, lexicon())
    second.speak()
    at = {t.text: t.i for t in doc}
    assert [second.parts(notes.drafts[0], at[name]) for name in ("Quito", "Lima", "Cali")] == [(0.0, 1.0), (1.0, 0.0), None]


def test_missing_participants_are_completed_and_known_ones_kept(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima shelled Quito near Cali.", Lima="PER", Quito="ECU", Cali="COL")
    notes.drafts = [draft(doc, "ASSAULT", "shelled", [], ["Cali"])]
    speak(doc, notes, Heard("shelled", Code("ASSAULT")))
    assert words(doc, notes.drafts[0].actors) == ["Lima"]
    assert words(doc, notes.drafts[0].recipients) == ["Cali"]


@pytest.mark.parametrize(("share", "proposed"), [(1.0, ["AID"]), (0.02, [])])
def test_only_a_sure_model_proposes(nlp: Language, share: float, proposed: list[str]) -> None:
    doc, notes = read(nlp, "Lima blorted Quito with rice.", Lima="PER", Quito="ECU")
    speak(doc, notes, Heard("blorted", Code("AID", "", "073"), share))
    assert [d.root for d in notes.drafts] == proposed
    for made in notes.drafts:
        assert (words(doc, made.trigger), words(doc, made.actors), words(doc, made.recipients)) == (
            ["blorted"],
            ["Lima"],
            ["Quito"],
        )


def test_nothing_is_proposed_where_the_tables_speak(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima shelled Quito.", Lima="PER", Quito="ECU")
    notes.drafts = [draft(doc, "ASSAULT", "shelled", ["Lima"], ["Quito"])]
    speak(doc, notes, Heard("shelled", Code("ASSAULT")))
    assert [d.root for d in notes.drafts] == ["ASSAULT"]


@pytest.mark.parametrize(
    ("text", "word"),
    [("Lima denied shelling Quito.", "denied"), ("Lima sent envoys to press Quito.", "press")],
    ids=["denial", "purpose"],
)
def test_denials_and_purposes_are_never_proposed(nlp: Language, text: str, word: str) -> None:
    doc, notes = read(nlp, text, Lima="PER", Quito="ECU")
    speak(doc, notes, Heard(word, Code("REJECT")))
    assert notes.drafts == []


def test_nothing_is_proposed_from_page_litter(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima blorted Quito with rice.", Lima="PER", Quito="ECU")
    notes.boilerplate = ((0, len(doc.text)),)
    speak(doc, notes, Heard("blorted", Code("AID")))
    assert notes.drafts == []


def test_a_lacking_mode_is_filled_with_the_code_that_says_it(nlp: Language) -> None:
    doc, notes = read(nlp, "Lima urged Quito to relent.", Lima="PER", Quito="ECU")
    notes.drafts = [draft(doc, "REQUEST", "urged", ["Lima"], ["Quito"])]
    notes.drafts[0].cameo = "020"
    speak(doc, notes, Heard("urged", Code("REQUEST", "yield")))
    assert (notes.drafts[0].mode, notes.drafts[0].cameo) == ("yield", "025")


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
def test_shipped_model_finds_trigger_and_parties_and_its_like() -> None:
    model = load_opinion()
    assert model is not None
    text = "On Tuesday Peruvian jets bombed an Ecuadorean border post, officials said."
    (passage,) = model.read([text])
    best = max(passage.glimpses, key=lambda g: g.share)
    assert (text[slice(*best.span)], best.root) == ("bombed", "ASSAULT")
    (telling,) = model.tellings(passage, [([best.span], (0, len(text)))])
    assert telling.ranked[0][0].root == "ASSAULT"
    actor, recipient = text.find("jets"), text.find("post")
    assert telling.role(actor, actor + 4)[0] > 0.5 > telling.role(actor, actor + 4)[1]
    assert telling.role(recipient, recipient + 4)[1] > 0.5
    nearest = model.neighbours(text, [best.span])
    assert [n[2] for n in nearest] == sorted((n[2] for n in nearest), reverse=True)
    assert nearest[0][0].startswith("ASSAULT")


@pytest.mark.skipif(load_opinion() is None, reason="this checkout has no learned model")
def test_a_long_text_is_cut_around_the_marks() -> None:
    model = load_opinion()
    assert model is not None
    filler = "The weather was fine in every valley. " * 60
    text = filler + "Lima accused Quito of arming smugglers."
    at = len(filler)
    assert model.vote(text, [(at, at + 4)], [(at + 13, at + 18)]).best.root == "ACCUSE"
