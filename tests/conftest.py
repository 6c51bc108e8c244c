"""Fixtures shared by all tests."""

from __future__ import annotations

import os

import pytest
import spacy
from hypothesis import settings
from spacy.language import Language

from diurna.settings import Settings

# No test fails for want of time: a machine may be busy. The same examples on every run of continuous integration; new ones are
# sought at the desk.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The bare spaCy pipeline that Diurna builds on, loaded once."""
    return spacy.load(Settings().pipeline)
