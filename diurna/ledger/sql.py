"""Free SQL over a ledger that can do nothing but read it.

The database is opened read-only with no way to other files, to the network, to extensions or to the variables of the program;
the configuration is locked; and only one SELECT (or EXPLAIN, SHOW, DESCRIBE) is let through, so that nothing changes the session.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from diurna.errors import StopRun
from diurna.ledger.store import Config, Ledger

LOCKED: Config = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
_AT_ONCE = 10_000
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


def select(path: Path, query: str, limit: int | None = None) -> pa.Table:
    """Return the answer to one SQL query as an Arrow table.

    Args:
        path: the ledger.
        query: one statement; the tables are described in docs/questions.md.
        limit: at most so many rows; no more are fetched.

    Raises:
        StopRun: no ledger, more than one statement, a statement that does more than read, or SQL that DuckDB refuses.
    """
    with Ledger(path, read_only=True, config=LOCKED) as ledger:
        return _legible(_distinct(_answer(ledger.con, query, limit)))


def _answer(con: duckdb.DuckDBPyConnection, query: str, limit: int | None) -> pa.Table:
    try:
        con.execute("SET lock_configuration = true")
        statements = con.extract_statements(query)
        if len(statements) != 1 or statements[0].type not in _READING:
            raise StopRun(f"diurna sql takes one SELECT; it reads and does nothing else{_instead(query)}")
        if statements[0].type == duckdb.StatementType.EXPLAIN and "analyze" in query.lower():
            raise StopRun("diurna sql explains without ANALYZE; leave it out")
        found: Any = con.sql(query)
        return found.to_arrow_table() if limit is None else _first(found.to_arrow_reader(_AT_ONCE), limit)
    except duckdb.Error as error:
        raise StopRun(" ".join(str(error).split("\n\n")[0].split())[:300]) from error


def _instead(query: str) -> str:
    """A PIVOT alone makes a type of the values that it finds; with its values named it only reads."""
    return "; write FROM … PIVOT (count(*) FOR column IN ('a', 'b'))" if "PIVOT" in query.upper() else ""


def _first(reader: pa.RecordBatchReader, limit: int) -> pa.Table:
    batches: list[pa.RecordBatch] = []
    while sum(batch.num_rows for batch in batches) < limit:
        try:
            batches.append(reader.read_next_batch())
        except StopIteration:
            break
    return pa.Table.from_batches(batches, reader.schema).slice(0, limit)


def _legible(table: pa.Table) -> pa.Table:
    """Return the table with DuckDB's words for what Python has none for: intervals, and days beyond its calendar (infinity,
    the year 20000); their whole columns are."""
    for place, column in enumerate(table.columns):
        if not _has(column.type, _is_interval) and (not _has(column.type, _is_day) or _in_calendar(column)):
            continue
        with duckdb.connect() as con:
            con.register("found", pa.table({"days": column}))
            words: Any = con.sql("SELECT days::VARCHAR AS days FROM found")
            table = table.set_column(place, table.column_names[place], words.to_arrow_table()["days"])
    return table


def _has(kind: pa.DataType, wanted: Callable[[pa.DataType], bool]) -> bool:
    """Tell whether a type, or one inside it, is of the kind wanted."""
    return wanted(kind) or any(_has(kind.field(number).type, wanted) for number in range(kind.num_fields))


def _is_day(kind: pa.DataType) -> bool:
    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def _is_interval(kind: pa.DataType) -> bool:
    return bool(pa.types.is_interval(kind) or pa.types.is_duration(kind))


def _in_calendar(column: pa.ChunkedArray) -> bool:
    try:
        if column.type.num_fields:
            column.to_pylist()
        else:
            pc.min_max(column).as_py()
    except (OverflowError, ValueError):
        return False
    return True


def _distinct(table: pa.Table) -> pa.Table:
    """Return the table with a number behind a column's name that stood before it already: rows are read by name."""
    seen: dict[str, int] = {}
    names = []
    for name in table.column_names:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return table.rename_columns(names)
