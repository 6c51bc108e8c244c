"""`diurna actors`: look a mention up, show an entity's spells, check the tables, import dictionaries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from diurna.actors.base import BODY_TABLES, PERSON_TABLES, Entry, KnowledgeBase, knowledge
from diurna.actors.judgement import Resolution
from diurna.actors.keys import key
from diurna.actors.phoenix import import_dictionaries
from diurna.actors.resolve import Resolver
from diurna.errors import StopRun
from diurna.tables import load

actors_app = typer.Typer(help="Look up, check and import actors.", no_args_is_help=True)

TablesOption = Annotated[Path | None, typer.Option("--tables", help="Folder with your own tables.")]
DateOption = Annotated[str | None, typer.Option("--date", help="Day of the event, YYYY-MM-DD; default today.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def resolve_mention(mention: str, when: str | None = None, tables: Path | None = None) -> Resolution | None:
    """Return who a mention stands for on a day.

    Raises:
        StopRun: the date cannot be read.
    """
    try:
        day = date.fromisoformat(when) if when else date.today()
    except ValueError as error:
        raise StopRun(f"cannot read the date {when!r}; write it as YYYY-MM-DD") from error
    return Resolver(tables).resolve(mention, day)


def entries_of(name: str, tables: Path | None = None) -> list[Entry]:
    """Return every spell of the entities that a name may stand for, oldest first."""
    base = knowledge(tables)
    senses = base.senses(key(name)) or base.family.get(key(name), []) or base.similar(key(name))
    found = {entry: None for sense in senses for entry in sense.entries}
    return sorted(found, key=lambda e: (e.name, e.start or date.min))


def problems_of(tables: Path | None = None) -> Iterator[str]:
    """Yield what is wrong in the tables: codes that do not exist, spells that end before they start, nameless rows."""
    base = knowledge(tables)
    sectors = {row["sector"] for row in load("ontology/sectors.tsv", ("sector",), tables)}
    countries = set(base.countries) | {"IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM", "INT", ""}
    for row in (row for table in (*PERSON_TABLES, *BODY_TABLES) for row in _rows(base, table)):
        for sector in row.sectors:
            if sector not in sectors:
                yield f"{row.origin}: {row.name}: no sector {sector}"
        if row.country not in countries:
            yield f"{row.origin}: {row.name}: no country {row.country}"
        if row.start and row.end and row.end < row.start:
            yield f"{row.origin}: {row.name}: ends {row.end} before it starts {row.start}"


def _rows(base: KnowledgeBase, table: str) -> list[Entry]:
    found = {e: None for senses in base.lexicon.values() for sense in senses for e in sense.entries if e.origin == table}
    return list(found)


@actors_app.command(epilog='Example: diurna actors resolve "Turkey\'s foreign minister" --date 2010-05-01')
def resolve(mention: str, when: DateOption = None, tables: TablesOption = None, as_json: JsonOption = False) -> None:
    """Say who a mention stands for on a day, and by which row or rule."""
    found = resolve_mention(mention, when, tables)
    if as_json:
        typer.echo(json.dumps(asdict(found) if found else None, ensure_ascii=False))
        return
    if found is None:
        typer.echo("nobody known")
        raise typer.Exit(1)
    role = " ".join((found.country or "-", *found.sectors))
    typer.echo(f"{found.name}  {role}  {found.office}\n{found.resolved_by}  (confidence {found.confidence:.2f})")


@actors_app.command(epilog="Example: diurna actors show Merkel")
def show(name: str, tables: TablesOption = None) -> None:
    """Show the spells of everyone a name may stand for."""
    entries = entries_of(name, tables)
    for entry in entries:
        typer.echo(f"{entry.name}\t{entry.country}\t{'|'.join(entry.sectors)}\t{entry.spell()}\t{entry.office}\t{entry.origin}")
    if not entries:
        typer.echo(f"no entry for {name!r}")
        raise typer.Exit(1)


@actors_app.command(epilog="Example: diurna actors check --tables my-tables")
def check(tables: TablesOption = None) -> None:
    """Check the actor tables; each problem is one line."""
    problems = list(problems_of(tables))
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{len(problems)} problems", err=True)
    if problems:
        raise typer.Exit(1)


@actors_app.command("import", epilog="Example: diurna actors import Phoenix.Countries.actors.txt --into my-tables")
def import_(files: list[Path], into: Annotated[Path, typer.Option("--into", help="Folder of tables to write to.")]) -> None:
    """Turn PETRARCH or Phoenix actor dictionaries into tables of your own."""
    count, unreadable = import_dictionaries(files, into)
    for problem in unreadable:
        typer.echo(str(problem), err=True)
    typer.echo(f"{count} rows written to {into / 'actors'}; {len(unreadable)} lines could not be read")
