"""Weigh the traits of unnamed participants on the annotated reports:  python training/implied.py

Writes `data/implied_weights.tsv`.

Each annotated report is coded with every unnamed side left empty. Where an event of the coder fits an annotated one (same root,
same sentence, a trigger word in common) but lacks a side, that side is a case: each of its candidates is an option, right when
its country stands on that side in the annotation, named there or implied (`^name`); none may be right. Every fifth report is
one that the model has not read: what the model says of a candidate ("heard …") is weighed on those alone, on top of the other
traits, which are weighed on the rest. The threshold of a side is where most of their sides come out right, those rightly left
empty included; halves of them show what unseen reports would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import reports as annotated
from spacy.tokens import Doc
from weights import fit_choices, write

import diurna
from diurna.actors.resolve import Resolver
from diurna.events import component
from diurna.events.implied import SIDES, Implied
from diurna.intake.boilerplate import find_boilerplate, find_headline
from diurna.language.notes import Draft, Notes, notes_of
from diurna.language.pipeline import make_doc
from diurna.records import Participant

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent / "diurna" / "data" / "implied_weights.tsv"
PENALTY = 3.0
HEARD = ": heard "


@dataclass
class Case:
    """A side that an event of the coder lacks: its candidates' traits and countries, and the countries that belong there."""

    side: int
    candidates: list[tuple[set[str], str]]
    wanted: set[str] = field(default_factory=set)
    kept: bool = False


class Gatherer(Implied):
    """Notes the cases of a report instead of filling them."""

    cases: list[tuple[Draft, Case]]

    def fill(self, draft: Draft) -> None:
        """Note what each empty side could hold."""
        for side in range(2):
            if self.lacks(draft, side):
                question = self.question(draft, side)
                found = [
                    ({t for group in self.traits(c, question) for t in group}, c.participant.country)
                    for c in self.candidates(draft)
                ]
                Gatherer.cases.append((draft, Case(side, found)))
        self.told.append(self.earlier(draft))


class Annotation:
    """The annotated events of a report beside its coded Doc."""

    def __init__(self, report: annotated.Report, doc: Doc, resolver: Resolver) -> None:
        self.report, self.doc, self.resolver = report, doc, resolver
        self.notes: Notes = notes_of(doc)
        self.told: list[tuple[annotated.Told, int]] = []
        at = 0
        for sentence in report.sentences:
            self.told += [(t, at) for t in sentence.events]
            at += len(sentence.text) + 2

    def wanted(self, draft: Draft, side: int) -> set[str] | None:
        """Return the countries of a side of the annotated event that a draft fits, or None when it fits none."""
        for told, offset in self.told:
            if told.root == draft.root and self._meets(told, offset, draft):
                sides = [self._countries(told, offset, name) for name in SIDES]
                if "recip" not in told.status:
                    return sides[side]
                here = [p.country for h in (*draft.actors, *draft.recipients) if (p := self.notes.participant(h))]
                return (sides[0] | sides[1]) - set(here)
        return None

    def _countries(self, told: annotated.Told, offset: int, side: str) -> set[str]:
        spans = [(a + offset, b + offset) for a, b in getattr(told, side)]
        found = {
            p.participant.country
            for p in self.notes.phrases
            if p.participant and p.participant.country and any(a <= self.doc[p.head].idx < b for a, b in spans)
        }
        for name in told.implied[side]:
            resolved = self.resolver.resolve(name, date.fromisoformat(self.report.date[:10]))
            known = {p.participant.country for p in self.notes.phrases if p.participant and _same(name, p.participant)}
            found |= known or ({resolved.country} if resolved is not None else set())
        return found - {""}

    def _meets(self, told: annotated.Told, offset: int, draft: Draft) -> bool:
        return any(a + offset <= self.doc[i].idx < b + offset for a, b in told.trigger for i in draft.trigger)


def _same(name: str, participant: Participant) -> bool:
    plain = name.lower().removeprefix("the ")
    return plain in (participant.text.lower().removeprefix("the "), participant.name.lower())


def gather(file: Path) -> list[Case]:
    """Code the annotated reports of a file and return their cases."""
    component.Implied = Gatherer  # type: ignore[misc]
    coder, resolver, done = diurna.Coder(), Resolver(), []
    for number, report in enumerate(annotated.read(file, [])):
        Gatherer.cases = []
        text = "\n\n".join(s.text for s in report.sentences)
        article = diurna.Article(text=text, id=report.id, published=report.date)
        with coder.nlp.select_pipes(disable=["diurna_context"]):
            doc = coder.nlp(make_doc(coder.nlp, article, text, find_boilerplate(text), find_headline(text)))
        annotation = Annotation(report, doc, resolver)
        for draft, case in Gatherer.cases:
            wanted = annotation.wanted(draft, case.side)
            if wanted is not None:
                done.append(Case(case.side, case.candidates, wanted, annotated.is_kept(number)))
    return done


def _unheard(traits: set[str]) -> set[str]:
    return {t for t in traits if HEARD not in t}


def heard(cases: Sequence[Case], known: dict[str, float]) -> dict[str, float]:
    """Fit the weights of what the model says, beside those that stand."""
    options = [
        [({t for t in traits if HEARD in t or t in known}, who in c.wanted) for traits, who in c.candidates] for c in cases
    ]
    return fit_choices(options, PENALTY, known)


def outcome(cases: Sequence[Case], known: dict[str, float], least: float) -> tuple[int, int, int]:
    """Return how many sides come out right, how many were filled, how many of those rightly."""
    right = filled = well = 0
    for case in cases:
        scores = [(sum(known.get(t, 0.0) for t in traits), -n, country) for n, (traits, country) in enumerate(case.candidates)]
        best = max(scores, default=None)
        if best is not None and best[0] >= least:
            filled += 1
            well += best[2] in case.wanted
        else:
            right += not case.wanted
    return right + well, filled, well


def main() -> None:
    """Gather, fit, measure, write."""
    files = sorted((HERE / "reports").glob("*.txt"), key=lambda f: -f.stat().st_size)
    with ProcessPoolExecutor(2) as pool:
        cases = [case for made in pool.map(gather, files) for case in made]
    table: dict[str, float] = {}
    for side, name in enumerate(SIDES):
        learn, kept = ([c for c in cases if c.side == side and c.kept == part] for part in (False, True))
        plain = fit_choices([[(_unheard(t), country in c.wanted) for t, country in c.candidates] for c in learn], PENALTY)
        known = plain | heard(kept, plain)
        halves = [(kept[k::2], plain | heard(kept[1 - k :: 2], plain)) for k in range(2)]
        tried = {float(x): outcome(kept, known, x) for x in np.arange(-1.5, 1.75, 0.25)}
        best = max(tried, key=lambda x: (tried[x][0], x))
        empty = sum(not c.wanted for c in kept)
        unseen = [sum(n) for n in zip(*(outcome(half, fitted, best) for half, fitted in halves), strict=True)]
        print(f"{name}: {len(learn)} sides fitted, {len(kept)} kept; right when all are left empty {empty}")
        print(f"    at {best}: right, filled, filled rightly {tried[best]}; by halves {unseen}")
        print("   ", tried)
        table |= known | {f"least {name}": best}
    comment = (
        "Made by training/implied.py: how much a trait speaks for somebody's being the participant that an event leaves unnamed."
    )
    write(TABLE, comment, table)
    print(len(table), "weights")


if __name__ == "__main__":
    main()
