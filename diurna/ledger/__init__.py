"""Ledger: one DuckDB file with articles, the events and quotations coded from them, and how they were coded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diurna.ledger.store import Added, Ledger

__all__ = ["Added", "Ledger"]


def __getattr__(name: str) -> Any:
    """Load DuckDB on first use: coding a text needs none."""
    if name in __all__:
        from diurna.ledger import store

        return getattr(store, name)
    raise AttributeError(f"module 'diurna.ledger' has no attribute {name!r}")
