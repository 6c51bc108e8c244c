"""Fit the weights of the evidence for an event on the kept annotated reports:  python training/belief.py [--reader DIR]

Codes every kept report with no event left out, notes which candidates fit an annotated event (`whole.pairs_of`), and fits a
logistic regression with a small ridge by Newton's method. The threshold is the belief at which events scored by F1 come out
best. Writes `diurna/data/belief.tsv` and prints the F1 by threshold; folds of reports show what unseen reports would give.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from whole import HERE, kept, pairs_of

import diurna.coder
import diurna.events.belief
import diurna.events.second
from diurna import Article, Coder
from diurna.freeze import freeze
from diurna.settings import Settings

OUT = HERE.parent / "diurna" / "data" / "belief.tsv"
_RIDGE, _FOLDS = 3.0, 5


class Pool:
    """Candidates of the kept reports: evidence, right or wrong, report; and how many events were to be found."""

    def __init__(self) -> None:
        self.evidence: list[dict[str, float]] = []
        self.right: list[bool] = []
        self.report: list[int] = []
        self.wanted = 0

    def add(self, number: int, drafts: dict[int, dict[str, float]], report, events) -> None:
        """Note the candidates of one coded report; drafts: evidence by first character of the trigger."""
        wanted, pairs = pairs_of(report, events)
        self.wanted += sum("optional" not in told.status for told, _ in wanted)
        for index, event in enumerate(events):
            at = min(start for start, _ in event.mentions[0].trigger_spans)
            if at in drafts:
                self.evidence.append(drafts[at])
                self.right.append(index in pairs.values())
                self.report.append(number)


def gather(reader: Path | None, folder: Path) -> Pool:
    """Code the kept reports, leaving nothing out."""
    pool, caught = Pool(), {}
    diurna.events.second.least = lambda: 0.0

    def catching(doc, notes, scheme):
        caught.clear()
        caught.update({min(doc[i].idx for i in d.trigger): d.evidence for d in notes.drafts if d.evidence})
        return freeze(doc, notes, scheme)

    diurna.coder.freeze = catching
    coder = Coder(Settings(reader=reader))
    for number, report in enumerate(kept(folder)):
        text = "\n\n".join(s.text for s in report.sentences)
        result = coder.code(Article(text=text, id=report.id, published=report.date))
        pool.add(number, dict(caught), report, list(result.events))
    return pool


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ridge logistic regression weights; the first column of `x` is the constant, which is not drawn to zero."""
    weights, ridge = np.zeros(x.shape[1]), np.full(x.shape[1], _RIDGE)
    ridge[0] = 0
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - p) - ridge * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        weights += np.linalg.solve(curve, slope)
    return weights


def best_threshold(p: np.ndarray, y: np.ndarray, wanted: int) -> tuple[float, list[tuple[float, float]]]:
    """Return the threshold with the best F1, and the F1 at each tried."""
    tried = []
    for least in np.arange(0.15, 0.75, 0.025):
        made = p >= least
        tried.append((round(float(least), 3), float(2 * y[made].sum() / max(1, made.sum() + wanted))))
    return max(tried, key=lambda t: t[1])[0], tried


def main() -> None:
    """Gather, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reader", type=Path)
    parser.add_argument("--reports", type=Path, default=HERE / "reports")
    parser.add_argument("--least", type=float, help="threshold to write, where precision is worth more than the last events")
    args = parser.parse_args()
    pool = gather(args.reader, args.reports)
    names = sorted({name for e in pool.evidence for name in e})
    x = np.array([[1.0, *(e.get(name, 0.0) for name in names)] for e in pool.evidence])
    y, report = np.array(pool.right, dtype=float), np.array(pool.report)
    unseen = np.zeros(len(y))
    for fold in range(_FOLDS):
        out = report % _FOLDS == fold
        unseen[out] = 1 / (1 + np.exp(-x[out] @ fit(x[~out], y[~out])))
    best, tried = best_threshold(unseen, y, pool.wanted)
    least = args.least or best
    print(f"{len(y)} candidates, {int(y.sum())} right, {pool.wanted} wanted")
    print("F1 on unseen folds by threshold:", " ".join(f"{t}:{f:.3f}" for t, f in tried))
    lines = [
        "# Weights of the evidence for an event (logistic regression); made by training/belief.py on the kept annotated reports."
    ]
    lines += [
        "evidence\tweight",
        *(f"{n}\t{w:.4f}" for n, w in zip(["always", *names], fit(x, y), strict=True)),
        f"least\t{least}",
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
