"""What the words of a report that may name a place stand for: a town, a region, a building, "there", "the capital", "here".

`place.py` weighs which of them an event took place at (codebook, section 6).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.context.dateline import datelines
from diurna.context.site_traits import PLACE_ENTITIES, Site
from diurna.context.sites import objects
from diurna.context.voices import phrase_of
from diurna.gazetteer import capital_of, lookup, of_adjective, of_country
from diurna.language.datelines import later_datelines
from diurna.language.notes import Notes
from diurna.records import Participant, Span, Where

_FAR = 60  # tokens
_SURE = 0.6  # of a participant, for its country to speak for namesakes there
_STAGE = 3  # a report is also set in countries that it names a third as often as the one it names most


@dataclass(frozen=True, slots=True)
class Named:
    """What a word of a sentence names.

    level: town, region, country, unlisted (in no gazetteer), reference ("that city"), common ("the airport": in some town).
    """

    site: Site
    where: Where
    span: Span
    level: str


class PlaceNames:
    """Reads the place words of one Doc by the gazetteer, the article's countries and what was named before."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.doc, self.notes = doc, notes
        named = [p.participant for p in notes.phrases if p.participant is not None and p.participant.confidence >= _SURE]
        mentions = Counter(p.country for p in named if p.country)
        self.countries = set(mentions)
        self._datelines = self._read_datelines()
        self.dateline = self._datelines[0][1] if self._datelines else None
        self.stage = self._stage(mentions)

    def _stage(self, mentions: Counter[str]) -> list[str]:
        """Return the countries a report is set in, the likeliest first: that of its dateline, and those it names most."""
        lands = [(c, n) for c, n in mentions.most_common() if of_country(c) is not None]
        most = [c for c, n in lands if n * _STAGE >= lands[0][1]]
        first = [self.dateline.country] if self.dateline is not None else []
        return list(dict.fromkeys(first + most))

    def read(self, site: Site) -> Named | None:
        """Return what a word names; None for a word that names no place."""
        token = site.token
        if not token.text[:1].isupper():
            return self._referred(site)
        name, span = self._name(token)
        building = site.token.i < site.anchor.i and site.anchor.lower_ in of_kind("places", "building")
        if building:  # "the Masnaa crossing", "Westminster magistrates court"
            return self._building(site, name, span)
        if site.token.i < site.anchor.i and site.anchor.lower_ in of_kind("places", "site"):  # "Sumy region" is not Sumy
            span = (span[0], site.anchor.idx + len(site.anchor.text))
            name = self.notes.text[span[0] : span[1]]
        whole = self.notes.text[span[0] : span[1]]
        shouted = token.ent_type_ == "ORG" and not token.text.istitle()
        found = lookup(name, self.countries) if not shouted or self.in_dateline(span) else None
        if found is not None:
            seat = capital_of(found.country) if found.lat is None and not found.admin1 and found.country else None
            found = seat if seat is not None and seat.name == found.name else found  # Singapore and Djibouti are towns too
            if self.in_dateline(span):
                found = replace(found, name=name.title() if name.isupper() else name)
            return Named(site, found, span, _level(found))
        if token.ent_type_ == "PERSON" and site.preposition not in of_kind("places", "within"):
            return None
        known = token.ent_type_ in (*PLACE_ENTITIES, "PERSON", "") or token.lower_ in of_kind("places", "building", "site")
        if known or site.preposition in of_kind("places", "at"):
            return Named(site, self._unlisted(whole, token), span, "unlisted")
        return None

    def _referred(self, site: Site) -> Named | None:
        token = site.token
        own = (token.idx, token.idx + len(token.text))
        referred = self._backward(token)
        if referred is not None:
            return Named(site, referred, own, "reference")
        if objects(token, ("of", "in")) or self._named_beside(token):
            return None  # the name beside it is a site of its own
        town = self._last_named(token, at_home=True) or self.dateline_over(token)
        return Named(site, town, own, "common") if town is not None else None

    def _building(self, site: Site, name: str, span: Span) -> Named:
        """A building is known itself, or stands in the town of that name if it is near, or in one named beside it."""
        span = (span[0], site.anchor.idx + len(site.anchor.text))
        whole = self.notes.text[span[0] : span[1]]
        found = lookup(whole, self.countries)
        if found is None or _level(found) != "town":
            town = lookup(name, self.countries)
            near = town is not None and town.country in self.countries
            found = replace(town, name=whole, geonames_id=None) if town is not None and near else None
        return Named(site, found or self._unlisted(whole, site.token), span, "town" if found is not None else "unlisted")

    def _named_beside(self, token: Token) -> bool:
        """ "The capital, *Asmara*", "the town *Arsal*": a name in apposition."""
        return any(c.dep_ == "appos" and c.pos_ == "PROPN" and c.ent_type_ != "PERSON" for c in token.children)

    def _backward(self, token: Token) -> Where | None:
        """Return what "there", "here", "that town", "the country", "the capital" stand for; None for other words."""
        if token.lower_ == "there":
            return self._last_named(token, towns=False)
        if token.lower_ == "here":
            return self.dateline_over(token)
        if self._named_beside(token) or objects(token, ("of", "in")):
            return None
        if token.lower_ == "capital":
            return self._capital(token)
        if token.lower_ in of_kind("places", "home"):
            land = self._land(token)
            if land is not None:
                return land
        if token.lower_ in of_kind("places", "compass"):
            country = of_country(self.stage[0]) if self.stage else None
            return Where(f"{token.lower_}ern {country.name}", country.country) if country is not None else None
        marked = any(c.dep_ in ("det", "amod") and c.lower_ in ("that", "this", "same") for c in token.children)
        if not marked or token.lower_ not in of_kind("places", "site"):
            return None
        return self._last_named(token)

    def _last_named(self, token: Token, towns: bool = True, at_home: bool = False) -> Where | None:
        """Return the place named last before a word.

        Args:
            towns: countries do not count.
            at_home: nor do places outside the countries that the report is set in.
        """
        before = [e for e in self.doc[max(0, token.i - _FAR) : token.i].ents if e.label_ in PLACE_ENTITIES]
        found = [w for e in reversed(before) if (w := lookup(e.text, self.countries)) is not None]
        found = [w for w in found if not towns or w.lat is not None or w.admin1]
        return next((w for w in found if not at_home or w.country in self.stage), None)

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
        dateline = self.dateline_over(token)
        code = owner.country if owner else dateline.country if dateline else ""
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
        """A building or village that the gazetteer lacks keeps its name, with the country of a place beside it.

        A building stands in the town that its sentence names, else in that of the dateline; a village in the only country
        that the sentence or the report can mean.
        """
        beside = [c for c in word.children if c.dep_ in ("appos", "npadvmod") or (c.dep_ == "prep" and c.lower_ == "in")]
        for child in beside:
            inner = child if child.dep_ != "prep" else next((c for c in child.children if c.dep_ == "pobj"), child)
            found = lookup(self._name(inner)[0], self.countries)
            if found is not None:
                return Where(name, found.country, found.admin1)
        town, dateline = self._town_beside(word), self.dateline_over(word)
        if of_kind("places", "building") & set(name.lower().split()) and (town or dateline) is not None:
            return replace(town or dateline or Where(), name=name, geonames_id=None)
        if town is not None:
            return Where(name, town.country)
        lands = {c for c in self.countries if of_country(c) is not None}
        return Where(name, dateline.country if dateline else lands.pop() if len(lands) == 1 else "")

    def _town_beside(self, word: Token) -> Where | None:
        """The town that the sentence names nearest to a building."""
        named = [e for e in word.sent.ents if e.label_ == "GPE" and not e.start <= word.i < e.end]
        for entity in sorted(named, key=lambda e: abs(e.root.i - word.i)):
            found = lookup(entity.text, self.countries)
            if found is not None and found.lat is not None:
                return found
        return None

    def dateline_over(self, token: Token) -> Where | None:
        """Return the place of the dateline that a word stands under: that of its part of a round-up, else the report's."""
        return next((where for span, where in reversed(self._datelines) if span[0] <= token.idx), self.dateline)

    def in_dateline(self, span: Span) -> bool:
        """Tell whether words stand in a dateline."""
        return any(start <= span[0] < end for (start, end), _ in self._datelines)

    def _read_datelines(self) -> list[tuple[Span, Where]]:
        opening = next(self._placed(datelines(self.notes.text)), None)
        later = [d for d in self._placed(later_datelines(self.notes.text)) if opening is not None and d[0][0] >= opening[0][1]]
        return [*([opening] if opening is not None else []), *later]

    def _placed(self, matches: Iterable[re.Match[str]]) -> Iterator[tuple[Span, Where]]:
        for match in matches:
            groups = match.groupdict()
            more = (groups.get("more") or "").strip()
            country = lookup(more) if more else None
            if country is None and groups.get("signed") == "":
                continue
            found = lookup(match["place"].title(), {country.country} if country else self.countries)
            if found is not None and found.lat is not None:
                yield match.span(), found


def _level(where: Where) -> str:
    return "town" if where.lat is not None else "region" if where.admin1 or not where.geonames_id else "country"


def _subjects(token: Token) -> list[Token]:
    """Return who acts on a land: nobody enters, attacks or violates a territory of his own."""
    verb = token.head
    if token.dep_ != "dobj":
        return []
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    return [verb.head] if verb.dep_ in ("relcl", "acl") else subjects
