"""What a score means: how often events with such a score were right on own gold (`data/calibration.tsv`)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

from diurna.errors import TableError
from diurna.tables import load

_TABLE = "calibration.tsv"


def calibrated(score: float, with_model: bool) -> float:
    """Return the measured share of right events at a raw score (0 to 1), linear between the measured points.

    Args:
        with_model: whether the learned model took part; its scores are measured apart.
    """
    points = _points().get("yes" if with_model else "no", ())
    return round(interpolate(points, score), 3) if points else score


def interpolate(points: Sequence[tuple[float, float]], score: float) -> float:
    """Return the value at `score` on the line through rising points; beyond its ends the end's value."""
    at = bisect_right([p[0] for p in points], score)
    if at in (0, len(points)):
        return points[max(at - 1, 0)][1]
    (low, first), (high, second) = points[at - 1], points[at]
    return first + (second - first) * (score - low) / (high - low)


@cache
def _points() -> dict[str, tuple[tuple[float, float], ...]]:
    try:
        rows = load(_TABLE, ("model", "score", "right", "n"))
    except TableError:
        return {}  # while it is being measured
    made: dict[str, tuple[tuple[float, float], ...]] = {}
    for row in rows:
        made[row["model"]] = (*made.get(row["model"], ()), (float(row["score"]), float(row["right"])))
    return made
