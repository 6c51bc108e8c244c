"""The annotated reports as Docs with all read but events and their telling; for the scripts that fit how events are told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc

import diurna
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import Draft, Notes, notes_of
from diurna.language.pipeline import make_doc

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "eval"), str(ROOT / "training")]

from reports import Report, Told, read  # noqa: E402
from telling import drafts_of, wanted  # noqa: E402


@dataclass(frozen=True, slots=True)
class Case:
    """One annotated event. words: its sentence; offset: where that begins in the text; kept: its report is kept from fitting."""

    draft: Draft
    told: Told
    words: str
    offset: int
    kept: bool

    @property
    def truth(self) -> dict[str, object]:
        """What the annotation says of it."""
        return wanted(self.told, self.words)


def annotated() -> Iterator[tuple[Doc, Notes, list[Case]]]:
    """Yield every report with its events; every fifth is kept from fitting."""
    coder = diurna.Coder()
    reports = (r for file in sorted((ROOT / "training/reports").glob("*.txt")) for r in read(file))
    for number, report in enumerate(reports):
        doc, notes = _read(coder, report)
        starts, offset = {}, 0
        for sentence in report.sentences:
            starts[sentence.text] = offset
            offset += len(sentence.text) + 1
        yield doc, notes, [Case(d, t, w, starts[w], number % 5 == 0) for d, t, w in drafts_of(doc, notes, report)]


def _read(coder: diurna.Coder, report: Report) -> tuple[Doc, Notes]:
    text = "\n".join(s.text for s in report.sentences)
    article = diurna.Article(text=text, id=report.id, published=report.date)
    doc = make_doc(coder.nlp, article, text, find_boilerplate(text), find_headline(text))
    with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
        doc = coder.nlp(doc)
    return doc, notes_of(doc)
