"""Names of persons in a parse, how far a known name reaches, and a noun joined with the name in apposition to it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from spacy.tokens import Doc, Token

from diurna.actors.base import KnowledgeBase
from diurna.actors.judgement import Resolution
from diurna.actors.keys import key
from diurna.actors.roles import ABROAD, FORMER
from diurna.actors.spans import phrase_end, phrase_start
from diurna.actors.words import words_of

LEAST = 0.4  # below this a resolution only guesses from a modifier, and nobody is recorded
_HYPHENS = ("-", "‑")
_WORK = words_of("work")
_TITLED = words_of("titled")
_ACCORD = words_of("accord")
NAMESAKE = "; no relation of "
_TRADES = (("AGR",), ("LAB",), ("MED",), ("EDU",), ("BUS",))


def person_name(head: Token) -> str:
    """Return the unbroken run of names around a head: "Maria Lopez", "Yoon Do-han"; empty for other capitalised words."""
    start = head.i
    while start > 0 and _goes_on(head.doc, start):
        start -= 1
    text = head.doc[start : head.i + 1].text.strip("-‑ ")
    named = text[:1].isupper() and all(t.text in _HYPHENS or _is_word(t) for t in head.doc[start : head.i + 1])
    return text.replace(" - ", "-") if named else ""


def _is_word(token: Token) -> bool:
    """Tell whether a token is letters, or a given name with a hyphen that is kept whole ("Moo-hyun")."""
    return all(part.isalpha() for part in token.text.split("-"))


def _goes_on(doc: Doc, start: int) -> bool:
    before, first = doc[start - 1], doc[start]
    if before.text in _HYPHENS:
        return start > 1 and not before.whitespace_ and not doc[start - 2].whitespace_
    if first.text in _HYPHENS:
        return before.is_alpha and not before.whitespace_
    split = start + 1 < len(doc) and doc[start + 1].text in _HYPHENS and not first.whitespace_
    hyphened = split or "-" in first.text
    return before.pos_ == "PROPN" and (before.ent_type_ == "PERSON" or hyphened)


def reach(base: KnowledgeBase, start: int, end: int, head: Token) -> tuple[int, int]:
    """Return the tokens of a known name of several words around a head ("Organization of American States"), else the head."""
    if end - start < 2 or not head.text[:1].isupper():
        return head.i, head.i + 1
    first, last = _reach(base, tuple(t.text_with_ws for t in head.doc[start:end]), head.i - start)
    return start + first, start + last


@lru_cache(maxsize=20_000)
def _reach(base: KnowledgeBase, words: tuple[str, ...], head: int) -> tuple[int, int]:
    for last in range(len(words), head, -1):
        for first in range(head + 1):
            names = base.senses(key("".join(words[first:last]))) if last - first > 1 else ()
            if any(s.kind in ("body", "seat", "country", "region") for s in names):
                return first, last
    return head, head + 1


def is_inside(base: KnowledgeBase, token: Token) -> bool:
    """Tell whether a modifier is part of a name of several words: "*Mexico* City"."""
    above = token.head
    if token.dep_ not in ("compound", "nmod", "amod") or above.i <= token.i or not above.text[:1].isupper():
        return False
    return reach(base, phrase_start(above), phrase_end(above), above)[0] <= token.i


def titles_of_works(doc: Doc) -> frozenset[int]:
    """Return the tokens of titles: "a documentary called *The Brits Battling Isis*", "the film *Argo*"."""
    found: set[int] = set()
    for token in doc:
        if token.lower_ not in _WORK:
            continue
        at = token.i + 1
        while at < len(doc) and (doc[at].is_punct or doc[at].lower_ in _TITLED):
            at += 1
        called = any(t.lower_ in _TITLED for t in doc[token.i : at])
        end = at
        while end < len(doc) and (doc[end].text[:1].isupper() or (called and doc[end].lower_ in ("of", "the", "and", "in"))):
            end += 1
        if end - at > (0 if called else 1):
            found.update(range(at, end))
    return frozenset(found)


def names_accord(token: Token) -> bool:
    """ "the *Geneva* agreement", "*Mexico City* policy": where it was made, not who acts."""
    return token.dep_ in ("compound", "nmod", "amod") and token.head.i > token.i and token.head.lemma_.lower() in _ACCORD


def joined(found: Resolution | None, other: Resolution | None, head: Token, apposed: Token) -> Resolution | None:
    """Join a noun and its apposition: the name wins, the description gives the role ("the rebel leader, John Garang")."""
    if other is None or not other.sectors:
        name = person_name(apposed) if apposed.ent_type_ == "PERSON" else _two_names(apposed)
        if found is None or not name or found.kind != "human" or head.tag_ in ("NNS", "NNPS"):
            return found
        return replace(found, name=name, kind="person", resolved_by=f"apposition: {found.resolved_by}")
    if found is None or not found.sectors or found.kind == "city":
        return _described(found, other, head, apposed)
    if _is_namesake(found, other):
        somebody = _described(found, other, head, apposed) or other
        return replace(somebody, resolved_by=f"{somebody.resolved_by}{NAMESAKE}{found.name}")
    if other.entity_id and other.kind == "person" and found.kind in ("person", "human") and not found.entity_id:
        out_of_office = other.sectors == ("ELI",) and "; former" not in other.resolved_by
        if out_of_office and found.office and found.sectors and found.country in ("", other.country):  # the text beats the table
            rule = f"apposition: {found.resolved_by}; {other.resolved_by}"
            return replace(other, sectors=found.sectors, office=found.office, resolved_by=rule)
        return other
    return found


def _is_namesake(found: Resolution, other: Resolution) -> bool:
    """ "Kim Yong-chol, *a farmer in Busan*": neither trade nor country is that of the known bearer of the name."""
    trades = _TRADES if found.sectors == FORMER else (*_TRADES, ("CVL",))  # who is out of office may be an exile or activist
    plain = other.kind == "human" and not other.office and other.sectors[:1] in trades
    elsewhere = other.country not in ("", found.country) and found.country not in ABROAD
    return plain and elsewhere and found.kind == "person" and bool(found.entity_id)


def _two_names(head: Token) -> str:
    """ "the mayor, *Dragan Petrović*", though the name tagger takes it for a body."""
    before = [t for t in head.doc[phrase_start(head) : head.i] if t.pos_ == "PROPN" and t.text[:1].isupper()]
    whole = head.pos_ == "PROPN" and 0 < len(before) == head.i - phrase_start(head) < 3
    return head.doc[phrase_start(head) : head.i + 1].text if whole else ""


def _described(found: Resolution | None, other: Resolution, head: Token, apposed: Token) -> Resolution | None:
    """A name that nobody knows, with a description after it."""
    countryman = other.kind in ("demonym", "adjective") and bool(other.country)  # "Robert Frowick, an American"
    if head.pos_ == "PROPN" and (countryman or (other.kind in ("person", "human") and not other.entity_id)):
        name = person_name(head) or head.text
        sectors = ("CVL",) if countryman else other.sectors
        return Resolution(name, "", other.country, sectors, other.office, f"apposition: {other.resolved_by}", 0.7, "person")
    if head.pos_ == "PROPN" and other.kind == "group" and other.confidence >= LEAST:
        text = head.doc[phrase_start(head) : head.i + 1].text
        return Resolution(text, "", other.country, other.sectors, "", f"apposition: {other.resolved_by}", 0.6, "body")
    return other if other.confidence >= LEAST and apposed.pos_ == "PROPN" else found


def mention(head: Token) -> str:
    """Return the words that tell who a phrase stands for; of joined nationalities ("Syrian and Russian jets") only the last."""
    start = phrase_start(head)
    if head.i - start < 3:
        return head.doc[start : phrase_end(head)].text
    for child in head.lefts:
        if child.dep_ in ("amod", "compound", "nmod") and (others := [t for t in child.conjuncts if start < t.i < head.i]):
            start = max(start, others[-1].i)
    return head.doc[start : phrase_end(head)].text
