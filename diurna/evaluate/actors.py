"""`diurna evaluate actors`: country and first sector of a mention alone on a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

ResolveAlone = Callable[[str, str], tuple[str, tuple[str, ...]]]
_SAME = {"XKX": "KOS"}


def evaluate_actors(rows: Iterable[dict[str, Any]], resolve: ResolveAlone) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Score `resolve` (text, ISO date -> country, sectors); rows whose gold value is null count for neither figure."""
    right: dict[str, list[bool]] = {"country": [], "sector": [], "both": []}
    parts: dict[str, list[bool]] = {}
    errors = []
    for row in rows:
        country, sectors = resolve(row["text"], row.get("date") or "")
        outcome = {}
        if row.get("country") is not None:
            outcome["country"] = _SAME.get(country, country) in {_SAME.get(c, c) for c in _listed(row["country"])}
        if row.get("sector") is not None:
            outcome["sector"] = bool(sectors) and sectors[0] in _listed(row["sector"])
        if len(outcome) == 2:
            outcome["both"] = all(outcome.values())
        for name, value in outcome.items():
            right[name].append(value)
            if "part" in row:
                parts.setdefault(f"part {row['part']} {name}", []).append(value)
        if not all(outcome.values()):
            errors.append({**row, "predicted": {"country": country, "sectors": list(sectors)}})
    return {
        k: {"accuracy": round(sum(v) / max(len(v), 1), 4), "n": len(v)} for k, v in (right | dict(sorted(parts.items()))).items()
    }, errors


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
