"""What every answer needs: a connection to the newest copy of the ledger, and a template made into a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

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
    known = _parameters(request)
    return [name for name in dict.fromkeys(request.query_params) if name not in known]


def repeated(request: Request) -> list[str]:
    """Return the parameters of a request that have one value and are given several times: only the last would be heard."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    known = _parameters(request)
    return [name for name, times in given.items() if times > 1 and name in known and not known[name]]


def _parameters(request: Request) -> dict[str, bool]:
    """Return the names of the parameters that an address has, and whether each may have several values."""
    return _of(request.scope["route"].dependant)


def _of(dependant: Dependant) -> dict[str, bool]:
    own = {field.alias: _many(field.field_info.annotation) for field in dependant.query_params}
    return {name: many for part in (own, *map(_of, dependant.dependencies)) for name, many in part.items()}


def _many(kind: Any) -> bool:
    return get_origin(kind) is list or any(map(_many, get_args(kind)))


def only_known(request: Request) -> None:
    """Refuse parameters that an address does not have, and several values where it has one.

    Raises:
        StopRun: there are some; the message names them, and those that it has.
    """
    if wrong := strangers(request):
        known = ", ".join(sorted(_parameters(request))) or "none"
        raise StopRun(f"no parameter {', '.join(map(repr, wrong))}; known are {known}")
    if wrong := repeated(request):
        raise StopRun(f"{wrong[0]} is given several times, but has one value; give it once")


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
    wrong = {"strangers": strangers(request), "repeated": repeated(request)}
    text = rendered(template, request.app.state.publisher, request.url.path, status, seat, **wrong, **values)
    # What a reviewer sees is nobody else's.
    return HTMLResponse(text, status, headers={"cache-control": "no-store"} if seat else None)


def rendered(template: str, publisher: Publisher, path: str, status: int = 200, seat: Seat | None = None, **values: Any) -> str:
    """Return the HTML of a page, with what every page shows of the copy that is read."""
    edition: Edition = publisher.edition
    values = {"strangers": [], "repeated": [], "ledger_name": publisher.path.name, **values}
    return environment().get_template(template).render(
        path=path, status_code=status, seat=seat, edition=edition, problem=publisher.problem, **values,
    )  # fmt: skip
