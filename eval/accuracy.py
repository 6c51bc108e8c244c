"""Measure everything and write `eval/accuracy.md` and `eval/accuracy.json`:  python eval/accuracy.py [--shared ../shared]

The outside development sets live beside the checkout and may be absent; the project's own gold is always measured.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from diurna.actors.resolve import Resolver
from diurna.coder import Coder
from diurna.evaluate.actors import evaluate_actors
from diurna.evaluate.articles import evaluate_articles, gold_files, match
from diurna.evaluate.commands import read_jsonl
from diurna.evaluate.relations import evaluate_relations
from diurna.evaluate.spans import evaluate_spans
from diurna.records import Article
from diurna.settings import Settings

HERE = Path(__file__).resolve().parent


def relations_part(path: Path, both: Coder, tables: Coder) -> tuple[list[str], dict[str, Any]]:
    """Three readings of the relations set: tables and model, model alone, tables alone; per root and worst confusions."""
    rows = read_jsonl(path)
    figures, lines = {}, ["| reading | macro-F1 | accuracy | abstained | sentences/s |", "|---|---|---|---|---|"]
    runs = {
        "tables and model": ("", both.relate),
        "model alone": (" --model-only", both.relate_by_model),
        "tables alone": (" --no-model", tables.relate),
    }
    confused: Counter[tuple[str, str]] = Counter()
    for name, (_, relate) in runs.items():
        begun = time.perf_counter()
        measures, errors = evaluate_relations(rows, relate, both.scheme)
        rate = len(rows) / (time.perf_counter() - begun)
        figures[name] = measures
        lines.append(
            f"| {name} | {measures['macro_f1']:.3f} | {measures['accuracy']:.3f} | {measures['abstained']} | {rate:.0f} |"
        )
        if name == "tables and model":
            confused.update((e["gold"], e["predicted"] or "(none)") for e in errors)
    lines += ["", "| root | precision | recall | F1 | n |", "|---|---|---|---|---|"]
    for root, c in figures["tables and model"]["per_class"].items():
        lines.append(f"| {root} | {c['precision']:.2f} | {c['recall']:.2f} | {c['f1']:.2f} | {c['n']} |")
    lines += ["", "Ten worst confusions (gold, predicted, count): "]
    lines[-1] += "; ".join(f"{g} as {p} {n}" for (g, p), n in confused.most_common(10)) + "."
    return lines, figures


def articles_part(sets: dict[str, Path], both: Coder, tables: Coder) -> tuple[list[str], dict[str, Any]]:
    """Events, fields and quotes of every set of reports, with the model and without."""
    names = ("polarity", "modality", "period", "said_by", "sector", "when", "where", "mode", "cameo_root", "cameo3")
    lines = [
        "| set | coder | precision | recall | F1 | " + " | ".join(names) + " | quotes | litter |",
        "|" + "---|" * (len(names) + 7),
    ]
    figures = {}
    for name, path in sets.items():
        for label, coder in (("tables and model", both), ("tables alone", tables)):
            m, _ = evaluate_articles(path, coder.code)
            figures[f"{name}, {label}"] = m
            e, f = m["events"], m["fields"]
            quotes = "–" if m["quotes"]["recall"] is None else f"{m['quotes']['recall']:.2f}"
            cells = [f"{f[n]['accuracy']:.2f}" if n in f else "" for n in names]
            lines.append(
                f"| {name} | {label} | {e['precision']:.3f} | {e['recall']:.3f} | {e['f1']:.3f} | "
                + " | ".join(cells)
                + f" | {quotes} | {m['boilerplate_events']} |"
            )
    return lines, figures


def confidence_part(sets: dict[str, Path], coders: dict[str, Coder]) -> tuple[list[str], dict[str, Any]]:
    """How often events of a given confidence are right; calibrated on the development third (`training/calibrate.py`)."""
    lines, figures = ["| set | coder | confidence | events | mean confidence | right |", "|---|---|---|---|---|---|"], {}
    for name, path in sets.items():
        for label, coder in coders.items():
            pairs = scored(coder, path)
            for low, high in ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 1.01)):
                inside = [(c, r) for c, r in pairs if low <= c < high]
                if inside:
                    mean, right = (sum(x[k] for x in inside) / len(inside) for k in (0, 1))
                    figures[f"{name}, {label}, {low}"] = {"n": len(inside), "mean": round(mean, 3), "right": round(right, 3)}
                    span = f"{low:.1f}–{min(high, 1):.1f}"
                    lines.append(f"| {name} | {label} | {span} | {len(inside)} | {mean:.2f} | {right:.2f} |")
    return lines, figures


def scored(coder: Coder, folder: Path) -> list[tuple[float, bool]]:
    """Return (confidence, right) of every event the coder finds in the gold articles of a folder."""
    made = []
    for file in gold_files(folder):
        gold = json.loads(file.read_text(encoding="utf-8"))
        text = (file.parent / gold["file"]).read_text(encoding="utf-8")
        events = coder.code(Article(text=text, id=gold["id"], published=gold.get("published") or "")).events
        right = set(match(gold["events"], events).values())
        made += [(e.confidence, i in right) for i, e in enumerate(events)]
    return made


def actors_part() -> tuple[list[str], dict[str, Any]]:
    """Country and sector of the project's own test mentions, by part."""
    resolver = Resolver()

    def resolve(text: str, day: str) -> tuple[str, tuple[str, ...]]:
        found = resolver.resolve(text, date.fromisoformat(day) if day else None)
        return (found.country, tuple(found.sectors)) if found else ("", ())

    rows = read_jsonl(HERE / "gold" / "actors.jsonl")
    parts = {part: [r for r in rows if r["part"] == part] for part in ("dev", "held")}
    parts["variants"] = read_jsonl(HERE / "gold" / "actors_variants.jsonl")
    lines, figures = ["| part | country | first sector | both | n |", "|---|---|---|---|---|"], {}
    for part, mentions in parts.items():
        m, _ = evaluate_actors(mentions, resolve)
        figures[part] = m
        c, s, b = (m[k]["accuracy"] for k in ("country", "sector", "both"))
        lines.append(f"| {part} | {c:.3f} | {s:.3f} | {b:.3f} | {m['both']['n']} |")
    return lines, figures


