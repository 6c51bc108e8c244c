"""Weigh how undated events are told on the annotated reports; writes `cues/period_weights.tsv`:  python training/periods.py

Logistic regression over the events of `training/reports/` that happened and whose period no date and no word of time decides:
is this one marked as background? Every fifth report is kept from fitting and measured.
"""

from __future__ import annotations

import sys
from pathlib import Path

import diurna
from diurna.context.background import Background
from diurna.context.dating import Dating
from diurna.context.quotes import Quotations, to_record
from diurna.context.status import Status
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import notes_of
from diurna.language.pipeline import make_doc
from diurna.language.syntax import Syntax

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "eval"), str(ROOT / "training")]

from reports import Report, read  # noqa: E402
from telling import drafts_of, wanted  # noqa: E402
from weights import fit, write  # noqa: E402

TABLE = ROOT / "diurna/data/cues/period_weights.tsv"
Row = tuple[set[str], bool, bool]  # traits, background?, kept?


def rows() -> list[Row]:
    """Return one row for each event that nothing dates."""
    coder, found = diurna.Coder(), []
    reports = [r for file in sorted((ROOT / "training/reports").glob("*.txt")) for r in read(file)]
    for number, report in enumerate(reports):
        found += [(traits, old, number % 5 == 0) for traits, old in of_report(coder, report)]
    return found


def of_report(coder: diurna.Coder, report: Report) -> list[tuple[set[str], bool]]:
    """Return traits and truth of the undated events of a report."""
    text = "\n".join(s.text for s in report.sentences)
    article = diurna.Article(text=text, id=report.id, published=report.date)
    doc = make_doc(coder.nlp, article, text, find_boilerplate(text), find_headline(text))
    with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
        doc = coder.nlp(doc)
    notes = notes_of(doc)
    notes.quotes = [to_record(q, doc, notes.article_id) for q in Quotations(doc, notes, Syntax(doc)).run()]
    status, dating = Status(doc), Dating(doc, notes)
    background = Background(doc, notes, dating)
    found = []
    for draft, told, sentence in drafts_of(doc, notes, report):
        truth = wanted(told, sentence)
        dating.run(draft)
        status.period(draft, notes.published)
        if truth["modality"] == "actual" and not any(r.field == "period" for r in draft.reasons):
            found.append((set(background.traits(draft)), truth["period"] == "historical"))
    return found


def main() -> None:
    """Fit, measure on the kept reports, write the table."""
    data = rows()
    learn, kept = [r[:2] for r in data if not r[2]], [r[:2] for r in data if r[2]]
    weights = fit(learn)
    for threshold in (-1.5, -1.0, -0.5, 0.0, 0.5):
        line = []
        for part in (learn, kept):
            called = [old for traits, old in part if sum(weights.get(t, 0) for t in traits) > threshold]
            line += [f"{sum(called) / max(1, len(called)):.3f}", f"{sum(called) / sum(old for _, old in part):.3f}"]
        print(threshold, "precision and recall:", *line)
    write(
        TABLE, "Made by training/periods.py: how much the way an undated event is told speaks for its being background.", weights
    )
    print(f"{len(data)} events, {sum(r[1] for r in data)} background; {len(weights)} weights")


if __name__ == "__main__":
    main()
