"""Where coded events go: one writer a format, each fed result by result so that a run of any length fits in memory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

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

    def close(self) -> None:
        """Write what is left."""


@contextmanager
def open_writer(kind: str, path: Path | None, console: Console | None = None) -> Iterator[Writer]:
    """Open a writer of one of `FORMATS` on a file, or on standard output when there is no path.

    Args:
        kind: the format.
        path: the file, overwritten when it exists.
        console: where tables go when there is no path; shared with a progress bar, so that neither breaks the other.

    Raises:
        StopRun: the file cannot be written, or Parquet was asked for on a terminal.
    """
    if kind == "parquet" and path is None and sys.stdout.isatty():
        raise StopRun("Parquet is no text for a terminal; name a file: -o events.parquet")
    stream: IO[Any] | None = None
    try:
        if path is not None:
            stream = path.open("wb") if kind == "parquet" else path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise StopRun(f"{path}: cannot be written ({error.strerror}); check folder and permissions") from error
    writer = _writer(kind, stream, console)
    try:
        yield writer
        writer.close()
    finally:
        if stream is not None:
            stream.close()


def _writer(kind: str, stream: IO[Any] | None, console: Console | None) -> Writer:
    if kind == "parquet":
        return _Parquet(stream or sys.stdout.buffer)
    if kind == "csv":
        return _Csv(stream or sys.stdout)
    return _Jsonl(stream or sys.stdout) if kind == "jsonl" else _Screen(stream, console)


class _Jsonl:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, result: Result) -> None:
        self._stream.write(tabular.json_lines(result))

    def close(self) -> None:
        self._stream.flush()


class _Csv:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._stream.write(tabular.csv_lines([], header=True))

    def write(self, result: Result) -> None:
        self._stream.write(tabular.csv_lines(tabular.event_rows(result)))

    def close(self) -> None:
        self._stream.flush()


class _Parquet:
    def __init__(self, stream: IO[bytes]) -> None:
        import pyarrow.parquet as pq

        self._writer = pq.ParquetWriter(stream, tabular.FLAT, compression="zstd")
        self._rows: list[layout.Row] = []

    def write(self, result: Result) -> None:
        self._rows += tabular.event_rows(result)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(layout.table(self._rows, tabular.FLAT))
        self._rows = []


class _Screen:
    def __init__(self, stream: IO[str] | None, console: Console | None) -> None:
        self._console = Console(file=stream, width=_WIDTH_IN_A_FILE) if stream else console or screen()

    def write(self, result: Result) -> None:
        from diurna.exports.screen import events_table

        if result.events:
            self._console.print(events_table(result))

    def close(self) -> None:
        pass
