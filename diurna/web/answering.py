"""What every answer needs: a connection to the newest copy of the ledger, and a template made into a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from diurna.errors import StopRun
from diurna.ledger import Ledger
from diurna.ledger.publish import Edition, Publisher
from diurna.web.guard import COOKIE, Guard
from diurna.web.words import environment


def _reading(request: Request) -> Iterator[Ledger]:
    publisher: Publisher = request.app.state.publisher
    with publisher.reading() as ledger:
        yield ledger


Reading = Annotated[Ledger, Depends(_reading)]


def missing(error: StopRun) -> HTTPException:
    """Return the answer to a question for something that is not there."""
    return HTTPException(404, str(error).split(": ", 1)[-1])


@dataclass(frozen=True, slots=True)
class Seat:
    """Whoever asks, on a site where reviewers may judge. judge: empty for readers; form: what their forms bring along."""

    judge: str = ""
    form: str = ""


def seat_of(request: Request) -> Seat | None:
    """Return the seat of whoever asks; None where nobody may judge."""
    guard: Guard | None = request.app.state.guard
    if guard is None:
        return None
    given = request.cookies.get(COOKIE, "")
    name = guard.holder(given)
    return Seat(name, guard.form_token(given)) if name else Seat()


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made from a template."""
    seat = seat_of(request)
    text = rendered(template, request.app.state.publisher, request.url.path, status, seat, **values)
    # What a reviewer sees is nobody else's.
    return HTMLResponse(text, status, headers={"cache-control": "no-store"} if seat else None)


def rendered(template: str, publisher: Publisher, path: str, status: int = 200, seat: Seat | None = None, **values: Any) -> str:
    """Return the HTML of a page, with what every page shows of the copy that is read."""
    edition: Edition = publisher.edition
    return environment().get_template(template).render(
        path=path, status_code=status, seat=seat, edition=edition, problem=publisher.problem, ledger_name=publisher.path.name,
        **values,
    )  # fmt: skip
