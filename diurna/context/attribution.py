"""On whose word an event is told: `said_by`, innermost speaker first, and `source` (codebook, section 5).

A speaker's own speech act told directly has no `said_by`: "Putin said he welcomed the talks" is Putin's praise.
Outlets and documents are sources; people and bodies are speakers.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from diurna.context.cues import kinds, of_kind
from diurna.context.quotes import Quotation
from diurna.context.voices import is_pronoun, is_speech, name_of, phrase_of, plain_words, speaker_of
from diurna.language.notes import Draft, Notes
from diurna.language.syntax import Syntax
from diurna.records import Participant, Reason

_VERBAL_ROOTS = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
_DERIVED = frozenset({"will", "must", "not"})
_MAX_CLIMB = 20


@dataclass(slots=True)
class Voice:
    """Somebody on whose word something is told. token: head of the phrase, None when only a name is known."""

    name: str
    token: Token | None
    rule: str


class Attribution:
    """Finds who tells the events of one Doc."""

    def __init__(self, doc: Doc, notes: Notes, syntax: Syntax, quotations: list[Quotation]) -> None:
        self.doc, self.notes, self.syntax = doc, notes, syntax
        self._quoted = {i: q for q in quotations for start, end in q.tokens for i in range(start, end)}

    def run(self, draft: Draft) -> bool:
        """Set `said_by` and `source` of a draft with their reasons; return whether anybody, its actor included, says so."""
        chain: list[str] = []
        voices = self._voices(draft)
        for voice in voices:
            kind = self._source_kind(voice)
            if kind in ("outlet", "document"):
                draft.source = draft.source or self._source_words(voice)
                draft.reasons.append(Reason("source", voice.rule, draft.source))
                continue
            if kind == "anonymous" and not self._takes_part(draft, voice):
                draft.source = draft.source or self._source_words(voice)
            if self._own_act(draft, voice) or not voice.name or voice.name in chain:
                continue
            chain.append(voice.name)
            draft.reasons.append(Reason("said_by", voice.rule, voice.name))
        draft.said_by = tuple(chain)
        return bool(voices)

    def _voices(self, draft: Draft) -> list[Voice]:
        found: list[Voice] = []
        own = set(draft.trigger)
        token = self.doc[draft.trigger[0]]
        start = token
        for _ in range(_MAX_CLIMB):
            found += self._aside(token)
            head = token.head
            if head == token or self._reporters_own(token, start):
                break
            namer = self._namer(token)
            if namer is not None:
                found.append(Voice(name_of(self.doc, self.notes, namer), namer, f"what one {head.lemma_}s it"))
            claimed = token.dep_ == "xcomp" and any(c.lower_ == "have" for c in token.children)  # "claimed to have shot it down"
            reported = (token.dep_ in ("ccomp", "parataxis") or claimed) and (is_speech(head) or _gives_word(head, token))
            reported = reported and not self._parted(head, start)
            if reported and (head.i not in own or head.i == token.i):
                speaker = speaker_of(self.syntax, head)
                if speaker is not None:
                    found.append(Voice(name_of(self.doc, self.notes, speaker), speaker, head.lemma_))
                reporter = self._reporter(head)
                if reporter is not None:
                    found.append(Voice(name_of(self.doc, self.notes, reporter), reporter, "quoted"))
            elif (
                token.dep_ == "acl" and head.lemma_.lower() in of_kind("sources", "document") and token.tag_ not in ("VBG", "VBN")
            ):
                found.append(Voice(plain_words(self.doc, head), head, "report that"))
            token = head
        quotation = self._quoted.get(start.i)
        if quotation is not None and quotation.speaker and not any(v.name == quotation.speaker for v in found):
            voice = self.doc[quotation.voice] if quotation.voice >= 0 else None
            found.append(Voice(quotation.speaker, voice, "quotation"))
        return found

    def _reporters_own(self, token: Token, trigger: Token) -> bool:
        """ "Peru, *which accused Chile*, will pay, envoys said": what a loose relative clause adds is the reporter's own word."""
        if token.dep_ != "relcl" or token.head.i > token.i or trigger.i in self._quoted:
            return False
        return any(t.text == "," for t in self.doc[token.head.i + 1 : token.left_edge.i + 1][-2:])

    def _parted(self, verb: Token, trigger: Token) -> bool:
        """Tell whether a semicolon outside quotations parts a verb of speaking from what it would report."""
        first, last = sorted((verb.i, trigger.i))
        return any(t.text == ";" and t.i not in self._quoted for t in self.doc[first:last])

    def _aside(self, token: Token) -> list[Voice]:
        """Speakers that hang beside a clause: "according to police", "as Reuters reported", "state media reported"."""
        found = []
        for child in token.children:
            if child.lower_ in ("according", "per") and child.dep_ in ("prep", "advmod", "advcl", "acl"):
                to = child if child.lower_ == "per" else next((c for c in child.children if c.lower_ == "to"), child)
                found += [Voice(name_of(self.doc, self.notes, c), c, "according to") for c in to.children if c.dep_ == "pobj"]
            elif is_speech(child) and _beside(child) and not self._parted(child, token):
                speaker = speaker_of(self.syntax, child)
                if speaker is not None:
                    found.append(Voice(name_of(self.doc, self.notes, speaker), speaker, "as reported"))
        return found

    def _namer(self, token: Token) -> Token | None:
        """ "What *he* described as a crackdown", "what *a spokesman* called an attack": the one who finds the word."""
        verb = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "as" else token.head
        if verb.pos_ != "VERB" or verb.lemma_.lower() not in of_kind("speech", "name"):
            return None
        what = any(c.lower_ == "what" for c in verb.children)
        return next(iter(self.syntax.subjects(verb)), None) if what and token.i != verb.i else None

    def _reporter(self, verb: Token) -> Token | None:
        """ "Bloomberg quoted officials as saying": the one who quotes."""
        if verb.dep_ == "pcomp" and verb.head.lower_ == "as":
            return next(iter(self.syntax.subjects(verb.head.head)), None)
        return None

    def _source_kind(self, voice: Voice) -> str:
        if voice.token is None:
            return ""
        phrase = phrase_of(self.notes, voice.token)
        token = voice.token
        sectors = phrase.participant.sectors if phrase is not None and phrase.participant is not None else ()
        if "JRN" in sectors[:1] and token.pos_ == "PROPN" and token.ent_type_ != "PERSON":
            return "outlet"
        words = [token, *(c for c in token.children if c.dep_ in ("compound", "amod"))]
        found = [kinds("sources").get(w.lower_, kinds("sources").get(w.lemma_.lower(), "")) for w in words]
        if "document" in found[:1]:
            return "document"
        if token.ent_type_ != "PERSON" and "outlet" in found:
            return "outlet"
        secret = of_kind("sources", "secrecy")
        near = self.doc[token.left_edge.i : min(token.sent.end, token.right_edge.i + 12)]
        unnamed = any(t.lower_ in secret for t in near) or "asked not to be" in near.text or "declined to be named" in near.text
        return "anonymous" if found[0] == "anonymous" or _unnamed(token) or (unnamed and token.ent_type_ != "PERSON") else ""

    def _source_words(self, voice: Voice) -> str:
        """Return the words of a source with what says where it comes from ("transcript released by the Kremlin")."""
        token = voice.token
        if token is None or token.ent_type_ == "ORG":
            return voice.name
        end = token.i
        for child in token.rights:
            if child.dep_ in ("acl", "prep", "relcl") and child.right_edge.i - token.i < 12:
                end = child.right_edge.i
        start = token.left_edge.i
        while start < token.i and (self.doc[start].dep_ in ("det", "punct") or self.doc[start].is_space):
            start += 1
        return self.doc[start : end + 1].text.rstrip(" ,.")

    def _takes_part(self, draft: Draft, voice: Voice) -> bool:
        """ "Guerrillas said they had kidnapped an American": who acts is no source of his own act."""
        speaker = phrase_of(self.notes, voice.token)
        return speaker is not None and any(phrase_of(self.notes, self.doc[i]) is speaker for i in draft.actors)

    def _own_act(self, draft: Draft, voice: Voice) -> bool:
        """Tell whether the event is the speaker's own speech act, or the reported words of its own side."""
        if draft.root not in _VERBAL_ROOTS:
            return False
        speaker = self._participant(voice.token)
        if self._told_of_before(draft, voice):
            return False
        for actor in draft.actors[:1] if draft.reciprocal or _DERIVED & set(draft.chain) else draft.actors:
            token = self.doc[actor]
            named = voice.token is not None and voice.token.left_edge.i <= actor <= voice.token.i
            if token.lower_ in of_kind("speech", "first-person") or named:
                return True
            other = self._participant(token)
            if name_of(self.doc, self.notes, token) == voice.name:
                return True
            if speaker is None or other is None:
                continue
            same_side = bool(speaker.country) and speaker.country == other.country
            if same_side and (_DERIVED & set(draft.chain) or is_pronoun(token)):
                return True
        return False

    def _told_of_before(self, draft: Draft, voice: Voice) -> bool:
        """ "Japarov told parliament that he *had proposed* talks": an act of its own, which he now tells of."""
        verb = self.doc[draft.trigger[0]]
        past = any(c.dep_ == "aux" and c.lower_ == "had" for c in verb.children)
        return past and verb.dep_ == "ccomp" and verb.head.tag_ == "VBD" and voice.rule == verb.head.lemma_

    def _participant(self, token: Token | None) -> Participant | None:
        phrase = phrase_of(self.notes, token)
        return phrase.participant if phrase is not None else None


