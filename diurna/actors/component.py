"""The spaCy component `diurna_actors`: finds the noun phrases of a Doc and says who each stands for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from diurna.actors.cities import city_country
from diurna.actors.doubt import by_report, is_doubtful
from diurna.actors.judgement import Resolution
from diurna.actors.keys import key
from diurna.actors.memory import Memory, bears_name_of
from diurna.actors.naming import LEAST, NAMESAKE, is_inside, joined, mention, names_accord, person_name, reach, titles_of_works
from diurna.actors.resolve import Resolver
from diurna.actors.spans import appositives, is_head, is_pronoun, phrase_end, phrase_start, relative_noun
from diurna.actors.words import calendar_names, words_of
from diurna.language.mending import mend
from diurna.language.notes import Notes, NounPhrase, notes_of
from diurna.records import Participant

UNKNOWN_PERSON = 0.3
_CONDITION = words_of("condition")
NAMED = frozenset(("person", "body", "country", "seat", "region", "city"))


class ActorFinder:
    """Fills `notes.phrases` and `notes.phrase_at`.

    Args:
        tables: folder with the user's own tables, or None.
        own: files with the user's own actors.
    """

    def __init__(self, tables: Path | None = None, own: Sequence[Path] = ()) -> None:
        self.resolver = Resolver(tables, tuple(own))
        senses = self.resolver.base.lexicon.items()
        self._nonactors = {words.split(" ")[0] for words, found in senses if any(s.kind == "nonactor" for s in found)}
        self.resolve = lru_cache(maxsize=20_000)(self.resolver.resolve)

    def __call__(self, doc: Doc) -> Doc:
        """Find and resolve every noun phrase outside page litter."""
        mend(doc, self._is_person)
        notes = notes_of(doc)
        memory = Memory()
        titled = titles_of_works(doc)
        passed = titled | _litter(doc, notes)
        heads = [t for t in doc if is_head(t) and t.i not in passed]
        for token in heads:
            if not is_pronoun(token) and token.dep_ != "compound":
                self._read_name(token, notes.published, memory)
        for token in heads:
            if token.i not in notes.phrase_at:
                self._add(token, notes, memory)
        self._choose_by_report(doc, notes)
        for token in doc:
            if token.i in notes.phrase_at or token.i in passed:
                continue
            if token.pos_ in ("ADJ", "PROPN", "NOUN"):
                self._add_adjective(token, notes)
        _link_relatives(doc, notes)
        for phrase in notes.phrases:
            _share_nationalities(doc[phrase.head], phrase, notes)
            _share_titles(doc[phrase.head], phrase, notes)
        return doc

    def _is_person(self, words: str) -> bool:
        return any(sense.kind == "person" for sense in self.resolver.base.senses(key(words)))

    def _choose_by_report(self, doc: Doc, notes: Notes) -> None:
        """ "The SDF" is of Syria in a report that names Syria, and of Japan in one that names Japan."""
        known = [p for p in notes.phrases if p.participant is not None]
        doubtful = [p for p in known if p.participant is not None and is_doubtful(p.participant.resolved_by)]
        if not doubtful:
            return
        named = Counter(p.participant.country for p in known if p.participant is not None and p not in doubtful)
        del named[""]
        for phrase in doubtful:
            span = doc[phrase.start : phrase.end]
            found = self.resolver.resolve(span.text, notes.published)
            senses = self.resolver.bearers_named(span.text)
            if found is not None:
                chosen = by_report(found, senses, notes.published, named)
                phrase.participant = _participant(doc, phrase.start, phrase.end, chosen)

    def _read_name(self, head: Token, when: date | None, memory: Memory) -> None:
        """First pass: remember fuller names, so that family names alone find them, in a headline too."""
        found = self._resolution(head, when)
        if found and found.kind == "person" and found.sectors and found.confidence >= LEAST:
            memory.remember(found)
        elif head.pos_ == "PROPN" and head.ent_type_ == "PERSON" and (name := person_name(head)) and not _is_city(name):
            memory.remember(Resolution(name, "", "", ("CVL",), "", "unknown person", UNKNOWN_PERSON, "person"))

    def _resolution(self, head: Token, when: date | None) -> Resolution | None:
        found: Resolution | None = self.resolve(mention(head), when)
        for other in appositives(head):
            named: Resolution | None = self.resolve(head.doc[phrase_start(other) : phrase_end(other)].text, when)
            found = joined(found, named, head, other)
        return found

    def _add(self, head: Token, notes: Notes, memory: Memory) -> None:
        if is_pronoun(head):
            _record(notes, head, head.i, head.i + 1, "pronoun", None)
            return
        if head.dep_ in ("compound", "nmod", "amod") and head.head.i > head.i and head.pos_ != "PRON":
            self._add_compound(head, notes, memory)
            return
        start, end = phrase_start(head), phrase_end(head)
        if head.text in calendar_names() and (end - start == 1 or _is_numbered(head)):
            return  # "Friday" is a day before it is Godwin Friday, and "May 3" one before it is Theresa May
        if _is_measure(head) or _is_condition(head, start):
            _record(notes, head, start, end, "description", None)
            return
        found = self._resolution(head, notes.published)
        if found is None or found.kind in ("person", "city", "") or not found.sectors:
            found = self._remembered(head, start, found, memory)
        kind = "name" if (found and found.kind in NAMED) or head.pos_ == "PROPN" else "description"
        inside = (head.i, head.i + 1)
        if kind == "name" and found and found.kind in NAMED:
            inside = reach(self.resolver.base, start, end, head) if end - start > 1 else inside
            end = inside[1]
        _record(notes, head, start, end, kind, _participant(head.doc, start, end, found))
        for i in range(*inside):
            notes.phrase_at.setdefault(i, notes.phrase_at[head.i])

    def _remembered(self, head: Token, start: int, found: Resolution | None, memory: Memory) -> Resolution | None:
        name = person_name(head) if head.pos_ == "PROPN" else ""
        earlier = memory.find(name) if name else None
        if earlier is None or (found and NAMESAKE in found.resolved_by):
            return found
        if found and bears_name_of(earlier, found):
            return earlier
        weak = found is None or not found.sectors or found.kind != "person" or found.confidence < 0.9 or not found.country
        return earlier if weak or (found and found.name != earlier.name and " " not in name) else found

    def _add_compound(self, head: Token, notes: Notes, memory: Memory) -> None:
        """ "Taliban attack", "police raid", "U.S. airstrikes": a noun before a noun is a phrase when it is somebody by itself."""
        if self._names_no_actor(head) or is_inside(self.resolver.base, head):
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
        if found and found.kind in ("seat", "city") and names_accord(head):
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
        if token.lower_ not in self._nonactors:
            return False
        texts = (token.doc[token.i : token.i + n].text for n in (2, 3))
        return any(sense.kind == "nonactor" for text in texts for sense in self.resolver.base.senses(key(text)))

    def _add_adjective(self, token: Token, notes: Notes) -> None:
        if not token.text[:1].isupper() or self._names_no_actor(token) or is_inside(self.resolver.base, token):
            return
        start = (
            token.i - 1
            if token.i and token.nbor(-1).text in ("North", "South", "East", "West", "Saudi", "New", "Sri", "Bosnian")
            else token.i
        )
        for first in dict.fromkeys((start, token.i)):
            text = token.doc[first : token.i + 1].text
            senses = [s for s in self.resolver.base.senses(key(text)) if s.kind in ("adjective", "country", "region", "seat")]
            made_there = names_accord(token) and all(s.kind == "seat" for s in senses)
            if senses and not made_there and token.i not in notes.phrase_at:
                found = self.resolve(text, notes.published)
                if found and found.country:
                    sectors = ("GOV", *found.sectors[1:])
                    found = Resolution(
                        found.name, f"country:{found.country}", found.country, sectors, "", found.resolved_by, 0.6, "adjective"
                    )
                    _record(notes, token, first, token.i + 1, "name", _participant(token.doc, first, token.i + 1, found))


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
    _share_sectors(head, phrase.participant, notes)
    for first in (c for c in head.lefts if c.dep_ in ("amod", "compound", "nmod")):
        joined = [first, *(t for t in first.conjuncts if t.i < head.i)]
        found = [(t, notes.phrases[notes.phrase_at[t.i]]) for t in joined if t.i in notes.phrase_at]
        countries = {p.participant.country for _, p in found if p.participant is not None and p.participant.country}
        if len(found) == len(joined) == len(countries) > 1:
            for token, single in found:
                if single.participant is not None:
                    name = f"{token.text} {head.text}"
                    single.start, single.end = phrase.start, phrase.end
                    single.participant = replace(single.participant, name=name, entity_id="", sectors=phrase.participant.sectors)
            phrase.members = [notes.phrase_at[t.i] for t, _ in found]
            phrase.participant = None
            return


def _share_titles(head: Token, phrase: NounPhrase, notes: Notes) -> None:
    """ "Deputy Foreign Ministers Eduardo Ponce of Peru and *Marcelo Fernandez* of Ecuador": a plural title is everybody's."""
    titled = phrase.participant
    plural = any(c.tag_ in ("NNS", "NNPS") for c in head.lefts if c.dep_ in ("compound", "nmod"))
    plural = plural or (titled is not None and bool(titled.office) and titled.resolved_by.startswith("agents.tsv"))
    if titled is None or head.pos_ != "PROPN" or not plural or head.tag_ != "NNP":
        return
    for other in (t for t in head.conjuncts if t.i > head.i and t.pos_ == "PROPN"):
        index = notes.phrase_at.get(other.i, -1)
        found = notes.phrases[index].participant if index >= 0 else None
        if found is None or found.entity_id or found.resolved_by != "unknown person":
            continue
        places = [c for prep in other.children if prep.lower_ == "of" for c in prep.children if c.dep_ == "pobj"]
        home = [p for c in places if (p := notes.phrases[i].participant if (i := notes.phrase_at.get(c.i, -1)) >= 0 else None)]
        notes.phrases[index].participant = replace(
            found,
            country=home[0].country if home else "",
            sectors=titled.sectors,
            office=titled.office,
            resolved_by=f"title shared: {titled.resolved_by}",
            confidence=0.6,
        )


