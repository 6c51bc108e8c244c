"""Finding triggers: which frame fits a word of a sentence, and which words fill its slots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from diurna.events.frames import Frame, Lexicon, normal
from diurna.language.syntax import Syntax, expand

_POS = {"VERB": "v", "AUX": "v", "NOUN": "n", "PROPN": "n", "ADJ": "a"}


@dataclass(slots=True)
class Predicate:
    """A trigger found in a sentence, its frame and the tokens in its slots (heads of phrases).

    raw: what stands in the recipient slot, political or not. first: the subjects of a reciprocal event, before its other parties.
    """

    token: Token
    frame: Frame
    words: list[Token]
    actors: list[Token] = field(default_factory=list)
    recipients: list[Token] = field(default_factory=list)
    objects: list[Token] = field(default_factory=list)
    raw: list[Token] = field(default_factory=list)
    first: list[Token] = field(default_factory=list)
    slot: str = ""
    reciprocal: bool = False
    filled: bool = False


IsActor = Callable[[Token], bool]


class Matcher:
    """Matches the frames of a lexicon against one Doc.

    Args:
        is_actor: tells whether a noun's phrase is a political participant; answers frames that ask for `@actor`.
    """

    def __init__(self, doc: Doc, lexicon: Lexicon, syntax: Syntax, is_actor: IsActor) -> None:
        self.doc = doc
        self.lexicon = lexicon
        self.syntax = syntax
        self.is_actor = is_actor

    def match(self, token: Token) -> Predicate | None:
        """Return the predicate that `token` heads, by the most demanding frame that fits, or None."""
        pos = _POS.get(token.pos_)
        if pos is None or token.is_space:
            return None
        for kind in ("n", "v") if pos == "n" and token.tag_ == "VBG" else (pos,):
            for frame in self.lexicon.frames(self.lexicon.lemma(token.lower_, token.lemma_), kind):
                words = self._fits(token, frame)
                if words is not None:
                    return Predicate(token, frame, words, objects=self._objects(token, frame))
        return None

    def _objects(self, token: Token, frame: Frame) -> list[Token]:
        if frame.pos == "v":
            return self.syntax.objects(token)
        return self.syntax.prepositional(token, ("of",))

    def _fits(self, token: Token, frame: Frame) -> list[Token] | None:
        words = self._spelled(token, frame)
        if words is None:
            return None
        if frame.objects:
            found = self._object_fits(token, frame)
            if found is None:
                return None
            words += found
        anchors = list(words)  # where prepositions may hang: the trigger words and what earlier conditions found
        for need in frame.needs:
            tokens = self._need(token, need, anchors)
            if tokens is None:
                return None
            anchors += tokens
            words += [t for t in tokens if not self.is_actor(t)]  # a participant fills a slot and is no trigger word
        return words

    def _spelled(self, token: Token, frame: Frame) -> list[Token] | None:
        """The words of a multi-word trigger: contiguous for nouns, particles and following words for verbs."""
        if len(frame.words) == 1:
            return [token]
        if frame.pos != "v":
            return self._contiguous(token, frame)
        words = [token]
        for word in frame.words[1:]:
            near = [
                c for c in token.children if c.lower_ == word and c.dep_ in ("prt", "prep", "advmod", "dobj", "acomp", "oprd")
            ]
            if not near:
                near = [t for t in self.doc[token.i + 1 : token.i + 4] if t.lower_ == word or normal(t.lemma_) == word][:1]
            if not near:
                return None
            words.append(near[0])
        return words

    def _contiguous(self, token: Token, frame: Frame) -> list[Token] | None:
        words = [token]
        for step, part in ((-1, reversed(frame.words[: frame.head])), (1, iter(frame.words[frame.head + 1 :]))):
            at = token.i + step
            for word in part:
                while 0 <= at < len(self.doc) and self.doc[at].text in "-–":
                    at += step
                if not 0 <= at < len(self.doc) or word not in (self.doc[at].lower_, normal(self.doc[at].lemma_)):
                    return None
                words.append(self.doc[at])
                at += step
        return words

    def _object_fits(self, token: Token, frame: Frame) -> list[Token] | None:
        objects = self._objects(token, frame)
        if frame.objects == ("-",):
            return [] if not objects else None
        if frame.objects == ("+",):
            return [] if objects else None
        for candidate in objects:
            for noun in self._through_partitive(candidate):
                for wanted in frame.objects:
                    if wanted == "@actor":
                        if self.is_actor(noun):
                            return []
                    elif wanted == "@event":
                        if self.lexicon.frames(normal(noun.lemma_), "n"):
                            return []
                    elif wanted.startswith("@"):
                        if any(self.lexicon.member(name, wanted[1:]) for name in spellings(noun)):
                            return []
                    elif wanted in spellings(noun):
                        return [noun]
        return None

    def _through_partitive(self, noun: Token) -> list[Token]:
        """ "hundreds of *prisoners*", "a series of *talks*": the noun itself and the one it measures."""
        found = [noun]
        if self.lexicon.member(normal(noun.lemma_), "partitive") or noun.pos_ == "NUM":
            found += self.syntax.prepositional(noun, ("of",))
        return found

    def _need(self, token: Token, need: str, words: list[Token]) -> list[Token] | None:
        if need.startswith("-"):
            return None if self._preposition(token, need[1:], words) else []
        if need == "inf":
            return [] if any(_infinitive(c) for c in self.syntax.complements(token)) else None
        if need == "xcomp":
            return [] if self.syntax.complements(token) else None
        if need.startswith("w:"):
            wanted = set(need[2:].split("|"))
            return next(([t] for t in self._clause(token) if t.lower_ in wanted or normal(t.lemma_) in wanted), None)
        name, _, nouns = need.partition(":")
        found = self._preposition(token, name, words)
        if not nouns:
            return [] if found or (name.endswith("+ing") and self._gerund(token, name[:-4])) else None
        wanted = set(nouns.split("|"))
        for noun in found:
            if self._noun_fits(noun, wanted):
                return [noun]
        return None

    def _gerund(self, token: Token, name: str) -> bool:
        """ "attacked the government *for accepting* the offer"."""
        hooks = [token, *self.syntax.objects(token)]
        preps = (p for hook in hooks for p in hook.children if p.dep_ == "prep" and p.lower_ == name)
        return any(c.dep_ == "pcomp" for p in preps for c in p.children)

    def _noun_fits(self, noun: Token, wanted: set[str]) -> bool:
        names = spellings(noun)
        if names & wanted or ("@actor" in wanted and self.is_actor(noun)):
            return True
        return any(self.lexicon.member(name, w[1:]) for w in wanted if w.startswith("@") for name in names)

    def _preposition(self, token: Token, name: str, words: list[Token]) -> list[Token]:
        names = name.split("/")
        found = self.syntax.prepositional(token, names)
        for other in words[1:]:
            found += self.syntax.prepositional(other, names)
        if not found and token.pos_ in ("VERB", "AUX"):
            for noun in self.syntax.objects(token):
                found += self.syntax.prepositional(noun, names)
            if not found and self.syntax.objects(token):
                found = [t for t in self.syntax.loosely_prepositional(token, names) if self.is_actor(t)]
        if not found and token.pos_ == "NOUN" and token.dep_ == "dobj":
            found += self.syntax.prepositional(token.head, names)  # "sent a summons to X": the phrase hangs on the verb
        return found

    def _clause(self, token: Token) -> list[Token]:
        """The words near a verb that belong to its own clause."""
        return [t for t in token.subtree if t.i != token.i and abs(t.i - token.i) < 12]


def spellings(noun: Token) -> set[str]:
    """The forms under which tables may list a noun: lemma, form, and the whole of a hyphened word ("cease-fire")."""
    lemma = normal(noun.lemma_)
    names = {lemma, noun.lower_}
    if noun.i >= 2 and noun.nbor(-1).text == "-":
        names.add(f"{noun.nbor(-2).lower_}-{lemma}")
    return names


def _infinitive(verb: Token) -> bool:
    to = any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
    quoted = any(c.text in '“"‘”' for c in verb.children) and verb.dep_ == "ccomp"
    return verb.tag_ == "VB" and to and not quoted


def agents_of_noun(noun: Token, syntax: Syntax, is_actor: IsActor, carriers: frozenset[str]) -> list[Token]:
    """Return who does what an event noun names: possessor, "by X", a nationality before it, or the subject of a carrying verb.

    Args:
        carriers: lemmas of verbs that only carry the noun ("launch", "carry out", "hold"); their subject is the noun's agent.
    """
    owners = expand(c for c in noun.children if c.dep_ == "poss")
    if owners:
        return owners
    by = syntax.prepositional(noun, ("by",))
    if by:
        return by
    modifiers = [c for c in noun.children if c.dep_ in ("amod", "compound", "nmod") and is_actor(c)]
    if modifiers:
        return expand(modifiers)
    verb = noun.head
    if noun.dep_ in ("dobj", "nsubjpass", "pobj", "conj", "attr"):
        while noun.dep_ == "conj" and verb.pos_ == "NOUN":
            noun, verb = verb, verb.head
        if noun.dep_ == "pobj":
            verb = verb.head
        if verb.pos_ in ("VERB", "AUX") and normal(verb.lemma_) in carriers:
            return syntax.subjects(verb)
    return []


def owner_of(noun: Token, syntax: Syntax, is_actor: IsActor) -> list[Token]:
    """Return the political participant a thing belongs to: "the *US* proposal", "*Tehran*'s decision", "a motion by *X*".

    Whoever is a participant himself does not belong to where he is: "a school *in Nigeria*".
    """
    beside = ("of", "from", "against", "on") if is_actor(noun) else ("of", "from", "in", "against", "on")
    candidates = [
        [c for c in noun.children if c.dep_ == "poss"],
        syntax.prepositional(noun, ("by",)),
        [c for c in noun.children if c.dep_ in ("amod", "compound", "nmod")],
        syntax.prepositional(noun, beside),
    ]
    for group in candidates:
        found = [t for t in expand(group) if is_actor(t)]
        if found:
            return found
    for group in candidates:  # "Trump's administration's ...", "the decision of the head of the agency"
        for token in group:
            if token.pos_ in ("NOUN", "PROPN") and token.dep_ in ("pobj", "poss"):
                deeper = [t for t in expand(c for c in token.children if c.dep_ in ("poss", "amod", "compound")) if is_actor(t)]
                if deeper:
                    return deeper
    return []
