"""What day a date expression means, from the publication day and the last date of the story (codebook, section 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from diurna.context import calendar as cal
from diurna.context.calendar import Interval
from diurna.context.time import Expression, values
from diurna.records import When

_RANGES = ("years", "months", "weekdays")


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative dates hang on. published: the report's day. story: the last date told, None at the start.

    forward: the clause speaks of the future, so that "on Thursday" is the next one.
    """

    published: date | None
    story: Interval | None = None
    forward: bool = False


def resolve(expression: Expression, anchor: Anchor) -> When:
    """Return the date of an expression; without a day to hang on, or outside the calendar, the words alone are kept."""
    interval = interval_of(expression, anchor)
    if interval is None:
        return When(words=expression.words)
    start, end = interval.start.isoformat(), interval.end.isoformat()
    if expression.relation in ("since", "as of") or (expression.relation == "from" and not _is_range(expression)):
        published = anchor.published
        end = published.isoformat() if published and published >= interval.start else ""
    elif expression.relation in ("before", "prior to", "until", "till", "ahead of"):
        last = end if expression.relation in ("until", "till") else start
        return When("", last, interval.precision, expression.words)
    return When(start, end, interval.precision, expression.words)


def _is_range(expression: Expression) -> bool:
    """ "from March 4 to 6" names both ends."""
    return expression.kind in _RANGES or "day2" in expression.parts


def interval_of(expression: Expression, anchor: Anchor) -> Interval | None:
    """Return the days an expression covers, None when they cannot be known."""
    rule = _RULES.get(expression.kind)
    return rule(expression.parts, anchor) if rule else None


Parts = dict[str, str]


def distance(expression: Expression) -> tuple[str, int] | None:
    """Return (unit, count) of "three days after the coup", None for other expressions; after counts forward."""
    parts = expression.parts
    if expression.kind == "eve":
        return "day", -1
    if expression.kind not in ("ago", "beside") or parts.get("direction") not in ("after", "before"):
        return None
    unit, count = parts["unit"], _number(parts.get("number", "one"))
    if count is None or unit in ("minute", "second") or unit in values("hours"):
        return None
    if unit == "hour":
        unit, count = "day", round(count / 24)
    elif unit == "fortnight":
        unit, count = "week", 2 * count
    return unit, count if parts["direction"] == "after" else -count


def _number(words: str) -> int | None:
    """Return the value of a number in words or digits, None for a vague one."""
    if words.isdigit():
        return int(words)
    if words.endswith("couple of"):
        return 2
    if words.startswith("half"):
        return 1
    tens, _, ones = words.partition("-")
    table = values("number")
    total = int(table.get(tens, 0)) + (int(table.get(ones, 0)) if ones else 0)
    return total or None


def _day(parts: Parts, anchor: Anchor) -> Interval | None:
    month = int(values("month").get(parts["month"], parts["month"]) if not parts["month"].isdigit() else parts["month"])
    number = int(parts["day"])
    if "year" in parts:
        first = cal.make_day(int(parts["year"]), month, number)
    else:
        first = _nearest(lambda year: cal.make_day(year, month, number), anchor)
    if first is None or "day2" not in parts:
        return first
    last = cal.make_day(first.start.year, month, int(parts["day2"]))
    return Interval(first.start, last.end, cal.DAY) if last and last.end > first.start else first


def _numeric(parts: Parts, _: Anchor) -> Interval | None:
    day, month = int(parts["day"]), int(parts["month"])
    if parts["mark"] == "/" and day <= 12 and month <= 12 and day != month:
        return None  # day or month first: the text does not say
    if month > 12:
        day, month = month, day
    return cal.make_day(int(parts["year"]), month, day)


def _nearest(make: Callable[[int], Interval | None], anchor: Anchor) -> Interval | None:
    """Return the interval of a date told without its year: in the story's year when that is past, else the nearest on or
    before publication, or on or after it when the clause speaks of the future."""
    if anchor.published is None:
        return make(anchor.story.start.year) if anchor.story else None
    year = anchor.published.year
    if anchor.story and anchor.story.end.year < year and not anchor.forward and anchor.story.precision != cal.DECADE:
        return make(anchor.story.start.year)
    for candidate in (year, year + 1) if anchor.forward else (year, year - 1):
        found = make(candidate)
        if found and (found.end >= anchor.published if anchor.forward else found.start <= anchor.published):
            return found
    return make(year)


def _month(parts: Parts, anchor: Anchor) -> Interval | None:
    month = int(values("month")[parts["month"]])
    year = _named_year(parts, anchor)
    if year is not None:
        return cal.month_of(year, month)
    rel = parts.get("rel", "")
    if anchor.published and rel in ("last", "next", "this", "past"):
        if rel != "this" and anchor.published.month == month:
            return cal.month_of(anchor.published.year + (1 if rel == "next" else -1), month)
        anchor = Anchor(anchor.published, None, rel == "next" or (rel == "this" and anchor.forward))
    return _nearest(lambda year: cal.month_of(year, month), anchor)


