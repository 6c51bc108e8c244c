"""Weigh which country a pronoun, description or unclaimed noun belongs to:  python training/belonging.py

Reports say it in two ways (`reports.py`): by whom a phrase stands for, and by the codes of countries. Fitted on all reports but
every fifth; those measure. Writes `data/belonging_weights.tsv`. Run it after `coref.py`, whose choices are among the traits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import reports as annotated
from linked import Annotation, read_doc, show, study
from spacy.tokens import Doc
from weights import fit_choices, write

import diurna
from diurna.language import belonging, coref
from diurna.language.notes import notes_of
from diurna.language.reading import Reading
from diurna.records import Participant
from diurna.settings import Settings

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent / "diurna" / "data" / "belonging_weights.tsv"
PENALTY = 4.0


@dataclass
class Case:
    """A phrase of which the annotation says the country: its kind, all options, and which of them the rules proposed."""

    kind: str
    proposed: int
    options: list[tuple[set[str], bool]]
    kept: bool


class Asked:
    """Remembers the options of every open phrase, by its head, and leaves it to the rules."""

    options: dict[int, belonging.Options]

    @staticmethod
    def belong(reading: Reading, index: int, own: Participant | None, rule: str) -> None:
        """Stand in for `belonging.belong`."""
        Asked.options[reading.notes.phrases[index].head] = belonging.Options(reading, index, own, rule)


def countries_of(report: annotated.Report, doc: Doc) -> Iterator[tuple[int, str]]:
    """Yield head and country, or nobody, of the phrases of which a report tells it; those of several countries are left out."""
    for phrase, wanted in Annotation(report, doc).links:
        countries = {w.country for w in wanted}
        if len(countries) == 1 and "" not in countries:
            yield phrase.head, countries.pop()
    heads = {doc[p.head].idx: p.head for p in notes_of(doc).phrases}
    at = 0
    for sentence in report.sentences:
        for (start, _), codes in sentence.belongs:
            if len(codes) < 2 and at + start in heads:
                yield heads[at + start], codes[0] if codes else belonging.NOBODY
        at += len(sentence.text) + 2


def gather(file: Path) -> list[Case]:
    """Read the annotated reports of a file and return their cases."""
    coref.belong = Asked.belong
    coder, done = diurna.Coder(Settings(model=False)), []
    for number, report in enumerate(annotated.read(file)):
        if not any(s.refers or s.belongs for s in report.sentences):
            continue
        Asked.options = {}
        doc = read_doc(coder, report)
        for head, country in dict(countries_of(report, doc)).items():
            if (asked := Asked.options.get(head)) is not None:
                among = asked.countries()
                options = [(asked.traits(c), c == country) for c in among]
                done.append(Case(asked.kind, among.index(asked.proposal), options, annotated.is_kept(number)))
    return done


def outcome(cases: list[Case], known: dict[str, float], lead: float) -> Iterator[tuple[str, bool]]:
    """Yield the kind of each case and whether the right country is chosen where another must lead the rules' one by so much."""
    for case in cases:
        weighed = [sum(known.get(t, 0.0) for t in traits) for traits, _ in case.options]
        best = max(range(len(weighed)), key=weighed.__getitem__)
        chosen = best if weighed[best] > weighed[case.proposed] + lead else case.proposed
        yield case.kind, case.options[chosen][1]


def main() -> None:
    """Gather, fit, measure, write."""
    learn, kept, writes = study(__doc__, gather)
    known = fit_choices([c.options for c in learn if any(hit for _, hit in c.options)], PENALTY)
    show("kept, by the rules:", ((c.kind, c.options[c.proposed][1]) for c in kept))
    for lead in (0.0, belonging.CLEARLY):
        show(f"kept, by the weights where they lead by {lead}:", outcome(kept, known, lead))
    if writes:
        write(TABLE, "Made by training/belonging.py: how much a trait speaks for a country's being that of a phrase.", known)
        print(len(known), "weights")


if __name__ == "__main__":
    main()
