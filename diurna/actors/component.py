"""The spaCy component `diurna_actors`: finds the noun phrases of a Doc and says who each stands for."""

from __future__ import annotations

from calendar import day_name, month_name
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from diurna.actors.judgement import Resolution
from diurna.actors.keys import key
from diurna.actors.memory import Memory
from diurna.actors.resolve import Resolver
from diurna.actors.spans import appositives, is_head, is_pronoun, phrase_end, phrase_start, relative_noun
from diurna.language.notes import Notes, NounPhrase, notes_of
from diurna.records import Participant

LEAST = 0.4  # below this a resolution only guesses from a modifier, and nobody is recorded
UNKNOWN_PERSON = 0.3
_CALENDAR = frozenset((*day_name, *month_name)) - {""}
NAMED = frozenset(("person", "body", "country", "seat", "region", "city"))


class ActorFinder:
    """Fills `notes.phrases` and `notes.phrase_at`.

    Args:
        tables: folder with the user's own tables, or None.
        own: files with the user's own actors.
    """

    def __init__(self, tables: Path | None = None, own: Sequence[Path] = ()) -> None:
        self.resolver = Resolver(tables, tuple(own))
        self.resolve = lru_cache(maxsize=20_000)(self.resolver.resolve)

    def __call__(self, doc: Doc) -> Doc:
        """Find and resolve every noun phrase outside page litter."""
        notes = notes_of(doc)
        memory = Memory()
        heads = [t for t in doc if is_head(t) and not _in_litter(t, notes)]
        for token in heads:
            if not is_pronoun(token) and token.dep_ != "compound":
                self._read_name(token, notes.published, memory)
        for token in heads:
            if token.i not in notes.phrase_at:
                self._add(token, notes, memory)
        for token in doc:
            if token.i not in notes.phrase_at and token.pos_ in ("ADJ", "PROPN", "NOUN") and not _in_litter(token, notes):
                self._add_adjective(token, notes)
        _link_relatives(doc, notes)
        for phrase in notes.phrases:
            _share_nationalities(doc[phrase.head], phrase, notes)
        return doc

    def _read_name(self, head: Token, when: date | None, memory: Memory) -> None:
        """First pass: remember fuller names, so that family names alone find them, in a headline too."""
        found = self._resolution(head, when)
        if found and found.kind == "person" and found.sectors and found.confidence >= LEAST:
            memory.remember(found)
        elif head.pos_ == "PROPN" and head.ent_type_ == "PERSON" and (name := _person_name(head)):
            memory.remember(Resolution(name, "", "", ("CVL",), "", "unknown person", UNKNOWN_PERSON, "person"))

    def _resolution(self, head: Token, when: date | None) -> Resolution | None:
        start, end = phrase_start(head), phrase_end(head)
        found: Resolution | None = self.resolve(head.doc[start:end].text, when)
        for other in appositives(head):
            named: Resolution | None = self.resolve(head.doc[phrase_start(other) : phrase_end(other)].text, when)
            found = _joined(found, named, head, other)
        return found

    def _add(self, head: Token, notes: Notes, memory: Memory) -> None:
        if is_pronoun(head):
            _record(notes, head, head.i, head.i + 1, "pronoun", None)
            return
        if head.dep_ in ("compound", "nmod", "amod") and head.head.i > head.i and head.pos_ != "PRON":
            self._add_compound(head, notes, memory)
            return
        start, end = phrase_start(head), phrase_end(head)
        if end - start == 1 and head.text in _CALENDAR:
            return  # "Friday" is a day before it is Godwin Friday
        found = self._resolution(head, notes.published)
        if found is None or found.kind in ("person", "city", "") or not found.sectors:
            found = self._remembered(head, start, found, memory)
        kind = "name" if (found and found.kind in NAMED) or head.pos_ == "PROPN" else "description"
        if kind == "name" and found and found.kind in NAMED:
            end = head.i + 1
        _record(notes, head, start, end, kind, _participant(head.doc, start, end, found))

    def _remembered(self, head: Token, start: int, found: Resolution | None, memory: Memory) -> Resolution | None:
        name = _person_name(head) if head.pos_ == "PROPN" else ""
        earlier = memory.find(name) if name else None
        if earlier is None:
            return found
        weak = found is None or not found.sectors or found.kind != "person" or found.confidence < 0.9 or not found.country
        return earlier if weak or (found and found.name != earlier.name and " " not in name) else found

    def _add_compound(self, head: Token, notes: Notes, memory: Memory) -> None:
        """ "Taliban attack", "police raid", "U.S. airstrikes": a noun before a noun is a phrase when it is somebody by itself."""
        if self._names_no_actor(head):
            return
        start, end = phrase_start(head), head.i + 1
        found: Resolution | None = self.resolve(head.doc[start:end].text, notes.published)
        whole = self._resolution(head.head, notes.published)
        if (
            whole
            and whole.kind in ("person", "body")
            and whole.confidence >= 0.6
            and not (found and found.kind in ("country", "seat"))
        ):
            return
        if found and whole and whole.kind in ("country", "region") and key(found.name) != key(whole.name):
            return  # "Papua" in "Papua New Guinea"
        if found is None and (earlier := memory.find(head.text)):
            found = earlier
        if found and found.kind == "person" and head.head.ent_type_ == "PERSON" == head.ent_type_:
            return  # the given name of somebody else
        if (
            found is None
            or found.confidence < LEAST
            or (found.kind not in NAMED and whole and whole.sectors and whole.confidence >= LEAST)
        ):
            return
        kind = "name" if found.kind in NAMED else "description"
        _record(notes, head, start, end, kind, _participant(head.doc, start, end, found))

    def _names_no_actor(self, token: Token) -> bool:
        """ "the Korean War", "the Persian Gulf": the country in such a name does nothing."""
        texts = (token.doc[token.i : token.i + n].text for n in (2, 3))
        return any(sense.kind == "nonactor" for text in texts for sense in self.resolver.base.senses(key(text)))

    def _add_adjective(self, token: Token, notes: Notes) -> None:
        if not token.text[:1].isupper() or self._names_no_actor(token):
            return
        start = (
            token.i - 1
            if token.i and token.nbor(-1).text in ("North", "South", "East", "West", "Saudi", "New", "Sri", "Bosnian")
            else token.i
        )
        for first in dict.fromkeys((start, token.i)):
            text = token.doc[first : token.i + 1].text
            senses = [s for s in self.resolver.base.senses(key(text)) if s.kind in ("adjective", "country", "region", "seat")]
            if senses and token.i not in notes.phrase_at:
                found = self.resolve(text, notes.published)
                if found and found.country:
                    sectors = ("GOV", *found.sectors[1:])
                    found = Resolution(
                        found.name, f"country:{found.country}", found.country, sectors, "", found.resolved_by, 0.6, "adjective"
                    )
                    _record(notes, token, first, token.i + 1, "name", _participant(token.doc, first, token.i + 1, found))


