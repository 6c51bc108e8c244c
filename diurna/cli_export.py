"""The command `diurna export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diurna.cli_filters import filtered
from diurna.ledger.filters import EventFilter


@filtered()
def export(
    kind: Annotated[
        str, typer.Argument(help="plover, phoenix, gdelt1, gdelt2, icews, polecat, panel, csv, jsonl, parquet or graphml.")
    ],
    chosen: EventFilter,
    output: Annotated[Path, typer.Option("-o", "--output", help="File, or folder for parquet; - for standard output.")] = Path(
        "-"
    ),
    ledger: Annotated[Path, typer.Option(help="Ledger to read.")] = Path("diurna.duckdb"),
) -> None:
    """Write events of a ledger in the columns that other people's scripts expect (docs/exports.md)."""
    from diurna.exports.exporting import export as write
    from diurna.ledger import Ledger

    with Ledger(ledger, read_only=True) as store:
        done = write(store, kind, None if str(output) == "-" else output, chosen)
    if done.status or done.undated:
        left = f"left out {done.status} events negated, planned or hypothetical and {done.undated} without a day"
        typer.echo(f"diurna: {left}; this layout cannot say so", err=True)
    if done.vague:
        said = "left out; their month is not known" if kind == "panel" else "written on its first day; this layout cannot say so"
        typer.echo(f"diurna: events known to a week, month, year or decade only: {done.vague} {said}", err=True)
