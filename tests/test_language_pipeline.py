"""A Doc keeps every character of its article; paragraphs start sentences."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from diurna.coder import Coder
from diurna.errors import StopRun
from diurna.language.notes import Notes, notes_of
from diurna.language.pipeline import build, in_boilerplate, make_doc, normalise
from diurna.records import Article
from diurna.settings import Settings


@given(st.text())
def test_normalise_keeps_the_length(text: str) -> None:
    assert len(normalise(text)) == len(text)


def test_normalise_spaces() -> None:
    assert normalise("Kim\u00a0Jong-un\u200b met\r\nMoon") == "Kim Jong-un  met\n\nMoon"


@pytest.mark.model
def test_doc_keeps_offsets_date_and_paragraphs(nlp: Language) -> None:
    text = "Envoys expelled\n\nBy our staff\n\nOslo\u00a0expelled two envoys."
    doc = make_doc(nlp, Article(text=text, id="a", published="2024-05-31"), text, ((17, 29),), (0, 15))
    assert len(doc.text) == len(text)
    notes = notes_of(doc)
    assert (notes.article_id, notes.published, notes.headline) == ("a", date(2024, 5, 31), (0, 15))
    starts = {token.text for token in doc if token.is_sent_start and token.i}
    assert {"By", "Oslo"} <= starts


@pytest.mark.model
def test_unusable_day_is_no_day(nlp: Language) -> None:
    doc = make_doc(nlp, Article(text="x", published="soon"), "x", (), None)
    assert notes_of(doc).published is None


def test_boilerplate_overlap() -> None:
    notes = Notes(boilerplate=((10, 20),))
    assert in_boilerplate(notes, 19, 25)
    assert not in_boilerplate(notes, 20, 25)


def test_missing_pipeline_is_one_line() -> None:
    with pytest.raises(StopRun, match="not installed"):
        build(Settings(pipeline="xx_none_such"))


@pytest.mark.model
def test_the_first_word_after_a_dateline_stays_with_its_sentence() -> None:
    text = "SEOUL - Kim Jong Un and South Korean President Moon Jae-in signed a declaration on Friday."
    (event,) = Coder(Settings(model=False)).code(Article(text=text, published="2018-06-14")).events
    assert [p.name for p in event.actors][:1] == ["Kim Jong-un"]
