"""Diurna: a ledger of political events read from news reports."""
