"""The work behind `diurna code`: a stream of articles coded, written out, stored, and what was skipped on the way."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from diurna.errors import SkipItem, StopRun, TableError
from diurna.exports.writers import Writer, open_writer, screen
from diurna.ledger.store import BATCH, Ledger
from diurna.records import Article, Result

if TYPE_CHECKING:
    from rich.progress import TaskID

_SHOWN = 20


class CodesArticles(Protocol):
    """What this module needs of a `diurna.Coder`; it may not import one, for that would load spaCy."""

    def pipe(self, articles: Iterable[Article]) -> Iterator[Result | SkipItem]:
        """Code a stream of articles in order."""


@dataclass(slots=True)
class Tally:
    """What a run did. `undated` counts articles without a usable publication day; `stored` the events new to the ledger."""

    articles: int = 0
    events: int = 0
    undated: int = 0
    stored: int = 0
    skipped: list[SkipItem] = field(default_factory=list)

    def skip(self, item: SkipItem) -> None:
        """Keep a skipped item, and say so on standard error for the first few."""
        self.skipped.append(item)
        if len(self.skipped) <= _SHOWN:
            _say(f"skipped {item}")
        elif len(self.skipped) == _SHOWN + 1:
            _say("… more skipped; list them all with --skipped FILE")

    def summary(self) -> str:
        """Return one line for a person at a terminal."""
        line = f"{self.articles} reports coded, {self.events} events, {len(self.skipped)} skipped"
        if self.undated:
            line += f"; {self.undated} without a date (give --published, or relative days stay unknown)"
        return line


def run(
    items: Iterable[Article | SkipItem], coder: CodesArticles, kind: str, output: Path | None = None, ledger: Path | None = None
) -> Tally:
    """Code all items, write their events, store them, and return the tally.

    Args:
        items: from `diurna.intake.read_articles`.
        coder: a `diurna.Coder`.
        kind: one of `diurna.exports.writers.FORMATS`.
        output: file to write; standard output when None.
        ledger: file of the ledger; nothing is stored when None.

    Raises:
        StopRun: the output or the ledger cannot be used.
    """
    tally = Tally()
    console = screen()
    with ExitStack() as stack:
        store = stack.enter_context(Ledger(ledger)) if ledger else None
        writer = stack.enter_context(open_writer(kind, output, console))
        counter = stack.enter_context(_progress(kind, output, console))
        _code(items, coder, writer, store, tally, counter)
    return tally


def say_problems(problems: Sequence[TableError]) -> None:
    """Print what could not be used in the user's own actors, the first few in full; the rest of the file counts."""
    for problem in problems[:_SHOWN]:
        _say(f"actors {problem}")
    if len(problems) > _SHOWN:
        _say(f"actors: {len(problems) - _SHOWN} more problems; list them all with `diurna actors check FILE`")


def write_skipped(items: Iterable[SkipItem], path: Path) -> None:
    """Write skipped items as JSON Lines with `source` and `reason`.

    Raises:
        StopRun: the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as stream:
            for item in items:
                stream.write(json.dumps({"source": item.source, "reason": item.reason}, ensure_ascii=False) + "\n")
    except OSError as error:
        raise StopRun(f"{path}: cannot be written ({error.strerror}); check folder and permissions") from error


def _code(
    items: Iterable[Article | SkipItem],
    coder: CodesArticles,
    writer: Writer,
    store: Ledger | None,
    tally: Tally,
    counter: _Counter,
) -> None:
    pending: list[Result] = []
    for found in coder.pipe(_articles(items, tally)):
        if isinstance(found, SkipItem):
            tally.skip(found)
            continue
        _count(found, tally)
        writer.write(found)
        counter.show(tally)
        if store is not None:
            pending.append(found)
            if len(pending) >= BATCH:
                _store(store, pending, tally)
                pending = []
    if store is not None:
        _store(store, pending, tally)
        store.add_skipped(tally.skipped)


def _articles(items: Iterable[Article | SkipItem], tally: Tally) -> Iterator[Article]:
    """Yield the articles only; what intake refused is kept in the tally."""
    for item in items:
        if isinstance(item, SkipItem):
            tally.skip(item)
        else:
            yield item


def _store(store: Ledger, results: list[Result], tally: Tally) -> None:
    added = store.add(results)
    tally.stored += added.events
    for item in added.refused:
        tally.skip(item)


def _count(result: Result, tally: Tally) -> None:
    tally.articles += 1
    tally.events += len(result.events)
    tally.undated += not result.article.published
    for remark in dict.fromkeys((*result.article.remarks, *result.notes)):
        _say(f"note {result.article.source_file or result.article.id}: {remark}")


def _say(line: str) -> None:
    """Print a line on standard error; odd characters of file names must not stop a run."""
    print("".join(char if char.isprintable() else "?" for char in line), file=sys.stderr)


@dataclass(slots=True)
class _Counter:
    progress: Progress
    task: TaskID

    def show(self, tally: Tally) -> None:
        self.progress.update(self.task, description=f"{tally.articles} reports, {tally.events} events")


@contextmanager
def _progress(kind: str, output: Path | None, console: Console) -> Iterator[_Counter]:
    """Show a bar on a terminal; none in a pipe, and none where lines of data scroll by on the same screen."""
    scrolling = output is None and sys.stdout.isatty()
    shown = sys.stderr.isatty() and (not scrolling or kind == "table")
    where = console if scrolling else Console(stderr=True)
    columns = (TextColumn("coding"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=where, transient=True, disable=not shown) as progress:
        yield _Counter(progress, progress.add_task("starting", total=None))
