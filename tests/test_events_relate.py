"""The event between given spans: weighing tables against the learned model, and matching spans to slots."""

from __future__ import annotations

import pytest
from spacy.language import Language

from diurna.events.analyse import Analyser
from diurna.events.compose import Code, composition
from diurna.events.frames import lexicon
from diurna.events.opinion import Vote
from diurna.events.relate import TableOpinion, relate_doc, tables_opinion, weigh
from diurna.ontology import ontology
from diurna.records import Relation

AID, ASSAULT = Code("AID", "", "071"), Code("ASSAULT", "", "190")


class Heard:
    """A learned model that always gives the same vote."""

    def __init__(self, *ranked: tuple[Code, float]) -> None:
        self.answer = Vote(ranked, 0.0)

    def vote(self, text: str, actor: object, recipient: object) -> Vote:
        return self.answer


def relate(nlp: Language, text: str, actor: str, recipient: str, model: Heard | None = None) -> Relation:
    doc = nlp(text)
    spans = [(text.index(words), text.index(words) + len(words)) for words in (actor, recipient)]
    analyser = Analyser(doc, lexicon(), composition(), lambda t: any(a <= t.idx < b for a, b in spans))
    return relate_doc(doc, analyser, spans[:1], spans[1:], ontology(), model)  # type: ignore[arg-type]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "actor", "recipient", "root"),
    [
        ("Kampala shelled the rebels near Beni.", "Kampala", "the rebels", "ASSAULT"),
        ("The rebels were shelled by Kampala near Beni.", "Kampala", "The rebels", "ASSAULT"),
        ("Quito accused Lima of arming smugglers and recalled its envoy.", "Quito", "Lima", "ACCUSE"),
        ("The bishops refused to meet the president on Sunday.", "The bishops", "the president", "REJECT"),
        ("Chad met Niger in Agadez.", "Chad", "Niger", "CONSULT"),
    ],
)
def test_tables_alone(nlp: Language, text: str, actor: str, recipient: str, root: str) -> None:
    relation = relate(nlp, text, actor, recipient)
    assert relation.event == root
    assert relation.quad == ontology().roots[root].quad
    assert relation.trigger_spans
    assert relation.explanation


@pytest.mark.model
def test_the_finding_that_fits_the_spans_wins(nlp: Language) -> None:
    text = "Quito praised Bogota, and Caracas shelled Lima."
    assert relate(nlp, text, "Quito", "Bogota").event == "SUPPORT"
    assert relate(nlp, text, "Caracas", "Lima").event == "ASSAULT"


@pytest.mark.model
def test_no_trigger_and_no_model_is_an_abstention(nlp: Language) -> None:
    text = "Quito lies north of Lima."
    doc = nlp(text)
    analyser = Analyser(doc, lexicon(), composition(), lambda t: True)
    assert tables_opinion(doc, analyser, [(0, 5)], [(20, 24)]) is None
    assert relate(nlp, text, "Quito", "Lima") == Relation("")


@pytest.mark.model
def test_no_trigger_leaves_it_to_the_model(nlp: Language) -> None:
    relation = relate(nlp, "Quito lies north of Lima.", "Quito", "Lima", Heard((AID, 0.7)))
    assert (relation.event, relation.confidence) == ("AID", 0.7)
    assert relation.opinions == {"model:AID": 0.7}


@pytest.mark.model
def test_weighing(nlp: Language) -> None:
    doc = nlp("Kampala shelled the rebels.")
    analyser = Analyser(doc, lexicon(), composition(), lambda t: t.text in ("Kampala", "rebels"))
    (finding,) = analyser.findings(next(doc.sents))
    good, poor = TableOpinion(finding, 0.9), TableOpinion(finding, 0.1)
    doubtful, sure = Vote(((AID, 0.5), (ASSAULT, 0.3)), 0.2), Vote(((AID, 0.98),), 0.0)
    assert weigh(good, doubtful)[0].root == "ASSAULT", "tables win where both spans fill the slots"
    assert weigh(poor, sure)[0] == AID, "a sure model wins over a poor fit"
    agreed = Vote(((ASSAULT, 0.9),), 0.1)
    assert weigh(good, agreed)[1] > weigh(good, doubtful)[1], "agreement raises confidence"
    assert weigh(None, None) == (Code(""), 0.0)
