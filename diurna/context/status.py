"""Polarity, modality and period of an event, each with the word that decided it (codebook, section 4).

The cues hang on the clause of the trigger or on what governs it: auxiliaries, "failed to", "is expected to", "if". What
composition has already used (draft.chain) decides nothing again: "promised to send aid" is an actual promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.context.voices import is_speech
from diurna.language.notes import Draft
from diurna.records import Reason, When

RECENT_DAYS = 14
HEARD = 0.7  # the learned model decides where no cue stands and it is that sure
_VERBAL = ("VERB", "AUX")
_CONSUMED = frozenset({"will", "not", "must", "agree", "offer", "refuse", "threaten", "request"})
_MAX_CLIMB = 8


class Status:
    """Reads the status cues of one Doc."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc

    def modality(self, draft: Draft) -> None:
        """Set `modality` of a draft and its reason."""
        cue = self._modal_cue(draft)
        if cue is not None:
            kind, token = cue
            draft.modality = kind
            draft.reasons.append(_reason("modality", kind, token))
            return
        for kind in ("future", "hypothetical"):
            if draft.heard.get(kind, 0) > HEARD and not draft.chain[1:]:
                draft.modality = kind
                draft.reasons.append(Reason("modality", f"learned model {draft.heard[kind]:.2f}"))

    def polarity(self, draft: Draft) -> None:
        """Set `polarity` of a draft; two negations cancel out ("did not fail to")."""
        cues = self._negations(draft)
        if len(cues) % 2 or ("fail" in draft.chain and not cues):
            draft.polarity = "negated"
            token = cues[0] if cues else self.doc[draft.trigger[0]]
            draft.reasons.append(_reason("polarity", "negation", token))

    def period(self, draft: Draft, published: date | None) -> None:
        """Set `period` and `ongoing` from the date and background words; needs `draft.when`.

        The pluperfect alone decides nothing: news tell the day's earlier steps in it as often as background.
        """
        trigger = self.doc[draft.trigger[0]]
        old = is_old(draft.when, published)
        verb = verb_over(trigger)
        tense = tense_of(verb)
        word = self._period_word(trigger, verb) or self._lasting(verb, tense)
        if old is not None:
            draft.period = "historical" if old else "current"
            draft.reasons.append(Reason("period", "date", draft.when.words))
        elif word is not None:
            draft.period = "current" if word[0] in ("current", "ongoing") else "historical"
            draft.reasons.append(_reason("period", word[0], word[1]))
        elif draft.heard.get("historical", 0) > HEARD:
            draft.period = "historical"
            draft.reasons.append(Reason("period", f"learned model {draft.heard['historical']:.2f}"))
        since = draft.when.words.lower().startswith("since")
        lasting = tense in ("perfect", "present", "progressive") and draft.period == "historical"
        standing = word is not None and word[0] in ("ongoing", "standing") and tense != "past"
        draft.ongoing = draft.polarity == "affirmed" and (standing or (since and lasting) or tense == "progressive")

    def _period_word(self, trigger: Token, verb: Token) -> tuple[str, Token] | None:
        for token in {trigger.i: trigger, verb.i: verb}.values():
            for child in token.children:
                if child.dep_ not in ("advmod", "npadvmod") or (child.lower_ == "earlier" and list(child.children)):
                    continue
                for kind in ("historical", "current", "ongoing", "standing"):
                    if child.lower_ in of_kind("period", kind):
                        return kind, child
        return None

    def _lasting(self, verb: Token, tense: str) -> tuple[str, Token] | None:
        """ "Has since jailed him", "has kept soldiers there", "fought for nine years", "burned during the war"."""
        for child in (*verb.children, *(p for c in verb.children if c.dep_ == "dobj" for p in c.children)):
            alone = child.dep_ in ("advmod", "prep", "mark") and not any(c.dep_ in ("pobj", "pcomp") for c in child.children)
            if tense in ("perfect", "pluperfect") and alone and child.lower_ in of_kind("period", "aftermath"):
                return "historical", child
            if child.dep_ == "prep" and child.lower_ in of_kind("period", "span") and tense != "none":
                long = [p for p in child.children if p.dep_ == "pobj" and p.lemma_.lower() in of_kind("period", "long")]
                if long and (child.lower_ != "in" or long[0].tag_ == "NNS"):
                    return "historical", long[0]
        return ("standing", verb) if tense == "perfect" and verb.lemma_.lower() in of_kind("period", "state") else None

    def _modal_cue(self, draft: Draft) -> tuple[str, Token] | None:
        own = set(draft.trigger)
        head = self.doc[draft.trigger[0]]
        if draft.chain[:1] == ("agree",) and head.lemma_.lower() in of_kind("modality", "unpromised"):
            return "future", head
        if head.lemma_.lower() in of_kind("modality", "undecided") and draft.root in ("AGREE", "THREATEN", "CONCEDE"):
            return "hypothetical", head  # "is weighing sanctions" threatens nobody yet
        spent = bool(_CONSUMED & set(draft.chain[:-1]))
        for depth, (token, link) in enumerate(self._governors(draft)):
            found = self._own_modality(token, spent and depth == 0)
            if found is not None:
                return found
            if token.i not in own and link != "conj":
                lemma = token.lemma_.lower()
                for kind in ("future", "hypothetical"):
                    if lemma in of_kind("modality", f"{kind}-governor") and _governs(token, link):
                        return kind, token
        return None

    def _own_modality(self, token: Token, spent: bool) -> tuple[str, Token] | None:
        negated = any(c.dep_ == "neg" for c in token.children)
        for child in token.children:
            word = child.lower_
            if child.dep_ == "aux" and child.tag_ == "MD":
                if word in of_kind("modality", "future-aux"):
                    if not spent:
                        return "future", child
                elif (
                    word in of_kind("modality", "hypothetical-aux")
                    and not (negated and word == "could")
                    and token.lemma_ != "like"
                ):
                    backshifted = word in ("would", "'d", "’d") and _backshifted(token)
                    if not (spent and backshifted):
                        return ("future" if backshifted else "hypothetical"), child
            elif child.dep_ == "mark" and token.dep_ == "advcl" and word in of_kind("modality", "mark"):
                return "hypothetical", child
            elif child.dep_ in ("amod", "compound") and token.pos_ in ("NOUN", "PROPN"):
                for kind in ("future", "hypothetical"):
                    if word in of_kind("modality", f"{kind}-modifier"):
                        return kind, child
        infinitive = token.dep_ == "xcomp" and token.tag_ == "VB" and not spent
        if infinitive and (token.head.lower_ == "going" or (token.head.lemma_ == "be" and token.head.tag_ in ("VBZ", "VBP"))):
            return "future", token.head
        return None

    def _negations(self, draft: Draft) -> list[Token]:
        own = set(draft.trigger)
        found: list[Token] = []
        consumed = "not" in draft.chain or "refuse" in draft.chain
        for depth, (token, link) in enumerate(self._governors(draft)):
            if not (consumed and depth == 0):
                found += self._own_negation(token)
            if (
                token.i not in own
                and link != "conj"
                and (
                    token.lemma_.lower() in of_kind("negation", "governor")
                    or (token.pos_ not in _VERBAL and token.lower_ in of_kind("negation", "near"))
                )
                and _governs(token, link)
            ):
                found.append(token)
            if link in ("pcomp", "pobj") and token.dep_ == "prep" and token.lower_ in of_kind("negation", "preposition"):
                found.append(token)
        return list({t.i: t for t in found}.values())

    def _own_negation(self, token: Token) -> Iterator[Token]:
        yield from self._still_to_come(token)
        for child in token.children:
            word = child.lower_
            if child.dep_ == "neg" or (child.dep_ in ("advmod", "preconj") and word in of_kind("negation", "adverb")):
                following = self.doc[child.i + 1].lower_ if child.i + 1 < len(self.doc) else ""
                if following not in of_kind("negation", "spare"):
                    yield child
            elif (child.dep_ == "det" and word in of_kind("negation", "determiner")) or (
                child.dep_ in ("amod", "compound") and token.pos_ == "NOUN" and word in of_kind("negation", "modifier")
            ):
                yield child
            elif child.dep_ in ("nsubj", "nsubjpass", "dobj", "attr") and token.pos_ in _VERBAL:
                if word in of_kind("negation", "pronoun"):
                    yield child
                else:
                    no = of_kind("negation", "determiner")
                    yield from (c for c in child.children if (c.dep_ == "det" and c.lower_ in no) or c.dep_ == "neg")

    def _still_to_come(self, token: Token) -> Iterator[Token]:
        """ "Has *yet* to recognise it"."""
        to = next((c for c in token.children if c.tag_ == "TO"), None)
        if to is not None and to.i > token.sent.start and to.nbor(-1).lower_ in of_kind("negation", "outstanding"):
            yield to.nbor(-1)

    def _governors(self, draft: Draft) -> Iterator[tuple[Token, str]]:
        """Yield the trigger's head and what stands over it, with the link by which it was reached.

        The climb ends at a speech verb's report, at a relative clause and at a verb that presupposes its object: "did not
        discuss the attack" leaves the attack standing.
        """
        token, link = self.doc[draft.trigger[0]], ""
        own = set(draft.trigger)
        for _ in range(_MAX_CLIMB):
            yield token, link
            head = token.head
            if head == token or token.dep_ in ("relcl", "parataxis", "appos", "ROOT"):
                return
            if token.dep_ == "ccomp" and is_speech(head, "perform") and head.lemma_ not in of_kind("negation", "governor"):
                return
            planned = token.tag_ == "VB" and head.lemma_ in of_kind("modality", "future-governor")
            if token.dep_ == "advcl" and not planned:
                return
            if token.dep_ == "conj" and (head.pos_ != token.pos_ or not _shares(token)):
                return
            if token.pos_ == "NOUN" and head.pos_ in _VERBAL and head.i not in own and not _carries(head, token):
                return
            link, token = token.dep_, head


