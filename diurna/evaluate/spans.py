"""`diurna evaluate spans`: actor and recipient spans found unaided, and the quad class of the sentence's main event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from diurna.records import Span

FindSpans = Callable[[str], tuple[list[Span], list[Span], int]]


def evaluate_spans(rows: Iterable[dict[str, Any]], find: FindSpans) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Score `find` (text -> actor spans, recipient spans, quad) on gold rows; quad 0 is left out of the quad figure."""
    counts = {role: [0, 0, 0] for role in ("actor", "recipient")}  # hits, predicted, gold
    quads: list[bool] = []
    errors = []
    for row in rows:
        actor, recipient, quad = find(row["text"])
        wrong = False
        for role, found in (("actor", actor), ("recipient", recipient)):
            gold: list[Span] = [(s, e) for s, e in row[role]]
            hits = matched(gold, found)
            counts[role][0] += hits
            counts[role][1] += len(found)
            counts[role][2] += len(gold)
            wrong = wrong or not hits == len(gold) == len(found)
        if row["quad"]:
            quads.append(quad == row["quad"])
            wrong = wrong or not quads[-1]
        if wrong:
            errors.append(_error(row, actor, recipient, quad))
    result: dict[str, Any] = {role: _prf(*c) for role, c in counts.items()}
    result["quad"] = {"accuracy": round(sum(quads) / max(len(quads), 1), 4), "n": len(quads)}
    return result, errors


def matched(gold: list[Span], found: list[Span]) -> int:
    """Count one-to-one matches: spans match when they overlap by at least half of the shorter one."""
    free = list(found)
    hits = 0
    for start, end in gold:
        for span in free:
            overlap = min(end, span[1]) - max(start, span[0])
            if 2 * overlap >= min(end - start, span[1] - span[0]):
                free.remove(span)
                hits += 1
                break
    return hits


def _prf(hits: int, predicted: int, gold: int) -> dict[str, float]:
    precision, recall = hits / max(predicted, 1), hits / max(gold, 1)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _error(row: dict[str, Any], actor: list[Span], recipient: list[Span], quad: int) -> dict[str, Any]:
    text = row["text"]
    return {
        "id": row["id"],
        "text": text,
        "actor": {"gold": [text[a:b] for a, b in row["actor"]], "predicted": [text[a:b] for a, b in actor]},
        "recipient": {"gold": [text[a:b] for a, b in row["recipient"]], "predicted": [text[a:b] for a, b in recipient]},
        "quad": {"gold": row["quad"], "predicted": quad},
    }
