"""Weigh how a date stands to an event on the annotated reports; writes `cues/date_weights.tsv`:  python training/dates.py

A choice among the dates of the sentence, or none of them (`weights.fit_choices`), for each event of `training/reports/` whose
sentence names a date. Every fifth report is kept from fitting and measured.
"""

from __future__ import annotations

from annotated import ROOT, Case, annotated
from spacy.tokens import Doc
from weights import Choice, fit_choices, write

from diurna.context.dating import LIKELY, Dating
from diurna.language.notes import Notes

TABLE = ROOT / "diurna/data/cues/date_weights.tsv"
PENALTY = 2.0
Row = tuple[Choice, bool]  # the dates of the sentence, kept?


def of_report(doc: Doc, notes: Notes, cases: list[Case]) -> list[Row]:
    """Return one row for each event whose sentence names a date."""
    notes.drafts = [case.draft for case in cases]
    dating, found = Dating(doc, notes), []
    for case in cases:
        case.draft.modality = str(case.truth["modality"])
        spans = [(case.offset + a, case.offset + b) for a, b in case.told.when]
        options = []
        for dated in dating.options(case.draft):
            start, end = dated.expression.span
            options.append((set(dating.traits(case.draft, dated)), any(a < end and start < b for a, b in spans)))
        if options:
            found.append((options, case.kept))
    return found


def measure(data: list[Choice], weights: dict[str, float]) -> float:
    """Return in how many events the chosen date, or none, is right."""
    right = 0
    for options in data:
        score, hit = max(((sum(weights.get(t, 0.0) for t in traits), hit) for traits, hit in options), key=lambda s: s[0])
        right += hit if score > LIKELY else not any(hit for _, hit in options)
    return right / max(1, len(data))


def main() -> None:
    """Fit, measure on the kept reports, write the table."""
    rows = [row for doc, notes, cases in annotated() for row in of_report(doc, notes, cases)]
    learn, kept = [o for o, k in rows if not k], [o for o, k in rows if k]
    weights = fit_choices(learn, PENALTY)
    print(f"{len(rows)} events with dates; right: fitted {measure(learn, weights):.3f}, kept {measure(kept, weights):.3f}")
    print(f"by the rules, kept: {measure(kept, {f'rule {n}': 10.0 - n for n in range(7)} | {'rule far': 0.5}):.3f}")
    comment = "Made by training/dates.py: how much the way a date stands to an event speaks for its being the event's."
    write(TABLE, comment, weights)
    print(f"{len(weights)} weights")


if __name__ == "__main__":
    main()
