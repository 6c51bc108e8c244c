"""The command `diurna import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diurna.errors import SkipItem

_SHOWN = 20


def import_events(
    paths: Annotated[list[str], typer.Argument(metavar="FILE…", help="Event files, plain or packed (.gz, .zip); - for a pipe.")],
    ledger: Annotated[Path, typer.Option(help="Ledger to store in; made on first use.")],
    dataset: Annotated[
        str, typer.Option(metavar="NAME", help="gdelt1, gdelt2, icews or polecat; judged by the first line by default.")
    ] = "",
    skipped: Annotated[Path | None, typer.Option(help="File for the lines that cannot be used (JSONL: source, reason).")] = None,
) -> None:
    """Read events of GDELT, ICEWS or POLECAT into a ledger, beside what was coded here; one question spans them all."""
    from diurna.cli_code import write_skipped
    from diurna.imports.importing import import_files
    from diurna.ledger import Ledger

    bad: list[SkipItem] = []

    def report(item: SkipItem) -> None:
        if len(bad) < _SHOWN:
            typer.echo(f"skipped {item}", err=True)
        bad.append(item)

    with Ledger(ledger) as store:
        done = import_files(store, paths, report, dataset.lower())
        store.add_skipped(bad)
    if len(bad) > _SHOWN:
        typer.echo(f"… {len(bad) - _SHOWN} more skipped; list them all with --skipped FILE", err=True)
    if skipped is not None:
        write_skipped(bad, skipped)
    for sentence in done.losses.sentences():
        typer.echo("".join(char if char.isprintable() else "?" for char in f"note: {sentence}"), err=True)
    for name, lines in done.lines.items():
        rootless = f", {done.rootless[name]} without a PLOVER root" if done.rootless[name] else ""
        typer.echo(f"{name}: {lines} lines read, {done.stored[name]} events new to {ledger}{rootless}")
    if bad:
        typer.echo(f"{len(bad)} skipped: lines or files that cannot be used", err=True)
    if not done.lines:
        typer.echo("diurna: nothing could be imported", err=True)
        raise typer.Exit(1)
