"""Small questions that coreference asks of the parse: is a phrase definite, counted, standing for nobody, a dateline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.tokens import Doc, Token

from diurna.actors.words import words_of
from diurna.language.notes import Notes, notes_of
from diurna.language.salience import Candidate

_DEFINITE, _WILLING = words_of("definite"), words_of("willing")
_NUMBERS = dict.fromkeys(words_of("two"), 2) | dict.fromkeys(words_of("three"), 3)
_DATELINE = re.compile(r"^[A-Z][A-Z'’.\- ]{2,30}(?=,|\s*[-–—:]|\s+\()", re.MULTILINE)
_WHOLE_DATELINE = re.compile(r"^[A-Z][A-Z'’.\- ]{2,30}(?:, [\w. ]{2,30}){0,3}(?: \([^()\n]{2,30}\))?\s*(?:[-–—]|:)", re.MULTILINE)
_DAY = r"(?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+\.?)\b(?:,? \d{4})?"
_LATER_DATELINE = re.compile(
    r"^(?P<place>[A-Z][A-Z'’.\- ]{2,30})(?:, (?P<more>[A-Z][a-z][\w. ]{2,20}))??"
    rf"(?:, {_DAY}|(?= \())(?: \([^()\n]{{2,30}}\))?\s*[-–—]",
    re.MULTILINE,
)
_HEAD = 3000  # characters


def is_human(found: Candidate) -> bool:
    """A singular noun for a person that no office marks: "a villager", "the gunman"."""
    return (
        found.head.pos_ == "NOUN"
        and found.head.ent_type_ not in ("GPE", "ORG")
        and found.participant.sectors[:1] in (("CVL",), ("UAF",), ("LAB",), ("EDU",), ("JRN",), ("REL",), ("AGR",), ("ELI",))
        and not found.adjective
    )


def is_definite(head: Token) -> bool:
    return any(child.lower_ in _DEFINITE for child in head.children)


def how_many(head: Token) -> int:
    """How many a set has: "the *two* leaders", "*both* sides"; 0 when it does not say."""
    words = [head, *(c for c in head.children if c.i < head.i)]
    return next((_NUMBERS[w.lower_] for w in words if w.lower_ in _NUMBERS), 0)


def is_pleonastic(head: Token) -> bool:
    """ "It is clear that", "it rained": stands for nobody."""
    verb = head.head
    if any(c.dep_ in ("acomp", "attr") and c.lower_ in _WILLING for c in verb.children):
        return False
    kinds = ("ccomp", "csubj") if verb.lemma_ in ("seem", "appear") else ("ccomp", "xcomp", "csubj", "advcl")
    clausal = any(c.dep_ in kinds for c in verb.children)
    return head.dep_ == "expl" or (
        head.dep_ == "nsubj"
        and verb.lemma_ in ("be", "seem", "appear", "remain")
        and (
            clausal
            or any(
                c.dep_ in ("acomp", "attr") and any(g.dep_ in ("ccomp", "xcomp", "relcl") for g in c.children)
                for c in verb.children
            )
        )
    )


def dateline_tokens(doc: Doc) -> frozenset[int]:
    """Return the tokens of datelines ("ASPEN, Colorado -"), which only say where a report was written."""
    spans = [match.span() for match in _WHOLE_DATELINE.finditer(notes_of(doc).text)]
    return frozenset(token.i for a, b in spans for token in doc if a <= token.idx < b)


def dateline_countries(doc: Doc, notes: Notes) -> list[tuple[int, str]]:
    """Return the countries of the datelines of a report, each with the offset from which on it counts.

    The first is of a place in capitals that opens a paragraph: "NAIROBI, March 3 (Agency) -". Round-ups have more of them,
    which must give a day or an agency, too.
    """
    first = next(_placed(doc, notes, _DATELINE.finditer(notes.text, 0, _HEAD)), None)
    # What opens the report is no later part, even where its town is unknown.
    later = [d for d in _placed(doc, notes, islice(later_datelines(notes.text), 1, None)) if first is None or d[0] > first[0]]
    return [*([(0, first[1])] if first is not None else []), *later]


def later_datelines(text: str) -> Iterator[re.Match[str]]:
    """Yield the datelines of the parts of a round-up, with their `place` and `more` (a country or state)."""
    return _LATER_DATELINE.finditer(text)


def _placed(doc: Doc, notes: Notes, matches: Iterable[re.Match[str]]) -> Iterator[tuple[int, str]]:
    for match in matches:
        inside = (p for p in notes.phrases if match.start() <= doc[p.head].idx < match.end())
        country = next((p.participant.country for p in inside if p.participant and p.participant.country), "")
        if country:
            yield match.start(), country
