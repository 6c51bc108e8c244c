"""Confidence as a measured share: the line through the measured points."""

from __future__ import annotations

import pytest

from diurna.calibration import calibrated, interpolate

POINTS = ((0.2, 0.1), (0.6, 0.5), (0.8, 0.9))


@pytest.mark.parametrize(("score", "share"), [(0.0, 0.1), (0.2, 0.1), (0.4, 0.3), (0.6, 0.5), (0.7, 0.7), (0.95, 0.9)])
def test_scores_lie_on_the_line_between_points(score: float, share: float) -> None:
    assert interpolate(POINTS, score) == pytest.approx(share)


@pytest.mark.parametrize("with_model", [True, False])
def test_shipped_table_never_falls_with_the_score(with_model: bool) -> None:
    shares = [calibrated(k / 20, with_model) for k in range(21)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1
