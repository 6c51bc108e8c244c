"""When a report was published: explicit dates only, checked against the calendar and against today.

A date is used when it is a real day between 1800 and tomorrow (reports east of us are dated ahead). Anything else is said and
left unused: a wrong publication day would move every "Thursday" of the report.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

EARLIEST = date(1800, 1, 1)

_MONTHS = {name.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if name}
_MONTHS["sept"] = 9
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<number>\d{1,2})[-/.](?P<day>\d{1,2})(?=$|[T ,])")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})(?=$|T\d)")
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH},?[ -](?P<year>\d{{4}})\b", re.I)
_MONTH_FIRST = re.compile(rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b", re.I)
_NUMERIC = re.compile(r"(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<year>\d{4})\b")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_WEEKDAY = re.compile(rf"(?:{'|'.join([*calendar.day_name, *calendar.day_abbr])})\.?,? +", re.I)

_PREFIX = r"(?:(?:first |last )?(?:published|updated|posted|issued|date)(?: on)?:? +)?"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}|{_MONTH.replace('month', 'month2')} \d{{1,2}},? \d{{4}}|\d{{4}}-\d\d-\d\d)"
)
_CAPITAL = "[A-ZÀ-ÖØ-ÞŁŚŠŽČİ]"
_DATE_LINE = re.compile(rf"{_PREFIX}(?:{_WEEKDAY.pattern})?(?P<date>{_DATE})\b[\d:., |apmGMTUSECBZ()+-]*", re.I)
_PLACE = rf"{_CAPITAL}(?:{_CAPITAL}|[.'’ -]){{2,40}}(?:, [A-Z][\w. ]{{1,25}})?"
_DATELINE = re.compile(rf"{_PLACE}, (?:{_WEEKDAY.pattern})?(?P<date>(?i:{_DATE}))")

_URL_NUMBERS = re.compile(
    r"(?<!\d)(?P<year>(?:18|19|20)\d\d)[/_-]?(?P<number>0[1-9]|1[0-2])[/_-]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
)
_URL_WORDS = re.compile(
    rf"/(?P<year>(?:18|19|20)\d\d)/{_MONTH.replace(chr(92) + '.?', '')}/(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)", re.I
)


def parse_date(value: object, today: date) -> tuple[str, str]:
    """Return (ISO day, "") or ("", why the value is no usable publication date).

    Args:
        value: a string, `date`, `datetime`, or seconds/milliseconds since 1970 (UTC).
        today: the day of reading; later dates than tomorrow are refused.
    """
    if isinstance(value, datetime):
        return _checked(value.year, value.month, value.day, today)
    if isinstance(value, date):
        return _checked(value.year, value.month, value.day, today)
    words = _WEEKDAY.sub("", " ".join(str(value).split()), count=1)
    if _EPOCH.fullmatch(words):
        moment = datetime.fromtimestamp(int(words) / (1000 if len(words) == 13 else 1), tz=UTC)
        return _checked(moment.year, moment.month, moment.day, today)
    for pattern in (_ISO, _COMPACT, _DAY_FIRST, _MONTH_FIRST):
        if match := pattern.match(words):
            return _from_match(match, today)
    if match := _NUMERIC.match(words):
        return _numeric(match, today)
    return "", "not a full date; write YYYY-MM-DD"


def find_dateline(text: str) -> str:
    """Return the date written in the report's head: on a line of its own, or in the dateline ("GENEVA, March 3, 1994 -")."""
    lines = [line for line in re.split(r"[\r\n]+", text[:3000]) if line.strip()]
    for line in lines[:6]:
        words = " ".join(line.split())
        match = _DATE_LINE.fullmatch(words) or _DATELINE.match(words)
        if match:
            return match["date"]
    return ""


def find_url_date(url: str) -> str:
    """Return the ISO-like day in a web address ("/2018/06/14/", "/2018/jun/14/"), or an empty string."""
    if match := _URL_WORDS.search(url):
        return f"{match['year']}-{_MONTHS[match['month'].lower()]:02}-{int(match['day']):02}"
    if match := _URL_NUMBERS.search(url):
        return f"{match['year']}-{match['number']}-{match['day']}"
    return ""


def choose_date(candidates: Iterable[tuple[str, object]], today: date) -> tuple[str, tuple[str, ...]]:
    """Return the first usable date and a remark for every one refused before it.

    Args:
        candidates: pairs of origin ("column published", "dateline") and value, best first; empty values are passed over.
        today: see `parse_date`.
    """
    remarks: list[str] = []
    for origin, value in candidates:
        if value is None or not str(value).strip() or str(value) in ("nan", "NaT", "None"):
            continue
        day, why = parse_date(value, today)
        if day:
            return day, tuple(remarks)
        remarks.append(f"{origin}: date {str(value)[:40]!r} not used ({why})")
    return "", tuple(remarks)


def _from_match(match: re.Match[str], today: date) -> tuple[str, str]:
    groups = match.groupdict()
    month = int(groups["number"]) if groups.get("number") else _MONTHS[groups["month"].lower()]
    return _checked(int(groups["year"]), month, int(groups["day"]), today)


def _numeric(match: re.Match[str], today: date) -> tuple[str, str]:
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if one <= 12 and two <= 12 and one != two:
        return "", "day and month cannot be told apart; write YYYY-MM-DD"
    day, month = (one, two) if one > 12 or one == two else (two, one)
    return _checked(year, month, day, today)


def _checked(year: int, month: int, day: int, today: date) -> tuple[str, str]:
    try:
        found = date(year, month, day)
    except ValueError:
        return "", "no such day in the calendar"
    if found < EARLIEST:
        return "", f"before {EARLIEST.year}"
    if found > today + timedelta(days=1):
        return "", "after today"
    return found.isoformat(), ""
