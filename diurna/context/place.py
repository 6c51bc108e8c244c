"""Where an event took place: by syntax, then by dateline, then unknown (codebook, section 6).

A place that acts or is acted on is no place of the event; nor is one that merely stands in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from diurna.context.gazetteer import lookup, of_country
from diurna.context.voices import is_speech
from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason, Span, Where

_AT = frozenset(
    {"in", "at", "near", "outside", "inside", "across", "around", "throughout", "within", "off", "along", "aboard", "over"}
)
_SCENE_LASTS = 2  # sentences
_PLACE_ENTITIES = ("GPE", "LOC", "FAC")
_VERBAL = ("VERB", "AUX")
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*(?P<place>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,\s(?P<more>[A-Z][\w. ]{2,30}?))?"
    r"(?:,?\s(?:\d{1,2}\s)?[A-Z][a-z]+\.?\s?\d{0,2}\.?)?\s*(?:\([^)\n]{2,40}\)\s*)?(?:[—–]|--|-\s|:\s(?=[A-Z“\"]))"
)
_SPEECH_ROOTS = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "CONSULT"})


class Places:
    """Places the events of one Doc."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.doc, self.notes = doc, notes
        self.countries = {p.participant.country for p in notes.phrases if p.participant is not None and p.participant.country}
        self.dateline = self._dateline()
        self.scene: tuple[int, str, Where] | None = None  # sentence, period and place of the last event told with its place

    def run(self, draft: Draft) -> None:
        """Set `where` of a draft."""
        for token, rule in self._candidates(draft):
            found = self._place(token, draft, rule == "syntax")
            if found is not None:
                where, span = found
                draft.where = where
                draft.reasons.append(Reason("where", rule, where.name, span))
                self.scene = (draft.sentence, draft.period, where)
                return
        for inherited, rule in self._inherited(draft):
            if inherited is not None:
                draft.where = inherited
                draft.reasons.append(Reason("where", rule, inherited.name))
                return

    def _inherited(self, draft: Draft) -> Iterator[tuple[Where | None, str]]:
        """Places that the event's own words leave to the reader: the scene, the dateline, the only country concerned."""
        material = draft.root not in _SPEECH_ROOTS
        if self.scene is not None and material and draft.modality == "actual":
            sentence, period, where = self.scene
            if draft.sentence - sentence <= _SCENE_LASTS and period == draft.period:
                yield where, "scene of the sentences before"
        if self._at_dateline(draft):
            yield self.dateline, "dateline"
        countries = {p.country for p in self._parties(draft)}
        if material and len(countries) == 1:
            yield of_country(countries.pop()), "everyone concerned is at home there"

    def _candidates(self, draft: Draft) -> Iterator[tuple[Token, str]]:
        """Yield tokens that may name the place, nearest in syntax first."""
        trigger = self.doc[draft.trigger[0]]
        words = [self.doc[i] for i in draft.trigger]
        for word in words:
            yield from ((t, "syntax") for t in self._beside(word, draft))
        if draft.root == "CONSULT" or draft.thread_kind == "visit":
            yield from ((t, "destination") for w in words for t in self._destinations(w))
        if draft.root == "ASSAULT":
            yield from ((t, "attacked place") for w in words for t in _targets(w))
        if (draft.root == "RETREAT" and draft.mode == "withdraw") or draft.root == "MOBILIZE":
            yield from ((t, "direction") for w in words for t in _objects(w, ("from", "to", "into", "toward", "towards")))
        yield from ((t, "main clause") for t in self._governing(trigger, draft))

    def _beside(self, word: Token, draft: Draft) -> Iterator[Token]:
        yield from _objects(word, _AT)
        for child in word.children:
            if child.dep_ in ("dobj", "nsubjpass", "prep", "pobj", "agent", "nsubj", "attr") and child.pos_ != "PRON":
                inner = child if child.pos_ in ("NOUN", "PROPN") else next((c for c in child.children if c.dep_ == "pobj"), None)
                if inner is not None and inner.i not in draft.actors:
                    yield from _objects(inner, _AT)

    def _destinations(self, word: Token) -> Iterator[Token]:
        yield from (c for c in word.children if c.dep_ == "dobj")
        yield from _objects(word, ("to", "into"))
        for child in word.children:
            if child.dep_ in ("xcomp", "dobj", "ccomp", "acl"):
                yield from (c for c in child.children if c.dep_ == "dobj")
                yield from _objects(child, ("to", "in", "into"))
                for inner in child.children:
                    if inner.dep_ in ("acl", "relcl", "xcomp"):
                        yield from (c for c in inner.children if c.dep_ == "dobj")
                        yield from _objects(inner, ("to", "in"))

    def _governing(self, trigger: Token, draft: Draft) -> Iterator[Token]:
        """Yield the places of clauses that share the trigger's scene: light verbs, main verbs of participles, "where"."""
        token = trigger
        for _ in range(6):
            head = token.head
            if head == token:
                return
            if token.dep_ == "relcl":
                if any(t.lower_ == "where" for t in self.doc[token.left_edge.i : token.i]):
                    yield head
                    yield from _objects(head, _AT)
                return
            if token.dep_ in ("ccomp", "parataxis") and is_speech(head) and draft.root not in _SPEECH_ROOTS:
                return
            if head.pos_ in _VERBAL or token.dep_ in ("conj", "pobj", "prep"):
                yield from _objects(head, _AT)
            token = head

    def _place(self, token: Token, draft: Draft, located: bool) -> tuple[Where, Span] | None:
        """Return the place a noun names itself or in its "of" phrase ("the port of Hodeida").

        A recipient is no place, unless it stands under a preposition of place (`located`): "fought the rebels in Yemen".
        """
        for word in (token, *_objects(token, ("of", "in", "near"))):
            party = (
                not located and word.i in draft.recipients and draft.root not in ("CONSULT", "ASSAULT") and not draft.thread_kind
            )
            if word.i in draft.actors or party:
                continue
            if word.ent_type_ in ("DATE", "TIME", "MONEY", "CARDINAL", "ORDINAL") or word.pos_ not in (
                "PROPN",
                "NOUN",
            ):
                continue
            name, span = self._name(word)
            if not name[:1].isupper() and word.ent_type_ not in _PLACE_ENTITIES:
                continue
            found = lookup(name, self.countries)
            if found is None and word.ent_type_ in _PLACE_ENTITIES and not name.islower():
                found = self._unlisted(name, word)
            if found is not None and not (
                not located and draft.root == "ASSAULT" and word.i in draft.recipients and found.lat is None
            ):
                return found, span
        return None

    def _name(self, word: Token) -> tuple[str, Span]:
        start, end = word.i, word.i + 1
        if word.ent_type_:
            while start > 0 and self.doc[start - 1].ent_type_ == word.ent_type_ and self.doc[start].ent_iob_ == "I":
                start -= 1
            while end < len(self.doc) and self.doc[end].ent_iob_ == "I":
                end += 1
        while start > 0 and self.doc[start - 1].dep_ in ("amod", "compound") and self.doc[start - 1].head.i in range(start, end):
            start -= 1
        if start < end - 1 and self.doc[start].dep_ == "det":
            start += 1
        span = self.doc[start:end]
        return span.text, (span.start_char, span.end_char)

    def _unlisted(self, name: str, word: Token) -> Where:
        """A named building or village that the gazetteer lacks keeps its name, with the country of a place in apposition."""
        beside = [c for c in word.children if c.dep_ in ("appos", "npadvmod") or (c.dep_ == "prep" and c.lower_ == "in")]
        for child in beside:
            inner = child if child.dep_ != "prep" else next((c for c in child.children if c.dep_ == "pobj"), child)
            found = lookup(self._name(inner)[0], self.countries)
            if found is not None:
                return Where(name, found.country, found.admin1)
        return Where(name)

    def _dateline(self) -> Where | None:
        head = self.doc.text[:2000]
        for match in _DATELINE.finditer(head):
            more = (match["more"] or "").strip()
            country = lookup(more) if more else None
            found = lookup(match["place"].title(), {country.country} if country else self.countries)
            if found is not None and found.lat is not None:
                return found
        return None

    def _parties(self, draft: Draft) -> list[Participant]:
        heads = [self.notes.phrase_at.get(i, -1) for i in (*draft.actors, *draft.recipients)]
        return [p for i in heads if i >= 0 and (p := self.notes.phrases[i].participant) is not None]

    def _at_dateline(self, draft: Draft) -> bool:
        """What the day brought took place where the report was written when a party is from there, or when it is mere words."""
        if draft.modality != "actual" or draft.period != "current" or self.dateline is None:
            return False
        local = any(p.country == self.dateline.country for p in self._parties(draft))
        return local or (draft.root in _SPEECH_ROOTS and not draft.said_by)


def _targets(word: Token) -> list[Token]:
    """Return what an attack hits: "shelled *Kharkiv*", "the bombing of *Aden*"; a country there is a party, a town a place."""
    if word.pos_ == "NOUN":
        return _objects(word, ("of", "on", "against"))
    return [c for c in word.children if c.dep_ in ("dobj", "nsubjpass")]


def _objects(token: Token, prepositions: frozenset[str] | tuple[str, ...]) -> list[Token]:
    found: list[Token] = []
    for child in token.children:
        if child.dep_ not in ("prep", "agent", "advmod"):
            continue
        if child.lower_ in prepositions:
            for inner in child.children:
                if inner.dep_ == "pobj":
                    found += [inner, *(c for c in inner.children if c.dep_ == "conj" and c.pos_ == "PROPN")]
        else:
            found += [
                p for c in child.children if c.dep_ == "prep" and c.lower_ in prepositions for p in c.children if p.dep_ == "pobj"
            ]
    return found
