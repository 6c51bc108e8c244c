"""How the telling of events is read when trigger and parties are given: status, speaker, date, place on the training reports.

python eval/telling.py [--errors FILE] [FILE...]

The reports of `training/reports/` mark every event of every sentence with the words of its speaker, date and place. Here each
event is handed to the context rules as annotated, so that only those are measured. No model was trained on these fields of
them, but rules were made while reading them: this is a development measure. "report place" and "report time" are where and when
an event took place as a reader of the whole report says (`Setting`), however far from the event that is told.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import diurna
from diurna.context.component import Context
from diurna.evaluate.names import same_name
from diurna.evaluate.places import same_place
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import Draft, Notes, notes_of
from diurna.language.pipeline import make_doc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "training"))

from reports import Report, Told, read

FIELDS = ("polarity", "modality", "period", "said_by", "when", "where")


def doc_of(coder: diurna.Coder, report: Report) -> Any:
    """Return the Doc of a report with everything read but events and their telling."""
    text = "\n".join(s.text for s in report.sentences)
    article = diurna.Article(text=text, id=report.id, published=report.date)
    doc = make_doc(coder.nlp, article, text, find_boilerplate(text), find_headline(text))
    with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
        return coder.nlp(doc)


def drafts_of(doc: Any, notes: Notes, report: Report) -> Iterator[tuple[Draft, Told, str, int]]:
    """Yield an annotated event of a report as a draft over its Doc, with the annotation, its sentence and where that begins."""
    sentences = list(doc.sents)
    offset = 0
    for sentence in report.sentences:
        for told in sentence.events:

            def tokens(spans: list[tuple[int, int]], offset: int = offset) -> list[int]:
                found = (doc.char_span(offset + a, offset + b, alignment_mode="expand") for a, b in spans)
                return [s.root.i for s in found if s is not None]

            trigger = tokens(told.trigger)
            index = next(i for i, s in enumerate(sentences) if s.start <= trigger[0] < s.end)
            draft = Draft(told.root, told.mode, told.cameo, tuple(trigger), index, tokens(told.actor), tokens(told.recipient))
            if told.mode == "visit":
                draft.thread_kind = "visit"
            yield draft, told, sentence.text, offset
        offset += len(sentence.text) + 1


def wanted(told: Told, sentence: str) -> dict[str, Any]:
    """Return what the annotation says of an event."""
    modality = next((m for m in ("future", "hypothetical") if m in told.status), "actual")
    words = {name: [sentence[a:b] for a, b in getattr(told, name)] for name in ("said_by", "when", "where")}
    words["said_by"] += told.implied["said_by"]
    return {
        "polarity": "negated" if "negated" in told.status else "affirmed",
        "modality": modality,
        "period": "historical" if "historical" in told.status else "current",
        **words,
    }


def found(draft: Draft) -> dict[str, Any]:
    """Return what the rules say of a draft; a place only when words of the sentence tell it."""
    where = next((r.words for r in draft.reasons if r.field == "where" and r.span), "")
    words = [*draft.said_by, *([draft.source] if draft.source else [])]
    return {
        "polarity": draft.polarity,
        "modality": draft.modality,
        "period": draft.period,
        "said_by": words,
        "when": [draft.when.words] if draft.when.words else [],
        "where": [where] if where else [],
    }


def right(field: str, gold: Any, coded: Any) -> bool:
    """Tell whether a coded value agrees with the annotation: the same word, or words in common."""
    if field in ("polarity", "modality", "period"):
        return bool(gold == coded)
    if not gold or not coded:
        return not gold and not coded
    return any(same_name(a, b) or a.lower() in b.lower() or b.lower() in a.lower() for a in gold for b in coded)


def of_report(draft: Draft, told: Told) -> Iterator[tuple[str, str, bool]]:
    """Yield whether place and time of an event are those of the whole report: (field, "told" or "untold", right?)."""
    setting = told.setting
    if setting is None:
        return
    if setting.place:
        yield "report place", "told", same_place(setting.place, draft.where, {setting.country})
    else:
        yield "report place", "untold", not draft.where.name
    first = setting.when.partition("/")[0]
    within = len(first) == len("2000-01-01") and draft.when.start <= first <= draft.when.end != ""
    kind = "assumed" if setting.assumed else "told" if first else "untold"
    yield "report time", kind, (draft.when.start.startswith(first) or within) if first else not draft.when.start


def main(arguments: list[str]) -> None:
    """Print for each field how many events tell something, and how many are right; write errors as JSON lines."""
    errors = Path(arguments[arguments.index("--errors") + 1]) if "--errors" in arguments else None
    files = [Path(a) for a in arguments if a.endswith(".txt")] or sorted(
        (Path(__file__).parent.parent / "training/reports").glob("*.txt")
    )
    coder, context = diurna.Coder(), Context()
    counts: Counter[tuple[str, str, bool]] = Counter()
    lines = []
    for report in (r for f in files for r in read(f)):
        doc = doc_of(coder, report)
        notes = notes_of(doc)
        given = list(drafts_of(doc, notes, report))
        notes.drafts = sorted((d for d, *_ in given), key=lambda d: d.trigger[0])
        context(doc)
        for draft, told, sentence, _ in given:
            counts.update(of_report(draft, told))
            gold, coded = wanted(told, sentence), found(draft)
            for field in FIELDS:
                good = right(field, gold[field], coded[field])
                kind = gold[field] if isinstance(gold[field], str) else ("told" if gold[field] else "untold")
                counts[field, kind, good] += 1
                if not good:
                    words = " ".join(doc[i].text for i in draft.trigger)
                    rules = [f"{r.rule}: {r.words}" for r in draft.reasons if r.field == field]
                    lines.append({"report": report.id, "field": field, "root": draft.root, "trigger": words, "gold": gold[field],
                                  "coded": coded[field], "rules": rules, "sentence": sentence})  # fmt: skip
    for field, kind in sorted({k[:2] for k in counts}):
        good, bad = counts[field, kind, True], counts[field, kind, False]
        print(f"{field:12} {kind:14} {good + bad:5} {good / (good + bad):.3f}")
    if errors:
        errors.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
