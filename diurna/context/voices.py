"""Who a noun or pronoun stands for when it speaks, and which verbs speak (codebook, section 5)."""

from __future__ import annotations

from functools import cache
from unicodedata import combining, normalize

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.language.notes import Notes, NounPhrase
from diurna.language.syntax import Syntax
from diurna.tables import load

_MAX_CLIMB = 15
_VERBAL = ("VERB", "AUX")
_NOBODY = ("DATE", "TIME", "MONEY", "QUANTITY", "PERCENT", "ORDINAL")  # labels of what cannot speak
_STOPS = (";", ".", "?", "!", "–", "—")


def phrase_of(notes: Notes, token: Token | None) -> NounPhrase | None:
    """Return the noun phrase headed by a token, following what it refers back to."""
    index = -1 if token is None else notes.phrase_at.get(token.i, -1)
    for _ in range(_MAX_CLIMB):
        if index < 0:
            return None
        phrase = notes.phrases[index]
        if phrase.participant is not None or phrase.antecedent < 0 or phrase.antecedent == index:
            return phrase
        index = phrase.antecedent
    return None


def name_of(doc: Doc, notes: Notes, token: Token) -> str:
    """Return the canonical name of who a token stands for, else the words of its noun phrase without articles."""
    named = [c for c in token.children if c.dep_ == "appos" and c.ent_type_ == "PERSON"]
    if named and token.ent_type_ != "PERSON":
        return name_of(doc, notes, named[0])
    phrase, first = phrase_of(notes, token), _first(doc, notes, token)
    if called := _called(doc, token) or _called(doc, first):
        return called
    own = _one_of(doc, notes, token) or plain_words(doc, token)
    if phrase is None or phrase.participant is None:
        return own
    name = phrase.participant.name or phrase.participant.text
    if _speaks_for_itself(doc, token, name) and not _shared(own, name):
        return own
    if is_pronoun(token) and is_somebody(first) and not _shared(first.text, name):
        return name if _is_person(doc, phrase) else plain_words(doc, first)
    if is_somebody(token) and not _is_person(doc, phrase) and not _shared(own, name):
        return own
    return name


def _speaks_for_itself(doc: Doc, token: Token, name: str) -> bool:
    """ "Josep Borrell, the EU's foreign policy chief" and the Kremlin act for others, and speak under their own names."""
    seat = doc[token.left_edge.i : token.i + 1].text.removeprefix("the ").removeprefix("The ")
    if seat in _seats():
        return True
    apposed = token.pos_ == "PROPN" and any(c.dep_ == "appos" for c in token.children)
    return (token.ent_type_ == "PERSON" or apposed) and name not in _countries()


def _is_person(doc: Doc, phrase: NounPhrase) -> bool:
    """Tell whether a phrase was read as somebody with a name, and not as a country, a body or a noun."""
    found = phrase.participant
    name, by = (found.name or found.text, found.resolved_by) if found is not None else ("", "")
    body = doc[phrase.head].ent_type_ == "ORG" or any(table in by for table in _tables_of_bodies())
    return name[:1].isupper() and name not in _countries() and not body


def is_somebody(token: Token) -> bool:
    """A noun for people, one or several: "an aide", "workers", "the American"."""
    if token.pos_ not in ("NOUN", "ADJ", "PROPN") or token.ent_type_ in ("GPE", "ORG", "PERSON"):
        return False
    return token.lemma_.lower() in _people() or token.text in _demonyms()


@cache
def _tables_of_bodies() -> tuple[str, ...]:
    return tuple(r["table"] for r in load("actors/entity_tables.tsv", ("table", "kind")) if r["kind"] == "body")


@cache
def _people() -> frozenset[str]:
    rows = load("actors/agents.tsv", ("phrase", "kind"))
    last = {kind: {r["phrase"].split()[-1] for r in rows if r["kind"] == kind} for kind in ("person", "group", "thing")}
    return frozenset(last["person"] - last["group"] - last["thing"])


