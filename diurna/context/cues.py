"""Cue words of the context tables, read once: which word says what about an event's telling (codebook, sections 4 and 5)."""

from __future__ import annotations

from functools import cache

from diurna.tables import Row, load


@cache
def rows(name: str, *columns: str) -> tuple[Row, ...]:
    """Return the rows of `cues/<name>.tsv`; `columns` must be there."""
    return tuple(load(f"cues/{name}.tsv", columns))


@cache
def kinds(name: str) -> dict[str, str]:
    """Return cue -> kind of a two-column table; a cue listed twice keeps its first kind."""
    found: dict[str, str] = {}
    for row in rows(name, "cue", "kind"):
        found.setdefault(row["cue"], row["kind"])
    return found


@cache
def of_kind(name: str, *wanted: str) -> frozenset[str]:
    """Return the cues of a two-column table that have one of the wanted kinds (a cue may have several)."""
    return frozenset(row["cue"] for row in rows(name, "cue", "kind") if row["kind"] in wanted)