def _beside(verb: Token) -> bool:
    """ "As Reuters reported"; "in which, rights groups say, 9,000 people have been kidnapped"."""
    if verb.dep_ == "advcl":
        return any(c.lower_ == "as" for c in verb.children)
    return verb.dep_ == "parataxis" and not any(c.dep_ in ("ccomp", "dobj", "xcomp") for c in verb.children)


def _gives_word(verb: Token, clause: Token) -> bool:
    """ "He denied that …" tells on his word what did not happen; "…, envoys fear" behind a clause reports what they hold."""
    lemma = verb.lemma_.lower()
    return lemma in of_kind("speech", "deny") or (lemma in of_kind("speech", "hold") and clause.i < verb.i)


def _unnamed(token: Token) -> bool:
    """ "A congressional aide", "two envoys in Brussels", "diplomats": people whom the report does not name."""
    if (
        token.pos_ != "NOUN"
        or token.ent_type_
        or token.lower_ in of_kind("sources", "mouthpiece")
        or any(c.dep_ in ("appos", "poss") for c in token.children)
    ):
        return False
    marks = {c.lower_ for c in token.children if c.dep_ == "det"}
    counted = any(c.dep_ == "nummod" for c in token.children)
    return bool(marks & {"a", "an", "some"}) or (not marks and (counted or token.tag_ == "NNS"))
