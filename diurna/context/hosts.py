"""What a date hangs on in the parse: the word that it dates, and the clauses that share its moment (codebook, section 6)."""

from __future__ import annotations

from spacy.tokens import Token

from diurna.context.cues import of_kind
from diurna.context.time import Expression, values

_VERBAL = ("VERB", "AUX")
_THROUGH = (
    "pobj",
    "pcomp",
    "prep",
    "npadvmod",
    "nmod",
    "nummod",
    "compound",
    "amod",
    "poss",
    "advmod",
    "appos",
    "dep",
    "det",
    "conj",
    "punct",
)


def meanwhile(host: Token, trigger: Token) -> bool:
    """ "Abstained when the Council demanded a withdrawal on 3 April": a clause of the same moment dates the event."""
    for _ in range(5):
        if host.dep_ == "advcl":
            return host.head == trigger and any(c.lower_ in ("when", "as", "while") for c in host.children)
        if host.dep_ not in ("dobj", "prep", "pobj", "nsubj", "xcomp"):
            return False
        host = host.head
    return False


def in_relative(host: Token) -> bool:
    """ "The prosecutor, whom Washington placed under sanctions in 2021": the tale stays where it was."""
    for _ in range(4):
        if host.dep_ == "relcl":
            return True
        if host.head == host or host.dep_ not in ("conj", "xcomp", "prep", "pobj", "dobj"):
            return False
        host = host.head
    return False


def host_of(root: Token, start: int, end: int) -> Token:
    """Return the verb or noun that a date modifies."""
    token = root
    for _ in range(8):
        head = token.head
        if head == token:
            return token
        if not start <= head.i < end and (
            head.pos_ in _VERBAL
            or (
                head.pos_ in ("NOUN", "PROPN", "ADJ")
                and token.dep_ in ("prep", "npadvmod", "poss", "amod", "nmod", "compound", "advmod", "acl")
            )
        ):
            return head
        if token.dep_ not in _THROUGH and not start <= head.i < end:
            return head
        token = head
    return token


def attributive(root: Token, host: Token, expression: Expression, start: int, end: int) -> bool:
    """ "the 2015 nuclear deal", "a 2012 law": a year that names a thing dates nothing."""
    bare = root if start <= root.i < end else host
    if (
        expression.kind in ("year", "month", "season")
        and bare.dep_ in ("nummod", "compound", "amod")
        and not start <= bare.head.i < end
    ):
        return bare.head.pos_ in ("NOUN", "PROPN") and bare.head.lower_ not in values("year-noun") and bare.head.i > bare.i
    return False


def speaks_of_future(host: Token) -> bool:
    """Tell whether the clause of a date speaks of what is to come."""
    token = host
    for _ in range(5):
        for child in token.children:
            if child.dep_ == "aux" and (
                child.lower_ in of_kind("modality", "future-aux") or child.lower_ in ("would", "could", "may", "might")
            ):
                return True
            if child.dep_ == "aux" and child.tag_ == "TO" and token.dep_ in ("xcomp", "acl", "advcl", "ccomp"):
                return token.head.lemma_ not in ("begin", "start", "continue", "fail", "try", "manage", "force", "have")
            if child.dep_ in ("amod", "compound") and child.lower_ in of_kind("modality", "future-modifier"):
                return True
        if any(c.dep_ == "acomp" and c.lower_ in of_kind("modality", "future-governor") for c in token.children):
            return True  # "are due in Tirana on 6 December"
        if token.lemma_.lower() in of_kind("modality", "future-governor") and token.pos_ in (*_VERBAL, "ADJ"):
            return True
        if token.head == token or (token.pos_ in _VERBAL and token.dep_ not in ("xcomp", "pcomp", "conj")):
            return False
        token = token.head
    return False


def under(
    token: Token,
    ancestor: Token,
    through: tuple[str, ...] = ("xcomp", "pcomp", "prep", "dobj", "acl", "oprd", "pobj", "ccomp", "advcl"),
) -> bool:
    """Tell whether a word hangs on another by the given relations alone."""
    for _ in range(6):
        if token.dep_ not in through or token.head == token or (token.dep_ == "conj" and token.pos_ in _VERBAL):
            return False
        token = token.head
        if token.i == ancestor.i:
            return True
    return False


def anchors(host: Token) -> set[int]:
    """Return the dated verb and the verbs it completes: "hired a company to retake the mine *last year*" dates the hiring too."""
    found = {host.i}
    while host.dep_ in ("xcomp", "pcomp") and host.head != host and len(found) < 4:
        host = host.head
        found.add(host.i)
    return found


def participle(trigger: Token) -> bool:
    """ "On Thursday Putin met Kim, *promising* aid": a participle shares the main clause's date, "after attacking" does not."""
    parts = [c for c in trigger.children if c.dep_ in ("mark", "nsubj", "nsubjpass") and c.lower_ not in values("while")]
    return trigger.tag_ in ("VBG", "VBN", "VB") and not parts
