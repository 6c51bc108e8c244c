"""The annotated reports as Docs with all read but events and their telling; for the scripts that fit how events are told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc

import diurna
from diurna.language.notes import Draft, Notes, notes_of

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "eval"), str(ROOT / "training")]

from reports import Told, is_kept, read  # noqa: E402
from telling import doc_of, drafts_of, wanted  # noqa: E402


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
    """Yield every report with its events; those that the reader was not trained on are kept from fitting, too."""
    coder = diurna.Coder()
    for file in sorted((ROOT / "training/reports").glob("*.txt")):
        for number, report in enumerate(read(file)):
            doc = doc_of(coder, report)
            notes = notes_of(doc)
            yield doc, notes, [Case(*event, kept=is_kept(number)) for event in drafts_of(doc, notes, report)]
