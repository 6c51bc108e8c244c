"""`diurna actors`: look a mention up, show an entity's spells, check the tables, import dictionaries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from diurna.actors.base import Entry, KnowledgeBase, knowledge
from diurna.actors.judgement import Resolution
from diurna.actors.keys import key
from diurna.actors.own import OWN_COLUMNS, OWN_SUFFIXES, Codes, OwnRow, conflicts, read_own
from diurna.actors.resolve import Resolver
from diurna.actors.wikidata import Builder, write_table, write_tables
from diurna.actors.words import entity_tables
from diurna.errors import DiurnaError, StopRun, TableError

actors_app = typer.Typer(help="Look up, check and import actors.", no_args_is_help=True)

TablesOption = Annotated[Path | None, typer.Option("--tables", help="Folder with your own tables.")]
ActorsOption = Annotated[list[Path] | None, typer.Option("--actors", help="File with your own actors; repeatable.")]
DateOption = Annotated[str | None, typer.Option("--date", help="Day of the event, YYYY-MM-DD; default today.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def resolve_mention(
    mention: str, when: str | None = None, tables: Path | None = None, own: tuple[Path, ...] = ()
) -> Resolution | None:
    """Return who a mention stands for on a day.

    Raises:
        StopRun: the date cannot be read.
    """
    try:
        day = date.fromisoformat(when) if when else date.today()
    except ValueError as error:
        raise StopRun(f"cannot read the date {when!r}; write it as YYYY-MM-DD") from error
    return Resolver(tables, own).resolve(mention, day)


def entries_of(name: str, tables: Path | None = None, own: tuple[Path, ...] = ()) -> list[Entry]:
    """Return every spell of the entities that a name may stand for, oldest first."""
    base = knowledge(tables, own)
    senses = base.senses(key(name)) or base.family.get(key(name), []) or base.similar(key(name))
    found = {entry: None for sense in senses for entry in sense.entries}
    return sorted(found, key=lambda e: (e.name, e.start or date.min))


def file_problems(files: Sequence[Path]) -> list[str]:
    """Return what is wrong in files of a user's own actors, or in those of folders, by file and line; the rest goes on."""
    rows: list[OwnRow] = []
    problems: list[str] = []
    for file in files:
        if file.is_dir() and not _files_in(file):
            problems.append(f"{file}: no {', '.join(OWN_SUFFIXES)} file in this folder; name files of actors")
        for each in _files_in(file) if file.is_dir() else [file]:
            try:
                own = read_own([each])
            except DiurnaError as error:
                problems.append(str(error))
                continue
            rows += own.rows
            problems += map(str, own.problems)
    return [*problems, *map(str, conflicts(rows))]


def _files_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in OWN_SUFFIXES and file.is_file())


def problems_of(tables: Path | None = None) -> Iterator[str]:
    """Yield what is wrong in the tables: unreadable days, unknown codes, spells that end before they start, names claimed twice.

    Raises:
        StopRun: the folder holds no tables of actors.
    """
    if tables is not None:
        yield from _problems_of_folder(tables / "actors")
    codes = Codes()
    try:
        base = knowledge(tables)
    except TableError as error:  # without its tables nothing else can be said of them
        yield str(error)
        return
    yield from map(str, base.problems)
    for row in (row for table in (*entity_tables("person"), *entity_tables("body")) for row in _rows(base, table)):
        where = f"{row.origin}:{row.line}: {row.name}"
        if problem := codes.problem(row.country, row.sectors):
            yield f"{where}: {problem}"
        if row.start and row.end and row.end < row.start:
            yield f"{where}: ends {row.end} before it starts {row.start}"


def _problems_of_folder(folder: Path) -> list[str]:
    """Return what is wrong in a user's own tables taken together."""
    known = {table for kind in ("person", "body") for table in entity_tables(kind)}
    files = sorted(file for file in folder.glob("*.tsv") if file.name in known)
    if not files:
        raise StopRun(
            f"{folder}: no tables of actors there; a folder for --tables has them in actors/: {', '.join(sorted(known))}"
        )
    return file_problems(files)


def _rows(base: KnowledgeBase, table: str) -> list[Entry]:
    found = {e: None for senses in base.lexicon.values() for sense in senses for e in sense.entries if e.origin == table}
    return list(found)


@actors_app.command(epilog='Example: diurna actors resolve "Turkey\'s foreign minister" --date 2010-05-01')
def resolve(
    mention: str,
    when: DateOption = None,
    tables: TablesOption = None,
    actors: ActorsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who a mention stands for on a day, and by which row or rule."""
    found = resolve_mention(mention, when, tables, tuple(actors or ()))
    if as_json:
        typer.echo(json.dumps(asdict(found) if found else None, ensure_ascii=False))
        return
    if found is None:
        typer.echo("nobody known")
        raise typer.Exit(1)
    role = " ".join((found.country or "-", *found.sectors))
    typer.echo(f"{found.name}  {role}  {found.office}\n{found.resolved_by}  (confidence {found.confidence:.2f})")


@actors_app.command(epilog="Example: diurna actors show Merkel")
def show(name: str, tables: TablesOption = None, actors: ActorsOption = None) -> None:
    """Show the spells of everyone a name may stand for."""
    entries = entries_of(name, tables, tuple(actors or ()))
    for entry in entries:
        cells = (entry.name, entry.country, "|".join(entry.sectors), entry.spell(), entry.office, entry.origin, entry.wikidata)
        typer.echo("\t".join(cells))
    if not entries:
        typer.echo(f"no entry for {name!r}")
        raise typer.Exit(1)


@actors_app.command(epilog="Example: diurna actors check mine.csv Phoenix.Countries.actors.txt")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files for --actors, or folders of them; the built-in tables when none.")
    ] = None,
    tables: TablesOption = None,
) -> None:
    """Check files of actors, or the actor tables; each problem is one line with file and line."""
    problems = file_problems(files) if files else list(problems_of(tables))
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{len(problems)} problems", err=True)
    if problems:
        raise typer.Exit(1)


@actors_app.command("import", epilog="Example: diurna actors import Phoenix.Countries.actors.txt -o mine.tsv")
def import_(files: list[Path], output: Annotated[Path, typer.Option("-o", "--output", help="TSV file to write.")]) -> None:
    """Turn dictionaries into one table that you can edit, for --actors."""
    own = read_own(files)
    for problem in own.problems:
        typer.echo(str(problem), err=True)
    write_table(output, OWN_COLUMNS, [tuple(row.cells()) for row in own.rows])
    typer.echo(f"{len(own.rows)} rows written to {output}; {len(own.problems)} lines could not be read")


@actors_app.command(epilog="Example: diurna actors build latest-all.json.gz --into my-tables")
def build(
    source: Annotated[Path, typer.Argument(help="Wikidata JSON dump (.json, .gz, .bz2) or query result (.json, .csv).")],
    into: Annotated[Path, typer.Option("--into", help="Folder of tables to write to, for --tables.")],
) -> None:
    """Refresh leaders, ministers and organisations from Wikidata on disk, with the columns of the tables."""
    built = Builder().build(source)
    for problem in built.problems:
        typer.echo(str(problem), err=True)
    for table, count in sorted(write_tables(built, into).items()):
        typer.echo(f"{count} rows in {into / 'actors' / table}")
