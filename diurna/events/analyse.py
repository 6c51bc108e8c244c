"""From the triggers of a sentence to findings: composed codes with the tokens that act and are acted on."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from diurna.events.compose import Code, Composition
from diurna.events.frames import Lexicon, normal
from diurna.events.match import IsActor, Matcher, Predicate
from diurna.events.roles import Roles
from diurna.language.syntax import Syntax

_NEGATION = ("neg",)
_KEEPS_FACT = ("accuse", "praise")  # "condemned the bombing": the bombing is reported too (codebook, section 1)
_SPOKEN = ("REQUEST", "REJECT", "THREATEN")
_MAX_DEPTH = 5
_WH = ("WDT", "WP", "WP$", "WRB")  # tags of "who", "what", "why", "when"
_RECOGNITION = "054"  # not to recognise is to reject, not a recognition that did not happen


@dataclass(slots=True)
class Finding:
    """One event found in a sentence; tokens are heads of phrases.

    raw: what stands in the recipient slot when it is no political participant (a thing, a place), for span tasks.
    chain: the operators that were applied, outermost first, then the root of the innermost event.
    """

    code: Code
    predicate: Predicate
    actors: list[Token] = field(default_factory=list)
    recipients: list[Token] = field(default_factory=list)
    raw: list[Token] = field(default_factory=list)
    reciprocal: bool = False
    chain: tuple[str, ...] = ()
    inner: Predicate | None = None
    words: list[Token] = field(default_factory=list)


class Analyser:
    """Finds the events of the sentences of one Doc with the tables alone."""

    def __init__(self, doc: Doc, lexicon: Lexicon, composition: Composition, is_actor: IsActor) -> None:
        self.doc = doc
        self.lexicon = lexicon
        self.composition = composition
        self.is_actor = is_actor
        self.syntax = Syntax(doc, lexicon.classes["subject_control"])
        self.matcher = Matcher(doc, lexicon, self.syntax, is_actor)
        self.roles = Roles(self.syntax, lexicon, is_actor)

    def findings(self, sentence: Span) -> list[Finding]:
        """Return the events of a sentence in text order of their triggers."""
        predicates = self._predicates(sentence)
        consumed: set[int] = set()
        found: list[Finding] = []
        for token in sorted(predicates.values(), key=lambda p: (_depth(p.token), p.token.i)):
            if token.token.i not in consumed:
                found += self._evaluate(token, predicates, consumed, 0)
        found += self._duties(sentence, predicates, consumed)
        found += self._refusals(sentence, predicates)
        kept = [f for f in found if f.code.root and f.predicate.token.i not in consumed and not self._untold(f)]
        return sorted(kept, key=lambda f: f.predicate.token.i)

    def _untold(self, finding: Finding) -> bool:
        """Purposes, conditions, what is asked and speech acts that were not made are no events (codebook, sections 1 and 2)."""
        token = finding.predicate.token
        unsaid = finding.chain[:1] != ("not",) and any(c.dep_ in _NEGATION for c in token.children)
        return is_no_fact(token) or (unsaid and finding.code.root in _SPOKEN)

    def _predicates(self, sentence: Span) -> dict[int, Predicate]:
        found: dict[int, Predicate] = {}
        for token in sentence:
            if token.dep_ in ("aux", "auxpass") or (token.dep_ == "amod" and token.pos_ == "VERB"):
                continue
            predicate = self.matcher.match(token)
            if predicate is not None:
                found[token.i] = predicate
        inside = {w.i for p in found.values() for w in p.words if w.i != p.token.i}
        return {i: p for i, p in found.items() if i not in inside}

    def _evaluate(self, predicate: Predicate, predicates: dict[int, Predicate], consumed: set[int], depth: int) -> list[Finding]:
        self.roles.fill(predicate)
        operator = predicate.frame.operator
        own = Code(predicate.frame.root, predicate.frame.mode, predicate.frame.cameo)
        if operator == "refuse" and any(
            normal(c.lemma_) in self.lexicon.classes["bare_comment"] for c in self.syntax.complements(predicate.token)
        ):
            return []  # "declined to comment" refuses nobody anything (codebook, section 1)
        if asks_the_press(predicate.token, self.lexicon):
            return []
        found: list[Finding] = []
        if operator and depth < _MAX_DEPTH:
            for inner, clausal in self._complements(predicate, predicates):
                if inner.token.i in consumed:
                    continue
                for result in self._evaluate(inner, predicates, consumed, depth + 1):
                    if operator in _KEEPS_FACT and not clausal:
                        if result.actors or result.recipients:
                            self._blame(predicate, result)
                        else:
                            consumed.add(inner.token.i)
                        continue
                    consumed.add(inner.token.i)
                    found.append(self._compose(operator, own, predicate, result))
        if not found and own.root:
            found = [self._plain(predicate, own)]
        return [self._modal(f) for f in found]

    def _plain(self, predicate: Predicate, code: Code) -> Finding:
        return Finding(
            code,
            predicate,
            list(predicate.actors),
            list(predicate.recipients),
            list(predicate.raw),
            predicate.reciprocal,
            (code.root,),
            None,
            list(predicate.words),
        )

    def _compose(self, operator: str, own: Code, outer: Predicate, inner: Finding) -> Finding:
        code = self.composition.compose(operator, own, inner.code)
        actors, recipients = self.roles.composed(operator, outer, inner)
        return Finding(
            code,
            outer,
            actors,
            recipients,
            outer.raw or inner.raw,
            outer.reciprocal or (operator in ("try", "fail") and inner.reciprocal),
            (operator, *inner.chain),
            inner.predicate,
            [*outer.words, *inner.words],
        )

    def _blame(self, predicate: Predicate, fact: Finding) -> None:
        """ "condemned the bombing of Aden by the rebels": whoever did it is the one condemned."""
        if fact.actors and not any(t.i == fact.predicate.token.i for t in fact.actors):
            predicate.recipients = [t for t in fact.actors if t not in predicate.actors] or predicate.recipients

    def _complements(self, predicate: Predicate, predicates: dict[int, Predicate]) -> list[tuple[Predicate, bool]]:
        """Predicates that complete `predicate`, with whether they are clauses (True) or nouns (False)."""
        token = predicate.token
        heads = [predicate.token, *(w for w in predicate.words if w.i != token.i)]
        found: dict[int, tuple[Predicate, bool]] = {}
        for head in heads:
            for clause in self.syntax.complements(head):
                self._collect(clause, predicates, found, True, 0)
            nouns = self.syntax.objects(head) if head.pos_ in ("VERB", "AUX") else []
            nouns += self.syntax.prepositional(
                head, ("for", "of", "to", "on", "over", "from", "into", "against", "with", "at", "about")
            )
            for noun in nouns:
                self._collect(noun, predicates, found, False, 0)
                if noun.dep_ == "dobj":
                    for clause in self.syntax.complements(noun):
                        self._collect(clause, predicates, found, True, 0)
        found.pop(token.i, None)
        for word in predicate.words:
            found.pop(word.i, None)
        return [found[i] for i in sorted(found)]

    def _collect(
        self, token: Token, predicates: dict[int, Predicate], found: dict[int, tuple[Predicate, bool]], clausal: bool, depth: int
    ) -> None:
        if token.i in predicates:
            found[token.i] = (predicates[token.i], clausal)
        elif depth < 2:
            # "agreed to do everything to end ...", "called for the immediate start of talks": look one step through.
            if token.pos_ in ("VERB", "AUX"):
                below = [*self.syntax.complements(token), *self.syntax.objects(token)]
                below += self.syntax.prepositional(token, ("toward", "towards", "on", "for", "in"))
            else:
                below = [*self.syntax.prepositional(token, ("of", "for", "to", "on", "in"))]
            for child in below:
                if child.i > token.i:
                    self._collect(child, predicates, found, clausal and child.pos_ in ("VERB", "AUX"), depth + 1)

    def _modal(self, finding: Finding) -> Finding:
        """ "will send aid" is an agreement, "will not release" a rejection (codebook, section 2, rows agree and refuse)."""
        verb = finding.predicate.token
        if verb.pos_ == "NOUN" and verb.dep_ == "dobj":
            verb = verb.head  # "would make every effort to ...": the modal stands with the carrying verb
        if verb.pos_ not in ("VERB", "AUX"):
            return finding
        negated = any(c.dep_ in _NEGATION for c in verb.children)
        future = any(c.dep_ == "aux" and c.lower_ in self.lexicon.classes["future"] for c in verb.children)
        if any(c.dep_ == "aux" and c.lower_ == "would" for c in verb.children):
            future = future or (verb.dep_ == "ccomp" and normal(verb.head.lemma_) in self.lexicon.classes["speech"])
        operator = ""
        if future and finding.code.root not in ("AGREE", "THREATEN", "REQUEST", "REJECT", "ACCUSE"):
            operator = "refuse" if negated else "agree"
        elif negated and (future or finding.code.root in ("AGREE", "CONCEDE") or finding.code.cameo == _RECOGNITION):
            operator = "refuse"
        if not operator:
            return finding
        finding.code = self.composition.compose(operator, finding.code, finding.code)
        finding.chain = ("will" if operator == "agree" else "not", *finding.chain)
        return finding

    def _duties(self, sentence: Span, predicates: dict[int, Predicate], consumed: set[int]) -> list[Finding]:
        """ "Ankara said Athens must withdraw": a demand of the speaker on the subject of the duty."""
        found = []
        for verb in sentence:
            if (
                verb.dep_ != "ccomp"
                or verb.pos_ not in ("VERB", "AUX")
                or normal(verb.head.lemma_) not in self.lexicon.classes["speech"]
            ):
                continue
            if not any(c.dep_ == "aux" and c.lower_ in self.lexicon.classes["duty"] for c in verb.children):
                continue
            speakers = self.syntax.subjects(verb.head)
            addressed = self.syntax.subjects(verb) + self.syntax.objects(verb)
            subject = self.roles.political(addressed)
            if not speakers or not subject or {t.i for t in subject} & {t.i for t in speakers}:
                continue
            frame_predicate = predicates.get(verb.i)
            mode = self.composition.compose("request", Code("REQUEST"), self._code_of(frame_predicate))
            holder = frame_predicate or Predicate(verb, self.lexicon.duty, [verb])
            consumed.add(verb.i)
            marker = Predicate(verb.head, self.lexicon.duty, [verb.head, verb])
            found.append(
                Finding(
                    mode,
                    marker,
                    self.roles.political(speakers) or speakers,
                    subject[:1],
                    chain=("must",),
                    inner=holder,
                    words=marker.words,
                )
            )
        return found

    def _refusals(self, sentence: Span, predicates: dict[int, Predicate]) -> list[Finding]:
        """ "The strikers said they would not return": a refusal, whatever the act is that they refuse."""
        found = []
        for verb in sentence:
            if verb.dep_ != "ccomp" or verb.i in predicates or normal(verb.head.lemma_) not in self.lexicon.classes["speech"]:
                continue
            aux = {c.lower_ for c in verb.children if c.dep_ == "aux"}
            if not any(c.dep_ in _NEGATION for c in verb.children) or not aux & {"would", *self.lexicon.classes["future"]}:
                continue
            speakers, subject = self.syntax.subjects(verb.head), self.syntax.subjects(verb)
            if not speakers or not any(t.pos_ == "PRON" or t.text == speakers[0].text for t in subject):
                continue
            marker = Predicate(verb, self.lexicon.refusal, [verb])
            actors = self.roles.political(speakers) or speakers
            recipients = [t for t in self.roles.political(self.syntax.objects(verb)) if t not in actors]
            found.append(Finding(Code("REJECT", "", "120"), marker, actors, recipients, chain=("not",), words=[verb]))
        return found

    def _code_of(self, predicate: Predicate | None) -> Code:
        if predicate is None:
            return Code("REQUEST")
        return Code(predicate.frame.root, predicate.frame.mode, predicate.frame.cameo)


def asks_the_press(token: Token, lexicon: Lexicon) -> bool:
    """ "did not respond to a request for comment" is between a reporter and a source, and no event (codebook, section 1)."""
    inquiry, answer = (lexicon.classes[name] for name in ("press_inquiry", "press_answer"))
    if normal(token.lemma_) in answer:
        token = next((a for a in token.ancestors if normal(a.lemma_) in inquiry), token)
    after = token.doc[token.i + 1 : min(token.i + 7, token.sent.end)]
    return normal(token.lemma_) in inquiry and any(normal(t.lemma_) in answer for t in after)


def is_no_fact(token: Token) -> bool:
    """Tell whether what a word tells is only meant, supposed or asked about."""
    return is_purpose(token) or is_condition(token) or is_asked(token)


def is_condition(token: Token) -> bool:
    """ "if they *let* me go", "unless Washington *freed* three men": the content of a condition."""
    for climber in (token, *token.ancestors):
        if climber.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in climber.children):
            return True
        if climber.dep_ in ("ccomp", "relcl", "conj") and climber.i != token.i:
            return False
    return False


def is_asked(token: Token) -> bool:
    """ "*Has* Accra *recalled* its envoy?": whoever asks whether something happened does not say that it did.

    A question for the reason or the time ("why did they fire?") takes the act for granted.
    """
    after = next((t for t in token.doc[token.i : token.sent.end] if t.text in ".?!;"), None)
    if after is None or after.text != "?":
        return False
    for climber in (token, *token.ancestors):
        if _inverted(climber):
            return True
        if climber.dep_ in ("advcl", "relcl"):
            return False
    return False


def _inverted(verb: Token) -> bool:
    """ "*Has* Accra recalled", and no "why" or "when" before it."""
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None:
        return False
    fronted = [c for c in (verb, *verb.children) if c.pos_ == "AUX" and c.i < subject.left_edge.i]
    return bool(fronted) and not any(t.tag_ in _WH for t in verb.doc[verb.left_edge.i : fronted[0].i])


def is_purpose(verb: Token) -> bool:
    """ "sent envoys *to press* the junta": what somebody means to do is no event until it is told as done."""
    to = any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)
    return verb.tag_ == "VB" and to and verb.dep_ in ("advcl", "acl", "relcl")


def _depth(token: Token) -> int:
    depth = 0
    while token.head != token and depth < 60:
        token = token.head
        depth += 1
    return depth
