"""Who fills which slot of a verb or noun: subjects, objects and prepositional phrases over a spaCy dependency parse.

Slots are logical, not surface: passives are turned round, relative pronouns give their antecedent, participles and
infinitives inherit the subject that controls them, coordination is expanded. Nothing here knows about politics.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc, Token

_SUBJECT = ("nsubj", "nsubjpass", "csubj", "expl")
_CLAUSE = ("VERB", "AUX")
_MAX_CLIMB = 12
_LOOSE_REACH = 18  # tokens


class Syntax:
    """Slot look-ups over one Doc, cached by token.

    Args:
        doc: a parsed Doc.
        subject_control: lemmas whose infinitive keeps the matrix subject although an object stands between ("promise").
    """

    def __init__(self, doc: Doc, subject_control: frozenset[str] = frozenset()) -> None:
        self.doc = doc
        self.subject_control = subject_control
        self._surface: dict[int, list[Token]] = {}

    def subjects(self, verb: Token) -> list[Token]:
        """Return the logical subjects (agents) of a verb, coordination expanded; empty for an agentless passive."""
        if is_passive(verb):
            return self.agents(verb)
        return self._surface_subjects(verb)

    def objects(self, verb: Token) -> list[Token]:
        """Return the logical direct objects of a verb; for a passive its surface subject."""
        if is_passive(verb):
            direct = [c for c in verb.children if c.dep_ in ("dobj", "oprd") and verb.dep_ != "acl"]
            # "was given aid", "was denied entry": the retained object is the object, the surface subject the dative.
            if direct and direct[0].dep_ == "dobj":
                return expand(direct)
            return self._surface_subjects(verb)
        direct = [c for c in verb.children if c.dep_ == "dobj"]
        direct = [t for d in direct for t in self._antecedents(d)]
        if not direct and verb.dep_ == "conj" and verb.head.pos_ in _CLAUSE and not _own_complement(verb):
            direct = self._shared_object(verb)
        if not direct and verb.dep_ == "relcl" and _gapped(verb):
            direct = [verb.head]
        return expand(direct)

    def datives(self, verb: Token) -> list[Token]:
        """Return indirect objects: "gave *Mali* grain"; for "was denied entry" the surface subject."""
        found = [c for c in verb.children if c.dep_ == "dative" and c.pos_ != "ADP"]
        if is_passive(verb) and any(c.dep_ == "dobj" for c in verb.children):
            found += self._surface_subjects(verb)
        return expand(found)

    def agents(self, verb: Token) -> list[Token]:
        """Return the agents of a passive ("by X")."""
        found: list[Token] = []
        for child in verb.children:
            if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
                found += [p for p in child.children if p.dep_ == "pobj"]
        if not found and verb.dep_ == "conj" and verb.head.pos_ in _CLAUSE and is_passive(verb.head):
            return self.agents(verb.head)
        return expand(found)

    def prepositional(self, head: Token, names: Iterable[str]) -> list[Token]:
        """Return the objects of the prepositions `names` under `head`, in text order, coordination expanded."""
        wanted = set(names)
        found: list[Token] = []
        for child in head.children:
            if child.dep_ in ("prep", "dative", "agent", "prt", "advmod") and child.pos_ in (
                "ADP",
                "SCONJ",
                "ADV",
                "VERB",
                "PART",
            ):
                found += self._prep_objects(child, wanted)
        return expand(found)

    def loosely_prepositional(self, verb: Token, names: Iterable[str]) -> list[Token]:
        """Return objects of `names` anywhere behind a verb: small parsers hang "to Peru" on a noun inside its object."""
        wanted = set(names)
        found = []
        for token in verb.subtree:
            if verb.i < token.i <= verb.i + _LOOSE_REACH and token.dep_ == "prep" and token.lower_ in wanted:
                found += [p for p in token.children if p.dep_ == "pobj"]
        return expand(found)

    def complements(self, head: Token) -> list[Token]:
        """Return the clauses and gerunds that complete `head`: "agreed to *meet*", "accused of *killing*", "said it *fired*"."""
        found = [c for c in head.children if c.dep_ in ("xcomp", "ccomp", "acl") and (c.dep_ != "acl" or c.tag_ in ("VB", "TO"))]
        for child in head.children:
            if child.dep_ == "prep":
                found += [p for p in child.children if p.dep_ == "pcomp"]
            elif child.dep_ in ("advcl",) and child.tag_ == "VB":
                found.append(child)
            elif child.dep_ in ("acomp", "oprd") and child.pos_ == "ADJ":
                found += [c for c in child.children if c.dep_ in ("xcomp", "ccomp")]
        return [t for f in found for t in _clauses(f)]

    def _surface_subjects(self, verb: Token) -> list[Token]:
        if verb.i not in self._surface:
            self._surface[verb.i] = []  # guards against cycles in odd parses
            self._surface[verb.i] = expand(self._find_surface(verb, 0))
        return self._surface[verb.i]

    def _find_surface(self, verb: Token, depth: int) -> list[Token]:
        own = [c for c in verb.children if c.dep_ in _SUBJECT and c.dep_ != "expl"]
        if own:
            return [*_listed_before(own[0]), *(t for o in own for t in self._antecedents(o))]
        if depth > _MAX_CLIMB or verb.head == verb:
            return []
        head = verb.head
        if verb.dep_ == "conj":
            return self._find_surface(head, depth + 1) if head.pos_ in _CLAUSE else []
        if verb.dep_ in ("xcomp", "ccomp", "oprd", "advcl", "dep") and head.pos_ in (*_CLAUSE, "ADJ", "NOUN"):
            return self._controller(verb, head, depth)
        if verb.dep_ in ("acl", "relcl"):
            return self._of_noun(verb, head, depth)
        if verb.dep_ == "pcomp" and head.dep_ == "prep":
            return self._controller(verb, head.head, depth)
        return []

    def _controller(self, verb: Token, head: Token, depth: int) -> list[Token]:
        if head.pos_ == "ADJ":
            return self._find_surface(head.head if head.dep_ in ("acomp", "oprd", "amod") else head, depth + 1)
        if head.pos_ == "NOUN":
            return self._of_noun(verb, head, depth)
        participial = verb.dep_ == "advcl" and verb.tag_ in ("VBG", "VBN")
        if participial and head.dep_ in ("xcomp", "acl", "pcomp") and _after_comma(verb):
            while head.dep_ in ("xcomp", "acl", "pcomp", "prep", "dobj", "pobj") and head.head != head:
                head = head.head  # "X invited Y to visit Z, promising ...": the promise is X's
            return self._find_surface(head, depth + 1)
        if participial and is_passive(head) and verb.tag_ == "VBG":
            return self.agents(head)
        controls = verb.dep_ in ("xcomp", "ccomp", "pcomp", "oprd") and head.lemma_ not in self.subject_control
        if controls and not is_passive(head) and verb.tag_ in ("VB", "VBG"):
            objects = [c for c in head.children if c.dep_ in ("dobj", "dative") and c.i < verb.i and c.pos_ != "ADP"]
            if objects:
                return objects[:1]
        if verb.dep_ == "ccomp" and verb.tag_ not in ("VB", "VBG", "VBN"):
            return []
        return self._find_surface(head, depth + 1)

    def _of_noun(self, verb: Token, noun: Token, depth: int) -> list[Token]:
        if verb.dep_ == "relcl":
            pronoun = [c for c in verb.children if c.dep_ in _SUBJECT]
            return [noun] if not pronoun else []
        if verb.tag_ in ("VBG", "VBN"):
            return [noun]
        owners = [c for c in noun.children if c.dep_ == "poss"]
        if owners:
            return owners
        if noun.dep_ in ("dobj", "pobj", "attr", "oprd"):
            governor = noun.head.head if noun.dep_ == "pobj" else noun.head
            if governor.pos_ in _CLAUSE:
                return self._find_surface(governor, depth + 1)
        return []

    def _antecedents(self, token: Token) -> list[Token]:
        """A relative pronoun stands for the noun that its clause modifies."""
        if token.tag_ not in ("WDT", "WP", "WP$") and not (token.lower_ == "that" and token.tag_ in ("WDT", "IN")):
            return [token]
        climber = token
        for _ in range(_MAX_CLIMB):
            climber = climber.head
            if climber.dep_ == "relcl":
                return [climber.head]
            if climber.head == climber:
                break
        return [token]

    def _shared_object(self, verb: Token) -> list[Token]:
        """ "condemned and rejected the *plan*": the parser hangs the object under one of the verbs."""
        for other in verb.head.children:
            if other.dep_ == "dobj" and other.i > verb.i:
                return [other]
        return []

    def _prep_objects(self, prep: Token, wanted: set[str]) -> list[Token]:
        found = []
        if prep.lower_ in wanted:
            found += [t for p in prep.children if p.dep_ == "pobj" for t in self._antecedents(p)]
        for child in prep.children:
            if child.dep_ in ("prep", "pcomp") and child.pos_ == "ADP" and (child.lower_ in wanted or prep.lower_ in wanted):
                names = wanted if child.lower_ in wanted else {child.lower_}
                found += self._prep_objects(child, names)
        for other in prep.conjuncts:
            if other.i > prep.i and other.dep_ == "conj" and other.lower_ in wanted:
                found += [p for p in other.children if p.dep_ == "pobj"]
        return found


def is_passive(verb: Token) -> bool:
    """Tell whether a verb form is passive: with an auxiliary, a passive subject, or as a bare past participle."""
    kinds = {c.dep_ for c in verb.children}
    if "nsubjpass" in kinds or "auxpass" in kinds:
        return True
    if verb.tag_ not in ("VBN", "VBD") or "nsubj" in kinds:
        return False
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "amod"):
        return True
    if verb.tag_ == "VBN" and verb.dep_ == "advcl" and "aux" not in kinds:
        return True
    if verb.dep_ == "conj" and verb.head.pos_ in _CLAUSE and "aux" not in kinds and verb.tag_ == "VBN":
        return is_passive(verb.head) and "dobj" not in kinds
    return False


def expand(tokens: Iterable[Token]) -> list[Token]:
    """Return the tokens with their coordinated fellows, in order and once each."""
    found: dict[int, Token] = {}
    stack = list(tokens)
    while stack:
        token = stack.pop(0)
        if token.i in found:
            continue
        found[token.i] = token
        stack += [
            c for c in token.children if c.dep_ == "conj" and c.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "VERB", "X")
        ]
    return [found[i] for i in sorted(found)]


def _listed_before(subject: Token) -> list[Token]:
    """ "*Peru*, Ecuador pledge to ...": headlines join subjects by a comma; the parser leaves the first ones hanging."""
    found: list[Token] = []
    start = subject.left_edge.i
    while start - 2 >= subject.sent.start and subject.doc[start - 1].text == ",":
        name = subject.doc[start - 2]
        if name.pos_ != "PROPN" or name.ent_type_ in ("DATE", "TIME") or name.dep_ not in ("dep", "npadvmod", "nsubj"):
            break
        if name.head != subject.head or subject.pos_ != "PROPN":
            break
        found.insert(0, name)
        start = name.left_edge.i
    return found if start == subject.sent.start else []


def _clauses(token: Token) -> list[Token]:
    """A clause and the clauses coordinated with it."""
    found = [token]
    for child in token.children:
        if child.dep_ == "conj" and child.pos_ in _CLAUSE and not any(c.dep_ in _SUBJECT for c in child.children):
            found += _clauses(child)
    return found


def _own_complement(verb: Token) -> bool:
    return any(c.dep_ in ("dobj", "prep", "ccomp", "xcomp", "agent", "prt") for c in verb.children)


def _after_comma(verb: Token) -> bool:
    start = verb.left_edge.i
    return start > 0 and verb.doc[start - 1].text == ","


def _gapped(verb: Token) -> bool:
    """ "the rebels (that) Kigali backs": a relative clause with its own subject and no object lends its noun as object."""
    subjects = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
    relative = {"WDT", "WP"}
    return bool(subjects) and not any(c.tag_ in relative for c in subjects) and not is_passive(verb)
