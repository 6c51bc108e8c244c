"""`diurna_forms` says what the pipeline's attribute ruler and lemmatizer say."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language

from diurna.language.forms import can_keep
from diurna.language.pipeline import build
from diurna.settings import Settings

TEXTS = (
    "Let's go, said Mr. Kim's aides; there are two ways, and there's one that I'm gonna say ain't bad. C'm on, y'all.",
    "The rebels, who had been fighting since 1998, laid down their arms. They'd rather do it than have done it.",
    "ROME -- You saw it, and it saw you. He did; has he? Better bases, leaves and axes were found.\n\nThe best men's worst.",
)


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(Settings().pipeline)


@pytest.fixture(scope="module")
def quick() -> Language:
    return build(Settings(model=False))


@pytest.mark.parametrize("text", TEXTS)
def test_every_token_gets_the_same_forms(plain: Language, quick: Language, text: str) -> None:
    with quick.select_pipes(enable=["tok2vec", "tagger", "parser", "diurna_forms"]):
        for _ in range(2):  # the second time from what was kept
            forms = [(t.text, t.pos_, str(t.morph), t.lemma_) for t in quick(text)]
            assert forms == [(t.text, t.pos_, str(t.morph), t.lemma_) for t in plain(text)]


def test_the_slow_components_do_not_run_beside_it(quick: Language) -> None:
    assert "diurna_forms" in quick.pipe_names
    assert not {"attribute_ruler", "lemmatizer"} & set(quick.pipe_names)


def test_a_ruler_that_looks_further_is_left_alone(plain: Language) -> None:
    assert can_keep(plain)
    other = spacy.load(Settings().pipeline)
    other.get_pipe("attribute_ruler").add([[{"LOWER": "as"}, {"LOWER": "well"}, {"LOWER": "as"}]], {"POS": "CCONJ"}, index=0)
    assert not can_keep(other)


def test_a_pipeline_without_ruler_is_left_alone() -> None:
    assert not can_keep(spacy.blank("en"))
