"""One ledger: a DuckDB file that only ever grows. Articles, what each run of versions coded from them, and what was skipped.

Every batch is one transaction, so that a killed process leaves whole batches or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from diurna.errors import SkipItem, StopRun
from diurna.ledger import archive, columns, corrected, current, layout
from diurna.ledger.questions import Questions
from diurna.ledger.schema import NEWEST, check_version, migrate
from diurna.records import Article, Result

Config = dict[str, str | bool | int | float | list[str]]

BATCH = 1024
# DuckDB's own bound of 16 MB is reached by each bulk of rows, and at each it would write groups of rows anew.
_WRITING: Config = {"wal_autocheckpoint": "256MB"}
_DUCKDB = b"DUCK"  # from the ninth byte on
IN_USE = "is using this ledger"


@dataclass(slots=True)
class Added:
    """What a call added to the ledger; `refused` holds results that the ledger cannot keep."""

    articles: int = 0
    codings: int = 0
    events: int = 0
    quotes: int = 0
    refused: tuple[SkipItem, ...] = ()

    def __iadd__(self, other: Added) -> Self:
        self.articles += other.articles
        self.codings += other.codings
        self.events += other.events
        self.quotes += other.quotes
        self.refused += other.refused
        return self


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows for a ledger, each table of the schema of its name in `layout`."""

    articles: pa.Table
    versions: pa.Table
    codings: pa.Table
    events: pa.Table
    quotes: pa.Table = field(default_factory=layout.QUOTES.empty_table)
    threads: pa.Table = field(default_factory=layout.THREADS.empty_table)


