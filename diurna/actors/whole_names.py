"""The spaCy component `diurna_names`: names that the parser takes apart become one token ("Save the Children", "Moo-hyun")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from diurna.actors.base import KnowledgeBase, knowledge
from diurna.actors.keys import key
from diurna.actors.spans import is_abbreviation
from diurna.actors.words import words_of

_PARTED = words_of("parted")
_LONGEST = 8  # words
_MODEL = "nato"  # an abbreviation that every English pipeline has read often


class WholeNames:
    """Joins the tokens of such names; runs before the tagger. The text of the Doc stays as it is.

    Args:
        tables: folder with the user's own tables, or None.
        own: files with the user's own actors.
    """

    def __init__(self, tables: Path | None = None, own: Sequence[Path] = ()) -> None:
        base = knowledge(tables, tuple(own))
        self._by_first = _names(base)
        self._like_words = {w for w in words_of("preposition") if any(s.caps and s.kind == "body" for s in base.senses(w))}

    def __call__(self, doc: Doc) -> Doc:
        """Join what is found; a token keeps whether it starts a sentence. "WHO" is read as a name is, not as "who" is."""
        for token in doc:
            if token.lower_ in self._like_words and is_abbreviation(token):
                token.norm_ = _MODEL
        bodies = list(self._find(doc))
        held = {i for first, last in bodies for i in range(first, last)}
        found = bodies + [span for span in _given_names(doc) if span[0] not in held and span[1] - 1 not in held]
        if not found:
            return doc
        starts = {doc[a].idx: doc[a].is_sent_start for a, _ in found}
        with doc.retokenize() as retokenizer:
            for first, last in found:
                retokenizer.merge(doc[first:last])
        for token in doc:
            if token.idx in starts:
                token.is_sent_start = starts[token.idx]
        return doc

    def _find(self, doc: Doc) -> Iterator[tuple[int, int]]:
        end = 0
        for token in doc:
            names = self._by_first.get(token.lower_) if token.i >= end and token.text[:1].isupper() else None
            for last in range(min(len(doc), token.i + _LONGEST), token.i + 1, -1) if names else ():
                text = doc[token.i : last].text
                if text[-1:].isalpha() and doc[last - 1].text[:1].isupper() and key(text) in (names or ()):
                    yield token.i, last
                    end = last
                    break


def _given_names(doc: Doc) -> Iterator[tuple[int, int]]:
    """Find the given names of Korea and China that go on in a small letter: "Roh Moo-hyun", "Chiang Kai-shek"."""
    for hyphen in doc[2:-1]:
        family, first, last = (doc[hyphen.i + step] for step in (-2, -1, 1))
        whole = hyphen.text == "-" and not (first.whitespace_ or hyphen.whitespace_) and family.whitespace_
        if whole and family.is_title and first.is_title and last.is_lower and last.is_alpha:
            yield first.i, last.i + 1


def _names(base: KnowledgeBase) -> dict[str, set[str]]:
    """Return the keys of names of bodies that hold a word by which the parser takes them apart, by their first word."""
    found: dict[str, set[str]] = {}
    for words, senses in base.lexicon.items():
        parts = words.split(" ")
        if len(parts) > 2 and _PARTED.intersection(parts) and any(s.kind == "body" for s in senses):
            found.setdefault(parts[0], set()).add(words)
    return found


@Language.factory("diurna_names", default_config={"tables": "", "actors": []}, retokenizes=True)
def make_names(nlp: Language, name: str, tables: str, actors: list[str]) -> WholeNames:
    """Make the component; `tables` is the folder with the user's own tables, empty for none, `actors` files of own actors."""
    return WholeNames(Path(tables) if tables else None, [Path(file) for file in actors])
