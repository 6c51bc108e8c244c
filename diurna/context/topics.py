"""PLOVER's contexts of an event: what it is about, by cue words of its sentence and article, by its kind and by its parties.

Cue words alone say what a sentence is about; whether the event is, is a sum of weights fitted on the development gold
(`training/contexts.py`): each trait speaks for or against each context.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc, Span

from diurna.context.cues import rows
from diurna.language.notes import Draft, Notes
from diurna.records import Participant, Reason
from diurna.tables import load

LIKELY = -1.2  # of the sum of weights: odds of about three to ten, where precision and recall balance
_DECIDES = 2
_LEAD = 2  # sentences
_THEME = 0.15  # share of the sentences
_MOST = 4
_NO_LAND = {"IGO", "NGO", "IMG", "ISM", "MNC"}


@cache
def _cues() -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in rows("contexts", "cue", "context", "weight"):
        found[row["cue"]] = (*found.get(row["cue"], ()), (row["context"], int(row["weight"])))
    return found


@cache
def _weights() -> dict[str, dict[str, float]]:
    """Return context -> trait -> weight of the table."""
    found: dict[str, dict[str, float]] = {}
    for row in load("cues/context_weights.tsv", ("trait", "weight")):
        context, _, trait = row["trait"].partition(": ")
        found.setdefault(context, {})[trait] = float(row["weight"])
    return found


class Topics:
    """Gives the events of one Doc their contexts."""

    def __init__(self, doc: Doc, notes: Notes) -> None:
        self.notes = notes
        self.sentences = [_count(s) for s in doc.sents]
        self.lead = _sum(self.sentences[:_LEAD])
        self._near: dict[int, Counter[str]] = {}  # by sentence: the cues of it and of its neighbours
        told = Counter(c for counts in self.sentences for c in counts)
        self.themes = {c for c, n in told.items() if n >= _THEME * len(self.sentences)}

    def run(self, draft: Draft) -> None:
        """Set `contexts` of a draft, likeliest first, at most four."""
        kinds = kind_traits(draft.root, draft.mode, *map(self.notes.participants, (draft.actors, draft.recipients)))
        scores = {c: _score(weights, kinds | self.cue_traits(c, draft.sentence)) for c, weights in _weights().items()}
        kept = [c for c, score in sorted(scores.items(), key=lambda s: -s[1]) if score > LIKELY]
        others = self.sentences[draft.sentence] if draft.sentence < len(self.sentences) else Counter()
        kept += [c for c, n in others.most_common() if n >= _DECIDES and c not in _weights()]
        if kept:
            draft.contexts = tuple(dict.fromkeys((*draft.contexts, *kept)))[:_MOST]
            draft.reasons.append(Reason("contexts", "cue words, kind of event and parties", " ".join(kept[:_MOST])))

    def cue_traits(self, context: str, sentence: int) -> set[str]:
        """Return how a context is told: in the event's sentence, beside it, in the lead, through the whole report."""
        own = self.sentences[sentence][context] if sentence < len(self.sentences) else 0
        found = {f"cue {min(own, _DECIDES)} in the sentence"} if own else set()
        if own > _DECIDES:
            found.add("several cues in the sentence")
        if self._beside(sentence)[context] > own:
            found.add("cue beside it")
        if self.lead[context]:
            found.add("cue in the lead")
        return found | ({"theme of the report"} if context in self.themes else set())

    def _beside(self, sentence: int) -> Counter[str]:
        if sentence not in self._near:
            self._near[sentence] = _sum(self.sentences[max(0, sentence - 1) : sentence + 2])
        return self._near[sentence]


def kind_traits(root: str, mode: str, actors: Sequence[Participant], recipients: Sequence[Participant]) -> set[str]:
    """Return the traits of an event that do not depend on the context: its root and mode, and who takes part."""
    found = {"any", f"root {root}"} | ({f"mode {root} {mode}"} if mode else set())
    found |= {f"actor {s}" for s in _sectors(actors)} | {f"recipient {s}" for s in _sectors(recipients)}
    lands = [{p.country for p in side if p.country} for side in (actors, recipients)]
    states = {c for side in lands for c in side if c not in _NO_LAND}
    found.add("between countries" if len(states) > 1 else "in one country")
    return found | {f"{root}, {'between countries' if len(states) > 1 else 'in one country'}"}


def _sectors(side: Sequence[Participant]) -> Iterator[str]:
    return (p.sectors[0] for p in side if p.sectors)


def _score(weights: dict[str, float], traits: set[str]) -> float:
    return sum(weights.get(t, 0.0) for t in sorted(traits))  # in one order: sums of floats depend on it


def _sum(counts: Sequence[Counter[str]]) -> Counter[str]:
    return sum(counts, Counter())


def _count(sentence: Span) -> Counter[str]:
    counts: Counter[str] = Counter()
    lemmas = [t.lemma_.lower() if t.pos_ != "PROPN" else t.lower_ for t in sentence]
    words = [t.lower_ for t in sentence]
    for size in (1, 2, 3):
        for start in range(len(words) - size + 1):
            for phrase in {" ".join(lemmas[start : start + size]), " ".join(words[start : start + size])}:
                for context, weight in _cues().get(phrase, ()):
                    counts[context] += weight
    return counts