class Ledger(Questions):
    """An open ledger; also a context manager.

    Args:
        path: the file; made on first use unless `read_only`. The folder of an archive can be opened too, to read.
        read_only: open beside other readers, and change nothing.
        config: settings of DuckDB for as long as the file is open, such as those that `diurna sql` locks.

    Raises:
        StopRun: no such file, no ledger, made by a newer Diurna, or another program is writing to it.
    """

    def __init__(self, path: str | Path, read_only: bool = False, config: Config | None = None) -> None:
        self.path = Path(path)
        self.con = _connect(self.path, read_only, config or {})
        try:
            if read_only:
                self.summed = archive.has_sums(self.con)
                if check_version(self.con, str(path)) < NEWEST:
                    raise StopRun(f"{path}: made by an older Diurna; open it once for writing: diurna code … --ledger {path}")
            else:
                migrate(self.con, str(path))
            tables = {name for (name,) in self.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
            self.indexed, self.numbered = "key_rows" in tables, "current_events" in tables
        except BaseException:
            self.con.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left and let go of the file."""
        self.con.close()

    def another(self) -> Self:
        """Return a further connection to the same open file, for another thread; closing it leaves this one open."""
        twin = object.__new__(type(self))
        twin.path, twin.con, twin.indexed, twin.numbered = self.path, self.con.cursor(), self.indexed, self.numbered
        return twin

    def add(self, results: Iterable[Result]) -> Added:
        """Store results, batch by batch, and return what was new; the same article coded by the same versions adds nothing."""
        added = Added()
        batch: list[Result] = []
        for result in results:
            batch.append(result)
            if len(batch) >= BATCH:
                added += self._add_batch(batch)
                batch = []
        if batch:
            added += self._add_batch(batch)
        return added

    def add_skipped(self, items: Iterable[SkipItem]) -> None:
        """Store what could not be coded; the same remark on the same source is kept once."""
        rows = [{"source": item.source, "reason": item.reason} for item in items]
        self._insert("skipped", layout.table(rows, layout.SKIPPED), ignore=True)

    def unlisted(self, items: Iterable[SkipItem]) -> list[SkipItem]:
        """Return those items that are not stored as skipped yet, each once."""
        fresh = {(item.source, item.reason): item for item in items}
        query = "SELECT source, reason FROM skipped WHERE source IN (SELECT unnest(?))"
        known = self.con.execute(query, [sorted({source for source, _ in fresh})]).fetchall() if fresh else []
        return [item for key, item in fresh.items() if key not in known]

    def coded(self, ids: set[str], run_id: str) -> set[str]:
        """Return which of these articles were already coded by a run."""
        return {article for article, run in self._coded(ids) if run == run_id}

    def other_texts(self, texts: dict[str, str]) -> set[str]:
        """Return those ids, of texts by id, under which the ledger holds another text."""
        return {name for name, text in self._texts(set(texts)).items() if text != texts[name]}

    def _add_batch(self, batch: Sequence[Result]) -> Added:
        texts = self._texts({result.article.id for result in batch})
        coded = self._coded({result.article.id for result in batch})
        new: list[Result] = []
        refused: list[SkipItem] = []
        fresh: dict[str, Result] = {}
        seen: set[tuple[str, str]] = set()
        for result, run in zip(batch, _run_ids(batch), strict=True):
            article = result.article
            key = (article.id, run)
            if texts.setdefault(article.id, article.text) != article.text:
                refused.append(other_text(article))
            elif key not in coded | seen:
                seen.add(key)
                new.append(result)
                fresh.setdefault(article.id, result)
        articles = len(set(fresh) - set(self._texts(set(fresh))))
        if new:
            self._write(tables_of(new, fresh.values()), sorted({key for key, _ in coded} & set(fresh)))
        events, quotes = sum(len(result.events) for result in new), sum(len(result.quotes) for result in new)
        return Added(articles, len(new), events, quotes, tuple(refused))

    def add_tables(self, tables: Tables) -> None:
        """Store whole tables of rows in one transaction; for imports of millions of rows, where records would be slow.

        Raises:
            StopRun: an article has been coded by these versions before; nothing is stored then.
        """
        ids = pc.unique(tables.codings["article_id"])
        try:
            self._write(tables, sorted({key for key, _ in self._coded(set(ids.to_pylist()))}))
        except duckdb.ConstraintException as error:
            raise StopRun(f"{self.path}: holds some of these rows already; nothing was added") from error

    def _write(self, tables: Tables, recoded: list[str]) -> None:
        with self.transaction():
            self._insert("articles", tables.articles, ignore=True)
            self._insert("versions", tables.versions, ignore=True)
            self._insert("codings", tables.codings)
            self._insert("events", tables.events)
            self._insert("quotes", tables.quotes, f", {current.fold('text')} AS told")
            self._insert("threads", tables.threads)
            with self._registered("incoming", tables.events), self._registered("incoming_articles", tables.articles):
                if recoded or tables.versions.num_rows > 1:
                    newest = current.newest_of("SELECT article_id FROM incoming")
                    current.put(
                        self.con, f"(SELECT incoming.* FROM incoming JOIN ({newest}) USING (article_id, run_id))", recoded
                    )
                else:
                    current.put_first(self.con, "incoming", "incoming_articles")
            corrected.refresh(self.con, recoded)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside is kept, or none of it.

        Raises:
            StopRun: the disk is full or fails.
        """
        self.con.execute("BEGIN")
        try:
            yield
            self.con.execute("COMMIT")
        except BaseException as error:
            with suppress(duckdb.Error):  # a disk that failed has ended the transaction already
                self.con.execute("ROLLBACK")
            if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.TransactionException):
                why = str(error).splitlines()[0][:160]
                raise StopRun(f"{self.path}: cannot be written ({why}); check space; what was stored before is safe") from error
            raise

    def _insert(self, name: str, rows: pa.Table, added: str = "", ignore: bool = False) -> None:
        """Insert rows as one Arrow batch: row-by-row inserts are hundreds of times slower in a column store.

        Args:
            name: the table.
            rows: its rows.
            added: SQL of further columns.
            ignore: leave out rows that are there already.
        """
        if rows.num_rows:
            with self._registered("incoming", rows):
                self.con.execute(f"INSERT {'OR IGNORE ' if ignore else ''}INTO {name} BY NAME SELECT *{added} FROM incoming")

    @contextmanager
    def _registered(self, name: str, rows: pa.Table) -> Iterator[None]:
        self.con.register(name, rows)
        try:
            yield
        finally:
            # After an error the transaction must be rolled back first; the next rows of this name take the place of these.
            with suppress(duckdb.TransactionException):
                self.con.unregister(name)

    def _texts(self, ids: set[str]) -> dict[str, str]:
        query = "SELECT article_id, text FROM articles WHERE article_id IN (SELECT unnest(?))"
        return {row[0]: row[1] for row in self.con.execute(query, [sorted(ids)]).fetchall()}

    def _coded(self, ids: set[str]) -> set[tuple[str, str]]:
        query = "SELECT article_id, run_id FROM codings WHERE article_id IN (SELECT unnest(?))"
        return {(row[0], row[1]) for row in self.con.execute(query, [sorted(ids)]).fetchall()}


