"""The layouts of the exports: which columns, in what order, from which rule. Reviewed tables in `data/exports/`, checked here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from diurna.tables import Row, load

FORMS = ("tsv", "csv", "jsonl", "parquet", "graphml")
DYADS = ("each", "pairs", "lists")
TYPES = ("text", "integer", "long", "number", "date", "flag", "list", "record")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layout. rule: the name of the function that fills it; `empty`; or `=` and the value itself."""

    name: str
    type: str
    rule: str
    note: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout as `layouts.tsv` describes it. actual: it has no column for status, so that only what was done is written."""

    kind: str
    title: str
    form: str
    header: bool
    dyads: str
    actual: bool
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


@cache
def layouts() -> dict[str, Layout]:
    """Return all layouts by kind.

    Raises:
        TableError: a form, a way with dyads, a type or a yes/no that does not exist, or a column named twice.
    """
    rows = load("exports/layouts.tsv", ("kind", "form", "header", "dyads", "told", "columns", "title"))
    return {row["kind"]: _layout(row) for row in rows}


@cache
def columns(name: str) -> tuple[Column, ...]:
    """Return the columns of the table `exports/NAME.tsv`.

    Raises:
        TableError: as `layouts`.
    """
    found: dict[str, Column] = {}
    for row in load(f"exports/{name}.tsv", ("column", "type", "rule", "note")):
        _one_of(row, "type", TYPES)
        if not row["column"] or row["column"] in found:
            raise row.error(f"column {row['column']!r} is empty or named twice")
        if not row["rule"]:
            raise row.error(f"column {row['column']} has no rule; write empty where nothing fills it")
        if row["rule"] == "empty" and not row["note"]:
            raise row.error(f"column {row['column']} is left empty; the note must say why")
        found[row["column"]] = Column(row["column"], row["type"], row["rule"], row["note"])
    return tuple(found.values())


def _layout(row: Row) -> Layout:
    _one_of(row, "form", FORMS)
    _one_of(row, "dyads", DYADS)
    _one_of(row, "told", ("all", "actual"))
    _one_of(row, "header", ("yes", "no"))
    head = row["header"] == "yes", row["dyads"], row["told"] == "actual"
    return Layout(row["kind"], row["title"], row["form"], *head, columns(row["columns"]))


def _one_of(row: Row, column: str, allowed: Collection[str]) -> None:
    if row[column] not in allowed:
        raise row.error(f"{column} {row[column]!r}; known are {', '.join(allowed)}")
