"""How present a phrase met before still is at a pronoun or description: traits, weighed by `data/coref_weights.tsv`.

The weights are fitted on annotated reports (`training/coref.py`). Who could be meant at all (number, gender, kind) is decided by
`coref.py` and `descriptions.py`; these traits only tell which of them is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from diurna.language.salience import OBJECTS, SUBJECTS, Candidate, coarguments, placed, subjects_above
from diurna.language.speakers import speaks
from diurna.tables import worth

_ATTRIBUTIVE = ("amod", "compound", "nmod")
_TABLE = "coref_weights.tsv"
_MORE = 4  # nearer ones are counted up to here
Group = tuple[str, ...]
_QUOTED = {(True, True): "both quoted", (True, False): "quoted, not the phrase", (False, True): "not quoted, but the phrase"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a candidate's place among the others is: sentences back, distinct ones named later, mentions so far.

    kind: what refers, "person", "plural" or "thing" for pronouns, else "description".
    speaker: whether it speaks the words that the phrase stands in, "quoted" or "reported"; empty when it does not.
    quoted: whether it and the phrase stand in quotations.
    """

    kind: str
    gap: int
    nearer: int
    mentions: int
    speaker: str = ""
    quoted: tuple[bool, bool] = (False, False)


def traits(found: Candidate, head: Token, place: Place) -> Iterator[Group]:
    """Yield what speaks for or against a candidate's being meant at `head`, in groups that belong together."""
    kind, role, own = place.kind, part(found.head), part(head)
    far = how_far(place.gap)
    yield _placed(kind, far, min(place.nearer, _MORE), how_often(place.mentions))
    yield _in_clause(kind, role, far, own)
    yield _worded(kind, found.phrase.kind, far, own)
    yield _of(kind, f"{'plural' if found.plural else 'single'}{' person' if found.person else ''}")
    yield _of(kind, *_circumstances(found, head, place, far))


def how_far(gap: int) -> str:
    """Say how many sentences lie between two phrases."""
    return str(gap) if gap < 4 else "4 to 6" if gap < 7 else "farther"


def how_often(mentions: int) -> str:
    """Say how often somebody was named so far."""
    return "once" if mentions < 2 else "twice" if mentions < 3 else "often" if mentions < 6 else "very often"


@cache
def _placed(kind: str, far: str, nearer: int, often: str) -> Group:
    return _of(kind, f"{far} back", f"{nearer} nearer", f"named {often}", f"{nearer} nearer, {far} back")


@cache
def _in_clause(kind: str, part: str, far: str, own: str) -> Group:
    return _of(kind, part, f"{part}, {far} back", f"{own} for {part}")


@cache
def _worded(kind: str, form: str, far: str, own: str) -> Group:
    return _of(kind, f"a {form}", f"a {form}, {far} back", f"{own} for a {form}")


def _circumstances(found: Candidate, head: Token, place: Place, far: str) -> Iterator[str]:
    if placed(found):
        yield "only a place"
    if coarguments(found.head, head):
        yield "argument of the same verb"
    if found.head in subjects_above(head):
        yield "subject of the clause above"
    if found.participant.confidence < 0.4:
        yield "hardly known"
    if not found.country:
        yield "of no known country"
    if found.adjective:
        yield "an adjective"
    if any(c.dep_ == "appos" and c.i > found.head.i for c in found.head.children):
        yield "introduced"
    if place.speaker:
        yield f"speaker, {place.speaker}"
    if any(place.quoted):
        yield f"{_QUOTED[place.quoted]}, {far} back"
    if speaks(head) and head.head.is_ancestor(found.head):
        yield "in the words that it speaks"
    if speaks(found.head):
        yield f"spoke, {far} back"
        if speaks(head):
            yield f"both speak, {far} back"
    if found.head.dep_ in SUBJECTS and found.head.head.dep_ == "ROOT":
        yield "subject of the main clause"
        yield f"subject of the main clause, {far} back"


@cache
def _of(kind: str, *names: str) -> Group:
    return tuple(f"{about}{name}" for name in names for about in ("", f"{kind}: "))


def part(word: Token) -> str:
    """Say which part a word plays in its clause; one of several joined plays that of the first."""
    if word.dep_ == "conj":
        return part(word.head)
    if word.dep_ in SUBJECTS:
        return "subject"
    if word.dep_ in OBJECTS:
        verbal = word.head.pos_ == "VERB" or word.head.head.pos_ == "VERB"
        return ("object" if word.dep_ != "pobj" else "under a preposition") if verbal else "in a phrase"
    if word.dep_ == "poss":
        return "owner"
    return "attribute" if word.dep_ in _ATTRIBUTIVE else "apposition" if word.dep_ == "appos" else "another part"


def weigh(found: Candidate, head: Token, place: Place) -> float:
    """Return the sum of the weights of a candidate's traits."""
    return round(sum(worth(_TABLE, group) for group in traits(found, head, place)), 6)
