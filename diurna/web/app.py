"""The site as one ASGI application: pages, downloads and the JSON API over the newest published copy of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as RoutingError
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from diurna.errors import StopRun
from diurna.exports.answers import json_of
from diurna.ledger.publish import Publisher
from diurna.web import api, downloads, entries, pages, review
from diurna.web.answering import Seat, rendered, seat_of
from diurna.web.desks import Desks
from diurna.web.guard import Guard
from diurna.web.shell import App, Shell

API = "/api"
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]", "::1")
_STATIC = Path(__file__).parent / "static"
_TITLES = {
    400: "This cannot be asked so", 401: "Only for reviewers", 403: "Refused", 404: "Not in this ledger",
    405: "This site only reads", 413: "Too large", 415: "No form", 500: "Something went wrong",
}  # fmt: skip

# What the framework says, in our words.
_PLAIN = {
    "Not Found": "there is no such page",
}
_READS = "this address answers questions (GET) only, so nothing was done"
_TAKES_FORMS = "this address takes the forms of this site's pages only; there is nothing to read"
_FOREIGN = "this site does not go by the name that it was asked for; use the address that diurna serve has shown"


def make_app(publisher: Publisher, names: tuple[str, ...] = LOCAL_NAMES, guard: Guard | None = None) -> App:
    """Return the site.

    Args:
        publisher: gives the copies that are read.
        names: names of this host that a request may be addressed to; another one is how a foreign page would reach in. "*": any.
        guard: who may judge; without one the site only reads, and has no address to write to.
    """
    app = FastAPI(
        title="Diurna",
        summary="A ledger of political events: who did what to whom, when, where, on whose word. Reading only.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
    )
    app.state.publisher, app.state.guard, app.state.desks = publisher, guard, Desks(publisher)
    app.include_router(api.router, prefix=API)
    app.include_router(downloads.router, include_in_schema=False)
    for router in (pages.router, entries.router, *([review.router] if guard else [])):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=2000)
    for kind in (StopRun, RequestValidationError, RoutingError):
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(Exception, _failed)
    return Shell(app, names, lambda path: _foreign(publisher, path))


async def _refused(request: Request, error: Exception) -> Response:
    """Turn an error that somebody can mend into a page, or into JSON for the API."""
    headers = None
    if isinstance(error, RoutingError):
        status, words = error.status_code, str(error.detail)
    elif isinstance(error, RequestValidationError):
        status, words = 400, _unfit(error.errors()[0])
    else:
        status, words = 400, str(error)
    if status == 405:
        ways = _ways(error)
        words, headers = _READS if "GET" in ways else _TAKES_FORMS, {"allow": ", ".join(ways)}
    words = _PLAIN.get(words, words)
    kind, body = _error(request.app.state.publisher, request.url.path, status, words, seat_of(request))
    return Response(body, status, headers, kind)


def _unfit(found: dict[str, Any]) -> str:
    """Say what is wrong with a parameter."""
    name = ".".join(str(part) for part in found["loc"][1:])
    if found["type"] != "string_too_long":
        return f"{name}: {found['msg']}"
    return f"{found['loc'][1]}: at most {found['ctx']['max_length']} characters can be asked for, not {len(found['input'])}"


def _ways(refused: Exception) -> list[str]:
    """Return the methods that an address has; where it answers questions, it answers for their heads, too (`shell.py`)."""
    named = (getattr(refused, "headers", None) or {}).get("Allow", "GET")
    ways = {way.strip() for way in named.split(",")}
    return sorted(ways | {"HEAD"} if "GET" in ways else ways)


async def _failed(request: Request, _: Exception) -> Response:
    words = "an error that should not occur; what led to it stands in the log of diurna serve"
    kind, body = _error(request.app.state.publisher, request.url.path, 500, words, seat_of(request))
    return Response(body, 500, media_type=kind)


def _foreign(publisher: Publisher, path: str) -> tuple[str, bytes]:
    """Whoever asks so may be a page of somebody else's, which learns nothing of the ledger, not even its name."""
    return _error(publisher, path, 400, _FOREIGN, ledger_name="")


def _error(
    publisher: Publisher, path: str, status: int, words: str, seat: Seat | None = None, **values: str
) -> tuple[str, bytes]:
    if path == API or path.startswith(f"{API}/"):
        return "application/json", json_of({"error": words}).encode("utf-8", errors="replace")
    title = _TITLES.get(status, "No answer")
    text = rendered("error.html", publisher, path, status, seat, title=title, words=words, **values)
    return "text/html; charset=utf-8", text.encode("utf-8", errors="replace")
