"""Days in the actor tables: "1999", "1999-05" or "1999-05-07", with a trailing `?` where the table is unsure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\??")


@lru_cache(maxsize=16384)
def read_day(text: str, last: bool = False) -> date | None:
    """Return the first, or `last`, day of the period that is written; None when nothing is.

    Raises:
        ValueError: there is no such day, or it is written otherwise.
    """
    if not text.strip():
        return None
    match = _DAY.fullmatch(text.strip())
    if not match:
        raise ValueError(f"cannot read the day {text.strip()!r}; write 1999, 1999-05 or 1999-05-07")
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    try:
        return date(year, month, int(match[3] or (monthrange(year, month)[1] if last else 1)))
    except ValueError as error:
        raise ValueError(f"no such day as {text.strip()}") from error
