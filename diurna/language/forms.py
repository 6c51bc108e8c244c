"""The spaCy component `diurna_forms`: what the pipeline's attribute ruler and lemmatizer say, kept for each word in each use.

The ruler sets part of speech, features and lemma by patterns over a word, its tag and its dependency. Matching all of them at
every token of a report takes as long as parsing it; but nearly every pattern looks at one token alone, so that its answer can
be kept. Patterns of two tokens ("let 's", "there is") are matched where their first one may stand. The result is the ruler's.
The lemma of a word follows from what the ruler says of it, and is kept beside.
"""

from __future__ import annotations

from typing import Any, cast

from spacy.attrs import DEP, ORTH, TAG
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc, Token
from spacy.tokens._retokenize import set_token_attrs

_SEEN = {"LOWER", "TEXT", "ORTH", "NORM", "SHAPE", "IS_SPACE", "IS_PUNCT", "IS_DIGIT", "LIKE_NUM", "TAG", "DEP"}
_ROOM = 200_000  # uses of words that are kept
Pattern = list[dict[str, Any]]  # a token each
Key = tuple[int, int, int]  # word, tag, dependency
Known = tuple[tuple[int, ...], bool]  # rules of one token that hold, in order; whether a pattern of two tokens may begin


class Forms:
    """Applies an attribute ruler whose patterns `can_keep`, then a lemmatizer by rules."""

    def __init__(self, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self.ruler, self.lemmatizer = ruler, lemmatizer
        self.openers, self.pairs = Matcher(ruler.vocab), Matcher(ruler.vocab)
        for number, patterns in enumerate(_patterns(ruler)):
            twos = [pattern for pattern in patterns if len(pattern) > 1]
            if twos:
                self.pairs.add(str(number), twos)
                self.openers.add(str(number), [pattern[:1] for pattern in twos])
        self._known: dict[Key, Known] = {}
        self._merged: dict[tuple[int, ...], dict[int, object]] = {}
        self._lemmas: dict[tuple[int, tuple[int, ...]], str] = {}  # by word and rules

    def __call__(self, doc: Doc) -> Doc:
        """Set part of speech, features and lemmas as the ruler does."""
        if len(self._known) > _ROOM:
            self._known.clear()
            self._lemmas.clear()
        rules: list[tuple[int, ...]] = []
        opening = []
        for index, (word, tag, dependency) in enumerate(doc.to_array([ORTH, TAG, DEP]).tolist()):
            key = (word, tag, dependency)
            found = self._known.get(key)
            if found is None:
                found = self._known[key] = self._ask(doc, index)
            rules.append(found[0])
            if found[1]:
                opening.append(index)
        for index in opening:
            for number, _, _ in self.pairs(doc[index : index + 2], allow_missing=True) if len(self.pairs) else ():
                rule = int(doc.vocab.strings[number])
                at = index + self.ruler.indices[rule]
                rules[at] = tuple(sorted((*rules[at], rule)))
        for token, numbers in zip(doc, rules, strict=True):
            if numbers:
                set_token_attrs(token, self._attributes(numbers))
            if not token.lemma:
                token.lemma_ = self._lemma(token, numbers)
        return doc

    def _lemma(self, token: Token, rules: tuple[int, ...]) -> str:
        key = (token.orth, rules)
        if key not in self._lemmas:
            self._lemmas[key] = self.lemmatizer.lemmatize(token)[0]
        return self._lemmas[key]

    def _ask(self, doc: Doc, index: int) -> Known:
        alone = doc[index : index + 1]
        matches = self.ruler.matcher(alone, allow_missing=True)
        rules = sorted({int(doc.vocab.strings[number]) for number, _, _ in matches})
        return tuple(rules), bool(self.openers(alone, allow_missing=True)) if len(self.openers) else False

    def _attributes(self, rules: tuple[int, ...]) -> dict[int, object]:
        """Return what rules set together; the later one wins."""
        if rules not in self._merged:
            merged: dict[int, object] = {}
            for rule in rules:
                merged |= self.ruler.attrs[rule]
            self._merged[rules] = merged
        return self._merged[rules]


def can_keep(nlp: Language) -> bool:
    """Tell whether a pipeline has a ruler and a lemmatizer whose answers can be kept.

    All patterns of the ruler must look at one or two tokens, and at nothing but their words, tags and dependencies.
    """
    ruler, lemmatizer = (nlp.get_pipe(name) if nlp.has_pipe(name) else None for name in ("attribute_ruler", "lemmatizer"))
    if not isinstance(ruler, AttributeRuler) or not isinstance(lemmatizer, Lemmatizer) or lemmatizer.mode != "rule":
        return False
    found = [pattern for patterns in _patterns(ruler) for pattern in patterns]
    return all(len(pattern) <= 2 and all(_SEEN.issuperset(token) for token in pattern) for pattern in found)


def _patterns(ruler: AttributeRuler) -> list[list[Pattern]]:
    """Return the patterns of each rule."""
    return [cast("list[Pattern]", rule["patterns"]) for rule in ruler.patterns]


@Language.factory("diurna_forms", assigns=["token.pos", "token.morph", "token.lemma"])
def make_forms(nlp: Language, name: str) -> Forms:
    """Make the component in place of the pipeline's "attribute_ruler" and "lemmatizer", which must be there."""
    ruler, lemmatizer = nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer")
    assert isinstance(ruler, AttributeRuler)
    assert isinstance(lemmatizer, Lemmatizer)
    return Forms(ruler, lemmatizer)
