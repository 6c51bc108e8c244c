"""The JSON API under /api: the questions of a ledger, with the same filters as the commands and the pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from diurna.errors import StopRun
from diurna.exports.answers import json_of
from diurna.ledger import almanac, desk, queries, quotations
from diurna.ledger.questions import ThreadFilter
from diurna.ledger.told import ever_joined, told, with_reports
from diurna.records import to_dict
from diurna.web import answers
from diurna.web.answering import Reading, missing, only_known
from diurna.web.asking import ArticleId, Chosen, Several, Words
from diurna.web.quoting import Quotations

_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": answers.Refusal, "description": "It cannot be asked so; the words say what can."},
    404: {"model": answers.Refusal, "description": "It is not in this ledger."},
    "default": {"model": answers.Refusal, "description": "No answer; the words say why."},
}
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many rows.")]
Skip = Annotated[int, Query(ge=0, le=100_000, description="Leave out so many rows at the beginning.")]


class Json(JSONResponse):
    """JSON with days and moments as ISO has them."""

    def render(self, content: Any) -> bytes:
        """Return the bytes of an answer."""
        return json_of(content).encode("utf-8", errors="replace")


router = APIRouter(tags=["ledger"], dependencies=[Depends(only_known)], default_response_class=Json, responses=_REFUSALS)


@router.get("/status", response_model=answers.Status, summary="What the ledger holds, and when this copy of it was taken")
def status(ledger: Reading) -> Any:
    """Counts of articles, runs, events, quotations and skipped items, and the last day."""
    return Json({**queries.counts(ledger), "last_day": almanac.last_day(ledger)})


@router.get("/events", response_model=answers.Events, summary="Events that fit")
def events(ledger: Reading, chosen: Chosen, sort: Words = "-when", limit: Limit = 50, skip: Skip = 0) -> Any:
    """Rows as in `diurna events --format jsonl`, each with the number of its reports, and how many fit in all."""
    found, total = ledger.page(chosen.condition(), sort, limit, skip)
    return Json({"total": total, "events": with_reports(ledger, found.to_pylist())})


@router.get("/events/{event_id}", response_model=answers.Entry, summary="One event with everything that explains it")
def event(ledger: Reading, event_id: str) -> Any:
    """The record as judgement left it, with offsets into the article's text; versions; whether it stands; judgements; reports."""
    try:
        found = desk.entry(ledger, event_id)
    except StopRun as error:
        raise missing(error) from error
    judged = [{**to_dict(item), "changes": item.changes.to_json()} for item in found.desk.of(found.event.id)]
    whole = {"event": to_dict(found.event), "versions": to_dict(found.versions)}
    over_all = told(ledger, found.event.id, found.article.id)
    joined = asdict(over_all) if over_all else None
    return Json({**whole, "stands": found.standing.stands, "judgements": judged, "joined": joined})


@router.get("/articles/{article_id:path}", response_model=almanac.Report, summary="One article with what was read in it")
def article(ledger: Reading, article_id: ArticleId) -> Any:
    """The text as it was stored, and the events, quotations and threads of its newest coding."""
    try:
        return Json(to_dict(almanac.report(ledger, article_id)))
    except StopRun as error:
        raise missing(error) from error


@router.get("/day", response_model=answers.Day, summary="One day by dyad")
def day(ledger: Reading, chosen: Chosen, day: Words = "", limit: Limit = 100) -> Any:
    """The latest day unless one is named."""
    when = almanac.day_asked(ledger, day)
    return Json({"day": when, "dyads": almanac.dyads(ledger, (when, when), chosen, limit).to_pylist()})


@router.get("/dyad", response_model=answers.Dyad, summary="What two parties did to each other, by period")
def dyad(ledger: Reading, chosen: Chosen, one: Words, other: Words, by: Words = "month") -> Any:
    """Counts by quad class and the mean score, as `diurna dyad` gives them."""
    return Json({"periods": ledger.dyad(one, other, by, chosen).to_pylist()})


@router.get("/actor", response_model=answers.Actor, summary="Roles, partners and roots of a party")
def actor(ledger: Reading, chosen: Chosen, name: Words, limit: Limit = 20) -> Any:
    """As `diurna actor` gives them."""
    facts = ledger.actor(name, chosen, limit)
    return Json({part: getattr(facts, part).to_pylist() for part in ("roles", "partners", "roots")})


@router.get("/quotes", response_model=answers.Quotes, summary="Quotations")
def quotes(ledger: Reading, quoted: Quotations, limit: Limit = 50, skip: Skip = 0) -> Any:
    """As `diurna quotes` gives them, and how many fit in all."""
    found, total = quotations.page(ledger, quoted.chosen, limit, skip)
    return Json({"total": total, "quotes": found.to_pylist()})


@router.get("/threads", response_model=answers.Threads, summary="Undertakings, the open ones first")
def threads(
    ledger: Reading,
    party: Annotated[Several | None, Query(description="Parties, all of them.")] = None,
    kind: Words = "",
    state: Words = "",
    joined: Annotated[bool, Query(description="Those over all reports, as the last join found them.")] = False,
    limit: Limit = 50,
) -> Any:
    """As `diurna threads` gives them."""
    asked = ThreadFilter(tuple(item for item in party or () if item.strip()), kind, state, joined=joined)
    if joined and not ever_joined(ledger):
        raise StopRun("no event of this ledger is joined over its reports; run: diurna join --ledger FILE")
    return Json({"threads": ledger.threads(asked, limit).to_pylist()})


@router.get("/places", response_model=answers.Places, summary="Where events took place")
def places(ledger: Reading, chosen: Chosen, limit: Limit = 500) -> Any:
    """Places with coordinates, their events by quad class and the mean score."""
    return Json({"places": almanac.places(ledger, chosen, limit).to_pylist()})
