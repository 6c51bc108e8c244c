"""Who acts and who is acted on: the slots of a predicate, and how a composed event inherits them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from spacy.tokens import Token

from diurna.events.frames import Lexicon, normal
from diurna.events.match import IsActor, Predicate, agents_of_noun, owner_of
from diurna.language.syntax import Syntax

if TYPE_CHECKING:
    from diurna.events.analyse import Finding


_NOBODY = ("DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL")  # spaCy entity labels that are never a party


class Roles:
    """Fills actors and recipients of predicates over one Doc."""

    def __init__(self, syntax: Syntax, lexicon: Lexicon, is_actor: IsActor) -> None:
        self.syntax = syntax
        self.lexicon = lexicon
        self.is_actor = is_actor

    def political(self, tokens: Iterable[Token]) -> list[Token]:
        """Return the tokens that stand for political participants; a thing gives way to whom it belongs to."""
        found: dict[int, Token] = {}
        for token in tokens:
            for candidate in self._through(token):
                found.setdefault(candidate.i, candidate)
        return [found[i] for i in sorted(found)]

    def fill(self, predicate: Predicate) -> None:
        """Set actors, recipients and raw of a predicate from its frame's slots."""
        if predicate.filled:
            return
        predicate.filled = True
        actors = self._actor_slot(predicate)
        predicate.actors = self.political(actors) or [t for t in actors if _nameable(t)]
        if _each_other(predicate):
            predicate.reciprocal = True
            return
        if predicate.frame.recipient[:1] == ("recip",):
            self._reciprocal(predicate)
            return
        for slot in predicate.frame.recipient_slots:
            if slot == "in" and self._acted_on(predicate):
                continue
            fixed = () if slot == "obj" else predicate.words
            tokens = [t for t in self._slot(predicate, slot) if t != predicate.token and t not in fixed]
            tokens = [t for t in tokens if t.ent_type_ not in _NOBODY]
            if not tokens:
                continue
            predicate.raw = predicate.raw or tokens
            chosen = [t for t in self.political(tokens) if t not in predicate.actors]
            if chosen:
                predicate.recipients = chosen
                predicate.slot = slot
                return
        predicate.recipients = [
            t for t in predicate.raw if _nameable(t) and t.ent_type_ not in ("DATE", "TIME", "MONEY", "CARDINAL")
        ]

    def composed(self, operator: str, outer: Predicate, inner: Finding) -> tuple[list[Token], list[Token]]:
        """Return actors and recipients of an outer predicate that took `inner` as its complement."""
        actors = outer.actors
        if operator in ("try", "fail"):
            return (inner.actors or actors), (inner.recipients or outer.recipients)
        own = [t for t in outer.recipients if t not in actors]
        if operator == "request":
            addressed = own or [t for t in inner.actors if t not in actors] or inner.recipients
            return actors, [t for t in addressed if t not in actors]
        inherited = [t for t in inner.recipients if t not in actors]
        others = [t for t in inner.actors if t not in actors and inner.reciprocal]
        if outer.reciprocal and own:
            return actors + own, []
        if not actors and inner.chain and inner.code.root == "CONSULT":
            actors, own = inherited, own or inner.actors  # "was invited to visit Russia": the host invites
        if not actors and operator in ("end", "cancel"):
            actors = inner.actors
        return actors, own or others or inherited or [t for t in inner.actors if t not in actors]

    def _actor_slot(self, predicate: Predicate) -> list[Token]:
        token, slot = predicate.token, predicate.frame.actor
        if slot == "none":
            return []
        if slot == "obj":
            return predicate.objects
        if slot == "subj":
            return self._subject(predicate)
        return self._prepositions(predicate, slot.split("/")) if token is not None else []

    def _subject(self, predicate: Predicate) -> list[Token]:
        token = predicate.token
        if token.pos_ in ("VERB", "AUX"):
            return self.syntax.subjects(token)
        if token.pos_ == "ADJ":
            verb = token.head
            return self.syntax.subjects(verb) if verb.pos_ in ("VERB", "AUX") else [verb]
        return agents_of_noun(token, self.syntax, self.is_actor, self.lexicon.classes["carrier"]) or self._visitors(token)

    def _visitors(self, noun: Token) -> list[Token]:
        """Who came for what a noun names: "*the envoy* flew to Muscat for talks"."""
        if noun.dep_ != "pobj" or noun.head.lower_ != "for":
            return []
        verb = next((t for t in noun.head.ancestors if t.pos_ == "VERB"), None)
        came = verb is not None and normal(verb.lemma_) in self.lexicon.classes["arrival"]
        return self.syntax.subjects(verb) if verb is not None and came else []

    def _reciprocal(self, predicate: Predicate) -> None:
        """All parties are actors (codebook, section 3): subjects, "with", "between", and the object of "met"."""
        others = self._prepositions(predicate, ("with", "between", "among", "against"))
        if predicate.token.pos_ in ("VERB", "AUX") and not predicate.frame.fixed_object:
            met = [t for t in self.syntax.objects(predicate.token) if not self.lexicon.frames(normal(t.lemma_), "n")]
            others = met + others
        found = self.political(others) or [t for t in others if _nameable(t)]
        parties = {t.i: t for t in (*predicate.actors, *found)}
        predicate.first = list(predicate.actors)
        predicate.raw = others
        if found and self._came(predicate):
            predicate.recipients = [t for t in found if t not in predicate.actors]
            return
        predicate.actors = [parties[i] for i in sorted(parties)]
        predicate.reciprocal = True

    def _came(self, predicate: Predicate) -> bool:
        """ "flew to Conakry and met the colonel": a visitor is actor, the host recipient (codebook, section 3)."""
        verbs = [t for t in predicate.token.sent if t.pos_ == "VERB" and normal(t.lemma_) in self.lexicon.classes["arrival"]]
        mine = {t.i for t in predicate.actors}
        return any(mine & {t.i for t in self.syntax.subjects(verb)} for verb in verbs)

    def _slot(self, predicate: Predicate, slot: str) -> list[Token]:
        token = predicate.token
        verbal = token.pos_ in ("VERB", "AUX")
        if slot == "none":
            return []
        if slot == "subj":
            return self.syntax.subjects(token) if verbal else []
        if slot == "obj":
            return predicate.objects
        if slot == "iobj":
            return self.syntax.datives(token) if verbal else []
        if slot == "comp":
            return [t for c in self.syntax.complements(token) for t in self.syntax.subjects(c)]
        if slot == "owner":
            things = [*predicate.objects, *(w for w in predicate.words if w.pos_ == "NOUN")]
            return [t for thing in things for t in owner_of(thing, self.syntax, self.is_actor)]
        return self._prepositions(predicate, (slot,))

    def _prepositions(self, predicate: Predicate, names: Iterable[str]) -> list[Token]:
        names = tuple(names)
        heads = [predicate.token, *predicate.words, *predicate.objects]
        if predicate.token.pos_ == "NOUN" and predicate.token.dep_ == "dobj":
            heads.append(predicate.token.head)
        found: dict[int, Token] = {}
        for head in heads:
            for token in self.syntax.prepositional(head, names):
                found.setdefault(token.i, token)
        if not found and predicate.token.pos_ == "VERB" and predicate.objects:
            loose = self.syntax.loosely_prepositional(predicate.token, names)
            found = {t.i: t for t in loose if self.is_actor(t)}
        return [found[i] for i in sorted(found)]

    def _acted_on(self, predicate: Predicate) -> bool:
        """ "attacked *a school* in Nigeria": the object is a participant itself, and the place only says where."""
        return "obj" in predicate.frame.recipient_slots and any(self.is_actor(t) for t in predicate.objects)

    def _through(self, token: Token) -> list[Token]:
        if self.is_actor(token):
            return [token]
        if self.lexicon.member(normal(token.lemma_), "partitive") or token.pos_ == "NUM":
            inside = [t for t in self.syntax.prepositional(token, ("of",)) if self.is_actor(t)]
            if inside:
                return inside
        if token.pos_ not in ("NOUN", "PROPN"):
            return []
        if self.lexicon.frames(normal(token.lemma_), "n"):
            agents = agents_of_noun(token, self.syntax, self.is_actor, frozenset())
            agents = [t for t in agents if self.is_actor(t)]
            if agents:
                return agents
        return owner_of(token, self.syntax, self.is_actor)


def _each_other(predicate: Predicate) -> bool:
    """ "visited each other", "accused one another": all parties are actors (codebook, section 3)."""
    after = predicate.token.doc[predicate.token.i + 1 : predicate.token.i + 6]
    pairs = {(a.lower_, b.lower_) for a, b in pairwise(after)}
    subjects = [c for c in predicate.token.children if c.dep_ == "nsubj"]
    each = any(w.lower_ == "each" for s in subjects for w in (s, *s.lefts))
    return bool(pairs & {("each", "other"), ("one", "another")}) or (each and bool(pairs & {("the", "other")}))


def _nameable(token: Token) -> bool:
    """A proper name or pronoun may be a participant although the tables do not know it."""
    return token.pos_ == "PROPN" or (
        token.pos_ == "PRON" and token.lower_ not in ("it", "that", "this", "which", "what", "there")
    )
