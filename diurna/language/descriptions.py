"""Descriptions that stand for somebody named before: "the regime", "the movement", "the former general", "his superior"."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from spacy.tokens import Token

from diurna.actors.words import words_of
from diurna.language.grammar import is_definite
from diurna.language.notes import NounPhrase
from diurna.language.presence import weigh
from diurna.language.reading import Cues, Reading
from diurna.language.salience import (
    Candidate,
    apposed_country,
    governing_subject_country,
    is_named,
    is_state,
    placed,
    root_subject_country,
)

_REACH = 4  # sentences
_PERSON_REACH = 8
_UNTITLED_REACH = 2
_CROWD_REACH = 3
_HEADING = words_of("heading")
_NEWCOMER = words_of("newcomer")
_ARMED = frozenset(("REB", "UAF", "IMG", "PRM", "CRM"))
_BODIES = frozenset(("IGO", "UNO", "EUR", "NGO", "IMG", "MNC"))
_ORGAN = words_of("organ")
_OWN = 2.0  # a government named by description is seldom the one that acts on it
_OFTEN = 0.25  # for each mention of a country, up to ten
_NAME = 1.5
_SAME_COUNTRY = 1.5


def link_description(reading: Reading, phrase: NounPhrase, head: Token, cues: Cues) -> bool:
    """Link a definite description; False when nobody met before fits."""
    if "superior" in cues:
        return _superior(reading, phrase, head)
    plural = head.tag_ in ("NNS", "NNPS")
    if "state" in cues and not plural:
        return not _placed_abroad(phrase) and _state(reading, phrase, head, cues)
    if "group" in cues and not _is_name(head) and _group(reading, phrase, head):
        return True
    if "many" in cues and plural and _many(reading, phrase, head, cues["many"][0]):
        return True
    if not plural and is_person_noun(phrase, cues) and _person(reading, phrase, head, cues):
        return True
    same = [
        c
        for c in reading.met
        if c.head.lemma_ == head.lemma_
        and (c.country or c.participant.sectors)
        and c.plural == plural
        and c.head.dep_ != "amod"
        and c.head.i != head.i
    ]
    described = phrase.participant is not None and bool(phrase.participant.country)
    return bool(same) and not described and "state" not in cues and reading.copy(phrase, same[-1].index)


def _is_name(head: Token) -> bool:
    """ "the Joint Action *Front*" is a name though nobody knows it."""
    return head.pos_ == "PROPN" and any(c.pos_ == "PROPN" for c in head.lefts)


def is_person_noun(phrase: NounPhrase, cues: Cues) -> bool:
    """Tell whether the head names one person: an office or rank, or a noun that the tables call a figure."""
    participant = phrase.participant
    if participant is not None and ("offices.tsv" in participant.resolved_by or "; former" in participant.resolved_by):
        return True
    return bool({"figure", "title"} & set(cues))


def _placed_abroad(phrase: NounPhrase) -> bool:
    """ "the Argentine government" says itself whose it is."""
    return phrase.participant is not None and bool(phrase.participant.country)


def _person(reading: Reading, phrase: NounPhrase, head: Token, cues: Cues) -> bool:
    """ "the president", "the ailing marshal": by title where the noun is a title, else the most present person."""
    participant = phrase.participant
    if head.lemma_.lower() in _HEADING and any(c.lower_ == "of" for c in head.rights):
        return False  # "the head of General Security" says himself who he is
    owners = [reading.at(c) for c in head.children if c.dep_ == "poss" and c.pos_ == "PROPN"]
    if any(owner is not None and owner.entity_id.startswith("person:") for owner in owners):
        return False  # "Medvedev's lawyer" is nobody who was met before
    rivals = reading.rivals(head, clauses=True)
    near = [c for c in reading.near(head, _PERSON_REACH) if _may_be(reading, phrase, c) and c.participant.name not in rivals]
    titled = [c for c in near if head.lemma_.lower() in reading.titles.get(c.participant.name, ())]
    former = participant is not None and participant.sectors[:1] == ("ELI",)
    office = participant.office if participant is not None else ""
    if titled and office and " " in office:
        titled = [c for c in titled if office in c.participant.office] or titled
    left = [c for c in near if c.participant.name in reading.departed] if former or _is_out(head) else []
    if left:
        titled = left
    elif titled and former:
        titled = [c for c in titled if c.participant.sectors[:1] == ("ELI",)] or _introduced(reading, titled, 0)
    elif titled and _NEWCOMER & {c.lower_ for c in head.lefts}:
        titled = _introduced(reading, titled, -1)
    elif participant is not None:  # "the president" is a head of state before he is a union's
        titled = [c for c in titled if c.participant.sectors[:1] == participant.sectors[:1]] or titled
    if not titled and _only_by_title(phrase, head, cues):
        here = reading.sentence_of[head.i]
        near = _untitled(phrase, [c for c in near if here - c.sentence <= _UNTITLED_REACH])
    best = reading.best(head, titled or near)
    return best is not None and _copy_person(reading, phrase, best)


def _is_out(head: Token) -> bool:
    return any(c.lower_ in ("ousted", "deposed", "retired", "outgoing", "toppled", "fallen") for c in head.lefts)


def _introduced(reading: Reading, found: list[Candidate], place: int) -> list[Candidate]:
    """Mentions of whoever the report names first (0), as "the *former* president", or last (-1), as "the *new* president"."""
    names = list(dict.fromkeys(c.participant.name for c in reading.met if c.person))
    wanted = sorted({c.participant.name for c in found}, key=names.index)[place]
    return [c for c in found if c.participant.name == wanted]


def _untitled(phrase: NounPhrase, near: list[Candidate]) -> list[Candidate]:
    """Persons whose office is not known, for "the general" after a name without a rank; those of the same sector first."""
    sectors = phrase.participant.sectors[:1] if phrase.participant is not None else ()
    if sectors and sectors[0] in _ARMED:  # "the FARC commander" for a leader of it
        return [c for c in near if c.participant.sectors[:1] == sectors]
    if sectors == ("MIL",) and (officers := [c for c in near if "MIL" in c.participant.sectors]):
        return officers  # "the general" for a president by his own hand
    free = [c for c in near if not c.participant.office]
    same = [c for c in free if c.participant.sectors[:1] == sectors]
    return same or [c for c in free if c.participant.sectors[:1] in (("ELI",), ("CVL",))]


def _copy_person(reading: Reading, phrase: NounPhrase, found: Candidate) -> bool:
    """Copy a person; a country that the description names is better than one taken from the surroundings."""
    own = phrase.participant
    copied = reading.copy(phrase, found.index)
    if copied and own is not None and phrase.participant is not None and own.country and _is_guess(found):
        phrase.participant = replace(phrase.participant, country=own.country)
    return copied


def _is_guess(found: Candidate) -> bool:
    return found.participant.resolved_by.startswith("surroundings")


def _may_be(reading: Reading, phrase: NounPhrase, found: Candidate) -> bool:
    if not found.person or found.plural or found.adjective or not is_named(found):
        return False
    country = phrase.participant.country if phrase.participant is not None else ""
    known = found.country if not _is_guess(found) else ""
    abroad = country and known and country != known and country not in _BODIES
    return not abroad and not reading.doc[phrase.head].is_ancestor(found.head)


def _only_by_title(phrase: NounPhrase, head: Token, cues: Cues) -> bool:
    """A bare office ("the president", "the minister") means whoever holds it; an epithet or a figure means anybody."""
    epithet = any(c.dep_ == "amod" or c.tag_ == "VBN" for c in head.lefts)
    return "figure" not in cues and not epithet and phrase.participant is not None


def _group(reading: Reading, phrase: NounPhrase, head: Token) -> bool:
    word = head.lemma_.lower()
    near = [c for c in reading.near(head, _PERSON_REACH) if (not c.adjective or is_named(c)) and not c.person and c.country]
    if head.tag_ in ("NNS", "NNPS") and word in _ORGAN:
        near = [c for c in near if c.plural]
    fit = [c for c in near if _called(c, word)] or _of_kind(phrase, near, word)
    best = reading.best(head, fit, {c.index: _NAME * is_named(c) for c in fit})
    return best is not None and reading.copy(phrase, best.index)


def _many(reading: Reading, phrase: NounPhrase, head: Token, sectors: str) -> bool:
    """ "Gunmen seized a hotel. *The attackers* …": people met just before, without a name, whom the noun can describe."""
    here, wanted = reading.sentence_of[head.i], sectors.split()
    near = [
        c for c in reading.near(head, _CROWD_REACH) if c.plural and not c.adjective and c.head.tag_ == "NNS" and c.sentence < here
    ]
    fit = [c for c in near if c.participant.sectors[:1] and c.participant.sectors[0] in wanted]
    best = reading.best(head, fit)
    return best is not None and reading.copy(phrase, best.index)


def _called(found: Candidate, word: str) -> bool:
    """ "the alliance" for the Northern Alliance, "the front" for the Liberation Front."""
    return is_named(found) and word in found.participant.name.lower().split()


def _of_kind(phrase: NounPhrase, near: list[Candidate], word: str) -> list[Candidate]:
    """Armed groups for "the rebels", international bodies for "the bloc", parties for "the party", any body for "the group"."""
    sectors = phrase.participant.sectors if phrase.participant is not None else ()
    if phrase.participant is not None and phrase.participant.country in _BODIES:
        return [c for c in near if c.country in _BODIES and is_named(c)]
    bodies = [c for c in near if is_named(c) and not is_state(c)]
    at_home = [c for c in bodies if word in _ORGAN or c.country not in _BODIES or c.country == "IMG"]
    if _ARMED.intersection(sectors):
        return [c for c in near if _ARMED.intersection(c.participant.sectors)] or at_home
    if set(sectors[:1]) - {"CVL", "OPP", "REL"}:
        return [c for c in bodies if set(sectors[:1]) & set(c.participant.sectors)]
    return at_home


def _state(reading: Reading, phrase: NounPhrase, head: Token, cues: Cues) -> bool:
    near = reading.near(head, _REACH, dateline=True)
    among = cues.get("among", ("", ""))[0].split()
    near = [c for c in near if not among or c.country in among]
    country = apposed_country(head, reading.notes) or _present_country(reading, head, near)
    known = [c for c in reversed(reading.met) if c.country == country and c.head.i != head.i]
    source = next((c for c in known if is_state(c)), known[0] if known else None)
    if source is None or not country:
        return False
    if phrase.participant is None:
        return reading.copy(phrase, source.index)
    phrase.antecedent = source.index  # "the junta" keeps its own sectors
    phrase.participant = replace(
        phrase.participant,
        country=country,
        confidence=0.65,
        resolved_by=f"coreference: {source.participant.name}; {phrase.participant.resolved_by}",
    )
    return True


def _present_country(reading: Reading, head: Token, near: list[Candidate]) -> str:
    """The country most present, but seldom that of whoever acts on it: "Putin praised the *regime*"."""
    acting: list[str] = []
    if head.dep_ != "poss":
        acting = [governing_subject_country(head, reading.notes), root_subject_country(head, reading.notes)]
    counts, places = Counter(c.country for c in reading.met), reading.places(head, near)

    def weight(found: Candidate) -> float:
        often = _OFTEN * min(counts[found.country], 10) + _SAME_COUNTRY * (found.country == reading.dateline(head))
        return weigh(found, head, places[found.index]) + often - _OWN * acting.count(found.country) - placed(found)

    fit = [c for c in near if c.country in reading.countries]
    return max(fit, key=weight).country if fit else ""


def _superior(reading: Reading, phrase: NounPhrase, head: Token) -> bool:
    owner = next((c for c in head.children if c.dep_ == "poss"), None)
    person = reading.at(owner) if owner is not None else None
    if person is None:
        return False
    others = [
        c
        for c in reading.met
        if c.person and c.country == person.country and c.participant.name != person.name and c.phrase.kind == "name"
    ]
    counts = Counter(c.participant.name for c in others)
    best = max(others, key=lambda c: (counts[c.participant.name], c.head.i), default=None)
    return best is not None and reading.copy(phrase, best.index)


def link_foreigners(reading: Reading, phrase: NounPhrase, head: Token) -> bool:
    """ "the foreigners": people or a body from abroad met just before."""
    home = reading.home(head)
    near = [c for c in reading.near(head, _UNTITLED_REACH) if not c.adjective and not is_state(c) and not placed(c)]
    abroad = [c for c in near if c.country and c.country != home and (c.plural or not c.person)]
    return bool(abroad) and reading.copy(phrase, abroad[-1].index)


def serving(reading: Reading, phrase: NounPhrase, head: Token) -> None:
    """ "the Pakistanis" after Pakistani peacekeepers are these."""
    participant = phrase.participant
    if participant is None or head.tag_ not in ("NNS", "NNPS") or participant.sectors[:1] != ("CVL",) or not is_definite(head):
        return
    if not participant.resolved_by.startswith("countries.tsv") or any(c.dep_ == "amod" for c in head.lefts):
        return
    near = [
        c for c in reading.near(head, _REACH) if c.plural and c.country == participant.country and c.phrase.kind == "description"
    ]
    served = [c for c in near if c.participant.sectors[:1] not in ((), ("CVL",), ("GOV",)) and not _is_guess(c)]
    if served:
        reading.copy(phrase, served[-1].index)


def link_half(reading: Reading, phrase: NounPhrase, head: Token) -> bool:
    """ "the North" in a report on North and South Korea is the state of that name met last."""
    begins = f"{head.text} "
    named = [c for c in reading.met if head.text[:1].isupper() and c.participant.name.startswith(begins) and not c.person]
    return bool(named) and reading.copy(phrase, named[-1].index)


def link_apposed(reading: Reading, phrase: NounPhrase, head: Token) -> bool:
    """ "Kim Yong-nam, the country's ceremonial *leader*": both are one person."""
    index = reading.notes.phrase_at.get(head.head.i, -1) if head.dep_ == "appos" and phrase.participant else -1
    other = reading.notes.phrases[index].participant if index >= 0 else None
    if other is None or not other.country or phrase.participant is None:
        return False
    return (other.entity_id != "" or other.name == phrase.participant.name) and reading.copy(phrase, index)


def may_describe(phrase: NounPhrase, head: Token, cues: Cues) -> bool:
    """Tell whether a phrase with a country of its own may yet be somebody met before: "the Palestinian leader", "the bloc"."""
    person = is_person_noun(phrase, cues)
    owned = person and any(c.dep_ == "poss" and c.pos_ == "PROPN" for c in head.children)  # "the EU's foreign policy chief"
    return phrase.kind == "description" and (is_definite(head) or owned) and ("group" in cues or person)
