"""Cuts a mention into segments: names, adjectives of countries, titles, agent nouns, qualifiers, prepositions, other words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from diurna.actors.base import KnowledgeBase, Sense
from diurna.actors.keys import key, singular
from diurna.actors.words import words_of

PREPOSITIONS = words_of("preposition")
PARTICLES = words_of("particle")
PLACE_KINDS = frozenset(("country", "seat", "region", "adjective", "demonym", "city"))
SKIPPED = frozenset(("determiner", "quantity"))
_POSSESSIVE = re.compile(r"^(.*\w[.)]?)[’'](?:s|S)?$")
_EDGES = "“”\"‘’'()[]{}«»*"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a mention; `before` and `after` tell punctuation that ends a part."""

    text: str
    key: str
    possessive: bool = False
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words with one sense. kind: the sense's kind, or "word", "neutral", "preposition", "comma"."""

    kind: str
    text: str
    start: int
    end: int
    senses: tuple[Sense, ...] = ()
    possessive: bool = False
    plural: bool = False

    @property
    def sense(self) -> Sense:
        """The first sense."""
        return self.senses[0]

    @property
    def capital(self) -> bool:
        """Whether it is printed as part of a name: a capital first, or a particle ("bin", "al-Asad")."""
        particle, _, rest = self.text.partition("-")
        return self.text[:1].isupper() or (particle in PARTICLES and (not rest or rest[:1].isupper()))


def split_words(text: str) -> list[Word]:
    """Split a mention into words; possessives and commas are marks on the word, "ex-" and "-elect" words of their own."""
    words: list[Word] = []
    for chunk in re.split(r"\s+|(?<=,)|(?=[(;:—])|\s*–\s*", text):
        bare = chunk.strip(_EDGES + ",;:—.")
        if chunk.rstrip(_EDGES + ",;:").endswith(".") and ("." in bare or len(bare) <= 4):
            bare += "."
        if bare.lower() in ("'s", "s") and chunk[:1] in "'’" and words:
            words[-1] = replace(words[-1], possessive=True)
            continue
        stop = chunk[-1:] in ",;:—" or chunk[:1] == "("
        if not bare:
            if stop and words:
                words[-1] = replace(words[-1], comma=True)
            continue
        if chunk[:1] in "(—" and words:
            words[-1] = replace(words[-1], comma=True)
        match = _POSSESSIVE.match(chunk.strip('“”"()[],;:—'))
        possessive = bool(match) and not chunk.startswith(("'", "‘"))
        bare = match[1] if match and possessive else bare
        words.extend(Word(part, key(part)) for part in _affixes(bare))
        words[-1] = replace(words[-1], possessive=possessive, comma=chunk[-1:] in ",;:—")
    return [word for word in words if word.key]


def _affixes(word: str) -> list[str]:
    lower = word.lower()
    for prefix in ("ex-", "then-", "former-"):
        if lower.startswith(prefix) and len(word) > len(prefix):
            return [prefix[:-1], *_affixes(word[len(prefix) :])]
    for suffix in ("-elect", "-designate", "-nominee"):
        if lower.endswith(suffix):
            return [word[: -len(suffix)], suffix[1:]]
    return [word]


