"""Weigh the traits of place words on the annotated reports; writes `cues/place_weights.tsv`:  python training/places.py

Logistic regression with an L2 penalty over the places that the sentences of `training/reports/` name: is this one marked as
the place of the event? Every fifth report is kept from fitting and measured. Weights below 0.1 are left out of the table.
"""

from __future__ import annotations

import sys
from pathlib import Path

import diurna
from diurna.context.place import Places
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import notes_of
from diurna.language.pipeline import make_doc

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "eval"), str(ROOT / "training")]

from reports import read  # noqa: E402
from telling import drafts_of, wanted  # noqa: E402
from weights import fit, write  # noqa: E402

TABLE = ROOT / "diurna/data/cues/place_weights.tsv"
Row = tuple[set[str], bool, int, bool]  # traits, right?, number of the event, kept?


def rows() -> list[Row]:
    """Return one row for each place named in the sentence of an event."""
    coder, found, number, count = diurna.Coder(), [], 0, 0
    for file in sorted((ROOT / "training/reports").glob("*.txt")):
        for report in read(file):
            count += 1
            text = "\n".join(s.text for s in report.sentences)
            article = diurna.Article(text=text, id=report.id, published=report.date)
            doc = make_doc(coder.nlp, article, text, find_boilerplate(text), find_headline(text))
            with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
                doc = coder.nlp(doc)
            notes = notes_of(doc)
            places = Places(doc, notes)
            offset, starts = 0, {}
            for sentence in report.sentences:
                starts[sentence.text] = offset
                offset += len(sentence.text) + 1
            for draft, told, sentence in drafts_of(doc, notes, report):
                draft.modality = wanted(told, sentence)["modality"]
                number += 1
                spans = [(starts[sentence] + a, starts[sentence] + b) for a, b in told.where]
                for named in places.named(draft):
                    hit = any(a < named.span[1] and named.span[0] < b for a, b in spans)
                    found.append((set(places.traits(named, draft)), hit, number, count % 5 == 0))
    return found


def measure(data: list[Row], weights: dict[str, float], threshold: float) -> tuple[float, float]:
    """Return precision and recall of the best place of each event, over events whose place is among those named."""
    best: dict[int, tuple[float, bool]] = {}
    told = set()
    for traits, hit, number, _ in data:
        score = sum(weights.get(t, 0) for t in traits)
        best[number] = max(best.get(number, (threshold, False)), (score, hit))
        if hit:
            told.add(number)
    chosen = [hit for score, hit in best.values() if score > threshold]
    return sum(chosen) / max(1, len(chosen)), sum(chosen) / max(1, len(told))


def main() -> None:
    """Fit, measure on the kept reports, write the table."""
    data = rows()
    learn, kept = [r for r in data if not r[3]], [r for r in data if r[3]]
    weights = fit([r[:2] for r in learn])
    for threshold in (-1.0, -0.5, 0.0, 0.5):
        print(threshold, [f"{v:.3f}" for part in (learn, kept) for v in measure(part, weights, threshold)])
    write(
        TABLE,
        "Made by training/places.py: how much a trait of a place word speaks for its being the place of the event.",
        weights,
    )
    print(f"{len(data)} places, {sum(r[1] for r in data)} of events; {len(weights)} weights")


if __name__ == "__main__":
    main()
