"""Where a noun phrase begins and ends in a parse: from its left modifiers to its head and the modifiers that belong to it."""

from __future__ import annotations

from spacy.tokens import Token

from diurna.actors.words import words_of

LEFT = frozenset(
    ("det", "amod", "compound", "poss", "nummod", "nmod", "quantmod", "predet", "case", "advmod", "punct", "neg", "npadvmod")
)
RELATIVE = frozenset(("WDT", "WP", "WP$"))
_COMPLETING, _STANDALONE = words_of("completing"), words_of("standalone")
_DEEPEST = 3
_DASHES = ("-", "–", "—", "--")


def is_head(token: Token) -> bool:
    """Tell whether a token can head a noun phrase: nouns, names, pronouns, "both", "some"."""
    if token.is_space or token.is_punct or token.tag_ == "POS" or token.lower_ in ("'s", "’s"):
        return False
    if token.pos_ in ("NOUN", "PROPN"):
        return True
    if token.pos_ == "PRON" or token.tag_ in ("PRP", "PRP$", *RELATIVE):
        return token.tag_ != "EX"
    if token.lower_ == "that" and token.dep_ in ("nsubj", "nsubjpass", "dobj") and token.head.dep_ == "relcl":
        return True
    if token.pos_ in ("ADJ", "NUM", "DET", "VERB", "X") and token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "conj", "agent"):
        return token.lower_ in _STANDALONE or (token.pos_ == "ADJ" and token.text[:1].isupper())
    return False


def is_pronoun(token: Token) -> bool:
    """Tell whether a head is a pronoun (or "both", "some" standing alone)."""
    if is_abbreviation(token):
        return False
    if token.pos_ == "PRON" or token.tag_ in ("PRP", "PRP$", *RELATIVE) or (token.lower_ == "that" and token.pos_ != "NOUN"):
        return True
    return token.lower_ in _STANDALONE and token.pos_ != "NOUN"


def is_abbreviation(token: Token) -> bool:
    """Tell whether a pronoun is printed in capitals among small letters: "the *WHO*", and not "MAN WHO FLED HELD"."""
    if len(token) < 2 or not token.text.isupper():
        return False
    beside = [token.doc[i] for i in (token.i - 1, token.i + 1) if 0 <= i < len(token.doc)]
    return not any(len(t) > 1 and t.text.isupper() for t in beside)


def phrase_start(head: Token) -> int:
    """Return the index of the first token of the phrase: the left edge of its unbroken run of left modifiers."""
    start = head.i
    for child in reversed(list(head.lefts)):
        if child.dep_ not in LEFT or child.right_edge.i != start - 1:
            if child.dep_ in ("cc", "preconj", "intj", "mark"):
                break
            if child.right_edge.i != start - 1:
                break
        if child.dep_ in ("relcl", "acl", "advcl", "nsubj", "cc", "conj", "mark"):
            break
        if child.is_punct and child.text not in ("-", "–", "‘", "“", '"', "'", "’"):
            break
        start = child.left_edge.i
    doc = head.doc
    for index in range(head.i - 1, start - 1, -1):
        text = doc[index].text
        if "\n" in text or (text in _DASHES and index and doc[index - 1].whitespace_):
            start = index + 1
            break
    while start < head.i and (
        head.doc[start].is_space or (head.doc[start].is_punct and head.doc[start].text not in ("“", '"', "‘"))
    ):
        start += 1
    return start


def phrase_end(head: Token, deep: int = 0) -> int:
    """Return the index after the phrase: head, "of X", "in X", "loyal to X"; no relative clause or apposition."""
    end = head.i + 1
    if ends_hyphened(head):
        end += 2
    if deep >= _DEEPEST:
        return end
    for child in head.rights:
        if child.left_edge.i > end:
            break
        if child.dep_ == "prep" and child.lower_ in _COMPLETING:
            objects = [c for c in child.children if c.dep_ == "pobj"]
            if not objects:
                break
            end = max(end, phrase_end(objects[0], deep + 1))
        elif child.lower_ == "loyal" and child.pos_ == "ADJ":
            objects = [c for prep in child.children if prep.lower_ == "to" for c in prep.children if c.dep_ == "pobj"]
            end = phrase_end(objects[0], deep + 1) if objects else end
            break
        elif child.dep_ == "nummod" and child.i == end:
            end = child.i + 1
        elif child.dep_ == "case":
            continue
        else:
            break
    return end


def ends_hyphened(head: Token) -> bool:
    """ "Moon *Jae*-in": the parse takes the end of the name for a preposition."""
    doc, i = head.doc, head.i
    inside = i + 2 < len(doc) and doc[i + 1].text == "-" and not head.whitespace_ and not doc[i + 1].whitespace_
    return inside and head.pos_ == "PROPN" and doc[i + 2].tag_ in ("IN", "RP") and doc[i + 2].is_lower


def appositives(head: Token) -> list[Token]:
    """Return the heads in apposition to a noun: "the rebel leader, *John Garang*"."""
    return [child for child in head.rights if child.dep_ == "appos" and child.pos_ in ("NOUN", "PROPN")]


def relative_noun(token: Token) -> Token | None:
    """Return the noun that a relative pronoun stands for, None when it is no relative pronoun."""
    if is_abbreviation(token) or (token.tag_ not in RELATIVE and token.lower_ != "that"):
        return None
    climber = token
    while climber.head != climber:
        climber = climber.head
        if climber.dep_ == "relcl":
            return climber.head
    return None
