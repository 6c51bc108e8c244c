"""Weigh the traits of unnamed participants on the annotated reports; writes `data/implied_weights.tsv`:  python training/implied.py

Each annotated report is coded with every unnamed side left empty. Where an event of the coder fits an annotated one (same root,
same sentence, a trigger word in common) but lacks a side, each candidate is a case: does its country stand on that side in the
annotation, there named or implied (`^name`)? Logistic regression with an L2 penalty; every fifth report is kept and measured. The
threshold of a side is where most sides of the kept reports come out right, those rightly left empty included.
"""

from __future__ import annotations

import sys
from datetime import date
from dataclasses import dataclass, field

import numpy as np
from weights import fit, write
from whole import HERE, KEPT

import diurna
from diurna.actors.resolve import Resolver
import reports as annotated
from diurna.events import component, implied
from diurna.events.implied import SIDES, Implied
from diurna.language.notes import Draft, Notes, notes_of

TABLE = HERE.parent / "diurna" / "data" / "implied_weights.tsv"


@dataclass
class Case:
    """A side that an event of the coder lacks: its candidates' traits and countries, and who belongs there (countries)."""

    side: int
    candidates: list[tuple[set[str], str]]
    wanted: set[str] = field(default_factory=set)
    kept: bool = False


class Gatherer(Implied):
    """Notes the cases of a report instead of filling them."""

    cases: list[tuple[Draft, Case]] = []

    def fill(self, draft: Draft) -> None:
        """Note what each empty side could hold."""
        for side in range(2):
            if self.lacks(draft, side):
                found = [(set(self.traits(c, draft, side)), c.participant.country) for c in self.candidates(draft)]
                self.cases.append((draft, Case(side, found)))
        self.told.append(draft)


def countries(report: annotated.Report, notes: Notes, offset: int, told: annotated.Told, side: str) -> set[str]:
    """Return the countries of an annotated side: of the phrases that it names, and of the names that the context gives."""
    spans = [(a + offset, b + offset) for a, b in getattr(told, side)]
    found, day = set(), date.fromisoformat(report.date[:10])
    for phrase in notes.phrases:
        if phrase.participant is None or not phrase.participant.country:
            continue
        words = HEAD[phrase.head]
        if any(a <= words[0] < b for a, b in spans):
            found.add(phrase.participant.country)
    for name in told.implied[side]:
        known = {
            p.participant.country
            for p in notes.phrases
            if p.participant and p.participant.country and _same(name, p.participant.text, p.participant.name)
        }
        resolved = RESOLVER.resolve(name, day)
        found |= known or ({resolved.country} if resolved is not None and resolved.country else set())
    return found


def _same(name: str, text: str, canonical: str) -> bool:
    plain = name.lower().removeprefix("the ")
    return plain in (text.lower().removeprefix("the "), canonical.lower())


def gather() -> list[Case]:
    """Code the annotated reports and return their cases."""
    global CODER, RESOLVER
    component.Implied = Gatherer
    CODER, RESOLVER = diurna.Coder(), Resolver()
    done: list[Case] = []
    for file in sorted((HERE / "reports").glob("*.txt")):
        for number, report in enumerate(annotated.read(file)):
            text = "\n\n".join(s.text for s in report.sentences)
            Gatherer.cases = []
            doc = coded(text, report)
            notes = notes_of(doc)
            HEAD.clear()
            HEAD.update({p.head: (doc[p.head].idx, 0) for p in notes.phrases})
            at = 0
            told_at = []
            for sentence in report.sentences:
                told_at += [(t, at) for t in sentence.events]
                at += len(sentence.text) + 2
            for draft, case in Gatherer.cases:
                fits = [(t, o) for t, o in told_at if t.root == draft.root and _meets(t, o, draft, doc)]
                if fits:
                    told, offset = fits[0]
                    sides = [countries(report, notes, offset, told, s) for s in SIDES]
                    case.wanted = sides[case.side]
                    if "recip" in told.status:
                        here = [*draft.actors, *draft.recipients]
                        case.wanted = (sides[0] | sides[1]) - {p.country for h in here if (p := _at(notes, h))}
                    case.kept = number % KEPT == KEPT - 1
                    done.append(case)
    return done


def _at(notes: Notes, head: int):
    return notes.phrases[notes.phrase_at[head]].participant if head in notes.phrase_at else None


def _meets(told: annotated.Told, offset: int, draft: Draft, doc) -> bool:
    return any(a + offset <= doc[i].idx < b + offset for a, b in told.trigger for i in draft.trigger)


HEAD: dict[int, tuple[int, int]] = {}


def coded(text: str, report: annotated.Report):
    from diurna.intake.boilerplate import find_boilerplate, find_headline
    from diurna.language.pipeline import make_doc

    article = diurna.Article(text=text, id=report.id, published=report.date)
    with CODER.nlp.select_pipes(disable=["diurna_context"]):
        return CODER.nlp(make_doc(CODER.nlp, article, text, find_boilerplate(text), find_headline(text)))


def outcome(cases: list[Case], known: dict[str, float], least: float) -> tuple[int, int, int]:
    """Return how many sides come out right, how many were filled, how many of those rightly."""
    right = filled = well = 0
    for case in cases:
        scores = [(sum(known.get(t, 0) for t in traits), -n, country) for n, (traits, country) in enumerate(case.candidates)]
        best = max(scores, default=None)
        if best is not None and best[0] >= least:
            filled += 1
            well += best[2] in case.wanted
            right += best[2] in case.wanted
        else:
            right += not case.wanted
    return right, filled, well


def main() -> None:
    """Gather, fit, measure, write."""
    import pickle, os
    if os.path.exists("/tmp/w/d/cases.pkl") and "--new" not in sys.argv:
        cases = pickle.load(open("/tmp/w/d/cases.pkl", "rb"))
    else:
        cases = gather()
        pickle.dump(cases, open("/tmp/w/d/cases.pkl", "wb"))
    table: dict[str, float] = {}
    for side, name in enumerate(SIDES):
        own = [c for c in cases if c.side == side]
        learn, kept = [c for c in own if not c.kept], [c for c in own if c.kept]
        known = fit([(t, country in c.wanted) for c in learn for t, country in c.candidates])
        tried = [(outcome(kept, known, x)[0], x) for x in np.arange(-2.5, 2.5, 0.25)]
        best = max(tried)[1]
        print(name, len(own), "sides;", "wanted", sum(bool(c.wanted) for c in own), "reachable", sum(bool(c.wanted & {k for _, k in c.candidates}) for c in own))
        print("  kept", len(kept), "left empty right", sum(not c.wanted for c in kept))
        for x in (-2, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 9):
            print("  ", x, outcome(learn, known, x), outcome(kept, known, x))
        table |= known | {f"least {name}": float(best)}
    write(TABLE, "Made by training/implied.py: how much a trait speaks for somebody's being the unnamed participant of an event.", table)
    print(len(table), "weights")


if __name__ == "__main__":
    main()
