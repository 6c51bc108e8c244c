"""Weigh how undated events are told on the annotated reports; writes `cues/period_weights.tsv`:  python training/periods.py

Logistic regression over the events of `training/reports/` that happened and whose period no date and no word of time decides:
is this one marked as background? Every fifth report is kept from fitting and measured.
"""

from __future__ import annotations

from annotated import ROOT, Case, annotated
from spacy.tokens import Doc
from weights import fit, write

from diurna.context.background import Background
from diurna.context.dating import Dating
from diurna.context.quotes import Quotations, to_record
from diurna.context.status import Status
from diurna.language.notes import Notes
from diurna.language.syntax import Syntax

TABLE = ROOT / "diurna/data/cues/period_weights.tsv"
Row = tuple[set[str], bool, bool]  # traits, background?, kept?


def of_report(doc: Doc, notes: Notes, cases: list[Case]) -> list[Row]:
    """Return one row for each event that nothing dates."""
    notes.drafts = [case.draft for case in cases]
    notes.quotes = [to_record(q, doc, notes.article_id) for q in Quotations(doc, notes, Syntax(doc)).run()]
    status, dating = Status(doc), Dating(doc, notes)
    background, found = Background(doc, notes, dating), []
    for case in cases:
        draft, truth = case.draft, case.truth
        dating.run(draft)
        status.period(draft, notes.published)
        if truth["modality"] == "actual" and not any(r.field == "period" for r in draft.reasons):
            found.append((set(background.traits(draft)), truth["period"] == "historical", case.kept))
    return found


def main() -> None:
    """Fit, measure on the kept reports, write the table."""
    data = [row for doc, notes, cases in annotated() for row in of_report(doc, notes, cases)]
    learn, kept = [r[:2] for r in data if not r[2]], [r[:2] for r in data if r[2]]
    weights = fit(learn)
    for threshold in (-1.5, -1.0, -0.5, 0.0, 0.5):
        line = []
        for part in (learn, kept):
            called = [old for traits, old in part if sum(weights.get(t, 0) for t in traits) > threshold]
            line += [f"{sum(called) / max(1, len(called)):.3f}", f"{sum(called) / sum(old for _, old in part):.3f}"]
        print(threshold, "precision and recall:", *line)
    comment = "Made by training/periods.py: how much the way an undated event is told speaks for its being background."
    write(TABLE, comment, weights)
    print(f"{len(data)} events, {sum(r[1] for r in data)} background; {len(weights)} weights")


if __name__ == "__main__":
    main()
