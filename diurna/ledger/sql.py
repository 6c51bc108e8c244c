"""Free SQL over a ledger that can do nothing but read it.

The database is opened read-only with no way to other files, to the network, to extensions or to the variables of the program;
the configuration is locked; and only one SELECT (or EXPLAIN, SHOW, DESCRIBE) is let through, so that nothing changes the session.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

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
_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


def select(path: Path, query: str, limit: int | None = None) -> pa.Table:
    """Return the answer to one SQL query as an Arrow table.

    Args:
        path: the ledger.
        query: one statement; the tables are described in docs/questions.md.
        limit: at most so many rows.

    Raises:
        StopRun: no ledger, more than one statement, a statement that does more than read, or SQL that DuckDB refuses.
    """
    with Ledger(path, read_only=True, config=LOCKED) as ledger:
        table = _answer(ledger.con, query)
    return table if limit is None else table.slice(0, limit)


def _answer(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    try:
        con.execute("SET lock_configuration = true")
        statements = con.extract_statements(query)
        if len(statements) != 1 or statements[0].type not in _READING:
            raise StopRun("diurna sql takes one SELECT; it reads and does nothing else")
        if statements[0].type == duckdb.StatementType.EXPLAIN and "analyze" in query.lower():
            raise StopRun("diurna sql explains without ANALYZE; leave it out")
        found: Any = con.sql(query)
        return _distinct(found.to_arrow_table())
    except duckdb.Error as error:
        raise StopRun(" ".join(str(error).split("\n\n")[0].split())[:300]) from error


def _distinct(table: pa.Table) -> pa.Table:
    """Return the table with a number behind a column's name that stood before it already: rows are read by name."""
    seen: dict[str, int] = {}
    names = []
    for name in table.column_names:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return table.rename_columns(names)
