"""Measure what confidence means on own gold:  python training/calibrate.py

Codes the development third of own gold, with and without the learned model, sorts the events by raw score, and pools them
until the share of right ones rises with the score (isotonic regression by pooling adjacent violators). Writes
`diurna/data/calibration.tsv`; `eval/accuracy.py` tests it on the held-back third.
"""

from __future__ import annotations

import sys
from pathlib import Path

import diurna.coder
from diurna.coder import Coder
from diurna.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "eval"))
from accuracy import scored  # noqa: E402

_FEWEST = 20


def pooled(pairs: list[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return (mean score, share right, count) of the pools, rising in both."""
    pairs = sorted(pairs)
    pools = [pairs[i : i + _FEWEST] for i in range(0, len(pairs), _FEWEST)]
    if len(pools) > 1 and len(pools[-1]) < _FEWEST:
        pools[-2] += pools.pop()
    # One right and one wrong event are added to every pool, so that no score promises certainty.
    share = lambda pool: (sum(r for _, r in pool) + 1) / (len(pool) + 2)  # noqa: E731
    at = 0
    while at + 1 < len(pools):
        if share(pools[at]) >= share(pools[at + 1]):
            pools[at] += pools.pop(at + 1)
            at = max(at - 1, 0)
        else:
            at += 1
    return [(sum(s for s, _ in p) / len(p), share(p), len(p)) for p in pools]


def main() -> None:
    """Measure with raw scores and write the table."""
    diurna.coder.calibrated = lambda score, with_model: score
    lines = ["# Made by training/calibrate.py: share of right events by raw score, on the development third of own gold."]
    lines.append("model\tscore\tright\tn")
    for model in (True, False):
        pairs = scored(Coder(Settings(model=model)), ROOT / "eval" / "gold" / "dev")
        lines += [f"{'yes' if model else 'no'}\t{s:.3f}\t{r:.3f}\t{n}" for s, r, n in pooled(pairs)]
    (ROOT / "diurna" / "data" / "calibration.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
