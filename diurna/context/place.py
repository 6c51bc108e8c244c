"""Where an event took place by the words of its own sentence (codebook, section 6).

A place that acts or is acted on is no place of the event; nor is one that merely stands in the sentence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.gazetteer import capital_of, lookup, of_adjective, of_country
from diurna.context.sites import objects, sites
from diurna.context.voices import phrase_of
from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason, Span, Where

_FAR = 60  # tokens
_PLACE_ENTITIES = ("GPE", "LOC", "FAC")
_LOCATED = frozenset({"syntax", "same clause", "main clause", "clause of time", "same sentence", "place that saw it"})
_CLOSE = frozenset({"syntax", "attacked place", "direction", "site of the thing"})
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*(?P<place>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,\s(?P<more>[A-Z][\w. ]{2,30}?))?"
    r"\s*(?:\([^)\n]{2,40}\),?\s*)?(?:,?\s?(?:\d{1,2}\s)?[A-Z][a-z]+\.?\s?\d{0,2}\.?)?\s*(?:\([^)\n]{2,40}\)\s*)?"
    r"(?:[—–]|--|-\s|:\s(?=[A-Z“\"]))"
)
_BYLINE = re.compile(r"(?:^|\n)By\s[^\n]{3,60},\s(?:in\s)?(?P<place>[A-Z][A-Z’'.-]+(?:\s[A-Z’'.-]+)*)[ \t]*(?=\n)")


class Places:
    """Finds the own places of the events of one Doc; what they leave open is for `scenes.py`."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.doc, self.notes = doc, notes
        self.countries = {p.participant.country for p in notes.phrases if p.participant is not None and p.participant.country}
        self.dateline = self._dateline()

    def run(self, draft: Draft) -> None:
        """Set `where` of a draft when its own sentence tells it; a town is better than the country around it."""
        best: tuple[Where, Span, str] | None = None
        for token, rule in sites(self.doc, draft):
            found = self._place(token, draft, rule)
            if found is None:
                continue
            where, span = found
            if best is None:
                best = where, span, rule
            elif rule in _CLOSE and where.lat is not None and where.country == best[0].country:
                best = where, span, rule
            if best[0].lat is not None or best[2] not in _CLOSE:
                break
        if best is not None:
            draft.where = best[0]
            draft.reasons.append(Reason("where", best[2], best[0].name, best[1]))

    def _place(self, token: Token, draft: Draft, rule: str) -> tuple[Where, Span] | None:
        """Return the place a noun names itself or in its "of" phrase ("the port of Hodeida").

        A recipient is no place, unless it stands under a preposition of place: "fought the rebels in Yemen".
        """
        located = rule in _LOCATED
        backward = self._backward(token)
        if backward is not None:
            return backward, (token.idx, token.idx + len(token.text))
        for word in (token, *self._named_site(token), *objects(token, ("of", "in", "near"))):
            party = (
                not located and word.i in draft.recipients and draft.root not in ("CONSULT", "ASSAULT") and not draft.thread_kind
            )
            if (word.i in draft.actors and not located) or party:
                continue
            if word.ent_type_ in ("PERSON", "DATE", "TIME", "MONEY", "CARDINAL", "ORDINAL") or word.pos_ not in (
                "PROPN",
                "NOUN",
            ):
                continue
            name, span = self._name(word)
            if not name[:1].isupper() and word.ent_type_ not in _PLACE_ENTITIES:
                continue
            found = lookup(name, self.countries)
            unlisted = rule != "destination" and word.ent_type_ in _PLACE_ENTITIES
            unlisted = unlisted or (word != token and token.lower_ in of_kind("places", "site"))
            if found is None and (unlisted or word.lower_ in of_kind("places", "building")) and not name.islower():
                found = self._unlisted(name, word)
            if found is not None and not (
                not located and draft.root == "ASSAULT" and word.i in draft.recipients and found.lat is None
            ):
                return found, span
        return None

    def _named_site(self, token: Token) -> list[Token]:
        """ "The capital, *Asmara*", "the town *Arsal*": the name in apposition."""
        return [c for c in token.children if c.dep_ == "appos" and c.pos_ == "PROPN" and c.ent_type_ != "PERSON"]

    def _backward(self, token: Token) -> Where | None:
        """Return what "there", "that town", "the country", "its airspace", "the Eritrean capital" stand for; None for other words."""
        if token.lower_ == "there":
            return self._last_named(token, towns=False)
        if self._named_site(token) or objects(token, ("of", "in")):
            return None
        if token.lower_ == "capital":
            return self._capital(token)
        if token.lower_ in of_kind("places", "home"):
            land = self._land(token)
            if land is not None:
                return land
        marked = any(c.dep_ in ("det", "amod") and c.lower_ in ("that", "this", "same") for c in token.children)
        if not marked or token.lower_ not in of_kind("places", "site"):
            return None
        return self._last_named(token)

    def _last_named(self, token: Token, towns: bool = True) -> Where | None:
        before = [e for e in self.doc[max(0, token.i - _FAR) : token.i].ents if e.label_ in _PLACE_ENTITIES]
        found = (lookup(e.text, self.countries) for e in reversed(before))
        return next((w for w in found if w is not None and (not towns or w.lat is not None or w.admin1)), None)

    def _land(self, token: Token) -> Where | None:
        """The country that "the country" refers back to, or whose airspace, soil or territory it is."""
        owners = [c for c in token.children if c.dep_ in ("poss", "amod", "compound")]
        intruders = {p.country for p in map(self._participant, _subjects(token)) if p is not None}
        for word in (*owners, token):
            participant = self._participant(word)
            if participant is not None and participant.country and participant.country not in intruders:
                return of_country(participant.country)
            if of_adjective(word.text) is not None:
                return of_adjective(word.text)
        return None

    def _participant(self, word: Token) -> Participant | None:
        phrase = phrase_of(self.notes, word)
        return phrase.participant if phrase is not None else None

    def _capital(self, token: Token) -> Where | None:
        """The capital of the country named beside it, or of the only one that the sentence's place can be in."""
        owners = (lookup(c.text) or of_adjective(c.text) for c in token.children if c.dep_ in ("amod", "poss", "compound"))
        owner = next((w for w in owners if w is not None), None)
        code = owner.country if owner else self.dateline.country if self.dateline else ""
        return capital_of(code) if code else None

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
        """A named building or village that the gazetteer lacks keeps its name, with the country of a place in apposition.

        A building with no town beside it stands in the town of the dateline.
        """
        beside = [c for c in word.children if c.dep_ in ("appos", "npadvmod") or (c.dep_ == "prep" and c.lower_ == "in")]
        for child in beside:
            inner = child if child.dep_ != "prep" else next((c for c in child.children if c.dep_ == "pobj"), child)
            found = lookup(self._name(inner)[0], self.countries)
            if found is not None:
                return Where(name, found.country, found.admin1)
        if self.dateline is not None and of_kind("places", "building") & set(name.lower().split()):
            return replace(self.dateline, name=name, geonames_id=None)
        return Where(name)

    def _dateline(self) -> Where | None:
        head = self.doc.text[:2000]
        for match in (*_DATELINE.finditer(head), *_BYLINE.finditer(head)):
            more = (match.groupdict().get("more") or "").strip()
            country = lookup(more) if more else None
            found = lookup(match["place"].title(), {country.country} if country else self.countries)
            if found is not None and found.lat is not None:
                return found
        return None


def _subjects(token: Token) -> list[Token]:
    """Return who acts on a land: nobody enters, attacks or violates a territory of his own."""
    verb = token.head
    if token.dep_ != "dobj":
        return []
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    return [verb.head] if verb.dep_ in ("relcl", "acl") else subjects
