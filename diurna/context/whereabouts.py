"""Where the people of a report are told to be: what they say there is said at that place (codebook, section 6).

A statement alone has no place. It has one when its speaker has come to a town, or spoken there, in the same report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.context.hosts import speaks_of_future
from diurna.context.place import Places
from diurna.context.sites import SPOKEN_ROOTS, objects
from diurna.context.voices import phrase_of
from diurna.language.notes import Draft, Notes
from diurna.records import When, Where

_REACH = 6  # sentences for which somebody stays where he is
_LEAD = 2  # sentences that may tell ahead what the report places later


@dataclass(frozen=True, slots=True)
class _Stay:
    """Somebody's being at a place, as the sentence of this number tells it. when: of the event that tells it, if one does."""

    name: str
    sentence: int
    where: Where
    when: When | None = None


class Whereabouts:
    """The stays that one Doc tells; needs the events' own places."""

    def __init__(self, doc: Doc, notes: Notes, places: Places) -> None:
        self.doc, self.notes, self.places = doc, notes, places
        self._sentences = {s.start: number for number, s in enumerate(doc.sents)}
        self._stays = [*self._of_events(), *self._of_verbs()]

    def of(self, draft: Draft) -> Where | None:
        """Return where who speaks in an event is told to be, nearest before it; for the lead also soon after it."""
        names = {p.name for p in self.notes.participants(draft.actors) if p.name}
        here = [s for s in self._stays if s.name in names and _same_day(s.when, draft.when)]
        before = [s for s in here if 0 <= draft.sentence - s.sentence <= _REACH]
        after = [s for s in here if draft.sentence <= _LEAD and 0 < s.sentence - draft.sentence <= _REACH]
        if before:
            return max(before, key=lambda s: s.sentence).where
        return min(after, key=lambda s: s.sentence).where if after else None

    def _of_events(self) -> Iterator[_Stay]:
        """A meeting, a visit or a speech whose own words tell the place."""
        for draft in self.notes.drafts:
            told = any(r.field == "where" and r.span for r in draft.reasons)
            met = draft.root == "CONSULT" or draft.root in SPOKEN_ROOTS
            if told and met and draft.modality == "actual" and draft.period == "current" and draft.polarity == "affirmed":
                for person in self._people(draft.actors):
                    yield _Stay(person, draft.sentence, draft.where, draft.when)

    def _of_verbs(self) -> Iterator[_Stay]:
        """ "He landed in Bamako", "in a speech in Quito she said": what people do at a place, and the occasions of it."""
        for token in self.doc:
            if token.pos_ != "VERB" or speaks_of_future(token) or any(c.dep_ == "neg" for c in token.children):
                continue
            people = list(self._people(c.i for c in token.children if c.dep_ == "nsubj"))
            where = next(self._towns(_places_of(token), token), None) if people else None
            if where is not None:
                number = self._sentences[token.sent.start]
                yield from (_Stay(person, number, where) for person in people)

    def _towns(self, words: list[Token], verb: Token) -> Iterator[Where]:
        for named in self.places.named_in(verb.sent.start):
            if named.where.lat is not None and (named.site.anchor in words or named.site.token in words):
                yield named.where

    def _people(self, heads: Iterable[int]) -> Iterator[str]:
        """Yield the names of persons; a state or a body is in no one place."""
        for head in heads:
            phrase = phrase_of(self.notes, self.doc[head])
            if phrase is not None and phrase.participant is not None and phrase.participant.name:
                word = self.doc[phrase.head]
                if word.ent_type_ == "PERSON" or phrase.participant.office:
                    yield phrase.participant.name


def _places_of(verb: Token) -> list[Token]:
    """Return the words that may name where a verb's subject is: beside a verb of presence, or under an occasion."""
    found: list[Token] = []
    if verb.lemma_.lower() in of_kind("places", "presence"):
        found += objects(verb, of_kind("places", "at") | {"to"})
    opening = [t for t in verb.subtree if t.dep_ == "pobj" and t.i < verb.i and t.head.i == verb.sent.start]
    for occasion in (*objects(verb, of_kind("places", "during")), *opening):
        if occasion.lemma_.lower() in of_kind("places", "occasion") and occasion.head.lower_ in of_kind("places", "during"):
            found += [t for t in occasion.subtree if t.dep_ == "pobj" and t.head.lower_ in of_kind("places", "at") | {"to"}]
    return found


def _same_day(stay: When | None, told: When) -> bool:
    if stay is None or not (stay.start and told.start) or stay.assumed or told.assumed:
        return True
    return stay.start <= told.end and told.start <= stay.end
