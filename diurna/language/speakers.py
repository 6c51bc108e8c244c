"""Who speaks and who is spoken to around a word inside a quotation, from the parse alone (quotes are read later)."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Span, Token

from diurna.language.notes import notes_of
from diurna.tables import load

_SUBJECTS = ("nsubj", "nsubjpass")
_FAR = 40  # tokens
_MARKS = '"“”'


@cache
def _speech_verbs() -> frozenset[str]:
    return frozenset(row["verb"] for row in load("cues/coref_speech.tsv", ("verb",)))


def speaker_of(token: Token) -> Token | None:
    """Return the subject of the speech verb that governs a first-person pronoun, in its sentence or near it."""
    verb = _cue(token)
    return _subject(verb, token) if verb is not None else _named_after(token)


def speaks(token: Token) -> bool:
    """Tell whether a phrase is the subject of a verb of speaking."""
    verb = token.head
    return token.dep_ in _SUBJECTS and verb.pos_ == "VERB" and verb.lemma_.lower() in _speech_verbs()


def _named_after(token: Token) -> Token | None:
    """The name between the closing quotation mark and a speech verb that the parse lost: '"…," Jan Kos, a guard, told us'."""
    if not in_quotes(token):
        return None
    rest = token.doc[token.i : min(len(token.doc), token.i + _FAR)]
    closing = next((t.i for t in rest if t.text in _MARKS), None)
    if closing is None:
        return None
    after = token.doc[closing + 1 : min(len(token.doc), closing + _FAR)]
    verb = next((t for t in after if t.lemma_.lower() in _speech_verbs() and t.tag_.startswith("V")), None)
    names = [t for t in after if verb is not None and t.i < verb.i and t.pos_ == "PROPN" and t.sent == verb.sent]
    return next((t for t in names if t.nbor(1).pos_ != "PROPN"), None)


def addressee_of(token: Token) -> Token | None:
    """Return who is told: "Putin told *Kim Yong-nam*"."""
    verb = _cue(token)
    if verb is None:
        return None
    return next(
        (c for c in verb.children if c.dep_ in ("dobj", "dative") and c.pos_ in ("NOUN", "PROPN") and c.i != token.i), None
    )


def _cue(token: Token) -> Token | None:
    for ancestor in token.ancestors:
        if _speaks(ancestor, token):
            return ancestor
    if not in_quotes(token):
        return None
    for sentence in _around(token):
        for word in sentence:
            if _speaks(word, token) and (word.dep_ == "ROOT" or word.head.dep_ == "ROOT" or word.dep_ == "parataxis"):
                return word
    return None


def _speaks(verb: Token, token: Token) -> bool:
    return verb.pos_ == "VERB" and verb.lemma_.lower() in _speech_verbs() and _subject(verb, token) is not None


def _subject(verb: Token, token: Token) -> Token | None:
    own = [c for c in verb.children if c.dep_ in _SUBJECTS]
    found = [c for c in own if c.i != token.i]
    if not own and verb.dep_ == "conj":
        found = [c for c in verb.head.children if c.dep_ in _SUBJECTS and c.i != token.i]
    first_person = {"i", "we"}
    return found[0] if found and found[0].lower_ not in first_person else None


def _around(token: Token) -> list[Span]:
    """The token's sentence, then neighbours of the same paragraph that hold a quotation mark, nearest first."""
    sentences = list(token.doc.sents)
    at = next(i for i, s in enumerate(sentences) if s.start <= token.i < s.end)
    found = [sentences[at]]
    for step in (-1, 1, -2, 2, -3):
        if 0 <= at + step < len(sentences):
            other = sentences[at + step]
            between = token.doc[min(other.end, token.i) : max(other.start, token.i)].text
            if any(mark in other.text for mark in _MARKS) and (step < 0 or "\n" not in between.strip("\n ")):
                found.append(other)
    return found


def in_quotes(token: Token) -> bool:
    """Tell whether an odd number of quotation marks, or an opening one, stands before the token in its paragraph."""
    text = notes_of(token.doc).text
    before = text[text.rfind("\n", 0, token.idx) + 1 : token.idx]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
