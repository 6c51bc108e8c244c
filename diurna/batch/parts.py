"""The stateless worker of a cluster: one input file in, one part of an archive out, whole or absent.

The texts are coded by a pool of one process, as on one machine, so that a text that kills or hangs its coder is tried twice,
set aside and listed, while the cluster's own worker lives on. What is known of a file lies in the archive alone: a worker that is
killed leaves nothing that counts, and coding the file again gives the same part.
"""

from __future__ import annotations

import atexit
import hashlib
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from multiprocessing import current_process
from pathlib import Path

import fsspec
import pyarrow.parquet as pq

from diurna.batch.pool import Pool, Serves
from diurna.batch.worker import serve
from diurna.errors import SkipItem, StopRun
from diurna.intake.items import Intake
from diurna.intake.sources import read_articles
from diurna.ledger import current
from diurna.ledger.archive import TABLES, Archive, Commit, Stored
from diurna.ledger.store import BATCH, tables_of
from diurna.ledger.upkeep import stored
from diurna.records import Article, Result
from diurna.settings import Settings

_PIECE = 1 << 20
_LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Task:
    """What one call of `code_file` needs to know.

    source: path or address of the input file. archive: address of the folder the part goes to. intake: how to read.
    serves: what runs in the coding process.
    """

    source: str
    archive: str
    settings: Settings = field(default_factory=Settings)
    intake: Intake = field(default_factory=Intake)
    serves: Serves = serve


def code_file(task: Task) -> Commit:
    """Code one input file into a part of an archive, unless it is there already; return its commit.

    Raises:
        StopRun: the coder cannot load, the archive was begun by other versions or settings, or cannot be written.
    """
    try:
        with _fetched(task.source) as (file, part):
            return _code(task, file, part)
    except OSError as error:
        why = f"cannot be read ({error.strerror or error}); check the file and its permissions"
        return Commit("", task.source, skipped=((task.source, why),))


def _code(task: Task, file: Path, part: str) -> Commit:
    archive, pool = Archive(task.archive), pool_here(task.settings, task.serves)
    try:
        archive.claim(_head(task, pool))
        if done := archive.committed(part):
            return done
        with tempfile.TemporaryDirectory() as folder:
            made = _Part(Path(folder), part)
            items = _named(read_articles([file], task.intake), str(file), task.source)
            made.fill(pool.pipe(made.articles(items)))
            for item in made.files():
                archive.put(Path(folder) / item.path, item.path)
            skipped = tuple((item.source, item.reason) for item in made.skipped)
            done = Commit(part, task.source, made.count, made.events, skipped, tuple(made.files()))
        archive.commit(done)
    except BaseException:
        _forget_pool()  # it may have texts of this file in hand
        raise
    return done


def _head(task: Task, pool: Pool) -> Mapping[str, object]:
    thresholds = {"min_confidence": task.settings.min_confidence, "max_chars": task.settings.max_chars}
    reading = {"columns": asdict(task.intake.columns), "published": task.intake.published}
    versions = pool.versions
    return {"layout": _LAYOUT, "run_id": versions.id, "versions": asdict(versions), "thresholds": thresholds, "reading": reading}


class _Part:
    """The files of one part in the making: one for each table and year of the reports, written as the results come."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.count = self.events = 0
        self.skipped: list[SkipItem] = []
        self._seen: dict[str, str] = {}
        self._writers: dict[tuple[str, str], pq.ParquetWriter] = {}
        self._stored: list[Stored] | None = None

    def articles(self, items: Iterable[Article | SkipItem]) -> Iterator[Article]:
        """Yield each article once; the rest of the items is listed."""
        for item in items:
            if isinstance(item, SkipItem):
                self.skipped.append(item)
            elif item.id not in self._seen:
                self._seen[item.id] = item.key
                yield item
            elif self._seen[item.id] != item.key:
                reason = f"the id {item.id} already stands for another text in this file; give this one another id"
                self.skipped.append(SkipItem(item.source_file, reason))

    def fill(self, results: Iterable[Result | SkipItem]) -> None:
        """Write all results."""
        pending: list[Result] = []
        for found in results:
            if isinstance(found, SkipItem):
                self.skipped.append(found)
                continue
            pending.append(found)
            if len(pending) >= BATCH:
                self._write(pending)
                pending = []
        self._write(pending)
        for writer in self._writers.values():
            writer.close()

    def files(self) -> list[Stored]:
        """Return what was written; to be asked when all is."""
        if self._stored is None:
            self._stored = [stored(self.folder, table, self._path(table, year)) for table, year in sorted(self._writers)]
        return self._stored

    def _write(self, results: list[Result]) -> None:
        for year, group in groupby(sorted(results, key=_year), key=_year):
            found = list(group)
            tables = tables_of(found, found)
            rows = {name: getattr(tables, name) for name in TABLES if name != "current_events"}
            rows["current_events"] = current.flat(tables.events, tables.articles)
            for name, table in rows.items():
                if table.num_rows:
                    self._writer(name, year, table.schema).write_table(table)
        self.count += len(results)
        self.events += sum(len(result.events) for result in results)

    def _writer(self, table: str, year: str, schema: object) -> pq.ParquetWriter:
        if (table, year) not in self._writers:
            path = self.folder / self._path(table, year)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[table, year] = pq.ParquetWriter(path, schema, compression="zstd")
        return self._writers[table, year]

    def _path(self, table: str, year: str) -> str:
        return f"{table}/year={year}/{self.name}.parquet"


def _year(result: Result) -> str:
    return result.article.published[:4] or "unknown"


@contextmanager
def _fetched(source: str) -> Iterator[tuple[Path, str]]:
    """Give a file on this machine with the bytes of the source, and the name of its part: the hash of those bytes."""
    fs, path = fsspec.core.url_to_fs(source)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(path)
        if "file" not in (fs.protocol if isinstance(fs.protocol, tuple) else (fs.protocol,)):
            file = Path(folder) / file.name
            fs.get_file(path, str(file))
        made = hashlib.sha256()
        with file.open("rb") as stream:
            for piece in iter(lambda: stream.read(_PIECE), b""):
                made.update(piece)
        yield file, made.hexdigest()[:32]


def _named(items: Iterable[Article | SkipItem], file: str, source: str) -> Iterator[Article | SkipItem]:
    """Let everything bear the address it came from, and not the name of a copy."""
    for item in items:
        if isinstance(item, SkipItem):
            yield SkipItem(item.source.replace(file, source, 1), item.reason, item.article)
        else:
            yield replace(item, source_file=item.source_file.replace(file, source, 1))


_held = threading.local()


def pool_here(settings: Settings, serves: Serves) -> Pool:
    """Return this thread's pool of one coding process, loaded once for all files that come with the same settings."""
    if getattr(_held, "key", None) != (settings, serves):
        _forget_pool()
        if current_process().daemon:
            raise StopRun("workers must be able to start a process: set DASK_DISTRIBUTED__WORKER__DAEMON=False where they start")
        _held.pool = Pool(settings, 1, serves=serves).__enter__()
        _held.key = (settings, serves)
        atexit.register(_held.pool.__exit__, None, None, None)
    pool: Pool = _held.pool
    return pool


def _forget_pool() -> None:
    pool: Pool | None = getattr(_held, "pool", None)
    _held.key = _held.pool = None
    if pool is not None:
        pool.__exit__(StopRun, None, None)
