"""The spaCy component `diurna_coref`: who pronouns, descriptions ("the regime") and sets ("both sides") stand for.

Rules over the parse (codebook, section 3): number, gender and class must agree; among those left the most present wins
(see `presence.py`). Nouns that nobody claims ("police", "residents") take the country of their surroundings, at low confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from diurna.actors.resolve import Resolver
from diurna.actors.words import words_of
from diurna.language.belonging import belong, is_open
from diurna.language.counterparts import link_counterpart
from diurna.language.descriptions import (
    link_apposed,
    link_description,
    link_foreigners,
    link_half,
    may_describe,
    serving,
)
from diurna.language.grammar import how_many, is_definite, is_human, is_pleonastic
from diurna.language.notes import NounPhrase, notes_of
from diurna.language.possessors import link_owned
from diurna.language.reading import Cues, Reading
from diurna.language.salience import SUBJECTS, Candidate
from diurna.language.sets import link_apposed_set, link_set, may_be_bare
from diurna.language.speakers import addressee_of, speaker_of
from diurna.language.surroundings import bring_home, settle
from diurna.tables import load

_REACH = 3  # sentences
_COLLECTIVE = 1.8  # "they" for one body: possible, less likely than for several people
_NOT_KNOWN = 4.0  # "she" for a name that no table calls a woman's
_JOINED = 3.0  # "the president and *his* children"


class Coreference:
    """Links phrases to earlier ones; needs `diurna_actors` before it.

    Args:
        tables: folder with the user's own tables, or None.
        own: files with the user's own actors.
    """

    def __init__(self, tables: Path | None = None, own: Sequence[Path] = ()) -> None:
        self.cues: dict[str, Cues] = {}
        for row in load("cues/coref.tsv", ("word", "kind", "number", "gender"), tables):
            self.cues.setdefault(row["word"], {})[row["kind"]] = (row["number"], row["gender"])
        self.resolver = Resolver(tables, tuple(own))
        names = load("cues/coref_names.tsv", ("name", "gender"), tables)
        self.given = {row["name"].lower(): row["gender"] for row in names}

    def __call__(self, doc: Doc) -> Doc:
        """Link every phrase in text order, so that chains of pronouns follow; those spoken in quotations last."""
        reading = Reading(doc, notes_of(doc), self.cues, self.given, self.resolver.base)
        order = sorted(range(len(reading.notes.phrases)), key=lambda i: reading.notes.phrases[i].head)
        for _, part in groupby(order, key=lambda i: reading.part(reading.notes.phrases[i].head)):
            reading.begin_part()
            self._read_part(reading, list(part))
        return doc

    def _read_part(self, reading: Reading, order: list[int]) -> None:
        spoken = {index for index in order if {"first", "second"} & set(reading.cues_of(index))}
        for index in [i for i in order if i not in spoken] + [i for i in order if i in spoken]:
            self._read(reading, index)

    def _read(self, reading: Reading, index: int) -> None:
        phrase, cues = reading.notes.phrases[index], reading.cues_of(index)
        head, own, settled = reading.doc[phrase.head], phrase.participant, phrase.antecedent >= 0
        rule = ""
        if phrase.antecedent >= 0 and phrase.kind == "pronoun":
            phrase.participant = reading.notes.phrases[phrase.antecedent].participant
            phrase.members = list(reading.notes.phrases[phrase.antecedent].members)
        elif phrase.participant is None or not phrase.participant.country:
            rule = self._link(reading, phrase, head, cues)
        elif (
            "sides" in cues
            and how_many(head)
            and head.tag_ in ("NNS", "NNPS")
            and link_set(reading, phrase, head, cues, how_many(head))
        ):
            pass  # "the two former Soviet republics"
        elif "common" in cues:
            bring_home(reading, phrase, cues["common"][0])
        elif may_describe(phrase, head, cues):
            link_description(reading, phrase, head, cues)
        else:
            serving(reading, phrase, head)
        if not settled and not phrase.members and rule not in ("beside", "scene") and is_open(phrase, own, cues):
            belong(reading, index, own, rule)
        reading.meet(index, cues.get("person", ("", ""))[1])

    def _link(self, reading: Reading, phrase: NounPhrase, head: Token, cues: Cues) -> str:
        """Link a phrase by the first rule that applies; return the name of that rule."""
        if phrase.kind == "pronoun" and "set" not in cues:
            _link_pronoun(reading, phrase, head, cues)
            return "pronoun"
        count = how_many(head)
        bare = "bare" in cues and head.tag_ == "NNS" and is_definite(head) and may_be_bare(reading, head)
        counted = {"set", "sides"} & set(cues) and (count or head.lower_ in words_of("pair") or bare)
        if counted and link_set(reading, phrase, head, cues, count or 2):
            return "set"
        if head.tag_ == "NNS" and link_apposed_set(reading, phrase, head):
            return "set"
        if "counterpart" in cues and link_counterpart(reading, phrase, head):
            return "counterpart"
        if "alien" in cues and is_definite(head) and link_foreigners(reading, phrase, head):
            return "foreigners"
        if "half" in cues and phrase.participant is None and link_half(reading, phrase, head):
            return "half"
        if link_apposed(reading, phrase, head):
            return "apposition"
        if link_owned(reading, phrase, head, cues):
            return "owner"
        if is_definite(head) and link_description(reading, phrase, head, cues):
            return "description"
        return settle(reading, self.resolver, phrase, head, cues)


def _link_pronoun(reading: Reading, phrase: NounPhrase, head: Token, cues: Cues) -> None:
    if "first" in cues or "second" in cues:
        speaker = speaker_of(head) if "first" in cues else addressee_of(head)
        index = reading.notes.phrase_at.get(speaker.i, -1) if speaker is not None else -1
        if index >= 0 and reading.notes.phrases[index].head != phrase.head:
            reading.copy(phrase, index)
        return
    if head.lower_.endswith(("self", "selves")) and (index := _subject(reading, head)) >= 0:
        reading.copy(phrase, index)
        return
    extra: dict[int, float] = {}
    rivals = reading.rivals(head, clauses=False)
    rivals |= _described(reading, head)
    near = [c for c in reading.near(head, _REACH) if not rivals & reading.names(c)]
    extra |= {c.index: _JOINED for c in near if head.dep_ == "poss" and head.head.dep_ == "conj" and head.head.head.i == c.head.i}
    if "person" in cues:
        fit = _persons(reading, near, cues["person"][1], extra)
    elif "plural" in cues:
        fit = [c for c in near if (c.plural or not c.person) and not c.adjective]
        fit += [c for c in reading.nobodies if c.plural and _close(reading, head, c) and _acts(c)] if fit else []
        extra |= {c.index: -_COLLECTIVE for c in fit if not c.plural}
    elif "thing" in cues and not is_pleonastic(head):
        fit = [c for c in near if not c.person and c.single and not is_human(c)]
        fit = [c for c in fit if not c.adjective] or fit
        fit += [c for c in reading.nobodies if c.single and _close(reading, head, c) and _acts(c)] if fit else []
    else:
        return
    best = reading.best(head, fit, extra)
    if best is not None:
        _stand_for(reading, phrase, best, "plural" in cues)


def _persons(reading: Reading, near: list[Candidate], gender: str, extra: dict[int, float]) -> list[Candidate]:
    fit = [c for c in near if c.person and c.single and reading.gender(c) in ("", gender)]
    extra |= {c.index: -_NOT_KNOWN for c in fit if gender == "f" and not reading.gender(c)}
    return fit or [c for c in near if not c.person and not c.plural and is_human(c) and reading.gender(c) in ("", gender)]


def _close(reading: Reading, head: Token, found: Candidate) -> bool:
    return reading.sentence_of[head.i] - found.sentence <= 1 and found.head.i != head.i


def _acts(found: Candidate) -> bool:
    """Subject of a main clause, or somebody's people: "told *his compatriots* that they had won"."""
    if found.head.dep_ in SUBJECTS:
        return found.head.head.dep_ in ("ROOT", "conj", "ccomp")
    return found.head.dep_ in ("dobj", "pobj") and any(c.dep_ == "poss" and c.tag_ == "PRP$" for c in found.head.children)


