"""What every answer needs: a connection to the newest copy of the ledger, and a template made into a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from diurna.errors import StopRun
from diurna.ledger import Ledger
from diurna.ledger.publish import Edition, Publisher
from diurna.web.words import environment


def _reading(request: Request) -> Iterator[Ledger]:
    publisher: Publisher = request.app.state.publisher
    with publisher.reading() as ledger:
        yield ledger


Reading = Annotated[Ledger, Depends(_reading)]


def missing(error: StopRun) -> HTTPException:
    """Return the answer to a question for something that is not there."""
    return HTTPException(404, str(error).split(": ", 1)[-1])


def page(request: Request, template: str, **values: Any) -> HTMLResponse:
    """Return a page made from a template."""
    return HTMLResponse(rendered(template, request.app.state.publisher, request.url.path, **values))


def rendered(template: str, publisher: Publisher, path: str, status: int = 200, **values: Any) -> str:
    """Return the HTML of a page, with what every page shows of the copy that is read."""
    edition: Edition = publisher.edition
    return environment().get_template(template).render(
        path=path, status_code=status, edition=edition, problem=publisher.problem, ledger_name=publisher.path.name, **values
    )  # fmt: skip
