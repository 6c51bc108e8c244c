"""Where a person is from whom no table knows: his introduction, for and against whom he speaks, his name, the report's home."""

from __future__ import annotations

from collections import Counter

from spacy.tokens import Token

from diurna.actors.origins import countries_of_name
from diurna.language.reading import Reading
from diurna.language.salience import SUBJECTS

_SHARE = 2.0  # for the share a country has in all mentions of countries
_DATELINE = 1.0
_BEFORE = 1.5  # "Berlin would rather talk. Economy minister Peter Altmaier …": who the sentence before speaks of
_SPEAKS_FOR = 0.75  # "Harrigan said US forces came under fire"
_AGAINST = -4.0  # "Gladkov accused Ukrainian gunners"
_NAME = 1.5
_ENOUGH = 0.4
_INTRODUCTIONS = 2


def nationality(reading: Reading, name: str, sent: bool = False) -> str:
    """Return the most likely country of a person; empty when the report tells too little.

    sent: an envoy, who is not from where he is.
    """
    if name not in reading.nationalities:
        reading.nationalities[name] = _weigh(reading, name, sent)
    return reading.nationalities[name]


def _weigh(reading: Reading, name: str, sent: bool) -> str:
    weights: Counter[str] = Counter()
    mentions = [reading.doc[p.head] for p in reading.notes.phrases if p.participant is not None and p.participant.name == name]
    if not sent:
        total = sum(reading.countries.values()) or 1
        weights.update({c: _SHARE * n / total for c, n in reading.countries.items()})
        for head in sorted(mentions, key=lambda t: t.i)[:1]:
            weights[reading.dateline(head)] += _DATELINE  # type: ignore[assignment]
    named = [head for head in mentions if head.pos_ == "PROPN"]
    introductions = {head.sent.start: head for head in reversed(named)}
    for head in sorted(introductions.values(), key=lambda t: t.i)[:_INTRODUCTIONS]:
        weights[_sentence_before(reading, head)] += _BEFORE  # type: ignore[assignment]
    for head in named:
        for country, weight in _sides(reading, head):
            weights[country] += weight  # type: ignore[assignment]
    weights.pop("", None)
    common = countries_of_name(name)
    for country in list(weights) if common else ():
        weights[country] += _NAME if country in common else -_NAME  # type: ignore[assignment]
    best = max(weights, key=lambda c: (weights[c], reading.countries[c]), default="")
    return best if best and weights[best] >= _ENOUGH else ""


def _sentence_before(reading: Reading, head: Token) -> str:
    """The country that the sentence before has for its subject, in the same paragraph."""
    start = head.sent.start
    if start == 0 or "\n" in reading.doc[max(0, start - 2) : start].text_with_ws:
        return ""
    for child in reading.doc[start - 1].sent.root.children:
        person = reading.at(child) if child.dep_ in SUBJECTS else None
        if person is not None and person.country in reading.countries and not person.resolved_by.startswith("surroundings"):
            return person.country
    return ""


def _sides(reading: Reading, head: Token) -> list[tuple[str, float]]:
    """For and against whom a subject speaks."""
    if head.dep_ not in SUBJECTS and head.dep_ != "appos":
        return []
    verbs = [head.head] if head.dep_ in SUBJECTS else []
    verbs += [c for c in head.children if c.dep_ == "relcl"]
    found: list[tuple[str, float]] = []
    for verb in [v for first in verbs for v in (first, *first.conjuncts)]:
        against = reading.has_cue(verb.lemma_.lower(), "against")
        for child in verb.children:
            if against and child.dep_ == "dobj":
                found.append((_named_country(reading, child), _AGAINST))
            elif child.dep_ == "ccomp":
                found += [(_named_country(reading, c), _SPEAKS_FOR) for c in child.children if c.dep_ in SUBJECTS]
    return [(country, weight) for country, weight in found if country]


def _named_country(reading: Reading, token: Token) -> str:
    """The country that the words of a phrase name; not one taken from elsewhere."""
    party = reading.at(token)
    borrowed = party is None or party.resolved_by.startswith(("surroundings", "coreference"))
    return "" if party is None or borrowed else party.country
