"""Participants that the words around a trigger leave out, found in the report (codebook, section 3).

"Four of the soldiers were executed", "Ottawa condemned the ruling": by whom, whose? Everyone named up to the end of the
sentence may be meant, or nobody. Traits of each (how far back, in which part, with whom it dealt before, how much the report is
about it) are weighed by `data/implied_weights.tsv`, which `training/implied.py` fits on annotated reports; below the threshold
the side stays empty.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc, Token

from diurna.events import implied_traits as traits
from diurna.events.implied_traits import SIDES, Earlier, Group, Question
from diurna.events.struck import STRIKES, is_scene
from diurna.language.notes import Draft, Notes, NounPhrase
from diurna.records import Participant, Reason
from diurna.tables import weights, worth

_TABLE = "implied_weights.tsv"
_PARTS = ("nsubj", "nsubjpass", "dobj", "poss", "amod", "compound", "appos", "attr", "dative")
# How likely the model makes a token the actor and the recipient of a draft; None for one that it did not read together with it.
Parts = Callable[[Draft, int], tuple[float, float] | None]


@dataclass(slots=True)
class Candidate:
    """Someone who may be meant: the phrase that names him nearest, its sentence, and the heads of all phrases that name him.

    rank: 0 for the one named nearest.
    """

    phrase: NounPhrase
    participant: Participant
    sentence: int
    heads: tuple[int, ...]
    rank: int


class Implied:
    """Looks for unnamed participants of the events of one Doc; drafts must be handed over in text order."""

    def __init__(self, doc: Doc, notes: Notes, classes: Mapping[str, Collection[str]], parts: Parts | None = None) -> None:
        self.doc, self.notes, self.classes, self.parts = doc, notes, classes, parts
        self._rankings: dict[int, list[str]] = {}
        self.number = {t.i: k for k, s in enumerate(doc.sents) for t in s}
        self.told: list[Earlier] = []
        self._parts: dict[int, str] = {}  # by head

    def fill(self, draft: Draft) -> None:
        """Give a draft the participants it lacks, where the report makes clear enough who they are."""
        for side, name in enumerate(SIDES):
            if not self.lacks(draft, side):
                continue
            question = self.question(draft, side)
            weighed = [
                (sum(worth(_TABLE, group) for group in self.traits(c, question)), -c.rank, c) for c in self.candidates(draft)
            ]
            best = max(weighed, key=lambda w: w[:2], default=None)
            if best is not None and round(best[0], 6) >= least(name):  # sums in another order are the same sums
                phrase = best[2].phrase
                (draft.recipients if side else draft.actors).append(phrase.head)
                words = self.doc[phrase.start : phrase.end].text
                draft.reasons.append(Reason(f"{name}s", f"from the context, {_probability(best[0]):.2f}", words))
        self.told.append(self.earlier(draft))

    def question(self, draft: Draft, side: int) -> Question:
        """Return what is asked: who is on a side of a draft."""
        countries = [self._countries(heads) for heads in (draft.actors, draft.recipients)]
        ranking = [k for k in self._ranking(draft.sentence) if k not in countries[0] | countries[1]]
        return Question(draft, side, self.doc[draft.trigger[0]], countries[1 - side], self.told, ranking)

    def earlier(self, draft: Draft) -> Earlier:
        """Return what later drafts are told of this one."""
        sides = self._countries(draft.actors), self._countries(draft.recipients)
        return Earlier(draft.root, draft.thread_kind, (sides[0], sides[0]) if draft.reciprocal else sides)

    def lacks(self, draft: Draft, side: int) -> bool:
        """Tell whether a side of a draft is empty and could be filled."""
        return not (draft.recipients or draft.reciprocal if side else draft.actors)

    def candidates(self, draft: Draft) -> list[Candidate]:
        """Return who is named up to the end of the draft's sentence, each once, the nearest first."""
        taken = set(map(self._key, self.notes.participants((*draft.actors, *draft.recipients))))
        found: dict[tuple[str, str], list[NounPhrase]] = {}
        middle = draft.trigger[0]
        for phrase in sorted(self._named, key=lambda p: (self.number[p.head] != draft.sentence, abs(p.head - middle))):
            participant = phrase.participant
            assert participant is not None
            named_so_far = self.number[phrase.head] <= draft.sentence and phrase.head not in draft.trigger
            if draft.root in STRIKES and is_scene(phrase.head, self.doc, self.notes):
                continue
            if named_so_far and self._key(participant) not in taken:
                found.setdefault(self._key(participant), []).append(phrase)
        return [self._candidate(phrases, rank) for rank, phrases in enumerate(found.values())]

    def _candidate(self, phrases: Sequence[NounPhrase], rank: int) -> Candidate:
        nearest = phrases[0]
        assert nearest.participant is not None
        return Candidate(nearest, nearest.participant, self.number[nearest.head], tuple(p.head for p in phrases), rank)

    def traits(self, candidate: Candidate, question: Question) -> Iterator[Group]:
        """Yield what speaks for or against a candidate, in groups that belong together."""
        c, q = candidate, question
        word = self.doc[c.phrase.head]
        gap = q.draft.sentence - c.sentence
        far = _far(gap) if gap else "before" if c.phrase.head < q.trigger.i else "after"
        part = self._part_of(word)
        yield traits.plain(q.side, q.draft.root, q.form, q.draft.frame == "model")
        yield traits.placed(q.side, q.draft.root, q.form, (far, c.rank, part))
        if gap == 0:
            yield traits.linked(q.side, q.draft.root, q.form, (self._link(word, q.trigger), part))
        if self.parts is not None:
            yield traits.heard(q.side, far, *self._heard_as(c, q))
        country = c.participant.country
        yield q.dealings(country)
        yield traits.standing(q.side, q.draft.root, *q.standing(country), country in self._at_head)
        yield traits.described(q.side, q.draft.root, c.participant.sectors[:1], far, c.phrase.kind)

    @cached_property
    def _named(self) -> list[NounPhrase]:
        known = [(p, p.participant) for p in self.notes.phrases if p.participant is not None]
        return [phrase for phrase, who in known if who.country and who.sectors[:1] != ("JRN",)]

    def _key(self, participant: Participant) -> tuple[str, str]:
        return participant.country, participant.name or participant.text

    def _heard_as(self, c: Candidate, q: Question) -> tuple[float | None, float | None]:
        """What the model, which read the sentences around the draft, makes of a candidate: on this side, on the other."""
        assert self.parts is not None
        read = [parts for head in c.heads if (parts := self.parts(q.draft, head)) is not None]
        if not read:
            return None, None
        return max(parts[q.side] for parts in read), max(parts[1 - q.side] for parts in read)

    def _ranking(self, sentence: int) -> list[str]:
        """Return the countries named up to a sentence, those named most first."""
        if sentence not in self._rankings:
            counts = Counter(p.participant.country for p in self._named if p.participant and self.number[p.head] <= sentence)
            self._rankings[sentence] = [k for k, _ in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))]
        return self._rankings[sentence]

    @cached_property
    def _at_head(self) -> set[str]:
        return {p.participant.country for p in self._named if p.participant and self.number[p.head] < 2}

    def _countries(self, heads: Sequence[int]) -> set[str]:
        return {p.country for p in self.notes.participants(heads) if p.country}

    def _part_of(self, word: Token) -> str:
        if word.i not in self._parts:
            self._parts[word.i] = self._part(word)
        return self._parts[word.i]

    def _part(self, word: Token) -> str:
        """The part that a phrase has in its own clause."""
        if word.dep_ == "conj":
            return self._part(word.head)
        if word.dep_ == "pobj":
            return f"under {word.head.lower_ if word.head.lower_ in self.classes['governing'] else 'another'}"
        return word.dep_ if word.dep_ in _PARTS else "another part"

    def _link(self, word: Token, trigger: Token) -> str:
        """How a word of the sentence stands to the trigger in the tree."""
        if trigger.is_ancestor(word):
            return "under it"
        if word.is_ancestor(trigger):
            return "it is said of them"
        over = next((a for a in word.ancestors if a.is_ancestor(trigger)), None)
        if over is None:
            return "apart"
        near = word.head == over or (word.head.dep_ in ("prep", "agent") and word.head.head == over)
        return ("speaks" if over.lemma_.lower() in self.classes["speech"] else "over it") if near else "beside it"


def _far(sentences: int) -> str:
    return str(sentences) if sentences < 3 else "3 to 5" if sentences < 6 else "farther"


def _probability(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def least(side: str) -> float:
    """Return the weight from which on somebody is put on a side."""
    return weights(_TABLE)[f"least {side}"]
