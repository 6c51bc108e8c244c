"""Measure how far the tables can be trusted beside the model, on the project's own sentences:  python training/reliability.py

Writes `diurna/data/reliability.tsv`: for each root that the tables give, whether both spans fill the frame's slots, and
whether the code was composed, how many of the training sentences they got right. `relate` weighs the two opinions by it.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from diurna.coder import Coder
from diurna.events.marked import parse_example
from diurna.events.relate import table_case
from diurna.settings import Settings

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Code every training sentence with the tables alone and count."""
    coder = Coder(Settings(model=False))
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for file in sorted((HERE / "sentences").glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            root, _, _, marked = line.split("\t")
            example = parse_example(marked)
            table = coder.tables_opinion(example.text, example.spans["A"], example.spans["R"])
            if root != "NONE" and table is not None:
                seen = counts[table_case(table)]
                seen[0] += 1
                seen[1] += table.finding.code.root == root
    rows = ["# Made by training/reliability.py: how often the tables were right on the project's own sentences."]
    rows.append("root\tfit\tcomposed\tn\tright")
    rows += ["\t".join((*case, str(n), str(right))) for case, (n, right) in sorted(counts.items())]
    out = HERE.parent / "diurna" / "data" / "reliability.tsv"
    out.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
