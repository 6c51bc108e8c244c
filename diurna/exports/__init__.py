"""Exports: events as tables on the screen, JSON Lines, CSV, Parquet, Arrow and pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diurna.exports.tabular import quotes_to_arrow, to_arrow, to_pandas

__all__ = ["quotes_to_arrow", "to_arrow", "to_pandas"]


def __getattr__(name: str) -> Any:
    """Load Arrow on first use: the screen needs none."""
    if name in __all__:
        from diurna.exports import tabular

        return getattr(tabular, name)
    raise AttributeError(f"module 'diurna.exports' has no attribute {name!r}")
