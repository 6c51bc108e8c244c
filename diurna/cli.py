"""The command line: thin commands over importable functions. spaCy is loaded by the commands that need it, never by `--help`."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diurna.cli_options import DEFAULT_LEDGER, Format, kind_of
from diurna.cli_rooms import Rooms
from diurna.errors import DiurnaError, StopRun

if TYPE_CHECKING:
    from diurna.cli_code import Job
    from diurna.intake.items import Intake
    from diurna.settings import Settings


class Engine(StrEnum):
    """Where `diurna code` codes."""

    local = "local"
    dask = "dask"


app = typer.Typer(
    name="diurna",
    cls=Rooms,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads news reports and keeps a ledger of political events: who did what to whom, when, where, on whose word.",
    epilog="Example: diurna code report.txt --published 2018-06-14 --ledger diurna.duckdb",
)


def _version(show: bool) -> None:
    if show:
        try:
            typer.echo(f"diurna {metadata.version('diurna')}")
        except metadata.PackageNotFoundError:
            typer.echo("diurna (from source)")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Options that hold for no command in particular."""


@app.command(epilog="Example: diurna code reports/ export.jsonl --format csv -o events.csv --ledger diurna.duckdb")
def code(
    paths: Annotated[
        list[str], typer.Argument(help="Text, HTML, JSONL, JSON, CSV or Parquet files, folders, or - for standard input.")
    ],
    published: Annotated[str, typer.Option(metavar="DATE", help="Day of publication; wins over what files say.")] = "",
    format_: Annotated[Format | None, typer.Option("--format", help="Default: by the name of -o, else table.")] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", help="File for the events; standard output by default.")] = None,
    ledger: Annotated[Path | None, typer.Option(help="Ledger to store in; made on first use.")] = None,
    skipped: Annotated[Path | None, typer.Option(help="File for what could not be coded (JSONL: source, reason).")] = None,
    text_column: Annotated[str, typer.Option(help="Column with the report's words.")] = "text",
    id_column: Annotated[str, typer.Option(help="Column with your own id.")] = "id",
    title_column: Annotated[str, typer.Option(help="Column with the headline.")] = "title",
    url_column: Annotated[str, typer.Option(help="Column with the web address.")] = "url",
    publisher_column: Annotated[str, typer.Option(help="Column with the outlet.")] = "publisher",
    published_column: Annotated[str, typer.Option(help="Column with the day of publication.")] = "published",
    pipeline: Annotated[str | None, typer.Option(help="An installed spaCy English pipeline.")] = None,
    tables: Annotated[Path | None, typer.Option(help="Folder with your own tables, read after the built-in ones.")] = None,
    actors: Annotated[
        list[Path] | None,
        typer.Option(help="File with your own actors, which win: CSV, TSV, or PETRARCH/TABARI/Phoenix dictionary; repeatable."),
    ] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Do not ask the learned second opinion.")] = False,
    reader: Annotated[Path | None, typer.Option(help="Folder of another trained model than the shipped one.")] = None,
    min_confidence: Annotated[float | None, typer.Option(min=0, max=1, help="Leave out events below this.")] = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes to code with; all cores by default.")] = None,
    unordered: Annotated[bool, typer.Option("--unordered", help="Write results as they are ready, not in input order.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped: skip what is done.")] = False,
    gate: Annotated[bool | None, typer.Option("--gate/--no-gate", help="Parse no text that can hold no event.")] = None,
    article_seconds: Annotated[float | None, typer.Option(min=0, help="Most seconds an article may take.")] = None,
    engine: Annotated[
        Engine, typer.Option(help="dask: a cluster codes the files into the folder -o (docs/scale.md).")
    ] = Engine.local,
    scheduler: Annotated[str, typer.Option(metavar="ADDRESS", help="Dask scheduler; a cluster on this machine if none.")] = "",
) -> None:
    """Code reports into events; print them, and store them in a ledger."""
    from diurna.intake.items import Columns, Intake
    from diurna.settings import load_settings

    columns = Columns(text_column, id_column, title_column, url_column, publisher_column, published=published_column)
    intake = Intake(columns, _day(published))
    model = False if no_model else None
    settings = load_settings(
        pipeline=pipeline, tables=tables, actors=tuple(actors) if actors else None, model=model, reader=reader,
        min_confidence=min_confidence, workers=workers, article_seconds=article_seconds, gate=gate,
    )  # fmt: skip
    if engine is Engine.dask:
        from diurna.cli_cluster import code_archive

        if ledger is not None:
            raise StopRun(f"--engine dask writes parts; bring them in afterwards: diurna ledger merge FOLDER --ledger {ledger}")
        code_archive(paths, output, settings, intake, scheduler, skipped)
        return
    file = Path(output) if output is not None else None
    job = _job(paths, settings, kind_of(format_, file), file, ledger, resume)
    if job is not None:
        _code(paths, intake, settings, job, skipped, ordered=not unordered)


@app.command(epilog="Example: diurna explain 3f9a12c0 --ledger diurna.duckdb")
def explain(
    event_id: Annotated[str, typer.Argument(help="Id of an event, or its beginning, as in the first column of the table.")],
    ledger: Annotated[Path, typer.Option(help="Ledger that holds it.")] = DEFAULT_LEDGER,
) -> None:
    """Say why an event stands in the ledger: sentence, trigger, participants, rules and versions."""
    from diurna.events.opinion import load_opinion
    from diurna.exports.screen import explanation
    from diurna.exports.writers import screen
    from diurna.ledger import Ledger, queries

    with Ledger(ledger, read_only=True) as store:
        found = queries.find_event(store, event_id)
    alike: list[tuple[str, str, float]] = []
    if found.event.mentions and (model := load_opinion()):
        mention = found.event.mentions[0]
        start, end = mention.sentence_span
        triggers = [(a - start, b - start) for a, b in mention.trigger_spans]
        alike = model.neighbours(found.article.text[start:end], triggers)
    screen().print(explanation(found.event, found.article, found.versions, alike))


