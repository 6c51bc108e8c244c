"""The spaCy component `diurna_coref`: who pronouns, descriptions ("the regime") and sets ("both sides") stand for.

Rules over the parse (codebook, section 3): number, gender and class must agree; among those left the most salient wins
(see `salience`). Nouns that nobody claims ("police", "residents") take the country of their surroundings, at low confidence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from diurna.actors.resolve import Resolver
from diurna.language.grammar import dateline_country, how_many, is_definite, is_human, is_pleonastic
from diurna.language.notes import Notes, NounPhrase, notes_of
from diurna.language.salience import (
    SUBJECTS,
    Candidate,
    apposed_country,
    candidate,
    governing_subject_country,
    placed,
    root_subject_country,
    salience,
)
from diurna.language.speakers import addressee_of, speaker_of
from diurna.records import Participant
from diurna.tables import load

_REACH = 4  # sentences
_PERSON_REACH = 3
_ARMED = frozenset(("REB", "UAF", "IMG", "PRM", "CRM"))
_PLACELESS = frozenset(("JRN", "BUS", "MNC", "NGO", "IGO", "SOC", "ELI"))
_SURROUNDINGS = 0.45
_NAMED_SURROUNDINGS = 0.35
_COLLECTIVE = 1.0  # "they" for one body: possible, less likely than for several people
_OWN = 2.0  # a government named by description is seldom the one that acts on it


class Coreference:
    """Links phrases to earlier ones; needs `diurna_actors` before it.

    Args:
        tables: folder with the user's own tables, or None.
    """

    def __init__(self, tables: Path | None = None) -> None:
        rows = load("cues/coref.tsv", ("word", "kind", "number", "gender"), tables)
        self.cues: dict[str, dict[str, tuple[str, str]]] = {}
        for row in rows:
            self.cues.setdefault(row["word"], {})[row["kind"]] = (row["number"], row["gender"])
        self.resolver = Resolver(tables)
        names = load("cues/coref_names.tsv", ("name", "gender"), tables)
        self.women = frozenset(row["name"].lower() for row in names if row["gender"] == "f")

    def __call__(self, doc: Doc) -> Doc:
        """Link every phrase in text order, so that chains of pronouns follow."""
        reading = _Reading(doc, notes_of(doc), self)
        order = sorted(range(len(reading.notes.phrases)), key=lambda i: reading.notes.phrases[i].head)
        spoken = {index for index in order if {"first", "second"} & set(reading.cues_of(index))}
        for index in [i for i in order if i not in spoken] + [i for i in order if i in spoken]:
            reading.read(index)
        return doc


class _Reading:
    """One pass over a Doc with the candidates met so far."""

    def __init__(self, doc: Doc, notes: Notes, rules: Coreference) -> None:
        self.doc, self.notes, self.rules = doc, notes, rules
        self.met: list[Candidate] = []
        self.things: list[Candidate] = []  # subjects that are nobody: "the meeting ... it"
        self.sentence_of = {token.i: n for n, sentence in enumerate(doc.sents) for token in sentence}
        self.dateline = dateline_country(doc, notes)
        self.countries = Counter(
            p.participant.country for p in notes.phrases if p.participant and len(p.participant.country) == 3
        )
        for unplaced in ("IGO", "UNO", "NGO", "IMG", "MNC", "EUR"):
            self.countries.pop(unplaced, None)

    def cues_of(self, index: int) -> dict[str, tuple[str, str]]:
        head = self.doc[self.notes.phrases[index].head]
        return self.rules.cues.get(head.lower_) or self.rules.cues.get(head.lemma_.lower()) or {}

    def read(self, index: int) -> None:
        phrase = self.notes.phrases[index]
        head = self.doc[phrase.head]
        cues = self.cues_of(index)
        if phrase.antecedent >= 0 and phrase.kind == "pronoun":
            phrase.participant = self.notes.phrases[phrase.antecedent].participant
            phrase.members = list(self.notes.phrases[phrase.antecedent].members)
        elif phrase.participant is None or not phrase.participant.country:
            self._link(phrase, head, cues)
        elif "common" in cues:
            self._at_home(phrase)
        if found := candidate(self.doc, self.notes, index, self.sentence_of[phrase.head], self.rules.women):
            self.met.append(found)
        elif head.dep_ in SUBJECTS and head.tag_ == "NN" and phrase.kind != "pronoun" and not phrase.members:
            self.things.append(
                Candidate(
                    index, head, phrase, Participant("", confidence=1.0), self.sentence_of[phrase.head], False, False, False, ""
                )
            )

    def _link(self, phrase: NounPhrase, head: Token, cues: dict[str, tuple[str, str]]) -> None:
        if phrase.kind == "pronoun" and not {"set"} & set(cues):
            self._pronoun(phrase, head, cues)
            return
        count = how_many(head)
        if (
            {"set", "sides"} & set(cues)
            and (count or head.lower_ in ("pair", "duo", "trio", "couple"))
            and self._set(phrase, head, cues, count or 2)
        ):
            return
        if "half" in cues and phrase.participant is None and self._half(phrase, head):
            return
        if self._apposed(phrase, head) or self._owned(phrase, head, cues):
            return
        if is_definite(head) and self._description(phrase, head, cues):
            return
        self._surroundings(phrase, head, cues)

    def _half(self, phrase: NounPhrase, head: Token) -> bool:
        """ "the North" in a report on North and South Korea is the state of that name met last."""
        begins = f"{head.text} "
        named = [c for c in self.met if head.text[:1].isupper() and c.participant.name.startswith(begins) and not c.person]
        return bool(named) and self._copy(phrase, named[-1].index)

    def _apposed(self, phrase: NounPhrase, head: Token) -> bool:
        """ "Kim Yong-nam, the country's ceremonial *leader*": both are one person."""
        index = self.notes.phrase_at.get(head.head.i, -1) if head.dep_ == "appos" and phrase.participant else -1
        other = self.notes.phrases[index].participant if index >= 0 else None
        return other is not None and bool(other.country) and other.entity_id != "" and self._copy(phrase, index)

    def _owned(self, phrase: NounPhrase, head: Token, cues: dict[str, tuple[str, str]]) -> bool:
        """ "its army", "the country's ministry", "his wife": the owner gives the country; the family of officials are ELI."""
        owner = next((c for c in head.children if c.dep_ == "poss"), None)
        index = (
            self.notes.phrase_at.get(owner.i, -1) if owner is not None and phrase.participant and "superior" not in cues else -1
        )
        other = self.notes.phrases[index].participant if index >= 0 else None
        if other is None or not other.country or phrase.participant is None:
            return False
        sectors = ("ELI",) if "kin" in cues and other.sectors[:1] in (("GOV",), ("ELI",)) else phrase.participant.sectors
        phrase.participant = replace(
            phrase.participant,
            country=other.country,
            sectors=sectors,
            confidence=0.65,
            resolved_by=f"{phrase.participant.resolved_by}; owner {other.name}",
        )
        return True

    def _near(self, head: Token, reach: int) -> list[Candidate]:
        here = self.sentence_of[head.i]
        return [c for c in self.met if here - c.sentence <= reach and not head.is_ancestor(c.head) and c.head.i != head.i]

    def _best(self, head: Token, found: list[Candidate]) -> Candidate | None:
        here = self.sentence_of[head.i]
        collective = head.tag_ in ("PRP", "PRP$") and head.lower_.startswith("the")

        def score(found: Candidate) -> float:
            return salience(found, head, here) - (_COLLECTIVE if collective and not found.plural else 0)

        return max(found, key=score) if found else None

    def _pronoun(self, phrase: NounPhrase, head: Token, cues: dict[str, tuple[str, str]]) -> None:
        if "first" in cues or "second" in cues:
            speaker = speaker_of(head) if "first" in cues else addressee_of(head)
            index = self.notes.phrase_at.get(speaker.i, -1) if speaker is not None else -1
            if index >= 0 and self.notes.phrases[index].head != phrase.head:
                self._copy(phrase, index)
            return
        if head.lower_.endswith(("self", "selves")) and (index := self._subject(head)) >= 0:
            self._copy(phrase, index)
            return
        near = self._near(head, _PERSON_REACH)
        if "person" in cues:
            gender = cues["person"][1]
            fit = [c for c in near if c.person and not c.plural and c.gender in ("", gender)]
            fit += (
                [c for c in near if not c.person and not c.plural and is_human(c) and c.gender in ("", gender)] if not fit else []
            )
        elif "plural" in cues:
            fit = [c for c in near if (c.plural or not c.person) and not c.adjective]
        elif "thing" in cues and not is_pleonastic(head):
            fit = [c for c in near if not c.person and not c.plural and not is_human(c)]
            fit = [c for c in fit if not c.adjective] or fit
            fit += [c for c in self.things if self.sentence_of[head.i] - c.sentence <= 1] if fit else []
        else:
            return
        best = self._best(head, fit)
        if best and best.participant.text:
            self._copy(phrase, best.index)
            conjuncts = [self.notes.phrase_at[t.i] for t in (best.head, *best.head.conjuncts) if t.i in self.notes.phrase_at]
            if "plural" in cues and len(conjuncts) > 1:
                phrase.members = sorted(set(conjuncts))
            elif "plural" in cues and self.notes.phrases[best.index].members:
                phrase.members = list(self.notes.phrases[best.index].members)

    def _subject(self, head: Token) -> int:
        """Index of the subject of the verb that a reflexive belongs to."""
        for ancestor in head.ancestors:
            for child in ancestor.children:
                if child.dep_ in SUBJECTS:
                    return self.notes.phrase_at.get(child.i, -1)
        return -1

    def _set(self, phrase: NounPhrase, head: Token, cues: dict[str, tuple[str, str]], count: int) -> bool:
        near = self._near(head, _REACH)
        kinds = [kind for kind in ("set", "sides") if kind in cues]
        for kind in kinds:
            persons = kind == "set"
            for found in reversed(near):
                group = [c for c in near if c.head.i in {found.head.i, *(t.i for t in found.head.conjuncts)}]
                if len({_identity(c, persons) for c in group}) == count and all(c.person == persons for c in group):
                    return self._take_members(phrase, group)
            members: dict[str, Candidate] = {}
            for found in reversed(near):
                if found.person == persons and not found.plural and (persons or (len(found.country) == 3 and not placed(found))):
                    members.setdefault(_identity(found, persons), found)
                if len(members) == count:
                    return self._take_members(phrase, list(members.values()))
        return self._sides_of_persons(phrase, near, count) if "sides" in cues else False

    def _sides_of_persons(self, phrase: NounPhrase, near: list[Candidate], count: int) -> bool:
        members: dict[str, Candidate] = {}
        for found in reversed(near):
            if found.country and not placed(found):
                members.setdefault(found.country, found)
            if len(members) == count:
                return self._take_members(phrase, list(members.values()))
        return False

    def _take_members(self, phrase: NounPhrase, group: list[Candidate]) -> bool:
        phrase.members = sorted({c.index for c in group})
        phrase.participant = None
        return True

    def _description(self, phrase: NounPhrase, head: Token, cues: dict[str, tuple[str, str]]) -> bool:
        near = self._near(head, _REACH)
        plural = head.tag_ in ("NNS", "NNPS")
        if "superior" in cues:
            return self._superior(phrase, head)
        same = [
            c for c in self.met if c.head.lemma_ == head.lemma_ and c.country and c.plural == plural and c.head.dep_ != "amod"
        ]
        if same and "state" not in cues:
            return self._copy(phrase, same[-1].index)
        if "state" in cues and not plural:
            return self._state(phrase, head, near)
        if "group" in cues:
            armed = phrase.participant is not None and bool(_ARMED.intersection(phrase.participant.sectors))
            fit = [c for c in near if not c.adjective and not c.person and c.country]
            fit = (
                [c for c in fit if _ARMED.intersection(c.participant.sectors)]
                if armed
                else [
                    c
                    for c in fit
                    if c.participant.sectors[:1] not in (("GOV",), ("MIL",)) or not c.participant.entity_id.startswith("country:")
                ]
            )
            best = self._best(head, fit)
            return self._copy(phrase, best.index) if best else False
        return self._by_role(phrase, head, plural)

    def _state(self, phrase: NounPhrase, head: Token, near: list[Candidate]) -> bool:
        country = apposed_country(head, self.notes)
        fit = [c for c in near if len(c.country) == 3 and c.country in self.countries]
        if not country and fit:
            acting = (
                [governing_subject_country(head, self.notes), root_subject_country(head, self.notes)]
                if head.dep_ != "poss"
                else []
            )
            here = self.sentence_of[head.i]
            country = max(fit, key=lambda c: salience(c, head, here) - _OWN * acting.count(c.country)).country
        source = next(
            (c for c in reversed(self.met) if c.country == country and c.participant.entity_id.startswith("country:")), None
        )
        source = source or next((c for c in reversed(self.met) if c.country == country), None)
        if source is None:
            return False
        if phrase.participant is not None:  # "the junta" keeps its own sectors
            phrase.antecedent = source.index
            phrase.participant = replace(
                phrase.participant,
                country=country,
                confidence=0.65,
                resolved_by=f"coreference: {source.participant.name}; {phrase.participant.resolved_by}",
            )
            return True
        return self._copy(phrase, source.index)

    def _by_role(self, phrase: NounPhrase, head: Token, plural: bool) -> bool:
        """ "the president", "the colonel": the last one named whose office or first sector agrees."""
        participant = phrase.participant
        if participant is None or plural:
            return False
        near = [c for c in self._near(head, 8) if c.person and not c.plural and c.country]
        former = participant.sectors[:1] == ("ELI",)
        near = [c for c in near if (c.participant.sectors[:1] == ("ELI",)) == former]
        office = participant.office or head.lemma_.lower()
        named = [
            c for c in near if c.participant.office and (office in c.participant.office or c.participant.office.endswith(office))
        ]
        if (not named and head.tag_ == "NN" and participant.resolved_by.startswith("offices")) or former:
            named = named or [c for c in near if c.participant.sectors[:1] == participant.sectors[:1] and c.phrase.kind == "name"]
        best = self._best(head, named)
        return self._copy(phrase, best.index) if best else False

    def _superior(self, phrase: NounPhrase, head: Token) -> bool:
        owner = next((c for c in head.children if c.dep_ == "poss"), None)
        index = self.notes.phrase_at.get(owner.i, -1) if owner is not None else -1
        person = self.notes.phrases[index].participant if index >= 0 else None
        if person is None:
            return False
        others = [
            c
            for c in self.met
            if c.person and c.country == person.country and c.participant.name != person.name and c.phrase.kind == "name"
        ]
        counts = Counter(c.participant.name for c in others)
        best = max(others, key=lambda c: (counts[c.participant.name], c.head.i), default=None)
        return self._copy(phrase, best.index) if best else False

    def _surroundings(self, phrase: NounPhrase, head: Token, cues: dict[str, tuple[str, str]]) -> None:
        """ "police", "residents": the only country of the sentence, else the dateline's, else the article's commonest."""
        participant = phrase.participant
        if participant is None or phrase.kind == "pronoun" or "nowhere" in cues:
            return
        named = participant.resolved_by.startswith(("unknown person", "apposition"))
        if not named and (_PLACELESS.intersection(participant.sectors[:1]) or self._from_abroad(phrase)):
            return
        if not named and head.pos_ == "PROPN" and participant.confidence < 0.5:
            return
        usual = self.dateline or next(iter(c for c, _ in self.countries.most_common(1)), "")
        country = usual if named else self._scene(head) or usual
        if country:
            rule = f"surroundings: {country}; {participant.resolved_by}"
            confidence = _NAMED_SURROUNDINGS if named else _SURROUNDINGS
            phrase.participant = replace(participant, country=country, confidence=confidence, resolved_by=rule)

    def _at_home(self, phrase: NounPhrase) -> None:
        """ "Congress" in a report from Guatemala is not that of a country which the report hardly names."""
        participant, home = phrase.participant, self.dateline or next(iter(c for c, _ in self.countries.most_common(1)), "")
        named = phrase.end - phrase.start - (self.doc[phrase.start].lower_ == "the") > 1
        if participant is None or named or not home or self.countries[home] <= 3 * self.countries[participant.country]:
            return
        rule = f"surroundings: {home}; {participant.resolved_by}"
        phrase.participant = replace(participant, entity_id="", country=home, confidence=_SURROUNDINGS, resolved_by=rule)

    def _scene(self, head: Token) -> str:
        """Where the clause of a victim takes place: "killed 12 civilians *in Kharkiv*"."""
        verb = head.head if head.dep_ in ("dobj", "nsubjpass") else head
        for prep in verb.children:
            if prep.dep_ == "prep" and prep.lower_ in ("in", "at", "near", "outside"):
                for place in (p for p in prep.children if p.dep_ == "pobj"):
                    index = self.notes.phrase_at.get(place.i, -1)
                    named = self.notes.phrases[index].participant if index >= 0 else None
                    if named is not None and named.country and not named.resolved_by.startswith("surroundings"):
                        return named.country
                    found = self.rules.resolver.resolve(f"people in {place.text}", self.notes.published)
                    if found is not None and found.country:
                        return found.country
        return ""

    def _from_abroad(self, phrase: NounPhrase) -> bool:
        words = (token.lower_ for token in self.doc[phrase.start : phrase.end])
        return any("abroad" in self.rules.cues.get(word, {}) for word in words)

    def _copy(self, phrase: NounPhrase, index: int) -> bool:
        source: Participant | None = self.notes.phrases[index].participant
        phrase.antecedent = index
        phrase.members = list(self.notes.phrases[index].members)
        if source is None:
            return bool(phrase.members)
        rule = source.resolved_by if source.resolved_by.startswith("coreference") else f"coreference: {source.name}"
        span = self.doc[phrase.start : phrase.end]
        phrase.participant = replace(
            source,
            text=span.text,
            spans=((span.start_char, span.end_char),),
            resolved_by=rule,
            confidence=round(source.confidence * 0.8, 3),
        )
        return True


def _identity(found: Candidate, persons: bool) -> str:
    return found.participant.name if persons else found.country


@Language.factory("diurna_coref", default_config={"tables": ""}, requires=["doc._.diurna", "token.dep"], assigns=["doc._.diurna"])
def make_coref(nlp: Language, name: str, tables: str) -> Coreference:
    """Make the component; `tables` is the folder with the user's own tables, empty for none."""
    return Coreference(Path(tables) if tables else None)
