"""Annotated reports beside what coreference makes of them, for the scripts that fit its weights: coref.py and belonging.py."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import reports as annotated
from spacy.tokens import Doc

import diurna
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import NounPhrase, notes_of
from diurna.language.pipeline import make_doc
from diurna.records import Participant

HERE = Path(__file__).resolve().parent


class _Case(Protocol):
    kept: bool


C = TypeVar("C", bound=_Case)


class Annotation:
    """For whom the phrases of a report stand, beside its coded Doc."""

    def __init__(self, report: annotated.Report, doc: Doc) -> None:
        self.doc, self.notes = doc, notes_of(doc)
        self.links: list[tuple[NounPhrase, list[Participant]]] = []
        at = 0
        for sentence in report.sentences:
            for (start, end), names in sentence.refers:
                phrase = self._phrase(at + start, at + end)
                wanted = [self._named(name, at + end) for name in names]
                if phrase is not None and all(w is not None for w in wanted):
                    self.links.append((phrase, [w for w in wanted if w is not None]))
            at += len(sentence.text) + 2

    def _phrase(self, start: int, end: int) -> NounPhrase | None:
        inside = [p for p in self.notes.phrases if start <= self.doc[p.head].idx < end]
        outer = [p for p in inside if not any(self.doc[q.head].is_ancestor(self.doc[p.head]) for q in inside)]
        return outer[-1] if outer else None

    def _named(self, name: str, before: int) -> Participant | None:
        """Return who a name that the report has given so far stands for."""
        at = self.notes.text.find(name)
        while 0 <= at < before:
            phrase = self._phrase(at, at + len(name))
            if phrase is not None and phrase.kind != "pronoun" and phrase.participant is not None:
                return phrase.participant
            at = self.notes.text.find(name, at + 1)
        return None


def same(found: Participant | None, wanted: Participant) -> bool:
    """Tell whether two participants are one."""
    if found is None:
        return False
    return found.name == wanted.name if found.name and wanted.name else found.text == wanted.text


def read_doc(coder: diurna.Coder, report: annotated.Report) -> Doc:
    """Return a report with its actors named and its phrases linked."""
    text = "\n\n".join(s.text for s in report.sentences)
    article = diurna.Article(text=text, id=report.id, published=report.date)
    with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
        return coder.nlp(make_doc(coder.nlp, article, text, find_boilerplate(text), find_headline(text)))


def show(title: str, outcomes: Iterator[tuple[str, bool]]) -> None:
    """Print a share by kind."""
    count, right = Counter[str](), Counter[str]()
    for kind, hit in outcomes:
        for name in ("all", kind):
            count[name] += 1
            right[name] += hit
    print(title, " ".join(f"{k} {right[k] / count[k]:.3f} of {count[k]}" for k in sorted(count)))


def study(about: str | None, gather: Callable[[Path], list[C]]) -> tuple[list[C], list[C], bool]:
    """Gather the cases of all reports, two files at once.

    Returns those to learn from, those kept for measuring, and whether to write the table.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", action="store_true", help="write nothing")
    args = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        cases = [case for made in pool.map(gather, sorted((HERE / "reports").glob("*.txt"))) for case in made]
    return [c for c in cases if not c.kept], [c for c in cases if c.kept], not args.measure
