"""The line of place and day that opens a report: "GENEVA, March 3 (Agency) -", "LAGOS, Monday night" (codebook, section 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from diurna.context.resolve import Anchor, interval_of
from diurna.context.time import find_expressions

_HEAD = 2000  # characters
_REST = 40  # characters: a date may run on behind the dateline
_DELAY = 3  # days from the writing to the printing of a report
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*(?P<place>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,\s(?P<more>[A-Z][\w. ]{2,30}?))?"
    r"(?:,(?=\s\())?\s*(?:\([^)\n]{2,40}\),?\s*)?(?:,?\s?(?:\d{1,2}\s)?[A-Z][a-z]+\.?\s?\d{0,2}\.?(?:,?\s\d{4})?)?\s*(?:\([^)\n]{2,40}\)\s*)?"
    r"\.?(?:[—–]|--|-\s|:\s(?=[A-Z“\"]))"
)
_BYLINE = re.compile(r"(?:^|\n)By\s[^\n]{3,60},\s(?:in\s)?(?P<place>[A-Z][A-Z’'.-]+(?:\s[A-Z’'.-]+)*)[ \t]*(?=\n)")
_OWN_LINE = re.compile(r"(?:^|\n)[ \t]*(?P<place>[A-Z][A-Z’'.-]+(?:\s[A-Z’'.-]+)*),\s[A-Z][a-z]+(?:\s\w+){0,2}\.?[ \t]*(?=\n)")


def datelines(text: str) -> Iterator[re.Match[str]]:
    """Yield what may be a dateline at the head of a report, with its `place` and `more` (a country or state)."""
    for pattern in (_DATELINE, _BYLINE, _OWN_LINE):
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
