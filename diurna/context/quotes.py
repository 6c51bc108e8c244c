"""Quotations of a Doc with speaker, cue and addressee (codebook, section 5).

A quotation split by its cue is one quotation with several spans; one carried over paragraphs keeps its speaker. A short part in
marks counts as a quotation only when somebody clearly says it: "the “global gag rule”" is a name, "a “very real” risk, the
agencies warned" is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from diurna.context.cues import of_kind
from diurna.context.marks import MARKS, Quoted, find_quoted
from diurna.context.voices import addressee_of, is_pronoun, is_somebody, is_speech, name_of, owner_of, speaker_of
from diurna.language.notes import Notes, notes_of
from diurna.language.syntax import Syntax
from diurna.records import Quote, Span, content_id

_SHORT = 3
_WINDOW = 30
_ALL = ("perform", "name")


@dataclass(slots=True)
class Quotation:
    """A quotation while its Doc is alive. spans: code points inside the marks. tokens: token intervals of the spans.

    speaker: its name, empty when unknown. voice: token index of the phrase that names the speaker, -1 when none.
    cue: token index of the word of speaking, -1 when none. addressee: name of who was spoken to.
    """

    spans: list[Span]
    tokens: list[tuple[int, int]]
    speaker: str = ""
    voice: int = -1
    cue: int = -1
    addressee: str = ""
    carried: bool = False

    @property
    def length(self) -> int:
        """Number of words."""
        return sum(end - start for start, end in self.tokens)


class Quotations:
    """Finds the quotations of one Doc and their speakers."""

    def __init__(self, doc: Doc, notes: Notes, syntax: Syntax) -> None:
        self.doc, self.notes, self.syntax = doc, notes, syntax
        self.found: list[Quotation] = []
        self._inside: set[int] = set()

    def run(self) -> list[Quotation]:
        """Return the quotations in order; parts without a clear speaker that are no quotations are left out."""
        stretches = [q for q in map(self._tokens, find_quoted(self.notes.text)) if q is not None]
        for quotation in stretches:
            for start, end in quotation.tokens:
                self._inside.update(range(start, end))
        previous: Quotation | None = None
        for quotation in stretches:
            joined = self._attribute(quotation, previous)
            if joined:
                continue
            if self._counts(quotation):
                self.found.append(quotation)
                previous = quotation
        return self.found

    def _tokens(self, quoted: Quoted) -> Quotation | None:
        span = self.doc.char_span(quoted.start, quoted.end, alignment_mode="expand")
        if span is None or len(span) == 0 or self._is_boilerplate(quoted.start, quoted.end):
            return None
        return Quotation([(quoted.start, quoted.end)], [(span.start, span.end)], carried=quoted.carried)

    def _is_boilerplate(self, start: int, end: int) -> bool:
        return any(s <= start and end <= e for s, e in self.notes.boilerplate)

    def _attribute(self, quotation: Quotation, previous: Quotation | None) -> bool:
        """Find the speaker; return True when the part was joined to the quotation before it."""
        if previous is not None and quotation.carried:
            _join(previous, quotation)
            return True
        if previous is not None and previous.cue >= 0 and self._only_cue_between(previous, quotation):
            _join(previous, quotation)
            return True
        verb = self._governing_cue(quotation) or self._adjacent_cue(quotation)
        if verb is not None and self._take(quotation, verb, previous):
            return False
        owner = self._in_words_of(quotation) or self._goes_on_to(quotation)
        if owner is not None:
            quotation.speaker, quotation.voice = self._name(owner, previous), owner.i
            return False
        if previous is not None and previous.speaker and self._continues(quotation, previous):
            quotation.speaker, quotation.voice = previous.speaker, previous.voice
            return False
        introducer = self._introducer(quotation)
        if introducer is not None:
            quotation.speaker, quotation.voice = self._name(introducer, previous), introducer.i
            return False
        if previous is not None and self._is_sentence(quotation) and (quotation.length > _SHORT or self._is_alone(quotation)):
            quotation.speaker, quotation.voice = previous.speaker, previous.voice
            return False
        subject = self._clause_subject(quotation)
        if subject is not None:
            quotation.speaker, quotation.voice = self._name(subject, previous), subject.i
        return False

    def _take(self, quotation: Quotation, verb: Token, previous: Quotation | None) -> bool:
        voice = speaker_of(self.syntax, verb)
        if voice is None or voice.i in self._inside:
            voice = self._beside(verb)
        if voice is None:
            return False
        quotation.cue, quotation.voice = verb.i, voice.i
        quotation.speaker = self._name(voice, previous)
        listener = addressee_of(self.syntax, verb)
        if listener is not None and listener.i not in self._inside and listener.i != voice.i:
            quotation.addressee = name_of(self.doc, self.notes, listener)
        return True

    def _name(self, voice: Token, previous: Quotation | None) -> str:
        """Return the name of a voice; a pronoun that nobody resolved is the last speaker, else the last person named."""
        name = name_of(self.doc, self.notes, voice)
        if not is_pronoun(voice) or name.lower() != voice.lower_:
            return name
        if previous is not None and previous.speaker and voice.lower_ != "they":
            return previous.speaker
        people = [e for e in self.doc[max(0, voice.i - 120) : voice.i].ents if e.label_ == "PERSON"]
        return name_of(self.doc, self.notes, people[-1].root) if people else name

    def _governing_cue(self, quotation: Quotation) -> Token | None:
        """Climb from the words in marks to a word of speaking outside them."""
        for token in self._roots(quotation):
            near = True
            for step in _climb(token):
                if step.i in self._inside and step.i not in range(*quotation.tokens[0]):
                    break
                if step.i in self._inside:
                    continue
                if any(c.dep_ == "auxpass" for c in step.children) and step.lemma_ not in ("quote", "cite", "hear"):
                    continue  # what was revealed speaks for nobody
                if is_speech(step) or (near and is_speech(step, *_ALL)):
                    return step
                near = near and not _leaves_clause(step)
        return None

    def _roots(self, quotation: Quotation) -> list[Token]:
        """Return the tokens whose head lies outside the marks, last sentence first."""
        start, end = quotation.tokens[0]
        roots = [t for t in self.doc[start:end] if not start <= t.head.i < end and not t.is_punct]
        return roots[::-1]

    def _adjacent_cue(self, quotation: Quotation) -> Token | None:
        """Without help from the parse: the word of speaking right after the closing mark or right before the opening one."""
        start, end = quotation.tokens[0]
        text, last = self.notes.text, quotation.spans[0][1]
        if text[last - 1] in ",?!—–-" or (last + 1 < len(text) and text[last + 1] in ",—–"):
            for token in self._outside(end, 1):
                if is_speech(token, "perform"):
                    return token
        if self._announced(start):
            for token in self._outside(start - 1, -1):
                if is_speech(token, *_ALL):
                    return token
        return None

    def _has_own_cue(self, quotation: Quotation) -> bool:
        """ "“…,” said Kiir. “…,” *replied* Machar": a comma in the marks and a verb of speaking after them."""
        first = next(self._outside(quotation.tokens[0][1], 1), None)
        return first is not None and self.notes.text[quotation.spans[0][1] - 1] in ",!?" and is_speech(first)

    def _in_words_of(self, quotation: Quotation) -> Token | None:
        """ "In *its* words, “…”", "In the words of *the envoy*, “…”": whose words they are."""
        for token in self._outside(quotation.tokens[0][0] - 1, -1):
            if token.lower_ == "words" and token.dep_ == "pobj" and token.head.lower_ == "in":
                of = (p for c in token.children if c.lower_ == "of" for p in c.children if p.dep_ == "pobj")
                return next((c for c in token.children if c.dep_ == "poss"), next(of, None))
            if token.pos_ == "VERB":
                return None
        return None

    def _goes_on_to(self, quotation: Quotation) -> Token | None:
        """ "“We have water,” their *commander* radioed": the subject after a comma in the marks, whatever its verb."""
        if self.notes.text[quotation.spans[0][1] - 1] != ",":
            return None
        for token in self._outside(quotation.tokens[0][1], 1):
            if token.dep_ in ("nsubj", "nsubjpass"):
                return token if self._can_speak(token) else None
        return None

    def _introducer(self, quotation: Quotation) -> Token | None:
        """ "His *wife* did: “…”", "The *senator*'s verdict was blunt: “…”", and across a line: who speaks after a colon."""
        before = [
            t
            for t in self.doc[max(0, quotation.tokens[0][0] - 4) : quotation.tokens[0][0]]
            if not t.is_space and t.text not in MARKS
        ]
        if not before or before[-1].text != ":" or before[-1].i in self._inside:
            return None
        sentence = list(self.doc[max(0, before[-1].i - _WINDOW) : before[-1].i])
        stop = max((t.i for t in sentence if t.text in ".?!;" or "\n" in t.text), default=-1)
        subjects = [t for t in sentence if t.i > stop and t.dep_ in ("nsubj", "nsubjpass") and t.i not in self._inside]
        for subject in subjects:
            owner = owner_of(self.syntax, subject)
            if owner is not subject or subject.lemma_.lower() in of_kind("speech", "noun") or self._can_speak(owner):
                return owner
            if subject.lower_ in of_kind("sources", "document") or is_somebody(subject):
                return subject
        return None

    def _is_alone(self, quotation: Quotation) -> bool:
        """Tell whether the marks hold a whole paragraph."""
        start, end = quotation.spans[0]
        return self.notes.text[: start - 1][-1:] in ("", "\n") and self.notes.text[end + 1 : end + 2] in ("", "\n")

    def _can_speak(self, subject: Token) -> bool:
        """Tell whether a subject is a person, a body or somebody resolved."""
        human = subject.ent_type_ in ("PERSON", "ORG", "NORP", "GPE") or is_pronoun(subject)
        named = any(c.dep_ == "appos" and c.ent_type_ == "PERSON" for c in subject.children)
        known = subject.i in self.notes.phrase_at and name_of(self.doc, self.notes, subject) != subject.text
        return human or named or known

    def _announced(self, start: int) -> bool:
        before = [t for t in self.doc[max(0, start - 3) : start] if not t.is_space]
        return any(t.text in ",:" or t.lower_ in ("that", "is", "was", "as") for t in before)

    def _outside(self, position: int, step: int) -> Iterator[Token]:
        """Yield the tokens outside marks from a position to the end of the sentence around the marks."""
        for _ in range(_WINDOW):
            if not 0 <= position < len(self.doc):
                return
            token = self.doc[position]
            if position not in self._inside:
                if "\n" in token.text or (token.text in ".?!" and token.i + 1 < len(self.doc)):
                    return
                if not token.is_punct and not token.is_space:
                    yield token
            position += step

    def _beside(self, verb: Token) -> Token | None:
        """Return the noun next to a verb of speaking when the parse gives it no subject."""
        near = range(max(0, verb.i - 6), min(len(self.doc), verb.i + 6))
        for i in sorted(near, key=lambda i: (abs(i - verb.i), i)):
            token = self.doc[i]
            if token.dep_ == "pobj":
                continue
            if i in self._inside or token.text in ".?!" or "\n" in token.text:
                continue
            if token.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") or token.tag_ == "PRP":
                head = token.head if token.dep_ == "compound" else token
                return head if head.i not in self._inside else token
        return None

    def _only_cue_between(self, previous: Quotation, quotation: Quotation) -> bool:
        """Tell whether nothing but the cue of the part before stands between two parts of one paragraph."""
        start, end = previous.tokens[-1][1], quotation.tokens[0][0]
        between = [t for t in self.doc[start:end] if not t.is_space]
        if (
            end - start > _WINDOW
            or not start <= previous.cue < end
            or "\n" in self.notes.text[previous.spans[-1][1] : quotation.spans[0][0]]
        ):
            return False
        if self._governing_cue(quotation) not in (None, self.doc[previous.cue]) or self._has_own_cue(quotation):
            return False
        stops = [t for t in between if t.text in ".?!" and t.i > start]
        return len(stops) <= 1 and sum(is_speech(t) for t in between) == 1

    def _continues(self, quotation: Quotation, previous: Quotation) -> bool:
        """Tell whether a quotation without a cue goes on with the last speaker.

        It does in the same paragraph when only a sentence's end stands between, and in the next when it opens the paragraph.
        """
        between = self.notes.text[previous.spans[-1][1] : quotation.spans[0][0]]
        if quotation.length <= _SHORT:
            return False
        if "\n" not in between:
            return len(between) < 300
        opening = between.rsplit("\n", 1)[1].strip(" “\"‘'«")
        middle = between.split("\n", 1)[1].rsplit("\n", 1)[0].strip()
        return not opening and not middle

    def _is_sentence(self, quotation: Quotation) -> bool:
        """Tell whether the marks hold whole sentences and no words of the reporter share them."""
        start, end = quotation.spans[0]
        before = self.notes.text[max(0, start - 20) : start - 1].rstrip(" ")
        words = self.notes.text[start:end]
        return words[0].isupper() and words[-1] in ".?!…" and (not before or before[-1] in '.?!…:”"\n')

    def _clause_subject(self, quotation: Quotation) -> Token | None:
        """Return the subject of the clause around the marks when it can speak: a person, a body, somebody resolved."""
        for token in self._roots(quotation):
            for step in _climb(token):
                if step.pos_ not in ("VERB", "AUX") or step.i in self._inside:
                    continue
                subjects = [s for s in self.syntax.subjects(step) if s.i not in self._inside]
                if not subjects:
                    continue
                return subjects[0] if self._can_speak(subjects[0]) else None
        return None

    def _counts(self, quotation: Quotation) -> bool:
        start, end = quotation.tokens[0]
        words = [t for t in self.doc[start:end] if not t.is_punct]
        if quotation.cue >= 0 and not self._is_title(words):
            return True
        if len(words) > _SHORT:
            return bool(quotation.speaker) or not self._is_title(words)
        spoken = any(t.lemma_.lower() in of_kind("speech", "noun") for t in words)
        return bool(quotation.speaker) and (spoken or (bool(words) and self._is_sentence(quotation)))

    def _is_title(self, words: list[Token]) -> bool:
        """A name in marks ("Year of Friendship"): two or more words, every content word capitalised."""
        content = [t for t in words if t.pos_ not in ("ADP", "DET", "CCONJ", "PART")]
        return len(content) >= 2 and len(words) <= 6 and all(t.text[0].isupper() or t.text[0].isdigit() for t in content)


def to_record(quotation: Quotation, doc: Doc, article_id: str) -> Quote:
    """Freeze a quotation; its text joins the spans with a blank."""
    text = notes_of(doc).text
    words = " ".join(text[start:end] for start, end in quotation.spans)
    cue = doc[quotation.cue].text if quotation.cue >= 0 else ""
    spans = tuple(quotation.spans)
    return Quote(
        content_id("quo", article_id, spans, words), article_id, spans, words, quotation.speaker, cue, quotation.addressee
    )


def _join(first: Quotation, more: Quotation) -> None:
    first.spans += more.spans
    first.tokens += more.tokens


def _leaves_clause(verb: Token) -> bool:
    """An act of speaking beyond a coordinated verb or a relative clause does not say what stands here."""
    return verb.pos_ in ("VERB", "AUX") and verb.dep_ in ("conj", "relcl", "advcl")


def _climb(token: Token) -> Iterator[Token]:
    """Yield a token and its governors up to the root of its sentence."""
    for _ in range(20):
        yield token
        if token.head == token:
            return
        token = token.head
