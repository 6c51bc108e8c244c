"""spaCy component "diurna_coref": pronouns, definite descriptions and sets ("the two leaders") get the participant they stand for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from diurna.language.notes import Notes, NounPhrase, notes_of
from diurna.records import Participant
from diurna.tables import load

_SUBJECTS = ("nsubj", "nsubjpass")
_REACH = 4  # sentences


class Coreference:
    """Links phrases to earlier ones by number, kind and recency, subjects first; needs `diurna_actors` before it."""

    def __init__(self, tables: Path | None = None) -> None:
        rows = load("cues/coref.tsv", ("word", "kind"), tables)
        self.words = {row["word"]: row["kind"] for row in rows}

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        sentence_of = {t.i: n for n, s in enumerate(doc.sents) for t in s}
        for index, phrase in enumerate(notes.phrases):
            token = doc[phrase.head]
            kind = self.words.get(token.lower_) or self.words.get(token.lemma_.lower())
            if kind is None or (phrase.participant is not None and phrase.participant.country):
                continue
            if phrase.kind == "pronoun" and phrase.antecedent >= 0:
                continue
            self._link(doc, notes, index, kind, sentence_of)
        return doc

    def _link(self, doc: Doc, notes: Notes, index: int, kind: str, sentence_of: dict[int, int]) -> None:
        phrase = notes.phrases[index]
        if kind in ("first", "second"):
            speaker = speaker_of(doc[phrase.head], doc)
            found = notes.phrase_at.get(speaker.i) if speaker is not None and kind == "first" else None
            if found is not None:
                _copy(phrase, found, notes)
            return
        if phrase.kind != "pronoun" and not _definite(doc[phrase.head]):
            return
        earlier = [
            (i, p)
            for i, p in enumerate(notes.phrases[:index])
            if p.participant is not None and p.participant.country and sentence_of[phrase.head] - sentence_of[p.head] <= _REACH
        ]
        if kind == "pair":
            self._pair(phrase, earlier)
            return
        suitable = [(i, p) for i, p in earlier if _suits(doc[p.head], p, kind)]
        if suitable:
            best = max(suitable, key=lambda pair: _salience(doc, pair[1], phrase, sentence_of))
            _copy(phrase, best[0], notes)

    def _pair(self, phrase: NounPhrase, earlier: list[tuple[int, NounPhrase]]) -> None:
        """The last two different countries' participants named before."""
        members: dict[str, int] = {}
        for i, p in reversed(earlier):
            assert p.participant is not None
            members.setdefault(p.participant.country, i)
            if len(members) == 2:
                phrase.members = sorted(members.values())
                return


@Language.factory(
    "diurna_coref", requires=["doc._.diurna", "token.dep"], assigns=["doc._.diurna"], default_config={"tables": ""}
)
def make_coref(nlp: Language, name: str, tables: str) -> Coreference:
    """Make the component; `tables` is the folder of the user's own tables or empty."""
    return Coreference(Path(tables) if tables else None)


def speaker_of(token: Token, doc: Doc) -> Token | None:
    """Return the subject of the speech verb that governs a first-person pronoun, in its sentence or the ones around."""
    for ancestor in token.ancestors:
        if ancestor.lemma_ in ("say", "tell", "add", "write", "declare", "continue", "insist", "ask"):
            subjects = [c for c in ancestor.children if c.dep_ in _SUBJECTS]
            if subjects and subjects[0].i != token.i:
                return subjects[0]
    return None


def _suits(head: Token, phrase: NounPhrase, kind: str) -> bool:
    participant = phrase.participant
    assert participant is not None
    person = bool(participant.office) or head.ent_type_ == "PERSON"
    plural = head.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in head.children)
    if head.dep_ in ("amod", "compound"):
        return kind == "state"
    if kind == "person":
        return person and not plural
    if kind == "plural":
        return plural
    if kind == "thing":
        return not person and not plural
    if kind == "state":
        return not person
    return kind == "leader" and person


def _salience(doc: Doc, candidate: NounPhrase, phrase: NounPhrase, sentence_of: dict[int, int]) -> tuple[float, int]:
    head = doc[candidate.head]
    distance = sentence_of[phrase.head] - sentence_of[candidate.head]
    score = 2.0 * (head.dep_ in _SUBJECTS) + 0.5 * (candidate.kind == "name") - 1.5 * distance
    if distance == 0 and head.head.i == doc[phrase.head].head.i:
        score -= 5  # two arguments of one verb are not the same one
    return score, candidate.head


def _definite(head: Token) -> bool:
    return any(c.lower_ in ("the", "this", "that", "these", "those", "his", "her", "its", "their", "both", "two") for c in head.children)


def _copy(phrase: NounPhrase, index: int, notes: Notes) -> None:
    source: Participant | None = notes.phrases[index].participant
    phrase.antecedent = index
    if source is not None:
        rule = source.resolved_by if source.resolved_by.startswith("coreference") else f"coreference: {source.name}"
        phrase.participant = replace(source, resolved_by=rule, confidence=round(source.confidence * 0.8, 3))
