"""Which words of a sentence may name an event's place, nearest in syntax first (codebook, section 6).

Only the parse is read here; whether such a word is a place, and which one, is decided in `place.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.context.voices import is_speech
from diurna.language.notes import Draft

SPEECH_ROOTS = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "CONSULT"})
SPOKEN_ROOTS = SPEECH_ROOTS - {"CONSULT"}  # people meet at a place; what they say is told without one
_FORCE = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
_DELIVERED = frozenset({"AID", "MOBILIZE", "RETREAT"})
_VERBAL = ("VERB", "AUX")
_SUBORDINATE = ("advcl", "relcl", "acl", "ccomp", "parataxis")
_ARGUMENTS = ("dobj", "nsubjpass", "prep", "pobj", "agent", "nsubj", "attr")
_MODIFIERS = ("compound", "nmod", "poss")


def rules(doc: Doc, draft: Draft) -> Iterator[tuple[Token, str]]:
    """Yield tokens that may name the place of an event, each with the rule that leads to it."""
    words = [doc[i] for i in draft.trigger]
    for word in words:
        yield from ((t, "syntax") for t in _beside(word, draft))
    yield from ((t, "there") for w in words for t in _there(w))
    if draft.root == "CONSULT" or draft.thread_kind == "visit":
        yield from ((t, "destination") for w in words for t in _destinations(w))
    if draft.root in _FORCE:
        yield from ((t, "attacked place") for w in words for t in _targets(w))
    yield from ((t, "direction") for w in words for t in _ways(w, draft))
    if draft.root in _FORCE:
        yield from ((t, "where its target was") for w in words for t in _victims(w))
    yield from ((t, "site of the thing") for w in words for t in _owners(w))
    yield from ((t, "place that saw it") for t in _witnesses(words[0]))
    yield from ((t, "main clause") for t in _governing(doc, words[0], draft))
    if draft.root not in SPOKEN_ROOTS:
        yield from ((t, "same clause") for t in _around(words[0], draft))
    yield from ((t, "clause of time") for w in words for t in _meanwhile(w))
    if draft.root not in SPOKEN_ROOTS:
        yield from ((t, "same sentence") for t in _nearby(doc, words[0], draft))


def objects(token: Token, prepositions: Collection[str]) -> list[Token]:
    """Return the nouns under the given prepositions of a token, also under doubled ones ("out of Darfur")."""
    found: list[Token] = []
    for child in token.children:
        if child.dep_ not in ("prep", "agent", "advmod"):
            continue
        if child.lower_ in prepositions:
            for inner in child.children:
                if inner.dep_ == "pobj":
                    found += [inner, *(c for c in inner.children if c.dep_ == "conj" and c.pos_ == "PROPN")]
        else:
            found += [
                p for c in child.children if c.dep_ == "prep" and c.lower_ in prepositions for p in c.children if p.dep_ == "pobj"
            ]
    return found


def _beside(word: Token, draft: Draft) -> Iterator[Token]:
    at = of_kind("places", "at")
    yield from objects(word, at)
    for child in word.children:
        if child.dep_ in _ARGUMENTS and child.pos_ != "PRON":
            inner = child if child.pos_ in ("NOUN", "PROPN") else next((c for c in child.children if c.dep_ == "pobj"), None)
            if inner is None:
                continue
            # "Officials in Washington" are at home there; "a crowd outside the court" is where the event is.
            home = inner.i in draft.actors and not _set_off(inner)
            yield from objects(inner, at - {"in"} if home else at)


def _set_off(subject: Token) -> bool:
    """ "The minister, in Paris, said": a phrase between commas tells where the subject acts, not where it belongs."""
    return any(c.dep_ == "prep" and c.i > 0 and c.nbor(-1).text == "," for c in subject.children)


def _destinations(word: Token) -> Iterator[Token]:
    yield from (c for c in word.children if c.dep_ == "dobj")
    yield from objects(word, ("to", "into", "on"))
    for child in word.children:
        if child.dep_ in ("xcomp", "dobj", "ccomp", "acl"):
            yield from (c for c in child.children if c.dep_ == "dobj")
            yield from objects(child, ("to", "in", "into"))
            for inner in child.children:
                if inner.dep_ in ("acl", "relcl", "xcomp"):
                    yield from (c for c in inner.children if c.dep_ == "dobj")
                    yield from objects(inner, ("to", "in"))


def _targets(word: Token) -> list[Token]:
    """Return what force hits: "shelled *Kharkiv*", "the bombing of *Aden*"; a country there is a party, a town a place."""
    if word.pos_ == "NOUN":
        return objects(word, ("of", "on", "against"))
    struck = [c for c in word.children if c.dep_ in ("dobj", "nsubjpass")]
    return struck + objects(word, of_kind("places", "on"))


def _victims(word: Token) -> Iterator[Token]:
    """ "Downed a drone that entered *its airspace*", "rounded up Eritreans living in *Ethiopia*"."""
    for thing in (c for c in word.children if c.dep_ in ("dobj", "nsubjpass")):
        for clause in (c for c in thing.children if c.dep_ in ("relcl", "acl")):
            yield from objects(clause, of_kind("places", "at"))
            yield from (c for c in clause.children if c.dep_ == "dobj" and c.lower_ in of_kind("places", "home"))


def _ways(word: Token, draft: Draft) -> Iterator[Token]:
    """Aid and troops arrive at a place; who withdraws or is driven out was there."""
    from_, toward = of_kind("places", "from"), of_kind("places", "toward")
    if draft.root == "RETREAT" or draft.mode == "withdraw":
        yield from objects(word, from_)
        yield from (c for c in word.children if c.dep_ == "dobj" and c.ent_type_ in ("GPE", "LOC", "FAC"))
    elif draft.root == "ASSAULT":
        yield from objects(word, ("from",))
    elif draft.root in SPEECH_ROOTS:  # "From his village of Guava he denounced the truce"
        yield from (t for t in objects(word, ("from",)) if t.i < word.i)
    if draft.root in _DELIVERED:
        yield from objects(word, toward)
        yield from (t for c in word.children if c.dep_ == "dobj" for t in objects(c, ("to", "into", "from")))


def _owners(word: Token) -> Iterator[Token]:
    """ "The *Omagh* bomb", "outside a *Melbourne* police station": a town that qualifies the act or the thing it hit."""
    things = [word, *(c for c in word.children if c.dep_ in ("dobj", "nsubjpass", "attr"))]
    things += objects(word, of_kind("places", "at", "on"))
    for thing in things:
        yield from (c for c in thing.children if c.dep_ in _MODIFIERS and c.ent_type_ in ("GPE", "LOC", "FAC"))


def _there(word: Token) -> Iterator[Token]:
    """ "Troops *there* trained the police": the place named last."""
    holders = [word, *(c for c in word.children if c.dep_ in ("nsubj", "nsubjpass", "dobj", "attr"))]
    holders += [word.head] if word.dep_ in ("acl", "dobj", "attr", "xcomp") else []
    yield from (c for h in holders for c in h.children if c.lower_ == "there" and c.dep_ == "advmod")


def _witnesses(trigger: Token) -> Iterator[Token]:
    """ "*Damascus* experienced missile attacks", "*Idlib* has seen bloodshed as jets bombed the rebels"."""
    token = trigger
    for _ in range(4):
        token = token.head
        if token.pos_ in _VERBAL and token.lemma_.lower() in of_kind("places", "saw"):
            yield from (c for c in token.children if c.dep_ == "nsubj" and c.pos_ == "PROPN")
            return


def _governing(doc: Doc, trigger: Token, draft: Draft) -> Iterator[Token]:
    """Yield the places of clauses that share the trigger's scene: light verbs, main verbs of participles, "where"."""
    token, at = trigger, of_kind("places", "at")
    for _ in range(6):
        head = token.head
        if head == token:
            return
        if token.dep_ == "relcl":
            told = is_speech(token) and token.i not in draft.trigger  # "Rome, where the papers mentioned the raid"
            if not told and any(t.lower_ == "where" for t in doc[token.left_edge.i : token.i]):
                yield head
                yield from objects(head, at)
            return
        if token.dep_ in ("ccomp", "parataxis") and is_speech(head) and draft.root not in SPEECH_ROOTS:
            return
        if head.pos_ in (*_VERBAL, "ADJ") or token.dep_ in ("conj", "pobj", "prep"):
            yield from objects(head, at)
            for subject in (c for c in head.children if c.dep_ == "nsubj" and _set_off(c)):
                yield from objects(subject, at)
        token = head


