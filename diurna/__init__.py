"""Diurna: a ledger of political events read from news reports (who did what to whom, when, where, on whose word)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diurna.records import Article, Event, Participant, Quote, Relation, Result, Thread, to_dict

if TYPE_CHECKING:
    from diurna.coder import Coder
    from diurna.ledger import Ledger

__all__ = ["Article", "Coder", "Event", "Ledger", "Participant", "Quote", "Relation", "Result", "Thread", "code", "to_dict"]


def __getattr__(name: str) -> Any:
    """Load the coder and the ledger on first use, so that `import diurna` stays light."""
    if name == "Coder":
        from diurna.coder import Coder

        return Coder
    if name == "Ledger":
        from diurna.ledger import Ledger

        return Ledger
    raise AttributeError(f"module 'diurna' has no attribute {name!r}")


def code(text: str, published: str = "") -> Result:
    """Code one text with the default settings; for many texts make one `Coder` and keep it."""
    from diurna.coder import Coder

    return Coder().code(Article(text=text, published=published))
