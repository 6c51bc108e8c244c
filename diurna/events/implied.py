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
from functools import cache, cached_property

from spacy.tokens import Doc, Token

from diurna.language.notes import Draft, Notes, NounPhrase
from diurna.language.syntax import is_passive
from diurna.records import Participant, Reason
from diurna.tables import load

SIDES = ("actor", "recipient")
_PARTS = ("nsubj", "nsubjpass", "dobj", "poss", "amod", "compound", "appos", "attr", "dative")
_HEARD = ((0.6, "sure"), (0.3, "likely"), (0.1, "possible"), (0.03, "hardly"), (0.0, "not"))
# How likely the model makes a token the actor and the recipient of a draft; None for one that it did not read together with it.
Parts = Callable[[Draft, int], tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone who may be meant: the phrase that names him nearest, its sentence, and the heads of all phrases that name him.

    rank: 0 for the one named nearest.
    """

    phrase: NounPhrase
    participant: Participant
    sentence: int
    heads: tuple[int, ...]
    rank: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An event told before: its root, the kind of its undertaking, and the countries on its sides."""

    root: str
    thread_kind: str
    sides: tuple[set[str], set[str]]


class Implied:
    """Looks for unnamed participants of the events of one Doc; drafts must be handed over in text order."""

    def __init__(self, doc: Doc, notes: Notes, classes: Mapping[str, Collection[str]], parts: Parts | None = None) -> None:
        self.doc, self.notes, self.classes, self.parts = doc, notes, classes, parts
        self._rankings: dict[int, list[str]] = {}
        self.number = {t.i: k for k, s in enumerate(doc.sents) for t in s}
        self.told: list[Earlier] = []

    def fill(self, draft: Draft) -> None:
        """Give a draft the participants it lacks, where the report makes clear enough who they are."""
        for side, name in enumerate(SIDES):
            if not self.lacks(draft, side):
                continue
            weighed = [(weigh(self.traits(c, draft, side)), -c.rank, c) for c in self.candidates(draft)]
            best = max(weighed, key=lambda w: w[:2], default=None)
            if best is not None and best[0] >= weights()[f"least {name}"]:
                phrase = best[2].phrase
                (draft.recipients if side else draft.actors).append(phrase.head)
                words = self.doc[phrase.start : phrase.end].text
                draft.reasons.append(Reason(f"{name}s", f"from the context, {_probability(best[0]):.2f}", words))
        self.told.append(self.earlier(draft))

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
            if named_so_far and self._key(participant) not in taken:
                found.setdefault(self._key(participant), []).append(phrase)
        return [self._candidate(phrases, rank) for rank, phrases in enumerate(found.values())]

    def _candidate(self, phrases: Sequence[NounPhrase], rank: int) -> Candidate:
        nearest = phrases[0]
        assert nearest.participant is not None
        return Candidate(nearest, nearest.participant, self.number[nearest.head], tuple(p.head for p in phrases), rank)

    def traits(self, candidate: Candidate, draft: Draft, side: int) -> Iterator[str]:
        """Yield what speaks for or against a candidate; every trait names the side that it is about."""
        for trait in dict.fromkeys(self._traits(candidate, draft, side)):
            yield f"{SIDES[side]}: {trait}"

    @cached_property
    def _named(self) -> list[NounPhrase]:
        known = [(p, p.participant) for p in self.notes.phrases if p.participant is not None]
        return [phrase for phrase, who in known if who.country and who.sectors[:1] != ("JRN",)]

    def _key(self, participant: Participant) -> tuple[str, str]:
        return participant.country, participant.name or participant.text

    def _traits(self, c: Candidate, draft: Draft, side: int) -> Iterator[str]:
        trigger = self.doc[draft.trigger[0]]
        form = "noun" if trigger.pos_ not in ("VERB", "AUX") else "passive" if is_passive(trigger) else "active"
        yield from ("any", draft.root, f"{draft.root}, {form}", "tables" if draft.frame != "model" else "model")
        gap = draft.sentence - c.sentence
        far = _far(gap) if gap else "before" if c.phrase.head < trigger.i else "after"
        rank = ("nearest", "second", "third")[c.rank] if c.rank < 3 else "other"
        part = self._part(self.doc[c.phrase.head])
        yield from (far, f"{draft.root}, {far}", rank, f"{far}, {rank}", part, f"{far}, {part}", f"{form}, {far}, {part}")
        if gap == 0:
            link = self._link(self.doc[c.phrase.head], trigger)
            yield from (link, f"{link}, {part}", f"{draft.root}, {link}", f"{form}, {link}, {part}")
        yield from self._heard_as(c, draft, side, far)
        yield from self._dealings(c, draft, side)
        yield from self._standing(c, draft)
        sector = c.participant.sectors[0] if c.participant.sectors else "none"
        yield from (sector, f"{draft.root}, {sector}", c.phrase.kind, f"{far}, {c.phrase.kind}")

    def _heard_as(self, c: Candidate, draft: Draft, side: int, far: str) -> Iterator[str]:
        """What the model, which read the sentences around the draft, makes of a candidate."""
        if self.parts is None:
            return
        read = [parts for head in c.heads if (parts := self.parts(draft, head)) is not None]
        mine, other = (max((parts[k] for parts in read), default=None) for k in (side, 1 - side))
        yield from (f"heard {_heard(mine)}", f"heard {_heard(mine)}, {far}", f"heard {_heard(other)} on the other side")

    def _dealings(self, c: Candidate, draft: Draft, side: int) -> Iterator[str]:
        """What the events told so far say of a candidate."""
        country, other = c.participant.country, self._countries(draft.actors if side else draft.recipients)
        if country in other:
            yield from ("countryman", f"{draft.root}, countryman")
        elif other:
            yield "of another country"
        for nth, earlier in enumerate(reversed(self.told)):
            sides = earlier.sides
            if country in sides[side]:
                yield from ("same part before",)
                if nth == 0:
                    yield "same part just before"
                if earlier.root == draft.root:
                    yield "same part in such an event"
            if country in sides[1 - side]:
                yield "other part before"
                if nth == 0:
                    yield "other part just before"
            if other & sides[1 - side] and country in sides[side]:
                yield "dealt so with the other before"
            if other & sides[side] and country in sides[1 - side]:
                yield "dealt with the other before"
            if draft.thread_kind and earlier.thread_kind == draft.thread_kind and country in sides[0] | sides[1]:
                yield "of the same undertaking"

    def _standing(self, c: Candidate, draft: Draft) -> Iterator[str]:
        """How much the report is about a candidate's country, up to here, beside those of the draft."""
        mine = self._countries([*draft.actors, *draft.recipients])
        others = [k for k in self._ranking(draft.sentence) if k not in mine]
        country = c.participant.country
        place = others.index(country) if country in others else -1
        many = "one other" if len(others) < 2 else "two others" if len(others) < 3 else "several others"
        name = ("first", "second", "third")[place] if 0 <= place < 3 else "own" if place < 0 else "low"
        yield from (f"{name} in the report", f"{name} of {many}", f"{draft.root}, {name} of {many}")
        if country in self._at_head:
            yield "named at the head"

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


def _heard(share: float | None) -> str:
    return "nothing" if share is None else next(name for least, name in _HEARD if share >= least)


def weigh(traits: Iterator[str]) -> float:
    """Return the sum of the weights of traits: log-odds that their candidate is meant."""
    known = weights()
    return sum(known.get(t, 0.0) for t in traits)


def _probability(score: float) -> float:
    return 1 / (1 + math.exp(-score))


@cache
def weights() -> dict[str, float]:
    """Read the table."""
    return {row["trait"]: float(row["weight"]) for row in load("implied_weights.tsv", ("trait", "weight"))}
