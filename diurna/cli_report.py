"""The command `diurna report`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from diurna.cli_filters import filtered
from diurna.ledger.filters import EventFilter
from diurna.ledger.questions import PERIODS


@filtered()
def report(
    chosen: EventFilter,
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML file to write; - for standard output.")],
    title: Annotated[str, typer.Option(help="Title of the page; by default its parties.")] = "",
    by: Annotated[str, typer.Option(help=f"Period of the drawing: {', '.join(PERIODS)}; by default what fits.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many events in the list.")] = 200,
    charts: Annotated[bool, typer.Option("--charts/--no-charts", help="Draw the events over time.")] = True,
    ledger: Annotated[Path, typer.Option("--ledger", help="The ledger.")] = Path("diurna.duckdb"),
) -> None:
    """Write one self-contained page to mail: counts, drawing, dyads, undertakings, events with their sentences, quotations."""
    from diurna.exports.answers import replacing
    from diurna.exports.report import Wanted
    from diurna.exports.report import report as written
    from diurna.ledger import Ledger

    with Ledger(ledger, read_only=True) as store:
        page = written(store, chosen, Wanted(title, by, limit, charts=charts), datetime.now())
    data = page.encode("utf-8", "replace")
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    with replacing(output) as stream:
        stream.write(data)
