"""Every table of the site as a file: the events in all layouts of `diurna export`, other answers as CSV and JSON Lines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from tempfile import TemporaryFile
from typing import IO, Annotated

import pyarrow as pa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from diurna.errors import StopRun
from diurna.exports.answers import LINES, lines
from diurna.exports.exporting import export_to
from diurna.exports.layouts import layouts
from diurna.ledger import almanac, desk
from diurna.ledger.filters import EventFilter
from diurna.ledger.questions import ThreadFilter
from diurna.ledger.store import Ledger
from diurna.web.answering import Reading, missing, only_known
from diurna.web.asking import LONGEST, Chosen, Several, Words
from diurna.web.quoting import Quotations
from diurna.web.shell import head_only

router = APIRouter(prefix="/download", dependencies=[Depends(only_known)])
_MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson", "tsv": "text/tab-separated-values; charset=utf-8"}
_PIECE = 1 << 16
_ALL = 1_000_000_000

Format = Annotated[str, Query(alias="format", max_length=LONGEST, description="csv or jsonl")]


class Download(StreamingResponse):
    """A file that is written while it is sent; for its head alone no line of it is written."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if head_only(scope):
            self.body_iterator = _nothing()
        await super().__call__(scope, receive, send)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def export_kinds() -> list[str]:
    """Return the layouts that can be one file."""
    return [kind for kind, layout in layouts().items() if layout.form != "parquet"]


@router.get("/events")
def events(request: Request, ledger: Reading, chosen: Chosen, kind: Words = "csv") -> StreamingResponse:
    """All events that fit, in a layout of `diurna export`."""
    if kind not in export_kinds():
        raise StopRun(f"no such kind of file {kind!r}; known are {', '.join(export_kinds())}")
    if head_only(request.scope):
        ledger.count(chosen)  # refuses what cannot be asked
        body: Iterator[bytes] = iter(())
    else:
        body = _read(_written(ledger, kind, chosen))
    form = layouts()[kind].form
    ending = "csv" if kind == "panel" else form
    name = "diurna-events" if kind in LINES else f"diurna-{kind}"
    return _answer(body, f"{name}.{ending}", _MEDIA.get(ending, "application/xml"))


@router.get("/day")
def day(ledger: Reading, chosen: Chosen, day: Words = "", format_: Format = "csv") -> StreamingResponse:
    """The dyads of a day."""
    when = almanac.day_asked(ledger, day)
    return _table(almanac.dyads(ledger, (when, when), chosen, _ALL), "diurna-day", format_)


@router.get("/entries")
def entries(ledger: Reading, chosen: Chosen, day: Words = "", format_: Format = "csv") -> StreamingResponse:
    """The events that begin on a day."""
    found, _ = ledger.page(almanac.of_day(almanac.day_asked(ledger, day), chosen), limit=_ALL)
    return _table(found, "diurna-entries", format_)


@router.get("/steps")
def steps(ledger: Reading, event: Words, format_: Format = "csv") -> StreamingResponse:
    """The steps that led to an event."""
    try:
        reasons = desk.entry(ledger, event).event.explanation
    except StopRun as error:
        raise missing(error) from error
    columns = {name: [getattr(reason, name) for reason in reasons] for name in ("field", "rule", "words")}
    return _table(pa.table(columns, pa.schema([(name, pa.string()) for name in columns])), "diurna-steps", format_)


@router.get("/dyads")
def dyads(ledger: Reading, chosen: Chosen, format_: Format = "csv") -> StreamingResponse:
    """All dyads."""
    return _table(almanac.dyads(ledger, (None, None), chosen, _ALL), "diurna-dyads", format_)


@router.get("/dyad")
def dyad(
    ledger: Reading, chosen: Chosen, one: Words, other: Words, by: Words = "month", format_: Format = "csv"
) -> StreamingResponse:
    """One dyad, period by period."""
    return _table(ledger.dyad(one, other, by, chosen), "diurna-dyad", format_)


@router.get("/actors")
def actors(ledger: Reading, format_: Format = "csv") -> StreamingResponse:
    """All parties."""
    return _table(almanac.parties(ledger, _ALL), "diurna-actors", format_)


@router.get("/actor")
def actor(ledger: Reading, chosen: Chosen, name: Words, table: Words = "roles", format_: Format = "csv") -> StreamingResponse:
    """Roles, partners or roots of one party."""
    if table not in ("roles", "partners", "roots"):
        raise StopRun(f"no table {table!r}; known are roles, partners, roots")
    return _table(getattr(ledger.actor(name, chosen, _ALL), table), f"diurna-{table}", format_)


@router.get("/threads")
def threads(
    ledger: Reading,
    party: Annotated[Several | None, Query()] = None,
    kind: Words = "",
    state: Words = "",
    joined: bool = False,
    format_: Format = "csv",
) -> StreamingResponse:
    """Threads, within single reports or over all of them."""
    asked = ThreadFilter(tuple(item for item in party or () if item.strip()), kind, state, joined=joined)
    return _table(ledger.threads(asked), f"diurna-threads{'-joined' if joined else ''}", format_)


@router.get("/quotes")
def quotes(ledger: Reading, quoted: Quotations, format_: Format = "csv") -> StreamingResponse:
    """Quotations."""
    return _table(ledger.quotes(quoted.chosen), "diurna-quotes", format_)


@router.get("/places")
def places(ledger: Reading, chosen: Chosen, format_: Format = "csv") -> StreamingResponse:
    """Places."""
    return _table(almanac.places(ledger, chosen, _ALL), "diurna-places", format_)


def _table(table: pa.Table, name: str, kind: str) -> StreamingResponse:
    if kind not in LINES:
        raise StopRun(f"no format {kind!r}; known are {', '.join(LINES)}")
    return _answer(lines(table, kind), f"{name}.{kind}", _MEDIA[kind])


def _answer(body: Iterator[bytes], name: str, media: str) -> StreamingResponse:
    return Download(body, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})


def _written(ledger: Ledger, kind: str, chosen: EventFilter) -> IO[bytes]:
    """Write events whole before the first byte is sent, so that an error is a page and not half a file."""
    file = TemporaryFile()  # noqa: SIM115
    try:
        export_to(ledger, kind, file, chosen)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