def tense_of(verb: Token) -> str:
    """Return "pluperfect", "perfect", "progressive", "present", "past" or "none" for the clause of a verb."""
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    words = {c.lower_ for c in auxiliaries}
    if verb.tag_ == "VB" and words & {"do", "does", "did"}:
        return "past" if "did" in words else "present"
    if verb.tag_ in ("VBN", "VBD", "VBG") and words & {"had"}:
        return "pluperfect"
    if words & {"has", "have", "'ve", "’ve"} and verb.tag_ in ("VBN", "VBD", "VBG"):
        return "perfect"
    if verb.tag_ == "VBG" and words & {"is", "are", "'re", "’re", "'s", "’s", "am"}:
        return "progressive"
    if verb.tag_ in ("VBZ", "VBP") or (verb.tag_ == "VBN" and words & {"is", "are"}):
        return "present"
    if verb.tag_ == "VBD" or (verb.tag_ in ("VBN", "VBG") and words & {"was", "were"}):
        return "past"
    if verb.dep_ in ("conj", "xcomp", "advcl") and verb.head.pos_ in _VERBAL and verb.head != verb:
        return tense_of(verb.head)
    return "none"


def is_old(when: When, published: date | None) -> bool | None:
    """Tell whether a date lies more than two weeks before publication; None when the date does not say."""
    if published is None or not when.words or when.assumed or not (when.start or when.end):
        return None
    start = date.fromisoformat(when.start or when.end)
    end = date.fromisoformat(when.end or when.start)
    if when.words.lower().startswith("since"):
        return start < published - timedelta(days=RECENT_DAYS)
    if end > published or (start <= published <= end):
        # "this year" may be yesterday or January; "this month" is news.
        return None if when.precision in ("year", "decade") else False
    middle = start + (end - start) / 2
    return middle < published - timedelta(days=RECENT_DAYS)


