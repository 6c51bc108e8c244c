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
from diurna.records import Result

FORMATS = ("table", "jsonl", "csv", "parquet")
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
        kind: the format, or "arrow": rows for `files.arrow_to_parquet`, in a form that can be added to.
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


def _writer(kind: str, stream: IO[Any] | None, console: Console | None, header: bool) -> Writer:
    if kind == "table":
        return _Screen(stream, console)
    from diurna.exports import files  # loads Arrow, which the screen does without

    if kind == "arrow" and stream is not None:
        return files.Arrow(stream)
    if kind == "parquet":
        return files.Parquet(stream or sys.stdout.buffer)
    return files.Csv(stream or sys.stdout, header) if kind == "csv" else files.Jsonl(stream or sys.stdout)


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