def _person_name(head: Token) -> str:
    """Return the unbroken run of names around a head: "Maria Lopez"; empty for other capitalised words."""
    start = head.i
    while start > 0 and head.nbor(start - head.i - 1).pos_ == "PROPN" and head.doc[start - 1].ent_type_ == "PERSON":
        start -= 1
    words = [t.text for t in head.doc[start : head.i + 1]]
    return " ".join(words).replace(" - ", "-") if head.text[:1].isupper() and head.is_alpha else ""


def _joined(found: Resolution | None, other: Resolution | None, head: Token, apposed: Token) -> Resolution | None:
    """Join a noun and its apposition: the name wins, the description gives the role ("the rebel leader, John Garang")."""
    if other is None or not other.sectors:
        name = _person_name(apposed) if apposed.ent_type_ == "PERSON" else ""
        if found is None or not name or found.kind != "human" or head.tag_ in ("NNS", "NNPS"):
            return found
        return replace(found, name=name, kind="person", resolved_by=f"apposition: {found.resolved_by}")
    if found is None or not found.sectors or found.kind == "city":
        countryman = other.kind in ("demonym", "adjective") and bool(other.country)  # "Robert Frowick, an American"
        if head.pos_ == "PROPN" and (countryman or (other.kind in ("person", "human") and not other.entity_id)):
            name = _person_name(head) or head.text
            sectors = ("CVL",) if countryman else other.sectors
            return Resolution(name, "", other.country, sectors, other.office, f"apposition: {other.resolved_by}", 0.7, "person")
        if head.pos_ == "PROPN" and other.kind == "group" and other.confidence >= LEAST:
            text = head.doc[phrase_start(head) : head.i + 1].text
            return Resolution(text, "", other.country, other.sectors, "", f"apposition: {other.resolved_by}", 0.6, "body")
        return other if other.confidence >= LEAST and apposed.pos_ == "PROPN" else found
    if other.entity_id and other.kind == "person" and found.kind in ("person", "human") and not found.entity_id:
        out_of_office = other.sectors == ("ELI",) and "; former" not in other.resolved_by
        if out_of_office and found.office and found.sectors and found.country in ("", other.country):  # the text beats the table
            rule = f"apposition: {found.resolved_by}; {other.resolved_by}"
            return replace(other, sectors=found.sectors, office=found.office, resolved_by=rule)
        return other
    return found


