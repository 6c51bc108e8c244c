"""PLOVER's contexts of an event from cue words: its sentence first, the article's lead second (few and precise)."""

from __future__ import annotations

from collections import Counter
from functools import cache

from spacy.tokens import Doc, Span

from diurna.context.cues import rows
from diurna.language.notes import Draft
from diurna.records import Reason

_DECIDES = 2
_LEAD = 2
_MOST = 4


@cache
def _cues() -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in rows("contexts", "cue", "context", "weight"):
        found[row["cue"]] = (*found.get(row["cue"], ()), (row["context"], int(row["weight"])))
    return found


class Topics:
    """Gives the events of one Doc their contexts."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self._sentences = list(doc.sents)
        self._found: dict[int, Counter[str]] = {}
        self._lead: set[str] = set()
        for index in range(min(_LEAD, len(self._sentences))):
            self._lead |= {c for c, n in self._of(index).items() if n >= _DECIDES}

    def run(self, draft: Draft) -> None:
        """Set `contexts` of a draft, strongest first, at most four."""
        counts = self._of(draft.sentence)
        kept = [c for c, n in counts.most_common() if n >= _DECIDES or c in self._lead][:_MOST]
        if draft.root == "CONSULT" and "diplomatic" not in kept:
            kept.append("diplomatic")
        if kept:
            draft.contexts = tuple(dict.fromkeys((*draft.contexts, *kept)))
            draft.reasons.append(Reason("contexts", "cue words of the sentence", " ".join(kept)))

    def _of(self, index: int) -> Counter[str]:
        if index not in self._found:
            self._found[index] = _count(self._sentences[index]) if index < len(self._sentences) else Counter()
        return self._found[index]


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
