"""Logistic regression over traits, for the tables that weigh them; used by places.py and periods.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

PENALTY, LEAST, SMALLEST = 4.0, 8, 0.1


def fit(data: Sequence[tuple[set[str], bool]]) -> dict[str, float]:
    """Return trait -> weight by Newton's method with an L2 penalty; rare traits and small weights are left out.

    Args:
        data: the traits of each case, and whether it is one.
    """
    names = sorted(t for t, n in Counter(t for traits, _ in data for t in traits).items() if n >= LEAST)
    column = {name: k for k, name in enumerate(names)}
    matrix = np.zeros((len(data), len(names)))
    for row, (traits, _) in enumerate(data):
        matrix[row, [column[t] for t in traits if t in column]] = 1
    truth, weights = np.array([hit for _, hit in data], float), np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (truth - p) - PENALTY * weights
        curve = (matrix * (p * (1 - p))[:, None]).T @ matrix + PENALTY * np.eye(len(names))
        weights += np.linalg.solve(curve, slope)
    rounded = {t: round(w, 2) for t, w in zip(names, weights.tolist(), strict=True)}
    return {t: w for t, w in rounded.items() if abs(w) >= SMALLEST}


def write(table: Path, comment: str, weights: dict[str, float]) -> None:
    """Write weights as a table with a comment at its head."""
    lines = [f"# {comment}", "trait\tweight", *(f"{t}\t{w}" for t, w in sorted(weights.items()))]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
