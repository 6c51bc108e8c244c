"""How the site writes things: names of countries, dates, statuses, links that are safe to follow; filters of the templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from diurna.exports import screen
from diurna.exports.answers import event_of, role_day
from diurna.ledger.filters import MODALITIES, PERIODS, POLARITIES, countries
from diurna.ledger.questions import QUADS, THREAD_STATES
from diurna.ontology import ontology
from diurna.records import Article, Event
from diurna.tables import load
from diurna.web.asking import LONGEST, address
from diurna.web.marks import seen

_LONG = 110
QUAD_NAMES = ("", *(name.replace("_", " ") for name in QUADS))


@cache
def code_names() -> dict[str, str]:
    """Return the English names of countries, and of the parties that are none, by their codes."""
    found = {row["iso3"]: row["name"] for row in load("actors/countries.tsv", ("iso3", "name"))}
    return found | {row["code"]: row["name"] for row in load("site/names.tsv", ("code", "name"))}


def party_name(party: str) -> str:
    """Return the name for a code (South Korea for KOR, South Korea MIL for KOR:MIL), and any other name as it is."""
    country, _, sector = party_key(party).partition(":")
    return f"{code_names()[country]} {sector}".strip() if country in code_names() else party


def party_key(party: str) -> str:
    """Return what a party is asked for by; threads write KOR MIL for KOR:MIL."""
    country, blank, sector = party.partition(" ")
    return f"{country}:{sector}" if blank and country in code_names() and sector in sectors() else party


@cache
def sectors() -> frozenset[str]:
    """Return the codes of sectors."""
    return frozenset(row["sector"] for row in load("ontology/sectors.tsv", ("sector",)))


def headline(article: Article) -> str:
    """Return the title of a report, or its first line, which stands for one."""
    first = next((line.strip() for line in article.text.splitlines() if line.strip()), "Untitled report")
    return article.title or (first if len(first) <= _LONG else f"{first[: _LONG - 1]}…")


def safe_link(url: str) -> str:
    """Return a web address that may be linked, and nothing for any other (javascript:, data:, file:, broken ones)."""
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() or c < " " for c in url.strip())
    except ValueError:
        return ""
    return url.strip() if good else ""


def host(url: str) -> str:
    """Return the host of a web address."""
    return urlsplit(url).hostname or ""


def number(value: Any) -> str:
    """Return a count with its thousands apart."""
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else str(value)


def score(value: float | None) -> str:
    """Return a score with its sign."""
    return "–" if value is None else f"{value:+.1f}".replace("-", "−").replace("+0.0", "0.0").replace("−0.0", "0.0")


def short(words: Any, most: int = 80) -> str:
    """Return words for a line of a list: one long name must not swell a page."""
    text = str(words)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def linked(words: str) -> bool:
    """Tell whether a name or id can be asked for in an address."""
    return len(words) <= LONGEST


def long_day(day: date | None) -> str:
    """Return a day as a page heads it: Saturday 14 June 2008."""
    return f"{day:%A} {day.day} {day:%B} {day.year}" if day else "no day"


def period(day: date, by: str) -> str:
    """Return a period by its first day, as precisely as its kind needs."""
    return day.isoformat()[: {"year": 4, "quarter": 7, "month": 7}.get(by, 10)]


def only(values: Sequence[Any]) -> Any:
    """Return the first of several values, and nothing where there is none."""
    return values[0] if values else ""


def moment(when: datetime) -> str:
    """Return a moment to the minute."""
    return f"{when:%Y-%m-%d %H:%M}"


def people(names: list[str], codes: list[str]) -> list[tuple[str, str]]:
    """Return names with the codes of their countries, the code left out where it is the name."""
    return [(name, code if code != name else "") for name, code in zip(names, codes, strict=True)]


def _shown(value: Any) -> Any:
    """Every value on a page passes here before it is escaped: no control characters, no turned-round words."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else seen(value)


def day_judged(event: Event) -> bool:
    """Tell whether a person set the day of an event: then its words are not the report's."""
    rules = [reason.rule for reason in event.explanation if reason.field == "when"]
    return bool(rules) and rules[-1].startswith("judgement ")


@cache
def environment() -> Environment:
    """Return the templates' environment; everything is escaped, and an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("diurna.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters |= {
        "party": party_name,
        "party_key": party_key,
        "safe_link": safe_link,
        "host": host,
        "headline": headline,
        "number": number,
        "score": score,
        "short": short,
        "linked": linked,
        "day_judged": day_judged,
        "long_day": long_day,
        "moment": moment,
        "only": only,
        "period": period,
        "role_day": role_day,
        "file_name": lambda path: PurePath(path).name,
        "short_id": screen.short_id,
        "status_of": lambda row: screen.status(event_of(row)),
        "when_of": lambda row: screen.when(event_of(row)),
        "status": screen.status,
        "when": screen.when,
    }
    made.globals |= {
        "address": address,
        "people": people,
        "quads": QUAD_NAMES,
        "quad_fields": QUADS,
        "roots": sorted(ontology().roots),
        "contexts": sorted(ontology().contexts),
        "known_countries": countries(),
        "polarities": POLARITIES,
        "modalities": MODALITIES,
        "periods": PERIODS,
        "thread_states": THREAD_STATES,
        "fates": {row["verdict"]: row["words"] for row in load("site/verdicts.tsv", ("verdict", "words"))},
        "modes_of": [(root, sorted(ontology().roots[root].modes)) for root in sorted(ontology().roots)],
    }
    return made
