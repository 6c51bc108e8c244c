"""Every table of the site as a file: the events in all layouts of `diurna export`, other answers as CSV and JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Annotated

import pyarrow as pa
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from diurna.errors import StopRun
from diurna.exports.answers import LINES, lines
from diurna.exports.exporting import export_to
from diurna.exports.layouts import layouts
from diurna.ledger import almanac
from diurna.ledger.filters import first_day
from diurna.ledger.questions import ThreadFilter
from diurna.ledger.quotations import QuoteFilter
from diurna.web.answering import Reading
from diurna.web.asking import Chosen

router = APIRouter(prefix="/download")
_MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson", "tsv": "text/tab-separated-values; charset=utf-8"}
_PIECE = 1 << 16
_ALL = 1_000_000_000

Format = Annotated[str, Query(alias="format", description="csv or jsonl")]


def export_kinds() -> list[str]:
    """Return the layouts that can be one file."""
    return [kind for kind, layout in layouts().items() if layout.form != "parquet"]


@router.get("/events")
def events(ledger: Reading, chosen: Chosen, kind: str = "csv") -> StreamingResponse:
    """All events that fit, in a layout of `diurna export`."""
    if kind not in export_kinds():
        raise StopRun(f"no such kind of file {kind!r}; known are {', '.join(export_kinds())}")
    # Written whole before the first byte is sent, so that an error is a page and not half a file.
    file = TemporaryFile()  # noqa: SIM115
    try:
        export_to(ledger, kind, file, chosen)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    form = layouts()[kind].form
    ending = "csv" if kind == "panel" else form
    name = "diurna-events" if kind in LINES else f"diurna-{kind}"
    return _answer(_read(file), f"{name}.{ending}", _MEDIA.get(ending, "application/xml"))


@router.get("/day")
def day(ledger: Reading, chosen: Chosen, day: str = "", format_: Format = "csv") -> StreamingResponse:
    """The dyads of a day."""
    when = first_day(day) if day else almanac.last_day(ledger)
    return _table(almanac.dyads(ledger, (when, when), chosen, _ALL), "diurna-day", format_)


@router.get("/dyads")
def dyads(ledger: Reading, chosen: Chosen, format_: Format = "csv") -> StreamingResponse:
    """All dyads."""
    return _table(almanac.dyads(ledger, (None, None), chosen, _ALL), "diurna-dyads", format_)


@router.get("/dyad")
def dyad(ledger: Reading, chosen: Chosen, one: str, other: str, by: str = "month", format_: Format = "csv") -> StreamingResponse:
    """One dyad, period by period."""
    return _table(ledger.dyad(one, other, by, chosen), "diurna-dyad", format_)


@router.get("/actors")
def actors(ledger: Reading, format_: Format = "csv") -> StreamingResponse:
    """All parties."""
    return _table(almanac.parties(ledger, _ALL), "diurna-actors", format_)


@router.get("/actor")
def actor(ledger: Reading, chosen: Chosen, name: str, table: str = "roles", format_: Format = "csv") -> StreamingResponse:
    """Roles, partners or roots of one party."""
    if table not in ("roles", "partners", "roots"):
        raise StopRun(f"no table {table!r}; known are roles, partners, roots")
    return _table(getattr(ledger.actor(name, chosen, _ALL), table), f"diurna-{table}", format_)


@router.get("/threads")
def threads(
    ledger: Reading,
    party: Annotated[list[str] | None, Query()] = None,
    kind: str = "",
    state: str = "",
    joined: bool = False,
    format_: Format = "csv",
) -> StreamingResponse:
    """Threads, within single reports or over all of them."""
    asked = ThreadFilter(tuple(item for item in party or () if item.strip()), kind, state, joined=joined)
    return _table(ledger.threads(asked), f"diurna-threads{'-joined' if joined else ''}", format_)


@router.get("/quotes")
def quotes(
    ledger: Reading, speaker: str = "", text: str = "", since: str = "", until: str = "", format_: Format = "csv"
) -> StreamingResponse:
    """Quotations."""
    return _table(ledger.quotes(QuoteFilter(speaker, text, since, until)), "diurna-quotes", format_)


@router.get("/places")
def places(ledger: Reading, chosen: Chosen, format_: Format = "csv") -> StreamingResponse:
    """Places."""
    return _table(almanac.places(ledger, chosen, _ALL), "diurna-places", format_)


def _table(table: pa.Table, name: str, kind: str) -> StreamingResponse:
    if kind not in LINES:
        raise StopRun(f"no format {kind!r}; known are {', '.join(LINES)}")
    return _answer(lines(table, kind), f"{name}.{kind}", _MEDIA[kind])


def _answer(body: Iterator[bytes], name: str, media: str) -> StreamingResponse:
    return StreamingResponse(body, media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'})


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
