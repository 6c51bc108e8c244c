"""Weigh the traits of place words on the annotated reports; writes `cues/place_weights.tsv`:  python training/places.py

Logistic regression with an L2 penalty over the places that the sentences of `training/reports/` name: is this one marked as
the place of the event? Every fifth report is kept from fitting and measured. Weights below 0.1 are left out of the table.
"""

from __future__ import annotations

from annotated import ROOT, Case, annotated
from spacy.tokens import Doc
from weights import fit, write

from diurna.context.place import Places
from diurna.language.notes import Notes

TABLE = ROOT / "diurna/data/cues/place_weights.tsv"
Row = list[tuple[set[str], bool]]  # of the places that the sentence of an event names: traits, right?


def of_report(doc: Doc, notes: Notes, cases: list[Case]) -> list[tuple[Row, bool]]:
    """Return one row for each event whose sentence names a place, with whether its report is kept."""
    places, found = Places(doc, notes), []
    for case in cases:
        case.draft.modality = str(case.truth["modality"])
        spans = [(case.offset + a, case.offset + b) for a, b in case.told.where]
        row = [
            (set(places.traits(named, case.draft)), any(a < named.span[1] and named.span[0] < b for a, b in spans))
            for named in places.named(case.draft)
        ]
        if row:
            found.append((row, case.kept))
    return found


def measure(data: list[Row], weights: dict[str, float], threshold: float) -> tuple[float, float]:
    """Return precision and recall of the best place of each event, over events whose place is among those named."""
    best = [max((sum(weights.get(t, 0.0) for t in traits), hit) for traits, hit in row) for row in data]
    chosen = [hit for score, hit in best if score > threshold]
    told = sum(any(hit for _, hit in row) for row in data)
    return sum(chosen) / max(1, len(chosen)), sum(chosen) / max(1, told)


def main() -> None:
    """Fit, measure on the kept reports, write the table."""
    rows = [row for doc, notes, cases in annotated() for row in of_report(doc, notes, cases)]
    learn, kept = [r for r, k in rows if not k], [r for r, k in rows if k]
    weights = fit([place for row in learn for place in row])
    for threshold in (-1.0, -0.5, 0.0, 0.5):
        print(threshold, [f"{v:.3f}" for part in (learn, kept) for v in measure(part, weights, threshold)])
    comment = "Made by training/places.py: how much a trait of a place word speaks for its being the place of the event."
    write(TABLE, comment, weights)
    print(f"{len(rows)} events with places; {len(weights)} weights")


if __name__ == "__main__":
    main()
