"""How far to believe that a sentence tells an event: one measured weight for each piece of evidence (`data/belief.tsv`).

The tables' frame, what the learned model sees without a mark, what it answers about the marked trigger, and whether it gives
the same phrases the same parts are weighed together (logistic regression; `training/belief.py` fits it on the annotated
reports that the model was not trained on). Events below the threshold are not made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

from diurna.tables import load

_LEAST = 0.002  # probabilities nearer to 0 or 1 are taken as this


def odds(probability: float) -> float:
    """Return the logarithm of the odds of a probability, within bounds."""
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(p / (1 - p))


def belief(evidence: Mapping[str, float]) -> float:
    """Return how likely an event with this evidence is right; evidence that the table does not know counts nothing."""
    known = weights()
    return 1 / (1 + math.exp(-known["always"] - sum(known.get(name, 0.0) * value for name, value in evidence.items())))


def least() -> float:
    """Return the belief below which no event is made."""
    return weights()["least"]


@cache
def weights() -> dict[str, float]:
    """Read the table."""
    return {row["evidence"]: float(row["weight"]) for row in load("belief.tsv", ("evidence", "weight"))}
