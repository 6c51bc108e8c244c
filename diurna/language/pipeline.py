"""Building the spaCy pipeline, and turning an article's text into a Doc whose offsets equal the text's."""

from __future__ import annotations

import re
from datetime import date

import spacy
from spacy.language import Language
from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc

from diurna.errors import StopRun
from diurna.language.datelines import dateline_end
from diurna.language.forms import can_keep
from diurna.language.notes import Notes, notes_of
from diurna.records import Article, Span
from diurna.settings import Settings

COMPONENTS = ("diurna_actors", "diurna_coref", "diurna_events", "diurna_context")

# One character for one character, so that offsets stay exact: odd spaces and control characters become spaces.
_ODD = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff\u00ad]"
)


def build(settings: Settings) -> Language:
    """Load the spaCy pipeline named in the settings and add Diurna's components.

    Raises:
        StopRun: the pipeline is not installed.
    """
    import diurna.actors.component
    import diurna.actors.whole_names
    import diurna.context.component
    import diurna.events.component
    import diurna.language.coref  # noqa: F401  (importing registers the factories)

    try:
        nlp = spacy.load(settings.pipeline)
    except OSError as error:
        raise StopRun(f"spaCy pipeline {settings.pipeline!r} is not installed; pip install it or name another") from error
    _quicken(nlp)
    config = {"tables": str(settings.tables) if settings.tables else ""}
    actors: dict[str, object] = {"actors": [str(file) for file in settings.actors]}
    nlp.add_pipe("diurna_names", config={**config, **actors}, first=True)
    own: dict[str, dict[str, object]] = {
        "diurna_actors": actors,
        "diurna_coref": actors,
        "diurna_events": {"model": settings.model, "reader": str(settings.reader or "")},
    }
    for name in COMPONENTS:
        nlp.add_pipe(name, config={**config, **own.get(name, {})})
    return nlp


def _quicken(nlp: Language) -> None:
    """Let the pipeline say the same in less time.

    What its attribute ruler and lemmatizer say is kept (`forms.py`). The lemmatizer looks words up in an index of its known
    lemmas; as the list that they are stored in it is read through for every new word.
    """
    if not can_keep(nlp):
        return
    lemmatizer = nlp.get_pipe("lemmatizer")
    assert isinstance(lemmatizer, Lemmatizer)
    if lemmatizer.lookups.has_table("lemma_index"):
        table = lemmatizer.lookups.get_table("lemma_index")
        for part_of_speech, lemmas in list(table.items()):
            table[part_of_speech] = dict.fromkeys(lemmas)
    nlp.add_pipe("diurna_forms", after="attribute_ruler")
    for name in ("attribute_ruler", "lemmatizer"):
        nlp.disable_pipe(name)


def normalise(text: str) -> str:
    """Return `text` with odd white space and control characters replaced one for one; same length."""
    return _ODD.sub(" ", text).replace("\r", "\n")


def make_doc(nlp: Language, article: Article, text: str, boilerplate: tuple[Span, ...], headline: Span | None) -> Doc:
    """Tokenise `text` (the article's, perhaps cut off) and set what intake knows of it.

    A paragraph start begins a sentence, whatever the parser thinks, so that a headline or byline never runs into the report.
    """
    doc = nlp.make_doc(normalise(text))
    notes = notes_of(doc)
    notes.article_id = article.id
    notes.published = _day(article.published)
    notes.boilerplate = boilerplate
    notes.headline = headline
    _start_paragraphs(doc)
    return doc


def in_boilerplate(notes: Notes, start: int, end: int) -> bool:
    """Tell whether a character span overlaps page litter."""
    return any(start < b and a < end for a, b in notes.boilerplate)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _start_paragraphs(doc: Doc) -> None:
    after_break = True
    end = -1  # of the dateline: "WARSAW, Nov. 28, 1981 (Agency) --"
    opened = False  # the word before opens the report after its dateline: it is no sentence of its own
    text = notes_of(doc).text
    for token in doc:
        if opened and not token.is_space:
            token.is_sent_start = False
            opened = False
        if 0 <= end <= token.idx and not token.is_space:
            token.is_sent_start = True
            end = -1
            opened = True
        if token.is_space:
            token.is_sent_start = False
            after_break = after_break or "\n" in token.text
            continue
        if after_break:
            token.is_sent_start = True
            end = max(end, dateline_end(text, token.idx))
        elif token.idx < end:
            token.is_sent_start = False
        after_break = False
