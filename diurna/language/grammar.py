"""Small questions that coreference asks of the parse: is a phrase definite, counted, standing for nobody."""

from __future__ import annotations

from spacy.tokens import Token

from diurna.actors.words import words_of
from diurna.language.salience import Candidate

_DEFINITE, _WILLING = words_of("definite"), words_of("willing")
_NUMBERS = dict.fromkeys(words_of("two"), 2) | dict.fromkeys(words_of("three"), 3)


def is_human(found: Candidate) -> bool:
    """A singular noun for a person that no office marks: "a villager", "the gunman"."""
    return (
        found.head.pos_ == "NOUN"
        and found.head.ent_type_ not in ("GPE", "ORG")
        and found.participant.sectors[:1] in (("CVL",), ("UAF",), ("LAB",), ("EDU",), ("JRN",), ("REL",), ("AGR",), ("ELI",))
        and not found.adjective
    )


def is_definite(head: Token) -> bool:
    return any(child.lower_ in _DEFINITE for child in head.children)


def how_many(head: Token) -> int:
    """How many a set has: "the *two* leaders", "*both* sides"; 0 when it does not say."""
    words = [head, *(c for c in head.children if c.i < head.i)]
    return next((_NUMBERS[w.lower_] for w in words if w.lower_ in _NUMBERS), 0)


def is_pleonastic(head: Token) -> bool:
    """ "It is clear that", "it rained": stands for nobody."""
    verb = head.head
    if any(c.dep_ in ("acomp", "attr") and c.lower_ in _WILLING for c in verb.children):
        return False
    kinds = ("ccomp", "csubj") if verb.lemma_ in ("seem", "appear") else ("ccomp", "xcomp", "csubj", "advcl")
    clausal = any(c.dep_ in kinds for c in verb.children)
    return head.dep_ == "expl" or (
        head.dep_ == "nsubj"
        and verb.lemma_ in ("be", "seem", "appear", "remain")
        and (
            clausal
            or any(
                c.dep_ in ("acomp", "attr") and any(g.dep_ in ("ccomp", "xcomp", "relcl") for g in c.children)
                for c in verb.children
            )
        )
    )
