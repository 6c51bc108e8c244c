"""Days, months, seasons and decades as inclusive intervals with a precision; no words of any language (codebook, section 6)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

DAY, WEEK, MONTH, YEAR, DECADE, UNKNOWN = "day", "week", "month", "year", "decade", "unknown"
_SEASON_START = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, both included, and how precisely the text gave them."""

    start: date
    end: date
    precision: str


def day(value: date) -> Interval:
    """Return the interval of one day."""
    return Interval(value, value, DAY)


def make_day(year: int, month: int, number: int) -> Interval | None:
    """Return a day, or None for one that does not exist (31 February)."""
    try:
        return day(date(year, month, number))
    except ValueError:
        return None


def week_of(value: date) -> Interval:
    """Return the week, Monday to Sunday, that holds a day."""
    start = shift_days(value, -value.weekday())
    return Interval(start, shift_days(start, 6), WEEK)


def weekend_of(value: date) -> Interval:
    """Return Saturday and Sunday of the week that holds a day."""
    week = week_of(value)
    return Interval(shift_days(week.start, 5), week.end, WEEK)


def month_of(year: int, month: int) -> Interval | None:
    """Return a month; None outside the calendar."""
    if not (MINYEAR <= year <= MAXYEAR and 1 <= month <= 12):
        return None
    return Interval(date(year, month, 1), date(year, month, monthrange(year, month)[1]), MONTH)


def months(year: int, first: int, count: int) -> Interval | None:
    """Return `count` months from a first month on, told as precisely as months."""
    start = month_of(year, first)
    end = month_of(*_add_months(year, first, count - 1))
    return Interval(start.start, end.end, MONTH) if start and end else None


def year_of(year: int) -> Interval | None:
    """Return a year; None outside the calendar."""
    return Interval(date(year, 1, 1), date(year, 12, 31), YEAR) if MINYEAR <= year <= MAXYEAR else None


def years(first: int, last: int, precision: str = YEAR) -> Interval | None:
    """Return the years from `first` to `last`."""
    start, end = year_of(first), year_of(last)
    return Interval(start.start, end.end, precision) if start and end and first <= last else None


def decade_of(year: int) -> Interval | None:
    """Return the decade that holds a year."""
    first = year - year % 10
    return years(first, first + 9, DECADE)


def season_of(year: int, season: str) -> Interval | None:
    """Return three months of a northern season; winter runs into the next year."""
    return months(year, _SEASON_START[season], 3)


def quarter_of(year: int, number: int) -> Interval | None:
    """Return a quarter of a calendar year."""
    return months(year, 3 * number - 2, 3) if 1 <= number <= 4 else None


def half_of(year: int, number: int) -> Interval | None:
    """Return a half of a calendar year."""
    return months(year, 6 * number - 5, 6) if 1 <= number <= 2 else None


def shift(value: date, unit: str, count: int) -> Interval | None:
    """Return the day, week, month, year or decade that lies `count` units from a day."""
    try:
        if unit == "day":
            return day(value + timedelta(days=count))
        if unit == "week":
            return week_of(value + timedelta(weeks=count))
        if unit == "month":
            return month_of(*_add_months(value.year, value.month, count))
        if unit == "year":
            return year_of(value.year + count)
        if unit == "decade":
            return year_of(value.year + 10 * count)
    except (OverflowError, ValueError):
        return None
    return None


def shift_days(value: date, count: int) -> date:
    """Return a day moved by `count`, held inside the calendar."""
    try:
        return value + timedelta(days=count)
    except OverflowError:
        return date.max if count > 0 else date.min


def weekday_from(anchor: date, weekday: int, forward: bool, strict: bool = False) -> Interval:
    """Return the nearest weekday (0 Monday) on or before an anchor, or on or after it; `strict` leaves out the anchor itself."""
    gap = (weekday - anchor.weekday()) % 7 if forward else -((anchor.weekday() - weekday) % 7)
    if strict and gap == 0:
        gap = 7 if forward else -7
    return day(shift_days(anchor, gap))


def _add_months(year: int, month: int, count: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1
