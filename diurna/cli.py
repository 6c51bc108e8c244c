"""The command line: thin commands over importable functions. spaCy is loaded by the commands that need it, never by `--help`."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diurna.cli_ask import DEFAULT_LEDGER, Format, add_to, kind_of
from diurna.codebook import codebook
from diurna.errors import DiurnaError, StopRun

if TYPE_CHECKING:
    from diurna.intake.items import Intake
    from diurna.settings import Settings

app = typer.Typer(
    name="diurna",
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
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File for the events; standard output by default.")
    ] = None,
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
    no_model: Annotated[bool, typer.Option("--no-model", help="Do not ask the learned second opinion.")] = False,
    reader: Annotated[Path | None, typer.Option(help="Folder of another trained model than the shipped one.")] = None,
    min_confidence: Annotated[float | None, typer.Option(min=0, max=1, help="Leave out events below this.")] = None,
) -> None:
    """Code reports into events; print them, and store them in a ledger."""
    from diurna.intake.items import Columns, Intake
    from diurna.settings import load_settings

    columns = Columns(text_column, id_column, title_column, url_column, publisher_column, published=published_column)
    intake = Intake(columns, _day(published))
    model = False if no_model else None
    settings = load_settings(pipeline=pipeline, tables=tables, model=model, reader=reader, min_confidence=min_confidence)
    _code(paths, intake, settings, kind_of(format_, output), output, ledger, skipped)


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
    model, mention = load_opinion(), found.event.mentions[0]
    start, end = mention.sentence_span
    triggers = [(a - start, b - start) for a, b in mention.trigger_spans]
    alike = model.neighbours(found.article.text[start:end], triggers) if model else []
    screen().print(explanation(found.event, found.article, found.versions, alike))


@app.command(epilog="Example: diurna demo --ledger diurna.duckdb")
def demo(
    ledger: Annotated[Path, typer.Option(help="Ledger to store in.")] = DEFAULT_LEDGER,
) -> None:
    """Code the sample reports that ship with Diurna, and say what to type next."""
    from diurna.intake.items import Intake
    from diurna.ledger import Ledger, queries
    from diurna.settings import load_settings

    samples = Path(__file__).parent / "data" / "samples"
    _code([str(samples)], Intake(), load_settings(), "table", None, ledger, None)
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


def _code(
    paths: list[str],
    intake: Intake,
    settings: Settings,
    kind: str,
    output: Path | None,
    ledger: Path | None,
    skipped: Path | None,
) -> None:
    from diurna.cli_code import run, write_skipped
    from diurna.coder import Coder
    from diurna.intake.sources import read_articles

    tally = run(read_articles(paths, intake), Coder(settings), kind, output, ledger)
    if skipped is not None:
        write_skipped(tally.skipped, skipped)
    if sys.stderr.isatty():
        typer.echo(tally.summary(), err=True)
    if not tally.articles:
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


def _mount(name: str, module: str, attribute: str) -> None:
    """Add the commands of a room; its module must not import spaCy before a command runs."""
    try:
        app.add_typer(getattr(importlib.import_module(module), attribute), name=name)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise


app.command(epilog="Example: diurna codebook -o docs/codebook.md")(codebook)
add_to(app)
_mount("evaluate", "diurna.evaluate.commands", "evaluate_app")
_mount("actors", "diurna.actors.commands", "actors_app")


if __name__ == "__main__":
    main()
