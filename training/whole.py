"""How well the whole coder tells the reports kept from training:  python training/whole.py [--no-model] [--reader DIR]

Every fifth annotated report is kept (`rows.reports`). Each is coded as one text; an event fits an annotated one when both have
the same root, stand in the same sentence, and share a phrase on each side where the annotation names one in that sentence.
Each mention of a coded event may match one; required ones go first. Unlike gold articles these name spans, not countries, so
they measure the arguments themselves; they are many more, and one pen's habits weigh less.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import reports as annotated

from diurna import Article, Coder, Event
from diurna.evaluate.matching import one_to_one
from diurna.records import Span
from diurna.settings import Settings

HERE = Path(__file__).resolve().parent


def kept(folder: Path) -> list[annotated.Report]:
    """Return the reports that no model is trained on."""
    return [r for file in sorted(folder.glob("*.txt")) for n, r in enumerate(annotated.read(file)) if annotated.is_kept(n)]


def _meets(spans: list[Span], offset: int, found: list[Span]) -> bool:
    return any(a + offset < y and x < b + offset for a, b in spans for x, y in found)


def fits(told: annotated.Told, offset: int, end: int, event: Event, mention: int) -> bool:
    """Tell whether a mention of a coded event is the annotated one; offset, end: the sentence's place in the text."""
    if event.event != told.root or not offset <= event.mentions[mention].trigger_spans[0][0] < end:
        return False
    if mention:
        return True  # participants have the spans of the first mention
    sides = [(told.actor, "actor", event.actors), (told.recipient, "recipient", event.recipients)]
    if event.reciprocal or "recip" in told.status:
        sides = [(told.actor + told.recipient, "actor", (*event.actors, *event.recipients))]
    for spans, name, found in sides:
        places = [s for p in found for s in p.spans]
        if spans and not _meets(spans, offset, places):
            return False
        if not spans and not told.implied[name] and found and name == "actor":
            return False
    return True


def pairs_of(report: annotated.Report, events: list[Event]) -> tuple[list[tuple[annotated.Told, int]], dict[int, int]]:
    """Return the annotated events with their sentence's offset, and which coded event fits which."""
    told_at = [(p, m) for p, e in enumerate(events) for m in range(len(e.mentions))]
    gold, at = [], 0
    wanted: list[tuple[annotated.Told, int]] = []
    for sentence in report.sentences:
        for told in sentence.events:
            wanted.append((told, at))
            end = at + len(sentence.text)
            gold.append([n for n, (p, m) in enumerate(told_at) if fits(told, at, end, events[p], m)])
        at += len(sentence.text) + 2
    pairs = one_to_one(dict(enumerate(gold)), sorted(range(len(gold)), key=lambda g: "optional" in wanted[g][0].status))
    return wanted, {g: told_at[n][0] for g, n in pairs.items()}


def main() -> None:
    """Code the kept reports and print recall, precision and F1, by root and by where the event came from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-model", action="store_true")
    parser.add_argument("--reader", type=Path)
    parser.add_argument("--reports", type=Path, default=HERE / "reports")
    parser.add_argument("--errors", type=Path)
    args = parser.parse_args()
    coder = Coder(Settings(model=not args.no_model, reader=args.reader))
    count: Counter[str] = Counter()
    lines = []
    for report in kept(args.reports):
        text = "\n\n".join(s.text for s in report.sentences)
        events = list(coder.code(Article(text=text, id=report.id, published=report.date)).events)
        wanted, pairs = pairs_of(report, events)
        for g, (told, at) in enumerate(wanted):
            required = "optional" not in told.status
            count["required"] += required
            count["found"] += required and g in pairs
            if required and g not in pairs:
                words = [text[a + at : b + at] for a, b in told.trigger]
                lines.append({"report": report.id, "missed": told.root, "trigger": words, "sentence": text[at:].split("\n\n")[0]})
        for p, event in enumerate(events):
            source = "model" if "tables silent" in event.explanation[0].rule else "tables"
            count[source] += 1
            count[f"{source} right"] += p in pairs.values()
            if p not in pairs.values():
                a, b = event.mentions[0].sentence_span
                parties = [[q.text for q in side] for side in (event.actors, event.recipients)]
                rule = event.explanation[0].rule
                lines.append(
                    {"report": report.id, "spurious": event.event, "parties": parties, "rule": rule, "sentence": text[a:b]}
                )
    coded, right = count["tables"] + count["model"], count["tables right"] + count["model right"]
    precision, recall = right / max(1, coded), count["found"] / max(1, count["required"])
    made = {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(1e-9, precision + recall)}
    made |= {f"{s} precision": count[f"{s} right"] / max(1, count[s]) for s in ("tables", "model")}
    print(json.dumps({k: round(v, 4) for k, v in made.items()} | dict(count), indent=1))
    if args.errors:
        args.errors.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
