"""Date expressions in plain text: where they stand and what they say, before anybody asks what day that is (codebook, section 6).

The grammar is a list of named patterns over the words of `cues/time.tsv`; the longest match from the left wins. Durations and
ages ("for five years", "90-year-old") are no dates. Feasts that move and calendars other than the civil one are found but stay
unresolved.
"""

# ruff: noqa: E501  (a pattern is read and changed as one line)
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from diurna.context.cues import rows
from diurna.records import Span

_PART = r"(?P<part>early|late|mid|earlier|later|the end of|the start of|the beginning of|the middle of)"
_PRECEDING = re.compile(
    r"\b(since|until|till|by|before|after|prior to|as of|from|ahead of|throughout|during|in|on)\s+"
    r"(?:(?:about|around|at least|then|the|as early as|as late as)\s+)*$",
    re.IGNORECASE,
)


_REACH = 60  # characters around an anchor: no expression is longer


@dataclass(frozen=True, slots=True)
class Expression:
    """A date expression. start, end: code points. kind: the pattern. parts: its named pieces, lower case.

    relation: the bounding preposition before it ("since", "until"), empty when it simply dates; its words are then part of `words`.
    preposition: any preposition of time right before it.
    """

    start: int
    end: int
    words: str
    kind: str
    parts: dict[str, str]
    relation: str = ""
    preposition: str = ""

    @property
    def span(self) -> Span:
        """Offsets of the words without the preposition."""
        return self.start, self.end


@cache
def values(kind: str) -> dict[str, str]:
    """Return cue -> value for one kind of the time table."""
    return {row["cue"]: row["value"] for row in rows("time", "cue", "kind", "value") if row["kind"] == kind}


def find_expressions(text: str) -> list[Expression]:
    """Return the date expressions of a text, in order and without overlap."""
    stretches = {name: _around(anchor, text) for name, anchor in _anchors().items()}
    matches = [
        (match.start(), -match.end(), i, kind, match)
        for i, (kind, anchor, rule) in enumerate(_grammar())
        for start, end in stretches[anchor]
        for match in rule.finditer(text, start, end)
    ]
    found: list[Expression] = []
    reached = 0
    for start, minus_end, _, kind, match in sorted(matches, key=lambda m: m[:3]):
        if start < reached:
            continue
        reached = -minus_end
        if kind != "none":
            found.append(_expression(text, kind, match))
    return found


def _around(anchor: re.Pattern[str], text: str) -> list[Span]:
    """Return the stretches of a text that lie around what an anchor finds."""
    stretches: list[Span] = []
    for match in anchor.finditer(text):
        start, end = max(0, match.start() - _REACH), match.end() + _REACH
        if stretches and start <= stretches[-1][1]:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return stretches


@cache
def _anchors() -> dict[str, re.Pattern[str]]:
    """Return the words without which a pattern cannot match: looking for them first spares nearly all of a text the patterns."""
    words = {kind: {cue.split()[0] for cue in values(kind)} for kind in ("month", "weekday", "season", "unit")}
    words["unit"] |= {*values("period"), *words["season"]}
    forms = {kind: {form for w in found for form in (w, w.title(), w.upper())} for kind, found in words.items()}
    return {kind: re.compile("|".join(sorted(found))) for kind, found in forms.items()} | {
        "digits": re.compile(r"\d\d"),
        "any": re.compile(r"(?s:.+)"),
    }


def _expression(text: str, kind: str, match: re.Match[str]) -> Expression:
    parts = {name: _plain(value) for name, value in match.groupdict().items() if value}
    before = _PRECEDING.search(text, max(0, match.start() - 30), match.start())
    preposition = before.group(1).lower() if before else parts.get("prep", "")
    relation = preposition if preposition in values("bound") else ""
    start = before.start() if before and relation else match.start()
    end = match.start() + len(match.group().rstrip(" ,."))
    return Expression(match.start(), end, text[start:end], kind, parts, relation, preposition)


def _plain(value: str) -> str:
    return re.sub(r"\s+", " ", value.lower().replace("’", "'")).strip(" .,")


def _words(kind: str, cased: bool = False) -> str:
    """Return an alternation over the cues of a kind, longest first; cased names are matched as Title or UPPER."""
    cues = sorted(values(kind), key=len, reverse=True)
    if cased:
        forms = [f"{re.escape(c.title())}|{re.escape(c.upper())}" for c in cues]
        return "(?:" + "|".join(forms) + r")\b\.?"
    return "(?:" + "|".join(re.escape(c).replace("'", "['’]").replace(r"\ ", r"\s+") for c in cues) + ")"


