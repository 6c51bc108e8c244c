"""Logistic regression over traits, for the tables that weigh them; used by places.py, periods.py and implied.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

PENALTY, LEAST, SMALLEST = 4.0, 8, 0.1
_STEPS = 400


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


Choice = Sequence[tuple[set[str], bool]]  # the options of one case, each with whether it is right; none may be


def fit_choices(
    data: Sequence[Choice], penalty: float, given: Mapping[str, float] | None = None, least: int = 12
) -> dict[str, float]:
    """Return trait -> weight of a choice among options or none of them (conditional logit, McFadden 1974).

    Made by gradient steps (Adam). The score of an option is the sum of the weights of its traits, that of choosing none is 0.
    Traits met in fewer than `least` options are left out. The weights in `given` stand as they are; the others come on top.
    """
    given = given or {}
    met = Counter(t for options in data for traits, _ in options for t in traits - given.keys())
    names = sorted(t for t, n in met.items() if n >= least)
    column = {name: k for k, name in enumerate(names)}
    pairs = [(sorted(traits), hit, case) for case, options in enumerate(data) for traits, hit in options]  # one order of sums
    flat = [(option, column[t]) for option, (traits, _, _) in enumerate(pairs) for t in traits if t in column]
    option, trait = np.array(flat).T
    case, hit = np.array([c for _, _, c in pairs]), np.array([float(h) for _, h, _ in pairs])
    stands = np.array([sum(given.get(t, 0.0) for t in traits) for traits, _, _ in pairs])
    some = np.bincount(case, hit, len(data)) > 0
    weights, slow, square = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, _STEPS + 1):
        odds = np.exp((stands + np.bincount(option, weights[trait], len(pairs))).clip(-30, 30))
        share = odds / (1 + np.bincount(case, odds, len(data)))[case]
        right = np.bincount(case, odds * hit, len(data))
        wanted = np.where(some[case], odds * hit / np.maximum(right, 1e-12)[case], 0.0)
        slope = np.bincount(trait, (share - wanted)[option], len(names)) + penalty * weights
        slow, square = 0.9 * slow + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = 0.05 * (1 - step / (_STEPS + 1))
        weights -= rate * (slow / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return {t: round(w, 2) for t, w in zip(names, weights.tolist(), strict=True) if abs(w) >= 0.03}
