"""What speaks for an undated event's being background: traits weighed by `cues/period_weights.tsv` (codebook, section 4)."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.context.dating import Dating
from diurna.context.sites import SPOKEN_ROOTS
from diurna.context.status import is_old, tense_of, verb_over
from diurna.context.voices import is_speech
from diurna.language.notes import Draft, Notes
from diurna.records import Reason
from diurna.tables import weights

LIKELY = -0.5  # measured on own gold: 15 of 16 events above it were background
_CLAUSES = ("relcl", "acl", "advcl", "ccomp", "parataxis", "appos")
_LEAD = 2  # sentences
_MAX_CLIMB = 12


class Background:
    """Tells which undated events of one Doc are background."""

    def __init__(self, doc: Doc, notes: Notes, dating: Dating) -> None:
        self.doc, self.notes, self.dating = doc, notes, dating
        self._ages: dict[int, list[tuple[int, bool]]] = {}
        for dated in dating.dated:
            old = is_old(dated.when, notes.published)
            if old is not None:
                self._ages.setdefault(dated.sentence, []).append((dated.token, old))
        self._quoted = {i for q in notes.quotes for a, b in q.spans for i in _tokens(doc, a, b)}

    def run(self, draft: Draft) -> None:
        """Set `period` of a draft that no date and no word of time decides; words are of the day more often than deeds."""
        if any(r.field == "period" for r in draft.reasons) or draft.modality != "actual":
            return
        told = draft.root not in SPOKEN_ROOTS and draft.trigger[0] not in self._quoted
        if told and self.dating.in_background(draft):
            draft.period = "historical"
            draft.reasons.append(Reason("period", "passage about an earlier date"))
            return
        score = sum(weights("cues/period_weights.tsv").get(t, 0.0) for t in self.traits(draft))
        if score > LIKELY:
            draft.period = "historical"
            draft.reasons.append(Reason("period", f"told as background, weight {score:.1f}"))

    def traits(self, draft: Draft) -> Iterator[str]:
        """Yield how an event is told: tense, clause, what dates stand around it, how far down the report."""
        trigger = self.doc[draft.trigger[0]]
        verb = verb_over(trigger)
        kind = "noun" if trigger.pos_ not in ("VERB", "AUX") else "verb"
        tense, clause = tense_of(verb), self._clause(trigger)
        yield "any"
        yield f"{kind}, tense {tense}"
        yield f"{kind}, clause {clause}"
        yield f"clause {clause}, tense {tense}"
        yield f"mark {self._mark(verb)}"
        if kind == "noun":
            yield f"noun under {trigger.head.lower_ if trigger.dep_ == 'pobj' else trigger.dep_}"
            yield f"noun, verb over it {'speaks' if is_speech(verb, 'perform') else 'acts'}"
        yield f"{'words' if draft.root in SPOKEN_ROOTS else draft.root}"
        yield f"{'words' if draft.root in SPOKEN_ROOTS else 'deeds'}, tense {tense}"
        yield from (f"says {w}" for w in self._adverbs(trigger, verb))
        yield from self._dates(draft, tense)
        if trigger.i in self._quoted:
            yield "quoted"
            yield f"quoted, tense {tense}"
        place = "lead" if draft.sentence < _LEAD else "early" if draft.sentence < 3 * _LEAD else "late"
        yield place
        yield f"{place}, tense {tense}"

    def _dates(self, draft: Draft, tense: str) -> Iterator[str]:
        """Yield the nearest earlier date of the sentence, any in it, and those of the two sentences before."""
        trigger, sentence = draft.trigger[0], self.dating.sentence_of(draft.trigger[0])
        here = self._ages.get(sentence, [])
        before = [old for token, old in here if token < trigger]
        if here:
            yield f"sentence has {'an old' if here[-1][1] else 'a new'} date"
        if before:
            yield f"after {'an old' if before[-1] else 'a new'} date"
            yield f"after {'an old' if before[-1] else 'a new'} date, tense {tense}"
        for step in (1, 2):
            ages = self._ages.get(sentence - step, [])
            if ages:
                yield f"{step} before has {'an old' if ages[-1][1] else 'a new'} date"
                if not here:
                    yield f"last date {'old' if ages[-1][1] else 'new'}, tense {tense}"
                break
        if self.dating.in_background(draft):
            yield "passage of an old date"
            yield f"passage of an old date, tense {tense}"

    def _clause(self, trigger: Token) -> str:
        token = trigger
        for _ in range(_MAX_CLIMB):
            if token.dep_ in _CLAUSES:
                return "report" if token.dep_ in ("ccomp", "parataxis") and is_speech(token.head) else token.dep_
            if token.head == token:
                return "main"
            token = token.head
        return "deep"

    def _mark(self, verb: Token) -> str:
        for child in verb.children:
            if child.dep_ in ("mark", "advmod") and child.lower_ in of_kind("period", "mark"):
                return child.lower_
        return verb.head.lower_ if verb.dep_ == "pcomp" and verb.head.lower_ in of_kind("period", "mark") else "none"

    def _adverbs(self, trigger: Token, verb: Token) -> Iterator[str]:
        """Yield words of time that hint at background without deciding, and how long it lasts ("for three *years*")."""
        for token in {trigger.i: trigger, verb.i: verb}.values():
            for child in token.children:
                if child.dep_ in ("advmod", "npadvmod", "amod") and child.lower_ in of_kind("period", "hint"):
                    yield child.lower_
                if child.dep_ == "prep" and child.lower_ in of_kind("period", "span"):
                    yield from (
                        f"{child.lower_} {p.lemma_.lower()}" for p in child.children if p.dep_ == "pobj" and self._long(p)
                    )

    def _long(self, noun: Token) -> bool:
        return noun.lemma_.lower() in of_kind("period", "long")


def _tokens(doc: Doc, start: int, end: int) -> range:
    span = doc.char_span(start, end, alignment_mode="expand")
    return range(span.start, span.end) if span is not None else range(0)
