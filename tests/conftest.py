"""Fixtures shared by all tests."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language

from diurna.settings import Settings


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The bare spaCy pipeline that Diurna builds on, loaded once."""
    return spacy.load(Settings().pipeline)
