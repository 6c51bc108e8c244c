"""Where quotation marks open and close: plain text in, character offsets out (codebook, section 5).

Curly, straight and low-high marks and guillemets count, single ones too where they quote rather than elide a letter. A quotation
inside a quotation belongs to the outer one. A paragraph that ends inside a quotation closes it; when the next paragraph opens
with a mark again, the quotation is carried over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DOUBLE = {"“": "”", "„": "“”", "«": "»", '"': '"'}
_SINGLE = {"‘": "’", "'": "'", "‚": "‘’"}
MARKS = frozenset("".join((*_DOUBLE, *_DOUBLE.values(), *_SINGLE, *_SINGLE.values())))
_BEFORE_OPENING = '([{—–-/“"«:'
_ELIDED = re.compile(r"['‘](?:\d0?s\b|\d\d\b|tis\b|twas\b|em\b|cause\b|til\b|n\b)", re.IGNORECASE)
_STOPS = ",.?!…;"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch between quotation marks. start, end: code points inside the marks. carried: goes on from the paragraph before."""

    start: int
    end: int
    carried: bool = False
    closed: bool = True


def find_quoted(text: str) -> list[Quoted]:
    """Return the outermost quoted stretches of a text in order; empty ones are left out."""
    found: list[Quoted] = []
    open_before = False
    for start, end in _paragraphs(text):
        first = True
        last: Quoted | None = None
        for span_start, span_end, closed in _scan(text, start, end):
            carried = first and open_before and span_start - 1 == start
            first = False
            inner = _trim(text, span_start, span_end)
            if inner is not None:
                last = Quoted(*inner, carried=carried, closed=closed)
                found.append(last)
        open_before = last is not None and not last.closed
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of non-empty lines without surrounding blanks."""
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        if line.strip():
            left = len(line) - len(line.lstrip())
            yield match.start() + left, match.start() + len(line.rstrip())


def _scan(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, closed) inside the marks for the quotations of one paragraph."""
    position = start
    while position < end:
        mark = text[position]
        if mark in _DOUBLE and _opens_double(text, position, start, end):
            close = _close_double(text, position, end)
        elif mark in _SINGLE and _opens_single(text, position, start, end):
            close = _close_single(text, position, end)
            if close < 0:
                position += 1
                continue
        else:
            position += 1
            continue
        if close < 0:
            yield position + 1, end, False
            return
        yield position + 1, close, True
        position = close + 1


def _opens_double(text: str, position: int, start: int, end: int) -> bool:
    if position + 1 >= end:
        return False
    if text[position] != '"':
        return True
    before = text[position - 1] if position > start else " "
    # 6" is a measure; a straight mark after a letter closes something whose opening mark was lost.
    return not before.isalnum() and not text[position + 1].isspace()


def _close_double(text: str, position: int, end: int) -> int:
    closers = _DOUBLE[text[position]]
    for i in range(position + 1, end):
        if text[i] in closers:
            return i
        if text[position] == "“" and text[i] == '"' and (i + 1 >= end or not text[i + 1].isalnum()):
            return i
    return -1


def _opens_single(text: str, position: int, start: int, end: int) -> bool:
    if position + 1 >= end or _ELIDED.match(text, position):
        return False
    before = text[position - 1] if position > start else " "
    after = text[position + 1]
    return (before.isspace() or before in _BEFORE_OPENING) and (after.isalnum() or after in '“"[$£€…')


def _close_single(text: str, position: int, end: int) -> int:
    """Return the offset of the closing single mark, or -1: an apostrophe closes only before a blank or a stop.

    After a plural in s ("the rebels' camp") the apostrophe is taken for a possessive when a better closing mark follows.
    """
    closers = _SINGLE[text[position]]
    doubtful = -1
    for i in range(position + 1, end):
        if text[i] == "‘" and doubtful >= 0:
            break
        if text[i] not in closers or text[i - 1].isspace() or (i + 1 < end and text[i + 1].isalnum()):
            continue
        if text[i - 1] in _STOPS or text[i - 1].lower() != "s" or i + 1 >= end or text[i + 1] in _STOPS:
            return i
        doubtful = i if doubtful < 0 else doubtful
    return doubtful


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None
