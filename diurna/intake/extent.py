"""How many reports paths hold, without reading them as reports: for a bar that says how long a run will take."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_PIECE = 1 << 20


def count_reports(paths: Iterable[str | Path]) -> int | None:
    """Return about how many reports `read_articles` will find, or None where only reading would tell (CSV, pipes, JSON)."""
    total = 0
    for path in paths:
        found = _count(Path(path)) if str(path) != "-" else None
        if found is None:
            return None
        total += found
    return total


def _count(path: Path) -> int | None:
    try:
        if path.is_dir():
            inside = (Path(folder) / name for folder, _, names in os.walk(path) for name in names if not name.startswith("."))
            counts = [_count(file) for file in inside]
            return None if None in counts else sum(count or 0 for count in counts)
        if not path.is_file():
            return 1 if not path.exists() else None
        kind = path.suffix.lower()
        if kind in (".jsonl", ".ndjson"):
            with path.open("rb") as stream:
                return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_PIECE), b""))
        if kind in (".parquet", ".pq"):
            import pyarrow.parquet as pq

            return int(pq.ParquetFile(path).metadata.num_rows)
    except (OSError, ValueError):
        return None
    return None if kind in (".csv", ".tsv", ".json") else 1
