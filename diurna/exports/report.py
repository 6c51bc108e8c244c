"""`diurna report`: one page that can be mailed. It holds its styles and drawings, asks for nothing, and runs no script.

All words of news reports reach the page through the template's escaping; an address becomes a link only when it is http or https.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from diurna.charts.drawing import MAIL, svg
from diurna.charts.timeline import timeline
from diurna.exports.codes import countries
from diurna.exports.labels import file_name
from diurna.exports.screen import clean, status, when
from diurna.ledger import Ledger
from diurna.ledger.filters import EventFilter, first_day, last_day
from diurna.ledger.questions import PERIODS, QUADS, THREAD_STATES, ThreadFilter
from diurna.ledger.quotations import QuoteFilter
from diurna.records import Event, When
from diurna.tables import load

_SENTENCE = 400
_DAYS_OF = {"day": 45, "week": 400, "month": 4000}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report should hold. by: period of the drawing, chosen by the length of time when empty. events, threads, quotes,
    dyads: at most so many rows. charts: whether to draw. title: of the page.
    """

    title: str = ""
    by: str = ""
    events: int = 200
    threads: int = 60
    quotes: int = 40
    dyads: int = 15
    charts: bool = True


def report(ledger: Ledger, chosen: EventFilter, wanted: Wanted, now: datetime) -> str:
    """Return the page.

    Args:
        ledger: open for reading.
        chosen: which events it tells of.
        wanted: what it should hold.
        now: the moment that it names.

    Raises:
        StopRun: a value of the filter, or a period, that does not exist; a drawing is wanted and the library is missing.
    """
    events = ledger.events(chosen, "-when", wanted.events)
    days = ledger.timeline(chosen, "day")
    by = wanted.by or _period(days)
    shown, left_out = ledger.series(chosen, by)
    quotes = ledger.quotes(QuoteFilter(articles=tuple(dict.fromkeys(events["article_id"].to_pylist())) or ("",)), wanted.quotes)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"plain": _plain, "country": _country, "link": _link, "file_name": file_name}
    return environment.get_template("report.html").render(
        title=wanted.title or _title(chosen),
        filters=_asked(chosen),
        now=now,
        total=ledger.count(chosen),
        events=[_event(row) for row in events.to_pylist()],
        quads=[(name.replace("_", " "), _in_quad(ledger, chosen, number)) for number, name in enumerate(QUADS, start=1)],
        chart=_drawing(shown, by) if wanted.charts else "",
        by=by,
        periods=shown.to_pylist(),
        left_out=left_out,
        dyads=ledger.dyads(chosen, wanted.dyads).to_pylist(),
        board=_board(_threads(ledger, chosen, wanted.threads)),
        quotes=quotes.to_pylist(),
    )


def _in_quad(ledger: Ledger, chosen: EventFilter, quad: int) -> int:
    return ledger.count(replace(chosen, quad=(quad,))) if quad in (chosen.quad or (quad,)) else 0


def _period(days: pa.Table) -> str:
    """Return the period that gives a drawing a few dozen bars."""
    found = days["period"].to_pylist()
    if not found:
        return PERIODS[-1]
    length = (found[-1] - found[0]).days
    return next((name for name, most in _DAYS_OF.items() if length <= most), PERIODS[-1])


def _drawing(shown: pa.Table, by: str) -> Markup:
    """Return the drawing. Its numbers are ours and its words fixed, so that nothing in it needs escaping."""
    chart = timeline(shown.to_pylist(), by, MAIL, f"Events by {by}")
    return Markup(svg(chart)) if chart else Markup("")


def _threads(ledger: Ledger, chosen: EventFilter, most: int) -> list[dict[str, Any]]:
    """Return threads of which a stage is among the events told of; open ones first."""
    found = ledger.threads(ThreadFilter(events=chosen), most).to_pylist()
    return sorted(found, key=lambda row: THREAD_STATES.index(row["state"]))


def _board(threads: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(state, list(group)) for state, group in groupby(threads, key=lambda thread: str(thread["state"]))]


def _event(row: dict[str, Any]) -> dict[str, Any]:
    day = {name: row[name].isoformat() if row[name] else "" for name in ("when_start", "when_end")}
    told = When(day["when_start"], day["when_end"], row["when_precision"], "", bool(row["when_assumed"]))
    kept = {name: row[name] for name in ("event", "polarity", "modality", "period", "ongoing")}
    event = Event(row["id"], row["article_id"], when=told, **kept)
    sides = {side: list(zip(row[f"{side}s"], row[f"{side}_countries"], strict=True)) for side in ("actor", "recipient")}
    return {**row, **sides, "day": when(event), "status": status(event), "marked": _marked(row["sentence"], row["trigger"])}


def _marked(sentence: str, triggers: list[str] | None) -> Markup:
    """Return a sentence with its trigger words marked, each where it stands first after the one before."""
    words = _plain(sentence)
    found, place = Markup(""), 0
    for trigger in (_plain(item) for item in triggers or ()):
        start = words.find(trigger, place) if trigger else -1
        if start >= 0:
            found += Markup("{}<mark>{}</mark>").format(words[place:start], trigger)
            place = start + len(trigger)
    rest = words[place:]
    short = rest if place + len(rest) <= _SENTENCE else rest[: max(0, _SENTENCE - place)] + "…"
    return found + escape(short)


def _plain(words: str | None) -> str:
    return clean(words or "")


def _country(party: str) -> str:
    """Return the name for a code, with the sector behind it where there is one ("TUN GOV"); other words as they are."""
    code, space, sector = party.partition(" ")
    known = countries().get(code)
    name = known.name if known else _bodies().get(code, "")
    return f"{name}{space}{sector}" if name else party


@cache
def _bodies() -> dict[str, str]:
    """Return the names of parties that are no countries by code, as the site has them."""
    return {row["code"]: row["name"] for row in load("site/names.tsv", ("code", "name"))}


def _link(url: str | None) -> str:
    words = _plain(url)
    return words if words.lower().startswith(("http://", "https://")) else ""


def _title(chosen: EventFilter) -> str:
    parties = [*chosen.dyad, *chosen.actor, *chosen.recipient, *chosen.party]
    about = ": " + ", ".join(_country(name.upper()) if len(name) == 3 else name for name in parties) if parties else ""
    return f"Political events{about}"


def _asked(chosen: EventFilter) -> list[tuple[str, str]]:
    """Return the filter in words, with days in the place of "7d"."""
    found = []
    for entry in fields(chosen):
        value = getattr(chosen, entry.name)
        if value == entry.default:
            continue
        if entry.name in ("since", "until"):
            value = _day(entry.name, value)
        listed = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        found.append((entry.name.replace("_", " "), listed))
    return found


def _day(name: str, words: str) -> date:
    return first_day(words) if name == "since" else last_day(words)
