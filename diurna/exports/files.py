"""Events as rows of a file, fed result by result: JSON Lines, CSV, Parquet, and Arrow streams that become Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from diurna.exports import tabular
from diurna.ledger import layout
from diurna.records import Result

_ROWS_AT_ONCE = 5000


def arrow_to_parquet(source: Path, target: Path) -> None:
    """Make a Parquet file of the rows that an "arrow" writer wrote, a few thousand in memory at a time."""
    with pq.ParquetWriter(target, tabular.FLAT, compression="zstd") as writer, source.open("rb") as stream:
        size = source.stat().st_size
        tables: list[pa.Table] = []
        while stream.tell() < size:
            tables.append(pa.ipc.open_stream(stream).read_all())
            if sum(len(table) for table in tables) >= _ROWS_AT_ONCE:
                writer.write_table(pa.concat_tables(tables))
                tables = []
        if tables:
            writer.write_table(pa.concat_tables(tables))


class Jsonl:
    """One line of JSON an event."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, result: Result) -> None:
        self._stream.write(tabular.json_lines(result))

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class Csv:
    """One line an event, a header first."""

    def __init__(self, stream: IO[str], header: bool) -> None:
        self._stream = stream
        if header:
            self._stream.write(tabular.csv_lines([], header=True))

    def write(self, result: Result) -> None:
        self._stream.write(tabular.csv_lines(tabular.event_rows(result)))

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class Parquet:
    """Rows in groups, readable when it is closed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._writer = pq.ParquetWriter(stream, tabular.FLAT, compression="zstd")
        self._rows: list[layout.Row] = []

    def write(self, result: Result) -> None:
        self._rows += tabular.event_rows(result)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._write_rows()

    def flush(self) -> None:
        """Do nothing: small row groups make a slow file, and without its foot no part of it can be read anyway."""

    def close(self) -> None:
        self._write_rows()
        self._writer.close()

    def _write_rows(self) -> None:
        self._writer.write_table(layout.table(self._rows, tabular.FLAT))
        self._rows = []


class Arrow:
    """Rows of a Parquet file to be: each flush adds a whole Arrow stream, so that the file can be cut off behind any of them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._rows: list[layout.Row] = []

    def write(self, result: Result) -> None:
        self._rows += tabular.event_rows(result)

    def flush(self) -> None:
        if self._rows:
            with pa.ipc.new_stream(self._stream, tabular.FLAT) as writer:
                writer.write_table(layout.table(self._rows, tabular.FLAT))
        self._rows = []
        self._stream.flush()

    def close(self) -> None:
        self.flush()
