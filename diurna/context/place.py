"""Where an event took place by the words of its own sentence (codebook, section 6).

A place that acts or is acted on is no place of the event; nor is one that merely stands in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.context.site_traits import PLACE_ENTITIES, Site, candidates, traits
from diurna.context.sites import SPOKEN_ROOTS, objects
from diurna.context.voices import phrase_of
from diurna.gazetteer import capital_of, lookup, of_adjective, of_country
from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason, Span, Where
from diurna.tables import load

_FAR = 60  # tokens
LIKELY = -0.5  # a place counts from odds of about two to three on: an empty place helps nobody, and scores are in the explanation
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*(?P<place>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,\s(?P<more>[A-Z][\w. ]{2,30}?))?"
    r"\s*(?:\([^)\n]{2,40}\),?\s*)?(?:,?\s?(?:\d{1,2}\s)?[A-Z][a-z]+\.?\s?\d{0,2}\.?)?\s*(?:\([^)\n]{2,40}\)\s*)?"
    r"(?:[—–]|--|-\s|:\s(?=[A-Z“\"]))"
)
_BYLINE = re.compile(r"(?:^|\n)By\s[^\n]{3,60},\s(?:in\s)?(?P<place>[A-Z][A-Z’'.-]+(?:\s[A-Z’'.-]+)*)[ \t]*(?=\n)")


@dataclass(frozen=True, slots=True)
class Named:
    """What a word of a sentence names. level: town, region, country, unlisted (in no gazetteer) or reference ("the city")."""

    site: Site
    where: Where
    span: Span
    level: str


@cache
def weights() -> dict[str, float]:
    """Return trait -> weight of the table; the sum over the traits of a word tells how likely it names the event's place."""
    return {row["trait"]: float(row["weight"]) for row in load("cues/place_weights.tsv", ("trait", "weight"))}


