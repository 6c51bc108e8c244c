"""The pages people read. Each asks the ledger a few questions and hands the answers to a template; none needs a script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from diurna.charts.timeline import MOST
from diurna.ledger import almanac, index, queries, quotations
from diurna.ledger.filters import EventFilter, countries, first_day
from diurna.ledger.questions import PERIODS, SORTS, ThreadFilter
from diurna.ledger.quotations import QuoteFilter
from diurna.ledger.store import Ledger
from diurna.ledger.threads import rules
from diurna.ledger.told import with_reports
from diurna.tables import load
from diurna.web import drawn
from diurna.web.answering import Reading, page
from diurna.web.asking import MOST_PAGES, PER_PAGE, Chosen, Page, Paging, Several, Words, asked
from diurna.web.downloads import export_kinds
from diurna.web.quoting import Quotations, speakers_of
from diurna.web.sparks import spark

router = APIRouter(default_response_class=HTMLResponse)
_DYADS, _EVENTS, _QUOTES, _LANES, _DOTS, _LISTED = 60, 20, 20, 24, 400, 100
_PULSE_DAYS = 90


@router.get("/")
def front(request: Request, ledger: Reading, chosen: Chosen, day: Words = "") -> Response:
    """The latest day, or the one named, by dyad."""
    when = almanac.day_asked(ledger, day)
    if when is None:
        return page(request, "empty.html")
    dyads = almanac.dyads(ledger, (when, when), chosen, _DYADS).to_pylist()
    pulses = almanac.pulses(ledger, [(row["one"], row["other"]) for row in dyads], when, _PULSE_DAYS)
    before, after = almanac.neighbours(ledger, when)
    found, total = ledger.page(almanac.of_day(when, chosen), limit=_EVENTS)
    return page(
        request,
        "day.html",
        day=when,
        before=before,
        after=after,
        dyads=[(row, spark(*pulses[row["one"], row["other"]])) for row in dyads],
        more=len(dyads) == _DYADS,
        pulse_days=_PULSE_DAYS,
        events=with_reports(ledger, found.to_pylist()),
        total=total,
        **_filter(chosen),
    )


@router.get("/events")
def events(request: Request, ledger: Reading, chosen: Chosen, paging: Page, sort: Words = "-when") -> Response:
    """Events that fit, with all filters."""
    found, total = ledger.page(chosen.condition(), sort, PER_PAGE, paging.skip)
    rows = with_reports(ledger, found.to_pylist())
    return page(
        request,
        "events.html",
        events=rows,
        total=total,
        sort=sort,
        sorts=[*(f"-{name}" for name in SORTS), *SORTS],
        kinds=export_kinds(),
        **_filter(chosen),
        **_pager(paging, len(rows)),
    )


@router.get("/dyads")
def dyads(request: Request, ledger: Reading, chosen: Chosen) -> Response:
    """The busiest dyads."""
    since = first_day(chosen.since) if chosen.since else None
    when = almanac.last_day(ledger)
    rows = almanac.dyads(ledger, (since, None), chosen, _DYADS).to_pylist()
    pulses = almanac.pulses(ledger, [(row["one"], row["other"]) for row in rows], when, _PULSE_DAYS) if when else {}
    sparkling = [(row, spark(*pulses[row["one"], row["other"]])) for row in rows]
    return page(request, "dyads.html", dyads=sparkling, pulse_days=_PULSE_DAYS, last=when, **_filter(chosen))


@router.get("/dyad")
def dyad(
    request: Request, ledger: Reading, chosen: Chosen, paging: Page, one: Words = "", other: Words = "", by: Words = "month"
) -> Response:
    """What two parties did to each other over time."""
    if not one.strip() or not other.strip():
        return RedirectResponse("/dyads")
    between = EventFilter(**{**_fields(chosen), "dyad": (one, other)})
    periods = ledger.dyad(one, other, by, chosen).to_pylist()
    rows = with_reports(ledger, ledger.events(between, "-when", PER_PAGE, paging.skip).to_pylist())
    over_all, threads = _threads(ledger, ThreadFilter((one, other)), _LANES)
    return page(
        request,
        "dyad.html",
        one=_code(one),
        other=_code(other),
        by=by,
        periods_of=PERIODS,
        periods=periods,
        chart=drawn.timeline(periods, by),
        most=MOST,
        events=rows,
        total=sum(row["events"] for row in periods),
        threads=threads,
        over_all=over_all,
        lanes=drawn.lanes(threads, almanac.last_day(ledger)),
        **_filter(chosen),
        **_pager(paging, len(rows)),
    )


@router.get("/actors")
def actors(request: Request, ledger: Reading) -> Response:
    """The busiest parties."""
    return page(request, "actors.html", parties=almanac.parties(ledger, 100).to_pylist())


@router.get("/actor")
def actor(request: Request, ledger: Reading, chosen: Chosen, name: Words = "") -> Response:
    """One party: roles, partners, what it did and had done to it, what it said."""
    if not name.strip():
        return RedirectResponse("/actors")
    facts = ledger.actor(name, chosen, _EVENTS)
    over_all, threads = _threads(ledger, ThreadFilter((name,)), 10)
    party = EventFilter(**{**_fields(chosen), "party": (name,)})
    roles = facts.roles.to_pylist()
    said, sayings = quotations.page(ledger, QuoteFilter(speakers=speakers_of(ledger, name.strip(), roles)), _QUOTES)
    return page(
        request,
        "actor.html",
        name=_code(name),
        roles=roles,
        partners=facts.partners.to_pylist(),
        acts=facts.roots.to_pylist(),
        quotes=said.to_pylist(),
        sayings=sayings,
        events=with_reports(ledger, ledger.events(party, "-when", _EVENTS).to_pylist()),
        threads=threads,
        over_all=over_all,
        **_filter(chosen),
    )


@router.get("/threads")
def threads(
    request: Request,
    ledger: Reading,
    party: Annotated[Several | None, Query()] = None,
    kind: Words = "",
    state: Words = "",
) -> Response:
    """The thread board: open promises and invitations first."""
    chosen = ThreadFilter(tuple(item for item in party or () if item.strip()), kind, state)
    kinds = sorted({kind for kind, _ in rules()})
    promises = replace(chosen, state=state or "open", last_stages=_boards()[0][2])
    scopes = []
    for title, joined in (("Over all reports", True), ("Within single reports", False)):
        shown: dict[str, Any] = {}
        for asked_for in (promises, chosen):
            rows = ledger.threads(replace(asked_for, joined=joined), PER_PAGE).to_pylist()
            shown |= {row["thread_id"]: row for row in rows}
        scopes += [(title, _on_boards(shown.values()), len(shown) >= PER_PAGE)] if shown else []
    return page(request, "threads.html", chosen=chosen, kinds=kinds, scopes=scopes)


@router.get("/quotes")
def quotes(request: Request, ledger: Reading, quoted: Quotations, paging: Page) -> Response:
    """Quotations, the newest report first."""
    found, total = quotations.page(ledger, quoted.chosen, PER_PAGE, paging.skip)
    rows = found.to_pylist()
    return page(request, "quotes.html", quotes=rows, total=total, quoted=quoted, **_pager(paging, len(rows)))


@router.get("/map")
def world(request: Request, ledger: Reading, chosen: Chosen) -> Response:
    """Where it happened."""
    places = almanac.places(ledger, chosen, _DOTS).to_pylist()
    chart = drawn.world(places, asked(chosen))
    return page(request, "map.html", chart=chart, shown=len(places), places=places[:_LISTED], **_filter(chosen))


@router.get("/search")
def search(request: Request, ledger: Reading, q: Words = "", part: Annotated[int, Query(ge=0, le=1000)] = 0) -> Response:
    """Words in the sentences of events, and parties of that name."""
    asked_for = q.strip()
    found = almanac.search(ledger, asked_for, part, PER_PAGE) if asked_for else None
    code = countries().get(asked_for.casefold())
    named = index.names(ledger, asked_for, 12) if asked_for and not part else []
    rows = with_reports(ledger, found.events.to_pylist()) if found else []
    return page(request, "search.html", q=asked_for, found=found, events=rows, code=code, names=named)


@router.get("/about")
def about(request: Request, ledger: Reading) -> Response:
    """What the ledger holds, how to read the pages, and the API."""
    described: dict[str, Any] = request.app.openapi()
    return page(request, "about.html", counts=queries.counts(ledger), described=described)


def _threads(ledger: Ledger, chosen: ThreadFilter, limit: int) -> tuple[bool, list[dict[str, Any]]]:
    """Return threads, and whether they are those over all reports: what became of them may stand in another report."""
    joined = ledger.threads(replace(chosen, joined=True), limit).to_pylist()
    return bool(joined), joined or ledger.threads(chosen, limit).to_pylist()


def _fields(chosen: EventFilter) -> dict[str, Any]:
    return {name: getattr(chosen, name) for name in EventFilter.__dataclass_fields__}


def _filter(chosen: EventFilter) -> dict[str, Any]:
    return {"chosen": chosen, "asked": asked(chosen)}


def _pager(paging: Paging, shown: int) -> dict[str, Any]:
    return {"page": paging.page, "skip": paging.skip, "more": shown == PER_PAGE and paging.page < MOST_PAGES}


def _code(party: str) -> str:
    """Return the code of a country for its code or name; what is no country stays as it is."""
    return countries().get(party.strip().casefold(), party.strip())


@cache
def _boards() -> list[tuple[str, str, tuple[str, ...]]]:
    rows = load("site/boards.tsv", ("title", "state", "stages"))
    return [(row["title"], row["state"], row.items("stages")) for row in rows]


def _on_boards(rows: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {title: [] for title, _, _ in _boards()}
    for row in rows:
        last = row["stages"][-1]["name"] if row["stages"] else ""
        fits = (title for title, state, stages in _boards() if state == row["state"] and (not stages or last in stages))
        found[next(fits)].append(row)
    return [(title, threads) for title, threads in found.items() if threads]