class Segmenter:
    """Cuts mentions into segments with the lexicon of a knowledge base."""

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base

    def cut(self, text: str) -> list[Segment]:
        """Return the segments of a mention, longest known run first, left to right."""
        words = split_words(text)
        segments: list[Segment] = []
        at = 0
        while at < len(words):
            segment = self._longest(words, at) or self._single(words, at)
            segments.append(segment)
            if words[segment.end - 1].comma:
                segments.append(Segment("comma", ",", segment.end, segment.end))
            at = segment.end
        return _neutralised(segments)

    def _longest(self, words: Sequence[Word], at: int) -> Segment | None:
        furthest = min(len(words), at + self.base.longest)
        for end in range(at + 1, furthest):
            if words[end - 1].comma:
                furthest = end
                break
        for end in range(furthest, at, -1):
            found = self._known(words[at:end])
            if found and (_only_begins(words, at, end) or _runs_into_name(words, at, end, found[0][0])):
                continue
            if found:
                senses, plural = found
                text = " ".join(word.text for word in words[at:end])
                return Segment(senses[0].kind, text, at, end, senses, words[end - 1].possessive, plural)
        return None

    def _known(self, words: Sequence[Word]) -> tuple[tuple[Sense, ...], bool] | None:
        glued = " ".join(w.key + ("s" if w.possessive and i < len(words) - 1 else "") for i, w in enumerate(words))
        text = " ".join(w.text for w in words)
        exact = [s for s in self.base.senses(glued) if _printed_right(s, text, len(words))]
        if glued in PREPOSITIONS:
            exact = [s for s in exact if s.caps]  # "WHO" is a body, "who" is none
        if exact:
            return tuple(sorted(exact, key=_preference)), any(s.number == "plural" for s in exact)
        one = singular(glued)
        if one == glued or glued in PREPOSITIONS:
            return None
        nouns = [
            s
            for s in self.base.senses(one)
            if s.kind in ("agent", "office", "demonym", "kin") and _printed_right(s, text, len(words))
        ]
        return (tuple(sorted(nouns, key=_preference)), True) if nouns else None

    def _single(self, words: Sequence[Word], at: int) -> Segment:
        word, kind = words[at], "word"
        if self._qualifies(word.text, "quantity") and at + 1 < len(words) and words[at + 1].text[:1].isdigit():
            kind = "quantity"  # "about 5,000 students" are not about anything
        elif word.key in PREPOSITIONS and not (word.text[:1].isupper() and at > 0 and word.key not in ("and", "of")):
            kind = "preposition"
        elif word.key.isdigit() or re.fullmatch(r"[\d.,]+", word.text):
            kind = "quantity"
        elif "-" in word.text and self._is_neutral(word.text):
            kind = "neutral"
        return Segment(kind, word.text, at, at + 1, (), word.possessive)

    def _is_neutral(self, text: str) -> bool:
        first, _, last = text.partition("-")
        return self._qualifies(first, "neutral_prefix") or self._qualifies(last.rpartition("-")[2], "neutral_suffix")

    def _qualifies(self, word: str, kind: str) -> bool:
        return any(sense.kind == kind for sense in self.base.senses(key(word)))


def _only_begins(words: Sequence[Word], at: int, end: int) -> bool:
    """ "the Australian government" does not name the newspaper The Australian."""
    if words[at].key != "the" or end - at < 2:
        return False
    goes_on = (
        end < len(words) and words[end].text.islower() and words[end].key not in PREPOSITIONS and not words[end - 1].possessive
    )
    return goes_on and end - at == 2


def _runs_into_name(words: Sequence[Word], at: int, end: int, sense: Sense) -> bool:
    """ "the opposition Movement for Democratic Change": a noun ends where a name begins."""
    noun = sense.kind in ("agent", "office")
    return noun and end - at > 1 and words[at].text.islower() and words[end - 1].text[:1].isupper()


_ORDER = ("person", "body", "country", "seat", "region", "adjective", "demonym", "former", "kin", "office", "agent")


def _preference(sense: Sense) -> int:
    place = _ORDER.index(sense.kind) if sense.kind in _ORDER else len(_ORDER)
    return place - (len(_ORDER) + 1 if sense.own else 0)


def _printed_right(sense: Sense, text: str, count: int) -> bool:
    """Tell whether the words are printed as the sense needs: names in capitals, abbreviations all in capitals."""
    if sense.kind in ("neutral_suffix", "neutral_prefix"):
        return text.islower()
    if sense.caps:
        return text.replace(".", "").replace("-", "").isupper()
    if sense.origin == "media.tsv":  # "its foreign policy" is no magazine
        return not text.islower()
    if sense.kind in ("person", "body", "country", "seat", "region", "adjective", "demonym"):
        return text[:1].isupper() or any(c.isupper() for c in text) or (count > 1 and text.islower())
    return True


def _neutralised(segments: list[Segment]) -> list[Segment]:
    """Mark what must not lend its country: "US backed", "ethnic Albanian"; drop affix words that stand alone otherwise."""
    result: list[Segment] = []
    for segment in segments:
        if segment.kind == "neutral_suffix":
            if result and result[-1].kind in (*PLACE_KINDS, "body", "person", "word") and not result[-1].possessive:
                result[-1] = replace(result[-1], kind="neutral")
            result.append(replace(segment, kind="word"))
        elif segment.kind == "neutral_prefix":
            result.append(replace(segment, kind="word"))
        elif result and result[-1].kind == "ethnic" and segment.kind in ("adjective", "demonym"):
            result.append(
                replace(segment, kind="agent", senses=(replace(segment.sense, kind="agent", country="", sectors=("CVL",)),))
            )
        else:
            result.append(segment)
    return result
