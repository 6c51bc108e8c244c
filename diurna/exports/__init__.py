"""Exports: events as tables on the screen, JSON Lines, CSV, Parquet, Arrow and pandas."""

from diurna.exports.tabular import quotes_to_arrow, to_arrow, to_pandas

__all__ = ["quotes_to_arrow", "to_arrow", "to_pandas"]
