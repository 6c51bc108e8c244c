"""Write eval/context.md: each phenomenon of the telling with its counts in the project's own gold, and how often it is right.

python eval/context.py
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import diurna
from diurna.evaluate.articles import evaluate_articles, match
from diurna.evaluate.coref import evaluate_coref, reader_of
from diurna.evaluate.stories import evaluate_same_event, evaluate_stories
from diurna.evaluate.telling import field_results, same_number

GOLD = Path(__file__).parent / "gold"
HEAD = """# Status, speakers, time, place, threads

Written by `python eval/context.py` on the project's own gold. *told* counts the gold events (quotations, pairs) that show the
phenomenon, *scored* those among them that the coder found, *right* the share of these whose field is right.

| phenomenon | told, dev | scored | right | told, held back | scored | right |
|---|---|---|---|---|---|---|
"""


def phenomena(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (phenomenon, field that tests it) of a gold event."""
    for field in ("polarity", "modality", "period"):
        yield f"{field}: {event[field]}", field
    yield ("said by another" if event.get("said_by") else "reporter's own word or own act"), "said_by"
    when = event.get("when") or ""
    if when:
        yield "time: " + {4: "year", 7: "month"}.get(len(when), "day"), "when"
    if event.get("where"):
        yield "place", "where"
    if event.get("source"):
        yield "source told", "source_told"


def count(folder: Path, coder: diurna.Coder) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return told, scored and right by phenomenon over the reports of a folder."""
    told: Counter[str] = Counter()
    scored: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for file in sorted(folder.glob("*.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        text = (folder / gold["file"]).read_text(encoding="utf-8")
        events = coder.code(diurna.Article(text=text, id=gold["id"], published=gold.get("published") or "")).events
        pairs = match(gold["events"], events)
        for index, wanted in enumerate(gold["events"]):
            results = dict(field_results(wanted, events[pairs[index]])) if index in pairs else {}
            for kind in wanted.get("quantities") or {}:
                told[f"number: {kind}"] += 1
                if index in pairs:
                    scored[f"number: {kind}"] += 1
                    right[f"number: {kind}"] += same_number(kind, wanted["quantities"][kind], events[pairs[index]].quantities)
            for context in wanted.get("contexts") or ():
                told["context"] += 1
                scored["context"] += index in pairs
                right["context"] += index in pairs and context in events[pairs[index]].contexts
            for name, field in phenomena(wanted):
                told[name] += 1
                scored[name] += field in results
                right[name] += results.get(field, False)
    quotes = evaluate_articles(folder, coder.code)[0]["quotes"]
    told["quotations with speaker"] = scored["quotations with speaker"] = quotes["n"]
    right["quotations with speaker"] = round((quotes["recall"] or 0) * quotes["n"])
    return told, scored, right


def main() -> None:
    """Code the gold and write the page."""
    coder = diurna.Coder()
    dev, held = count(GOLD / "dev", coder), count(GOLD / "held", coder)
    lines = []
    for name in sorted(dev[0] | held[0]):
        cells = [f"{t[name]} | {s[name]} | {r[name] / s[name] if s[name] else 0:.2f}" for t, s, r in (dev, held)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    tail = "\n\n| joined over articles | part | precision | recall | wanted | state right |\n|---|---|---|---|---|---|\n"
    for title, file, evaluate in (
        ("same event, 200 pairs", "same_event.jsonl", evaluate_same_event),
        ("links of threads, 40 stories", "stories.jsonl", evaluate_stories),
    ):
        rows = [json.loads(line) for line in (GOLD / file).read_text(encoding="utf-8").splitlines()]
        measures = evaluate(rows, coder.code)[0]
        for part in ("dev", "held"):
            m = measures[part]
            tail += f"| {title} | {part} | {m['precision']:.2f} | {m['recall']:.2f} | {m['wanted']} | {m.get('state', '–')} |\n"
    tail += "\n| for whom a phrase stands (`diurna evaluate coref`) | right | of |\n|---|---|---|\n"
    rows = [json.loads(line) for line in (GOLD / "coref.jsonl").read_text(encoding="utf-8").splitlines()]
    for name, m in evaluate_coref(rows, reader_of(coder))[0].items():
        tail += f"| {name} | {m['accuracy']:.2f} | {m['n']} |\n"
    Path(__file__).with_suffix(".md").write_text(HEAD + "\n".join(lines) + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
