"""Which words of a sentence may name an event's place, and how each stands to the event (codebook, section 6).

Only the parse is read here. `place.py` finds what the words name, and weighs the traits by the table `cues/place_weights.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span, Token

from diurna.context.cues import of_kind, rows
from diurna.context.sites import SPOKEN_ROOTS
from diurna.context.voices import is_speech
from diurna.language.notes import Draft

PLACE_ENTITIES = ("GPE", "LOC", "FAC")
_NEVER = ("PERSON", "DATE", "TIME", "MONEY", "CARDINAL", "ORDINAL", "PERCENT", "QUANTITY", "LANGUAGE", "EVENT", "WORK_OF_ART")
_CLASSES = {
    **dict.fromkeys(SPOKEN_ROOTS, "words"),
    "CONSULT": "meeting",
    **dict.fromkeys(("ASSAULT", "PROTEST", "COERCE"), "force"),
    **dict.fromkeys(("AID", "MOBILIZE", "RETREAT"), "movement"),
}
_MODIFIERS = ("compound", "nmod", "poss", "amod", "npadvmod")
_NOUNS = ("NOUN", "PROPN")
_VERBAL = ("VERB", "AUX")
_BORDERS = ("relcl", "acl", "advcl", "ccomp", "parataxis", "conj", "appos")
_MAX_CLIMB = 20


@dataclass(frozen=True, slots=True)
class Site:
    """A word that may name a place. anchor: the noun that stands for it in the clause ("the *city* of Kano")."""

    token: Token
    anchor: Token
    preposition: str
    governor: Token


def candidates(sentence: Span) -> Iterator[Site]:
    """Yield the words of a sentence that may name a place or refer back to one."""
    for token in sentence:
        if _may_name(token) or _may_refer(token):
            anchor = _anchor(token)
            if anchor.dep_ == "pobj" or anchor.head.dep_ == "prep":
                preposition = anchor.head
                yield Site(token, anchor, preposition.lower_, _over_prepositions(preposition))
            else:
                yield Site(token, anchor, "", anchor.head)


def traits(site: Site, draft: Draft, ruled: Sequence[tuple[int, str]], trigger: Token) -> Iterator[str]:
    """Yield how a word stands to an event: its preposition, what it hangs on, what lies between, and how far it is.

    ruled: tokens to which a rule of `sites.py` leads for this event, each with the rule.
    """
    yield from dict.fromkeys(f"rule {rule}" for index, rule in ruled if index in (site.token.i, site.anchor.i))
    kind = _CLASSES.get(draft.root, "other")
    preposition = site.preposition if site.preposition in of_kind("places", "told") else ("other" if site.preposition else "none")
    link = _link(site, draft)
    yield f"preposition {preposition}"
    yield f"{kind}, preposition {preposition}"
    yield f"hangs on {link}"
    yield f"{kind}, hangs on {link}"
    yield f"hangs on {link}, preposition {preposition}"
    if site.token != site.anchor:
        yield f"names {'a modifier' if site.token.dep_ in _MODIFIERS else 'the thing'}"
        yield (
            f"modifies {site.anchor.lower_}"
            if site.anchor.lower_ in of_kind("places", "site", "building")
            else "modifies another"
        )
    if site.preposition == "" and site.anchor.dep_ in ("nsubj", "nsubjpass", "dobj", "appos", "npadvmod", "ROOT"):
        yield f"{kind}, role {site.anchor.dep_}"
    for side, heads in (("actor", draft.actors), ("recipient", draft.recipients)):
        if site.token.i in heads or site.anchor.i in heads:
            yield f"is {side}"
            yield f"{kind}, is {side}"
    yield from _between(site, trigger)
    distance = abs(site.token.i - trigger.i)
    yield f"distance {'near' if distance < 4 else 'middling' if distance < 9 else 'far' if distance < 16 else 'very far'}"
    if site.anchor.left_edge.i <= site.token.sent.start + 1 or (site.preposition and site.anchor.head.i == site.token.sent.start):
        yield "opens the sentence"
    if draft.modality != "actual":
        yield f"event is {draft.modality}"


def _may_name(token: Token) -> bool:
    if token.ent_type_ == "PERSON" and token.dep_ == "pobj" and token.head.lower_ in of_kind("places", "within"):
        return True  # names of towns that the tagger takes for people's: "in Trincomalee"
    if token.ent_type_ in _NEVER or token.lower_ in _times() or token.pos_ not in _NOUNS or not token.text[:1].isupper():
        return False
    inside = token.head.ent_type_ == token.ent_type_ and token.dep_ == "compound" and token.head.pos_ == "PROPN"
    if inside and token.head.i > token.i and token.ent_type_ == token.head.ent_type_:
        return False  # the first half of a name
    return token.ent_type_ in PLACE_ENTITIES or token.pos_ == "PROPN"


@cache
def _times() -> frozenset[str]:
    return frozenset(row["cue"] for row in rows("time", "cue", "kind") if row["kind"] in ("weekday", "month"))


def _may_refer(token: Token) -> bool:
    """ "There", "here", "the city", "the Eritrean capital", "its airspace", "the airport", "the north"."""
    if token.lower_ in ("there", "here"):
        return token.dep_ == "advmod"
    return token.pos_ == "NOUN" and token.lower_ in of_kind("places", "site", "home", "inside", "compass") | {"capital"}


def _anchor(token: Token) -> Token:
    kinds = of_kind("places", "site", "building") | {"capital"}
    for _ in range(4):
        head = token.head
        of = token.dep_ == "pobj" and head.lower_ == "of" and head.head.lower_ in of_kind("places", "site", "part")
        if of:
            token = head.head
        elif (token.dep_ in _MODIFIERS and head.pos_ in _NOUNS and head.i > token.i) or (
            token.dep_ == "appos" and head.lower_ in kinds
        ):
            token = head
        else:
            return token
    return token


def _over_prepositions(preposition: Token) -> Token:
    token = preposition
    while token.dep_ in ("prep", "pcomp") and token.head.pos_ in ("ADP", "SCONJ") and token.head != token:
        token = token.head
    return token.head


def _link(site: Site, draft: Draft) -> str:
    """Return what a place hangs on: the trigger, a party, another word of the clause, or a clause over, under or beside it."""
    governor = site.governor
    if governor.i in draft.trigger or site.anchor.i in draft.trigger:
        return "trigger"
    for token in _path(governor):
        if token.i in draft.trigger:
            break
        if token.i in draft.actors:
            return "actor"
        if token.i in draft.recipients:
            return "recipient"
        if token.pos_ not in (*_NOUNS, "ADP"):
            break
    over = [t.i for i in draft.trigger for t in _path(site.token.doc[i])]
    if governor.i in over:
        return "speaking verb over it" if is_speech(governor) else "verb over it" if governor.pos_ in _VERBAL else "noun over it"
    if governor.head.i in draft.trigger:
        return "argument"
    if governor.head.i in over and governor.dep_ in ("nsubj", "nsubjpass"):
        return "subject over it"
    return "word under it" if any(t.i in draft.trigger for t in _path(governor)) else "word beside it"


def _between(site: Site, trigger: Token) -> Iterator[str]:
    """Yield the clause borders that lie between an event and a place, on either side of the word that joins them."""
    up = list(_path(trigger))
    down = list(_path(site.anchor))
    joint = next((t.i for t in down if t.i in {u.i for u in up}), -1)
    for side, path in (("above the event", up), ("above the place", down)):
        for token in path:
            if token.i == joint:
                break
            if token.dep_ in _BORDERS:
                told = token.dep_ in ("ccomp", "parataxis") and is_speech(token.head)
                yield f"{side}: {'report' if told else token.dep_}"


def _path(token: Token) -> Iterator[Token]:
    """Yield a token and what stands over it up to the root."""
    for _ in range(_MAX_CLIMB):
        yield token
        if token.head == token:
            return
        token = token.head
