"""Dates told by their distance from another event: "three days after the coup" (codebook, section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc, Token

from diurna.context.calendar import DAY, shift
from diurna.context.dating import Dated, Dating
from diurna.context.resolve import distance
from diurna.context.status import verb_over
from diurna.language.notes import Draft
from diurna.records import Reason, When

_RULE = "distance from another event"


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart two events are told to be. inner: the event named after "after" or "before"; count: later is positive."""

    dated: Dated
    inner: Token
    unit: str
    count: int


class Anchors:
    """Dates the events of one Doc that are told by their distance from others; needs their own dates first."""

    def __init__(self, doc: Doc, dating: Dating, published: date | None) -> None:
        self.doc, self.dating, self.published = doc, dating, published
        self.distances = [d for dated in dating.dated if dated.interval is None and (d := self._distance(dated)) is not None]

    def run(self, drafts: Sequence[Draft]) -> None:
        """Set `when` of drafts on either side of a distance from the date of the other side."""
        for told in self.distances:
            inside = [d for d in drafts if self._within(d, told)]
            outside = [d for d in drafts if d.when.words == told.dated.when.words and d not in inside]
            for draft in inside:
                if draft.when.words == told.dated.when.words:
                    draft.when = When()  # the distance dates the other event
            base = self._date_of(told, drafts)
            if base is not None:
                for draft in outside:
                    self._set(draft, base, told, told.count)
                continue
            outer = self._outer(told, outside)
            if outer is not None:
                for draft in inside:
                    if not draft.when.start:
                        self._set(draft, outer, told, -told.count)

    def _distance(self, dated: Dated) -> Distance | None:
        measured = distance(dated.expression)
        inner = self._inner(dated)
        return Distance(dated, inner, *measured) if measured is not None and inner is not None else None

    def _inner(self, dated: Dated) -> Token | None:
        """Return the verb or noun after the "after" of an expression."""
        span = self.doc.char_span(*dated.expression.span, alignment_mode="expand")
        word = next((t for t in span or () if t.lower_ in ("after", "before", "of")), None)
        if span is None or word is None:
            return None
        if word.dep_ == "mark":
            return word.head
        clause = span.root.head  # "nine days after Moscow and Tbilisi agreed", read as days that agreed
        if clause.dep_ == "advcl" and span.root.dep_ in ("nsubj", "npadvmod") and clause.i > word.i:
            return clause
        return next((c for c in word.children if c.dep_ in ("pobj", "pcomp")), None)

    def _within(self, draft: Draft, told: Distance) -> bool:
        trigger = self.doc[draft.trigger[0]]
        if trigger == told.inner or verb_over(trigger) == told.inner:
            return True
        return trigger.head == told.inner and trigger.dep_ in ("conj", "xcomp", "dobj")

    def _date_of(self, told: Distance, drafts: Sequence[Draft]) -> date | None:
        """Return the day of the inner event where the report gives it elsewhere, at that noun or at an event of that word."""
        lemma = told.inner.lemma_.lower()
        nouns = [
            d for d in self.dating.dated if d is not told.dated and d.when.precision == DAY and lemma in self._dated_words(d)
        ]
        found = [d.when.start for d in nouns] if told.inner.pos_ == "NOUN" else []
        found += [d.when.start for d in drafts if d.when.precision == DAY and self._called(d, lemma)]
        return date.fromisoformat(found[0]) if found and found[0] else None

    def _dated_words(self, dated: Dated) -> set[str]:
        """ "The summit of 3 June", "the summit opened on 3 June"."""
        host = self.doc[dated.host]
        return {host.lemma_.lower()} | {c.lemma_.lower() for c in host.children if c.dep_ in ("nsubj", "nsubjpass")}

    def _called(self, draft: Draft, lemma: str) -> bool:
        return any(self.doc[i].lemma_.lower() == lemma for i in draft.trigger)

    def _outer(self, told: Distance, outside: Sequence[Draft]) -> date | None:
        """Return the day of the outer event: by a second date of its clause, else the day of the report."""
        for start in self._own_dates(told):
            return date.fromisoformat(start)
        return self.published if all(d.period == "current" for d in outside) else None

    def _own_dates(self, told: Distance) -> Iterator[str]:
        hosts = (verb_over(self.doc[told.dated.host]), verb_over(told.inner.head))
        for other in self.dating.dated:
            if other.interval is not None and other.when.start and verb_over(self.doc[other.host]) in hosts:
                yield other.when.start

    def _set(self, draft: Draft, base: date, told: Distance, count: int) -> None:
        interval = shift(base, told.unit, count)
        if interval is not None:
            words = told.dated.when.words
            draft.when = When(interval.start.isoformat(), interval.end.isoformat(), interval.precision, words)
            draft.reasons.append(Reason("when", _RULE, words, told.dated.expression.span))