@cache
def _seats() -> frozenset[str]:
    """Houses that stand for a country without being its capital: "Kremlin", "White House"."""
    rows = load("actors/countries.tsv", ("capital", "seats"))
    seats = {seat.partition("=")[0] for r in rows for seat in r.items("seats") if r["capital"] not in seat}
    return frozenset(seats - {r["capital"] for r in rows})


@cache
def _countries() -> frozenset[str]:
    return frozenset(row["name"] for row in load("actors/countries.tsv", ("name",)))


@cache
def _demonyms() -> frozenset[str]:
    return frozenset(word for row in load("actors/countries.tsv", ("demonyms",)) for word in row.items("demonyms"))


def plain_words(doc: Doc, token: Token) -> str:
    """Return the words of the noun phrase around a token: a person's name alone, otherwise its left modifiers and itself."""
    if token.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") and token.pos_ == "PROPN":
        entity = next((e for e in doc[token.left_edge.i : token.i + 1].ents if e.end == token.i + 1), None)
        if entity is not None:
            return _without_article(entity.text)
    start = token.left_edge.i
    while start < token.i and doc[start].dep_ in ("det", "punct", "cc", "case"):
        start += 1
    end = token.i + 1
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ == "of":
            end = child.right_edge.i + 1
    return _without_article(doc[start:end].text)


def _first(doc: Doc, notes: Notes, token: Token) -> Token:
    """Return the head of the first phrase that a token refers back to, or itself."""
    index = notes.phrase_at.get(token.i, -1)
    for _ in range(_MAX_CLIMB):
        if index < 0 or not 0 <= notes.phrases[index].antecedent < index:
            break
        index = notes.phrases[index].antecedent
    return doc[notes.phrases[index].head] if index >= 0 else token


def _called(doc: Doc, token: Token) -> str:
    """ "The rebel leader *known as Jojoy*": the name that somebody goes by."""
    for child in token.children:
        if child.dep_ == "acl" and child.lemma_.lower() in of_kind("speech", "known"):
            names = [*child.children, *(p for c in child.children if c.lower_ == "as" for p in c.children)]
            return next((plain_words(doc, n) for n in names if n.pos_ == "PROPN"), "")
    return ""


def _one_of(doc: Doc, notes: Notes, token: Token) -> str:
    """ "Two surgeons spoke. … one of *them* said": a surgeon."""
    if token.lower_ not in of_kind("speech", "one"):
        return ""
    many = next((p for c in token.children if c.lower_ == "of" for p in c.children if p.dep_ == "pobj"), token)
    index = notes.phrase_at.get(many.i, -1)
    if not is_pronoun(many) or index < 0 or notes.phrases[index].antecedent < 0:
        return ""
    head = doc[notes.phrases[notes.phrases[index].antecedent].head]
    kinds = [t.text for t in doc[head.left_edge.i : head.i] if t.head == head and t.dep_ in ("amod", "compound")]
    return " ".join([*kinds, head.lemma_]) if head.pos_ == "NOUN" else ""


def _shared(one: str, other: str) -> bool:
    """Tell whether two names share a word, accents and letter case aside; initials share nothing."""
    a, b = ({w for w in _plain(n).replace("-", " ").split() if len(w) > 2} for n in (one, other))
    return bool(a & b) or not a


def _plain(name: str) -> str:
    return "".join(c for c in normalize("NFKD", name.lower()) if not combining(c))


def is_pronoun(token: Token) -> bool:
    """Tell whether a token is a personal pronoun."""
    return token.tag_ == "PRP"


def is_speech(verb: Token, *also: str) -> bool:
    """Tell whether a verb says something; `also` adds kinds of the speech table beyond "say" and "tell"."""
    return verb.pos_ in _VERBAL and verb.lemma_.lower() in of_kind("speech", "say", "tell", *also)


