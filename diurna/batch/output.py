"""The file of a run: written beside its name, committed in steps, whole or absent, and open to be gone on with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from diurna.batch.journal import Journal, journal_of, part_of
from diurna.errors import SkipItem, StopRun
from diurna.exports.writers import Writer, open_writer
from diurna.records import Article, Result

RESUMABLE = ("jsonl", "csv", "parquet")


class Output:
    """Where results go: a file in the making with its journal, or a stream that cannot be gone on with.

    whole: whether the run came to its end. holds: whether it, or the run that it goes on with, coded anything.
    """

    def __init__(self, writer: Writer, journal: Journal | None = None) -> None:
        self.writer, self.journal = writer, journal
        self.whole = False
        self.holds = journal is not None and bool(journal.done)
        self._events = 0

    def covers(self, article: Article) -> bool:
        """Tell whether a former run wrote this article."""
        return self.journal is not None and self.journal.is_done(article)

    def write(self, result: Result) -> None:
        """Write the events of one result; they count with the next commit."""
        self.holds = True
        self.writer.write(result)
        self._events += len(result.events)
        if self.journal is not None:
            self.journal.add(result.article)

    def skip(self, item: SkipItem) -> None:
        """Note an article that could not be coded."""
        if self.journal is not None and item.article:
            self.journal.add_skipped(item)

    def commit(self) -> None:
        """Make sure that what was written stays, whatever happens next."""
        if self.journal is not None:
            self.writer.flush()
            self.journal.commit(self._events)
            self._events = 0


@contextmanager
def open_output(
    kind: str, path: Path | None, head: Mapping[str, object], resume: bool = False, console: Console | None = None
) -> Iterator[Output]:
    """Open the output of a run. Its file gets its name only when `Output.whole` was set; else part and journal stay.

    Where nothing could be coded, the file stays as it was before.

    Args:
        kind: one of `diurna.exports.writers.FORMATS`.
        path: the file; standard output when None. A pipe or device is written as it is.
        head: what makes the results; a resumed run must have the same.
        resume: go on with the part file that a former run left.
        console: see `open_writer`.

    Raises:
        StopRun: the file cannot be written, or not be gone on with.
    """
    if path is None or (path.exists() and not path.is_file()):
        with open_writer(kind, path, console) as writer:
            yield Output(writer)
        return
    part = part_of(path)
    if kind not in RESUMABLE:
        with open_writer(kind, part, console) as writer:
            output = Output(writer)
            yield output
        if output.holds:
            _name(part, path)
        else:
            part.unlink()
        return
    if not path.parent.is_dir():
        raise StopRun(f"{path}: cannot be written (no folder {path.parent}); make it first")
    try:
        journal = Journal(part, {**head, "format": kind}, resume)
        with open_writer("arrow" if kind == "parquet" else kind, part, console, append=True) as writer:
            output = Output(writer, journal)
            yield output
    except OSError as error:
        raise StopRun(f"{path}: cannot be written ({error.strerror}); check folder, space and permissions") from error
    if output.whole and output.holds:
        _finish(kind, part, path, journal)
    elif output.whole:
        part.unlink()
        journal.drop()


def can_resume(path: Path) -> bool:
    """Tell whether a former run left a part of this file with its journal."""
    return journal_of(part_of(path)).is_file()


def _finish(kind: str, part: Path, path: Path, journal: Journal) -> None:
    if kind == "parquet":
        from diurna.exports.files import arrow_to_parquet

        made = path.with_name(path.name + ".making")
        arrow_to_parquet(part, made)
        _name(made, path)
        part.unlink()
    else:
        _name(part, path)
    journal.drop()


def _name(part: Path, path: Path) -> None:
    """Give a whole file its name; readers see the old file or the new one, never half of either."""
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    os.replace(part, path)
