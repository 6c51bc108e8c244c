"""`diurna ledger check|compact|backup|merge`: the upkeep of ledgers and archives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diurna.cli_options import DEFAULT_LEDGER
from diurna.errors import StopRun

ledger_app = typer.Typer(
    no_args_is_help=True,
    help="Is a ledger whole? Make it compact, back it up, and bring the parts that a cluster coded into one.",
    epilog="Example: diurna ledger check diurna.duckdb",
)
LedgerArgument = Annotated[Path, typer.Argument(help="A ledger, or the folder of an archive.")]


@ledger_app.command(epilog="Example: diurna ledger check diurna.duckdb")
def check(ledger: LedgerArgument = DEFAULT_LEDGER) -> None:
    """Look for hashes that do not fit, rows that point nowhere, and files cut short; 1 is returned when there are any."""
    from diurna.ledger import check as checking
    from diurna.ledger.archive import Archive

    _must_exist(ledger)
    faults = 0
    for line in checking.check(ledger):
        typer.echo(f"{ledger}: {line}")
        faults += 1
    left = checking.leftovers(Archive(ledger)) if ledger.is_dir() else []
    if left:
        typer.echo(
            f"{ledger}: {len(left)} files that no commit names, such as {left[0]}; never read, and safe to delete", err=True
        )
    if faults:
        raise typer.Exit(1)
    typer.echo(f"{ledger}: whole")


@ledger_app.command(epilog="Example: diurna ledger compact archive/ -o archive-by-day/")
def compact(
    ledger: LedgerArgument = DEFAULT_LEDGER,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to; a ledger's own place by default.")] = None,
) -> None:
    """Write a ledger anew, small and in order of the days; of an archive, each article once and one file a table and year."""
    from diurna.ledger.upkeep import compact as write

    _must_exist(ledger)
    before = _size(ledger)
    write(ledger, output)
    typer.echo(f"{output or ledger}: {_size(output or ledger) / 1e6:,.1f} MB (was {before / 1e6:,.1f})")


@ledger_app.command(epilog="Example: diurna ledger backup diurna.duckdb -o diurna-2026-11.duckdb")
def backup(
    ledger: LedgerArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="The copy; must not be there yet.")],
) -> None:
    """Copy a ledger or an archive as it is at one moment, and check the copy."""
    from diurna.ledger.upkeep import backup as copy

    _must_exist(ledger)
    copy(ledger, output)
    typer.echo(f"{output}: whole, {_size(output) / 1e6:,.1f} MB")


@ledger_app.command(epilog="Example: diurna ledger merge archive/ --ledger diurna.duckdb")
def merge(
    archives: Annotated[
        list[str], typer.Argument(help="Folders that `diurna code --engine dask` wrote; s3:// and the like too.")
    ],
    ledger: Annotated[Path, typer.Option(help="Ledger to store in; made on first use.")] = DEFAULT_LEDGER,
) -> None:
    """Bring coded parts into a ledger; what it holds already is left as it is, so a stopped merge can be run again."""
    from diurna.ledger import Ledger
    from diurna.ledger.archive import Archive
    from diurna.ledger.upkeep import merge as bring

    with Ledger(ledger) as store:
        for address in archives:
            done = bring(Archive(address), store)
            for item in done.refused:
                typer.echo(f"skipped {item}", err=True)
            typer.echo(
                f"{ledger}: {done.articles} reports and {done.events} events from {done.parts} parts of {address}; "
                f"{done.known} reports were there already"
            )


def _must_exist(ledger: Path) -> None:
    if not ledger.exists():
        raise StopRun(f"{ledger}: no such ledger; make one: diurna code REPORT.txt --ledger {ledger}")


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size