def speaker_of(syntax: Syntax, verb: Token) -> Token | None:
    """Return the one who speaks: the subject, also of "was quoted as saying" and of "quoted him as saying"."""
    if verb.dep_ == "pcomp" and verb.head.lower_ == "as" and verb.head.head.pos_ in _VERBAL:
        reporter = verb.head.head
        objects = syntax.objects(reporter)
        return objects[0] if objects else None
    subjects = [s for s in syntax.subjects(verb) if s.lower_ not in of_kind("speech", "relative")]
    if not subjects and verb.dep_ == "conj" and verb.head.pos_ in _VERBAL:
        subjects = syntax.subjects(verb.head)
    subjects = [s for s in subjects if s.ent_type_ not in _NOBODY]
    if not subjects:
        return _right_before(verb)
    before = verb.nbor(-1) if verb.i > verb.sent.start else verb
    # "The spokesman Raveesh Kumar said the agenda stood exposed": a name right before the verb speaks, whatever the parse says.
    if subjects[0].i > verb.i and before.ent_type_ == "PERSON":
        return before
    return owner_of(syntax, subjects[0])


def _right_before(verb: Token) -> Token | None:
    """ "…, the defence minister, *Jan Kos*, has said": who stands right before a verb to which the parse gives no subject."""
    i = verb.i - 1
    while i >= verb.sent.start and verb.doc[i].pos_ in ("AUX", "ADV", "PUNCT") and verb.doc[i].text not in _STOPS:
        i -= 1
    if i < verb.sent.start or verb.tag_ not in ("VBD", "VBZ", "VBP", "VBN"):
        return None
    last = verb.doc[i]
    chain = [last, *(t for t in last.ancestors if t.i < last.i and t.dep_ not in ("ROOT", "conj") and t.i > verb.sent.start)]
    for token in chain:
        if token.ent_type_ in ("PERSON", "ORG") and token.pos_ == "PROPN":
            return token
        if token.pos_ == "NOUN" and token.dep_ in ("appos", "nsubj", "npadvmod", "dep") and token.ent_type_ not in _NOBODY:
            named = token.head if token.dep_ == "appos" and token.head.ent_type_ == "PERSON" else token
            return named if named.ent_type_ == "PERSON" or is_somebody(token) else None
    return None


def owner_of(syntax: Syntax, subject: Token) -> Token:
    """A statement speaks for whoever makes it: "his statement said", "read out a *statement* saying"."""
    if subject.lemma_.lower() not in of_kind("speech", "noun"):
        return subject
    owners = [c for c in subject.children if c.dep_ == "poss"]
    if owners:
        return owners[0]
    authors = syntax.prepositional(subject, ("by", "from"))
    if authors:
        return authors[0]
    governor = subject.head.head if subject.dep_ == "pobj" else subject.head
    if subject.dep_ in ("dobj", "pobj") and governor.pos_ in _VERBAL:
        return next(iter(syntax.subjects(governor)), subject)
    return subject


def addressee_of(syntax: Syntax, verb: Token) -> Token | None:
    """Return who was spoken to: "told *the council*", "said to *reporters*"."""
    if verb.lemma_ in of_kind("speech", "tell") or verb.lemma_ in ("ask", "urge", "warn"):
        found = [t for t in (*syntax.datives(verb), *syntax.objects(verb)) if t.pos_ in ("NOUN", "PROPN", "PRON")]
        found = [t for t in found if t.lower_ not in of_kind("speech", "relative")]
        if found:
            return found[0]
    found = [t for t in syntax.prepositional(verb, ("to",)) if t.pos_ in ("PROPN", "PRON") or t.ent_type_ or t.tag_ == "NNS"]
    return found[0] if found else None


def _without_article(words: str) -> str:
    first, _, rest = words.partition(" ")
    return rest if rest and first.lower() in ("the", "a", "an") else words
