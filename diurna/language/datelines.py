"""Datelines: the place and day that open a report or a part of a round-up ("ASPEN, Colorado -", "KARACHI (Agency) -")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from diurna.actors.base import KnowledgeBase
from diurna.actors.cities import country_of_place
from diurna.language.notes import Notes, NounPhrase, notes_of
from diurna.records import Span

_CAPITAL = "A-ZÀ-ÖØ-Þ"
_SHOUTED = rf"[{_CAPITAL}][{_CAPITAL}'’./ -]{{2,30}}"
_WRITTEN = rf"[{_CAPITAL}][\w.’'/-]+(?: [{_CAPITAL}][\w.’'-]+){{0,2}}"
_MORE = r", (?P<more>[A-Z][\w.][\w. ]{1,40}?)"  # a country or state
_DAY = r"(?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+\.?)\b(?:,? \d{4})?"
_AGENCY = r",? \([^()\n]{2,30}\)"
_DASH = r"\.?\s?[-–—]"
# Not in capitals it must name a day or an agency.
_SIGNED = rf"(?P<place>{_WRITTEN})(?:{_MORE})??(?:, {_DAY}(?:{_AGENCY}(?:{_DASH})?|{_DASH})|{_AGENCY}{_DASH})"
_OPENING = re.compile(
    rf"^[ \t]*(?:(?P<shouted>{_SHOUTED})(?:, (?P<beside>[A-Z][a-z][\w. ]{{1,40}}?))?(?=,|\s*[-–—:]|\s+\()|{_SIGNED})",
    re.MULTILINE,
)
_LATER = re.compile(
    rf"^[ \t]*(?P<place>{_SHOUTED})(?:{_MORE})??(?P<signed>(?:, {_DAY})(?:{_AGENCY})?|{_AGENCY}|(?<=[\w.]))\s*[-–—]+(?=\s)",
    re.MULTILINE,
)
_WHOLE = re.compile(
    rf"^[ \t]*(?:{_SHOUTED}(?:, [\w. ]{{2,40}}){{0,3}}(?:{_AGENCY})?\s*(?:[-–—]|:)|{_SIGNED})",
    re.MULTILINE,
)
_END = re.compile(rf"{_SHOUTED}(?:, [\w. ]{{2,40}}){{0,3}}(?:{_AGENCY})? ?[-–—]{{1,2}} ?|{_SIGNED}(?:(?<=[-–—])[-–—]? )")
_LONGEST = 120  # characters
_HEAD = 3000  # characters
_OF_PLACES = ("countries.tsv", "regions.tsv", "city:")  # how places resolve
_PEOPLE, _TOWN = ("CVL",), "city: dateline"


def dateline_end(text: str, start: int) -> int:
    """Return where the report begins after a dateline at `start`, -1 when there is none."""
    found = _END.match(text, start, start + _LONGEST)
    return found.end() if found else -1


def dateline_tokens(doc: Doc) -> frozenset[int]:
    """Return the tokens of datelines ("ASPEN, Colorado -"), which only say where a report was written."""
    spans = [match.span() for match in _WHOLE.finditer(notes_of(doc).text)]
    return frozenset(token.i for a, b in spans for token in doc if a <= token.idx < b)


@dataclass(frozen=True, slots=True)
class _Line:
    """A dateline, the words for its town, and the country of that; empty where it is unknown."""

    span: Span
    town: Span
    country: str


class Datelines:
    """The datelines of a report.

    tokens: of everything that looks like one. countries: each with the offset from which on it counts.
    """

    def __init__(self, doc: Doc, notes: Notes, base: KnowledgeBase) -> None:
        self.doc = doc
        self.tokens = dateline_tokens(doc)
        self._lines, self.countries = _read(notes.text, base)
        if headed := self._headed(notes):
            self.countries = [(0, headed), *self.countries[1:]]
        self._name_towns()
        named = (p.participant for p in notes.phrases if p.head in self.tokens)
        self._senders = {p.name for p in named if p is not None and "JRN" in p.sectors}

    def _headed(self, notes: Notes) -> str:
        """The country of a headline in capitals, which a report is about wherever it was written; empty when there is none."""
        end = self._lines[0].span[0] if self._lines else len(notes.text)
        signed = {match.start() for match in later_datelines(notes.text)}
        for match in _OPENING.finditer(notes.text, 0, min(end, _HEAD)):
            if match["shouted"] and match.start() not in signed:
                inside = (p.participant for p in notes.phrases if match.start() <= self.doc[p.head].idx < match.end())
                country = next((p.country for p in inside if p is not None and p.country and "JRN" not in p.sectors), "")
                if country:
                    return country
        return ""

    def _name_towns(self) -> None:
        """Let the town of a dateline be that town: not a person of that name, nor whoever the parser apposes to it."""
        for phrase in notes_of(self.doc).phrases:
            offset = self.doc[phrase.head].idx
            country = next((line.country for line in self._lines if line.town[0] <= offset < line.town[1]), "")
            known = phrase.participant
            if country and known is not None and not known.resolved_by.startswith(_OF_PLACES):
                phrase.participant = replace(
                    known,
                    name=known.text,
                    entity_id="",
                    country=country,
                    sectors=_PEOPLE,
                    office="",
                    resolved_by=_TOWN,
                )

    def tells(self, phrase: NounPhrase) -> bool:
        """Tell whether a phrase shows which countries the report is about.

        The media that sent it do not, nor does a namesake of its town or its month: "LAGOS, May 3 (Agency) -".
        """
        found = phrase.participant
        if found is None or found.name in self._senders:
            return found is None
        offset = self.doc[phrase.head].idx
        return found.resolved_by.startswith(_OF_PLACES) or not any(line.span[0] <= offset < line.span[1] for line in self._lines)


def _read(text: str, base: KnowledgeBase) -> tuple[list[_Line], list[tuple[int, str]]]:
    """Return the datelines of known places, and the countries of all, each with the offset from which on it counts.

    The first is that which opens the report: of a place in capitals, or of one with a day or an agency behind it; its country
    is empty where that place is unknown. Round-ups have more of them, which must give a country, a day or an agency.
    """
    later = [match for match in later_datelines(text) if match["signed"] or country_of_place(base, match["more"])]
    lines = [_line(base, match) for match in later]
    opening = next((line for match in _OPENING.finditer(text, 0, _HEAD) if (line := _line(base, match)).country), None)
    if lines and (opening is None or lines[0].span[0] < opening.span[0]):  # the place that opens the report is unknown
        opening = lines[0]
    if opening is None:
        return [], []
    after = [(line.span[0], line.country) for line in lines if line.country and line.span[0] > opening.span[0]]
    return [line for line in (opening, *lines) if line.country], [(0, opening.country), *after]


def later_datelines(text: str) -> Iterator[re.Match[str]]:
    """Yield the datelines of the parts of a round-up.

    Their groups are `place`, `more` (a country or state) and `signed` (the day or agency); one of the last two is there.
    """
    return (match for match in _LATER.finditer(text) if match["signed"] or match["more"])


def _line(base: KnowledgeBase, match: re.Match[str]) -> _Line:
    """The country is the one that is named, else that of the first place: "KYIV/LONDON, March 3"."""
    groups = match.groupdict()
    group = "shouted" if groups.get("shouted") else "place"
    more = groups.get("beside") or groups.get("more") or ""
    country = country_of_place(base, more) or country_of_place(base, match[group].split("/")[0])
    return _Line(match.span(), match.span(group), country)