@cache
def _grammar() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return the patterns: kind of expression, anchor (a name in `_anchors`), pattern."""
    month, weekday = _words("month", cased=True), _words("weekday", cased=True)
    unit = "(?P<unit>" + _words("unit") + ")"
    number = rf"(?P<number>\d{{1,3}}|(?:a\s+)?couple\s+of|half\s+a|{_words('number')}(?:-{_words('number')})?)"
    nth = r"(?:st|nd|rd|th)?"
    year = r"(?P<year>1\d{3}|20\d{2}|21\d{2})(?![\d%]|[.,]\d|-year)"
    part = rf"(?:(?i:{_PART})(?:[- ]|\s+(?:in|on)\s+))"
    day2 = rf"(?:\s*(?:[-–/]|\bto\b|\band\b|\bthrough\b)\s*(?P<day2>\d{{1,2}}){nth})?"
    rel = r"(?P<rel>last|next|this past|this coming|this|past|previous|coming|following|that same|that|the same|same|current)"
    time_of_day = r"(?:\s+(?:morning|afternoon|evening|night|noon))?"
    named = rf"(?P<weekday>{weekday}),?\s+"
    season = rf"(?P<season>{_words('season')})"
    ordinal = rf"(?P<ordinal>{_words('ordinal')}|[1-4](?:st|nd|rd|th))"
    of_year = rf"(?:\s+(?:of\s+)?(?:{year}|(?P<of>(?:last|this|next|the|that)\s+(?:same\s+)?year)))?"
    rules = [
        ("none", "unit", r"(?i:\d+[-–\s](?:year|month|week|day)s?[-–\s]old|[\w-]+-year-olds?)"),
        ("none", "weekday", rf"{weekday}\s+(?:Times|Telegraph|Mirror|Express|Herald|Post|Mail|Independent)|(?<=Bloody )Sunday"),
        ("none", "any", r"(?i:fiscal|financial)\s+(?:year\s+)?\d{4}|FY\s?\d{2,4}"),
        ("iso", "digits", r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
        ("numeric", "digits", r"(?<![\d.])(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\d.]\d)"),
        (
            "date",
            "month",
            rf"(?:\b{named})?(?<![\d.,$€£])\b(?:the\s+)?(?P<day>\d{{1,2}}){nth}{day2}\s+(?:of\s+)?(?P<month>{month})(?:,?\s+{year})?",
        ),
        (
            "date",
            "month",
            rf"(?:\b{named})?\b(?P<month>{month})\s+(?:the\s+)?(?P<day>\d{{1,2}}){nth}(?!\d|:|,\d{{3}}){day2}(?:,?\s+{year})?",
        ),
        ("month", "month", rf"(?:\b{part})?\b(?P<month>{month})(?:\s+of|,)?\s+{year}"),
        ("month", "month", rf"\b(?P<month>{month})\s+(?:of\s+)?(?P<of>(?i:(?:last|this|next|that)\s+(?:same\s+)?year))"),
        (
            "months",
            "month",
            rf"\b(?P<month>{month})\s*(?:[-–]|to|and|through|until)\s*(?P<month2>{month})(?:\s+(?:of\s+)?{year})?",
        ),
        ("month", "month", rf"(?:\b{part})?\b(?i:{rel})\s+(?P<month>{month})(?=\W|$)"),
        (
            "month",
            "month",
            rf"(?:\b{part})?(?<![\w-])(?P<month>(?!May\b|March\b|MAY\b|MARCH\b|Mar\b|Jun\b|Jan\b|Apr\b){month})(?=\W|$)(?!\s+\d)",
        ),
        (
            "month",
            "month",
            r"(?i:(?<=\bin )|(?<=\bsince )|(?<=\buntil )|(?<=\bby )|(?<=\bearly )|(?<=\blate )|(?<=\bof )|(?<=\bfrom ))(?P<month>May|March)\b",
        ),
        (
            "years",
            "digits",
            r"(?:\b(?i:from|between)\s+)?\b(?P<year>1[5-9]\d\d|20\d\d)\s*(?:[-–]|\bto\b|\band\b|\buntil\b|\bthrough\b)\s*(?P<year2>(?:1[5-9]|20)\d\d|\d\d)(?!\d|,\d|%|-)",
        ),
        ("decade", "digits", rf"\b(?:the\s+)?(?:(?i:{_PART})[-\s]+)?(?:the\s+)?(?P<decade>(?:1[5-9]|20)\d0)['’]?s\b"),
        ("decade", "digits", r"(?:\bthe\s+)(?:(?i:early|late|mid)[-\s]+)?['’‘](?P<decade>\d0)s\b"),
        (
            "year",
            "digits",
            rf"\b(?i:(?P<prep>in|since|by|during|until|till|before|after|from|to|of|through|around|throughout|back in|as of))\s+(?:{part})?{year}(?![-–'’]?\w)",
        ),
        ("year", "digits", rf"\b{part}{year}(?![-–'’]?\w)"),
        ("weekdays", "weekday", rf"\b(?P<weekday>{weekday})(?:\s+(?:and|to|through|until)\s+|\s*[-–]\s*)(?P<weekday2>{weekday})"),
        (
            "weekday",
            "weekday",
            rf"(?:\b{part})?(?:\b(?i:the\s+)?(?i:{rel})\s+)?\b(?P<weekday>{weekday})(?=\W|$)(?i:{time_of_day})",
        ),
        (
            "deictic",
            "any",
            r"\b(?i:(?P<word>the day before yesterday|the day after tomorrow|today|yesterday|tomorrow|tonight|overnight|last night|this morning|this afternoon|this evening))\b",
        ),
        (
            "ago",
            "unit",
            rf"\b(?i:{number}\s+(?:and\s+a\s+half\s+)?{unit}s?\s+(?P<direction>ago|earlier|later|from now|hence|previously|before|after)(?:(?:(?<=before)|(?<=after))(?P<event>\s+(?:the|a|an|his|her|its|their|he|she|it|they|[a-z]+ing)\b))?)",
        ),
        (
            "span",
            "unit",
            rf"\b(?i:(?P<prep>in|within|over|during|for|throughout)\s+(?:the\s+)?(?P<rel>next|coming|past|last|previous|recent|following)\s+(?:{number}\s+)?{unit}s?)\b",
        ),
        (
            "within",
            "unit",
            rf"\b(?i:(?P<prep>in|within)\s+(?:the\s+)?(?:about\s+)?{number}\s+{unit}s?(?:['’]\s+time)?)\b(?!\s+of)",
        ),
        (
            "unit",
            "unit",
            rf"(?:\b{part})?\b(?:the\s+)?(?i:{rel}\s+(?P<unit>day|week|fortnight|month|year|decade|century|weekend|quarter|season|summer|spring|autumn|winter))\b(?!-|s\b|\s+old)",
        ),
        (
            "unit",
            "unit",
            r"\b(?i:(?P<part>the end of|the start of|the beginning of|end of|start of|earlier in|later in|later on in|early in|late in)\s+(?P<rel>the)\s+(?P<unit>day|week|month|year|decade))\b",
        ),
        ("yearend", "unit", r"\b(?i:year['’]s\s+end|year-end|the\s+year['’]s\s+end)\b"),
        (
            "beside",
            "unit",
            r"\b(?i:the\s+(?P<unit>day|week|month|year|decade)\s+(?P<direction>before|after))\b(?P<event>\s+(?:the|a|an|his|her|its|their|he|she|it|they|[A-Z]\w+)\b)?",
        ),
        ("beside", "unit", r"\b(?i:the\s+next\s+(?P<unit>day|week|month|year))\b"),
        ("beside", "unit", r"\b(?i:the\s+(?P<unit>night|evening|morning)\s+(?P<direction>before|after))\b"),
        ("beside", "unit", r"\b(?i:(?P<direction>that|the same|the previous)\s+(?P<unit>night|evening|morning|afternoon))\b"),
        ("eve", "any", rf"\b(?i:the\s+eve\s+of\s+(?:(?P<feast>{_words('feast')})\b|(?P<event>the|a|an|his|her|its|their)\b))"),
        ("weekend", "any", r"\b(?i:(?:at|over)\s+the\s+weekend)\b"),
        (
            "season",
            "season",
            rf"\b(?:(?i:{_PART})\s+)?(?:(?i:in|during|since|by|until|of|that|this)\s+)(?:the\s+)?(?:(?i:early|late|mid)\s+)?(?i:{season})(?i:{of_year})(?=[\s,.;:)”\"]|$)(?!\s+of\s+(?!\d))",
        ),
        ("season", "season", rf"\b(?i:{season})(?:\s+of)?\s+{year}"),
        ("quarter", "unit", rf"\b(?i:{ordinal}\s+(?P<piece>quarter|half)){of_year}"),
        ("quarter", "any", rf"\bQ(?P<ordinal>[1-4])(?:\s+{year})?"),
        ("moving", "any", rf"\b(?i:{_words('moving')})\b"),
        ("feast", "any", rf"\b(?i:(?P<feast>{_words('feast')}))\b(?:\s+{year})?"),
        ("era", "any", rf"\b(?i:(?P<part>the end of|end of)\s+(?:the\s+)?)?(?i:(?P<era>{_words('era')}))\b"),
        ("then", "any", r"\b(?i:(?P<prep>since)\s+then|(?:back|by|until)\s+then|at\s+(?:the|that)\s+time)\b"),
        (
            "nth",
            "any",
            r"(?i:(?<=\bon the )|(?<=\bby the )|(?<=\buntil the ))(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?!and\b|or\b|in\b|at\b|to\b|of the month)\w)",
        ),
        ("century", "any", r"\b(?i:(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)|nineteenth|twentieth|eighteenth)[-\s]centur(?:y|ies))\b"),
        ("calendar", "any", r"\b\d{3,4}\s+AH\b|\b(?i:fiscal year)\b|\b(?i:the (?:\w+ )?anniversary of)\b"),
    ]
    return tuple((kind, anchor, re.compile(rule)) for kind, anchor, rule in rules)
