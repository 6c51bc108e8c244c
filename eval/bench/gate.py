"""What the gate costs and gains: events in texts that it does not let by, and the texts that need no parsing."""

from __future__ import annotations

from diurna.coder import Coder
from diurna.language.gate import gate
from diurna.records import Article


def lost(coder: Coder, articles: list[Article]) -> tuple[int, int]:
    """Return how many events coding everything finds, and how many of them stand in texts that the gate holds back."""
    found = missed = 0
    for article in articles:
        events = len(coder.code(article).events)
        found += events
        missed += 0 if gate().holds_events(article.text) else events
    return found, missed


def passing(articles: list[Article]) -> float:
    """Return the share of characters that reach the parser."""
    return sum(len(a.text) for a in articles if gate().holds_events(a.text)) / sum(len(a.text) for a in articles)