def _around(trigger: Token, draft: Draft) -> Iterator[Token]:
    """Yield what stands under a preposition of place in the trigger's own clause, wherever the parse hung it; nearest first."""
    clause, at = _clause(trigger), of_kind("places", "at")
    found = [
        inner
        for token in clause.subtree
        if token.dep_ == "prep" and token.lower_ in at and _clause(token) == clause and token.head.i not in draft.actors
        for inner in token.children
        if inner.dep_ == "pobj" and (inner.ent_type_ in ("GPE", "LOC", "FAC") or inner.pos_ == "PROPN")
    ]
    yield from sorted(found, key=lambda t: abs(t.i - trigger.i))


def _nearby(doc: Doc, trigger: Token, draft: Draft) -> Iterator[Token]:
    """Yield the places of the clauses over and under the trigger's, nearest first; not where an actor or speaker sits.

    "Scores were killed when forces carried out strikes against a militia *in eastern Syria*".
    """
    at, over = of_kind("places", "at"), {t.i for t in _path(trigger)}
    found = []
    for token in trigger.sent:
        if token.dep_ != "prep" or token.lower_ not in at or token.head.i in draft.actors or _reports(token.head):
            continue
        path = list(_path(token))
        meeting = next((k for k, t in enumerate(path) if t.i in over), 0)
        if path[meeting].i != trigger.i and any(t.dep_ in _SUBORDINATE for t in path[:meeting]):
            continue
        if not any(t.dep_ in ("relcl", "acl") for t in path[:meeting]):
            found += [c for c in token.children if c.dep_ == "pobj" and _may_be_place(c)]
    yield from sorted(found, key=lambda t: abs(t.i - trigger.i))


