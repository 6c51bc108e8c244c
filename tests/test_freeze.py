"""Joining repeated tellings: one event with several mentions, or two events where something speaks against it."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from diurna.freeze import freeze, join_spans
from diurna.language.notes import Draft, Notes, NounPhrase
from diurna.ontology import ontology
from diurna.records import Event, Participant, Reason, When, Where

WORDS = ["Peru", "expelled", "Chile", ".", "Lima", "expelled", "Santiago", ".", "Bolivia", "left", "."]
TEXT = " ".join(WORDS)
PEOPLE = {0: ("Peru", "PER"), 2: ("Chile", "CHL"), 4: ("Peru", "PER"), 6: ("Chile", "CHL"), 8: ("Bolivia", "BOL")}


@pytest.fixture
def doc() -> Doc:
    return Doc(
        spacy.blank("en").vocab, words=WORDS, sent_starts=[word.istitle() and i in (0, 4, 8) for i, word in enumerate(WORDS)]
    )


def draft(trigger: int, actors: list[int], recipients: list[int], **more: Any) -> Draft:
    values: dict[str, Any] = {"sentence": trigger // 4, "confidence": 0.5, **more}
    return Draft("SANCTION", values.pop("mode", "expel"), "166", (trigger,), actors=actors, recipients=recipients, **values)


def frozen(doc: Doc, *drafts: Draft) -> tuple[Event, ...]:
    phrases = [NounPhrase(i, i + 1, i, "name", Participant("", name=n, country=c)) for i, (n, c) in PEOPLE.items()]
    notes = Notes(article_id="art-1", phrases=phrases, phrase_at={p.head: k for k, p in enumerate(phrases)}, drafts=list(drafts))
    return freeze(doc, notes, ontology())


FIRST: dict[str, Any] = {"trigger": 1, "actors": [0], "recipients": [2]}
AGAIN: dict[str, Any] = {"trigger": 5, "actors": [4], "recipients": [6]}


def test_repeated_telling_is_one_event_with_two_mentions(doc: Doc) -> None:
    (event,) = frozen(doc, draft(**FIRST), draft(**AGAIN))
    assert [TEXT[a:b] for m in event.mentions for a, b in m.trigger_spans] == ["expelled", "expelled"]
    assert [m.sentence for m in event.mentions] == [0, 1]
    assert [TEXT[slice(*m.sentence_span)] for m in event.mentions] == ["Peru expelled Chile .", "Lima expelled Santiago ."]


@pytest.mark.parametrize(
    "change",
    [
        {"polarity": "negated"},
        {"modality": "future"},
        {"period": "historical"},
        {"mode": "convict"},
        {"recipients": [8]},
        {"actors": [8]},
        {"when": When("2020-02-01", "2020-02-01", "day")},
        {"where": Where("Arica"), "reasons": [Reason("where", "syntax", "Arica", (0, 4))]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_speaks_against_the_same_event(doc: Doc, change: dict[str, Any]) -> None:
    first = draft(**FIRST, when=When("2020-01-01", "2020-01-01", "day"), where=Where("Tacna"))
    first.reasons.append(Reason("where", "syntax", "Tacna", (0, 4)))
    assert len(frozen(doc, first, draft(**{**AGAIN, **change}))) == 2


def test_figures_far_apart_are_two_events_and_an_assumed_place_parts_none(doc: Doc) -> None:
    first = draft(**FIRST, quantities={"arrested": 31}, where=Where("Tacna"))
    assert len(frozen(doc, first, draft(**AGAIN, quantities={"arrested": 11}))) == 2
    assert len(frozen(doc, first, draft(**AGAIN, quantities={"arrested": 30}, where=Where("Arica")))) == 1


def test_assumed_dates_never_part_two_tellings(doc: Doc) -> None:
    first = draft(**FIRST, when=When("2020-01-01", "2020-01-01", "day", assumed=True))
    second = draft(**AGAIN, when=When("2020-02-01", "2020-02-01", "day", "on February 1"))
    (event,) = frozen(doc, first, second)
    assert event.when.start == "2020-02-01", "an explicit date wins over an assumed one"


def test_fields_of_the_event(doc: Doc) -> None:
    (event,) = frozen(doc, draft(**FIRST))
    assert (event.article_id, event.event, event.modes, event.cameo) == ("art-1", "SANCTION", ("expel",), "166")
    assert (event.quad, event.score) == (4, ontology().score("SANCTION", "expel"))
    assert [(p.text, p.name, p.country, p.spans) for p in event.actors] == [("Peru", "Peru", "PER", ((0, 4),))]
    assert {r.field for r in event.explanation} >= {"actors", "recipients"}


def test_one_party_is_not_on_both_sides(doc: Doc) -> None:
    (event,) = frozen(doc, draft(1, [0], [4, 2]))
    assert [p.name for p in event.recipients] == ["Chile"]


def test_reciprocal_needs_two_actors(doc: Doc) -> None:
    assert [e.reciprocal for e in frozen(doc, draft(1, [0, 2], [], reciprocal=True))] == [True]
    assert [e.reciprocal for e in frozen(doc, draft(1, [0, 4], [], reciprocal=True))] == [False], "Peru twice is one party"


def test_ids_depend_on_article_trigger_and_names(doc: Doc) -> None:
    (first,), (same,), (other,) = frozen(doc, draft(**FIRST)), frozen(doc, draft(**FIRST)), frozen(doc, draft(**AGAIN))
    assert first.id == same.id
    assert first.id != other.id


def test_unresolved_participant_keeps_its_words(doc: Doc) -> None:
    (event,) = frozen(doc, draft(1, [0], [9]))
    assert [(p.text, p.country, p.resolved_by) for p in event.recipients] == [("left", "", "not resolved")]


def test_spans_that_only_space_separates_are_joined() -> None:
    assert join_spans([(0, 4), (5, 13), (20, 21)], TEXT) == ((0, 13), (20, 21))
    assert join_spans([], TEXT) == ()