def other_text(article: Article) -> SkipItem:
    """Return why an article whose id the ledger holds with another text cannot be stored."""
    reason = f"the id {article.id} already stands for another text in this ledger; give this one another id"
    return SkipItem(article.source_file or article.id, reason, article.key)


def tables_of(new: Sequence[Result], fresh: Iterable[Result]) -> Tables:
    """Return results as rows: all that was coded in `new`, and the articles of `fresh`."""
    runs = _run_ids(new)
    coded = list(zip(new, runs, strict=True))
    versions = dict(zip(runs, (result.versions for result in new), strict=True))
    return Tables(
        articles=layout.table([layout.article_row(result.article) for result in fresh], layout.ARTICLES),
        versions=layout.table([layout.versions_row(item) for item in versions.values()], layout.VERSIONS),
        codings=layout.table([_coding_row(result, run) for result, run in coded], layout.CODINGS),
        events=columns.of_events([e for result in new for e in result.events], [run for r, run in coded for _ in r.events]),
        quotes=layout.table([layout.quote_row(q, run) for r, run in coded for q in r.quotes], layout.QUOTES),
        threads=layout.table([layout.thread_row(t, r.article.id, run) for r, run in coded for t in r.threads], layout.THREADS),
    )


def _run_ids(results: Sequence[Result]) -> list[str]:
    """Return the run of each result; its id is worked out once for all results of the same versions."""
    known = {versions: versions.id for versions in {result.versions for result in results}}
    return [known[result.versions] for result in results]


def _coding_row(result: Result, run: str) -> layout.Row:
    boilerplate = [{"start": start, "end": end} for start, end in result.boilerplate]
    return {
        "run_id": run,
        "article_id": result.article.id,
        "boilerplate": boilerplate,
        "notes": list(result.notes),
    }


def _connect(path: Path, read_only: bool, config: Config) -> duckdb.DuckDBPyConnection:
    if path.is_dir():
        return _through(path, read_only, config)
    if read_only and not path.is_file():
        raise StopRun(f"{path}: no such ledger; make one: diurna code REPORT.txt --ledger {path}")
    if not path.parent.is_dir():
        raise StopRun(f"{path}: no folder {path.parent}; make it first")
    if _is_foreign(path):
        # DuckDB would take it for data to look at, and open a database in memory that is lost at the end.
        raise StopRun(
            f"{path} is not a ledger; name another file, or code its reports into one: diurna code {path} --ledger diurna.duckdb"
        )
    try:
        return duckdb.connect(str(path), read_only=read_only, config=config if read_only else {**_WRITING, **config})
    except duckdb.Error as error:
        raise StopRun(_why_not_opened(path, str(error))) from error


def _is_foreign(path: Path) -> bool:
    """Tell whether a file holds something, and that is no database of DuckDB."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as stream:
                head = stream.read(12)
            return bool(head) and head[8:] != _DUCKDB
    return False


def _through(path: Path, read_only: bool, config: Config) -> duckdb.DuckDBPyConnection:
    """Return an empty ledger in memory that shows the rows of an archive."""
    if not read_only:
        raise StopRun(
            f"{path}: a folder; an archive can be read only: diurna ledger merge {path} --ledger FILE makes a ledger of it"
        )
    con = duckdb.connect()
    try:
        migrate(con, str(path))
        archive.look_through(con, archive.Archive(path))
        con.execute(f"SET allowed_directories = ['{str(path.resolve()).replace(chr(39), 2 * chr(39))}/']")
        # Without external access no other setting of where files lie may be changed, so it goes last.
        for name in sorted(config, key=lambda name: name == "enable_external_access"):
            con.execute(f"SET {name} = '{config[name]}'")
    except BaseException:
        con.close()
        raise
    return con


def _why_not_opened(path: Path, message: str) -> str:
    if "lock" in message.lower():
        holder = re.search(r"PID (\d+)", message)
        who = f"another program (process {holder[1]})" if holder else "another program"
        return f"{path}: {who} {IN_USE}; wait until it ends, or read a copy of the file"
    if "permission denied" in message.lower() or "read-only file system" in message.lower():
        return f"{path}: may not be written; check the permissions of file and folder, or copy it"
    if "different configuration" in message:
        return f"{path}: this program has the ledger open in another way; close that one first"
    if "not a valid DuckDB" in message:
        return f"{path}: no ledger but some other file; name another"
    return f"{path}: cannot be opened ({message.splitlines()[0][:160]})"
