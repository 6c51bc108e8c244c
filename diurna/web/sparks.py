"""Sparklines: a stroke for each day, small enough to stand in a row of a table.

Vega draws all other charts (`diurna/charts`); a page has a hundred of these, and each would take it a fiftieth of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SIZE = (120, 26)


@dataclass(frozen=True, slots=True)
class Spark:
    """Cooperation above the line, conflict below, as paths of SVG."""

    width: int
    height: int
    up: str
    down: str


def spark(up: Sequence[int], down: Sequence[int]) -> Spark:
    """Return a sparkline of one bar a day."""
    width, height = _SIZE
    step, middle = width / max(1, len(up)), height / 2
    most = max([*up, *down, 1])

    def bars(counts: Sequence[int], sign: int) -> str:
        found = []
        for day, number in enumerate(counts):
            if number:
                size = max(1.5, number / most * (middle - 1)) * sign
                found.append(f"M{day * step:.1f} {middle}h{max(step, 1):.1f}v{size:.1f}h-{max(step, 1):.1f}z")
        return "".join(found)

    return Spark(width, height, bars(up, -1), bars(down, 1))
