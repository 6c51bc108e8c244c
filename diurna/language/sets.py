"""Sets: "the two leaders", "both sides", "the three countries" stand for members met before (codebook, section 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from spacy.tokens import Token

from diurna.actors.words import words_of
from diurna.language.notes import NounPhrase
from diurna.language.reading import Cues, Reading
from diurna.language.salience import SUBJECTS, Candidate, coarguments, is_named, is_state, placed

_REACH = 8  # sentences
_COORDINATED = 4
_FADING = 0.3  # how much less a mention counts for each sentence in between
_PRIVATE = (("CVL",), ("JRN",), ("EDU",), ("MED",), ("AGR",), ("BUS",), ())
_ANYBODY = words_of("anybody")
_ASIDE = 0.5  # a mention in a dateline, as a place or as an adjective


def link_set(reading: Reading, phrase: NounPhrase, head: Token, cues: Cues, count: int) -> bool:
    """Give a phrase its members; False when fewer than `count` are found."""
    for kind in (kind for kind in ("set", "sides") if kind in cues):
        near = reading.near(head, _REACH, dateline=True)
        members = _persons(reading, head, near, count) if kind == "set" else _sides(reading, head, near, count)
        if not members and kind == "set" and phrase.participant is not None and phrase.participant.sectors[:1] == ("GOV",):
            members = _states(reading, head, near, count)  # "both presidents" after Peru and Ecuador
        if members:
            phrase.members = sorted({c.index for c in members})
            phrase.participant = None
            return True
    return False


def link_apposed_set(reading: Reading, phrase: NounPhrase, head: Token) -> bool:
    """ "The three guarantors – *Russia, Turkey and Iran* – spurned …": those named are meant."""
    for child in (c for c in head.rights if c.dep_ == "appos" and c.pos_ == "PROPN"):
        found = [reading.notes.phrase_at.get(t.i, -1) for t in (child, *child.conjuncts)]
        parties = [reading.notes.phrases[i].participant for i in found if i >= 0]
        if len(parties) == len(found) > 1 and all(p is not None and p.country for p in parties):
            phrase.members, phrase.participant = sorted(found), None
            return True
    return False


def may_be_bare(reading: Reading, head: Token) -> bool:
    """ "the parties" are the sides, unless they are described or a political party is about."""
    if head.lemma_.lower() != "party":
        return True
    described = any(c.dep_ in ("amod", "compound", "prep", "relcl", "predet") for c in head.children)
    return not described and all(c.participant.sectors[:1] != ("PTY",) for c in reading.met)


def _persons(reading: Reading, head: Token, near: list[Candidate], count: int) -> list[Candidate]:
    rivals = reading.rivals(head, clauses=False)
    people = [c for c in near if c.person and not c.adjective and c.country_or_name and c.participant.name not in rivals]
    named = [c for c in people if is_named(c)] or people
    if head.lemma_.lower() not in _ANYBODY:  # "the two rivals" are politicians, not the man who shot one
        political = [c for c in named if c.participant.sectors[:1] not in _PRIVATE]
        named = political if len({c.participant.name for c in political}) >= count else named
    single = [c for c in named if not c.phrase.members]
    return _coordinated(reading, head, single, count, lambda c: c.participant.name) or _latest(single, count)


def _latest(people: list[Candidate], count: int) -> list[Candidate]:
    """The persons met last; whoever is only an adjunct of another's phrase comes in when no others are there."""
    members: dict[str, Candidate] = {}
    for found in reversed(people):
        members.setdefault(found.participant.name, found)
        if len(members) == count:
            return list(members.values())
    return []


def _sides(reading: Reading, head: Token, near: list[Candidate], count: int) -> list[Candidate]:
    mixed = head.lemma_.lower() in ("side", "party")
    parties = [c for c in near if c.country and (mixed or not c.person) and not c.phrase.members]
    return (
        _bodies(reading, _coordinated(reading, head, parties, count, _side))
        or _states(reading, head, near, count)
        or _opposed(reading, head, parties, count)
    )


def _opposed(reading: Reading, head: Token, parties: list[Candidate], count: int) -> list[Candidate]:
    """ "The front accused Morocco": two parties of one clause, though both may be of one country."""
    subjects = [c for c in parties if c.head.dep_ in SUBJECTS and reading.sentence_of[head.i] - c.sentence <= _COORDINATED]
    for subject in reversed(subjects if count == 2 else []):
        others = [c for c in parties if coarguments(c.head, subject.head) and _side(c) != _side(subject)]
        if others:
            return [subject, others[0]]
    return []


def _bodies(reading: Reading, members: list[Candidate]) -> list[Candidate]:
    """ "commanders *of the Front*": the side is the body."""
    bodies = []
    for member in members:
        inside = [c for prep in member.head.children if prep.lower_ == "of" for c in prep.children if c.dep_ == "pobj"]
        body = next((c for c in reading.met if c.head in inside and is_named(c) and not is_state(c)), None)
        bodies.append(body if body is not None and member.phrase.kind == "description" else member)
    return bodies


def _side(found: Candidate) -> str:
    return found.country if is_state(found) or found.person else found.participant.name


def _coordinated(
    reading: Reading, head: Token, near: list[Candidate], count: int, identity: Callable[[Candidate], str]
) -> list[Candidate]:
    """The members of one coordination ("A and B") of exactly that many."""
    here = reading.sentence_of[head.i]
    for found in reversed([c for c in near if here - c.sentence <= _COORDINATED]):
        joined = {found.head.i, *(t.i for t in found.head.conjuncts)}
        group = [c for c in near if c.head.i in joined]
        if len({identity(c) for c in group}) == len(joined) == count:
            return group
    return []


def _states(reading: Reading, head: Token, near: list[Candidate], count: int) -> list[Candidate]:
    """The countries that the last sentences speak of most, through themselves or their people."""
    here = reading.sentence_of[head.i]
    weights: Counter[str] = Counter()
    latest: dict[str, Candidate] = {}
    for found in near:
        if found.country not in reading.countries or found.phrase.members:
            continue
        aside = found.adjective or placed(found) or found.head.i in reading.dateline_tokens
        weights[found.country] += (_ASIDE if aside else 1.0) / (1 + _FADING * (here - found.sentence))  # type: ignore[assignment]
        if found.country not in latest or is_state(found) or not is_state(latest[found.country]):
            latest[found.country] = found
    chosen = [country for country, _ in weights.most_common(count)]
    return [latest[country] for country in chosen] if len(chosen) == count else []