class Places:
    """Finds the own places of the events of one Doc; what they leave open is for `scenes.py`."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.doc, self.notes = doc, notes
        self.countries = {p.participant.country for p in notes.phrases if p.participant is not None and p.participant.country}
        self.head: Span = (0, 0)
        self.dateline = self._dateline()
        self._named: dict[int, list[Named]] = {}

    def run(self, draft: Draft) -> None:
        """Set `where` of a draft when a word of its own sentence tells it."""
        scored = [(sum(weights().get(t, 0.0) for t in self.traits(n, draft)), n) for n in self.named(draft)]
        likely = [(score, n) for score, n in scored if score > LIKELY]
        if not likely:
            return
        score, best = max(likely, key=lambda s: s[0])
        if best.where.lat is None:  # "near Tripoli in Libya": the town says more than the country around it
            towns = [s for s in likely if s[1].where.lat is not None and s[1].where.country == best.where.country]
            score, best = max(towns, key=lambda s: s[0], default=(score, best))
        draft.where = best.where
        draft.reasons.append(Reason("where", f"words of the sentence, weight {score:.1f}", best.where.name, best.span))

    def named(self, draft: Draft) -> list[Named]:
        """Return the places that the sentence of a draft names."""
        start = self.doc[draft.trigger[0]].sent.start
        if start not in self._named:
            found = (self._place(site) for site in candidates(self.doc[start].sent))
            self._named[start] = [n for n in found if n is not None]
        return self._named[start]

    def traits(self, named: Named, draft: Draft) -> Iterator[str]:
        """Yield the traits of a place for an event: those of its words, and what kind of place it is."""
        yield "any"
        found = list(traits(named.site, draft, self.doc))
        yield from found
        link = next(t for t in found if t.startswith("hangs on"))
        entity = named.site.token.ent_type_ or "no entity"
        yield from (named.level, f"{named.level}, {link}", entity)
        yield f"{named.level}, {next(t for t in found if t.startswith('preposition'))}"
        if len({n.where.name for n in self.named(draft)}) == 1:
            yield "only place"
        if self.head[0] <= named.span[0] < self.head[1]:
            yield "dateline"
            yield f"dateline, {'words' if draft.root in SPOKEN_ROOTS else 'deeds'}"

    def _place(self, site: Site) -> Named | None:
        """Return what a word names; None for a name that is no place."""
        token = site.token
        own = (token.idx, token.idx + len(token.text))
        if not token.text[:1].isupper():
            referred = self._backward(token)
            return Named(site, referred, own, "reference") if referred is not None else None
        name, span = self._name(token)
        found = lookup(name, self.countries) if token.ent_type_ != "ORG" or name.istitle() else None
        whole = site.token.i < site.anchor.i and site.anchor.lower_ in of_kind("places", "building")
        if whole:  # "the Masnaa crossing", "Westminster magistrates court": in the town of that name if it is near
            span = (span[0], site.anchor.idx + len(site.anchor.text))
            name = self.doc.text[span[0] : span[1]]
            near = found is not None and found.country in self.countries
            found = replace(found, name=name, geonames_id=None) if found is not None and near else None
        if found is not None:
            seat = capital_of(found.country) if found.lat is None and not found.admin1 else None
            found = seat if seat is not None and seat.name == found.name else found  # Singapore and Djibouti are towns too
            level = "town" if found.lat is not None else "region" if found.admin1 else "country"
            return Named(site, found, span, level)
        known = token.ent_type_ in (*PLACE_ENTITIES, "") or token.lower_ in of_kind("places", "building", "site")
        if whole or known or site.preposition in of_kind("places", "at"):
            return Named(site, self._unlisted(name, token), span, "unlisted")
        return None

    def _named_site(self, token: Token) -> list[Token]:
        """ "The capital, *Asmara*", "the town *Arsal*": the name in apposition."""
        return [c for c in token.children if c.dep_ == "appos" and c.pos_ == "PROPN" and c.ent_type_ != "PERSON"]

    def _backward(self, token: Token) -> Where | None:
        """Return what "there", "that town", "the country", "its airspace", "the capital" stand for; None for other words."""
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
        before = [e for e in self.doc[max(0, token.i - _FAR) : token.i].ents if e.label_ in PLACE_ENTITIES]
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
        if end - start > 1 and self.doc[end - 1].tag_ == "POS":
            end -= 1
        span = self.doc[start:end]
        return span.text, (span.start_char, span.end_char)

    def _unlisted(self, name: str, word: Token) -> Where:
        """A named building or village that the gazetteer lacks keeps its name, with the country of a place in apposition.

        A building stands in the town that its sentence names, else in that of the dateline.
        """
        beside = [c for c in word.children if c.dep_ in ("appos", "npadvmod") or (c.dep_ == "prep" and c.lower_ == "in")]
        for child in beside:
            inner = child if child.dep_ != "prep" else next((c for c in child.children if c.dep_ == "pobj"), child)
            found = lookup(self._name(inner)[0], self.countries)
            if found is not None:
                return Where(name, found.country, found.admin1)
        if of_kind("places", "building") & set(name.lower().split()):
            town = self._town_beside(word) or self.dateline
            if town is not None:
                return replace(town, name=name, geonames_id=None)
        return Where(name)

    def _town_beside(self, word: Token) -> Where | None:
        """The town that the sentence names nearest to a building."""
        named = [e for e in word.sent.ents if e.label_ == "GPE" and not e.start <= word.i < e.end]
        for entity in sorted(named, key=lambda e: abs(e.root.i - word.i)):
            found = lookup(entity.text, self.countries)
            if found is not None and found.lat is not None:
                return found
        return None

    def _dateline(self) -> Where | None:
        head = self.doc.text[:2000]
        for match in (*_DATELINE.finditer(head), *_BYLINE.finditer(head)):
            more = (match.groupdict().get("more") or "").strip()
            country = lookup(more) if more else None
            found = lookup(match["place"].title(), {country.country} if country else self.countries)
            if found is not None and found.lat is not None:
                self.head = match.span()
                return found
        return None


def _subjects(token: Token) -> list[Token]:
    """Return who acts on a land: nobody enters, attacks or violates a territory of his own."""
    verb = token.head
    if token.dep_ != "dobj":
        return []
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    return [verb.head] if verb.dep_ in ("relcl", "acl") else subjects
