"""The command `diurna serve`."""

from __future__ import annotations

from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated

import typer

from diurna.cli_options import DEFAULT_LEDGER


def serve(
    ledger: Annotated[Path, typer.Option(help="Ledger to show.")] = DEFAULT_LEDGER,
    host: Annotated[str, typer.Option(help="Address to listen on; others than the loopback show the ledger to everybody.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any that is free.")] = 8765,
    refresh: Annotated[float, typer.Option(min=0.2, help="Seconds between looks at whether the ledger has changed.")] = 15.0,
    copies: Annotated[Path | None, typer.Option(help="Folder for the copies that are read; a temporary one by default.")] = None,
    review: Annotated[bool, typer.Option("--review", help="Let whoever knows the token judge events on their pages.")] = False,
    token: Annotated[
        str,
        typer.Option(envvar="DIURNA_REVIEW_TOKEN", show_envvar=True, help="Token of --review; a new one by default."),
    ] = "",
) -> None:
    """Show a ledger as a site: days, dyads, actors, threads, reports with their events explained, a JSON API.

    It only reads, unless --review lets people judge events.
    """
    from diurna.web.serving import Site
    from diurna.web.serving import serve as run

    known = (token.strip() or token_urlsafe(24)) if review else ""
    run(Site(ledger, host, port, refresh, copies, known), lambda words: typer.echo(words, err=True))
