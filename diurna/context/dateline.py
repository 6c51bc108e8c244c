"""The line of place and day that opens a report: "GENEVA, March 3 (Agency) -", "LAGOS, Monday night" (codebook, section 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from diurna.context.cues import of_kind
from diurna.context.resolve import Anchor, interval_of
from diurna.context.time import find_expressions

_HEAD = 2000  # characters
_REST = 40  # characters: a date may run on behind the dateline
_DELAY = 3  # days from the writing to the printing of a report
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*(?P<place>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,\s(?P<more>[A-Z][\w. ]{2,30}?))?"
    r"(?:,(?=\s\())?\s*(?:\([^)\n]{2,40}\),?\s*)?(?:,?\s?(?:\d{1,2}\s)?[A-Z][a-z]+\.?\s?\d{0,2}\.?(?:,?\s\d{4})?)?\s*(?:\([^)\n]{2,40}\)\s*)?"
    r"\.?(?:[—–]|--|-\s|//|:\s(?=[A-Z“\"]))"
)
_BYLINE = re.compile(r"(?:^|\n)By\s[^\n]{3,60},\s(?:in\s)?(?P<place>[A-Z][A-Z’'.-]+(?:\s[A-Z’'.-]+)*)[ \t]*(?=\n)")
_SHOUTED = r"(?P<place>[A-Z][A-Z’'.-]+(?:\s[A-Z’'.-]+)*)"
_WRITTEN = r"(?P<place>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,2})"
_DAY = r"(?:\d{1,2}\s[A-Z][a-z]+|[A-Z][a-z]+\.?\s\d{1,2})"
_OWN_LINE = re.compile(rf"(?:^|\n)[ \t]*(?:[A-Z][a-z]+(?:\s[a-z]+)*,\s)?{_SHOUTED},\s[A-Z][a-z]+(?:\s\w+){{0,2}}\.?[ \t]*(?=\n)")
_DAY_LINE = re.compile(rf"(?:^|\n)[ \t]*{_WRITTEN},\s{_DAY},?\s\d{{4}}[ \t]*(?=\n)")
_FULL_STOP = re.compile(rf"(?:^|\n)[ \t]*{_SHOUTED},\s{_DAY}(?:,?\s\d{{4}})?\.\s(?=[A-Z“\"])")
_NAMED_IN = re.compile(rf"(?:^|\n)By\s[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+){{1,3}}\sin\s{_WRITTEN}(?=,|[ \t]*\n|\sand\s)")


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    writers = f"(?:{'|'.join(sorted(of_kind('places', 'writer')))})s?"
    writer_in = re.compile(rf"(?:^|\n)(?:(?:By|From)\s)?[Oo]ur\s(?:[\w-]+\s){{0,2}}{writers}\sin\s{_WRITTEN}")
    town_writer = re.compile(rf"(?:^|\n)(?:By|From)\sour\s{_WRITTEN}\s{writers}\b")
    return _DATELINE, _BYLINE, _OWN_LINE, _DAY_LINE, _FULL_STOP, writer_in, town_writer, _NAMED_IN


def datelines(text: str) -> Iterator[re.Match[str]]:
    """Yield what may be a dateline at the head of a report, with its `place` and `more` (a country or state)."""
    for pattern in _forms():
        yield from pattern.finditer(text, 0, _HEAD)


def day_written(text: str, published: date | None) -> date | None:
    """Return the day that the dateline gives, when it is that of publication or shortly before; None otherwise."""
    if published is None:
        return None
    for match in datelines(text):
        for expression in find_expressions(text[match.start() : match.end() + _REST]):
            if expression.kind in ("date", "weekday") and match.start() + expression.start < match.end():
                interval = interval_of(expression, Anchor(published))
                if interval is not None and 0 <= (published - interval.start).days <= _DELAY:
                    return interval.start
    return None