def _described(reading: Reading, head: Token) -> set[str]:
    """Whom an apposition with a possessive describes: not himself, as in "Franco, *his* vice-president"."""
    noun = head.head
    other = reading.at(noun.head) if head.dep_ == "poss" and noun.dep_ == "appos" else None
    return {other.name} if other is not None else set()


def _stand_for(reading: Reading, phrase: NounPhrase, best: Candidate, plural: bool) -> None:
    reading.copy(phrase, best.index)
    at = reading.notes.phrase_at
    joined = sorted({at[t.i] for t in (best.head, *best.head.conjuncts) if t.i in at})
    if plural and len(joined) > 1:
        phrase.members = joined


def _subject(reading: Reading, head: Token) -> int:
    """Index of the subject of the verb that a reflexive belongs to."""
    for ancestor in head.ancestors:
        for child in ancestor.children:
            if child.dep_ in SUBJECTS and child.i != head.i:
                return reading.notes.phrase_at.get(child.i, -1)
    return -1


@Language.factory(
    "diurna_coref",
    default_config={"tables": "", "actors": []},
    requires=["doc._.diurna", "token.dep"],
    assigns=["doc._.diurna"],
)
def make_coref(nlp: Language, name: str, tables: str, actors: list[str]) -> Coreference:
    """Make the component; `tables` is the folder with the user's own tables, empty for none, `actors` files of own actors."""
    return Coreference(Path(tables) if tables else None, [Path(file) for file in actors])
