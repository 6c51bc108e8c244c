"""Every example sentence of every frame row is coded with that row's root."""

from __future__ import annotations

import pytest
from spacy.language import Language

from diurna.events.compose import composition
from diurna.events.examples import failures
from diurna.events.frames import Frame, lexicon
from diurna.events.marked import parse_example


def frames() -> list[Frame]:
    words = lexicon()
    return [f for table in (words.verbs, words.nouns, words.adjectives) for group in table.values() for f in group]


def test_every_example_is_marked() -> None:
    unmarked = [f"{f.id}: {e}" for f in frames() for e in f.examples if not parse_example(e).spans["T"]]
    assert not unmarked, "\n".join(unmarked)


@pytest.mark.model
def test_every_row_codes_its_examples(nlp: Language) -> None:
    wrong = list(failures(nlp, lexicon(), composition(), frames()))
    assert not wrong, f"{len(wrong)} examples\n" + "\n".join(wrong)