def _share_sectors(head: Token, participant: Participant, notes: Notes) -> None:
    """ "*Kyrgyz* and Tajik units", where the parse takes the first nationality for a noun."""
    first = head.head
    index = notes.phrase_at.get(first.i, -1)
    bare = head.dep_ == "conj" and first.i + 2 < head.i and first.nbor(1).lower_ == "and" and first.tag_ in ("NNP", "JJ")
    if not bare or index < 0 or first.nbor(2).i not in notes.phrase_at or first.nbor(2).head != head:
        return
    phrase = notes.phrases[index]
    other = notes.phrases[notes.phrase_at[first.nbor(2).i]].participant
    if phrase.participant is None or other is None or phrase.end - phrase.start > 1 or not other.entity_id.startswith("country:"):
        return
    if phrase.participant.entity_id.startswith("country:") and not phrase.participant.name.startswith(first.text + " "):
        name = f"{first.text} {head.text}"
        if first.text != phrase.participant.name:
            phrase.participant = replace(phrase.participant, name=name, entity_id="", sectors=participant.sectors)


def _is_city(name: str) -> bool:
    return " " not in name and city_country(name) is not None


def _is_numbered(head: Token) -> bool:
    return head.i + 1 < len(head.doc) and head.nbor(1).like_num


def _is_measure(head: Token) -> bool:
    """ "a million dollars *a head*"."""
    return head.dep_ == "npadvmod" and head.pos_ == "NOUN"


def _is_condition(head: Token, start: int) -> bool:
    """ "went into *exile*": not one exiled."""
    return start == head.i and head.dep_ == "pobj" and head.lower_ in _CONDITION


def _litter(doc: Doc, notes: Notes) -> set[int]:
    """Return the tokens that touch page litter."""
    starts, ends = ([t.idx + len(t) * side for t in doc] for side in range(2))
    return {i for a, b in notes.boilerplate for i in range(bisect_right(ends, a), bisect_left(starts, b))}


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
