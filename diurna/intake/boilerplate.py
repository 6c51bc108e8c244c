"""Which stretches of a report are page furniture: bylines, credits, follow-us lines, related links, sign-offs.

The rules are the rows of `data/cues/boilerplate.tsv`. What they find stays in `Article.text` and is never evidence of an event
(codebook, section 1). All spans are code points into the text given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from diurna.records import Span
from diurna.tables import load

_SCOPES = ("line", "below", "part", "sentence", "list")
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(\[©]?[A-Z0-9©])")
# A longer line is prose; matching whole-line patterns on it would only cost time.
_LONGEST = 400
_HEADLINE_CHARS = 160
_HEADLINE_WORDS = 26
_DATELINE = re.compile(r"[A-Z][A-Za-z.’' -]{2,40}(?:, [\w. ]{2,30})?(?:,? \([\w /]{2,20}\)\.?)? ?(?:[-–—]{1,2}) ")
_FULL_STOP = re.compile(r"(?<![A-Z])\.[\"”’')\]]*$")


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of the table: what kind of furniture, where it may stand, and the compiled pattern."""

    kind: str
    scope: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Litter:
    """A stretch found, and the kind of the row that found it."""

    span: Span
    kind: str


def find_boilerplate(text: str, extra: Path | None = None) -> tuple[Span, ...]:
    """Return the spans of page furniture in rising order, none overlapping another.

    Args:
        text: the report as stored.
        extra: folder with the user's own tables.
    """
    spans: list[Span] = []
    for litter in sorted(find_litter(text, extra), key=lambda item: item.span):
        start, end = litter.span
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def find_litter(text: str, extra: Path | None = None) -> Iterator[Litter]:
    """Yield every stretch a rule marks, with its kind; stretches may overlap."""
    plain = _plain(text)
    cues = load_cues(extra)
    in_list = ""
    for number, (start, end) in enumerate(_lines(plain)):
        line = plain[start:end]
        heading = _heading(line, cues)
        kind = heading or _whole(line, cues, first=number == 0)
        if kind:
            in_list = heading or in_list
            yield Litter((start, end), kind)
        elif in_list and _is_link(line):
            yield Litter((start, end), in_list)
        else:
            in_list = ""
            yield from _inside(plain, (start, end), cues)


def find_headline(text: str) -> Span | None:
    """Return the span of the headline: a short first line without a final full stop, with something under it."""
    plain = _plain(text)
    lines = _lines(plain)
    first = next(lines, None)
    if first is None or next(lines, None) is None:
        return None
    line = plain[first[0] : first[1]]
    words = line.split()
    if len(line) > _HEADLINE_CHARS or not 2 <= len(words) <= _HEADLINE_WORDS:
        return None
    if _FULL_STOP.search(line) or line[-1] in ":;," or _DATELINE.match(line):
        return None
    cues = load_cues()
    return None if _heading(line, cues) or _whole(line, cues, first=True) else first


@cache
def load_cues(extra: Path | None = None) -> tuple[Cue, ...]:
    """Return the rows of the cue table, compiled.

    Raises:
        TableError: an unknown scope or a pattern that does not compile.
    """
    cues = []
    for row in load("cues/boilerplate.tsv", ("kind", "scope", "pattern"), extra):
        if row["scope"] not in _SCOPES:
            raise row.error(f"scope {row['scope']!r} is none of {', '.join(_SCOPES)}")
        try:
            cues.append(Cue(row["kind"], row["scope"], re.compile(row["pattern"])))
        except re.error as error:
            raise row.error(f"pattern does not compile: {error}") from error
    return tuple(cues)


def _plain(text: str) -> str:
    """Return the text with every odd blank turned into a space, character by character, so that offsets hold."""
    return re.sub(r"[^\S\r\n\u2028\u2029\x0b\x0c\x85]|[\u200b\ufeff]", " ", text)


def _lines(text: str) -> Iterator[Span]:
    """Yield the spans of the lines that hold words, without the blanks around them."""
    for match in _LINE.finditer(text):
        line = match[0]
        if line.strip():
            yield match.start() + len(line) - len(line.lstrip()), match.start() + len(line.rstrip())


def _heading(line: str, cues: tuple[Cue, ...]) -> str:
    if len(line) > _LONGEST:
        return ""
    return next((cue.kind for cue in cues if cue.scope == "list" and cue.pattern.fullmatch(line)), "")


def _whole(line: str, cues: tuple[Cue, ...], first: bool) -> str:
    """Return the kind of the row that takes the whole line."""
    if len(line) > _LONGEST:
        return ""
    scopes = ("line",) if first else ("line", "below")
    return next((cue.kind for cue in cues if cue.scope in scopes and cue.pattern.fullmatch(line)), "")


def _is_link(line: str) -> bool:
    """Tell whether a line under "Related stories" is a link: short, and no sentence."""
    return len(line.split()) <= 18 and not _FULL_STOP.search(line)


def _inside(text: str, line: Span, cues: tuple[Cue, ...]) -> Iterator[Litter]:
    """Yield the parts and sentences of one line that are furniture."""
    for cue in cues:
        if cue.scope == "part":
            for match in cue.pattern.finditer(text, *line):
                yield Litter(match.span(), cue.kind)
    for start, end in _sentences(text, line):
        sentence = text[start:end]
        if sentence[0] in '“"' or end - start > _LONGEST:
            continue
        for cue in cues:
            if cue.scope == "sentence" and cue.pattern.search(sentence):
                yield Litter((start, end), cue.kind)
                break


def _sentences(text: str, line: Span) -> Iterator[Span]:
    start, end = line
    for match in _SENTENCE_END.finditer(text, start, end):
        stop = match.start() + len(match[0].rstrip())
        if stop > start:
            yield start, stop
        start = match.end()
    if start < end:
        yield start, end
