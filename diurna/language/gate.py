"""The gate: a cheap scan that says, before anything is parsed, whether a text is worth it.

An event needs somebody whose side is known and a word that tells it. A sentence, as a light splitter cuts them, counts when it
names an actor of the tables (or a city, which gives a report its country) and holds all the words that some frame asks for;
a text passes when enough of its sentences count. It passes whole or not at all: leaving out single sentences was tried, and
changed how the rest was read (docs/scale.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from diurna.actors.base import KnowledgeBase, knowledge
from diurna.actors.cities import city_country
from diurna.actors.keys import key, singular
from diurna.events.frames import Frame, Lexicon, lexicon, normal
from diurna.records import Span
from diurna.tables import load

_LINE = re.compile(r"[^\r\n]+")
_BREAK = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘(\[]?[A-Z0-9])")
_WORD = re.compile(r"[^\W\d_]+(?:['’.&-][^\W\d_]+)*|\d+")
_ENDS = ("ations", "ation", "ments", "ment", "ings", "ing", "ied", "ies", "ed", "es", "s", "e", "y")
_NAMES = frozenset(("person", "body", "country", "adjective", "demonym", "seat", "region"))
_LONGEST_NAME = 6  # words
_SENTENCE = 4  # words; what is shorter is a heading
_ENOUGH = 0.15  # of the sentences; the measured trade is in docs/scale.md


class Gate:
    """Reads texts with the words of the tables alone.

    Args:
        tables: folder with the user's own tables, or None.
    """

    def __init__(self, tables: Path | None = None) -> None:
        self.known: KnowledgeBase = knowledge(tables)
        self.demands = _demands(lexicon(tables))
        self.forms = {row["form"].lower(): stem(row["lemma"]) for row in load("irregular.tsv", ("form", "lemma"), tables)}

    def holds_events(self, text: str) -> bool:
        """Tell whether enough sentences name an actor and hold the words of a frame; headings are not counted against it."""
        telling = others = 0
        for line in _LINE.finditer(text):
            for span in _sentences(text, line.span()):
                words = _WORD.findall(text, *span)
                if self._may_tell(words):
                    telling += 1
                elif len(words) >= _SENTENCE:
                    others += 1
        return telling > 0 and telling >= _ENOUGH * (telling + others)

    def _may_tell(self, words: list[str]) -> bool:
        keys = [key(word) for word in words]
        return any(word[0].isupper() and self._names(words, keys, at) for at, word in enumerate(words)) and self._tells(words)

    def _names(self, words: list[str], keys: list[str], at: int) -> bool:
        """Tell whether a name that begins at a capital is one of the tables', or that of a city or of somebody's family."""
        if city_country(words[at]) or (at and keys[at] in self.known.family):
            return True
        for end in range(min(len(keys), at + _LONGEST_NAME), at, -1):
            for form in (joined := " ".join(keys[at:end]), singular(joined)):
                for sense in self.known.senses(form):
                    if sense.kind in _NAMES and (not sense.caps or words[at].isupper()):
                        return True
        return False

    def _tells(self, words: list[str]) -> bool:
        """Tell whether all the words that some frame asks for are there."""
        there = {self.forms.get(part) or stem(part) for word in words for part in re.split(r"[-–]", word.lower()) if part}
        return any(
            all(not group.isdisjoint(there) for group in demand)
            for head in there
            if head in self.demands
            for demand in self.demands[head]
        )


def _sentences(text: str, line: Span) -> Iterator[Span]:
    start = line[0]
    for end in [*(match.end() for match in _BREAK.finditer(text, *line)), line[1]]:
        yield start, end
        start = end


@cache
def gate(tables: Path | None = None) -> Gate:
    """Return the gate of the built-in tables and of the user's folder, made once."""
    return Gate(tables)


def stem(word: str) -> str:
    """Return what the forms of a word have in common, roughly: "arrested", "arrests", "arresting" are "arrest"."""
    word = normal(word)
    for ending in _ENDS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _demands(frames: Lexicon) -> dict[str, list[tuple[frozenset[str], ...]]]:
    """Return, by the stem of a frame's head, which groups of stems must each have one in the sentence."""
    found: dict[str, set[tuple[frozenset[str], ...]]] = defaultdict(set)
    for table in (frames.verbs, frames.nouns, frames.adjectives):
        for head, rows in table.items():
            for frame in rows:
                if frame.root:
                    found[stem(head)].add(_demand(frame, frames))
    return {head: [()] if () in demands else sorted(demands, key=len) for head, demands in found.items()}


def _demand(frame: Frame, frames: Lexicon) -> tuple[frozenset[str], ...]:
    groups = [frozenset((stem(word),)) for n, word in enumerate(frame.words) if n != frame.head]
    for wanted in (frame.objects, *(need.partition(":")[2].split("|") for need in frame.needs if ":" in need)):
        group = _group(wanted, frames)
        if group:
            groups.append(group)
    return tuple(groups)


def _group(wanted: Iterable[str], frames: Lexicon) -> frozenset[str]:
    """Return the stems of a list of words and classes; empty where anything would do."""
    stems: set[str] = set()
    for name in wanted:
        if name in ("@actor", "@event", "+", "-", ""):
            return frozenset()
        members = frames.classes[name[1:]] if name.startswith("@") and name[1:] in frames.classes else {name}
        stems |= {stem(part) for member in members for part in (member, *re.split("[- ]", member))}
    return frozenset(stems)
