"""What one pass of coreference over a Doc knows: who was met so far, where, under which titles and with which gender."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from spacy.tokens import Doc, Token

from diurna.actors.base import KnowledgeBase
from diurna.actors.roles import FORMER
from diurna.actors.words import words_of
from diurna.language.datelines import Datelines
from diurna.language.notes import Notes, NounPhrase
from diurna.language.presence import Place, weigh
from diurna.language.salience import SUBJECTS, Candidate, candidate, clause_subjects
from diurna.language.speakers import in_quotes, speaker_of
from diurna.language.standing import Standing
from diurna.records import Participant

Cues = dict[str, tuple[str, str]]  # kind -> number, gender
_TELLING = 6  # mentions of countries from which on their shares tell what a report is about
_MIDDLING = 0.3
_PRONOUNS = ("person", "plural", "thing")
_ABROAD = ("IGO", "UNO", "NGO", "IMG", "MNC", "EUR")


class Reading:
    """The candidates met so far, in text order.

    met: phrases with a participant or members. nobodies: nouns that are no participants but may be what "it" or "they" means.
    titles: words that stand with a name ("General Fahim", "the bishop, Carlos Belo"), by name. genders: "m" or "f" by name.
    """

    def __init__(self, doc: Doc, notes: Notes, cues: dict[str, Cues], given: dict[str, str], base: KnowledgeBase) -> None:
        self.doc, self.notes, self.given = doc, notes, given
        self._cues = cues
        self.met: list[Candidate] = []
        self.nobodies: list[Candidate] = []
        self.titles: dict[str, set[str]] = {}
        self.genders: dict[str, str] = {}
        self.departed: set[str] = set()  # persons told to leave office or to be put out of it
        self.nationalities: dict[str, str] = {}  # of persons whom no table knows, by name
        self.sentence_of = {token.i: n for n, sentence in enumerate(doc.sents) for token in sentence}
        self._in_quotes: dict[int, bool] = {}
        self._speakers: dict[int, Token | None] = {}
        self.standing: dict[str, Standing] = {}
        self.weighed: dict[int, dict[str, float]] = {}  # by token and country: how present its most present candidate is
        self._heads = Datelines(doc, notes, base)
        self._datelines, self.dateline_tokens = self._heads.countries, self._heads.tokens
        placed = [p for p in notes.phrases if self._heads.tells(p)]
        self.countries = Counter(p.participant.country for p in placed if p.participant and len(p.participant.country) == 3)
        for unplaced in _ABROAD:
            self.countries.pop(unplaced, None)
        self.ranked = [country for country, _ in self.countries.most_common()]
        self._named = sum(self.countries.values())
        self._named_in: dict[int, list[tuple[int, str]]] = {}
        for p in sorted(placed, key=lambda p: p.head):
            if p.participant is not None and p.participant.country and p.kind != "pronoun":
                self._named_in.setdefault(self.sentence_of[p.head], []).append((p.head, p.participant.country))

    def cues_of(self, index: int) -> Cues:
        """Return what the tables say of the head of a phrase."""
        head = self.doc[self.notes.phrases[index].head]
        return self._cues.get(head.lower_) or self._cues.get(head.lemma_.lower()) or {}

    def cues_of_word(self, word: str) -> Cues:
        """Return what the tables say of a word."""
        return self._cues.get(word, {})

    def has_cue(self, word: str, kind: str) -> bool:
        """Tell whether the tables give a word this kind."""
        return kind in self._cues.get(word, {})

    def dateline(self, token: Token) -> str:
        """Return the country of the dateline that a word stands under, the last before it; empty when there is none."""
        return next((country for start, country in reversed(self._datelines) if start <= token.idx), "")

    def part(self, token: int) -> int:
        """Return in which part of a round-up a word stands: under which of its datelines."""
        return sum(start <= self.doc[token].idx for start, _ in self._datelines[1:])

    def begin_part(self) -> None:
        """Forget who was met: under another dateline nobody refers back to the part before."""
        self.met, self.nobodies, self.standing = [], [], {}

    def home(self, token: Token) -> str:
        """Return the country of the dateline, else the one that the report names most; empty when it names none."""
        return self.dateline(token) or next(iter(c for c, _ in self.countries.most_common(1)), "")

    def share(self, country: str) -> float:
        """Return a country's share in all mentions of countries by the report's own words; a middling one where these are few."""
        return self.countries[country] / self._named if self._named >= _TELLING else _MIDDLING

    def named_in(self, sentence: int) -> list[tuple[int, str]]:
        """Return head and country of the phrases of a sentence that name a country by their own words, in order."""
        return self._named_in.get(sentence, [])

    def at(self, token: Token) -> Participant | None:
        """Return who stands at a head token."""
        index = self.notes.phrase_at.get(token.i, -1)
        return self.notes.phrases[index].participant if index >= 0 else None

    def meet(self, index: int, gender: str = "") -> None:
        """Remember a phrase once it is read; `gender` is that of a pronoun, which its antecedent then has too."""
        phrase = self.notes.phrases[index]
        head, sentence = self.doc[phrase.head], self.sentence_of[phrase.head]
        found = candidate(self.doc, self.notes, index, sentence, self.given)
        if found is None:
            if phrase.kind != "pronoun" and head.dep_ in (*SUBJECTS, "dobj", "pobj") and head.tag_ in ("NN", "NNS"):
                nobody = Participant("", confidence=1.0)
                self.nobodies.append(Candidate(index, head, phrase, nobody, sentence, False, head.tag_ == "NNS", False, ""))
            return
        self.met.append(found)
        if found.country and not found.phrase.members and self._heads.tells(found.phrase):
            self.standing.setdefault(found.country, Standing()).add(found)
        name = found.participant.name
        if found.person and not found.plural and name:
            if gender or found.gender:
                self.genders.setdefault(name, gender or found.gender)
            if phrase.kind == "name":
                self.titles.setdefault(name, set()).update(_titles(self.doc, found))
            if self._leaves(head):
                self.departed.add(name)

    def _leaves(self, head: Token) -> bool:
        word = head.head.lemma_.lower()
        if head.dep_ == "nsubj":
            whole = any(self.has_cue(f"{word} {c.lower_}", "leaves") for c in head.head.children)
            return whole or self.has_cue(word, "leaves")
        return head.dep_ in ("dobj", "nsubjpass") and self.has_cue(word, "ousts")

    def gender(self, found: Candidate) -> str:
        """Return the gender of a candidate, from its words or from pronouns that stood for it before."""
        return found.gender or self.genders.get(found.participant.name, "")

    def near(self, head: Token, reach: int, dateline: bool = False) -> list[Candidate]:
        """Return the candidates of the last `reach` sentences that a phrase is not part of; dateline places on request."""
        here = self.sentence_of[head.i]
        return [
            c
            for c in self.met
            if here - c.sentence <= reach
            and c.head.i != head.i
            and not head.is_ancestor(c.head)
            and self.doc[c.phrase.start].lower_ not in words_of("anyone")
            and (dateline or c.head.i not in self.dateline_tokens)
        ]

    def names(self, found: Candidate) -> set[str]:
        """Return the name of a candidate, or those of its members."""
        members = (self.notes.phrases[i].participant for i in found.phrase.members)
        return {p.name for p in (found.participant, *members) if p is not None and p.name}

    def rivals(self, head: Token, clauses: bool) -> set[str]:
        """Return the names of those whom a phrase cannot mean: other arguments of its verb; with `clauses`, of those above."""
        named = (self.at(token) for token in clause_subjects(head, clauses))
        return {p.name for p in named if p is not None and p.name}

    def best(self, head: Token, found: Collection[Candidate], extra: dict[int, float] | None = None) -> Candidate | None:
        """Return the most present candidate; `extra` adds to the weight of a phrase index."""
        bonus = extra or {}
        places = self.places(head, found)
        weights = {c.index: weigh(c, head, places[c.index]) + bonus.get(c.index, 0.0) for c in found}
        known = self.weighed.setdefault(head.i, {})
        for c in found:
            known[c.country] = max(weights[c.index], known.get(c.country, weights[c.index]))
        return max(found, key=lambda c: weights[c.index], default=None)

    def places(self, head: Token, found: Collection[Candidate]) -> dict[int, Place]:
        """Return the place of each candidate, by its index, among those that could be meant at `head`."""
        here, mentions = self.sentence_of[head.i], Counter(c.participant.name for c in self.met)
        kind, (speaker, how) = referring(self.cues_of_word(head.lower_)), self._speaker(head)
        made = {}
        for c in found:
            name = c.participant.name
            nearer = {other.participant.name for other in found if other.head.i > c.head.i} - {name}
            speaks, quoted = how if name == speaker else "", (self._quoted(c.head), self._quoted(head))
            made[c.index] = Place(kind, here - c.sentence, len(nearer), mentions[name], speaks, quoted)
        return made

    def _quoted(self, token: Token) -> bool:
        if token.i not in self._in_quotes:
            self._in_quotes[token.i] = in_quotes(token)
        return self._in_quotes[token.i]

    def _speaker(self, head: Token) -> tuple[str, str]:
        """Return the name of whoever speaks the words that a phrase stands in, and whether they are "quoted" or "reported"."""
        by = self._speaking(head)
        return (by.name, "quoted" if in_quotes(head) else "reported") if by is not None and by.name else ("", "")

    def _speaking(self, head: Token) -> Participant | None:
        if head.i not in self._speakers:
            self._speakers[head.i] = speaker_of(head)
        said = self._speakers[head.i]
        return self.at(said) if said is not None and said.i != head.i else None

    def speaker_country(self, head: Token) -> str:
        """Return the country of whoever speaks the words that a phrase stands in, empty when nobody known does."""
        by = self._speaking(head)
        return by.country if by is not None else ""

    def copy(self, phrase: NounPhrase, index: int) -> bool:
        """Let a phrase stand for an earlier one; False when that one stands for nobody."""
        source = self.notes.phrases[index].participant
        phrase.antecedent = index
        phrase.members = list(self.notes.phrases[index].members)
        if source is None:
            phrase.participant = None if phrase.members else phrase.participant
            return bool(phrase.members)
        rule = source.resolved_by if source.resolved_by.startswith("coreference") else f"coreference: {source.name}"
        own = phrase.participant
        if own is not None and own.sectors == FORMER and source.office:  # "the ousted president" holds his office no more
            source, rule = replace(source, sectors=FORMER, office=""), f"{rule}; {own.resolved_by}"
        span = self.doc[phrase.start : phrase.end]
        phrase.participant = replace(
            source,
            text=span.text,
            spans=((span.start_char, span.end_char),),
            resolved_by=rule,
            confidence=round(source.confidence * 0.8, 3),
        )
        return True


def referring(cues: Cues) -> str:
    """Return what refers, by what the tables say of its word: "person", "plural" or "thing" for pronouns, else "description"."""
    return next((kind for kind in _PRONOUNS if kind in cues), "description")


def _titles(doc: Doc, found: Candidate) -> set[str]:
    """Words before a name and in its apposition or office: "General Mohammad Fahim, a Tajik *commander*"."""
    before = [c for c in found.head.lefts if c.dep_ in ("compound", "nmod", "amod")]
    apposed = [c for c in found.head.children if c.dep_ == "appos"]
    if found.head.dep_ == "appos":
        apposed.append(found.head.head)
    spell = found.participant.resolved_by.partition(": ")[2] if found.participant.entity_id else ""  # also of an office just left
    words = {t.lemma_.lower() for t in (*before, *apposed)} | set(f"{found.participant.office} {spell}".lower().split())
    return words | {t.lower_ for t in doc[found.phrase.start : found.phrase.head]}