def verb_over(token: Token) -> Token:
    """Return the verb of the clause that a trigger stands in."""
    for _ in range(_MAX_CLIMB):
        if token.pos_ in _VERBAL or token.head == token:
            return token
        token = token.head
    return token


def _backshifted(verb: Token) -> bool:
    """ "said it would", "said they had": the tense belongs to the report."""
    for _ in range(_MAX_CLIMB):
        if verb.dep_ in ("ccomp", "advcl") and is_speech(verb.head, "perform", "hold"):
            return True
        if (
            verb.dep_ not in ("conj", "xcomp", "ccomp", "advcl", "relcl", "acl", "pcomp", "prep", "pobj", "dobj")
            or verb.head == verb
        ):
            return False
        verb = verb.head
    return False


def _shares(verb: Token) -> bool:
    """Tell whether a coordinated verb has neither subject nor auxiliary of its own, so that the first verb's cues cover it."""
    if verb.pos_ not in _VERBAL:
        return True
    return verb.tag_ in ("VB", "VBN", "VBG") and not any(
        c.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass") for c in verb.children
    )


def _carries(verb: Token, noun: Token) -> bool:
    """Tell whether a verb merely carries its event noun, or decides about it ("averted the attack")."""
    lemma = verb.lemma_.lower()
    if lemma in of_kind("negation", "support", "governor"):
        return True
    return lemma in of_kind("modality", "future-governor", "hypothetical-governor") and noun.dep_ in (
        "dobj",
        "nsubjpass",
        "nsubj",
    )


def _governs(token: Token, link: str) -> bool:
    """A governor reaches its complement, not its subject: "the threat has failed to" says nothing of the threat."""
    if token.pos_ in _VERBAL:
        return link in ("xcomp", "ccomp", "pcomp", "prep", "dobj", "nsubjpass", "oprd", "advcl") or (
            link == "nsubj" and token.lemma_ == "fail"
        )
    return link in ("xcomp", "ccomp", "pcomp", "acl", "prep", "pobj", "advcl", "csubj")


def _reason(field: str, rule: str, token: Token) -> Reason:
    return Reason(field, rule, token.text, (token.idx, token.idx + len(token.text)))