def main() -> None:
    """Measure and write the two files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared", help="folder of the outside sets")
    shared = parser.parse_args().shared
    both, tables = Coder(), Coder(Settings(model=False))
    v = both.versions
    text = [
        "# Accuracy",
        "",
        f"Made by `python eval/accuracy.py`; diurna {v.diurna}, pipeline {v.pipeline}, tables {v.tables}, model {v.model}.",
        "",
    ]
    figures: dict[str, Any] = {}
    sets = {"own gold, dev": HERE / "gold" / "dev", "own gold, held": HERE / "gold" / "held"}
    if (shared / "gold").is_dir():
        sets |= {"real news, dev": shared / "gold" / "articles", "founding example": shared / "seed" / "gold.json"}
    lines, figures["articles"] = articles_part(sets, both, tables)
    text += ["## Reports (`diurna evaluate articles PATH [--no-model]`)", "", *lines, ""]
    own = {name: path for name, path in sets.items() if name.startswith("own")}
    lines, figures["confidence"] = confidence_part(own, {"tables and model": both, "tables alone": tables})
    text += ["## Confidence (measured on dev, tested on held)", "", *lines, ""]
    lines, figures["actors"] = actors_part()
    heading = "## Mentions alone (`diurna evaluate actors FILE`: `eval/gold/actors.jsonl`, `eval/gold/actors_variants.jsonl`)"
    text += [heading, "", *lines, ""]
    if (shared / "gold").is_dir():
        lines, figures["relations"] = relations_part(shared / "gold" / "relations_dev.jsonl", both, tables)
        text += ["## Given spans (`diurna evaluate relations PATH [--model-only|--no-model]`)", "", *lines, ""]
        spans, _ = evaluate_spans(read_jsonl(shared / "gold" / "spans_dev.jsonl"), both.main_event)
        figures["spans"] = spans
        text += ["## Spans found unaided (`diurna evaluate spans PATH`)", "", "| measure | value |", "|---|---|"]
        text += [f"| {role} {k} | {x:.3f} |" for role in ("actor", "recipient") for k, x in spans[role].items()]
        text += [f"| quad accuracy | {spans['quad']['accuracy']:.3f} |", ""]
    (HERE / "accuracy.md").write_text("\n".join(text), encoding="utf-8")
    (HERE / "accuracy.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
