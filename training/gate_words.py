"""Weigh the words by which the gate knows what tells events; writes `data/gate_weights.tsv`:  python training/gate_words.py

Fitted on the annotated reports and the pages about other things among them, all but every fifth; those tell what the threshold
costs. No parser and no model is needed.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import reports as annotated
from weights import fit_choices, write

from diurna.language.gate import Gate

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent / "diurna" / "data" / "gate_weights.tsv"
OTHER = "other_news"  # the file of pages about other things
PENALTY, LEAST = 3.0, 10


def main() -> None:
    """Fit, write, measure on what was kept."""
    learn, kept, plain = [], [], Gate()
    for file in sorted((HERE / "reports").glob("*.txt")):
        for number, report in enumerate(annotated.read(file)):
            if annotated.is_kept(number):
                kept.append((file.stem == OTHER, report))
            else:
                learn += [[(plain.traits(s.text), bool(s.events))] for s in report.sentences]
    weights = fit_choices(learn, PENALTY, least=LEAST)
    write(
        TABLE,
        "Made by training/gate_words.py: how much a word (its stem) or another trait speaks for a sentence's telling an event.",
        weights,
    )
    print(f"{len(learn)} sentences, {len(weights)} weights")
    gate = Gate()
    passed = [(other, gate.holds_events("\n\n".join(s.text for s in r.sentences)), r) for other, r in kept]
    events = [(passes, sum(len(s.events) for s in r.sentences)) for other, passes, r in passed if not other]
    lost = sum(n for passes, n in events if not passes)
    print(f"{lost} of {sum(n for _, n in events)} events lost in {len(events)} kept reports")
    pages = [passes for other, passes, _ in passed if other]
    print(f"{sum(pages)} of {len(pages)} kept pages about other things pass")


if __name__ == "__main__":
    main()
