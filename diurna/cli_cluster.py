"""The work behind `diurna code --engine dask`: files coded by a cluster into an archive, and what the user is told of it."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from diurna.batch.cluster import code_on_cluster, dask_client, input_files
from diurna.batch.parts import Task
from diurna.batch.pool import cores
from diurna.cli_code import Tally, write_skipped
from diurna.errors import StopRun
from diurna.intake.items import Intake
from diurna.ledger.archive import Commit
from diurna.settings import Settings


def code_archive(
    paths: list[str], archive: str | None, settings: Settings, intake: Intake, scheduler: str = "", skipped: Path | None = None
) -> None:
    """Code files into an archive on a cluster; what an earlier run did is not done again.

    Raises:
        StopRun: no archive named, no files, no cluster, or an archive begun by other versions.
    """
    if archive is None or archive == "-":
        raise StopRun("--engine dask writes a folder; name it: -o archive/")
    tasks = [Task(file, archive, settings, intake) for file in input_files(paths)]
    tally, done = Tally(), 0

    def told(commit: Commit) -> None:
        nonlocal done
        done += 1
        tally.articles += commit.articles
        tally.events += commit.events
        for item in commit.items:
            tally.skip(item)
        if sys.stderr.isatty():
            typer.echo(f"\r{done} of {len(tasks)} files, {tally.articles} reports, {tally.events} events", nl=False, err=True)

    try:
        with dask_client(scheduler, settings.workers or cores()) as client:
            code_on_cluster(client, tasks, told)
    except KeyboardInterrupt as stop:
        typer.echo("diurna: stopped; the same command goes on with the files that are not done", err=True)
        raise typer.Exit(130) from stop
    if skipped is not None:
        write_skipped(tally.skipped, skipped)
    typer.echo(f"{archive}: {tally.summary()}", err=True)
    if not tally.articles:
        typer.echo("diurna: nothing could be coded", err=True)
        raise typer.Exit(1)