def _months(parts: Parts, anchor: Anchor) -> Interval | None:
    last = _month({"month": parts["month2"], **({"year": parts["year"]} if "year" in parts else {})}, anchor)
    if last is None:
        return None
    month = int(values("month")[parts["month"]])
    first = cal.month_of(last.start.year - (month > last.start.month), month)
    return Interval(first.start, last.end, cal.MONTH) if first else None


def _part_of_year(parts: Parts, year: int) -> Interval | None:
    part = parts.get("part", "")
    if part in values("end"):
        return cal.month_of(year, 12)
    return cal.month_of(year, 1) if part in values("start") else cal.year_of(year)


def _year(parts: Parts, _: Anchor) -> Interval | None:
    return _part_of_year(parts, int(parts["year"]))


def _years(parts: Parts, _: Anchor) -> Interval | None:
    first, last = parts["year"], parts["year2"]
    return cal.years(int(first), int(first[:2] + last if len(last) == 2 else last))


def _decade(parts: Parts, anchor: Anchor) -> Interval | None:
    digits = parts["decade"]
    if len(digits) == 2:
        now = anchor.published.year if anchor.published else 2100
        digits = ("20" if 2000 + int(digits) <= now - 5 else "19") + digits
    return cal.decade_of(int(digits))


def _weekday(parts: Parts, anchor: Anchor) -> Interval | None:
    if anchor.published is None:
        return None
    number = int(values("weekday")[parts["weekday"].rstrip(".")])
    rel = parts.get("rel", "")
    if rel in ("following", "that", "that same", "the same", "same") and anchor.story and anchor.story.precision == cal.DAY:
        return cal.weekday_from(anchor.story.start, number, forward=True, strict=rel == "following")
    if rel in values("next"):
        return cal.weekday_from(anchor.published, number, forward=True, strict=True)
    if rel in values("last"):
        return cal.weekday_from(anchor.published, number, forward=False, strict=True)
    return cal.weekday_from(anchor.published, number, anchor.forward)


def _weekdays(parts: Parts, anchor: Anchor) -> Interval | None:
    last = _weekday({"weekday": parts["weekday2"]}, anchor)
    if last is None:
        return None
    first = cal.weekday_from(last.start, int(values("weekday")[parts["weekday"]]), forward=False, strict=True)
    return Interval(first.start, last.end, cal.DAY)


def _deictic(parts: Parts, anchor: Anchor) -> Interval | None:
    return cal.shift(anchor.published, "day", int(values("day-word").get(parts["word"], 0))) if anchor.published else None


def _ago(parts: Parts, anchor: Anchor) -> Interval | None:
    count, unit, direction = _number(parts["number"]), parts["unit"], parts["direction"]
    back = direction in ("ago", "earlier", "previously", "before")
    base = anchor.published
    if direction in ("earlier", "later", "before", "after"):
        if parts.get("event") or direction in ("before", "after"):
            return None
        base = anchor.story.start if anchor.story else anchor.published
        if anchor.story and anchor.story.precision in (cal.YEAR, cal.DECADE) and unit not in ("year", "decade"):
            return None
    if base is None:
        return None
    if unit == "hour":
        return cal.day(base) if count is not None and count < 12 else None
    if count is None:
        return None
    unit, count = ("week", 2 * count) if unit == "fortnight" else (unit, count)
    if unit == "century":
        unit, count = "year", 50 if parts["number"].startswith("half") else 100 * count
    return cal.shift(base, unit, -count if back else count)


def _span(parts: Parts, anchor: Anchor) -> Interval | None:
    if anchor.published is None:
        return None
    count = _number(parts.get("number", "one")) or 0
    unit = {"fortnight": "week", "hour": "day"}.get(parts["unit"], parts["unit"])
    forward = parts["rel"] in values("next")
    other = cal.shift(anchor.published, unit, count if forward else -count)
    if other is None or not count:
        return None
    first, last = (anchor.published, other.end) if forward else (other.start, anchor.published)
    return Interval(first, last, unit if unit in (cal.DAY, cal.WEEK, cal.MONTH, cal.YEAR) else cal.DECADE)


def _within(parts: Parts, anchor: Anchor) -> Interval | None:
    count = _number(parts["number"])
    if anchor.published is None or not anchor.forward or count is None or parts["unit"] in ("hour", "century"):
        return None
    unit, count = ("week", 2 * count) if parts["unit"] == "fortnight" else (parts["unit"], count)
    return cal.shift(anchor.published, unit, count)


