"""Weigh what speaks for an antecedent, and measure coreference on the annotated reports:  python training/coref.py

Reports say for whom their pronouns and descriptions stand (`reports.py`). The rules of `diurna/language/coref.py` say who could
be meant; who is, is the one with most weight. Fitted on all reports but every fifth; those measure. Writes
`data/coref_weights.tsv`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import reports as annotated
from linked import Annotation, read_doc, same, show, study
from spacy.tokens import Doc, Token
from weights import fit_choices, write

import diurna
from diurna.language import coref, presence, salience
from diurna.language.notes import NounPhrase, notes_of
from diurna.language.reading import Reading, referring
from diurna.records import Participant
from diurna.settings import Settings

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent / "diurna" / "data" / "coref_weights.tsv"
PENALTY = 3.0
Option = tuple[set[str], bool]


@dataclass
class Case:
    """A phrase that stands for somebody: its kind, whether it was read rightly, and the candidates it was chosen from."""

    kind: str
    right: bool
    same_country: bool
    options: list[Option]
    kept: bool


class Recorder(Reading):
    """Remembers who could be meant, each time that the most salient is asked for."""

    asked: dict[int, tuple[list[salience.Candidate], list[set[str]]]]

    def best(
        self, head: Token, found: Collection[salience.Candidate], extra: dict[int, float] | None = None
    ) -> salience.Candidate | None:
        """Answer as the coder does."""
        places = self.places(head, found)
        Recorder.asked[head.i] = (
            list(found),
            [{t for group in presence.traits(c, head, places[c.index]) for t in group} for c in found],
        )
        return super().best(head, found, extra)


def gather(file: Path) -> list[Case]:
    """Read the annotated reports of a file and return their cases."""
    coref.Reading = Recorder  # type: ignore[misc]
    coref.belong = lambda *asked: None  # it would ask for the best candidates of one country
    coder, done = diurna.Coder(Settings(model=False)), []
    cues = coder.nlp.get_pipe("diurna_coref").cues
    for number, report in enumerate(annotated.read(file, [])):
        if not any(s.refers for s in report.sentences):
            continue
        Recorder.asked = {}
        doc = read_doc(coder, report)
        for phrase, wanted in Annotation(report, doc).links:
            kind = referring(cues.get(doc[phrase.head].lower_, {}))
            done.append(_case(doc, phrase, wanted, kind, annotated.is_kept(number)))
    return done


def _case(doc: Doc, phrase: NounPhrase, wanted: list[Participant], kind: str, kept: bool) -> Case:
    notes = notes_of(doc)
    found = [notes.phrases[m].participant for m in phrase.members] or [phrase.participant]
    met, traits = Recorder.asked.get(phrase.head, ([], []))
    options = [(t, any(same(c.participant, w) for w in wanted)) for c, t in zip(met, traits, strict=True)]
    right = len(found) == len(wanted) and all(any(same(f, w) for f in found) for w in wanted)
    countries = {f.country for f in found if f is not None}
    if kind == "description":
        kind = "speech" if doc[phrase.head].tag_ in ("PRP", "PRP$") else "several" if len(wanted) > 1 else kind
    return Case(kind, right, countries == {w.country for w in wanted}, options, kept)


def _possible(case: Case) -> bool:
    return any(hit for _, hit in case.options)


def outcome(cases: list[Case], known: dict[str, float]) -> Iterator[tuple[str, bool]]:
    """Yield the kind of each choice and whether the weights choose rightly."""
    for case in cases:
        if case.options:
            best = max(case.options, key=lambda o: sum(known.get(t, 0.0) for t in o[0]))
            yield case.kind, best[1]


def main() -> None:
    """Gather, fit, measure, write."""
    learn, kept, writes = study(__doc__, gather)
    show("kept, whole component:", ((c.kind, c.right) for c in kept))
    show("kept, its countries:", ((c.kind, c.same_country) for c in kept))
    show("kept, choices as they are:", ((c.kind, c.right) for c in kept if c.options))
    known = fit_choices([c.options for c in learn if _possible(c)], PENALTY)
    show("kept, choices by the new weights:", outcome(kept, known))
    show("kept, choices at all possible:", ((c.kind, _possible(c)) for c in kept if c.options))
    if writes:
        write(TABLE, "Made by training/coref.py: how much a trait speaks for the antecedent of a pronoun or description.", known)
        print(len(known), "weights")


if __name__ == "__main__":
    main()
