"""Who holds the same office elsewhere: "his Chinese counterpart" (codebook, section 3: participants in their role)."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from diurna.language.notes import NounPhrase
from diurna.language.reading import Reading
from diurna.language.salience import Candidate
from diurna.records import Participant

_REACH = 8  # sentences
_SURE = 0.65


def link_counterpart(reading: Reading, phrase: NounPhrase, head: Token) -> bool:
    """ "his counterpart" is of the country that is named with him, else of another than his owner; he has the owner's role."""
    owner = next((c for c in head.children if c.dep_ == "poss"), None)
    person = reading.at(owner) if owner is not None else None
    named = _nationalities(reading, head)
    if len(named) > 1:  # "his Greek and Turkish counterparts"
        for other in named:
            other.participant = _peer(reading, other, _country(other), person)
        phrase.members, phrase.participant = [reading.notes.phrase_at[other.head] for other in named], None
        return True
    home = person.country if person is not None else ""
    people = [c for c in reading.near(head, _REACH) if c.person and c.single and c.country not in ("", home)]
    if not named:
        return bool(home and people) and head.tag_ != "NNS" and reading.copy(phrase, people[-1].index)
    country = _country(named[0])
    known = [c for c in people if c.country == country and _same_role(c, person)]
    if known and head.tag_ != "NNS":
        return reading.copy(phrase, known[-1].index)
    phrase.participant = _peer(reading, phrase, country, person)
    return True


def _nationalities(reading: Reading, head: Token) -> list[NounPhrase]:
    """The phrases that say whose counterpart is meant: "*Greek* and *Turkish* counterparts", "counterpart from *Chile*"."""
    before = [c for c in head.lefts if c.dep_ in ("amod", "compound", "nmod")]
    joined = [t for first in before for t in (first, *first.conjuncts) if t.i < head.i]
    after = [c for prep in head.rights if prep.lower_ in ("from", "of") for c in prep.children if c.dep_ == "pobj"]
    found = {t.i: reading.notes.phrases[i] for t in (joined or after) if (i := reading.notes.phrase_at.get(t.i, -1)) >= 0}
    return [p for p in found.values() if _country(p)]


def _country(phrase: NounPhrase) -> str:
    return phrase.participant.country if phrase.participant is not None else ""


def _same_role(found: Candidate, person: Participant | None) -> bool:
    return person is not None and bool(person.sectors) and found.participant.sectors[:1] == person.sectors[:1]


def _peer(reading: Reading, phrase: NounPhrase, country: str, person: Participant | None) -> Participant:
    span = reading.doc[phrase.start : phrase.end]
    peer = Participant(span.text, ((span.start_char, span.end_char),), span.text, "", country, ("GOV",), "", "counterpart", _SURE)
    if person is None or not person.sectors:
        return peer
    rule = f"counterpart: {person.name}"
    return replace(peer, sectors=person.sectors, office=person.office, resolved_by=rule)
