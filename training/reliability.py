"""Measure how far the tables can be trusted beside the model, on the kept annotated reports:  python training/reliability.py

Writes `diurna/data/reliability.tsv`: for each root that the tables give, whether both spans fill the frame's slots, and
whether the code was composed, how many of the marked pairs they got right. `relate` weighs the two opinions by it. The pairs are
those of the reports kept from training, in running prose: on the sentences that frames were written with, the tables look better.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import rows

from diurna.coder import Coder
from diurna.events.relate import table_case
from diurna.settings import Settings

OUT = Path(__file__).resolve().parent.parent / "diurna" / "data" / "reliability.tsv"


def main() -> None:
    """Ask the tables alone about every marked pair and count."""
    coder = Coder(Settings(model=False))
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for example in (x for story in rows.reports()[1] for x in story):
        for event in example.events:
            table = coder.tables_opinion(example.text, event.actor, event.recipient) if event.actor and event.recipient else None
            if table is not None:
                seen = counts[table_case(table)]
                seen[0] += 1
                seen[1] += table.finding.code.root == event.root
    lines = ["# Made by training/reliability.py: how often the tables were right about the marked pairs of the kept reports."]
    lines.append("root\tfit\tcomposed\tn\tright")
    lines += ["\t".join((*case, str(n), str(right))) for case, (n, right) in sorted(counts.items())]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