@app.command("join", epilog="Example: diurna join --ledger diurna.duckdb")
def join_reports(ledger: Annotated[Path, typer.Option(help="Ledger whose reports are joined.")] = DEFAULT_LEDGER) -> None:
    """Find in a ledger which reports tell the same event, and join threads over all articles."""
    from diurna.ledger import Ledger
    from diurna.ledger.join import join

    if not ledger.is_file():
        raise StopRun(f"{ledger}: no such ledger; make one: diurna code REPORT.txt --ledger {ledger}")
    with Ledger(ledger) as store:
        done = join(store)
    typer.echo(
        f"{ledger}: {done.reports} reports in {done.articles} articles ({done.copied} copies) tell {done.events} events; "
        f"{done.threads} threads"
    )


@app.command(epilog="Example: diurna demo --ledger diurna.duckdb")
def demo(
    ledger: Annotated[Path, typer.Option(help="Ledger to store in.")] = DEFAULT_LEDGER,
) -> None:
    """Code the sample reports that ship with Diurna, and say what to type next."""
    from diurna.cli_code import Job
    from diurna.intake.items import Intake
    from diurna.ledger import Ledger, queries
    from diurna.settings import load_settings

    samples = Path(__file__).parent / "data" / "samples"
    _code([str(samples)], Intake(), load_settings(), Job("table", ledger=ledger))
    with Ledger(ledger, read_only=True) as store:
        events = queries.events(store)
        totals = queries.counts(store)
    first = next((event.id for event in events if event.recipients), events[0].id if events else "EVENT_ID")
    typer.echo(f"{ledger} holds {totals['articles']} reports, {totals['events']} events and {totals['quotes']} quotations. Next:")
    me = _program()
    typer.echo(f"  {me} explain {first.split('-', 1)[-1][:8]} --ledger {ledger}    why this event stands there")
    typer.echo(f"  {me} code REPORT.txt --published 2024-05-31 --ledger {ledger}    your own report")
    typer.echo(f"  {me} code --help    files, folders, JSONL, CSV, Parquet, pipes")


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # Names of people and places must print wherever the locale is plain ASCII.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except StopRun as error:
        typer.echo(f"diurna: {error}", err=True)
        sys.exit(2)
    except DiurnaError as error:
        typer.echo(f"diurna: {error}", err=True)
        sys.exit(1)


def _job(paths: list[str], settings: Settings, kind: str, output: Path | None, ledger: Path | None, resume: bool) -> Job | None:
    """Return where results go; None when there is nothing left to go on with."""
    from diurna.batch.output import RESUMABLE, can_resume
    from diurna.cli_code import Job
    from diurna.intake.extent import count_reports

    if resume and output is None and ledger is None:
        raise StopRun("--resume needs -o FILE or --ledger FILE: what was printed on a screen cannot be gone on with")
    if resume and output is not None and kind not in RESUMABLE:
        raise StopRun(f"--resume cannot go on with a {kind}; use --format jsonl, csv or parquet")
    if resume and output is not None and output.is_file() and not can_resume(output):
        typer.echo(f"diurna: {output} is complete; without --resume it is coded anew", err=True)
        return None
    if output is not None and not resume and can_resume(output):
        typer.echo(f"note: begins anew; --resume would go on with {output}.part", err=True)
    thresholds = {"min_confidence": settings.min_confidence, "max_chars": settings.max_chars}
    return Job(kind, output, ledger, resume, thresholds, lambda: count_reports(paths))


def _code(
    paths: list[str], intake: Intake, settings: Settings, job: Job, skipped: Path | None = None, ordered: bool = True
) -> None:
    from diurna.actors.base import knowledge
    from diurna.batch.solo import choose
    from diurna.cli_code import run, say_problems, write_skipped
    from diurna.intake.sources import read_articles

    say_problems(knowledge(settings.tables, settings.actors).problems)
    coder, items = choose(settings, read_articles(paths, intake), ordered)
    with coder:
        tally = run(items, coder, job)
    if skipped is not None:
        write_skipped(tally.skipped, skipped)
    if sys.stderr.isatty() or tally.stopped:
        typer.echo(tally.summary(), err=True)
    if tally.stopped:
        on = " --resume" if job.output is not None or job.ledger is not None else ""
        typer.echo(f"diurna: stopped; go on with the same command{on and ' and' + on}", err=True)
        raise typer.Exit(130)
    if not tally.articles and not tally.before:
        typer.echo("diurna: nothing could be coded", err=True)
        raise typer.Exit(1)


def _program() -> str:
    """Return what the user must type to run this program again: its name when it is on the path, else where it lies."""
    here = Path(sys.argv[0])
    if here.name != "diurna":
        return "python -m diurna"
    on_path = shutil.which("diurna")
    return "diurna" if on_path and Path(on_path).resolve() == here.resolve() else os.path.relpath(here)


def _day(words: str) -> str:
    from diurna.intake.dates import parse_date

    if not words:
        return ""
    day, why = parse_date(words, date.today())
    if not day:
        raise StopRun(f"--published {words}: {why}")
    return day


if __name__ == "__main__":
    main()
