"""The work behind `diurna code`: a stream of articles coded, written out, stored, and what was skipped on the way."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from diurna.batch.output import Output, open_output
from diurna.errors import SkipItem, StopRun, TableError
from diurna.exports.writers import screen
from diurna.records import Article, Result, Versions

if TYPE_CHECKING:
    from rich.progress import TaskID

    from diurna.ledger import Ledger

_SHOWN = 20
_BATCH = 1024  # articles in one transaction
_COMMIT_SECONDS = 5.0
_AHEAD = 64  # articles looked up in the ledger at once, before the first of them is coded


class CodesArticles(Protocol):
    """What this module needs of a coder; it may not import one, for that would load spaCy."""

    @property
    def versions(self) -> Versions:
        """What codes the texts."""

    def stop(self) -> None:
        """Take no further articles."""

    def pipe(self, articles: Iterable[Article]) -> Iterator[Result | SkipItem]:
        """Code a stream of articles in order."""


@dataclass(frozen=True, slots=True)
class Job:
    """Where the results of a run go, and how.

    kind: one of `diurna.exports.writers.FORMATS`. output: file; standard output when None. ledger: file of the ledger; nothing
    is stored when None. resume: leave out what output or ledger already hold. thresholds: settings besides the versions that
    decide what is written. expected: says how many reports are to come, for the bar; None where nobody knows.
    """

    kind: str
    output: Path | None = None
    ledger: Path | None = None
    resume: bool = False
    thresholds: Mapping[str, object] = field(default_factory=dict)
    expected: Callable[[], int | None] = lambda: None


@dataclass(slots=True)
class Tally:
    """What a run did.

    undated: articles without a usable publication day. stored: events new to the ledger. before: articles that a former run,
    now gone on with, had done. stopped: whether somebody asked to stop before the end.
    """

    articles: int = 0
    events: int = 0
    undated: int = 0
    stored: int = 0
    before: int = 0
    stopped: bool = False
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


def run(items: Iterable[Article | SkipItem], coder: CodesArticles, job: Job) -> Tally:
    """Code all items, write their events, store them, and return the tally.

    Args:
        items: from `diurna.intake.read_articles`.
        coder: a `diurna.batch` pool or solo coder.
        job: where results go.

    Raises:
        StopRun: the output or the ledger cannot be used.
    """
    tally = Tally()
    console = screen()
    head = {"run": coder.versions.id, **job.thresholds}
    with ExitStack() as stack:
        store = stack.enter_context(_opened(job.ledger)) if job.ledger else None
        output = stack.enter_context(open_output(job.kind, job.output, head, job.resume, console))
        counter = stack.enter_context(_progress(job, console))
        _recall(output, tally)
        stack.enter_context(_finish_on_signal(coder, tally))
        fresh = _fresh(_articles(items, tally), output, store if job.resume and not job.output else None, coder.versions.id)
        _code(fresh, coder, output, store, tally, counter)
        output.whole = not tally.stopped
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
    articles: Iterable[Article], coder: CodesArticles, output: Output, store: Ledger | None, tally: Tally, counter: _Counter
) -> None:
    pending: list[Result] = []
    since, noted = time.monotonic(), 0
    for item in coder.pipe(articles):
        found = item if store is None else _storable(item, pending, store)
        if isinstance(found, SkipItem):
            tally.skip(found)
            output.skip(found)
        else:
            _count(found, tally)
            output.write(found)
            pending.append(found)
        counter.show(tally)
        if len(pending) >= _BATCH or time.monotonic() - since > _COMMIT_SECONDS:
            noted = _commit(pending, output, store, tally, noted)
            pending, since = [], time.monotonic()
    _commit(pending, output, store, tally, noted)


def _storable(found: Result | SkipItem, pending: Sequence[Result], store: Ledger) -> Result | SkipItem:
    """Refuse a result that the ledger could not store, so that the file does not hold it either."""
    from diurna.ledger.store import other_text

    if isinstance(found, SkipItem):
        return found
    article = found.article
    other = any(item.article.id == article.id and item.article.text != article.text for item in pending)
    return other_text(article) if other or store.other_texts({article.id: article.text}) else found


def _opened(path: Path) -> Ledger:
    from diurna.ledger import Ledger

    return Ledger(path)


def _commit(pending: list[Result], output: Output, store: Ledger | None, tally: Tally, noted: int) -> int:
    """Store, then record as written: a run killed in between stores again what the ledger already has, which adds nothing."""
    if store is not None:
        _store(store, pending, tally)
        store.add_skipped(tally.skipped[noted:])
    output.commit()
    return len(tally.skipped)


def _recall(output: Output, tally: Tally) -> None:
    """Count what a former run had skipped, so that the list of skipped items is whole."""
    if output.journal is not None:
        tally.before = output.journal.done.total()
        for item in output.journal.skipped:
            tally.skip(item)


def _fresh(articles: Iterable[Article], output: Output, store: Ledger | None, run_id: str) -> Iterator[Article]:
    """Leave out what the output, or the ledger where there is no file to write, already holds."""
    todo = (article for article in articles if not output.covers(article))
    if store is None:
        yield from todo
        return
    while batch := list(islice(todo, _AHEAD)):
        coded = store.coded({article.id for article in batch}, run_id)
        yield from (article for article in batch if article.id not in coded)


@contextmanager
def _finish_on_signal(coder: CodesArticles, tally: Tally) -> Iterator[None]:
    """Let Ctrl-C (or SIGTERM) finish what is in hand; a second one ends at once. Only the main thread may ask for this."""

    def finish(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.default_int_handler)
        tally.stopped = True
        coder.stop()
        _say("finishing the reports in hand; press Ctrl-C again to stop at once")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, finish) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
        done = tally.articles + len(tally.skipped)
        words = f"{tally.articles} reports, {tally.events} events"
        self.progress.update(self.task, completed=tally.before + done, description=words)


class _Rate(ProgressColumn):
    """Reports a second, over the last while."""

    def render(self, task: Task) -> Text:
        """Return the rate of a task."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


@contextmanager
def _progress(job: Job, console: Console) -> Iterator[_Counter]:
    """Show a bar on a terminal; none in a pipe, and none where lines of data scroll by on the same screen."""
    scrolling = job.output is None and sys.stdout.isatty()
    shown = sys.stderr.isatty() and (not scrolling or job.kind == "table")
    where = console if scrolling else Console(stderr=True)
    done = (TextColumn("coding"), BarColumn(), TextColumn("{task.description}"), _Rate(), TimeElapsedColumn())
    with Progress(
        *done,
        TextColumn("left"),
        TimeRemainingColumn(),
        console=where,
        transient=True,
        disable=not shown,
        speed_estimate_period=120,
    ) as progress:
        yield _Counter(progress, progress.add_task("starting", total=job.expected() if shown else None))