def _unit(parts: Parts, anchor: Anchor) -> Interval | None:
    rel, unit, part = parts["rel"], parts["unit"], parts.get("part", "")
    base = anchor.published
    next_day = rel == "next" and unit == "day"
    if ((rel in values("anchored") or next_day) and anchor.story) or (
        rel == "the" and anchor.story and part in ("later in", "earlier in")
    ):
        base = anchor.story.start
    if base is None:
        return None
    step = 1 if rel in values("next") else -1 if rel in values("last") else 0
    if unit == "weekend":
        return cal.weekend_of(_weekend_base(base, step, rel))
    if unit in values("season"):
        return _season({"season": unit, "rel": rel}, anchor)
    if unit == "quarter":
        index = (base.year * 4 + (base.month - 1) // 3) + step
        return cal.quarter_of(index // 4, index % 4 + 1)
    if unit == "decade":
        return cal.decade_of(base.year + 10 * step) if rel not in ("past", "last") else None
    if unit == "fortnight":
        return None
    found = cal.shift(base, unit, step)
    return _part_of_year(parts, found.start.year) if found and unit == "year" else found


def _weekend_base(base: date, step: int, rel: str) -> date:
    if rel in ("this past", "past", "last"):
        return cal.shift_days(base, -7) if base.weekday() < 6 else base
    return cal.shift_days(base, 7 * step)


def _yearend(_: Parts, anchor: Anchor) -> Interval | None:
    return cal.month_of(anchor.published.year, 12) if anchor.published else None


def _beside(parts: Parts, anchor: Anchor) -> Interval | None:
    if anchor.story is None or parts.get("event"):
        return None
    direction, unit = parts.get("direction", "after"), parts["unit"]
    step = {"before": -1, "the previous": -1, "that": 0, "the same": 0}.get(direction, 1)
    return cal.shift(anchor.story.start, "day" if unit in values("hours") else unit, step)


def _weekend(_: Parts, anchor: Anchor) -> Interval | None:
    """ "At the weekend": the last one, or the one to come when the clause speaks of the future."""
    if anchor.published is None:
        return None
    return cal.weekend_of(anchor.published if anchor.forward else _weekend_base(anchor.published, 0, "last"))


def _season(parts: Parts, anchor: Anchor) -> Interval | None:
    season = values("season")[parts["season"]]
    year = _named_year(parts, anchor)
    if year is not None:
        return cal.season_of(year, season)
    rel = parts.get("rel", "")
    if anchor.published is None or rel not in ("last", "next"):
        return _nearest(lambda y: cal.season_of(y, season), anchor)
    found = _nearest(lambda y: cal.season_of(y, season), Anchor(anchor.published, None, rel == "next"))
    running = found and found.start <= anchor.published <= found.end
    return cal.season_of(found.start.year + (1 if rel == "next" else -1), season) if found and running else found


def _named_year(parts: Parts, anchor: Anchor) -> int | None:
    if "year" in parts:
        return int(parts["year"])
    of = parts.get("of", "")
    base = anchor.story.start if of.startswith("that") and anchor.story else anchor.published
    if not of or base is None:
        return None
    return base.year + (-1 if of.startswith("last") else 1 if of.startswith("next") else 0)


def _quarter(parts: Parts, anchor: Anchor) -> Interval | None:
    number = int(values("ordinal").get(parts["ordinal"], parts["ordinal"][0].replace("l", "0")) or 0)
    year = _named_year(parts, anchor)
    half = parts.get("piece") == "half"
    if number < 0 or (year is None and anchor.published is None):
        return None
    make = cal.half_of if half else cal.quarter_of
    if year is not None:
        return make(year, number)
    return _nearest(lambda y: make(y, number), Anchor(anchor.published, None, anchor.forward))


def _feast(parts: Parts, anchor: Anchor) -> Interval | None:
    month, number = (int(n) for n in values("feast")[parts["feast"]].split("-"))
    return _day({"month": str(month), "day": str(number), **({"year": parts["year"]} if "year" in parts else {})}, anchor)


def _eve(parts: Parts, anchor: Anchor) -> Interval | None:
    feast = _feast(parts, anchor) if "feast" in parts else None
    return cal.shift(feast.start, "day", -1) if feast is not None else None


def _era(parts: Parts, _: Anchor) -> Interval | None:
    first, last = values("era")[parts["era"]].split("-")
    first = last if "part" in parts else first
    return cal.years(int(first), int(last))


def _then(_: Parts, anchor: Anchor) -> Interval | None:
    return anchor.story


def _nth(parts: Parts, anchor: Anchor) -> Interval | None:
    base = anchor.story.start if anchor.story and anchor.story.precision in (cal.DAY, cal.MONTH) else anchor.published
    return cal.make_day(base.year, base.month, int(parts["day"])) if base else None


_RULES: dict[str, Callable[[Parts, Anchor], Interval | None]] = {
    "iso": _day, "numeric": _numeric, "date": _day, "month": _month, "months": _months, "year": _year, "years": _years,
    "decade": _decade, "weekday": _weekday, "weekdays": _weekdays, "deictic": _deictic, "ago": _ago, "span": _span,
    "within": _within, "unit": _unit, "yearend": _yearend, "weekend": _weekend, "beside": _beside,
    "season": _season, "quarter": _quarter,
    "feast": _feast, "eve": _eve, "era": _era, "then": _then, "nth": _nth,
}  # fmt: skip
