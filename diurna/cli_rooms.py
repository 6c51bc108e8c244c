"""The commands that live in modules of their own, loaded when one is asked for: `diurna code` waits for none of the others."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup


@dataclass(frozen=True, slots=True)
class Room:
    """Where a command is found. attribute: a function, or an application with commands of its own. example: for `--help`."""

    module: str
    attribute: str
    example: str = ""

    def command(self, name: str) -> Any:
        """Load the command."""
        found = getattr(importlib.import_module(self.module), self.attribute)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            app = typer.Typer(add_completion=False, rich_markup_mode="rich")
            app.command(name, epilog=f"Example: {self.example}")(found)
            command = typer.main.get_command(app)
        command.name = name
        return command


ROOMS = {
    "export": Room("diurna.cli_export", "export", "diurna export gdelt2 --ledger diurna.duckdb --since 2024 -o events.tsv"),
    "import": Room("diurna.cli_import", "import_events", "diurna import 20240101.export.CSV.zip --ledger diurna.duckdb"),
    "watch": Room("diurna.cli_watch", "watch", "diurna watch feeds.toml --ledger diurna.duckdb --once"),
    "report": Room("diurna.cli_report", "report", "diurna report --since 7d --actor RUS -o report.html"),
    "serve": Room("diurna.cli_serve", "serve", "diurna serve --ledger diurna.duckdb"),
    "codebook": Room("diurna.codebook", "codebook", "diurna codebook -o docs/codebook.md"),
    "events": Room(
        "diurna.cli_ask", "events", "diurna events --actor RUS --root SANCTION --since 2018 --format csv -o events.csv"
    ),
    "new": Room("diurna.cli_ask", "new", "diurna new --since 7d --party KOR"),
    "dyad": Room("diurna.cli_ask", "dyad", "diurna dyad RUS PRK --by month --plot dyad.svg"),
    "actor": Room("diurna.cli_ask", "actor", 'diurna actor "Kim Jong-il"'),
    "quotes": Room("diurna.cli_ask", "quotes", "diurna quotes --speaker Putin --since 2018"),
    "threads": Room("diurna.cli_ask", "threads", "diurna threads --actor RUS --with PRK --state open"),
    "sql": Room("diurna.cli_ask", "sql", 'diurna sql "SELECT event, count(*) FROM current_events GROUP BY event"'),
    "evaluate": Room("diurna.evaluate.commands", "evaluate_app"),
    "actors": Room("diurna.actors.commands", "actors_app"),
    "judge": Room("diurna.cli_judge", "judge_app"),
    "gold": Room("diurna.cli_judge", "gold_app"),
    "ledger": Room("diurna.cli_ledger", "ledger_app"),
}


class Rooms(TyperGroup):
    """The commands of an application, and those of `ROOMS`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands, in the order of the help text."""
        return [*super().list_commands(ctx), *ROOMS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, loaded if need be."""
        room = ROOMS.get(cmd_name)
        return room.command(cmd_name) if room is not None else super().get_command(ctx, cmd_name)
