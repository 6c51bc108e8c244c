"""Where a noun's own clause takes place: "*gunmen* killed three soldiers in Chad", whoever else the report speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from diurna.actors.resolve import Resolver
from diurna.actors.words import words_of
from diurna.language.reading import Reading
from diurna.language.salience import SUBJECTS

_GUESSED = ("surroundings", "weighed")
_ACCORD = words_of("accord")
WITHIN = words_of("within")  # prepositions before a place that something is at
_DEPTH = 3  # "at a camp near a town in Chad"


def scene(reading: Reading, resolver: Resolver, head: Token) -> str:
    """Return the only country of the places in a noun's clause, those that hang on the verb first; empty when it names none."""
    verb = next((t for t in head.ancestors if t.pos_ in ("VERB", "AUX")), None)
    if verb is None or any(_meets(c) for c in verb.children if c.dep_ in ("dobj", "nsubjpass", "prep")):
        return ""
    for hooks in ([verb, *_shared(verb)], list(_arguments(verb, head))):
        countries = {c for hook in hooks for c in _countries(reading, resolver, hook)}
        if countries:
            return countries.pop() if len(countries) == 1 else ""
    return ""


def _meets(word: Token) -> bool:
    """ "resumed *talks* in Doha": people meet where none of them is at home."""
    nouns = [word] if word.dep_ != "prep" else [c for c in word.children if c.dep_ == "pobj"]
    return any(noun.lower_ in _ACCORD or noun.lemma_.lower() in _ACCORD for noun in nouns)


def _shared(verb: Token) -> Iterator[Token]:
    """The verbs that have the subject in common: "*stormed* a bank and *killed* a guard in Lomé"."""
    for other in verb.conjuncts:
        if other.pos_ == "VERB" and not any(c.dep_ in SUBJECTS for c in other.children):
            yield other


def _arguments(verb: Token, head: Token) -> Iterator[Token]:
    """The other parties of a verb: "killed *three soldiers* in Chad", "*the attack* in Mali was the work of rebels"."""
    for child in verb.children:
        nouns = [child] if child.dep_ in ("dobj", *SUBJECTS) else [c for c in child.children if c.dep_ == "pobj"]
        yield from (noun for noun in nouns if noun.i != head.i and not noun.is_ancestor(head))


def _countries(reading: Reading, resolver: Resolver, hook: Token, depth: int = 0) -> Iterator[str]:
    for prep in (c for c in hook.children if c.dep_ == "prep" and (c.lower_ in WITHIN or (depth and c.lower_ == "of"))):
        for place in (c for c in prep.children if c.dep_ == "pobj"):
            country = _country(reading, resolver, place)
            if country:
                yield country
            elif depth < _DEPTH:
                yield from _countries(reading, resolver, place, depth + 1)


def _country(reading: Reading, resolver: Resolver, place: Token) -> str:
    index = reading.notes.phrase_at.get(place.i, -1)
    named = reading.at(place)
    if named is not None and named.country and not named.resolved_by.startswith(_GUESSED):
        return named.country
    if place.pos_ != "PROPN":
        return ""
    phrase = reading.notes.phrases[index] if index >= 0 else None
    words = reading.doc[phrase.start : phrase.end].text if phrase is not None else place.text
    found = resolver.resolve(f"people in {words}", reading.notes.published)
    return found.country if found is not None else ""
