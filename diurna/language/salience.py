"""What phrases met before are: their number, gender and class, and what in their clauses rules them out."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from diurna.actors.words import entity_tables, words_of
from diurna.language.notes import Notes, NounPhrase
from diurna.records import Participant

SUBJECTS = ("nsubj", "nsubjpass")
OBJECTS = ("dobj", "dative", "pobj")
_MALE, _FEMALE = words_of("male"), words_of("female")
_OF_BODIES = entity_tables("body")  # how a participant's `resolved_by` begins
_OF_PERSONS = ("apposition", "unknown person", "offices", *entity_tables("person"))


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

    @property
    def single(self) -> bool:
        """Whether it is one by itself, though it may be joined with others: "*Iran* and six powers"."""
        return not self.phrase.members and (not self.plural or self.head.tag_ in ("NN", "NNP", "PRP", "PRP$"))

    @property
    def country_or_name(self) -> str:
        """Country, else the name of somebody of unknown country."""
        return self.participant.country or self.participant.name


def candidate(doc: Doc, notes: Notes, index: int, sentence: int, given: dict[str, str]) -> Candidate | None:
    """Describe a phrase with a participant or members; None for one without. `given` has the gender of given names."""
    phrase = notes.phrases[index]
    head = doc[phrase.head]
    if phrase.members and phrase.participant is None:
        nobody = Participant(doc[phrase.start : phrase.end].text, confidence=1.0)
        return Candidate(index, head, phrase, nobody, sentence, False, True, False, "")
    participant = phrase.participant
    if participant is None:
        return None
    coordinated = any(child.dep_ == "conj" for child in head.children)
    many = head.tag_ in ("NNS", "NNPS") and not (phrase.kind == "name" and _is_body(participant))
    plural = many or head.lower_ in ("they", "them", "their", "police") or coordinated
    person = not _is_body(participant) and _is_person(head, participant)
    adjective = head.dep_ in ("amod", "compound", "nmod") and not person
    gender = gender_of(head, phrase, participant, given)
    return Candidate(index, head, phrase, participant, sentence, person, plural, adjective, gender)


def _is_body(participant: Participant) -> bool:
    by_id = participant.entity_id.startswith(("country:", "region:", "body:")) or participant.name == participant.country
    return by_id or participant.resolved_by.startswith(_OF_BODIES)


def _is_person(head: Token, participant: Participant) -> bool:
    return (
        bool(participant.office)
        or participant.entity_id.startswith("person:")
        or (head.ent_type_ == "PERSON" and not participant.entity_id)
        or participant.resolved_by.startswith(_OF_PERSONS)
        or head.lower_ in ("he", "she", "him", "his", "her", "i", "my")
    )


def is_state(found: Candidate) -> bool:
    """Tell whether a candidate is a state itself, by whatever name."""
    return found.participant.entity_id.startswith("country:")


def is_named(found: Candidate) -> bool:
    """Tell whether a candidate is somebody with a name, directly or through an earlier phrase."""
    participant = found.participant
    rule = participant.resolved_by
    known = bool(participant.entity_id) or rule.startswith(("unknown person", "apposition")) or "; unknown person" in rule
    known = known or (rule.startswith("surroundings") and "; apposition" in rule)
    return (known and participant.name[:1].isupper()) or (found.person and found.phrase.kind == "name")


def gender_of(head: Token, phrase: NounPhrase, participant: Participant, names: dict[str, str]) -> str:
    """Return "m", "f" or empty from pronouns, titles and given names."""
    words = {token.lower_ for token in head.doc[phrase.start : phrase.end]}
    if words & _FEMALE or head.lower_ in ("she", "her"):
        return "f"
    if words & _MALE or head.lower_ in ("he", "him", "his"):
        return "m"
    given = participant.name.split(" ")[0].lower()
    return names.get(given, "") if " " in participant.name else ""


def subjects_above(token: Token) -> list[Token]:
    """Return the subjects of the nearest verb above the token's own clause."""
    verbs = [a for a in token.ancestors if a.pos_ in ("VERB", "AUX")]
    if token.dep_ == "poss":
        return next(([c for c in v.children if c.dep_ in SUBJECTS] for v in verbs if _has_subject(v)), [])
    return next(([c for c in v.children if c.dep_ in SUBJECTS] for v in verbs[1:] if _has_subject(v)), [])


def _has_subject(verb: Token) -> bool:
    return any(c.dep_ in SUBJECTS for c in verb.children)


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


def clause_subjects(token: Token, clauses: bool) -> list[Token]:
    """Return the other arguments of the verb that a phrase belongs to; with `clauses`, also subjects of the verbs above.

    A possessive has no such rivals: "Obama kept *his* word".
    """
    if token.dep_ == "poss":
        return []
    verbs = [a for a in token.ancestors if a.pos_ in ("VERB", "AUX")]
    found: list[Token] = []
    if not clauses and verbs:
        found += [c for c in verbs[0].children if c.dep_ in ("dobj", "dative") and not _inside(token, c)]
    for verb in verbs:
        subjects = [c for c in verb.children if c.dep_ in SUBJECTS]
        own = any(_inside(token, c) for c in subjects)
        found += [] if own else subjects
        if not clauses and (subjects or verb.dep_ not in ("xcomp", "conj", "advcl", "aux")):
            break  # others have no subject to share
        controller = [c for c in verb.head.children if c.dep_ in ("dobj", "dative") and c.i < verb.i]
        if not clauses and verb.dep_ == "xcomp" and controller:
            found += controller  # "asked *them* to help him": they help, not whoever asks
            break
    return found


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
