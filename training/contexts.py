"""Weigh what speaks for each of PLOVER's contexts; writes `cues/context_weights.tsv`:  python training/contexts.py

Logistic regression with an L2 penalty for each context that the development gold has often enough, over the traits of
`diurna/context/topics.py`: cue words, kind of event, parties. Before the table is written, each report is measured by weights
fitted without it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import diurna
from diurna.context.topics import LIKELY, Topics, kind_traits
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import notes_of
from diurna.language.pipeline import make_doc
from diurna.ontology import ontology
from diurna.records import Participant

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "training"))

from weights import fit, write  # noqa: E402

GOLD = ROOT / "eval/gold/dev"
TABLE = ROOT / "diurna/data/cues/context_weights.tsv"
OFTEN = 10  # events
Row = tuple[str, dict[str, set[str]], set[str]]  # report, context -> traits, gold contexts


def rows(contexts: list[str]) -> list[Row]:
    """Return one row for each event of the development gold."""
    coder, found = diurna.Coder(), []
    for file in sorted(GOLD.glob("*.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        text = (GOLD / gold["file"]).read_text(encoding="utf-8")
        doc = make_doc(coder.nlp, diurna.Article(text=text, id=gold["id"]), text, find_boilerplate(text), find_headline(text))
        with coder.nlp.select_pipes(disable=["diurna_events", "diurna_context"]):
            doc = coder.nlp(doc)
        topics, starts = Topics(doc, notes_of(doc)), [s.start_char for s in doc.sents]
        for event in gold["events"]:
            sentence = max(0, sum(start <= event["evidence"][0][0] for start in starts) - 1)
            sides = [[_participant(p) for p in event[side]] for side in ("actor", "recipient")]
            kinds = kind_traits(event["event"][0], (event.get("modes") or [""])[0], *sides)
            told = set(event.get("contexts") or ())
            found.append((gold["id"], {c: kinds | topics.cue_traits(c, sentence) for c in contexts}, told))
    return found


def _participant(gold: dict[str, object]) -> Participant:
    sector = gold.get("sector") or ""
    first = sector if isinstance(sector, str) else str(next(iter(sector)))  # type: ignore[call-overload]
    return Participant(str(gold.get("text") or ""), country=str(gold.get("country") or ""), sectors=(first,) if first else ())


def weigh(data: list[Row], contexts: list[str]) -> dict[str, dict[str, float]]:
    """Return context -> trait -> weight."""
    return {c: fit([(traits[c], c in told) for _, traits, told in data]) for c in contexts}


def main() -> None:
    """Measure each report by the weights of the others, then write the table of all."""
    names = sorted(ontology(None).contexts)
    data = rows(names)
    often = [c for c in names if sum(c in told for *_, told in data) >= OFTEN]
    counts: Counter[str] = Counter()
    for report in sorted({r for r, *_ in data}):
        weights = weigh([r for r in data if r[0] != report], often)
        for _, traits, told in (r for r in data if r[0] == report):
            coded = {c for c in often if sum(weights[c].get(t, 0.0) for t in traits[c]) > LIKELY}
            counts.update({"right": len(coded & told), "coded": len(coded), "gold": len(told)})
    print(f"each by the others: precision {counts['right'] / counts['coded']:.3f}, recall {counts['right'] / counts['gold']:.3f}")
    table = {f"{c}: {t}": w for c, ws in weigh(data, often).items() for t, w in ws.items()}
    write(TABLE, "Made by training/contexts.py: how much a trait of an event speaks for a context.", table)


if __name__ == "__main__":
    main()
