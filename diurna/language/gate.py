"""The gate: a cheap scan that says, before anything is parsed, whether a text is worth it.

Each sentence, as a light splitter cuts them, is weighed by its words: how likely does such a sentence tell an event? The weights
of `data/gate_weights.tsv` are fitted by `training/gate_words.py` on annotated reports and on pages about other things. A text
passes when its likeliest sentences are likely enough. It passes whole or not at all: leaving out single sentences was tried, and
changed how the rest was read (docs/scale.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from diurna.events.frames import lexicon, normal
from diurna.records import Span
from diurna.tables import load, weights

_LINE = re.compile(r"[^\r\n]+")
_BREAK = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘(\[]?[A-Z0-9])")
_WORD = re.compile(r"[^\W\d_]+(?:['’.&][^\W\d_]+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_ENDS = ("ations", "ation", "ments", "ment", "ings", "ing", "ied", "ies", "ed", "es", "s", "e", "y")
_BEST = 2  # sentences that decide on a text
_FEW = 4  # sentences: shorter texts have less to show themselves by
_ENOUGH, _ENOUGH_OF_FEW = 0.9, 0.5  # likelihood of the sentences that decide (their mean), of the one that decides
_MOST = 4  # frames and names are counted up to here


class Gate:
    """Reads texts by their words alone.

    Args:
        tables: folder with the user's own tables, or None. Words of its frames count like those of the built-in ones.
    """

    def __init__(self, tables: Path | None = None) -> None:
        self.weights = weights("gate_weights.tsv")
        self.heads, self.own = _heads(tables), _heads(tables) - _heads(None)

    def holds_events(self, text: str) -> bool:
        """Tell whether the sentences of a text that most likely tell events are likely enough to."""
        likely = sorted((self.likelihood(text[a:b]) for a, b in sentences(text)), reverse=True)
        if len(likely) < _FEW:
            return bool(likely) and likely[0] >= _ENOUGH_OF_FEW
        return sum(likely[:_BEST]) / _BEST >= _ENOUGH

    def likelihood(self, sentence: str) -> float:
        """Return how likely a sentence tells an event, by its words; 1.0 for one with a word of the user's own frames."""
        traits = self.traits(sentence)
        if not self.own.isdisjoint(traits):
            return 1.0
        return 1 / (1 + math.exp(-sum(self.weights.get(t, 0.0) for t in sorted(traits))))

    def traits(self, sentence: str) -> set[str]:
        """Return what a sentence is weighed by: its words, whether it names a country, how many frames and names it holds."""
        there = {stem(word) for word in _WORD.findall(sentence.lower())}
        found = there - _lands() | {"any"} if there else set()
        found.add(f"{min(len(there & self.heads), _MOST)} frames")
        found.add(f"{min(len(_NAME.findall(sentence)), _MOST)} names")
        return found | {"a country"} if there & _lands() else found


def sentences(text: str) -> Iterator[Span]:
    """Yield the spans of what looks like a sentence; none runs over the end of a line."""
    for line in _LINE.finditer(text):
        start = line.start()
        for end in [*(match.end() for match in _BREAK.finditer(text, *line.span())), line.end()]:
            yield start, end
            start = end


@cache
def _lands() -> frozenset[str]:
    """Return the stems of the words in the names of countries, of their people and capitals."""
    rows = load("actors/countries.tsv", ("name", "adjectives", "capital"))
    names = (name for row in rows for column in ("name", "adjectives", "capital") for name in row.items(column))
    return frozenset(stem(word.lower()) for name in names for word in name.split() if word[:1].isupper() and len(word) > 3)


def _heads(tables: Path | None) -> frozenset[str]:
    """Return the stems of the words that head a frame which tells an event."""
    frames = lexicon(tables)
    by_head = (found for table in (frames.verbs, frames.nouns, frames.adjectives) for found in table.items())
    return frozenset(stem(head) for head, rows in by_head if any(frame.root for frame in rows))


@cache
def gate(tables: Path | None = None) -> Gate:
    """Return the gate of the built-in tables and of the user's folder, made once."""
    return Gate(tables)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return what the forms of a word have in common, roughly: "arrested", "arrests", "arresting" are "arrest"."""
    word = normal(word)
    for ending in _ENDS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
