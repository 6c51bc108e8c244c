"""What coreference weighs: number, gender and class of the phrases already met, and how present each still is."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from diurna.actors.spans import is_pronoun
from diurna.language.notes import Notes, NounPhrase
from diurna.records import Participant

SUBJECTS = ("nsubj", "nsubjpass")
OBJECTS = ("dobj", "dative", "pobj")
_ATTRIBUTIVE = ("amod", "compound", "nmod", "poss")
_SAME_CLAUSE = 6.0
_MALE = frozenset(
    ("mr", "mr.", "king", "prince", "emir", "sultan", "pope", "sheikh", "ayatollah", "father", "husband", "son", "brother")
)
_FEMALE = frozenset(
    ("mrs", "mrs.", "ms", "ms.", "queen", "princess", "spokeswoman", "wife", "mother", "daughter", "sister", "widow")
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that a later one may refer to."""

    index: int
    head: Token
    phrase: NounPhrase
    participant: Participant
    sentence: int
    person: bool
    plural: bool
    adjective: bool
    gender: str

    @property
    def country(self) -> str:
        """Country of the participant, empty when unknown."""
        return self.participant.country


def candidate(doc: Doc, notes: Notes, index: int, sentence: int, women: frozenset[str]) -> Candidate | None:
    """Describe a phrase with a participant; None for one without."""
    phrase = notes.phrases[index]
    participant = phrase.participant
    if participant is None:
        return None
    head = doc[phrase.head]
    coordinated = any(child.dep_ == "conj" for child in head.children)
    plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in ("they", "them", "their", "police") or coordinated
    state = participant.entity_id.startswith(("country:", "region:", "body:")) or participant.name == participant.country
    person = not state and (
        bool(participant.office)
        or participant.entity_id.startswith("person:")
        or head.ent_type_ == "PERSON"
        or participant.resolved_by.startswith(
            ("apposition", "unknown person", "leaders", "ministers", "organization_heads", "offices")
        )
        or head.lower_ in ("he", "she", "him", "his", "her", "i", "my")
    )
    adjective = head.dep_ in ("amod", "compound", "nmod") and not person
    return Candidate(
        index, head, phrase, participant, sentence, person, plural, adjective, gender_of(head, phrase, participant, women)
    )


def gender_of(head: Token, phrase: NounPhrase, participant: Participant, women: frozenset[str]) -> str:
    """Return "m", "f" or empty from pronouns, titles and given names."""
    words = {token.lower_ for token in head.doc[phrase.start : phrase.end]}
    if words & _FEMALE or head.lower_ in ("she", "her"):
        return "f"
    if words & _MALE or head.lower_ in ("he", "him", "his"):
        return "m"
    given = participant.name.split(" ")[0].lower()
    return "f" if " " in participant.name and given in women else ""


def salience(found: Candidate, of: Token, sentence: int) -> float:
    """Return how likely a pronoun or description at `of` means the candidate: recency, clause role, not a co-argument."""
    score = -1.5 * (sentence - found.sentence)
    if found.head.dep_ in SUBJECTS:
        score += 2.0
        if of.dep_ in SUBJECTS:
            score += 0.7
    elif found.head.dep_ in OBJECTS and found.head.head.pos_ == "VERB":
        score += 0.6
    if found.head.dep_ in _ATTRIBUTIVE:
        score -= 1.0
    if placed(found):
        score -= 1.0
    if found.phrase.kind == "name":
        score += 0.5
    if is_pronoun(found.head):
        score += 0.3
    if coarguments(found.head, of):
        score -= _SAME_CLAUSE
    if found.participant.confidence < 0.4:
        score -= 0.5
    return score + found.head.i * 1e-3


def placed(found: Candidate) -> bool:
    """Tell whether a phrase only says where: "a meeting in *Singapore*"."""
    return found.head.dep_ == "pobj" and found.head.head.lower_ in ("in", "at", "near", "from", "into", "across")


def coarguments(one: Token, other: Token) -> bool:
    """Tell whether two phrases are arguments of the same verb, directly or by a preposition; such two differ."""
    return other.dep_ != "poss" and _governor(one).i == _governor(other).i and one.dep_ != "poss"


def _governor(token: Token) -> Token:
    while token.dep_ in ("conj", "pobj", "prep", "agent", "appos") and token.head != token:
        token = token.head
    return token.head


def governing_subject_country(token: Token, notes: Notes) -> str:
    """Return the country of the subject of the verb that governs a phrase: "Putin praised the *regime*" cannot mean Russia's."""
    for ancestor in token.ancestors:
        if ancestor.pos_ not in ("VERB", "AUX"):
            continue
        for child in ancestor.children:
            index = notes.phrase_at.get(child.i, -1) if child.dep_ in SUBJECTS and child != token else -1
            if index >= 0 and (participant := notes.phrases[index].participant) and not _inside(token, child):
                return participant.country
    return ""


def root_subject_country(token: Token, notes: Notes) -> str:
    """Return the country of the subject of the sentence's main verb, empty when the token stands in that subject."""
    for child in token.sent.root.children:
        index = notes.phrase_at.get(child.i, -1) if child.dep_ in SUBJECTS else -1
        if index >= 0 and (participant := notes.phrases[index].participant) and not _inside(token, child):
            return participant.country
    return ""


def _inside(token: Token, subject: Token) -> bool:
    return token.i == subject.i or subject.is_ancestor(token)


def apposed_country(token: Token, notes: Notes) -> str:
    """Return the country of the noun whose apposition holds the token: "Kim Yong-nam, the *country's* ceremonial leader"."""
    for climber in (token, *token.ancestors):
        if climber.dep_ == "appos":
            index = notes.phrase_at.get(climber.head.i, -1)
            participant = notes.phrases[index].participant if index >= 0 else None
            return participant.country if participant else ""
        if climber.pos_ in ("VERB", "AUX"):
            break
    return ""
