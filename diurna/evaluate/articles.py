"""`diurna evaluate articles`: events, fields and quotations of whole reports against gold files."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diurna.errors import StopRun
from diurna.evaluate.matching import one_to_one
from diurna.evaluate.names import same_name
from diurna.evaluate.telling import EXTRA, FIELDS, field_results
from diurna.records import Article, Event, Participant, Result, to_dict

Code = Callable[[Article], Result]
_SAME = {"XKX": "KOS"}


@dataclass(slots=True)
class Tally:
    """Counts over all articles of one evaluation."""

    predicted: int = 0
    right: int = 0
    required: int = 0
    matched: int = 0
    boilerplate: int = 0
    quotes: int = 0
    quotes_right: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    fields_right: Counter[str] = field(default_factory=Counter)
    errors: list[dict[str, Any]] = field(default_factory=list)


def gold_files(path: Path) -> list[Path]:
    """Return the gold JSON files under `path` (a file or a folder).

    Raises:
        StopRun: nothing there.
    """
    files = [path] if path.is_file() else sorted(path.glob("*.json"))
    if not files:
        raise StopRun(f"{path}: no gold file (*.json) there")
    return files


def evaluate_articles(path: Path, code: Code) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Code every gold article and return the measures and one record per missed or spurious event, wrong field or quote."""
    tally = Tally()
    begun = time.perf_counter()
    for file in gold_files(path):
        gold = json.loads(file.read_text(encoding="utf-8"))
        text = (file.parent / gold["file"]).read_text(encoding="utf-8")
        result = code(Article(text=text, id=gold["id"], published=gold.get("published") or ""))
        score_article(gold, text, result, tally)
    return _measures(tally, time.perf_counter() - begun), tally.errors


def score_article(gold: dict[str, Any], text: str, result: Result, tally: Tally) -> None:
    """Add one article to the tally: match events one to one, required ones first, then compare the fields of matched ones."""
    pairs = match(gold["events"], result.events)
    tally.predicted += len(result.events)
    tally.right += len(pairs)
    tally.required += sum(e["required"] for e in gold["events"])
    tally.matched += sum(gold["events"][g]["required"] for g in pairs)
    tally.boilerplate += sum(_in_spans(e, gold.get("boilerplate", [])) for e in result.events)
    for index, wanted in enumerate(gold["events"]):
        if index in pairs:
            _score_fields(gold, wanted, result.events[pairs[index]], tally)
        elif wanted["required"]:
            words = [text[a:b] for a, b in wanted["evidence"]]
            tally.errors.append({"article": gold["id"], "missed": wanted["id"], "event": wanted["event"], "words": words})
    taken = set(pairs.values())
    tally.errors += [_spurious(gold, text, e) for i, e in enumerate(result.events) if i not in taken]
    _score_quotes(gold, result, tally)


def match(gold: Sequence[dict[str, Any]], events: Sequence[Event]) -> dict[int, int]:
    """Return gold index -> predicted index, a largest one-to-one matching in which required gold events go first.

    Of several that fit, the event whose trigger lies in the evidence is taken: fields are scored against the right one.
    """
    candidates = {
        g: sorted((p for p, e in enumerate(events) if _fits(want, e)), key=lambda p: not _in_spans(events[p], want["evidence"]))
        for g, want in enumerate(gold)
    }
    return one_to_one(candidates, sorted(candidates, key=lambda g: not gold[g]["required"]))


def _fits(gold: dict[str, Any], event: Event) -> bool:
    if event.event not in gold["event"]:
        return False
    if not _share(gold["actor"], event.actors):
        return False
    if not gold.get("recipient_optional") and not _share(gold["recipient"], event.recipients):
        return False
    return any(a < end and start < b for m in event.mentions for start, end in [m.sentence_span] for a, b in gold["evidence"])


def _share(gold: Sequence[dict[str, Any]], found: Sequence[Participant]) -> bool:
    wanted = {_SAME.get(p["country"], p["country"]) for p in gold if p.get("country")}
    have = {_SAME.get(p.country, p.country) for p in found if p.country}
    return bool(wanted & have) if wanted and have else not wanted and not have


def _in_spans(event: Event, spans: Sequence[Sequence[int]]) -> bool:
    return any(s < b and a < e for m in event.mentions for s, e in m.trigger_spans for a, b in spans)


def _score_fields(gold: dict[str, Any], wanted: dict[str, Any], event: Event, tally: Tally) -> None:
    for name, right in field_results(wanted, event):
        tally.fields[name] += 1
        tally.fields_right[name] += right
        if not right:
            found = to_dict(event)
            key = {"mode": "modes", "cameo_root": "cameo", "cameo3": "cameo"}.get(name, name.partition("_")[0])
            key = name if name in found else key
            got = [(p.text, p.sectors) for p in (*event.actors, *event.recipients)] if name == "sector" else found[key]
            tally.errors.append(
                {"article": gold["id"], "event": wanted["id"], "field": name, "gold": wanted.get(key), "predicted": got}
            )


def _score_quotes(gold: dict[str, Any], result: Result, tally: Tally) -> None:
    for quote in gold.get("quotes", []):
        start, end = quote["span"]
        tally.quotes += 1
        found = [q for q in result.quotes if any(s < end and start < e for s, e in q.spans)]
        right = any(same_name(quote["speaker"] or "", q.speaker) if quote["speaker"] else not q.speaker for q in found)
        tally.quotes_right += right
        if not right:
            heard = [q.speaker for q in found]
            tally.errors.append({"article": gold["id"], "quote": [start, end], "gold": quote["speaker"], "predicted": heard})


def _spurious(gold: dict[str, Any], text: str, event: Event) -> dict[str, Any]:
    start, end = event.mentions[0].sentence_span
    parties = [[(p.text, p.country) for p in side] for side in (event.actors, event.recipients)]
    return {
        "article": gold["id"],
        "spurious": f"{event.event} {parties[0]} -> {parties[1]}",
        "trigger": [text[a:b] for a, b in event.mentions[0].trigger_spans],
        "frame": event.explanation[0].rule if event.explanation else "",
        "sentence": text[start:end],
    }


def _measures(tally: Tally, seconds: float) -> dict[str, Any]:
    precision = tally.right / tally.predicted if tally.predicted else 0.0
    recall = tally.matched / tally.required if tally.required else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    fields = {
        name: {"accuracy": round(tally.fields_right[name] / tally.fields[name], 4), "n": tally.fields[name]}
        for name in (*FIELDS, *EXTRA)
        if tally.fields[name]
    }
    return {
        "events": {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(f1, 4),
            "predicted": tally.predicted,
            "required": tally.required,
            "matched": tally.matched,
        },
        "fields": fields,
        "quotes": {"recall": round(tally.quotes_right / tally.quotes, 4) if tally.quotes else None, "n": tally.quotes},
        "boilerplate_events": tally.boilerplate,
        "seconds": round(seconds, 2),
    }
