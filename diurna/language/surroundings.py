"""Nouns that nobody claims ("police", "residents") take a country from their surroundings, at low confidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from diurna.actors.resolve import Resolver
from diurna.language.nationality import nationality
from diurna.language.notes import NounPhrase
from diurna.language.reading import Cues, Reading
from diurna.language.salience import SUBJECTS
from diurna.language.scene import scene
from diurna.records import Participant

_PLACELESS = frozenset(("JRN", "MNC", "NGO", "IGO", "SOC", "ELI"))
_THERE = tuple((s,) for s in ("CVL", "COP", "JUD", "LAB", "EDU", "OPP", "UAF", "REB", "CRM", "PRM", "MIL"))
_SURROUNDINGS = 0.45
_NAMED_SURROUNDINGS = 0.35


def settle(reading: Reading, resolver: Resolver, phrase: NounPhrase, head: Token, cues: Cues) -> str:
    """ "police", "residents": the only country of the sentence, else the dateline's, else the article's commonest.

    Returns the name of the rule that told, empty when none did.
    """
    if phrase.participant is None and "crowd" in cues:
        phrase.participant = _crowd(reading, phrase, head)
    participant = phrase.participant
    if participant is None or phrase.kind == "pronoun" or "nowhere" in cues:
        return ""
    # "*Gunmen*" that opens a report is tagged as a name; "the Department of Foreign Affairs" is one.
    noun = phrase.end - phrase.start == 1 and head.text.istitle() and participant.resolved_by.startswith("agents.tsv")
    person = phrase.kind == "name" and head.tag_ == "NNP" and not participant.entity_id and not noun
    named = person or participant.resolved_by.startswith(("unknown person", "apposition"))
    if not named and (_PLACELESS.intersection(participant.sectors[:1]) or _from_abroad(reading, phrase)):
        return ""
    if not named and head.pos_ == "PROPN" and participant.confidence < 0.5:
        return ""
    told = _of_person(reading, phrase, head, participant) if named else _of_noun(reading, resolver, phrase, head, participant)
    name, country = next(((name, country) for name, country in told if country), ("", ""))
    if country:
        rule = f"surroundings: {country}; {participant.resolved_by}"
        confidence = _NAMED_SURROUNDINGS if named else _SURROUNDINGS
        phrase.participant = replace(participant, country=country, confidence=confidence, resolved_by=rule)
    return name


def _of_person(reading: Reading, phrase: NounPhrase, head: Token, person: Participant) -> Iterator[tuple[str, str]]:
    yield "leads", _leads(reading, head)
    yield "nationality", nationality(reading, person.name, _is_sent(reading, phrase))


def _of_noun(
    reading: Reading, resolver: Resolver, phrase: NounPhrase, head: Token, participant: Participant
) -> Iterator[tuple[str, str]]:
    yield "people", _people(reading, phrase)
    yield "beside", _beside(reading, head)
    yield "scene", scene(reading, resolver, head) if _clause_tells(participant, head) else ""
    yield "other side", _other_side(reading, participant, head)
    yield "station", _station(reading, participant, head)
    yield "origin", _origin(reading, participant, head)
    yield "home", reading.home(head)


def _crowd(reading: Reading, phrase: NounPhrase, head: Token) -> Participant | None:
    """ "*Thousands* marched": people, where the number counts nothing else ("thousands of dollars")."""
    if head.dep_ not in SUBJECTS or any(c.dep_ in ("prep", "nmod") for c in head.rights):
        return None
    span = reading.doc[phrase.start : phrase.end]
    return Participant(span.text, ((span.start_char, span.end_char),), span.text, "", "", ("CVL",), "", "a number of people", 0.5)


def bring_home(reading: Reading, phrase: NounPhrase, having: str) -> None:
    """ "Congress" in a report from Guatemala, which has one, or on a country which the report hardly names, is the one there.

    having: the countries that have a house of that name, besides the best known.
    """
    participant, home, countries = phrase.participant, reading.home(reading.doc[phrase.head]), reading.countries
    named = phrase.end - phrase.start - (reading.doc[phrase.start].lower_ == "the") > 1
    if participant is None or named or not home:
        return
    if home not in having.split() and countries[home] <= 3 * countries[participant.country]:
        return
    rule = f"surroundings: {home}; {participant.resolved_by}"
    phrase.participant = replace(participant, entity_id="", country=home, confidence=_SURROUNDINGS, resolved_by=rule)


def _leads(reading: Reading, head: Token) -> str:
    """ "a Saudi delegation led by *Mohammed Al Jaber*": whoever leads people is from where they are."""
    led = head.head.head if head.head.dep_ == "agent" else None
    people = reading.at(led.head) if led is not None and led.dep_ == "acl" else None
    return people.country if people is not None and led is not None and led.lemma_ in ("lead", "head") else ""


def _is_sent(reading: Reading, phrase: NounPhrase) -> bool:
    """Ambassadors and envoys come from elsewhere; where from, the surroundings do not say."""
    return any(reading.has_cue(token.lemma_.lower(), "envoy") for token in reading.doc[phrase.start : phrase.end])


def _beside(reading: Reading, head: Token) -> str:
    """ "the Chadian government and *rebels*": those of that country."""
    other = head.head
    named = (
        reading.at(other)
        if head.dep_ == "conj" and other.pos_ == "NOUN" and not any(c.dep_ != "punct" for c in head.lefts)
        else None
    )
    return named.country if named is not None and named.sectors[:1] in (("GOV",), ("MIL",)) else ""


def _other_side(reading: Reading, participant: Participant, head: Token) -> str:
    """ "Azerbaijani troops killed three *soldiers*": not their own, but those of the other country that the report is about."""
    if participant.sectors[:1] != ("MIL",) or head.dep_ not in ("dobj", "nsubjpass"):
        return ""
    verb = head.head
    by = [c for agent in verb.children if agent.dep_ == "agent" for c in agent.children]
    while head.dep_ == "dobj" and verb.dep_ == "conj" and not any(c.dep_ in SUBJECTS for c in verb.children):
        verb = verb.head  # "crossed the border and killed": who crossed it
    doers = by if head.dep_ == "nsubjpass" else [c for c in verb.children if c.dep_ in SUBJECTS]
    sides = {
        named.country for doer in doers if (named := reading.at(doer)) is not None and named.sectors[:1] in (("GOV",), ("MIL",))
    }
    others = [country for country, _ in reading.countries.most_common() if country not in sides]
    return others[0] if len(sides) == 1 and others else ""


def _clause_tells(participant: Participant, head: Token) -> bool:
    """Victims, people at home and the armed are of where it happens; governments meet and journalists report abroad."""
    return head.dep_ in ("dobj", "nsubjpass") or participant.sectors[:1] in _THERE


def _people(reading: Reading, phrase: NounPhrase) -> str:
    """ "Kurdish forces": of the countries where that people lives, the one that the report names most."""
    words = [t.lower_ for t in reading.doc[phrase.start : phrase.head] if t.text[:1].isupper()]
    among = next((reading.cues_of_word(w)["among"][0].split() for w in words if "among" in reading.cues_of_word(w)), [])
    return max(among, key=lambda c: reading.countries[c], default="") if any(reading.countries[c] for c in among) else ""


def _station(reading: Reading, participant: Participant, head: Token) -> str:
    """Police, courts and agents are those of the country where the sentence says that it happened."""
    if participant.sectors[:1] not in (("COP",), ("SPY",), ("JUD",)):
        return ""
    for prep in (t for t in head.sent if t.dep_ == "prep" and t.lower_ == "in" and t.head.pos_ == "VERB"):
        place = next((p for c in prep.children if c.dep_ == "pobj" and (p := reading.at(c)) is not None), None)
        if place is not None and place.entity_id.startswith("country:"):
            return place.country
    return ""


def _origin(reading: Reading, participant: Participant, head: Token) -> str:
    """Refugees are not from the country that has them: the foreigners met last, if there are any."""
    if participant.sectors[:1] != ("REF",):
        return ""
    home = reading.home(head)
    many = [c for c in reading.met if c.plural or c.head.tag_ == "NNPS"]
    abroad = [c for c in many if c.country not in ("", home) and c.participant.sectors[:1] in (("CVL",), ("REF",))]
    return abroad[-1].country if abroad else ""


def _from_abroad(reading: Reading, phrase: NounPhrase) -> bool:
    return any(reading.has_cue(token.lower_, "abroad") for token in reading.doc[phrase.start : phrase.end])