def _path(token: Token) -> Iterator[Token]:
    """Yield a token and what stands over it up to the root."""
    for _ in range(20):
        yield token
        if token.head == token:
            return
        token = token.head


def _may_be_place(token: Token) -> bool:
    return token.ent_type_ in ("GPE", "LOC", "FAC") or (token.pos_ == "PROPN" and not token.ent_type_)


def _reports(token: Token) -> bool:
    """Tell whether a word speaks or is who speaks: "officials in Washington said" tells where the officials are."""
    return is_speech(token) or (token.dep_ == "nsubj" and is_speech(token.head))


def _meanwhile(word: Token) -> Iterator[Token]:
    """ "Arrested as she changed planes in *Vancouver*": a clause of the same moment tells the place too."""
    for child in word.children:
        marks = {c.lower_ for c in child.children if c.dep_ in ("mark", "advmod")}
        if child.dep_ == "advcl" and marks & {"as", "when", "while"}:
            yield from objects(child, of_kind("places", "at"))
            yield from (t for c in child.children if c.dep_ == "dobj" for t in objects(c, of_kind("places", "at")))


def _clause(token: Token) -> Token:
    """Return the verb whose clause a token stands in; a verb coordinated or completed shares its governor's."""
    for _ in range(12):
        if token.head == token or (token.pos_ in _VERBAL and token.dep_ in ("relcl", "ccomp", "advcl", "parataxis", "acl")):
            return token
        if token.pos_ in _VERBAL and token.dep_ == "conj":
            return token
        token = token.head
    return token