def _participant(doc: Doc, start: int, end: int, found: Resolution | None) -> Participant | None:
    if found is None or not found.sectors or (found.confidence < LEAST and found.resolved_by != "unknown person"):
        return None
    span = doc[start:end]
    return Participant(
        span.text,
        ((span.start_char, span.end_char),),
        found.name,
        found.entity_id,
        found.country,
        found.sectors,
        found.office,
        found.resolved_by,
        found.confidence,
    )


def _record(notes: Notes, head: Token, start: int, end: int, kind: str, participant: Participant | None) -> None:
    index = len(notes.phrases)
    notes.phrases.append(NounPhrase(start, end, head.i, kind, participant))
    notes.phrase_at[head.i] = index
    if kind == "name" and participant:
        for token in head.doc[start : head.i]:
            if token.pos_ == "PROPN" and token.text in participant.name and token.dep_ == "compound":
                notes.phrase_at.setdefault(token.i, index)


def _link_relatives(doc: Doc, notes: Notes) -> None:
    for phrase in notes.phrases:
        if phrase.kind == "pronoun" and (noun := relative_noun(doc[phrase.head])) is not None:
            index = notes.phrase_at.get(noun.i, -1)
            if index >= 0:
                phrase.antecedent, phrase.participant = index, notes.phrases[index].participant


def _share_nationalities(head: Token, phrase: NounPhrase, notes: Notes) -> None:
    """ "*Syrian and Russian* jets" are two participants, each with the sectors of the noun."""
    if phrase.participant is None or head.tag_ != "NNS" or phrase.kind == "pronoun":
        return
    for first in (c for c in head.lefts if c.dep_ in ("amod", "compound", "nmod")):
        joined = [first, *(t for t in first.conjuncts if t.i < head.i)]
        found = [(t, notes.phrases[notes.phrase_at[t.i]]) for t in joined if t.i in notes.phrase_at]
        countries = {p.participant.country for _, p in found if p.participant is not None and p.participant.country}
        if len(found) == len(joined) == len(countries) > 1:
            for token, single in found:
                if single.participant is not None:
                    name = f"{token.text} {head.text}"
                    single.participant = replace(single.participant, name=name, entity_id="", sectors=phrase.participant.sectors)
            phrase.members = [notes.phrase_at[t.i] for t, _ in found]
            phrase.participant = None
            return


def _in_litter(token: Token, notes: Notes) -> bool:
    return any(start < token.idx + len(token) and token.idx < end for start, end in notes.boilerplate)


@Language.factory(
    "diurna_actors",
    default_config={"tables": "", "actors": []},
    requires=["token.pos", "token.tag", "token.dep", "token.head"],
    assigns=["doc._.diurna"],
)
def make_actors(nlp: Language, name: str, tables: str, actors: list[str]) -> ActorFinder:
    """Make the component; `tables` is the folder with the user's own tables, empty for none, `actors` files of own actors."""
    notes_of(nlp.make_doc(""))  # registers the extension that `assigns` names
    return ActorFinder(Path(tables) if tables else None, [Path(file) for file in actors])
