"""`diurna evaluate relations`: root from given spans, over the 15 classes of the set (CONCEDE and RETREAT merged as YIELD)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from diurna.ontology import Ontology
from diurna.records import Relation, Span

Relate = Callable[[str, list[Span], list[Span]], Relation]
_MERGED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


def label(relation: Relation, scheme: Ontology) -> str:
    """Return the class of a relation; the set was labelled through the CAMEO-to-PLOVER crosswalk, so the code decides."""
    root = scheme.crosswalk.get(relation.cameo) or relation.event
    return _MERGED.get(root, root)


def evaluate_relations(
    rows: Iterable[dict[str, Any]], relate: Relate, scheme: Ontology
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Score `relate` on gold rows.

    Returns:
        The measures (keys as in the format's description) and one record per error.
    """
    pairs: list[tuple[str, str]] = []
    errors = []
    for row in rows:
        relation = relate(row["text"], [tuple(s) for s in row["actor"]], [tuple(s) for s in row["recipient"]])
        predicted = label(relation, scheme)
        pairs.append((row["event"], predicted))
        if predicted != row["event"]:
            errors.append(
                {
                    "id": row["id"],
                    "gold": row["event"],
                    "predicted": predicted,
                    "text": marked(row),
                    "why": [f"{r.rule}: {r.words}" for r in relation.explanation],
                    "opinions": relation.opinions,
                }
            )
    return measures(pairs), errors


def measures(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Accuracy, macro-F1 and per-class figures of (gold, predicted) pairs; an empty prediction is an abstention and wrong."""
    per_class = {}
    for name in sorted({gold for gold, _ in pairs}):
        hits = sum(g == p == name for g, p in pairs)
        predicted = sum(p == name for _, p in pairs)
        actual = sum(g == name for g, _ in pairs)
        precision = hits / predicted if predicted else 0.0
        recall = hits / actual
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        per_class[name] = {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "n": actual}
    count = len(pairs)
    return {
        "macro_f1": round(sum(c["f1"] for c in per_class.values()) / max(len(per_class), 1), 4),
        "accuracy": round(sum(g == p for g, p in pairs) / max(count, 1), 4),
        "abstained": sum(not p for _, p in pairs),
        "n": count,
        "per_class": per_class,
    }


def marked(row: dict[str, Any]) -> str:
    """Return the text with its gold spans in braces, for reading errors."""
    text: str = row["text"]
    marks = sorted([(a, b, "A") for a, b in row["actor"]] + [(a, b, "R") for a, b in row["recipient"]], reverse=True)
    for start, end, role in marks:
        text = f"{text[:start]}{{{role} {text[start:end]}}}{text[end:]}"
    return text
