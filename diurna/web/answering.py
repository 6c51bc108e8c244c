"""What every answer needs: a connection to the newest copy of the ledger, and a template made into a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.dependencies.models import Dependant
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


def strangers(request: Request) -> list[str]:
    """Return the parameters of a request that its address does not have: a misspelt filter would ask for everything."""
    known = _names(request.scope["route"].dependant)
    return [name for name in dict.fromkeys(request.query_params) if name not in known]


def _names(dependant: Dependant) -> set[str]:
    return {field.alias for field in dependant.query_params}.union(*map(_names, dependant.dependencies))


def only_known(request: Request) -> None:
    """Refuse parameters that an address does not have.

    Raises:
        StopRun: there are some; the message names them, and those that it has.
    """
    if wrong := strangers(request):
        known = ", ".join(sorted(_names(request.scope["route"].dependant))) or "none"
        raise StopRun(f"no parameter {', '.join(map(repr, wrong))}; known are {known}")


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
    wrong = strangers(request)
    text = rendered(template, request.app.state.publisher, request.url.path, status, seat, strangers=wrong, **values)
    # What a reviewer sees is nobody else's.
    return HTMLResponse(text, status, headers={"cache-control": "no-store"} if seat else None)


def rendered(template: str, publisher: Publisher, path: str, status: int = 200, seat: Seat | None = None, **values: Any) -> str:
    """Return the HTML of a page, with what every page shows of the copy that is read."""
    edition: Edition = publisher.edition
    values = {"strangers": [], "ledger_name": publisher.path.name, **values}
    return environment().get_template(template).render(
        path=path, status_code=status, seat=seat, edition=edition, problem=publisher.problem, **values,
    )  # fmt: skip
