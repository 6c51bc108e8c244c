"""Where coded events go: one writer a format, each fed result by result so that a run of any length fits in memory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console

from diurna.errors import StopRun
from diurna.exports import tabular
from diurna.ledger import layout
from diurna.records import Result

FORMATS = ("table", "jsonl", "csv", "parquet")
_ROWS_AT_ONCE = 5000
_WIDTH_IN_A_FILE = 160


def screen() -> Console:
    """Return the console on standard output: as wide as the terminal, or wide enough to read when there is none."""
    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_IN_A_FILE
    return Console(width=wide)


class Writer(Protocol):
    """Takes results one by one."""

    def write(self, result: Result) -> None:
        """Write the events of one result."""

    def flush(self) -> None:
        """Hand everything written so far to the file."""

    def close(self) -> None:
        """Write what is left."""


@contextmanager
def open_writer(kind: str, path: Path | None, console: Console | None = None, append: bool = False) -> Iterator[Writer]:
    """Open a writer of one of `FORMATS` on a file, or on standard output when there is no path.

    Args:
        kind: the format, or "arrow": the rows of a Parquet file to be (see `arrow_to_parquet`), in a form that can be added to.
        path: the file, overwritten when it exists.
        console: where tables go when there is no path; shared with a progress bar, so that neither breaks the other.
        append: write on at the end of the file; not for Parquet and the screen's table.

    Raises:
        StopRun: the file cannot be written, or Parquet was asked for on a terminal.
    """
    if kind == "parquet" and path is None and sys.stdout.isatty():
        raise StopRun("Parquet is no text for a terminal; name a file: -o events.parquet")
    stream: IO[Any] | None = None
    try:
        if path is not None:
            way = "a" if append else "w"
            stream = path.open(way + "b") if kind in ("parquet", "arrow") else path.open(way, encoding="utf-8", newline="")
    except OSError as error:
        raise StopRun(f"{path}: cannot be written ({error.strerror}); check folder and permissions") from error
    writer = _writer(kind, stream, console, header=not (append and stream is not None and stream.tell()))
    try:
        try:
            yield writer
            writer.close()
        finally:
            if stream is not None:
                stream.close()
    except OSError as error:
        if path is None:
            raise
        raise StopRun(f"{path}: cannot be written ({error.strerror}); check space") from error


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


def _writer(kind: str, stream: IO[Any] | None, console: Console | None, header: bool) -> Writer:
    if kind == "arrow" and stream is not None:
        return _Arrow(stream)
    if kind == "parquet":
        return _Parquet(stream or sys.stdout.buffer)
    if kind == "csv":
        return _Csv(stream or sys.stdout, header)
    return _Jsonl(stream or sys.stdout) if kind == "jsonl" else _Screen(stream, console)


class _Jsonl:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, result: Result) -> None:
        self._stream.write(tabular.json_lines(result))

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class _Csv:
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


class _Parquet:
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


class _Arrow:
    """Each flush adds one whole Arrow stream, so that the file can be cut off behind any of them and added to."""

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


class _Screen:
    def __init__(self, stream: IO[str] | None, console: Console | None) -> None:
        self._console = Console(file=stream, width=_WIDTH_IN_A_FILE) if stream else console or screen()

    def write(self, result: Result) -> None:
        from diurna.exports.screen import events_table

        if result.events:
            self._console.print(events_table(result))

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass
