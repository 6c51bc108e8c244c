"""Where an event took place: by syntax, then by dateline, then unknown (codebook, section 6).

A place that acts or is acted on is no place of the event; nor is one that merely stands in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.gazetteer import capital_of, lookup, of_adjective, of_country
from diurna.context.sites import SPEECH_ROOTS, objects, sites
from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason, Span, Where

_SCENE_LASTS = 2  # sentences
_FAR = 60  # tokens
_PLACE_ENTITIES = ("GPE", "LOC", "FAC")
_LOCATED = frozenset({"syntax", "same clause", "main clause", "clause of time"})
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*(?P<place>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,\s(?P<more>[A-Z][\w. ]{2,30}?))?"
    r"\s*(?:\([^)\n]{2,40}\),?\s*)?(?:,?\s?(?:\d{1,2}\s)?[A-Z][a-z]+\.?\s?\d{0,2}\.?)?\s*(?:\([^)\n]{2,40}\)\s*)?"
    r"(?:[—–]|--|-\s|:\s(?=[A-Z“\"]))"
)
_BYLINE = re.compile(r"(?:^|\n)By\s[^\n]{3,60},\s(?:in\s)?(?P<place>[A-Z][A-Z’'.-]+(?:\s[A-Z’'.-]+)*)[ \t]*(?=\n)")


class Places:
    """Places the events of one Doc."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.doc, self.notes = doc, notes
        self.countries = {p.participant.country for p in notes.phrases if p.participant is not None and p.participant.country}
        self.dateline = self._dateline()
        self.scene: tuple[int, str, Where] | None = None  # sentence, period and place of the last event told with its place
        self.stage: dict[str, tuple[int, Where]] = {}  # by actor: sentence and place of the last event told with its place

    def run(self, draft: Draft) -> None:
        """Set `where` of a draft."""
        for token, rule in sites(self.doc, draft):
            found = self._place(token, draft, rule)
            if found is not None:
                where, span = found
                draft.where = where
                draft.reasons.append(Reason("where", rule, where.name, span))
                self.scene = (draft.sentence, draft.period, where)
                self.stage |= dict.fromkeys(self._names(draft), (draft.sentence, where))
                return
        for inherited, rule in self._inherited(draft):
            if inherited is not None:
                draft.where = inherited
                draft.reasons.append(Reason("where", rule, inherited.name))
                return

    def _inherited(self, draft: Draft) -> Iterator[tuple[Where | None, str]]:
        """Places that the event's own words leave to the reader: the scene, the dateline, the only country concerned."""
        material = draft.root not in SPEECH_ROOTS
        if draft.modality == "actual":
            if self.scene is not None and material:
                sentence, period, where = self.scene
                if draft.sentence - sentence <= _SCENE_LASTS and period == draft.period and self._at_home(draft, where):
                    yield where, "scene of the sentences before"
            spoken = [self.stage[name] for name in self._names(draft) if name in self.stage and not material]
            for sentence, where in spoken:
                if draft.sentence - sentence <= _SCENE_LASTS:
                    yield where, "where the same party spoke before"
        if self._at_dateline(draft):
            yield self.dateline, "dateline"
        if material:
            yield from ((of_country(code), "everyone concerned is at home there") for code in self._homes(draft))

    def _homes(self, draft: Draft) -> list[str]:
        """The only country concerned; a state coerces and convicts on its own soil, whoever the prisoner is."""
        actors = {p.country for p in self._parties(draft, recipients=False)}
        if draft.root == "COERCE" or (draft.root == "SANCTION" and draft.mode == "convict"):
            return list(actors) if len(actors) == 1 else []
        countries = {p.country for p in self._parties(draft)}
        return list(countries) if len(countries) == 1 else []

    def _at_home(self, draft: Draft, where: Where) -> bool:
        """Tell whether an event may have happened in a place: not an arrest by another state's police."""
        homes = self._homes(draft) if draft.root == "COERCE" else []
        return not homes or not where.country or where.country in homes or of_country(homes[0]) is None

    def _names(self, draft: Draft) -> list[str]:
        return [p.name for p in self._parties(draft, recipients=False) if p.name and of_country(p.country) is not None]

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
            unlisted = rule != "destination" and word.ent_type_ in _PLACE_ENTITIES
            unlisted = unlisted or (word != token and token.lower_ in of_kind("places", "site"))
            if found is None and unlisted and not name.islower():
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
        """Return what "that town", "the same island", "the Eritrean capital" stand for; None for other words."""
        if self._named_site(token) or objects(token, ("of", "in")):
            return None
        if token.lower_ == "capital":
            return self._capital(token)
        marked = any(c.dep_ in ("det", "amod") and c.lower_ in ("that", "this", "same") for c in token.children)
        if not marked or token.lower_ not in of_kind("places", "site"):
            return None
        before = [e for e in self.doc[max(0, token.i - _FAR) : token.i].ents if e.label_ in _PLACE_ENTITIES]
        found = (lookup(e.text, self.countries) for e in reversed(before))
        return next((w for w in found if w is not None and (w.lat is not None or w.admin1)), None)

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
        for match in (*_DATELINE.finditer(head), *_BYLINE.finditer(head)):
            more = (match.groupdict().get("more") or "").strip()
            country = lookup(more) if more else None
            found = lookup(match["place"].title(), {country.country} if country else self.countries)
            if found is not None and found.lat is not None:
                return found
        return None

    def _parties(self, draft: Draft, recipients: bool = True) -> list[Participant]:
        parties = (*draft.actors, *draft.recipients) if recipients else tuple(draft.actors)
        heads = [self.notes.phrase_at.get(i, -1) for i in parties]
        return [p for i in heads if i >= 0 and (p := self.notes.phrases[i].participant) is not None]

    def _at_dateline(self, draft: Draft) -> bool:
        """What the day brought took place where the report was written when a party is from there, or when it is mere words."""
        if draft.modality != "actual" or draft.period != "current" or self.dateline is None:
            return False
        if not self._at_home(draft, self.dateline):
            return False
        local = any(p.country == self.dateline.country for p in self._parties(draft))
        return local or (draft.root in SPEECH_ROOTS and not draft.said_by)
