"""Ledger: one DuckDB file with articles, the events and quotations coded from them, and how they were coded."""

from diurna.ledger.store import Added, Ledger

__all__ = ["Added", "Ledger"]
