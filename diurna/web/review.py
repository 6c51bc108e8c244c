"""`diurna serve --review`: logging in with the token, and judging. Without the option none of these addresses exists."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from diurna.errors import StopRun
from diurna.ledger import judgements
from diurna.ledger.publish import Busy
from diurna.web.answering import Reading, Seat, missing, page, seat_of
from diurna.web.asking import LONGEST, Words, address
from diurna.web.entries import article_page, desks_of, event_page
from diurna.web.guard import COOKIE, LASTS, Guard, same_origin
from diurna.web.judging import Posted, Stale, add_missed, carry_out, form_again, missed_of

router = APIRouter(default_response_class=HTMLResponse)
_LARGEST, _MOST_FIELDS, _SHOWN = 64_000, 200, 100
_FORM = "application/x-www-form-urlencoded"


async def _posted(request: Request) -> Posted:
    """Read the form of a request that a page of this site sent."""
    if not same_origin(request.headers):
        raise HTTPException(403, "this form was not sent from a page of this site, so nothing was done")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, "not a form of this site")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise HTTPException(413, f"a form of more than {_LARGEST // 1000} kB")
    try:
        return Posted(tuple(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)))
    except ValueError as error:
        raise HTTPException(400, "the form cannot be read") from error


Sent = Annotated[Posted, Depends(_posted)]


def _judge(request: Request, posted: Sent) -> str:
    """Return the name of whoever sent a form, when all is as it should be."""
    name = _seat(request).judge
    if not name:
        raise HTTPException(401, "give the token first; nothing was stored")
    if not _guard(request).made(request.cookies[COOKIE], posted.get("form")):
        raise HTTPException(403, "this form was made for somebody else, so nothing was stored; load its page anew")
    return name


Judge = Annotated[str, Depends(_judge)]


@router.get("/review")
def review(
    request: Request, ledger: Reading, back: Annotated[str, Query(alias="next", max_length=LONGEST)] = "", by: Words = ""
) -> Response:
    """The way in and out, and the newest judgements."""
    rows = judgements.judgements(ledger, by=by)[-_SHOWN:] if _seat(request).judge else []
    return page(request, "review.html", rows=rows[::-1], by=by, back=_own(back), problem_words="", name="")


@router.post("/review/login")
def login(request: Request, posted: Sent) -> Response:
    """Give a pass for the token."""
    guard, back = _guard(request), _own(posted.get("next"))
    try:
        if not guard.admits(posted.get("token")):
            raise StopRun("this is not the token; diurna serve --review shows it when it starts")
        given = guard.pass_for(posted.get("name"))
    except StopRun as error:
        return page(
            request, "review.html", 403, rows=[], by="", back=back, problem_words=str(error), name=posted.get("name")[:200]
        )
    answer = RedirectResponse(back or "/review", 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, given, max_age=LASTS, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/review/logout")
def logout(judge: Judge) -> Response:
    """Forget the pass."""
    answer = RedirectResponse("/review", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.post("/events/{event_id}/judge")
def judge_event(request: Request, ledger: Reading, event_id: str, posted: Sent, judge: Judge) -> Response:
    """Store a judgement; then show the event, or its report, as it stands."""
    desks = desks_of(request)
    try:
        found = desks.entry(ledger, event_id)
    except StopRun as error:
        raise missing(error) from error
    try:
        made = desks.write(lambda store: carry_out(store, event_id, posted, judge))
    except StopRun as error:
        status, words = _problem(request, error)
        return event_page(request, found, status, problem_words=words, form=form_again(found.event, posted))
    where = f"/articles/{made.article_id}" if posted.get("back") == "article" else f"/events/{event_id}"
    place = event_id if posted.get("back") == "article" else "judge"
    return RedirectResponse(f"{address(where, ('done', made.number))}#{place}", 303)


@router.post("/articles/{article_id:path}/judge")
def judge_article(request: Request, ledger: Reading, article_id: str, posted: Sent, judge: Judge) -> Response:
    """Store an event that the coder missed; then show its report."""
    desks = desks_of(request)
    try:
        on = desks.desk(ledger, article_id)
    except StopRun as error:
        raise missing(error) from error
    try:
        made = desks.write(lambda store: add_missed(store, article_id, posted, judge))
    except StopRun as error:
        status, words = _problem(request, error)
        return article_page(request, on, status, problem_words=words, missed=missed_of(posted))
    return RedirectResponse(f"{address(f'/articles/{article_id}', ('done', made.number))}#{made.event_id}", 303)


def _problem(request: Request, error: StopRun) -> tuple[int, str]:
    """Return status and words of the answer to a judgement that was not stored."""
    status = 503 if isinstance(error, Busy) else 409 if isinstance(error, Stale) else 400
    return status, str(error).removeprefix(f"{request.app.state.publisher.path}: ")


def _guard(request: Request) -> Guard:
    found: Guard = request.app.state.guard
    return found


def _seat(request: Request) -> Seat:
    return seat_of(request) or Seat()


def _own(path: str) -> str:
    """Return an address of this site, and nothing for any other."""
    good = path.startswith(("/events/", "/articles/")) and "\\" not in path and path.isprintable()
    return address(path) if good else ""
