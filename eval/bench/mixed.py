"""A mixed corpus for benchmarks: one report of political news in ten, the rest sport, kitchens, weather, shows and shops.

All are the project's own annotated reports, of which only every fifth is taken: those that neither the gate nor the reader saw.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from diurna.records import Article

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "training"))
OTHER = "other_news"


def mixed(count: int = 400, seed: int = 7, political: float = 0.1) -> Iterator[Article]:
    """Yield `count` reports, the given share of them political."""
    rng = random.Random(seed)
    reports, others = kept(), list(_reports(other=True, kept=True))
    for _ in range(count):
        yield rng.choice(reports if rng.random() < political else others)


def kept() -> list[Article]:
    """Return the political reports that neither the gate nor the reader saw."""
    return list(_reports(other=False, kept=True))


def dense() -> list[Article]:
    """Return the political reports alone: own development gold and the annotated training reports."""
    gold = [
        Article(file.read_text(encoding="utf-8"), id=file.stem, published="2015-06-01")
        for file in sorted((ROOT / "eval" / "gold" / "dev").glob("*.txt"))
    ]
    return [*gold, *_reports(other=False)]


def _reports(other: bool, kept: bool = False) -> Iterator[Article]:
    """Yield the annotated reports, or the pages about other things; `kept`: only those kept from training."""
    from reports import is_kept, read

    for file in sorted((ROOT / "training" / "reports").glob("*.txt")):
        if (file.stem == OTHER) == other:
            for number, report in enumerate(read(file)):
                if not kept or is_kept(number):
                    text = "\n\n".join(sentence.text for sentence in report.sentences)
                    yield Article(text, id=report.id, published=report.date)
