"""Slips of the parser that cannot be meant, put right before anything is read from the parse."""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Doc, Token


def mend(doc: Doc, is_person: Callable[[str], bool]) -> None:
    """Join given names that were taken for prepositions to the family name: "accused *Barack* Obama".

    is_person: whether words are the name of somebody known.
    """
    for token in doc:
        if token.is_title and token.dep_ == "prep" and token.i + 1 < len(doc):
            family = token.nbor(1)
            if family.head == token and family.dep_ == "pobj" and is_person(f"{token.text} {family.text}"):
                _join(token, family)


def _join(given: Token, family: Token) -> None:
    above = given.head
    taken = any(c.dep_ == "dobj" for c in above.children)
    family.head, family.dep_ = above, "dobj" if above.pos_ == "VERB" and not taken else "appos"
    for child in [c for c in given.children if c.i > family.i]:
        child.head = family
    given.head, given.dep_, given.pos_, given.tag_ = family, "compound", "PROPN", "NNP"
