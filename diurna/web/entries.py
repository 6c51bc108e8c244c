"""The pages of one event and of one report, as judgement left them, with what was judged and the forms for reviewers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from diurna.errors import StopRun
from diurna.ledger.desk import Desk, Entry
from diurna.ledger.told import told
from diurna.records import Event
from diurna.web import marks
from diurna.web.answering import Reading, missing, page
from diurna.web.asking import ArticleId, address
from diurna.web.desks import Desks
from diurna.web.judging import Missed, form_of, mark_of

router = APIRouter(default_response_class=HTMLResponse)
Done = Annotated[int, Query(ge=0, le=1 << 60, description="Number of a judgement that was stored just now.")]


@router.get("/events/{event_id}")
def event(request: Request, ledger: Reading, event_id: str, done: Done = 0) -> Response:
    """One event and why it stands in the ledger."""
    try:
        found = desks_of(request).entry(ledger, event_id)
    except StopRun as error:
        raise missing(error) from error
    if found.event.id != event_id:
        return RedirectResponse(address(f"/events/{found.event.id}"))
    return event_page(request, found, done=done, told=told(ledger, event_id, found.article.id))


@router.get("/articles/{article_id:path}")
def article(request: Request, ledger: Reading, article_id: ArticleId, done: Done = 0) -> Response:
    """One report with everything that was read in it."""
    try:
        on = desks_of(request).desk(ledger, article_id)
    except StopRun as error:
        raise missing(error) from error
    return article_page(request, on, done=done)


def article_page(request: Request, on: Desk, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the page of a report.

    Args:
        request: what is answered.
        on: the desk of the report.
        status: of the answer.
        values: problem_words: why an event was not added; missed: what its form holds; done: number of a judgement just stored.
    """
    shown = {"problem_words": "", "missed": Missed(), "done": 0, **values}
    stands = [item.event for item in on.events if item.stands]
    told_of = marks.of_article(stands, on.report.quotes, on.report.litter)
    return page(
        request,
        "article.html",
        status,
        report=on.report,
        article=on.report.article,
        text=list(marks.paragraphs(on.report.article.text, told_of)),
        events=stands,
        sentences={one.id: _sentences(one, on.report.article.text) for one in stands},
        seen={item.event.id: mark_of(item) for item in on.events},
        desk=on,
        pending=desks_of(request).pending(on.report.article.id),
        **shown,
    )


def event_page(request: Request, found: Entry, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the page of an event.

    Args:
        request: what is answered.
        found: the event.
        status: of the answer.
        values: told: the event over all reports; problem: why a judgement was not stored; form: what its form holds; done:
            number of a judgement stored just now.
    """
    shown = {"problem_words": "", "form": form_of(found.event), "done": 0, "told": None, **values}
    others = [item.event for item in found.desk.events if item.stands and item.event.id != found.event.id]
    return page(
        request,
        "event.html",
        status,
        event=found.event,
        article=found.article,
        versions=found.versions,
        sentences={found.event.id: _sentences(found.event, found.article.text)},
        standing=found.standing,
        seen=mark_of(found.standing),
        desk=found.desk,
        others=others if found.standing.stands else [],
        pending=desks_of(request).pending(found.article.id),
        **shown,
    )


def desks_of(request: Request) -> Desks:
    """Return the desks of the site."""
    found: Desks = request.app.state.desks
    return found


def _sentences(event: Event, text: str) -> list[list[marks.Piece]]:
    told = marks.of_event(event)
    return [marks.pieces(text, mention.sentence_span, told) for mention in event.mentions]
