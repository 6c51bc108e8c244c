"""Phrases with an owner: "its army", "his wife", "their foreign ministers", "its Kurdish allies" (codebook, section 3)."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from diurna.actors.judgement import ARMED, GENERIC
from diurna.actors.words import words_of
from diurna.language.notes import NounPhrase
from diurna.language.reading import Cues, Reading
from diurna.language.salience import is_state
from diurna.records import Participant

_FOLLOWERS = words_of("follower")
_PEERS = words_of("peer")
_OWNED = 0.65


def link_owned(reading: Reading, phrase: NounPhrase, head: Token, cues: Cues) -> bool:
    """Let the owner give the country, and the sectors where the noun has none of its own; False when there is no owner."""
    owner = next((c for c in head.children if c.dep_ == "poss"), None)
    if owner is not None and head.tag_ == "NNS" and _share_owners(reading, phrase, owner):
        return True
    other = reading.at(owner) if owner is not None and phrase.participant and "superior" not in cues else None
    if other is None or not other.country or phrase.participant is None or owner is None:
        return False
    if "state" in cues:
        return _owned_state(reading, phrase, other.country)
    if "apart" in cues and not _is_person(other):
        return _apart(reading, phrase, head, other)
    phrase.participant = replace(
        phrase.participant,
        country=other.country,
        sectors=_sectors(phrase.participant, other, head, cues),
        confidence=_OWNED,
        resolved_by=f"{phrase.participant.resolved_by}; owner {other.name}",
    )
    return True


def _sectors(owned: Participant, owner: Participant, head: Token, cues: Cues) -> tuple[str, ...]:
    """ "his wife" of an official is ELI; men, leaders and trucks are what their owner is."""
    noun, first = head.lemma_.lower(), owner.sectors[:1]
    if head.pos_ == "PROPN" and any(c.lower_ in _PEERS for c in head.lefts):  # "his colleague Rashid Derbas"
        return owner.sectors
    if "kin" in cues and first in (("GOV",), ("ELI",)):
        return ("ELI",)
    armed = bool(first) and first[0] in ARMED
    if noun in _FOLLOWERS and (armed or (noun == "man" and head.tag_ == "NNS" and first in (("GOV",), ("MIL",)))):
        return owner.sectors if armed else ("MIL",)
    body = not _is_person(owner) and not owner.entity_id.startswith("country:")
    if noun in GENERIC and owner.sectors and (armed or body) and owned.sectors[:1] != ("MIL",):
        return owner.sectors
    if "vehicle" in cues and owned.sectors[:1] == ("CVL",) and body and owner.sectors:
        return owner.sectors
    return owned.sectors


def _is_person(participant: Participant) -> bool:
    return bool(participant.office) or participant.entity_id.startswith("person:") or "person" in participant.resolved_by


def _apart(reading: Reading, phrase: NounPhrase, head: Token, owner: Participant) -> bool:
    """ "its enemies", "its Kurdish allies": of anybody's country but the owner's; whom the modifier names, if it names any."""
    assert phrase.participant is not None
    words = [c.lower_ for c in head.lefts if c.dep_ in ("amod", "compound") and c.text[:1].isupper()]
    near = [
        c
        for c in reversed(reading.met)
        if c.country and c.country != owner.country and any(t.lower_ in words for t in reading.doc[c.phrase.start : c.head.i])
    ]
    if near:
        rule = f"{phrase.participant.resolved_by}; {near[0].participant.resolved_by}"
        phrase.participant = replace(
            phrase.participant, country=near[0].country, sectors=near[0].participant.sectors, confidence=0.5, resolved_by=rule
        )
    return True


def _share_owners(reading: Reading, phrase: NounPhrase, owner: Token) -> bool:
    """ "*their* foreign ministers" after two presidents: one from each side."""
    index = reading.notes.phrase_at.get(owner.i, -1)
    members = reading.notes.phrases[index].members if index >= 0 else []
    found = [p for m in members if (p := reading.notes.phrases[m].participant) is not None and p.country]
    if phrase.participant is None or len({p.country for p in found}) < 2:
        return False
    phrase.members, phrase.participant = list(members), None
    return True


def _owned_state(reading: Reading, phrase: NounPhrase, country: str) -> bool:
    """ "his country", "her government": the state of its owner."""
    state = next((c for c in reversed(reading.met) if c.country == country and is_state(c)), None)
    if phrase.participant is None:
        return False
    phrase.antecedent = state.index if state is not None else -1
    named = state.participant.name if state is not None else country
    rule = f"{phrase.participant.resolved_by}; owner {named}"
    phrase.participant = replace(phrase.participant, country=country, confidence=_OWNED, resolved_by=rule)
    return True
