"""Options that several commands share: the ledger, formats and files of answers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_LEDGER = Path("diurna.duckdb")
DEFAULT_LIMIT = 50


class Format(StrEnum):
    """Output formats of questions and of `diurna code`."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"


LedgerOption = Annotated[Path, typer.Option("--ledger", help="The ledger.")]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Default: by the name of -o, else table.")]
OutputOption = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; standard output by default.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=0, help=f"At most so many rows; default {DEFAULT_LIMIT} for a table, else all.")
]


def kind_of(chosen: Format | None, output: Path | None) -> str:
    """Return the format that was chosen, or that the name of the file tells; a table else."""
    if chosen is not None:
        return chosen.value
    by_name = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}
    return by_name.get(output.suffix.lower(), "table") if output is not None else "table"
