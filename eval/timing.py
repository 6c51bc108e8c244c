"""Dates of events in context: which day an event has when other dates, a dateline or a story stand around it.

python eval/timing.py [--held]

`eval/gold/time_context.jsonl` has one short report a line: `text`, the day `published`, the word `trigger` that tells the event
(the last one of that form), its `start`, `end` and `precision`, and `kind`. The event is handed to the context rules as given.
Rules are made from the rows whose `part` is dev only; `--held` lists the mistakes of the others, too.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import diurna
from diurna.context.component import Context
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import Draft, notes_of
from diurna.language.pipeline import make_doc
from diurna.records import When

GOLD = Path(__file__).parent / "gold" / "time_context.jsonl"
Row = dict[str, Any]


def rows() -> list[Row]:
    """Return the rows of the gold."""
    return [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


def date_event(coder: diurna.Coder, row: Row) -> When:
    """Return the date that the rules give the event of a row."""
    text = row["text"]
    article = diurna.Article(text=text, id="row", published=row["published"])
    doc = make_doc(coder.nlp, article, text, find_boilerplate(text), find_headline(text))
    with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
        doc = coder.nlp(doc)
    trigger = [t for t in doc if t.text == row["trigger"]][-1]
    sentence = next(i for i, s in enumerate(doc.sents) if s.start <= trigger.i < s.end)
    draft = Draft("ASSAULT", "", "", (trigger.i,), sentence, chain=("ASSAULT",))
    notes_of(doc).drafts.append(draft)
    Context()(doc)
    return draft.when


def right(row: Row, when: When) -> bool:
    """Tell whether a date is the gold one, with its precision."""
    return (when.start, when.end, when.precision) == (row["start"], row["end"], row["precision"])


def main(arguments: list[str]) -> None:
    """Print the mistakes of the development part and the share of right dates of both parts."""
    coder, counts = diurna.Coder(), Counter[tuple[str, bool]]()
    for row in rows():
        when = date_event(coder, row)
        good = right(row, when)
        counts[row["part"], good] += 1
        if not good and (row["part"] == "dev" or "--held" in arguments):
            print(row["kind"], row["published"], row["text"], "| wanted", row["start"], row["end"], row["precision"], "|", when)
    for part in ("dev", "held"):
        total = counts[part, True] + counts[part, False]
        print(f"{part}: {counts[part, True]} of {total}, {counts[part, True] / total:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
