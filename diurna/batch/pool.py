"""Worker processes that code a stream of articles, in input order or as they come, and survive the death of any of them.

Every worker has a pipe of its own (a shared queue is left locked for ever by a worker that dies at the wrong moment) and
never holds more than one small task, so that memory stays bounded and a dead worker costs little.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from diurna.batch.worker import ONE_THREAD, serve
from diurna.errors import DiurnaError, SkipItem, StopRun
from diurna.records import Article, Result, Versions
from diurna.settings import Settings

TRIES = 2
_TASK_ARTICLES = 8
_TASK_CHARS = 24_000
_AHEAD = 32  # articles a worker that may be coded before the one whose turn it is to be written
_GRACE = 5.0  # seconds beyond the bound of an article until a worker that does not hear its alarm is ended
_LOADING = 300.0  # seconds a worker may take to load

Numbered = tuple[int, Article]
Serves = Callable[[Connection, Settings], None]


@dataclass(slots=True, eq=False)
class _Worker:
    """A process with its pipe, the articles it has in hand, and since when it owes the next answer."""

    process: BaseProcess
    pipe: Connection
    task: deque[Numbered] = field(default_factory=deque)
    since: float = field(default_factory=time.monotonic)
    ready: bool = False


class Pool:
    """Codes streams of articles in several processes; a context manager.

    Args:
        settings: for every worker's coder; `article_seconds` bounds an article.
        workers: how many processes.
        ordered: whether results come in the order of the articles, or as they are ready.
        serves: what runs in each process.

    Raises:
        StopRun: a worker cannot load its coder.
    """

    def __init__(self, settings: Settings, workers: int, ordered: bool = True, serves: Serves = serve) -> None:
        self.settings, self.ordered, self.count, self.serves = settings, ordered, workers, serves
        self.workers: list[_Worker] = []
        self._versions: Versions | None = None
        self._stopping = False
        self._context = mp.get_context("spawn")

    def __enter__(self) -> Self:
        self.workers = [self._start() for _ in range(self.count)]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self.workers:
            worker.pipe.close()
        for worker in self.workers:
            worker.process.join(0.5 if kind is None else 0)
            _end(worker.process)
        self.workers = []

    @property
    def versions(self) -> Versions:
        """What codes the texts; waits until a worker has loaded."""
        while self._versions is None:
            self._hear(_LOADING)
        return self._versions

    def stop(self) -> None:
        """Take no further articles; what is in hand is finished and comes out of `pipe`."""
        self._stopping = True

    def pipe(self, articles: Iterable[Article]) -> Iterator[Result | SkipItem]:
        """Code a stream of articles; one that cannot be coded, or twice ends or hangs its worker, comes as a `SkipItem`."""
        run = _Run(iter(enumerate(articles)), self.ordered)
        while True:
            self._hand_out(run)
            if not any(worker.task for worker in self.workers) and not run.waiting:
                break
            for number, answer in self._hear(1.0, run):
                run.answers[number] = answer
            yield from run.due()

    def _hand_out(self, run: _Run) -> None:
        for worker in self.workers:
            if worker.ready and not worker.task:
                # After a stop only what failed once and waits for its second try is handed out.
                task = run.next_task(_AHEAD * self.count, not self._stopping)
                if task:
                    self._give(worker, task)
        if not any(worker.task for worker in self.workers) and not any(worker.ready for worker in self.workers):
            self._hear(_LOADING)
            self._hand_out(run)

    def _give(self, worker: _Worker, task: list[Numbered]) -> None:
        worker.task, worker.since = deque(task), time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):  # it died idle; `_hear` sees that, and the task is given again
            worker.pipe.send([article for _, article in task])

    def _hear(self, seconds: float, run: _Run | None = None) -> list[tuple[int, Result | SkipItem]]:
        """Wait for messages; return the answers that came, and replace workers that died or hang."""
        answers: list[tuple[int, Result | SkipItem]] = []
        ready = wait([worker.pipe for worker in self.workers], timeout=seconds)
        for worker in list(self.workers):
            if worker.pipe in ready:
                try:
                    message = worker.pipe.recv()
                except Exception:  # end of file, or the torn half of a message of whatever kind
                    answers += self._bury(worker, "", run)
                    continue
                answers += self._take(worker, message)
            elif self._overdue(worker):
                answers += self._bury(worker, "hung", run)
        return answers

    def _take(self, worker: _Worker, message: object) -> list[tuple[int, Result | SkipItem]]:
        worker.since = time.monotonic()
        if isinstance(message, Result | SkipItem):
            return [(worker.task.popleft()[0], message)]
        if isinstance(message, Versions):
            worker.ready, self._versions = True, message
            return []
        raise message if isinstance(message, DiurnaError) else StopRun(f"a worker sent {message!r}")

    def _overdue(self, worker: _Worker) -> bool:
        waited = time.monotonic() - worker.since
        if not worker.ready:
            return waited > _LOADING
        limit = self.settings.article_seconds
        return bool(worker.task) and limit > 0 and waited > limit + _GRACE

    def _bury(self, worker: _Worker, how: str, run: _Run | None) -> list[tuple[int, Result | SkipItem]]:
        """End a worker, start another in its place, and see to the articles it had in hand."""
        worker.pipe.close()
        if not how:
            worker.process.join(_GRACE)
        _end(worker.process)
        how = how or f"ended with status {worker.process.exitcode}"
        if not worker.ready:
            raise StopRun(f"a worker {how} while it loaded; is there enough memory for {self.count} of them? try --workers 1")
        self.workers[self.workers.index(worker)] = self._start()
        return run.failed(list(worker.task), how) if run is not None and worker.task else []

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=self.serves, args=(theirs, self.settings), daemon=True)
        with _environment(ONE_THREAD):  # read when the libraries load, so it must be set before the process starts
            process.start()
        theirs.close()
        return _Worker(process, ours)


class _Run:
    """The state of one stream: what is still to be read, what waits for a second try, what is done but not yet due."""

    def __init__(self, feed: Iterator[Numbered], ordered: bool) -> None:
        self.feed, self.ordered = feed, ordered
        self.waiting: deque[list[Numbered]] = deque()
        self.answers: dict[int, Result | SkipItem] = {}
        self.tries: Counter[int] = Counter()
        self.next_due = 0
        self.next_read = 0

    def next_task(self, window: int, reading: bool) -> list[Numbered]:
        """Return the articles for one idle worker; none when all are out or too many wait for their turn."""
        if self.waiting:
            return self.waiting.popleft()
        task: list[Numbered] = []
        chars = 0
        while reading and len(task) < _TASK_ARTICLES and chars < _TASK_CHARS and len(self.answers) < window:
            found = next(self.feed, None)
            if found is None:
                break
            task.append(found)
            chars += len(found[1].text)
        return task

    def failed(self, task: list[Numbered], how: str) -> list[tuple[int, Result | SkipItem]]:
        """Set the first article of a dead worker's task aside at its second failure, else let it be tried again, alone."""
        (number, article), rest = task[0], task[1:]
        self.tries[number] += 1
        if rest:
            self.waiting.append(rest)
        if self.tries[number] < TRIES:
            self.waiting.append([(number, article)])
            return []
        source = article.source_file or article.id
        return [(number, SkipItem(source, f"its worker {how} {TRIES} times; set aside (please report this text)", article.key))]

    def due(self) -> Iterator[Result | SkipItem]:
        """Yield the answers whose turn it is."""
        if not self.ordered:
            for number in list(self.answers):
                yield self.answers.pop(number)
        while self.next_due in self.answers:
            yield self.answers.pop(self.next_due)
            self.next_due += 1


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end(process: BaseProcess) -> None:
    if process.is_alive():
        process.terminate()
        process.join(1)
    if process.is_alive():
        process.kill()
        process.join()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
